"""A page of the documentation: MDX, read into blocks for the readers, or written as markdown for people (§4.4)."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from mimo_tui.core.docs.blocks import Block, Code, Heading, Markdown, Node, Page, Paragraph, Schema, Table
from mimo_tui.core.docs.inline import plain
from mimo_tui.core.docs.markdown import write
from mimo_tui.core.docs.mdx import parse
from mimo_tui.core.docs.parts import Fence, Label, Parameters, Part, Structure, TabEnd, TableOf, Text, Title
from mimo_tui.core.docs.schema import tree
from mimo_tui.core.text import NOTHING, Clean, clean, clean_lines

__all__ = [
    "Block",
    "Code",
    "Heading",
    "Markdown",
    "Node",
    "Page",
    "Paragraph",
    "Schema",
    "Table",
    "as_markdown",
    "read_page",
]

_UPDATED: Final = re.compile(
    r"\W{0,3}(?:(?:last\s+)?updated?(?:\s+(?:time|date|on|at))?|(?:最后|最近)?更新(?:时间|日期|于)?)[\s:：*_-]{0,9}"
    r"(?:(?P<year>\d{4})\s?[-/.年]\s?(?P<month>\d{1,2})\s?[-/.月]\s?(?P<day>\d{1,2})"
    r"|(?:(?P<before>\d{1,2})(?:st|nd|rd|th)?\s+)?(?P<name>[a-z]{3})[a-z]*\.?\s+"
    r"(?:(?P<after>\d{1,2})(?:st|nd|rd|th)?,?\s+)?(?P<of>\d{4}))",
    re.IGNORECASE,
)
_STRUCK: Final = re.compile(r"(?<!\\)~~+|</?(?:s|del|strike)(?:\s[^<>]*)?>", re.IGNORECASE)
_RAISED: Final = re.compile(r"<sup(?:\s[^<>]*)?>", re.IGNORECASE)
_SAYS_UPDATED: Final = re.compile(r"update|更新", re.IGNORECASE)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def read_page(text: str) -> Page:
    """Read a page into blocks. Never fails: what cannot be read is left out."""
    structure = parse(_normal(text))
    return Page(_page_title(structure), _updated(structure.parts), tuple(_blocks(structure.parts)))


def as_markdown(text: str) -> Markdown:
    """Write a page as markdown that any reader shows: schemas and HTML tables as tables, tabs as headed parts.

    Never fails: a broken schema stays as a code block. No tag of HTML or JSX is left outside code.
    """
    structure = parse(_normal(text))
    return write(structure, _page_title(structure), _updated(structure.parts))


def _normal(text: str) -> str:
    return clean_lines(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))


def _page_title(structure: Structure) -> Clean:
    titles = [part for part in structure.parts if isinstance(part, Title)]
    first = next((title for title in titles if title.level == 1), None)
    if first is not None:
        return plain(first.source)
    return plain(structure.title) or (plain(titles[0].source) if titles else NOTHING)


def _updated(parts: Iterable[Part]) -> date | None:
    last = None
    for part in parts:
        if isinstance(part, Text) and _SAYS_UPDATED.search(part.source):
            dates = (_date(plain(line)) for line in part.source.split("\n") if _SAYS_UPDATED.search(line))
            last = next(filter(None, dates), last)
    return last


def _date(text: str) -> date | None:
    found = _UPDATED.match(text)
    if found is None:
        return None
    try:
        if found["year"]:
            return date(int(found["year"]), int(found["month"]), int(found["day"]))
        return date(
            int(found["of"]), _MONTHS.index(found["name"].lower()) + 1, int(found["before"] or found["after"])
        )
    except (TypeError, ValueError):
        return None


def _blocks(parts: Iterable[Part]) -> Iterator[Block]:
    above: list[tuple[int, Clean]] = []
    headings: tuple[Clean, ...] = ()
    tab = NOTHING
    for part in parts:
        match part:
            case Title():
                while above and above[-1][0] >= part.level:
                    above.pop()
                above.append((part.level, plain(part.source)))
                headings = tuple(title for _, title in above)
            case Label(is_tab=True):
                tab = plain(part.source)
            case TabEnd():
                tab = NOTHING
            case _:
                block = _block(part, headings, tab)
                if block is not None:
                    yield block


def _block(part: Part, headings: tuple[Clean, ...], tab: Clean) -> Block | None:
    match part:
        case Text() | Label():
            text = _said(part.source)
            return Paragraph(headings, text, part.line) if text else None
        case TableOf(grid=grid) if grid.columns:
            return Table(headings, _plain_row(grid.columns), tuple(map(_plain_row, grid.rows)), part.line)
        case Parameters(found=None):
            return Code(headings, clean("json"), clean_lines(part.source), part.line, tab)
        case Parameters(found=found):
            return Schema(headings, tree(found or ()), part.line)
        case Fence():
            language = clean(part.language.partition(" ")[0])
            return Code(headings, language, clean_lines(part.text), part.line, tab)
        case _:
            return None


def _plain_row(cells: tuple[str, ...]) -> tuple[Clean, ...]:
    return tuple(clean(cell) if cell.isalnum() else _said(cell) for cell in cells)


def _said(source: str) -> Clean:
    """Give the text for a reader, to whom it matters what is struck through (`~~100~~ 200`) or raised (`100^1`)."""
    return plain(_RAISED.sub("^", _STRUCK.sub(r"\~\~", source)))
