"""The list widget alone: an app to drive (`presets_list.py --widget`), and what mounting and filtering cost.

python benchmarks/table.py 1000             the app: `/` goes to the filter, enter there back to the list
python benchmarks/table.py 10000 --measure  milliseconds in the app, without a terminal
"""

import asyncio
import sys
import time
from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.widgets import Footer, Input

from mimo_tui.tui.widgets.table import Column, Row, Table

COLUMNS = (
    Column("name", "Presets", 14, weight=2),
    Column("model", "Model", 14, weight=1),
    Column("endpoint", "Endpoint", 14, weight=1, priority=1),
    Column("slot", "Key", 18, priority=2),
    Column("findings", "Findings", 12, weight=1, priority=3),
)


def rows(count: int) -> tuple[Row, ...]:
    """Give rows like those of the presets screen."""
    return tuple(
        Row(
            str(i), (f"bench-{i:04}", "mimo-v2.5-pro", "token plan · cn", f"MIMO_{i}_API_KEY ✓", "2 warnings")
        )
        for i in range(count)
    )


class TableApp(App[None]):
    BINDINGS: ClassVar[list[BindingType]] = [("slash", "filter", "Filter")]
    AUTO_FOCUS = "Table"
    CSS = "Table { height: 1fr; }"

    def __init__(self, table: Table) -> None:
        super().__init__()
        self.table = table
        self.all = table.rows

    def compose(self) -> ComposeResult:
        yield Input(placeholder="Filter", compact=True)
        yield self.table
        yield Footer()

    def action_filter(self) -> None:
        self.query_one(Input).focus()

    def on_mount(self) -> None:
        # By a watcher and not by `Input.Changed`: the rows are then in the same paint as the letter. A second
        # paint waits for the second next beat of Textual's 60 in a second.
        self.watch(self.query_one(Input), "value", self.filter_rows, init=False)

    def filter_rows(self, text: str) -> None:
        self.table.rows = tuple(row for row in self.all if text in str(row.cells[0]))

    @on(Input.Submitted)
    def leave_filter(self) -> None:
        self.table.focus()


async def measure(count: int) -> dict[str, float]:
    """Give the milliseconds that each thing takes until it is painted."""
    app = TableApp(Table(COLUMNS, ()))
    many = rows(count)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()

        async def painted(change: Callable[[], object]) -> float:
            done = asyncio.Event()
            start = time.perf_counter()
            change()
            app.call_after_refresh(done.set)
            await done.wait()
            return (time.perf_counter() - start) * 1000

        other = Table(COLUMNS, many)
        figures = {"mount": await painted(lambda: app.mount(other)), "empty": await painted(lambda: None)}
        await other.remove()
        app.table.focus()
        for name, change in {
            "fill": lambda: setattr(app.table, "rows", many),
            "filter to a tenth": lambda: setattr(app.table, "rows", many[::10]),
            "filter to none": lambda: setattr(app.table, "rows", ()),
            "fill again": lambda: setattr(app.table, "rows", many),
            "down": lambda: app.table.action_move(1),
            "page down": lambda: app.table.action_page(1),
            "to the end": lambda: app.table.action_to(-1),
            "up": lambda: app.table.action_move(-1),
        }.items():
            figures[name] = await painted(change)
    return figures


if __name__ == "__main__":
    number = int(sys.argv[1])
    if "--measure" in sys.argv:
        for what, milliseconds in asyncio.run(measure(number)).items():
            print(f"{what:20} {milliseconds:7.1f} ms")
    else:
        TableApp(Table(COLUMNS, rows(number))).run()
