"""What a text is made of. All of it is kept while a page is open, so each part is held small."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, NamedTuple

from mimo_tui.core.text import NOTHING, Clean

STRONG: Final = 1
EMPHASIS: Final = 2
CODE: Final = 4
STRIKE: Final = 8
LINK: Final = 16
MUTED: Final = 32
COMMENT: Final = 64
KEYWORD: Final = 128
STRING: Final = 256
NUMBER: Final = 512
NAME: Final = 1024
FOUND: Final = 2048
HERE: Final = 4096
SELECTED: Final = 8192
WARNING: Final = 16384
ERROR: Final = 32768
SUCCESS: Final = 65536

BAR: Final = "▌ "
"""Stands before each line of a quotation, once for each level."""


class Link(NamedTuple):
    """A link over (start, end) of a text. Parts of one link, in the lines of a cell, have the same number."""

    start: int
    end: int
    href: Clean
    number: int


class Run(NamedTuple):
    """What the marks say of (start, end) of a text: a sum of STRONG, CODE, …"""

    start: int
    end: int
    mark: int


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text; its marks as start, end and mark one after another, in order and without overlap; its links."""

    plain: Clean
    marks: Sequence[int] = ()
    links: tuple[Link, ...] = ()


class Kind(Enum):
    """What a block is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    FENCE = "fence"
    TABLE = "table"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Place:
    """What stands before a block: `lead` before its first line, `hang` before the others.

    `gap` stands in the blank line above it; None where there is none.
    """

    lead: Clean = NOTHING
    hang: Clean = NOTHING
    gap: Clean | None = NOTHING


@dataclass(frozen=True, slots=True)
class Block:
    """A block, with the line of the source that it begins on, from 0.

    A table has its cells one after another in `text`, row by row, the heads first; `ends` says where each ends.
    `columns` has "left", "right" or "center" for each.
    """

    kind: Kind
    text: Text
    place: Place
    line: int
    level: int = 0
    language: Clean = NOTHING
    columns: tuple[str, ...] = ()
    ends: Sequence[int] = ()


def runs(text: Text, start: int, end: int) -> Iterator[Run]:
    """Give the marks between start and end, cut to that."""
    marks = text.marks
    low, high = 0, len(marks) // 3
    while low < high:
        middle = (low + high) // 2
        if marks[3 * middle + 1] <= start:
            low = middle + 1
        else:
            high = middle
    for at in range(3 * low, len(marks), 3):
        if marks[at] >= end:
            return
        yield Run(max(marks[at], start), min(marks[at + 1], end), marks[at + 2])


def links(text: Text, start: int, end: int) -> Iterator[Link]:
    """Give the links between start and end, cut to that."""
    for link in text.links:
        if link.start < end and link.end > start:
            yield link._replace(start=max(link.start, start), end=min(link.end, end))
