"""A field of a few values, of which one is chosen with the arrow keys: one line, nothing unfolds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from mimo_tui.core.text import clean


class ChoiceField(Widget, can_focus=True):
    """Shows the chosen value; the first one is none, shown as `unset`."""

    HELP = """\
## A choice

`right` and `space` go to the next value, `left` to the one before, `delete` back to what the model does by itself.
A click goes on too.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,space,enter", "step(1)", "Next", id="choice.next", tooltip="The next value"),
        Binding("left", "step(-1)", "Before", id="choice.before", tooltip="The value before", show=False),
        Binding(
            "delete,backspace",
            "clear",
            "Leave out",
            id="choice.clear",
            tooltip="Leave it to the model",
            show=False,
        ),
    ]
    DEFAULT_CSS = """
    ChoiceField {
        width: 1fr;
        height: 1;
        text-wrap: nowrap;
        text-overflow: ellipsis;
        background: $boost;
        &:focus { background: $block-cursor-background; color: $block-cursor-foreground; }
    }
    """

    value: reactive[str] = reactive("")

    @dataclass
    class Changed(Message):
        """The person chose another value; empty: none."""

        value: str

    def __init__(self, values: Sequence[str], value: str, *, unset: str) -> None:
        super().__init__()
        self._values = ("", *values)
        self._unset = unset
        self.set_reactive(ChoiceField.value, value if value in self._values else "")

    def render(self) -> Content:
        if self.value:
            return Content(clean(f"‹ {self.value} ›"))
        shown = clean(f"‹ {self._unset} ›")
        return Content(shown) if self.has_focus else Content.styled(shown, "$text-muted")

    def action_step(self, by: int) -> None:
        self._choose(self._values[(self._values.index(self.value) + by) % len(self._values)])

    def action_clear(self) -> None:
        self._choose("")

    def on_click(self) -> None:
        self.action_step(1)

    def _choose(self, value: str) -> None:
        if value != self.value:
            self.value = value
            self.post_message(self.Changed(value))
