"""Tables as they are written, in HTML or with pipes: rows and columns of cells that still hold their marks."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Final

from mimo_tui.core.docs.tags import TAG, attributes, without_comments

_MOST_COLUMNS: Final = 64
_MOST_CELLS: Final = 500_000
_HEADINGS: Final = " / "
_PIPE: Final = re.compile(r"(?<!\\)\|")
_RULE: Final = re.compile(r"[ \t]*+\|?(?:[ \t]*+:?-++:?[ \t]*+\|)*+(?:[ \t]*+:?-++:?)?[ \t]*+")
_PART: Final = re.compile(rf"<td>(?P<words>[^<]*+)</td>|{TAG}")
_CELLS: Final = frozenset({"td", "th"})
_TABLE_EDGE: Final = re.compile(
    r"(?P<open><table\b)|(?P<close></table\s*+>)|(?P<title>^ {0,3}#{1,6}[ \t])", re.MULTILINE | re.IGNORECASE
)
_FRAME: Final = frozenset({"table", "thead", "tbody", "tfoot", "tr", "colgroup", "col", "caption"})


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. Each row has as many cells as there are columns; `beside` is what stood in it outside of any cell."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    beside: str = ""


def is_rule(line: str) -> bool:
    """Tell whether it is the line below the headings of a table with pipes."""
    return "-" in line and "|" in line and _RULE.fullmatch(line) is not None


def read_pipes(heading: str, lines: Iterable[str]) -> Grid:
    """Read a table with pipes, given the line of its headings and those below the rule."""
    rows = [_between_pipes(line) for line in (heading, *lines)]
    most = _most_columns(len(rows))
    texts = [row if len(row) <= most else [*row[: most - 1], _joined(row[most - 1 :])] for row in rows]
    return _grid(texts, 1, "")


def read_html(html: str) -> Grid:
    """Read a table of HTML: spans are filled in, a table within a cell is text of that cell."""
    reading = _Html()
    html, position = without_comments(html), 0
    for part in _PART.finditer(html):
        reading.text(html[position : part.start()])
        if part["words"] is not None:
            reading.cell(part["words"])
        else:
            reading.tag(part)
        position = part.end()
    reading.text(html[position:])
    reading.end()
    rows = [row for row in reading.rows if row.cells]
    heads = next((at for at, row in enumerate(rows) if not row.heads), len(rows))
    return _grid(
        _filled(rows, _most_columns(len(rows))), heads or 1, " ".join("".join(reading.beside).split())
    )


def end_of_html(text: str, start: int) -> int:
    """Give where the table of HTML ends that begins at `start`; one without an end stops at the next heading."""
    depth, title = 0, -1
    for edge in _TABLE_EDGE.finditer(text, start):
        if edge["title"] is not None:
            title = title if title >= 0 else edge.start()
        elif edge["close"] is not None:
            depth -= 1
            if depth <= 0:
                return edge.end()
        elif title >= 0:
            return title
        else:
            depth += 1
    return title if title >= 0 else len(text)


@dataclass(slots=True)
class _Cell:
    text: str
    columns: int = 1
    rows: int = 1


@dataclass(slots=True)
class _Row:
    cells: list[_Cell] = field(default_factory=list)
    heads: bool = False


class _Html:
    """Takes the text and tags of a table, in their order."""

    def __init__(self) -> None:
        self.rows: list[_Row] = []
        self.beside: list[str] = []
        self._into: list[str] = self.beside
        self._cell: _Cell | None = None
        self._depth = 0
        self._in_head = False

    def text(self, text: str) -> None:
        if text:
            self._into.append(text)

    def cell(self, words: str) -> None:
        """Take a cell that has no tags."""
        if self._depth > 1 or not self.rows:
            self._into.append(f" {words} ")
            return
        self._end_cell()
        row = self.rows[-1]
        row.heads = self._in_head
        row.cells.append(_Cell(words.strip()))

    def tag(self, tag: re.Match[str]) -> None:
        name, closes = tag["name"].lower(), bool(tag["slash"])
        if name == "table":
            self._depth += -1 if closes else 1
        if self._depth > 1 or (name == "table" and closes and self._depth == 1):
            self._into.append(" " if name in _CELLS or name in _FRAME else tag[0])
        elif name in _CELLS:
            self._end_cell()
            if not closes:
                self._begin_cell(tag)
        elif name in _FRAME:
            self._end_cell()
            self.beside.append(" ")
            if name == "thead":
                self._in_head = not closes
            elif name == "tr" and not closes:
                self.rows.append(_Row(heads=self._in_head))
        else:
            self._into.append(tag[0])

    def end(self) -> None:
        self._end_cell()

    def _begin_cell(self, tag: re.Match[str]) -> None:
        said = attributes(tag["attributes"]) if tag["attributes"] else {}
        if not self.rows:
            self.rows.append(_Row(heads=self._in_head))
        row = self.rows[-1]
        row.heads = self._in_head or (tag["name"].lower() == "th" and (row.heads or not row.cells))
        self._cell = _Cell("", _span(said.get("colspan")), _span(said.get("rowspan")))
        row.cells.append(self._cell)
        self._into = []

    def _end_cell(self) -> None:
        if self._cell is not None:
            self._cell.text = "".join(self._into).strip()
        self._cell, self._into = None, self.beside


def _span(value: str | None) -> int:
    written = (value or "").strip()
    return max(1, int(written)) if written.isascii() and written.isdigit() and len(written) < 5 else 1


def _between_pipes(line: str) -> list[str]:
    line = line.strip()
    line = line.removeprefix("|")
    if line.endswith("|") and not line.endswith("\\|"):
        line = line[:-1]
    if "\\" in line:
        return [cell.strip().replace("\\|", "|") for cell in _PIPE.split(line)]
    return [cell.strip() for cell in line.split("|")]


def _most_columns(rows: int) -> int:
    """Give how many columns a table of so many rows may have, so that no table fills the memory."""
    return max(1, min(_MOST_COLUMNS, _MOST_CELLS // max(rows, 1)))


def _joined(texts: Iterable[str]) -> str:
    return " ".join(filter(None, texts))


def _grid(rows: Sequence[list[str]], heads: int, beside: str) -> Grid:
    """Make all rows as long as the longest; the first ones are the headings."""
    width = max(map(len, rows), default=0)
    columns = [
        _HEADINGS.join(dict.fromkeys(filter(None, texts)))
        for texts in zip_longest(*rows[:heads], fillvalue="")
    ]
    blank = [""] * width
    return Grid(
        (*columns, *blank[len(columns) :]),
        tuple(tuple(row) if len(row) == width else (*row, *blank[len(row) :]) for row in rows[heads:]),
        beside,
    )


def _filled(rows: Sequence[_Row], most: int) -> list[list[str]]:
    """Give the texts of each row: one that spans places is in each of them, the last place takes what is left."""
    filled: list[list[str]] = []
    above: dict[int, tuple[str, int]] = {}
    heads = True
    for row in rows:
        if heads and not row.heads:
            heads, above = False, {}
        texts: list[str] = []
        below: dict[int, tuple[str, int]] = {}
        cells = iter(row.cells)
        reach = max(above, default=-1)
        while len(texts) < most:
            columns, (text, left) = 1, above.get(len(texts), ("", 0))
            if not left:
                cell = next(cells, None)
                if cell is None and len(texts) > reach:
                    break
                columns, text, left = (cell.columns, cell.text, cell.rows) if cell else (1, "", 1)
            for _ in range(min(columns, most - len(texts))):
                if left > 1:
                    below[len(texts)] = text, left - 1
                texts.append(text)
        rest = [cell.text for cell in cells]
        if rest:
            texts[-1] = _joined([texts[-1], *rest])
        filled.append(texts)
        above = below
    return filled
