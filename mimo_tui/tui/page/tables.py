"""Draws a table: in columns where they find room, else row by row as `column: value`."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from mimo_tui.core.text import Clean
from mimo_tui.tui.page.blocks import MUTED, STRONG, Block, Link, Text, runs
from mimo_tui.tui.page.wrapping import longest_word, width_of, wrap

# In ASCII, which takes half of the room; `LINES` are painted instead.
_BETWEEN: Final = " | "
RULE: Final = "-"
_CROSSING: Final = "-+-"
LINES: Final = MappingProxyType({ord("|"): "│", ord("-"): "─", ord("+"): "┼"})
"""What the lines of a table, and a rule, are painted as."""
_LEAST: Final = 4
_WORD, _LONG_WORD = 26, 22
"""Cells that a word may ask for before it is broken to keep the columns; the less where there is much room."""
_INDENT: Final = 2


@dataclass(slots=True)
class _Drawing:
    """Text that grows line by line, with its marks and links."""

    source: Text
    parts: list[str] = field(default_factory=list)
    length: int = 0
    marks: "array[int]" = field(default_factory=lambda: array("I"))
    links: list[Link] = field(default_factory=list)
    lines: "array[int]" = field(default_factory=lambda: array("I"))
    line_start: int = 0
    rule: tuple[int, int] | None = None

    def add(self, text: str, mark: int = 0) -> None:
        if mark and text:
            self.marks.extend((self.length, self.length + len(text), mark))
        self.parts.append(text)
        self.length += len(text)

    def copy(self, start: int, end: int, mark: int) -> None:
        """Add part of the source as it is marked there, with one mark more."""
        by = self.length - start
        done = start
        for run in runs(self.source, start, end) if self.source.marks else ():
            if mark and run.start > done:
                self.marks.extend((done + by, run.start + by, mark))
            self.marks.extend((run.start + by, run.end + by, run.mark | mark))
            done = run.end
        if mark and done < end:
            self.marks.extend((done + by, end + by, mark))
        self.add(self.source.plain[start:end])

    def copy_links(self, found: Sequence[Link], start: int, end: int) -> None:
        """Carry the links over which lie in the part that is copied next."""
        by = self.length - start
        for link in found:
            if link.start < end and link.end > start:
                first, last = max(link.start, start) + by, min(link.end, end) + by
                self.links.append(Link(first, last, link.href, link.number))

    def end_line(self) -> None:
        self.lines.extend((self.line_start, self.length))
        self.add("\n")
        self.line_start = self.length

    def end_rule(self, rule: str) -> None:
        """Add a line that is the same each time; it is kept once."""
        if self.rule is None:
            self.rule = (self.length, self.length + len(rule))
            self.add(rule, MUTED)
            self.end_line()
        else:
            self.lines.extend(self.rule)

    def done(self) -> "tuple[Text, array[int]]":
        # Made anew without the room that an array keeps to grow.
        text = Text(Clean("".join(self.parts)), self.marks[:], tuple(self.links))
        return text, self.lines[:]


def draw(block: Block, width: int) -> "tuple[Text, array[int]]":
    """Give the table as text of lines, and where each begins and ends."""
    drawing = _Drawing(block.text)
    rows = list(_rows(block))
    widths = _fit(block, rows, width)
    if widths is None:
        _draw_records(drawing, block, rows, width)
    else:
        headed = any(start < end for start, end in rows[0])
        _draw_columns(drawing, block, rows, widths, headed=headed)
    return drawing.done()


@dataclass(frozen=True, slots=True)
class Fit:
    """The columns of a table at a width; no `widths`: it is shown row by row. `ruled`: lines between the rows."""

    widths: tuple[int, ...]
    ruled: bool

    def holds(self, block: Block) -> bool:
        """Tell whether each cell finds room on one line of its column."""
        plain = block.text.plain
        return not self.widths or all(
            width_of(plain[start:end]) <= width
            for row in _rows(block)
            for (start, end), width in zip(row, self.widths, strict=False)
        )


def fit_of(block: Block, width: int) -> Fit:
    """Give the columns in which `draw` shows a table."""
    rows = list(_rows(block))
    widths = _fit(block, rows, width)
    if widths is None:
        return Fit((), ruled=True)
    return Fit(tuple(widths), ruled=_is_ruled(_broken(block, rows, widths)))


def draw_rows(block: Block, width: int, fit: Fit) -> "tuple[Text, array[int]]":
    """Give the rows of a table without its heads, to stand below others in these columns."""
    drawing = _Drawing(block.text)
    rows = list(_rows(block))
    if not fit.widths:
        drawing.end_rule(RULE * width)
        _draw_records(drawing, block, rows, width)
    else:
        if fit.ruled:
            drawing.end_rule(_rule(fit.widths))
        _draw_columns(drawing, block, rows, fit.widths, headed=False)
    return drawing.done()


def _rows(block: Block) -> Iterator[list[tuple[int, int]]]:
    """Give (start, end) of the cells of each row, the heads first."""
    count, start = len(block.columns), 0
    for first in range(0, len(block.ends), count):
        row = []
        for end in block.ends[first : first + count]:
            row.append((start, end))
            start = end
        yield row


def _fit(block: Block, rows: Sequence[Sequence[tuple[int, int]]], width: int) -> list[int] | None:
    """Give the width of each column; None where some word would not find room."""
    count = len(block.columns)
    plain = block.text.plain
    room = width - len(_BETWEEN) * (count - 1)
    wishes, needs = [_LEAST] * count, [_LEAST] * count
    for row in rows:
        for at, (start, end) in enumerate(row):
            size = max(map(width_of, plain[start:end].split("\n")))
            wishes[at] = max(wishes[at], size)
            if size > needs[at]:
                needs[at] = max(needs[at], longest_word(plain[start:end]))
    if sum(wishes) <= room:
        return wishes
    # Only a very long word may be broken: the id of a model never, an address where there is little room.
    most = max(room // 3, min(_WORD, room * 3 // 4), _LEAST)
    if sum(min(need, most) for need in needs) > room >= 3 * _LONG_WORD:
        most = room // 3
    least = [min(need, most) for need in needs]
    if sum(least) > room:
        return None
    widths, spare = least, room - sum(least)
    while spare > 0:
        short = [at for at in range(count) if widths[at] < wishes[at]]
        for at in short:
            more = min(max(spare // len(short), 1), wishes[at] - widths[at], spare)
            widths[at], spare = widths[at] + more, spare - more
    return widths


def _rule(widths: Sequence[int]) -> str:
    return _CROSSING.join(RULE * width for width in widths)


def _broken(
    block: Block, rows: Sequence[Sequence[tuple[int, int]]], widths: Sequence[int]
) -> list[list[list[tuple[int, int]]]]:
    """Give the lines of each cell of each row."""
    plain = block.text.plain
    return [
        [list(wrap(plain, start, end, width)) for (start, end), width in zip(row, widths, strict=False)]
        for row in rows
    ]


def _is_ruled(cells: Sequence[Sequence[Sequence[tuple[int, int]]]]) -> bool:
    return any(len(lines) > 1 for row in cells[1:] for lines in row)


def _draw_columns(
    drawing: _Drawing,
    block: Block,
    rows: Sequence[Sequence[tuple[int, int]]],
    widths: Sequence[int],
    *,
    headed: bool,
) -> None:
    plain = block.text.plain
    rule = _rule(widths)
    cells = _broken(block, rows, widths)
    ruled = _is_ruled(cells)
    found = _by_row(block, rows)
    for number, row in enumerate(cells):
        if not (number or headed):
            continue
        for line in range(max(map(len, row))):
            for at, (lines, width) in enumerate(zip(row, widths, strict=True)):
                if at:
                    drawing.add(_BETWEEN, MUTED)
                start, end = lines[line] if line < len(lines) else (0, 0)
                spare = width - width_of(plain[start:end])
                left = {"right": spare, "center": spare // 2}.get(block.columns[at], 0)
                drawing.add(" " * left)
                drawing.copy_links(found[number], start, end)
                drawing.copy(start, end, 0 if number else STRONG)
                if at < len(widths) - 1:
                    drawing.add(" " * (spare - left))
            drawing.end_line()
        if number < len(cells) - 1 and (ruled or not number):
            drawing.end_rule(rule)


def _draw_records(
    drawing: _Drawing, block: Block, rows: Sequence[Sequence[tuple[int, int]]], width: int
) -> None:
    plain, found = block.text.plain, _by_row(block, rows)
    heads = rows[0]
    for number, row in enumerate(rows[1:] or rows, 1):
        if number > 1:
            drawing.end_rule(RULE * width)
        for (start, end), head in zip(row, heads, strict=False):
            if start == end:
                continue
            title = plain[head[0] : head[1]].replace("\n", " ") if len(rows) > 1 else ""
            # Beside a long title, or a word that finds no room there, the value begins on a line of its own.
            room = width - width_of(title) - 2
            beside = title and room >= max(width // 2, longest_word(plain[start:end]))
            if title:
                drawing.add(f"{title}:", STRONG)
            indent = width_of(title) + 2 if beside else 0
            lines = list(wrap(plain, start, end, max(width - (indent or _INDENT), 1)))
            if title and not beside:
                drawing.end_line()
            for at, (first, last) in enumerate(lines):
                if beside and not at:
                    drawing.add(" ")
                else:
                    drawing.add(" " * (indent or _INDENT))
                drawing.copy_links(found[min(number, len(found) - 1)], first, last)
                drawing.copy(first, last, 0)
                drawing.end_line()


def _by_row(block: Block, rows: Sequence[Sequence[tuple[int, int]]]) -> list[list[Link]]:
    """Give the links of each row."""
    found: list[list[Link]] = [[] for _ in rows]
    if block.text.links:
        at = 0
        for link in block.text.links:
            while at < len(rows) - 1 and rows[at][-1][1] <= link.start:
                at += 1
            found[at].append(link)
    return found
