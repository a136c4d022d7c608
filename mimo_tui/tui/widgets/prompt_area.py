"""The lines in which one writes to the model: enter sends, and what is dropped on them is offered as a file."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets.text_area import Location

from mimo_tui.tui.widgets.plain_text_area import PlainTextArea

_ENTER: Final = "enter"


class PromptArea(PlainTextArea):
    """Grows with its text, up to six lines.

    `up` in its first line and `down` in its last ask for what was written before.
    """

    HELP = """\
## The prompt

`enter` sends it; `ctrl+j` or `alt+enter` begins another line, and `shift+enter` where the terminal tells it from
`enter`. `up` in the first line brings back what was written before. A file that is dropped on the terminal, or a path
that is pasted, is attached. `escape` leaves the prompt, so that single letters act.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(_ENTER, "send", "Send", id="playground.send", tooltip="Send what is written"),
        Binding(
            "shift+enter,ctrl+j,alt+enter",
            "newline",
            "New line",
            id="playground.newline",
            tooltip="Begin another line",
            show=False,
        ),
    ]
    DEFAULT_CSS = """
    PromptArea {
        height: auto;
        min-height: 1;
        max-height: 6;
        padding: 0 1;
        border: none;
        background: $boost;
        scrollbar-size-vertical: 1;
        &:focus { border: none; }
    }
    """

    @dataclass
    class Recalled(Message):
        """What was written before is asked for: further back by 1, or forward by -1."""

        by: int

    @dataclass
    class Pasted(Message):
        """A text was pasted that may be the path of a file; it stands between those two places of `area`."""

        text: str
        start: Location
        end: Location
        area: "PromptArea"

    def __init__(self, send: Callable[[str], None], *, id: str | None = None) -> None:  # noqa: A002 Textual's
        """`send` is called with the text, which stays until it is taken away; at once, since the next key may act on
        what the text was written for.
        """
        super().__init__(id=id, compact=True, highlight_cursor_line=False, show_line_numbers=False)
        self._send = send

    def write(self, text: str) -> None:
        """Put a text in place of what is there, with the cursor at its end. What was there comes back by undo."""
        self.replace(text, self.document.start, self.document.end, maintain_selection_offset=False)
        self.move_cursor(self.document.end)

    def take_back(self, start: Location, end: Location, text: str) -> None:
        """Take a text away that stands between those places, if it still does."""
        if self.get_text_range(start, end) == text:
            self.delete(start, end)

    def action_send(self) -> None:
        self._send(self.text)

    def action_newline(self) -> None:
        self.replace("\n", *self.selection, maintain_selection_offset=False)
        self.scroll_cursor_visible()

    def action_cursor_up(self, select: bool = False) -> None:  # noqa: FBT001, FBT002 Textual's
        if not select and self._row == 0:
            self.post_message(self.Recalled(1))
        else:
            super().action_cursor_up(select)

    def action_cursor_down(self, select: bool = False) -> None:  # noqa: FBT001, FBT002 Textual's
        if not select and self._row == self.wrapped_document.height - 1:
            self.post_message(self.Recalled(-1))
        else:
            super().action_cursor_down(select)

    @property
    def _row(self) -> int:
        """The row of the cursor, as the lines are wrapped."""
        return self.wrapped_document.location_to_offset(self.cursor_location).y

    def on_key(self, event: events.Key) -> None:
        """Leave enter to the binding; Textual's own widget would write it into the text."""
        if event.key == _ENTER:
            event.prevent_default()

    def on_paste(self, event: events.Paste) -> None:
        """Write what is pasted at once; whether it is a file is found out meanwhile."""
        event.prevent_default()
        event.stop()
        self.paste(event.text)

    def paste(self, text: str) -> None:
        """Write a text that was pasted, at the cursor."""
        start = min(self.selection)
        result = self.replace(text, *self.selection, maintain_selection_offset=False)
        self.move_cursor(result.end_location)
        self.post_message(self.Pasted(text, start, result.end_location, self))
