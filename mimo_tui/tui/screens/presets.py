"""Presets: the list, the one under the cursor beside it, and everything that can be done with it."""

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.binding import Binding, BindingType
from textual.getters import query_one
from textual.reactive import var
from textual.widget import Widget
from textual.worker import get_current_worker

from mimo_tui.core.text import clean
from mimo_tui.store.places import Places
from mimo_tui.tui.first_frame import FirstFrame
from mimo_tui.tui.places import PRESETS, Arrived
from mimo_tui.tui.preset_offers import is_offered, offers
from mimo_tui.tui.screens.list_place import ListPlace, escapes
from mimo_tui.tui.widgets.preset_detail import PresetDetail
from mimo_tui.tui.widgets.preset_table import COLUMNS, PresetTable
from mimo_tui.tui.widgets.table import Row, Table

if TYPE_CHECKING:
    from mimo_tui.services import Services
    from mimo_tui.services.presets.listing import Listing, PresetView
    from mimo_tui.tui.preset_rows import Listed

_NEEDED_NEXT: Final = (
    "mimo_tui.tui.preset_actions",
    "mimo_tui.tui.screens.keys",
    "mimo_tui.tui.key_actions",
    "mimo_tui.tui.screens.playground",
)
"""What the first action or the next place needs: imported then, it would hold up that key."""


def _binding(key: str, action: str, title: str, tooltip: str, *, show: bool = True) -> Binding:
    return Binding(key, f"act('{action}')", title, id=f"presets.{action}", tooltip=tooltip, show=show)


class PresetsScreen(ListPlace):
    """The first place. It shows the names before it knows more of them."""

    PLACE = PRESETS
    UNREADABLE = "The presets could not be read; ctrl+r tries again."
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
        _binding("m", "switch", "Model", "Switch the preset to another model"),
        _binding("f", "fix", "Fix", "Apply a fix of a finding"),
        _binding("t", "test", "Test", "Ask the service whether the preset works"),
        _binding("p", "play", "Playground", "Talk with the preset's model in the playground"),
        _binding("c", "clone", "Clone", "Copy the preset under a new name"),
        _binding("r", "rename", "Rename", "Rename the preset, inside and the file"),
        _binding("d", "delete", "Delete", "Delete the preset; undo brings it back"),
        _binding("u", "undo", "Undo", "Take back the newest change"),
        _binding("U", "redo", "Redo", "Do again what was taken back", show=False),
        _binding("k", "key", "Key", "Go to the preset's slot in Keys", show=False),
        _binding("h", "history", "History", "Earlier changes, to look at and restore", show=False),
        *escapes(PRESETS),
    ]

    listing: "var[Listing | None]" = var(None)
    detail = query_one("#detail", PresetDetail)

    def __init__(
        self, home: Places, open_services: "Callable[[], Services]", *, simulated: bool, offline: bool = False
    ) -> None:
        super().__init__(home, open_services, simulated=simulated, offline=offline)
        self._tidied = False
        self._presets: Mapping[str, Listed] = MappingProxyType({})
        self._landing: Path | None = None
        self._row_wanted = ""

    def columns(self) -> Iterable[Widget]:
        yield PresetTable(COLUMNS, id="presets", empty="Reading presets …")
        yield PresetDetail(id="detail")

    @property
    def chosen(self) -> "PresetView | None":
        """The preset under the cursor."""
        found = self.table.cursor_row
        listed = self._presets.get(found.key) if found is not None else None
        return listed.view if listed is not None else None

    @on(FirstFrame)
    def _begin(self) -> None:
        self.load()

    @on(Arrived)
    def _arrived(self, event: Arrived) -> None:
        self._row_wanted = event.row
        if self.listing is not None:  # else the first look is still under way
            self.read_again()

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
            for module in _NEEDED_NEXT:
                import_module(module)

    def _show_names(self, rows: tuple[Row, ...]) -> None:
        """Show what can be shown before the presets are judged."""
        self.table.rows = rows

    def _show(self, listing: "Listing", presets: "Mapping[str, Listed]") -> None:
        self.show_around(listing.findings)
        self._presets = presets
        self.listing = listing
        self.show_rows()
        landing, self._landing = self._landing, None
        wanted, self._row_wanted = self._row_wanted, ""
        key = next((key for key, each in presets.items() if each.view.entry.path == landing), wanted)
        if key in presets:  # the preset that was changed last, or that somebody sent us to
            self.move_to(key)
        self.settle()

    def show_rows(self) -> None:
        """Show the presets that the filter leaves."""
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
        self.show_chosen()

    def show_chosen(self) -> None:
        """Show the preset under the cursor."""
        view = self.detail.preset = self.chosen
        self.offer(offers(view))

    @on(Table.Selected, "#presets")
    def _opened(self) -> None:
        self.action_act("edit")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done with the preset under the cursor, or without any."""
        if action == "act":
            return is_offered(str(parameters[0]), self.chosen if self.is_mounted else None)
        return super().check_action(action, parameters)

    async def carry_out(self, name: str) -> None:
        """Carry out an action of `preset_actions` (with the preset under the cursor)."""
        from mimo_tui.tui.preset_actions import ACTIONS, LIBRARY_ACTIONS, Chosen

        view, listing, services = self.chosen, self.listing, self._services
        if listing is None or services is None:
            return
        if name in LIBRARY_ACTIONS:
            self._landing = await LIBRARY_ACTIONS[name](self.app, services)
        elif view is not None:
            self._landing = await ACTIONS[name](Chosen(self.app, services, listing, view))
