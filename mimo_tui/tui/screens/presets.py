"""Presets: the list, the one under the cursor beside it, and everything that can be done with it."""

from collections.abc import Callable
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.getters import query_one
from textual.reactive import var
from textual.screen import Screen
from textual.widgets import Footer, Input, Static
from textual.worker import get_current_worker

from mimo_tui.core.json_text import EditError
from mimo_tui.core.preset import Source, is_mimo
from mimo_tui.core.text import clean
from mimo_tui.services import Services
from mimo_tui.services.presets import planning
from mimo_tui.services.presets.listing import Listing, PresetView, list_presets
from mimo_tui.services.presets.planning import Plan, name_fault
from mimo_tui.tui.preset_rows import COLUMNS, Listed, listed, matching
from mimo_tui.tui.places import place_bar
from mimo_tui.tui.saving import save_plan, undo_newest
from mimo_tui.tui.screens.ask_text import AskText
from mimo_tui.tui.screens.choose import Choice, Choose
from mimo_tui.tui.widgets.preset_detail import PresetDetail
from mimo_tui.tui.widgets.table import Table


class PresetTable(Table):
    """The list of presets, in which enter edits."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Edit", id="table.select", tooltip="Edit the preset in a form"),
    ]


class PresetsScreen(Screen[None]):
    """The first place. It reads the library in a thread, and again after every change."""

    AUTO_FOCUS = "#presets"
    HELP = """\
## Presets

Every preset that Lingtai could use: yours (saved), Lingtai's templates, and old flat files. A broken file is a row
too, with its reason. MiMo's come first.

A change is shown as a diff before it is saved, and `u` takes it back.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "slash", "filter", "Filter", id="presets.filter", tooltip="Filter the list by any word in it"
        ),
        Binding("enter", "edit", "Edit", id="presets.edit", tooltip="Edit the preset in a form"),
        Binding("m", "switch", "Model", id="presets.switch", tooltip="Switch the preset to another model"),
        Binding("f", "fix", "Fix", id="presets.fix", tooltip="Apply a fix of a finding"),
        Binding("c", "clone", "Clone", id="presets.clone", tooltip="Copy the preset under a new name"),
        Binding("r", "rename", "Rename", id="presets.rename", tooltip="Rename the preset"),
        Binding(
            "d", "delete", "Delete", id="presets.delete", tooltip="Delete the preset; undo brings it back"
        ),
        Binding("u", "undo", "Undo", id="presets.undo", tooltip="Take back the newest change"),
        Binding(
            "h",
            "history",
            "History",
            id="presets.history",
            tooltip="Earlier states, to look at and restore",
            show=False,
        ),
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
    ]

    listing: var[Listing | None] = var(None)
    table = query_one("#presets", Table)
    detail = query_one("#detail", PresetDetail)
    filter_input = query_one("#filter", Input)

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services = services
        self._presets: dict[str, Listed] = {}

    def compose(self) -> ComposeResult:
        yield place_bar(self.services)
        yield Input(placeholder="/ to filter", id="filter", compact=True)
        yield Static(id="around")
        with Horizontal(id="columns"):
            yield PresetTable(COLUMNS, id="presets", empty="Reading presets …")
            yield PresetDetail(id="detail")
        yield Footer(compact=True)

    def on_mount(self) -> None:
        # Not by Input.Changed: that message comes a paint later than the letter that was typed.
        self.watch(self.filter_input, "value", self._show_rows, init=False)
        self.call_after_refresh(self.load)

    @property
    def chosen(self) -> PresetView | None:
        """The preset under the cursor."""
        found = self.table.cursor_row
        return self._presets[found.key].view if found is not None else None

    @work(thread=True, exclusive=True, group="load", exit_on_error=False)
    def load(self) -> None:
        """Read the library without holding up the screen."""
        worker = get_current_worker()
        listing = list_presets(self.services)
        if not worker.is_cancelled:
            self.app.call_from_thread(setattr, self, "listing", listing)

    def watch_listing(self, listing: Listing | None) -> None:
        if listing is None:
            return
        around = self.query_one("#around", Static)
        around.update(Content("\n").join(Content(f"! {finding.message}") for finding in listing.findings))
        around.set_class(bool(listing.findings), "-shown")
        self._presets = {preset.view.reference: preset for preset in listed(listing.presets)}
        self._show_rows()

    def _show_rows(self) -> None:
        if self.listing is None:
            return
        words = self.filter_input.value
        self.table.empty = (
            f"No preset matches “{clean(words)}”. Escape shows all."
            if words
            else f"No presets in {self.services.places.lingtai}. Start Lingtai once, or try mimo-tui --demo."
        )
        self.table.rows = matching(self._presets.values(), words)
        self.detail.preset = self.chosen

    @on(Table.Highlighted, "#presets")
    def _other_preset(self) -> None:
        self.detail.preset = self.chosen
        self.refresh_bindings()

    @on(Table.Selected, "#presets")
    def _opened(self) -> None:
        self.action_edit()

    @on(Input.Submitted, "#filter")
    def _filter_done(self) -> None:
        self.table.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 Textual's
        """Offer only what can be done with the preset under the cursor."""
        if action not in _NEEDS:
            return True
        view = self.chosen
        return view is not None and _NEEDS[action](view)

    def action_filter(self) -> None:
        self.filter_input.focus()

    def action_unfilter(self) -> None:
        self.filter_input.value = ""
        self.table.focus()

    def action_reload(self) -> None:
        self.load()

    @work(exclusive=True, group="act", exit_on_error=False)
    async def action_edit(self) -> None:
        from mimo_tui.tui.screens.editor import EditorScreen

        view, listing = self.chosen, self.listing
        if view is None or listing is None:
            return
        if view.preset is None:
            self.app.notify(
                f"{view.reference}: {view.error}", title="Cannot be edited", severity="error", markup=False
            )
        elif await self.app.push_screen_wait(EditorScreen(self.services, listing, view)):
            self.load()

    @work(exclusive=True, group="act", exit_on_error=False)
    async def action_switch(self) -> None:
        from mimo_tui.tui.screens.switch_model import SwitchModel

        view, listing = self.chosen, self.listing
        if view is None or listing is None:
            return
        plan = await self.app.push_screen_wait(SwitchModel(self.services, listing, view))
        if plan is not None:
            # The dialog showed the diff; only errors that stand against it are worth a second question.
            await self._save(plan, ask=False)

    @work(exclusive=True, group="act", exit_on_error=False)
    async def action_fix(self) -> None:
        view, listing = self.chosen, self.listing
        if view is None or listing is None:
            return
        offers = {fix.id: (finding, fix) for finding, fix in planning.offered_fixes(view.findings)}
        choices = [
            Choice(fix.id, clean(fix.title), clean(finding.message)) for finding, fix in offers.values()
        ]
        answer = await self.app.push_screen_wait(
            Choose(clean(f"Which fix for {view.name or view.reference}?"), choices)
        )
        if answer is not None:
            await self._plan(
                lambda: planning.plan_edit(
                    self.services,
                    listing,
                    view,
                    (),
                    fixes=(answer,),
                    label=f"fix {view.name}: {offers[answer][1].title}",
                )
            )

    @work(exclusive=True, group="act", exit_on_error=False)
    async def action_clone(self) -> None:
        view, listing = self.chosen, self.listing
        if view is None or listing is None:
            return
        proposed = planning.plan_clone(self.services, listing, view).target.stem
        name = await self._ask_name(
            "Clone {} as:", view, proposed, "The copy is saved beside your other presets."
        )
        if name is not None:
            await self._plan(lambda: planning.plan_clone(self.services, listing, view, name))

    @work(exclusive=True, group="act", exit_on_error=False)
    async def action_rename(self) -> None:
        view, listing = self.chosen, self.listing
        if view is None or listing is None:
            return
        name = await self._ask_name(
            "Rename {} to:", view, view.name or view.entry.stem, "Inside the file, and the file itself."
        )
        if name is not None:
            await self._plan(lambda: planning.plan_rename(self.services, listing, view, name))

    @work(exclusive=True, group="act", exit_on_error=False)
    async def action_delete(self) -> None:
        view, listing = self.chosen, self.listing
        if view is not None and listing is not None:
            await self._plan(lambda: planning.plan_delete(self.services, listing, view))

    @work(exclusive=True, group="act", exit_on_error=False)
    async def action_undo(self) -> None:
        if await undo_newest(self.app, self.services):
            self.load()

    @work(exclusive=True, group="act", exit_on_error=False)
    async def action_history(self) -> None:
        from mimo_tui.tui.screens.history import HistoryScreen

        if await self.app.push_screen_wait(HistoryScreen(self.services)):
            self.load()

    async def _ask_name(self, question: str, view: PresetView, proposed: str, hint: str) -> str | None:
        title = clean(question.format(view.name or view.reference))
        return await self.app.push_screen_wait(AskText(title, proposed, clean(hint), name_fault))

    async def _plan(self, make: Callable[[], Plan]) -> None:
        try:
            plan = make()
        except (planning.Refused, EditError) as error:
            self.app.notify(clean(str(error)), title="Not possible", severity="error", markup=False)
        else:
            await self._save(plan, ask=True)

    async def _save(self, plan: Plan, *, ask: bool) -> None:
        if self.listing is not None and await save_plan(self.app, self.services, self.listing, plan, ask=ask):
            self._awaited = clean(plan.target.name)
            self.load()


_NEEDS: dict[str, Callable[[PresetView], bool]] = {
    "edit": lambda view: True,
    "switch": lambda view: view.preset is not None and is_mimo(view.preset),
    "fix": lambda view: any(finding.fixes for finding in view.findings),
    "clone": lambda view: view.preset is not None,
    "rename": lambda view: view.preset is not None and view.source is not Source.TEMPLATE,
    "delete": lambda view: view.source is not Source.TEMPLATE and view.entry.content is not None,
}
