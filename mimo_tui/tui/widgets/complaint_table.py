"""The list of complaints: its columns, and where enter leads."""

from typing import ClassVar, Final

from textual.binding import Binding, BindingType
from textual.reactive import var

from mimo_tui.tui.widgets.table import Column, Table

COLUMNS: Final = (
    Column("severity", "Severity", 8, priority=2),
    Column("where", "Where", 18, weight=1, priority=1),
    Column("what", "What", 24, weight=3),
    Column("since", "Since", 10, priority=3),
)


class ComplaintTable(Table):
    """The list of complaints, from which enter goes to what is complained of."""

    HELP = ""  # that of the screen says it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "select",
            "Go there",
            id="table.select",
            tooltip="Go to the preset, the slot or the page that it is about",
        ),
    ]

    leads: var[bool] = var(False)
    """Whether there is anywhere to go from the row under the cursor."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Go nowhere from a row that leads nowhere."""
        return super().check_action(action, parameters) and (action != "select" or self.leads)
