"""What is typed before it can be understood: it is kept, and given on in the order in which it was typed.

Keys come as fast as a terminal hands them over. A list that is still being read, or a dialog that is still being made,
would lose the first of them, and the rest would act as something else.
"""

from dataclasses import dataclass
from operator import attrgetter
from typing import Final, Protocol, TypeAlias, runtime_checkable

from textual import events, on
from textual.app import App
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget

Typed: TypeAlias = events.Key | events.Paste

_NEVER_HELD: Final = "ctrl+q"
_LONGEST: Final = 0.3
"""Seconds for which one waits for what is on its way back."""


@runtime_checkable
class Settles(Protocol):
    """A screen on which some keys mean nothing yet."""

    def is_early(self, key: str) -> bool:
        """Whether the key has to wait; the screen calls `give_input` once it need not."""


@runtime_checkable
class TakesPaste(Protocol):
    """A screen that has a place for what is pasted where nothing takes it."""

    def take_paste(self, text: str) -> None:
        """Put it there."""


@dataclass
class CaughtUp(Message, bubble=True):
    """Sent after what was typed, by the same way: once it is back, so is all that nobody took."""

    hold: int


class TypeAhead(App[None]):
    """An app that can hold back what is typed; leaving the program is always possible."""

    def __init__(self) -> None:
        super().__init__()
        self._held: list[Typed] = []
        self._holder: object | None = None
        self._hold_number = 0
        self._asked: Widget | Screen[object] | None = None

    def on_mount(self) -> None:
        self.screen_change_signal.subscribe(self, self._another_screen, immediate=True)

    def hold_input(self, holder: object) -> None:
        """Keep what is typed from here on, until its holder gives it, or until another screen has taken the focus."""
        self._holder = holder
        self._hold_number += 1

    def give_input(self, holder: object) -> None:
        """Give what was kept to whatever has the focus now; what another holds stays held."""
        if self._holder is holder:
            self._catch_up()

    def _catch_up(self) -> None:
        # What was typed before may still be on its way back, and has to be given first.
        number = self._hold_number
        if self._asked is None:
            self.post_message(CaughtUp(number))
            return
        self._asked.post_message(CaughtUp(number))
        # What is going away gives nothing back.
        self.set_timer(_LONGEST, lambda: self.post_message(CaughtUp(number)))

    @on(CaughtUp)
    async def _caught_up(self, event: CaughtUp) -> None:
        if self._holder is not None and event.hold == self._hold_number:
            self._holder = None
            await self._give()

    def _another_screen(self, screen: Screen[object]) -> None:
        if self._holder is not None:
            self.watch(screen, "focused", self._focus_moved, init=False)

    def _focus_moved(self, focused: Widget | None) -> None:
        if focused is not None and self._holder is not None:
            self.call_later(self._catch_up)  # what has the focus must hear of it first

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, Typed) and not event.is_forwarded:
            if self._holder is not None and not (isinstance(event, events.Key) and event.key == _NEVER_HELD):
                self._hold(event)
                return
            self._asked = self.focused or self.screen
        await super().on_event(event)

    async def _give(self) -> None:
        held, self._held = self._held, []
        for event in held:
            await self.on_event(event)

    def on_key(self, event: events.Key) -> None:
        """Hold a key that came back from what had the focus when it was pressed, before it acts on what has it now."""
        screen = self.screen
        if self._holder is None and isinstance(screen, Settles) and screen.is_early(event.key):
            self.hold_input(screen)
        if self._holder is not None:
            event.prevent_default()
            self._hold(event)

    def on_paste(self, event: events.Paste) -> None:
        """Hold a paste that came back like such a key; else it goes where the screen has a place for it."""
        if self._holder is not None:
            self._hold(event)
        elif isinstance(self.screen, TakesPaste):
            self.screen.take_paste(event.text)

    def _hold(self, event: Typed) -> None:
        # Those that come back do so later than others that were typed after them.
        self._held.append(_again(event))
        self._held.sort(key=attrgetter("time"))


def _again(event: Typed) -> Typed:
    """Give the same once more, as one that nobody has seen yet."""
    made = event.copy() if isinstance(event, events.Key) else events.Paste(event.text)
    made.time = event.time
    return made
