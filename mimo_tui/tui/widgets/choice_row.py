"""A few values beside each other, of which one is chosen: `● WAV  ○ MP3`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from mimo_tui.core.text import Clean, clean
from mimo_tui.tui.widgets.finding_text import MUTED

_CHOSEN: Final = "●"
_OTHER: Final = "○"
_GAP: Final = 2


@dataclass(frozen=True, slots=True)
class Value:
    """One of the values: `id` is what it is, `shown` how it is called."""

    id: str
    shown: Clean


class ChoiceRow(Widget, can_focus=True):
    """Shows a title and all values in a line."""

    HELP = """\
## A choice

`right` and `space` go to the next value, `left` to the one before; a click takes one. `●` is the chosen one.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,space", "step(1)", "Next", id="choice-row.next", tooltip="The next value"),
        Binding("left", "step(-1)", "Before", id="choice-row.before", tooltip="The value before", show=False),
    ]
    DEFAULT_CSS = """
    ChoiceRow {
        width: 1fr;
        height: 1;
        text-wrap: nowrap;
        text-overflow: ellipsis;
        &:focus { background: $block-cursor-background; color: $block-cursor-foreground; }
    }
    """

    value: reactive[str] = reactive("")

    @dataclass
    class Changed(Message):
        """The person chose another value."""

        row: "ChoiceRow"
        value: str

        @property
        def control(self) -> "ChoiceRow":
            """The row, so that `@on(ChoiceRow.Changed, "#id")` works."""
            return self.row

    def __init__(
        self,
        title: str,
        values: Sequence[Value],
        value: str = "",
        *,
        id: str | None = None,  # noqa: A002 Textual's word
    ) -> None:
        """`title` is blank-padded by the caller where several rows stand below each other."""
        super().__init__(id=id)
        self._title = clean(title)
        self._values = tuple(values)
        self.set_reactive(ChoiceRow.value, value or self._values[0].id)

    def render(self) -> Content:
        parts = [Content.styled(self._title, "" if self.has_focus else MUTED)]
        parts += [_shown(each, is_chosen=each.id == self.value) for each in self._values]
        return Content(" " * _GAP).join(parts)

    def action_step(self, by: int) -> None:
        ids = [each.id for each in self._values]
        self._choose(ids[(ids.index(self.value) + by) % len(ids)])

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None:
            return
        end = cell_len(self._title)
        for each in self._values:
            end += _GAP + _shown(each, is_chosen=False).cell_length
            if offset.x < end:
                self._choose(each.id)
                return

    def _choose(self, value: str) -> None:
        if value != self.value:
            self.value = value
            self.post_message(self.Changed(self, value))


def _shown(value: Value, *, is_chosen: bool) -> Content:
    sign = _CHOSEN if is_chosen else _OTHER
    return Content.styled(f"{sign} {value.shown}", "bold" if is_chosen else "")
