"""Ask before something is written: the diff, what it mends and what stays wrong."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from mimo_tui.core.diff import DiffLine
from mimo_tui.core.findings import Finding, Severity
from mimo_tui.core.text import Clean, clean
from mimo_tui.services.presets.planning import Kind, Plan
from mimo_tui.tui.screens.dialog import Dialog
from mimo_tui.tui.widgets.diff_view import DiffView
from mimo_tui.tui.widgets.finding_text import finding_line, finding_paragraph, hanging
from mimo_tui.tui.widgets.key_bar import KeyBar
from mimo_tui.tui.widgets.paragraph import Paragraph


class Confirm(Dialog[bool]):
    """Shows a question, remarks (made for the width that they get) and a diff; gives True for yes.

    Nothing is written here.
    """

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

    def __init__(
        self, question: Clean, diff: tuple[DiffLine, ...], remarks: Callable[[int], Content] | None = None
    ) -> None:
        super().__init__()
        self._question = question
        self._remarks = remarks
        self._diff = diff

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(self._question), classes="title")
            if self._remarks is not None:
                with VerticalScroll(id="remarks"):
                    yield Paragraph()
            yield DiffView(self._diff)
        yield KeyBar()

    def on_mount(self) -> None:
        # By the keyboard one scrolls what has the focus, so what has nothing to say must not take it.
        if self._remarks is not None:
            self.query_one("#remarks").display = bool(self._remarks(80).plain)

    def on_resize(self) -> None:
        self.call_after_refresh(self._show_remarks)

    def _show_remarks(self) -> None:
        if self._remarks is not None:
            remarks = self.query_one("#remarks", VerticalScroll)
            width = remarks.size.width - 1  # there may be a scrollbar
            remarks.query_one(Paragraph).update(self._remarks(width))

    def action_answer(self, answer: bool) -> None:  # noqa: FBT001 an action's parameter comes from the binding
        self.dismiss(answer)


def confirm_plan(plan: Plan) -> Confirm:
    """Give the dialog for a plan: its errors first, then what it mends, then what stays wrong."""
    match plan.kind:
        case Kind.DELETE:
            question = f"Delete {plan.target.name}?"
        case Kind.RENAME:
            question = f"Rename {plan.original.entry.path.name} to {plan.target.name}?"
        case Kind.COPY:
            question = f"Save the copy {plan.target.name}?"
        case Kind.EDIT:
            question = f"Save {plan.target.name}?"
    if plan.blocking:
        question = f"Errors stand against this. {question.removesuffix('?')} all the same?"
    return Confirm(clean(question), plan.diff, lambda width: plan_remarks(plan, width))


def warnings_text(warnings: Sequence[Clean]) -> Callable[[int], Content]:
    """Give the remarks of a dialog that only warns."""
    sign = Content.styled("! ", "$text-warning")
    return lambda width: Content("\n").join(hanging(sign, Content(warning), width) for warning in warnings)


def plan_remarks(plan: Plan, width: int) -> Content:
    """Give what a plan breaks, mends and leaves, and its warnings, as text of that width."""
    parts = [Content.styled(warning, "$text-warning") for warning in plan.warnings]
    parts += [finding_paragraph(finding, width) for finding in plan.blocking]
    parts += [
        hanging(Content.styled("✓ ", "$text-success"), Content(clean(f"mended: {found.message}")), width)
        for found in plan.mended
        if _weighs(found)
    ]
    parts += [
        finding_line(found, width)
        for found in (plan.after.findings if plan.after else ())
        if found not in plan.blocking and _weighs(found)
    ]
    return Content("\n").join(parts)


def _weighs(finding: Finding) -> bool:
    return finding.severity is not Severity.INFO
