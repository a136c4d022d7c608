"""A conversation, and beside it a second answer to the same prompt, until one of them is gone on with."""

from dataclasses import dataclass
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from mimo_tui.core.text import Clean
from mimo_tui.tui.widgets.stream_view import StreamView
from mimo_tui.tui.widgets.table import CURSOR

_ROOM: Final = 90
"""Cells below which the two stand below one another."""


class CompareView(Container):
    """Shows `#talk` alone, or with `heads` also `#second`, beside or below it, each with a head."""

    HELP = """\
## Two answers

`tab` goes from one to the other; `enter` goes on with the one that is marked `›`, and so does what is sent from the
prompt. The other one stays beside it, where `[` and `]` lead.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "take",
            "Go on with this",
            id="playground.take",
            tooltip="Go on with this answer; the other one stays beside it",
        ),
    ]
    DEFAULT_CSS = """
    CompareView {
        width: 1fr;
        height: 1fr;
        layout: horizontal;
        & > Vertical { width: 1fr; height: 1fr; }
        & StreamView { width: 1fr; height: 1fr; padding: 0 1; }
        & .compare--head { display: none; height: 1; padding: 0 1; background: $panel; text-wrap: nowrap;
            text-overflow: ellipsis; }
        & .compare--side:focus-within .compare--head { text-style: bold; color: $text-primary; }
        & .compare--second { display: none; }
        &.-comparing .compare--head { display: block; }
        &.-comparing .compare--second { display: block; border-left: tall $panel; }
        &.-comparing #second { border: none; }
        &.-stacked { layout: vertical; }
        &.-stacked.-comparing .compare--second { border-left: none; }
    }
    """

    heads: reactive[tuple[Clean, Clean] | None] = reactive(None)
    """What stands above the two; None: there is one only."""

    is_second: reactive[bool] = reactive(False)
    """Whether one goes on with the second: that one had the focus last."""

    @dataclass
    class Marked(Message):
        """The person turned to the other one."""

    @dataclass
    class Taken(Message):
        """The person goes on with one of them: the first, or the second."""

        is_second: bool

    first = query_one("#talk", StreamView)
    second = query_one("#second", StreamView)

    def compose(self) -> ComposeResult:
        with Vertical(classes="compare--side"):
            yield Static(classes="compare--head", id="first-head")
            yield StreamView(id="talk")
        with Vertical(classes="compare--side compare--second"):
            yield Static(classes="compare--head", id="second-head")
            yield StreamView(id="second", classes="compare--second")

    def watch_heads(self, heads: tuple[Clean, Clean] | None) -> None:
        self.set_class(heads is not None, "-comparing")
        if heads is None:
            self.is_second = False
        self._show_heads()
        self.refresh_bindings()

    def on_resize(self) -> None:
        self.set_class(self.size.width < _ROOM, "-stacked")

    def on_descendant_focus(self) -> None:
        self.is_second = self.heads is not None and self.second.has_focus

    def watch_is_second(self) -> None:
        self._show_heads()
        self.post_message(self.Marked())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 Textual's
        """There is nothing to choose where there is one only."""
        return action != "take" or self.heads is not None

    def action_take(self) -> None:
        self.post_message(self.Taken(self.is_second))

    def _show_heads(self) -> None:
        if self.heads is None or not self.is_attached:
            return
        places = ("#first-head", "#second-head")
        for number, place in enumerate(places):
            mark = f"{CURSOR} " if self.is_second == bool(number) else "  "
            self.query_one(place, Static).update(Content(f"{mark}{number + 1} · {self.heads[number]}"))
