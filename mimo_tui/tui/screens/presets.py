"""Presets: the list, the one under the cursor beside it, and everything that can be done with it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.getters import query_one
from textual.reactive import var
from textual.screen import Screen
from textual.widgets import Input, Static
from textual.worker import Worker, WorkerState, get_current_worker

from mimo_tui.core.text import clean
from mimo_tui.store.places import Places
from mimo_tui.tui.failures import tell_failure
from mimo_tui.tui.first_frame import FirstFrame
from mimo_tui.tui.places import place_bar
from mimo_tui.tui.preset_offers import is_offered, offers
from mimo_tui.tui.widgets.key_bar import KeyBar
from mimo_tui.tui.widgets.paragraph import Paragraph
from mimo_tui.tui.widgets.plain_input import PlainInput
from mimo_tui.tui.widgets.preset_detail import PresetDetail
from mimo_tui.tui.widgets.preset_table import COLUMNS, PresetTable
from mimo_tui.tui.widgets.table import Row, Table

if TYPE_CHECKING:
    from mimo_tui.services import Services
    from mimo_tui.services.presets.listing import Listing, PresetView
    from mimo_tui.tui.preset_rows import Listed


def _binding(key: str, action: str, title: str, tooltip: str, *, show: bool = True) -> Binding:
    return Binding(key, f"act('{action}')", title, id=f"presets.{action}", tooltip=tooltip, show=show)


class PresetsScreen(Screen[None]):
    """The first place. It reads the library in a thread, and again after every change."""

    AUTO_FOCUS = "#presets"
    HELP = """\
## Presets

Every preset that Lingtai could use: yours (saved), Lingtai's templates, and old flat files. A broken file is a row
too, with its reason. MiMo's come first.

`✗` is an error, `!` a warning, `·` worth knowing, `-` a template that is all right; `tab` goes to the text beside the
list, which begins with what is wrong.

A change is shown as a diff before it is saved, and `u` takes it back.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "slash",
            "filter",
            "Filter",
            id="presets.filter",
            tooltip="Filter the list by any word in it",
            show=False,
        ),
        _binding("m", "switch", "Model", "Switch the preset to another model"),
        _binding("f", "fix", "Fix", "Apply a fix of a finding"),
        _binding("c", "clone", "Clone", "Copy the preset under a new name"),
        _binding("r", "rename", "Rename", "Rename the preset, inside and the file"),
        _binding("d", "delete", "Delete", "Delete the preset; undo brings it back"),
        _binding("u", "undo", "Undo", "Take back the newest change"),
        _binding("U", "redo", "Redo", "Do again what was taken back", show=False),
        _binding("h", "history", "History", "Earlier changes, to look at and restore", show=False),
        Binding(
            "ctrl+r", "reload", "Reload", id="presets.reload", tooltip="Read all files again", show=False
        ),
        Binding(
            "escape",
            "unfilter",
            "Clear filter",
            id="presets.unfilter",
            tooltip="Show all presets again",
            show=False,
        ),
        Binding(
            "down", "to_list", "To the list", id="presets.to-list", tooltip="From the filter", show=False
        ),
    ]

    listing: "var[Listing | None]" = var(None)
    table = query_one("#presets", Table)
    detail = query_one("#detail", PresetDetail)
    filter_input = query_one("#filter", PlainInput)

    def __init__(self, home: Places, open_services: "Callable[[], Services]", *, simulated: bool) -> None:
        super().__init__()
        self._home = home
        self._open_services = open_services
        self._simulated = simulated
        self._services: Services | None = None
        self._tidied = False
        self._offered: tuple[str, ...] = ()
        self._presets: Mapping[str, Listed] = MappingProxyType({})
        self._acting = False
        self._landing: Path | None = None

    def compose(self) -> ComposeResult:
        yield place_bar(self._home, simulated=self._simulated)
        yield PlainInput(placeholder="/ to filter", id="filter", compact=True)
        yield Paragraph(id="around")
        with Horizontal(id="columns"):
            yield PresetTable(COLUMNS, id="presets", empty="Reading presets …")
            yield PresetDetail(id="detail")
        yield KeyBar()

    def on_mount(self) -> None:
        # Not by their messages, which come a paint later than the key that was pressed.
        self.watch(self.filter_input, "value", self._show_rows, init=False)
        self.watch(self.table, "cursor", self._show_chosen, init=False)

    @property
    def chosen(self) -> "PresetView | None":
        """The preset under the cursor."""
        found = self.table.cursor_row
        listed = self._presets.get(found.key) if found is not None else None
        return listed.view if listed is not None else None

    @on(FirstFrame)
    def _begin(self) -> None:
        self.load()

    @work(thread=True, exclusive=True, group="load", exit_on_error=False)
    def load(self) -> None:
        """Read the library without holding up the screen."""
        from mimo_tui.services.presets.reading import read_presets
        from mimo_tui.tui.name_rows import name_row

        worker = get_current_worker()
        reading = read_presets(self._home)
        if self.listing is None:
            self.app.call_from_thread(self._show_names, tuple(name_row(file) for file in reading.files))

        from mimo_tui.services.presets.listing import list_presets
        from mimo_tui.tui.preset_rows import listed

        if self._services is None:
            self._services = self._open_services()
        listing = list_presets(self._services, reading)
        presets = MappingProxyType({preset.view.reference: preset for preset in listed(listing.presets)})
        if not worker.is_cancelled:
            self.app.call_from_thread(self._show, listing, presets)
        if not self._tidied:
            # Once a start, and after the list is there: nobody waits for it.
            from mimo_tui.services.tidying import tidy

            self._tidied = True
            for problem in tidy(self._services):
                self.app.call_from_thread(self.app.notify, problem, severity="warning", markup=False)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        tell_failure(self.app, event)
        if event.worker.group == "load" and event.state is WorkerState.ERROR:
            self.table.empty = "The presets could not be read; ctrl+r tries again."

    def _show_names(self, rows: tuple[Row, ...]) -> None:
        """Show what can be shown before the presets are judged."""
        self.table.rows = rows

    def _show(self, listing: "Listing", presets: "Mapping[str, Listed]") -> None:
        around = self.query_one("#around", Static)
        around.update(Content("\n").join(Content(f"! {finding.message}") for finding in listing.findings))
        around.set_class(bool(listing.findings), "-shown")
        self._presets = presets
        self.listing = listing
        self._show_rows()
        self._land()

    def _land(self) -> None:
        """Go to the preset that was changed last, also where the filter would hide it."""
        landing, self._landing = self._landing, None
        key = next((key for key, each in self._presets.items() if each.view.entry.path == landing), None)
        if key is not None and not self.table.move_to(key):
            self.filter_input.value = ""
            self.table.move_to(key)

    def _show_rows(self) -> None:
        if self.listing is None:
            return
        from mimo_tui.tui.preset_rows import matching

        words = self.filter_input.value
        self.table.empty = (
            f"No preset matches “{clean(words)}”. Escape shows all."
            if words
            else f"No presets in {self._home.lingtai}. Start Lingtai once, or try mimo-tui --demo."
        )
        self.table.rows = matching(self._presets.values(), words)
        self._show_chosen()

    @on(Table.Highlighted, "#presets")
    def _show_chosen(self) -> None:
        view = self.detail.preset = self.chosen
        offered = offers(view)
        if offered != self._offered:
            # The footer is built anew for this, which takes longer than all else that a cursor key does.
            self._offered = offered
            self.refresh_bindings()

    @on(Table.Selected, "#presets")
    def _opened(self) -> None:
        self.action_act("edit")

    @on(Input.Submitted, "#filter")
    def _filter_done(self) -> None:
        self.table.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done with the preset under the cursor, or without any."""
        return action != "act" or is_offered(str(parameters[0]), self.chosen if self.is_mounted else None)

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
        """Carry out an action of `preset_actions` (with the preset under the cursor), one at a time."""
        if not self._acting:
            self._acting = True
            self._act(name)

    @work(group="act", exit_on_error=False)
    async def _act(self, name: str) -> None:
        from mimo_tui.tui.preset_actions import ACTIONS, LIBRARY_ACTIONS, Chosen

        view, listing, services = self.chosen, self.listing, self._services
        try:
            if listing is None or services is None:
                return
            if name in LIBRARY_ACTIONS:
                self._landing = await LIBRARY_ACTIONS[name](self.app, services)
            elif view is not None:
                self._landing = await ACTIONS[name](Chosen(self.app, services, listing, view))
        finally:
            self._acting = False
            # Whatever came of it: another program may have changed a file while the person looked.
            self.load()
