"""A line for the path of a file, into which one can be dropped."""

import re
from dataclasses import dataclass
from typing import ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from mimo_tui.core.text import clean
from mimo_tui.tui.widgets.plain_input import PlainInput

_WHOLE_PATH: Final = re.compile(r"""\s*(?:["']?(?:/|~|[A-Za-z]:\\)|file:)""")
"""How a path begins that says all: it stands in place of what stood there."""


class PathInput(PlainInput):
    """A line in which enter goes on with the path. What is pasted stands there at once, and is told of."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "submit",
            "Go on",
            id="path.go-on",
            tooltip="Read what is named; once it is read, go on",
        ),
    ]

    @dataclass
    class Pasted(Message):
        """Something was pasted, which may name files."""

        input: "PathInput"
        text: str

        @property
        def control(self) -> "PathInput":
            """The line, so that `@on(PathInput.Pasted, "#id")` works."""
            return self.input

    def on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.take(event.text)

    def take(self, text: str) -> None:
        """Take what was pasted: a whole path in place of what stands there, else where the cursor is."""
        line = next(iter(text.splitlines()), "")
        if _WHOLE_PATH.match(line):
            self.put(line)
        else:
            start, end = self.selection
            self.replace(clean(line), min(start, end), max(start, end))
        self.post_message(self.Pasted(self, text))

    def put(self, path: str) -> None:
        """Have that path stand there in place of what stood there."""
        self.value = clean(path)
        self.cursor_position = len(self.value)
