"""History: what was done, newest first, with what it did; any of it can be restored."""

from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Static
from textual.worker import Worker

from mimo_tui.core.text import clean
from mimo_tui.services import Services
from mimo_tui.services.presets import changing
from mimo_tui.services.presets.changing import Step
from mimo_tui.store.history import HistoryError
from mimo_tui.tui.failures import tell_failure
from mimo_tui.tui.saving import do_again, take_back
from mimo_tui.tui.screens.dialog import Dialog
from mimo_tui.tui.widgets.diff_view import DiffView
from mimo_tui.tui.widgets.key_bar import KeyBar
from mimo_tui.tui.widgets.table import Column, Row, Table

_COLUMNS = (
    Column("when", "When", 19),
    Column("what", "What", 24, weight=1),
    Column("state", "State", 7),
)


class StepTable(Table):
    """The changes, in which enter restores."""

    HELP = ""  # that of the screen says it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter", "select", "Restore", id="table.select", tooltip="Bring back the state before this change"
        ),
    ]


class HistoryScreen(Dialog[Path | None]):
    """Gives the file that was restored, if one was."""

    DEFAULT_CSS = """
    HistoryScreen {
        align: center middle;
        & > .dialog { width: 110; height: 1fr; }
        Table { height: 1fr; margin: 1 0; }
        DiffView { height: 1fr; }
    }
    """
    HELP = """\
## History

Every change that was made from here, newest first. `enter` brings back the state before the one under the cursor,
whatever came since; that is a change too, and can be undone. On one that was undone, `enter` does it again.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "restore",
            "Restore",
            id="history.restore",
            tooltip="Bring back the state before this change",
        ),
        Binding("escape", "back", "Back", id="history.back", tooltip="Back to the presets"),
    ]

    table = query_one(Table)

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services = services
        self._steps: dict[str, Step] = {}

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content("History"), classes="title")
            yield StepTable(_COLUMNS, empty="Nothing was changed yet.")
            yield DiffView()
        yield KeyBar()

    def on_mount(self) -> None:
        self._steps = {step.id: step for step in changing.history(self.services)}
        self.table.rows = tuple(_row(step) for step in self._steps.values())
        self.query_one(DiffView).display = bool(self._steps)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 Textual's
        """Nothing can be restored where nothing was changed."""
        return action != "restore" or bool(self._steps)

    @on(Table.Highlighted)
    def _show(self) -> None:
        row = self.table.cursor_row
        if row is not None:
            try:
                self.query_one(DiffView).lines = changing.step_diff(self.services, self._steps[row.key])
            except HistoryError as error:
                self.app.notify(clean(str(error)), severity="error", markup=False)

    @on(Table.Selected)
    @work(exclusive=True, group="restore", exit_on_error=False)
    async def action_restore(self) -> None:
        row = self.table.cursor_row
        if row is None:
            return
        step = self._steps[row.key]
        if step.state == "undone":
            self._leave(await do_again(self.app, self.services, step))
            return
        question = f"Bring back the state before “{step.label}”?"
        self._leave(await take_back(self.app, self.services, step, changing.restore, question))

    def _leave(self, changed: Path | None) -> None:
        if changed is not None:
            self.dismiss(changed)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        tell_failure(self.app, event)

    def action_back(self) -> None:
        self.dismiss(None)


def _row(step: Step) -> Row:
    when = f"{step.at.astimezone():%Y-%m-%d %H:%M:%S}"
    return Row(step.id, (when, step.label, step.state), "muted" if step.state == "undone" else "")
