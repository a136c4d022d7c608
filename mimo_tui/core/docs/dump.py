"""`llms-full.txt`: the whole documentation in one file (`mimo-api.md` §4.3)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from mimo_tui.core.text import Clean, clean

_START = re.compile(
    r"^-{3,}[ \t]*\r?\n\s{0,8}?DOCUMENT:(?P<title>[^\n]*)\n\s{0,8}?-{3,}[ \t]*\r?\n"
    r"\s{0,8}?URL:[ \t]*(?P<url>\S[^\n]*)(?:\n|\Z)",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class DumpPage:
    """A page of the dump: its title and address as they stand there, and its raw text, ending in one line end."""

    title: Clean
    url: Clean
    text: str = field(repr=False)


def split_dump(text: str) -> tuple[DumpPage, ...]:
    """Split the dump at `DOCUMENT:` between two rules and the `URL:` below; empty: it is no dump."""
    return tuple(_pages(text))


def _pages(text: str) -> Iterator[DumpPage]:
    starts = list(_START.finditer(text))
    ends = [*(start.start() for start in starts[1:]), len(text)]
    for start, end in zip(starts, ends, strict=False):
        body = text[start.end() : end].strip("\r\n")
        yield DumpPage(clean(start["title"].strip()), clean(start["url"].strip()), body + "\n")
