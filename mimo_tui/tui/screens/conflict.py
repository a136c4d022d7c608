"""The file changed while it was being edited: theirs, mine, or field by field."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Static

from mimo_tui.core.json_text import format_path
from mimo_tui.core.text import clean
from mimo_tui.services.presets.merging import Difference, Merge
from mimo_tui.tui.screens.dialog import Dialog
from mimo_tui.tui.widgets.key_bar import KeyBar
from mimo_tui.tui.widgets.table import Column, Row, Table

_COLUMNS = (
    Column("keep", "Keep", 6),
    Column("field", "Field", 16, weight=1),
    Column("theirs", "Theirs (on disk)", 16, weight=2),
    Column("mine", "Mine", 16, weight=2),
    Column("before", "As it was", 12, weight=1, priority=1),
)


class ChoiceTable(Table):
    """The fields, in which enter saves what is chosen. A second click on a row only turns its choice."""

    HELP = ""  # that of the screen says it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.take", "Save", id="conflict.save", tooltip="Save what is chosen"),
    ]


class ConflictDialog(Dialog[frozenset[int] | None]):
    """Gives the numbers of my edits that are kept (none of them: all is theirs), or None to go back to the draft."""

    DEFAULT_CSS = """
    ConflictDialog {
        align: center middle;
        & > .dialog { width: 110; height: auto; }
        Table { height: auto; max-height: 14; min-height: 4; margin: 1 0 0 0; }
    }
    """
    HELP = """\
## The file changed meanwhile

Someone else saved the same file since it was read. Values that you did not touch stay theirs in any case.
`space` chooses for one field, `m` takes all of yours, `t` all of theirs, `enter` saves the choice.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "choose", "Turn", id="conflict.toggle", tooltip="Choose for this field"),
        Binding("m", "all(True)", "All mine", id="conflict.mine", tooltip="Keep all of your values"),
        Binding("t", "all(False)", "All theirs", id="conflict.theirs", tooltip="Keep all of their values"),
        Binding(
            "escape", "back", "Back", id="conflict.back", tooltip="Back to the draft; nothing is written"
        ),
    ]

    table = query_one(Table)

    def __init__(self, merge: Merge) -> None:
        super().__init__()
        self._merge = merge
        self._mine = {difference.number for difference in merge.differences if not difference.is_contested}

    def compose(self) -> ComposeResult:
        name = self._merge.plan.original.reference
        with Vertical(classes="dialog"):
            yield Static(Content(f"{name} changed since it was read."), classes="title")
            if self._merge.problem is not None:
                yield Static(Content(f"✗ {self._merge.problem}"), classes="error")
                yield Static(
                    Content("Nothing was written. Your draft is kept: escape goes back to it."),
                    classes="hint",
                )
            else:
                yield Static(
                    Content("Everything that you did not touch stays as they wrote it."), classes="hint"
                )
                yield ChoiceTable(_COLUMNS, self._rows())
        yield KeyBar()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 Textual's
        return action == "back" or self._merge.problem is None

    def _rows(self) -> tuple[Row, ...]:
        return tuple(self._row(difference) for difference in self._merge.differences)

    def _row(self, difference: Difference) -> Row:
        keep = "mine" if difference.number in self._mine else "theirs"
        cells = (
            keep,
            clean(format_path(difference.path)),
            difference.theirs,
            difference.mine,
            difference.before,
        )
        return Row(str(difference.number), cells, "warning" if difference.is_contested else "")

    @on(Table.Selected)
    def action_choose(self) -> None:
        row = self.table.cursor_row
        if row is not None:
            self._mine ^= {int(row.key)}
            self.table.rows = self._rows()

    def action_all(self, mine: bool) -> None:  # noqa: FBT001 an action's parameter comes from the binding
        self._mine = {difference.number for difference in self._merge.differences} if mine else set()
        self.table.rows = self._rows()

    def action_take(self) -> None:
        self.dismiss(frozenset(self._mine))

    def action_back(self) -> None:
        self.dismiss(None)
