"""A list with columns, drawn line by line: it stays quick where a widget a row or `DataTable` does not.

Ten thousand rows cost what the rows on the screen cost (`textual.md` §B).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, Final, Literal, TypeAlias

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.cache import LRUCache
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style

from mimo_tui.core.text import clean, clean_lines

Tone: TypeAlias = Literal["", "error", "warning", "muted"]

CURSOR: Final = "›"
MARKS: Final[Mapping[Tone, str]] = MappingProxyType({"": " ", "error": "✗", "warning": "!", "muted": "-"})
"""The sign that says the tone to someone who sees no colours."""
GUTTER: Final = 3
GAP: Final = 2


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `width` is its least width in cells, `weight` its share of the width that is left over.

    Where the table is too narrow for all, the column with the highest `priority` vanishes first.
    """

    key: str
    title: str
    width: int
    weight: int = 0
    priority: int = 0
    align: Literal["left", "right"] = "left"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a cell for each column, each of one line. A `str` is shown as it is, never read as markup.

    `key` is the row's own in its table; `tone` puts a coloured sign before it, or mutes the row.
    """

    key: str
    cells: tuple[Content | str, ...]
    tone: Tone = ""


def fit(columns: Sequence[Column], width: int) -> tuple[tuple[int, int], ...]:
    """Give index and width of each column that finds room in `width` cells; one column always does."""
    kept = list(range(len(columns)))
    spare = width - sum(columns[i].width for i in kept) - GAP * (len(kept) - 1)
    while spare < 0 and len(kept) > 1:
        gone = max(kept, key=lambda i: (columns[i].priority, i))
        kept.remove(gone)
        spare += columns[gone].width + GAP
    weight = sum(columns[i].weight for i in kept)
    widths = []
    for i in kept:
        share = max(spare, 0) * columns[i].weight // weight if weight else 0
        spare, weight = spare - share, weight - columns[i].weight
        widths.append((i, min(columns[i].width + share, max(width, 0))))
    return tuple(widths)


class Table(ScrollView, can_focus=True, inherit_bindings=False):
    """Rows under a fixed header, with one row under the cursor.

    The cursor stays on its row, known by its key, when `rows` is set anew; where that row is gone, it stays
    in its place.
    """

    HELP = """\
## Table

- `up`, `down`, `pageup`, `pagedown`, `home`, `end` move the cursor `›`
- `enter` opens the row under the cursor
- a click moves the cursor, a second click opens, the wheel scrolls

The sign before a row: `✗` an error, `!` a warning, `-` less important.
Columns vanish where there is no room for them.
"""
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Open", id="table.select", tooltip="Open the row under the cursor"),
        Binding("up", "move(-1)", "Up", id="table.up", tooltip="To the row above", show=False),
        Binding("down", "move(1)", "Down", id="table.down", tooltip="To the row below", show=False),
        Binding("pageup", "page(-1)", "Page up", id="table.page-up", tooltip="A page up", show=False),
        Binding("pagedown", "page(1)", "Page down", id="table.page-down", tooltip="A page down", show=False),
        Binding("home", "to(0)", "First", id="table.first", tooltip="To the first row", show=False),
        Binding("end", "to(-1)", "Last", id="table.last", tooltip="To the last row", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"table--{part}" for part in ("header", "cursor", "empty", "error", "warning", "muted")
    }
    DEFAULT_CSS = """
    Table {
        color: $foreground;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
        & > .table--header { background: $panel; color: $foreground; text-style: bold; }
        &:ansi > .table--header { text-style: bold underline; }
        &:ansi > .table--muted { text-style: dim; }
        & > .table--error { color: $text-error; }
        & > .table--warning { color: $text-warning; }
        & > .table--muted, & > .table--empty { color: $text-muted; }
        & > .table--cursor {
            background: $block-cursor-blurred-background; color: $block-cursor-blurred-foreground;
            text-style: bold;
        }
        &:focus > .table--cursor { background: $block-cursor-background; color: $block-cursor-foreground; }
    }
    """

    # Rows of the same text can differ in style, which `==` of `Content` does not see.
    rows: reactive[tuple[Row, ...]] = reactive((), always_update=True)
    cursor: reactive[int] = reactive(0, repaint=False)
    empty: reactive[str] = reactive("Nothing here.")

    @dataclass
    class RowMessage(Message):
        """What a table tells of a row."""

        table: "Table"

        @property
        def control(self) -> "Table":
            """The table, so that `@on(Table.Selected, "#id")` works."""
            return self.table

    @dataclass
    class Highlighted(RowMessage):
        """The cursor came to a row of another key; `None` when no row is left."""

        row: Row | None

    @dataclass
    class Selected(RowMessage):
        """The row was opened, by enter or by a second click."""

        row: Row

    def __init__(
        self,
        columns: Sequence[Column],
        rows: tuple[Row, ...] = (),
        *,
        empty: str = "Nothing here.",
        id: str | None = None,  # noqa: A002 - Textual's word
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.columns = tuple(columns)
        self._titles = tuple(Content(clean(column.title)) for column in columns)
        self._key: str | None = None  # stays while no row is left, so that the cursor finds back
        self._highlighted: str | None = None
        # A row is known by its identity (see `rows`); the strip holds it, so that no other row gets its id.
        self._strips: LRUCache[tuple[int, Style, str, int], tuple[Row, Strip]] = LRUCache(1024)
        self.set_reactive(Table.rows, rows)
        self.set_reactive(Table.empty, empty)

    @property
    def cursor_row(self) -> Row | None:
        """The row under the cursor; `None` when there is no row."""
        return self.rows[self.cursor] if self.rows else None

    def move_to(self, key: str) -> bool:
        """Move the cursor to the row with this key. Gives False, and moves nothing, where there is none."""
        index = self._index(key)
        if index is not None:
            self.cursor = index
        return index is not None

    def on_mount(self) -> None:
        self.watch_rows(self.rows)

    def validate_cursor(self, cursor: int) -> int:
        return max(0, min(cursor, len(self.rows) - 1))

    def watch_rows(self, rows: tuple[Row, ...]) -> None:
        self.virtual_size = Size(0, max(len(rows), 1) + 1)
        index = self._index(self._key)
        self.cursor = self.cursor if index is None else index
        self._arrive()

    def watch_cursor(self, before: int, cursor: int) -> None:
        for index in (before, cursor):
            self.refresh(Region(0, index + 1 - self.scroll_offset.y, self.size.width, 1))
        self._arrive()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Nothing can be opened where there is no row."""
        return action != "select" or bool(self.rows)

    def action_move(self, by: int) -> None:
        self.cursor += by

    def action_page(self, by: int) -> None:
        self.cursor += by * max(self.size.height - 2, 1)

    def action_to(self, index: int) -> None:
        self.cursor = index % max(len(self.rows), 1)

    def action_select(self) -> None:
        if row := self.cursor_row:
            self.post_message(self.Selected(self, row))

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None or offset.y == 0 or event.button != 1:
            return
        index = offset.y - 1 + self.scroll_offset.y
        if index == self.cursor:
            self.action_select()
        elif index < len(self.rows):
            self.cursor = index

    def on_resize(self) -> None:
        self._show_cursor()

    def notify_style_update(self) -> None:
        self._strips.clear()
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        if y == 0:
            return self._draw(" " * GUTTER, self._titles, self.get_visual_style("table--header"), width)
        if not self.rows:
            return self._draw_empty(y - 1, width)
        index = y - 1 + self.scroll_offset.y
        if index >= len(self.rows):
            return Strip.blank(width, self.visual_style.rich_style)
        row, here = self.rows[index], index == self.cursor
        cursor = ("table--cursor",) if here else ()
        toned = self.get_visual_style(*((f"table--{row.tone}",) if row.tone else ()), *cursor)
        # A muted row is muted as a whole; of a row that needs attention only the sign and its own cells are coloured.
        style = toned if row.tone == "muted" else self.get_visual_style(*cursor)
        gutter = f"{CURSOR if here else ' '}{MARKS[row.tone]} "
        key = (id(row), style, gutter, width)
        if (cached := self._strips.get(key)) is None:
            cells = [cell if isinstance(cell, Content) else Content(clean(cell)) for cell in row.cells]
            if here:  # a cell's own colours were not chosen for the cursor's background
                cells = [cell.without_spans for cell in cells]
            cached = self._strips[key] = row, self._draw(gutter, cells, style, width, sign=toned)
        return cached[1]

    def _draw(
        self, gutter: str, cells: Sequence[Content], style: Style, width: int, *, sign: Style | None = None
    ) -> Strip:
        blank = style.rich_style
        segments = [Segment(gutter, (sign or style).rich_style)]
        for index, cell_width in fit(self.columns, width - GUTTER):
            text = cells[index].truncate(cell_width, ellipsis=True)
            line = text.render_segments(style)
            padding = Segment(" " * (cell_width - text.cell_length), blank)
            right = self.columns[index].align == "right"
            segments += [padding, *line] if right else [*line, padding]
            segments.append(Segment(" " * GAP, blank))
        return Strip(segments).adjust_cell_length(width, blank)

    def _draw_empty(self, y: int, width: int) -> Strip:
        style = self.get_visual_style("table--empty").rich_style
        lines = Content(clean_lines(self.empty)).wrap(max(width - 2, 1))
        index = y - max((self.size.height - 1 - len(lines)) // 2, 0)
        text = lines[index].plain.strip() if 0 <= index < len(lines) else ""
        left = (width - cell_len(text)) // 2
        return Strip([Segment(" " * left + text, style)]).adjust_cell_length(width, style)

    def _index(self, key: str | None) -> int | None:
        return next((i for i, row in enumerate(self.rows) if row.key == key), None)

    def _arrive(self) -> None:
        """Show the row under the cursor, and tell of it if it is another than before."""
        self._show_cursor()
        row = self.cursor_row
        key = row.key if row else None
        if row:
            self._key = key
        if key != self._highlighted:
            if None in (key, self._highlighted):
                self.refresh_bindings()
            self._highlighted = key
            self.post_message(self.Highlighted(self, row))

    def _show_cursor(self) -> None:
        height = self.size.height - 1
        top = min(max(round(self.scroll_y), self.cursor - height + 1), self.cursor)
        if height > 0 and top != round(self.scroll_y):
            self.scroll_to(y=top, animate=False, force=True)
