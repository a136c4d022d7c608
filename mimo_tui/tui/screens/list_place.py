"""A place with a list: it is filtered as one types, and what is done with a row is done one thing at a time."""

from abc import abstractmethod
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.getters import app, query_one
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, Static
from textual.worker import Worker, WorkerState

from mimo_tui.core.text import clean
from mimo_tui.store.places import Places
from mimo_tui.tui.failures import tell_failure
from mimo_tui.tui.places import place_bar
from mimo_tui.tui.type_ahead import TypeAhead
from mimo_tui.tui.widgets.key_bar import KeyBar
from mimo_tui.tui.widgets.paragraph import Paragraph
from mimo_tui.tui.widgets.place_bar import Place
from mimo_tui.tui.widgets.plain_input import PlainInput
from mimo_tui.tui.widgets.table import Table

if TYPE_CHECKING:
    from mimo_tui.core.findings import Finding
    from mimo_tui.services import Services


def escapes(place: Place) -> tuple[Binding, ...]:
    """Give what escape does in a place. A class that binds a key to more than this has to bind all of it."""
    return (
        Binding(
            "escape",
            "unfilter",
            "Clear filter",
            id=f"{place.id}.unfilter",
            tooltip="Clear the filter, to see all rows again",
            show=False,
        ),
        Binding("escape", "back", "Back", id=f"{place.id}.back", tooltip="Go back to the list", show=False),
    )


class ListPlace(Screen[None]):
    """A screen of a place: the bar, a filter, what is wrong around, the list and the thing under its cursor.

    It reads its files in a thread, and again after every action. Keys that act on a row wait until the rows are there.
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
        Binding(
            "down",
            "to_list",
            "To the list",
            id="list.to-list",
            tooltip="Go from the filter to the list",
            show=False,
        ),
    ]

    app = app(TypeAhead)
    table = query_one(Table)
    filter_input = query_one("#filter", PlainInput)

    def __init__(
        self, home: Places, open_services: "Callable[[], Services]", *, simulated: bool, offline: bool = False
    ) -> None:
        super().__init__()
        self._home = home
        self._open_services = open_services
        self._simulated = simulated
        self._offline = offline
        self._services: Services | None = None
        self._offered: tuple[object, ...] = ()
        self._acting = False
        self._is_settled = False

    def compose(self) -> ComposeResult:
        yield place_bar(self._home, simulated=self._simulated, offline=self._offline, current=self.PLACE)
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

    def show_around(self, findings: "Iterable[Finding]") -> None:
        """Show what is wrong with the files around."""
        lines = [Content(clean(f"! {finding.message}")) for finding in findings]
        around = self.query_one("#around", Static)
        around.update(Content("\n").join(lines))
        around.set_class(bool(lines), "-shown")

    def is_early(self, key: str) -> bool:
        """Whether the key acts on the row under the cursor before it is known which row that will be."""
        if self._is_settled:
            return False
        bindings = self._bindings.key_to_bindings.get(key, ())
        return key == "enter" or any(binding.action.startswith("act(") for binding in bindings)

    def settle(self) -> None:
        """Note that the cursor is where it belongs, and let the keys act that waited for it."""
        if not self._is_settled:
            self._is_settled = True
            if not self._acting:
                self.app.give_input(self)

    def read_again(self) -> None:
        """Read the files, which may have changed and may move the cursor: until then keys for a row wait."""
        self._is_settled = False
        self.load()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Escape goes back to the list from beside it; from the list and the filter, it clears the filter."""
        if action in ("unfilter", "back") and self.is_mounted:
            is_filtered = bool(self.filter_input.value)
            if self.focused in (self.table, self.filter_input):
                return (
                    is_filtered
                    if action == "unfilter"
                    else not is_filtered and self.focused is not self.table
                )
            return action == "back"
        return super().check_action(action, parameters)

    def offer(self, offered: tuple[object, ...]) -> None:
        """Have the footer show these actions. It is built anew, which takes longer than all else a cursor key does."""
        offered = (*offered, bool(self.filter_input.value))
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
            self.settle()

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

    def action_back(self) -> None:
        self.table.focus()

    def action_unfilter(self) -> None:
        self.filter_input.value = ""
        self.table.focus()

    def action_reload(self) -> None:
        self.read_again()

    def action_act(self, name: str) -> None:
        """Carry out an action, one at a time."""
        if not self._acting:
            self._acting = True
            self.app.hold_input(self)  # what is typed next is for the dialog that comes
            self._act(name)

    @work(group="act", exit_on_error=False)
    async def _act(self, name: str) -> None:
        try:
            await self.carry_out(name)
        finally:
            self._acting = False
            # Whatever came of it: another program may have changed a file while the person looked.
            self.read_again()
            self.app.give_input(self)
