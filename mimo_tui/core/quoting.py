"""Text from outside as Markdown that shows it to the letter, and in which nothing of it is markup."""

import re

from mimo_tui.core.text import clean, clean_lines

_MARKUP = re.compile(r"[\\`*\[\]<>&#|~$]|(?<!\w)_|_(?!\w)")
_MENTION = re.compile(r"(@[\w-]+|#\d+)")
_BACKTICKS = re.compile(r"`+")


def inline_code(text: str) -> str:
    """Give a Markdown code span that holds exactly this line of text."""
    line = clean(text)
    if not line.strip():
        return "(nothing)"
    fence = "`" * (_longest_run(line) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def block(text: str) -> str:
    """Give a Markdown fence that holds exactly this text, which cannot close it."""
    lines = clean_lines(text)
    fence = "`" * max(3, _longest_run(lines) + 1)
    return f"{fence}text\n{lines}\n{fence}"


def sentence(text: str) -> str:
    """Give Markdown that shows one line of text as it is: no markup in it, nobody mentioned, no issue linked."""
    pieces = _MENTION.split(clean(text))
    return "".join(
        inline_code(piece) if number % 2 else _MARKUP.sub(lambda match: f"\\{match[0]}", piece)
        for number, piece in enumerate(pieces)
    )


def _longest_run(text: str) -> int:
    return max((len(run) for run in _BACKTICKS.findall(text)), default=0)
