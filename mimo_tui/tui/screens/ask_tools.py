"""Write the tools that the model may call, as JSON."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static, TextArea

from mimo_tui.core.text import clean, clean_lines
from mimo_tui.core.written_tools import EXAMPLE, ToolsError, read_tools
from mimo_tui.tui.screens.dialog import Dialog
from mimo_tui.tui.widgets.key_bar import KeyBar
from mimo_tui.tui.widgets.plain_text_area import PlainTextArea

_HINT = clean("The model may call them; you write what they give back. Empty: none.")


class AskTools(Dialog[str | None]):
    """Gives the JSON, empty for no tools, or None when the person goes back. It is read by `read_tools`."""

    HELP = """\
## Tools

A JSON list of the functions that the model may call, each with a name, and where it takes arguments with a schema of
its `parameters`. `ctrl+s` takes it, `f2` writes an example, `escape` goes back.
"""
    DEFAULT_CSS = """
    AskTools {
        align: center middle;
        & > .dialog { width: 100; height: auto; }
        TextArea { height: 16; max-height: 60%; border: none; padding: 0; margin: 1 0 0 0; background: $boost; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "take", "Take", id="tools.take", tooltip="Offer these tools to the model"),
        Binding("f2", "example", "Example", id="tools.example", tooltip="Write an example in its place"),
        Binding("escape", "back", "Back", id="tools.back", tooltip="Go back, nothing is changed"),
    ]

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content("Tools that the model may call, as JSON"), classes="title")
            yield PlainTextArea(clean_lines(self._text), tab_behavior="focus")
            yield Static(Content(_HINT), id="hint", classes="hint")
        yield KeyBar()

    @on(TextArea.Changed)
    def _judge(self, event: TextArea.Changed) -> None:
        fault = _fault(event.text_area.text)
        hint = self.query_one("#hint", Static)
        hint.update(Content(f"✗ {clean(fault)}" if fault else _HINT))
        hint.set_class(bool(fault), "error")

    def action_take(self) -> None:
        text = self.query_one(PlainTextArea).text
        if not _fault(text):
            self.dismiss(text)

    def action_example(self) -> None:
        self.query_one(PlainTextArea).text = EXAMPLE

    def action_back(self) -> None:
        self.dismiss(None)


def _fault(text: str) -> str:
    try:
        read_tools(text)
    except ToolsError as error:
        return str(error)
    return ""
