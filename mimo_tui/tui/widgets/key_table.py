"""The list of slots: its columns, and what enter does in it."""

from typing import ClassVar, Final

from textual.binding import Binding, BindingType

from mimo_tui.tui.widgets.table import Column, Table

COLUMNS: Final = (
    Column("slot", "Slot", 20, weight=2),
    Column("verdict", "Verdict", 24, weight=3, priority=1),
    Column("key", "Key", 10, priority=2),
    Column("checked", "Checked", 10, priority=3),
    Column("used", "Used by", 7, weight=2, priority=4),
    Column("set", "Set in", 10, weight=1, priority=5),
    Column("kind", "Kind", 12, weight=1, priority=6),
)


class KeyTable(Table):
    """The list of slots, in which enter only looks: a key that is pressed once too often must not send anything."""

    HELP = ""  # that of the screen says it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter", "select", "Read", id="table.select", tooltip="Go to the text beside the list", show=False
        ),
    ]
