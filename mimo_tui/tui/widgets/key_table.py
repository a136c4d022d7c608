"""The list of slots: its columns, and what enter does in it."""

from typing import ClassVar, Final

from textual.binding import Binding, BindingType

from mimo_tui.tui.widgets.table import Column, Table

COLUMNS: Final = (
    Column("slot", "Slot", 16, weight=3),
    Column("verdict", "Verdict", 16, weight=2, priority=1),
    Column("key", "Key", 10, priority=2),
    Column("used", "Used by", 8, weight=2, priority=3),
    Column("checked", "Checked", 10, priority=5),
    Column("set", "Set in", 10, weight=1, priority=4),
    Column("kind", "Kind", 12, weight=1, priority=6),
)


class KeyTable(Table):
    """The list of slots, in which enter checks. A click must not: it would send a key when one only looks."""

    HELP = ""  # that of the screen says it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "screen.act('check')",
            "Check",
            id="keys.check-row",
            tooltip="Ask which cluster the key belongs to",
            show=False,
        ),
    ]
