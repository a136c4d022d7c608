"""Help as text: what a part of the screen is for, and the keys with what they do."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from textual.content import Content, Span

from mimo_tui.tui.widgets.finding_text import MUTED, hanging

_CODE: Final = re.compile(r"`([^`]*)`")
_KEYS_WIDTH: Final = 12


@dataclass(frozen=True, slots=True)
class Key:
    """One action: the keys that lead to it, its short title, and what it does."""

    keys: str
    title: str
    tooltip: str


def help_content(texts: Iterable[str], keys: Sequence[Key], width: int) -> Content:
    """Give all of it as one text of that width. The texts are `HELP`: `##` headings, paragraphs, `-` lists."""
    parts = [_block(block, width) for text in texts for block in _blocks(text)]
    rows = [_row(key, width) for key in keys]
    return Content("\n\n").join([*parts, Content("\n").join([Content.styled("Keys", "bold"), *rows])])


def _blocks(text: str) -> Iterable[str]:
    for paragraph in text.strip().split("\n\n"):
        lines = [line.strip() for line in paragraph.splitlines()]
        if any(line.startswith("- ") for line in lines):
            yield "\n".join(lines)
        else:
            yield " ".join(lines)


def _block(block: str, width: int) -> Content:
    if block.startswith("## "):
        return Content.styled(block.removeprefix("## "), "bold $primary")
    lines = []
    for line in block.split("\n"):
        item = line.startswith("- ")
        lines.append(hanging(Content("• " if item else ""), _coded(line.removeprefix("- ")), width))
    return Content("\n").join(lines)


def _coded(text: str) -> Content:
    spans, plain, at = [], "", 0
    for match in _CODE.finditer(text):
        plain += text[at : match.start()]
        spans.append(Span(len(plain), len(plain) + len(match[1]), "bold $text-accent"))
        plain += match[1]
        at = match.end()
    return Content(plain + text[at:], spans=spans)


def _row(key: Key, width: int) -> Content:
    first = Content.styled(f"{key.keys:<{_KEYS_WIDTH}} ", "bold $text-accent")
    return hanging(first, Content.assemble(key.title, (f"  {key.tooltip}", MUTED)), width)
