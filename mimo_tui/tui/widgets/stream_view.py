"""A conversation, while it is being written: any length at the same cost (`textual.md` §B, §C4).

What comes is laid out in frames, at most 30 in a second, each with as much as it can take in some milliseconds; the
rest comes in the next. Only the last block of a text is read again, and only lines that changed are painted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from mimo_tui.tui.page.layout import Flow, Laid
from mimo_tui.tui.page.turn_lines import GROWING, Part, TurnLines
from mimo_tui.tui.page.turns import Note, ShownTurn
from mimo_tui.tui.widgets.stream_lines import SHORT, StreamLines

__all__ = ["Note", "ShownTurn", "StreamView"]


class StreamView(StreamLines):
    """Shows a conversation, its end in sight as long as nobody scrolls up."""

    HELP = """\
## Conversation

- `up`, `down`, `pageup`, `pagedown`, `space`, `home`, `end` scroll, and so does the wheel; at the end it follows
- `alt+up` and `alt+down` choose the turn before and after, and so does a click
- `tab` and `shift+tab` choose a link that is in sight, `enter` or a click follows it
- what the mouse selects, `ctrl+c` copies, with the breaks of lines undone
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "alt+up",
            "turn(-1)",
            "Turn before",
            id="stream.previous",
            tooltip="Choose the turn before",
            show=False,
        ),
        Binding(
            "alt+down", "turn(1)", "Turn after", id="stream.next", tooltip="Choose the turn after", show=False
        ),
    ]

    @dataclass
    class TurnChosen(Message):
        """Another turn is chosen; None: none any more."""

        turn: int | None

    def show(self, turns: Sequence[ShownTurn]) -> None:
        """Show a conversation, from its end. What of it is shown already is not laid out again."""
        before, self._turns = self._turns, {}
        flow, room = Flow(self._flow.width or self._width), SHORT
        for turn in turns:
            lines = self._turns[turn.id] = before.get(turn.id) or TurnLines(turn)
            lines.take(turn)
        for lines in reversed(self._turns.values()):
            room -= lines.text.length + lines.reasoning.length
            for part, laid in self._laid_short(lines) if room > 0 else ():
                lines.parts[part] = list(lines.fitting(part, 0, laid))
        for lines in self._turns.values():
            lines.show_at(self._width, chosen=lines.turn.id == self.chosen)
            for laid in lines.parts:
                flow.add(laid)
        self._turn_to(flow, None)
        if self.chosen not in self._turns:
            self.chosen = None
        self._work_on()

    def put(self, turn: ShownTurn) -> None:
        """Add a turn at the end, or show one with the same id as it is now."""
        lines = self._turns.get(turn.id)
        if lines is None:
            lines = self._turns[turn.id] = TurnLines(turn)
        else:
            lines.take(turn)
        for part, laid in self._laid_short(lines):
            self._replace(lines, part, 0, laid)
        if self._width:
            self._lay_frame(lines)
        if not lines.is_laid:
            self._work_on()

    def grow(self, id: int, text: str = "", reasoning: str = "") -> None:  # noqa: A002 the word that the others use
        """Add to a turn; of a turn that is not shown, nothing is. It is painted with the next frame."""
        if (lines := self._turns.get(id)) is not None:
            lines.text.add(text)
            lines.reasoning.add(reasoning)
            self._grown_at = monotonic()
            self._time_frame()

    def _laid_short(self, lines: TurnLines) -> Iterator[tuple[Part, list[Laid]]]:
        """Lay out those texts of a turn that are short and not laid out yet; the others are for a thread."""
        for part in GROWING:
            grown = lines.grown(part)
            is_short = grown.length <= SHORT or (part is Part.REASONING and lines.turn.folded)
            if is_short and not grown.is_laid and self._reader and self._width:
                grown.is_laid = True
                yield part, lines.layer(part, self._width)(self._reader)

    def turn_at(self, y: int) -> int | None:
        """Give the turn on a line of the conversation, from 0; None: there is none."""
        if 0 <= y < self._flow.height:
            block = self._flow.spot(y).block
            for lines in self._turns.values():
                block -= lines.count
                if block < 0:
                    return lines.turn.id
        return None

    def bring(self, turn: int) -> None:
        """Bring the head of a turn into sight."""
        lines = self._turns.get(turn)
        if lines is not None and lines.count:
            y = self._flow.y(self._start(lines))
            if not self._is_in_sight(y):
                self._scroll(max(y - 1, 0))

    # Choosing a turn.

    def watch_chosen(self, old: int | None, new: int | None) -> None:
        for turn in (old, new):
            lines = self._turns.get(turn) if turn is not None else None
            if lines is not None and self._width:
                self._lay_frame(lines)
        self.post_message(self.TurnChosen(new))

    def action_turn(self, by: int) -> None:
        """Choose the turn before or after; where none is chosen, the last."""
        if order := list(self._turns):
            at = order.index(self.chosen) + by if self.chosen in self._turns else len(order) - 1
            self.chosen = order[min(max(at, 0), len(order) - 1)]
            self.bring(self.chosen)

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is not None and event.button == 1 and self.text_selection is None:
            turn = self.turn_at(offset.y + round(self.scroll_y))
            self.chosen = self.chosen if turn is None else turn
