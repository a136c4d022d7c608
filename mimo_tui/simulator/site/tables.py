"""The HTML tables of a page, taken apart and put together again, for sites that say something in another way."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import unescape

_TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
_ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<t[hd]>(.*?)</t[hd]>", re.DOTALL)
_TAG = re.compile(r"</?(?:code|b|strong)>")


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its head and its rows, each cell as it is written."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def column(self, name: str) -> int:
        """Give the place of the column of that name. Raises ValueError where there is none."""
        return self.head.index(name)

    def columns(self, order: Sequence[int]) -> "Grid":
        """Give the table with its columns in another order, or only some of them."""
        return Grid(
            tuple(self.head[place] for place in order),
            tuple(tuple(row[place] for place in order) for row in self.rows),
        )

    def cells(self, change: Callable[[str], str]) -> "Grid":
        """Give the table with each cell below the head changed."""
        return Grid(self.head, tuple(tuple(map(change, row)) for row in self.rows))


Write = Callable[[Grid], str]


def as_html(grid: Grid) -> str:
    """Write a table as the docs do."""
    lines = ["<table>", "  <thead>", *_rows("th", (grid.head,)), "  </thead>", "  <tbody>"]
    return "\n".join([*lines, *_rows("td", grid.rows), "  </tbody>", "</table>"])


def as_one_line(grid: Grid) -> str:
    """Write a table as HTML without any line end or blank, and without the parts that may be left out."""
    rows = (("th", grid.head), *(("td", row) for row in grid.rows))
    return (
        "<table>"
        + "".join(f"<tr>{''.join(f'<{tag}>{one}</{tag}>' for one in row)}</tr>" for tag, row in rows)
        + "</table>"
    )


def as_pipes(grid: Grid) -> str:
    """Write a table as markdown."""
    rows = (grid.head, tuple("---" for _ in grid.head), *grid.rows)
    return "\n".join(f"| {' | '.join(map(_markdown, row))} |" for row in rows)


def change_tables(text: str, change: Callable[[Grid], Grid], write: Write = as_html) -> str:
    """Give the text with each of its tables changed; tables inside code are none of them."""
    return _TABLE.sub(lambda match: write(change(_read(match[0]))), text)


def change_table(text: str, column: str, change: Callable[[Grid], Grid]) -> str:
    """Give the text with the first table changed that has this column. Raises ValueError where none has."""
    for match in _TABLE.finditer(text):
        grid = _read(match[0])
        if column in grid.head:
            return text[: match.start()] + as_html(change(grid)) + text[match.end() :]
    raise ValueError(f"no table has a column {column}")


def _read(table: str) -> Grid:
    head, *rows = (tuple(_CELL.findall(row)) for row in _ROW.findall(table))
    return Grid(head, tuple(rows))


def _rows(tag: str, rows: Sequence[Sequence[str]]) -> list[str]:
    lines = []
    for row in rows:
        lines += ["    <tr>", *(f"      <{tag}>{cell}</{tag}>" for cell in row), "    </tr>"]
    return lines


def _markdown(cell: str) -> str:
    return unescape(_TAG.sub(lambda match: "`" if "code" in match[0] else "**", cell)).replace("|", "\\|")
