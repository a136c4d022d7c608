"""Ask for one line of text, and say at once what is wrong with it."""

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Footer, Input, Static

from mimo_tui.core.text import Clean, clean


class AskText(ModalScreen[str | None]):
    """Gives the text, or None when the person goes back. `fault` says what is wrong with a text, None: nothing."""

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
            yield Input(self._value, compact=True)
            yield Static(Content(self._hint), id="hint", classes="hint")
        yield Footer()

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
