"""What is typed before it can be understood: it is kept, and given on in the order in which it was typed.

Keys come as fast as a terminal hands them over. A list that is still being read, or a dialog that is still being made,
would lose the first of them, and the rest would act as something else.
"""

from operator import attrgetter
from typing import Protocol, TypeAlias, runtime_checkable

from textual import events
from textual.app import App
from textual.screen import Screen
from textual.widget import Widget

Typed: TypeAlias = events.Key | events.Paste

_NEVER_HELD = "ctrl+q"


@runtime_checkable
class Settles(Protocol):
    """A screen on which some keys mean nothing yet."""

    def is_early(self, key: str) -> bool:
        """Whether the key has to wait; the screen calls `give_input` once it need not."""


class TypeAhead(App[None]):
    """An app that can hold back what is typed; leaving the program is always possible."""

    def __init__(self) -> None:
        super().__init__()
        self._held: list[Typed] = []
        self._is_holding = False

    def on_mount(self) -> None:
        self.screen_change_signal.subscribe(self, self._another_screen, immediate=True)

    def hold_input(self) -> None:
        """Keep what is typed from here on, until `give_input`, or until another screen has taken the focus."""
        self._is_holding = True

    def give_input(self) -> None:
        """Give what was kept to whatever has the focus now."""
        self._is_holding = False
        if self._held:
            self.call_later(self._give)

    async def _give(self) -> None:
        while self._held and not self._is_holding:
            await super().on_event(self._held.pop(0))

    def _another_screen(self, screen: Screen[object]) -> None:
        if self._is_holding:
            self.watch(screen, "focused", self._focus_moved, init=False)

    def _focus_moved(self, focused: Widget | None) -> None:
        if focused is not None:
            self.call_later(self.give_input)  # what has the focus must hear of it first

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, Typed) and not event.is_forwarded:
            if self._is_holding and not (isinstance(event, events.Key) and event.key == _NEVER_HELD):
                self._hold(event)
                return
            await self._give()
        await super().on_event(event)

    def on_key(self, event: events.Key) -> None:
        """Hold a key that came back from what had the focus when it was pressed, before it acts on what has it now."""
        screen = self.screen
        if isinstance(screen, Settles) and screen.is_early(event.key):
            self.hold_input()
        if self._is_holding:
            event.prevent_default()
            self._hold(event)

    def on_paste(self, event: events.Paste) -> None:
        """Hold a paste that came back like such a key."""
        if self._is_holding:
            self._hold(event)

    def _hold(self, event: Typed) -> None:
        # Those that come back do so later than others that were typed after them.
        self._held.append(_again(event))
        self._held.sort(key=attrgetter("time"))


def _again(event: Typed) -> Typed:
    """Give the same once more, as one that nobody has seen yet."""
    made = event.copy() if isinstance(event, events.Key) else events.Paste(event.text)
    made.time = event.time
    return made
