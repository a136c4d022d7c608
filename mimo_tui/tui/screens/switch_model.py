"""Switch model: the models, and for the one under the cursor what switching breaks, mends and writes."""

from contextlib import suppress
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Static

from mimo_tui.core.catalogue import Model
from mimo_tui.core.findings import Finding, Fix, Severity
from mimo_tui.core.json_text import EditError
from mimo_tui.core.text import clean
from mimo_tui.services import Services
from mimo_tui.services.models import list_models
from mimo_tui.services.presets.listing import Listing, PresetView
from mimo_tui.services.presets.planning import Plan, Refused, UnknownFix, plan_switch
from mimo_tui.tui.model_rows import COLUMNS, model_row
from mimo_tui.tui.screens.dialog import Dialog
from mimo_tui.tui.widgets.diff_view import DiffView
from mimo_tui.tui.widgets.key_bar import KeyBar
from mimo_tui.tui.widgets.paragraph import Paragraph
from mimo_tui.tui.widgets.table import Column, Row, Table, Tone

_SAVE = "Save this switch with the ticked fixes"
_AFTERWARDS = Column("fix", "What is wrong then, and what mends it", 20, weight=1)


class SavingTable(Table):
    """A table in which enter saves. A click must not: it would write before one has looked."""

    HELP = ""  # that of the screen says it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.save", "Save", id="switch.save-row", tooltip=_SAVE),
    ]


class SwitchModel(Dialog[Plan | None]):
    """Gives the plan that the person chose, or None. Nothing is written here.

    `chosen` holds the ids of the fixes that are ticked.
    """

    CSS_PATH = "switch_model.tcss"
    AUTO_FOCUS = "#models"
    HELP = """\
## Switch model

The list shows every chat model that the catalogue knows, the current ones first. Below stand what would be wrong
after the switch, with the fixes on offer, and the diff. `space` ticks a fix, `f` ticks the first one of every
finding, `enter` saves, `tab` goes from
part to part. A second click on a fix ticks it too.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "save", "Save", id="switch.save", tooltip=_SAVE),
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
            yield Paragraph(id="verdict")
            with Horizontal(id="outcome"):
                yield SavingTable((_AFTERWARDS,), id="fixes", empty="Nothing is wrong then.")
                yield DiffView(id="diff")
        yield KeyBar()

    def on_mount(self) -> None:
        self.models.move_to(self._start())

    @on(Table.Highlighted, "#models")
    def _other_model(self) -> None:
        self._ticked.clear()
        self._show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 Textual's
        """Offer fixes only where there are some."""
        return action not in ("tick", "fix_all") or bool(self._offers)

    def action_save(self) -> None:
        if self.plan is not None:
            self.dismiss(self.plan)

    def action_back(self) -> None:
        self.dismiss(None)

    def action_fix_all(self) -> None:
        for key, (finding, _) in self._offers.items():
            self._ticked.setdefault(_place(finding), key)
        self._show()

    @on(Table.Selected, "#fixes")
    def action_tick(self) -> None:
        """Turn the fix under the cursor; on a finding, its first fix."""
        row = self.fixes.cursor_row
        if row is None:
            return
        key = next((key for key in self._offers if key == row.key or key.startswith(f"{row.key} ")), None)
        if key is None:
            return
        place = _place(self._offers[key][0])
        if self._ticked.get(place) == key or (key != row.key and place in self._ticked):
            del self._ticked[place]
        else:
            self._ticked[place] = key
        self._show()

    def _show(self) -> None:
        row = self.models.cursor_row
        if row is None:
            return
        verdict, diff = self.query_one("#verdict", Static), self.query_one("#diff", DiffView)
        try:
            bare = plan_switch(self.services, self.listing, self.preset, row.key)
        except (Refused, EditError) as error:
            self.plan, self._offers, self.fixes.rows, diff.lines = None, {}, (), ()
            verdict.update(Content.styled(f"✗ {clean(str(error))}", "$text-error"))
        else:
            self._offers = _offers(bare)
            self.plan = self._with_fixes(bare, row.key)
            self.fixes.rows = self._fix_rows(bare)
            verdict.update(_verdict(self.plan, self._models[row.key].model))
            diff.lines = self.plan.diff
        self.refresh_bindings()

    def _with_fixes(self, bare: Plan, model: str) -> Plan:
        """Give the plan with the ticked fixes, without those that another one makes needless."""
        plan, chosen = bare, list[str]()
        for key in self._ticked.values():
            if key in self._offers:
                fixes = [*chosen, self._offers[key][1].id]
                with suppress(UnknownFix):
                    plan = plan_switch(self.services, self.listing, self.preset, model, fixes=fixes)
                    chosen = fixes
        return plan

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
        stands = f"✗ {_errors(len(plan.blocking))} would stand against it; enter asks once more."
        parts.append(Content.styled(stands, "$text-error"))
    elif left := plan.after.count(Severity.ERROR) if plan.after else 0:
        stays = f"! Can be saved, but {_errors(left)} would be left."
        parts.append(Content.styled(stays, "$text-warning"))
    else:
        parts.append(Content.styled("✓ Can be saved.", "$text-success"))
    if plan.mended:
        mended = ", ".join(sorted({found.code for found in plan.mended}))
        parts.append(Content.styled(f"✓ Mends {mended}.", "$text-muted"))
    parts += [Content.styled(warning, "$text-warning") for warning in plan.warnings]
    return Content("\n").join(parts)


def _errors(count: int) -> str:
    return f"{count} error{'s' if count != 1 else ''}"
