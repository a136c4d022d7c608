"""Ask before something is written: the diff, what it mends and what stays wrong."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Footer, Static

from mimo_tui.core.diff import DiffLine
from mimo_tui.core.findings import Finding, Severity
from mimo_tui.core.text import Clean, clean
from mimo_tui.services.presets.planning import Plan
from mimo_tui.tui.widgets.diff_view import DiffView
from mimo_tui.tui.widgets.finding_text import finding_line, finding_paragraph


class Confirm(ModalScreen[bool]):
    """Shows a question, remarks and a diff; gives True for yes. Nothing is written here."""

    CSS_PATH = "confirm.tcss"
    AUTO_FOCUS = "DiffView"
    HELP = """\
## Look, then save

`-` is what goes, `+` is what comes; all other bytes of the file stay. `enter` or `y` goes ahead, `escape` goes back.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,y", "answer(True)", "Yes", id="confirm.yes", tooltip="Go ahead"),
        Binding("escape,n", "answer(False)", "No", id="confirm.no", tooltip="Go back, nothing is written"),
    ]

    def __init__(self, question: Clean, remarks: Content, diff: tuple[DiffLine, ...]) -> None:
        super().__init__()
        self._question = question
        self._remarks = remarks
        self._diff = diff

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(self._question), classes="title")
            if self._remarks.plain:
                with VerticalScroll(id="remarks", can_focus=False):
                    yield Static(self._remarks)
            yield DiffView(self._diff)
        yield Footer()

    def action_answer(self, answer: bool) -> None:  # noqa: FBT001 an action's parameter comes from the binding
        self.dismiss(answer)


def confirm_plan(plan: Plan) -> Confirm:
    """Give the dialog for a plan: its errors first, then what it mends, then what stays wrong."""
    if plan.data is None:
        question = f"Delete {plan.target.name}?"
    elif plan.blocking:
        question = f"Errors stand against this. Save {plan.target.name} all the same?"
    else:
        question = f"Save {plan.target.name}?"
    return Confirm(clean(question), plan_remarks(plan), plan.diff)


def plan_remarks(plan: Plan) -> Content:
    """Give what a plan breaks, mends and leaves, and its warnings."""
    parts = [finding_paragraph(finding) for finding in plan.blocking]
    parts += [
        Content.assemble(("✓ mended: ", "$text-success"), clean(found.message))
        for found in plan.mended
        if _weighs(found)
    ]
    parts += [
        finding_line(found)
        for found in (plan.after.findings if plan.after else ())
        if found not in plan.blocking and _weighs(found)
    ]
    parts += [Content.styled(warning, "$text-warning") for warning in plan.warnings]
    return Content("\n").join(parts)


def _weighs(finding: Finding) -> bool:
    return finding.severity is not Severity.INFO
