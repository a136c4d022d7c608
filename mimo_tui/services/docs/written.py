"""Pages that this program writes itself, in the form in which the docs' own pages are shown."""

import re
from collections.abc import Iterable
from typing import Final

from mimo_tui.core.docs.page import Heading, Markdown
from mimo_tui.core.text import Clean, clean, clean_lines

_MARKS: Final = re.compile(r"([\\`*_{}\[\]<>#|~!&])")
_NO_ANCHOR: Final = re.compile(r"[^\w.-]+")
_HEADING: Final = re.compile(r"(#{1,6}) (.*)")


def page(lines: Iterable[str]) -> Markdown:
    """Give lines of markdown as a page, whose headings are the lines that begin with `#`."""
    kept = list(lines)
    headings = tuple(
        Heading(len(found[1]), plain(found[2]), anchor(found[2]), number)
        for number, line in enumerate(kept)
        if (found := _HEADING.fullmatch(line))
    )
    title = headings[0].title if headings else clean("")
    return Markdown(title, clean_lines("\n".join(kept)), headings, None)


def escaped(text: str) -> str:
    """Give text that markdown shows as it is, also in a cell of a table."""
    return _MARKS.sub(r"\\\1", clean(text))


def plain(text: str) -> Clean:
    """Take back what `escaped` did."""
    return clean(re.sub(r"\\(.)", r"\1", text))


def anchor(title: str) -> str:
    """Give the anchor of a heading of ours."""
    return _NO_ANCHOR.sub("-", plain(title).lower()).strip("-")


def table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """Give a table, its cells as they are."""
    heads = list(columns)
    lines = [_row(heads), _row(["---"] * len(heads))]
    return ["", *lines, *(_row([escaped(cell) for cell in row]) for row in rows), ""]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
