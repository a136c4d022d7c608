"""A place with a list: it is filtered as one types, and what is done with a row is done one thing at a time."""

from abc import abstractmethod
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.getters import query_one
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, Static
from textual.worker import Worker, WorkerState

from mimo_tui.core.findings import Finding
from mimo_tui.core.text import clean
from mimo_tui.store.places import Places
from mimo_tui.tui.failures import tell_failure
from mimo_tui.tui.places import place_bar
from mimo_tui.tui.widgets.key_bar import KeyBar
from mimo_tui.tui.widgets.paragraph import Paragraph
from mimo_tui.tui.widgets.place_bar import Place
from mimo_tui.tui.widgets.plain_input import PlainInput
from mimo_tui.tui.widgets.table import Table

if TYPE_CHECKING:
    from mimo_tui.services import Services


class ListPlace(Screen[None]):
    """A screen of a place: the bar, a filter, what is wrong around, the list and the thing under its cursor.

    It reads its files in a thread, and again after every action.
    """

    PLACE: ClassVar[Place]
    UNREADABLE: ClassVar[str]
    """What the list says when its files could not be read."""

    DEFAULT_CSS = """
    ListPlace {
        #filter {
            height: 1;
            border: none;
            padding: 0 1;
            background: $boost;
        }
        #around {
            display: none;
            height: auto;
            padding: 0 1;
            color: $text-warning;
            &.-shown { display: block; }
        }
        #columns { height: 1fr; }
        #columns > Table { width: 1fr; height: 1fr; }
        &.-narrow #columns { layout: vertical; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "slash",
            "filter",
            "Filter",
            id="list.filter",
            tooltip="Filter the list by any word in it",
            show=False,
        ),
        Binding("ctrl+r", "reload", "Reload", id="list.reload", tooltip="Read all files again", show=False),
        Binding("down", "to_list", "To the list", id="list.to-list", tooltip="From the filter", show=False),
    ]

    table = query_one(Table)
    filter_input = query_one("#filter", PlainInput)

    def __init__(self, home: Places, open_services: "Callable[[], Services]", *, simulated: bool) -> None:
        super().__init__()
        self._home = home
        self._open_services = open_services
        self._simulated = simulated
        self._services: Services | None = None
        self._offered: tuple[str, ...] = ()
        self._acting = False

    def compose(self) -> ComposeResult:
        yield place_bar(self._home, simulated=self._simulated, current=self.PLACE)
        yield PlainInput(placeholder="/ to filter", id="filter", compact=True)
        yield Paragraph(id="around")
        with Horizontal(id="columns"):
            yield from self.columns()
        yield KeyBar()

    def on_mount(self) -> None:
        # Not by their messages, which come a paint later than the key that was pressed.
        self.watch(self.filter_input, "value", self.show_rows, init=False)
        self.watch(self.table, "cursor", self.show_chosen, init=False)

    @abstractmethod
    def columns(self) -> Iterable[Widget]:
        """Give the list, and what stands beside it."""

    @abstractmethod
    def load(self) -> object:
        """Read everything without holding up the screen."""

    @abstractmethod
    def show_rows(self) -> None:
        """Show the rows that the filter leaves."""

    @abstractmethod
    def show_chosen(self) -> None:
        """Show what is under the cursor."""

    @abstractmethod
    async def carry_out(self, name: str) -> None:
        """Carry out the action of that name."""

    def show_around(self, findings: Iterable[Finding]) -> None:
        """Show what is wrong with the files around."""
        lines = [Content(clean(f"! {finding.message}")) for finding in findings]
        around = self.query_one("#around", Static)
        around.update(Content("\n").join(lines))
        around.set_class(bool(lines), "-shown")

    def offer(self, offered: tuple[str, ...]) -> None:
        """Have the footer show these actions. It is built anew, which takes longer than all else a cursor key does."""
        if offered != self._offered:
            self._offered = offered
            self.refresh_bindings()

    def move_to(self, key: str) -> None:
        """Go to the row of that key, also where the filter would hide it."""
        if not self.table.move_to(key):
            self.filter_input.value = ""
            self.table.move_to(key)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        tell_failure(self.app, event)
        if event.worker.group == "load" and event.state is WorkerState.ERROR:
            self.table.empty = self.UNREADABLE

    @on(Table.Highlighted)
    def _highlighted(self) -> None:
        self.show_chosen()

    @on(Input.Submitted, "#filter")
    def _filter_done(self) -> None:
        self.table.focus()

    def action_filter(self) -> None:
        self.filter_input.focus()

    def action_to_list(self) -> None:
        self.table.focus()

    def action_unfilter(self) -> None:
        self.filter_input.value = ""
        self.table.focus()

    def action_reload(self) -> None:
        self.load()

    def action_act(self, name: str) -> None:
        """Carry out an action, one at a time."""
        if not self._acting:
            self._acting = True
            self._act(name)

    @work(group="act", exit_on_error=False)
    async def _act(self, name: str) -> None:
        try:
            await self.carry_out(name)
        finally:
            self._acting = False
            # Whatever came of it: another program may have changed a file while the person looked.
            self.load()
