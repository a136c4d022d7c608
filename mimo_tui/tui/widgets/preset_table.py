"""The list of presets: its columns, and what enter does in it."""

from typing import ClassVar, Final

from textual.binding import Binding, BindingType

from mimo_tui.tui.widgets.table import Column, Table

COLUMNS: Final = (
    Column("name", "Preset", 14, weight=3),
    Column("findings", "Findings", 8, priority=1),
    Column("model", "Model", 16, weight=3, priority=2),
    Column("endpoint", "Endpoint", 16, weight=2, priority=3),
    Column("key", "Key", 10, priority=4),
    Column("slot", "Slot", 16, weight=2, priority=5),
    Column("place", "Place", 8, priority=6),
    Column("capabilities", "Capabilities", 14, weight=2, priority=7),
)


class PresetTable(Table):
    """The list of presets, in which enter edits."""

    HELP = ""  # that of the screen says it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Edit", id="table.select", tooltip="Edit the preset in a form"),
    ]
