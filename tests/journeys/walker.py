"""A person at the program: presses keys, clicks, and reads what the screen shows."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from unittest.mock import patch

from textual import events
from textual.pilot import Pilot

from mimo_tui.services import Services
from mimo_tui.store.places import places
from mimo_tui.tui.app import MimoApp
from mimo_tui.tui.widgets.key_table import KeyTable
from mimo_tui.tui.widgets.preset_table import PresetTable
from tests.tui.screen_text import screen_lines, screen_text, wait_until

_HOPS = 2
"""Message queues that a key passes on its way up from a field, before an action is carried out."""

_PATIENCE = 15.0
"""Seconds: long before one gives up on a busy machine."""


@dataclass(frozen=True, slots=True)
class Walker:
    """The running program over the library of `home`."""

    app: MimoApp
    pilot: Pilot[None]
    home: Path

    @property
    def saved(self) -> Path:
        """The folder of the person's own presets."""
        return places(self.home).saved

    @property
    def text(self) -> str:
        """What the screen shows."""
        return screen_text(self.app)

    @property
    def lines(self) -> list[str]:
        """What the screen shows, a string a row."""
        return screen_lines(self.app)

    @property
    def screen(self) -> str:
        """The name of the screen on top."""
        return type(self.app.screen).__name__

    @property
    def rows(self) -> list[str]:
        """The row under the cursor of each list that shows one, those behind a dialog too."""
        return [line[line.index("›") :] for line in self.lines if "›" in line]

    @property
    def row(self) -> str:
        """The row under the cursor of the list of presets."""
        return self.rows[0] if self.rows else ""

    @property
    def file(self) -> str:
        """The file of the preset under the cursor, as `saved/mimo-1.json`."""
        chosen = self.app.screen_stack[0].query_one(PresetTable).cursor_row
        return chosen.key if chosen else ""

    @property
    def slot(self) -> str:
        """The slot under the cursor of the list of keys."""
        chosen = self.app.screen_stack[0].query_one(KeyTable).cursor_row
        return chosen.key if chosen else ""

    @property
    def toasts(self) -> str:
        """What the program tells in passing, its title first."""
        return "\n".join(f"{toast.title} | {toast.message}" for toast in self.app._notifications)

    async def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            await self.pilot.press(key)
            for _ in range(_HOPS):
                await self.pilot.pause(0)

    async def write(self, text: str) -> None:
        """Type a text."""
        await self.press(*text)

    async def burst(self, *keys: str) -> None:
        """Press keys faster than the program can follow: none of them waits for what the one before does."""
        for key in keys:
            self.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await self.pilot.pause(0)

    async def paste(self, text: str) -> None:
        """Paste a text, which in a field replaces what the focus selected."""
        self.app.post_message(events.Paste(text))
        for _ in range(_HOPS):
            await self.pilot.pause(0)

    async def until(self, shown: str | Callable[[], object]) -> None:
        """Wait until the screen shows a text, or a condition holds."""
        await wait_until(
            self.pilot, (lambda: shown in self.text) if isinstance(shown, str) else shown, _PATIENCE
        )

    async def on(self, screen: str) -> None:
        """Wait until that screen is on top and drawn."""
        await self.until(lambda: self.screen == screen and self.app.screen.is_active)
        await self.pilot.pause()

    async def told(self, *parts: str) -> None:
        """Wait until the program has told all of this in passing."""
        await self.until(lambda: all(part in self.toasts for part in parts))

    async def find(self, name: str) -> None:
        """Find the preset of that file or name by the filter; the list has the focus then."""
        await self.press("escape", "slash")
        await self.paste(name)
        await self.press("enter")
        await self.until(lambda: name in self.file or name in self.row)
        await self.until(lambda: isinstance(self.app.focused, PresetTable))

    async def find_slot(self, name: str) -> None:
        """Go to Keys, if one is not there, and put the cursor on the slot of that name."""
        if self.screen == "PresetsScreen":
            await self.press("escape", "2")
            await self.on("KeysScreen")
        await self.until(lambda: self.slot)
        await self.press("slash")
        await self.paste(name)
        await self.press("enter")
        await self.until(lambda: self.slot == name)
        await self.press("escape")
        await self.until(lambda: isinstance(self.app.focused, KeyTable))

    async def open(self, name: str, key: str, screen: str) -> None:
        """Find a preset, press a key, and wait for the screen that it opens."""
        await self.find(name)
        await self.press(key)
        await self.on(screen)


async def _at_once(min_sleep: float = 0, max_sleep: float = 0) -> None:
    """Instead of Textual's guess, by the processor's load, when a key is dealt with: up to a second a key."""
    await asyncio.sleep(0.001)


@asynccontextmanager
async def opened(
    services: Services,
    size: tuple[int, int] = (100, 30),
    *,
    listed: str = "mimo-1",
    offline: bool = False,
    gate: Event | None = None,
) -> AsyncIterator[Walker]:
    """Open the program, wait until the list shows `listed` judged, and close it; what failed unseen fails here.

    With a `gate` the services are not there before it is open, and the list shows names only.
    """

    def open_services() -> Services:
        if gate is not None:
            gate.wait(_PATIENCE)
        return services

    app = MimoApp(services.places, open_services, simulated=services.simulated, offline=offline)
    with patch("textual.app.wait_for_idle", _at_once), patch("textual.pilot.wait_for_idle", _at_once):
        async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
            walker = Walker(app, pilot, services.places.home)
            if gate is None:
                await app.workers.wait_for_complete()
            await walker.until(listed)
            yield walker
            assert "This went wrong" not in walker.toasts
