"""Ask for one line of text, and say at once what is wrong with it."""

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from mimo_tui.core.text import Clean, clean
from mimo_tui.tui.screens.dialog import Dialog
from mimo_tui.tui.widgets.key_bar import KeyBar
from mimo_tui.tui.widgets.plain_input import PlainInput


class AnswerInput(PlainInput):
    """A line in which enter answers."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Go on", id="ask.answer", tooltip="Go on with this text"),
    ]


class AskText(Dialog[str | None]):
    """Gives the text, or None when the person goes back. `fault` says what is wrong with a text, None: nothing."""

    HELP = """\
## A name

Type it, then `enter`. What is wrong with it is said below the line at once. `escape` goes back.
"""
    DEFAULT_CSS = """
    AskText {
        align: center middle;
        & > .dialog { width: 64; height: auto; }
        Input { margin: 1 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="ask.back", tooltip="Go back, nothing is written"),
    ]

    def __init__(self, question: Clean, value: str, hint: Clean, fault: Callable[[str], str | None]) -> None:
        super().__init__()
        self._question = question
        self._value = value
        self._hint = hint
        self._fault = fault

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(self._question), classes="title")
            yield AnswerInput(self._value, compact=True)
            yield Static(Content(self._hint), id="hint", classes="hint")
        yield KeyBar()

    @on(Input.Changed)
    def _judge(self, event: Input.Changed) -> None:
        fault = self._fault(event.value)
        hint = self.query_one("#hint", Static)
        hint.update(Content(f"✗ {clean(fault)}" if fault else self._hint))
        hint.set_class(fault is not None, "error")

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        if self._fault(event.value) is None:
            self.dismiss(event.value)

    def action_back(self) -> None:
        self.dismiss(None)
