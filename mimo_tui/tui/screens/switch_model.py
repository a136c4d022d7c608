"""Switch model: the models, and for the one under the cursor what switching breaks, mends and writes."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.widgets import Footer, Static

from mimo_tui.core.catalogue import Model
from mimo_tui.core.findings import Finding, Fix, Severity
from mimo_tui.core.text import clean
from mimo_tui.services import Services
from mimo_tui.services.models import list_models
from mimo_tui.services.presets.listing import Listing, PresetView
from mimo_tui.services.presets.planning import Plan, plan_switch
from mimo_tui.tui.model_rows import COLUMNS, model_row
from mimo_tui.tui.widgets.diff_view import DiffView
from mimo_tui.tui.widgets.table import Column, Row, Table, Tone

_AFTERWARDS = Column("fix", "What is wrong then, and what mends it", 20, weight=1)


class SavingTable(Table):
    """A table in which enter saves."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter", "select", "Save", id="table.select", tooltip="Save this switch with the ticked fixes"
        ),
    ]


class SwitchModel(ModalScreen[Plan | None]):
    """Gives the plan that the person chose, or None. Nothing is written here.

    `chosen` holds the ids of the fixes that are ticked.
    """

    CSS_PATH = "switch_model.tcss"
    AUTO_FOCUS = "#models"
    HELP = """\
## Switch model

The list shows every chat model that the catalogue knows, the current ones first. Below stand what would be wrong
after the switch, with the fixes on offer, and the diff. `space` ticks a fix, `f` ticks the first one of every
finding, `enter` saves, `tab` goes from part to part.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "save", "Save", id="switch.save", tooltip="Save this switch with the ticked fixes"),
        Binding(
            "f", "fix_all", "Fix all", id="switch.fix-all", tooltip="Tick the first fix of every finding"
        ),
        Binding(
            "space", "tick", "Tick", id="switch.toggle", tooltip="Tick or untick the fix under the cursor"
        ),
        Binding("escape", "back", "Back", id="switch.back", tooltip="Go back, nothing is written"),
    ]

    models = query_one("#models", Table)
    fixes = query_one("#fixes", Table)

    def __init__(self, services: Services, listing: Listing, preset: PresetView) -> None:
        super().__init__()
        self.services = services
        self.listing = listing
        self.preset = preset
        self.plan: Plan | None = None
        self._models = {view.model.id: view for view in list_models(services) if view.is_chat}
        self._offers: dict[str, tuple[Finding, Fix]] = {}
        self._ticked: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        preset = self.preset.preset
        title = Content.assemble(
            "Switch ",
            (self.preset.name, "bold $primary"),
            f" from {clean(preset.model if preset else '')} to …",
        )
        with Vertical(classes="dialog"):
            yield Static(title, classes="title")
            rows = tuple(model_row(view) for view in self._models.values())
            yield SavingTable(COLUMNS, rows, id="models")
            yield Static(id="verdict")
            with Horizontal(id="outcome"):
                yield SavingTable((_AFTERWARDS,), id="fixes", empty="Nothing is wrong then.")
                yield DiffView(id="diff")
        yield Footer()

    def on_mount(self) -> None:
        self.models.move_to(self._start())

    @on(Table.Highlighted, "#models")
    def _other_model(self) -> None:
        self._ticked.clear()
        self._show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 Textual's
        """Offer fixes only where there are some."""
        return action not in ("tick", "fix_all") or bool(self._offers)

    @on(Table.Selected)
    def action_save(self) -> None:
        if self.plan is not None:
            self.dismiss(self.plan)

    def action_back(self) -> None:
        self.dismiss(None)

    def action_fix_all(self) -> None:
        for key, (finding, _) in self._offers.items():
            self._ticked.setdefault(_place(finding), key)
        self._show()

    def action_tick(self) -> None:
        row = self.fixes.cursor_row
        if row is None or row.key not in self._offers:
            return
        place = _place(self._offers[row.key][0])
        if self._ticked.get(place) == row.key:
            del self._ticked[place]
        else:
            self._ticked[place] = row.key
        self._show()

    def _show(self) -> None:
        row = self.models.cursor_row
        if row is None:
            return
        bare = plan_switch(self.services, self.listing, self.preset, row.key)
        self._offers = _offers(bare)
        chosen = [self._offers[key][1].id for key in self._ticked.values() if key in self._offers]
        self.plan = (
            plan_switch(self.services, self.listing, self.preset, row.key, fixes=chosen) if chosen else bare
        )
        self.fixes.rows = self._fix_rows(bare)
        self.query_one("#verdict", Static).update(_verdict(self.plan, self._models[row.key].model))
        self.query_one("#diff", DiffView).lines = self.plan.diff
        self.refresh_bindings()

    def _fix_rows(self, bare: Plan) -> tuple[Row, ...]:
        rows: list[Row] = []
        for finding in bare.after.findings if bare.after else ():
            if finding.severity is Severity.INFO:
                continue
            mended = _place(finding) in self._ticked
            tone: Tone = "muted" if mended else "error" if finding.severity is Severity.ERROR else "warning"
            message = clean(f"✓ {finding.message}" if mended else finding.message)
            rows.append(Row(_place(finding), (message,), tone))
            rows.extend(self._fix_row(finding, fix) for fix in finding.fixes)
        return tuple(rows)

    def _fix_row(self, finding: Finding, fix: Fix) -> Row:
        key = _key(finding, fix)
        tick = "[x]" if self._ticked.get(_place(finding)) == key else "[ ]"
        return Row(key, (f"{tick} {clean(fix.title)}",))

    def _start(self) -> str:
        """The model to begin with: the successor of the present one, or the present one itself."""
        present = self.preset.preset.model if self.preset.preset else ""
        successor = self.services.catalogue.successor(present, self.services.now())
        return successor.id if successor else present


def _offers(plan: Plan) -> dict[str, tuple[Finding, Fix]]:
    findings = [
        found for found in (plan.after.findings if plan.after else ()) if found.severity is not Severity.INFO
    ]
    return {_key(finding, fix): (finding, fix) for finding in findings for fix in finding.fixes}


def _place(finding: Finding) -> str:
    return f"{finding.code} {finding.path}"


def _key(finding: Finding, fix: Fix) -> str:
    return f"{_place(finding)} {fix.id}"


def _verdict(plan: Plan, model: Model) -> Content:
    parts: list[Content] = []
    if plan.changes_nothing:
        parts.append(Content(f"The preset is on {model.id} already."))
    elif plan.blocking:
        parts.append(
            Content.styled(
                f"✗ {len(plan.blocking)} error(s) would stand against it; f fixes, enter asks.", "$text-error"
            )
        )
    elif left := plan.after.count(Severity.ERROR) if plan.after else 0:
        parts.append(
            Content.styled(
                f"! Can be saved, but {left} error(s) stay; f ticks what mends them.", "$text-warning"
            )
        )
    else:
        parts.append(Content.styled("✓ Can be saved.", "$text-success"))
    if plan.mended:
        parts.append(
            Content.styled(f"  Mends: {', '.join(sorted({found.code for found in plan.mended}))}.", "dim")
        )
    parts += [Content.styled(f"  {warning}", "$text-warning") for warning in plan.warnings]
    return Content.assemble(*parts)
