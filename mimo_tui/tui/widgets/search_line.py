"""A line for words to look for, above a list that moves by the arrow keys meanwhile."""

from typing import ClassVar

from textual.binding import Binding, BindingType

from mimo_tui.tui.widgets.plain_input import PlainInput


class SearchInput(PlainInput):
    """A line in which `enter` takes what is under the cursor of the list below."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Open", id="search-line.open", tooltip="Take what is under the cursor"),
    ]
    DEFAULT_CSS = """
    SearchInput { height: 1; border: none; padding: 0; margin: 1 0 0 0; }
    """
