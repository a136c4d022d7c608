"""Ask before an address outside the documentation is handed to the browser."""

from typing import ClassVar
from urllib.parse import urlsplit

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from mimo_tui.core.text import Clean, clean
from mimo_tui.tui.screens.dialog import Dialog
from mimo_tui.tui.widgets.key_bar import KeyBar
from mimo_tui.tui.widgets.paragraph import Paragraph


class AskAddress(Dialog[bool]):
    """Shows the whole address; gives True to open it."""

    AUTO_FOCUS = "#address"
    HELP = """\
## A link that leads elsewhere

The address stands here in full, with its host first. `enter` hands it to the browser, `escape` goes back.
"""
    DEFAULT_CSS = """
    AskAddress {
        align: center middle;
        & > .dialog { width: 84; height: auto; }
        #address { height: auto; max-height: 12; margin: 1 0; scrollbar-size-vertical: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,y", "answer(True)", "Open", id="address.open", tooltip="Open it in the browser"),
        Binding("escape,n", "answer(False)", "Back", id="address.back", tooltip="Go back, nothing is opened"),
    ]

    def __init__(self, url: Clean) -> None:
        super().__init__()
        self._url = url

    def compose(self) -> ComposeResult:
        parts = urlsplit(self._url)
        to = f"{parts.hostname}" if parts.hostname else f"a {parts.scheme} program"
        with Vertical(classes="dialog"):
            yield Static(Content(clean(f"This link leads to {to}. Open it in the browser?")), classes="title")
            with VerticalScroll(id="address"):
                yield Paragraph(Content(self._url))
        yield KeyBar()

    def action_answer(self, answer: bool) -> None:  # noqa: FBT001 an action's parameter comes from the binding
        self.dismiss(answer)
