"""A dialog with a list that is searched as one types: the line has the focus, the arrow keys move the list."""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.binding import Binding, BindingType
from textual.getters import query_one
from textual.message import Message
from textual.screen import ScreenResultType
from textual.widgets import Input
from textual.worker import Worker

from mimo_tui.tui.failures import tell_failure
from mimo_tui.tui.quick_search import QuickSearch
from mimo_tui.tui.screens.dialog import Dialog
from mimo_tui.tui.widgets.search_line import SearchInput
from mimo_tui.tui.widgets.table import Table

Found = TypeVar("Found")


class SearchDialog(Dialog[ScreenResultType], Generic[ScreenResultType, Found]):
    """Shows what is found for the words; for none, all that there is. It has one `Table` and one `SearchInput`."""

    AUTO_FOCUS = "SearchInput"
    HELP = """\
## Search

What you type is looked for at once; `up` and `down` move the list meanwhile, `enter` takes what is under the cursor.
"""
    DEFAULT_CSS = """
    SearchDialog {
        align: center middle;
        & > .dialog { width: 110; height: 1fr; }
        Table { height: 2fr; margin: 1 0 0 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", id="search-dialog.up", tooltip="To the row above", show=False),
        Binding("down", "move(1)", "Down", id="search-dialog.down", tooltip="To the row below", show=False),
        Binding("pageup", "page(-1)", "Page up", id="search-dialog.page-up", tooltip="A page up", show=False),
        Binding(
            "pagedown",
            "page(1)",
            "Page down",
            id="search-dialog.page-down",
            tooltip="A page down",
            show=False,
        ),
    ]

    table = query_one(Table)
    line = query_one(SearchInput)

    @dataclass
    class Late(Message):
        """Something was found after the letter had been painted; `show` shows it."""

        show: Callable[[], None]

    def __init__(self) -> None:
        super().__init__()
        self._search: QuickSearch[Found] = QuickSearch(self.find, self._take, self._tell_late)

    @abstractmethod
    def find(self, words: str) -> Found:
        """Look for the words. Called in a thread; must not raise."""

    @abstractmethod
    def show_found(self, found: Found) -> None:
        """Show what was found."""

    @abstractmethod
    def take_chosen(self) -> None:
        """Take what is under the cursor of the list."""

    def on_mount(self) -> None:
        self.look()

    def on_unmount(self) -> None:
        self._search.close()

    def look(self) -> None:
        """Look for the words that stand there, now."""
        self._search.ask(self.line.value)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        if self.is_running:
            self._search.ask(event.value)

    def _take(self, words: str, found: Found) -> None:
        if words == self.line.value:
            self.show_found(found)

    def _tell_late(self, words: str, found: Found) -> None:
        self.post_message(self.Late(lambda: self._take(words, found)))

    @on(Late)
    def _came_late(self, event: Late) -> None:
        event.show()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.take_chosen()

    @on(Table.Selected)
    def _selected(self) -> None:
        self.take_chosen()

    def action_move(self, by: int) -> None:
        self.table.action_move(by)

    def action_page(self, by: int) -> None:
        self.table.action_page(by)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        tell_failure(self.app, event)
