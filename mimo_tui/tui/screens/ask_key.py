"""Ask for a key. What is typed stays hidden; its length and its kind are said at once."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static
from textual.worker import Worker

from mimo_tui.core.catalogue import Catalogue
from mimo_tui.core.endpoints import key_kind
from mimo_tui.core.secrets import Secret
from mimo_tui.core.text import Clean, clean
from mimo_tui.services.keys.setting import KeyPlan, KeyRefused
from mimo_tui.tui.failures import tell_failure
from mimo_tui.tui.screens.dialog import Dialog
from mimo_tui.tui.widgets.key_bar import KeyBar


class KeyInput(Input):
    """A line that shows a dot for each character. What is typed is never drawn, so that it may be anything."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Go on", id="ask-key.answer", tooltip="Look at the diff, then save"),
    ]


@dataclass(frozen=True, slots=True)
class TypedKey:
    """What was typed, and the plan that was made of it."""

    secret: Secret
    plan: KeyPlan


class AskKey(Dialog[TypedKey | None]):
    """Gives the key with the plan that `made` makes of it, or None when the person goes back.

    `made` may read files, so it runs in a thread; what it refuses is said below the line.
    """

    HELP = """\
## A key

Paste or type it, then `enter`. It is shown as dots only, and written only after you have seen the diff. A `NAME=` or
`Bearer ` before a pasted key is taken off. `escape` goes back.
"""
    DEFAULT_CSS = """
    AskKey {
        align: center middle;
        & > .dialog { width: 72; height: auto; }
        Input { margin: 1 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="ask-key.back", tooltip="Go back, nothing is written"),
    ]

    def __init__(self, question: Clean, catalogue: Catalogue, made: Callable[[Secret], KeyPlan]) -> None:
        super().__init__()
        self._question = question
        self._catalogue = catalogue
        self._made = made

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(self._question), classes="title")
            yield KeyInput(password=True, compact=True)
            yield Static(Content("Paste it: only dots are shown."), id="hint", classes="hint")
        yield KeyBar()

    @on(Input.Changed)
    def _describe(self, event: Input.Changed) -> None:
        length = len(event.value)
        kind = key_kind(Secret(event.value.strip()), self._catalogue)
        known = f" · {kind.title} ({kind.prefix}…)" if kind is not None else ""
        self._say(f"{length} character{'s' if length != 1 else ''}{known}")

    @on(Input.Submitted)
    @work(exclusive=True, group="plan", exit_on_error=False)
    async def _plan(self, event: Input.Submitted) -> None:
        secret = Secret(event.value)
        try:
            plan = await asyncio.to_thread(self._made, secret)
        except KeyRefused as refusal:
            self._say(f"✗ {refusal}", is_fault=True)
        else:
            self.dismiss(TypedKey(secret, plan))

    def _say(self, text: str, *, is_fault: bool = False) -> None:
        hint = self.query_one("#hint", Static)
        hint.update(Content(clean(text)))
        hint.set_class(is_fault, "error")

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        tell_failure(self.app, event)

    def action_back(self) -> None:
        self.dismiss(None)
