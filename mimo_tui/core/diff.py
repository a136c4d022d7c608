"""The difference of two texts, as lines that may be shown: cleaned, and every key in them masked."""

from collections.abc import Iterable
from dataclasses import dataclass

from mimo_tui.core.secrets import Secret, redact
from mimo_tui.core.text import Clean, clean


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of a unified diff: `mark` is `+`, `-`, a blank, or `@` for the line that says where."""

    mark: str
    text: Clean


def diff(
    before: str, after: str, secrets: Iterable[Secret] = (), *, tails: bool = False
) -> tuple[DiffLine, ...]:
    """Give the unified diff of two texts with three lines around each change; empty where nothing differs.

    `tails` as in `redact`.
    """
    if before == after:
        return ()
    from difflib import unified_diff

    known = tuple(secrets)
    lines = unified_diff(_split(before), _split(after), n=3, lineterm="")
    found: list[DiffLine] = []
    for number, line in enumerate(lines):
        # The first two lines name the files, which whoever shows the diff does better.
        if number > 1:
            text = line if line.startswith("@@") else line[1:]
            found.append(DiffLine(line[:1], shown_line(text, known, tails=tails)))
    return tuple(found)


def shown_line(line: str, secrets: Iterable[Secret], *, tails: bool = False) -> Clean:
    """Give one line of a file as it may be shown; `tails` as in `redact`."""
    return clean(redact(line, secrets, tails=tails).expandtabs(4))


def _split(text: str) -> list[str]:
    """Split at line feeds only, so that a carriage return shows as one."""
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else lines
