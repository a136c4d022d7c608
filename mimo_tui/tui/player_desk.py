"""The player of a screen: looked for when it is first needed, and what it does in words of the player's line."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.sound.player import Player, PlayerState
from mimo_tui.sound.track import Track
from mimo_tui.tui.turn import Turn
from mimo_tui.tui.widgets.player_line import PlayerShown

if TYPE_CHECKING:
    from mimo_tui.services import Services

_ACTIVE = frozenset({PlayerState.PLAYING, PlayerState.WAITING})


@dataclass(frozen=True, slots=True)
class Playing:
    """What is played. `key` tells it from others, `path` is its file, None: it has none."""

    key: str
    name: Clean
    track: Track
    path: Path | None = None


class PlayerDesk:
    """Plays one thing at a time, and says why where it cannot. `turn` is shared with what else may play."""

    def __init__(self, open_services: "Callable[[], Services]") -> None:
        self._open_services = open_services
        self._finding = asyncio.Lock()
        self._player: Player | None = None
        self._reason = NOTHING
        self._fetch = NOTHING
        self.playing: Playing | None = None
        self.turn = Turn()

    @property
    def reason(self) -> Clean:
        """Why nothing can be heard on this machine; empty: something can, or nobody looked yet."""
        return self._reason

    @property
    def notice(self) -> Clean:
        """What the person should know of where the sound comes out; empty: nothing."""
        return self._player.notice if self._player is not None else NOTHING

    @property
    def is_active(self) -> bool:
        """Whether it plays, or waits for sound that is to come."""
        return self._player is not None and self._player.state in _ACTIVE

    @property
    def state(self) -> PlayerState:
        """What it does."""
        return self._player.state if self._player is not None else PlayerState.STOPPED

    @property
    def position(self) -> float:
        """The seconds from the beginning of what plays, or played last, to what is heard now."""
        return self._player.position if self._player is not None else 0.0

    @property
    def shown(self) -> PlayerShown:
        """Give what it does now."""
        player, playing = self._player, self.playing
        if self._reason:
            return PlayerShown(problem=self._reason, fetch=self._fetch)
        if player is None or playing is None:
            return PlayerShown()
        return PlayerShown(
            player.state,
            player.position,
            playing.track.seconds,
            playing.name,
            player.problem,
            self._fetch if player.problem else NOTHING,
        )

    def played(self, key: str) -> float:
        """Give the share that was played of what has that key, from 0 to 1; 0: another plays, or nothing."""
        player, playing = self._player, self.playing
        if player is None or playing is None or playing.key != key or not playing.track.seconds:
            return 0.0
        return min(player.position / playing.track.seconds, 1.0)

    async def look(self, path: Path | None = None) -> None:
        """See whether anything can be heard here; where nothing can, it says how to get at the file of that path."""
        await self._found(path, is_asked=False)

    async def play(self, playing: Playing, at: float = 0.0) -> None:
        """Play it from a place in seconds on, in place of what plays."""
        player = await self._found(playing.path)
        if player is not None:
            self.playing = playing
            self.turn.take(self.pause)
            player.play(playing.track, at)

    async def toggle(self, playing: Playing) -> None:
        """Play it, or where it is what plays, pause or go on."""
        player = await self._found(playing.path)
        if player is None:
            return
        if self.playing is not None and self.playing.key == playing.key:
            if player.state in _ACTIVE:
                player.pause()
                return
            if player.state is PlayerState.PAUSED:
                self.turn.take(self.pause)
                player.resume()
                return
        self.playing = playing
        self.turn.take(self.pause)
        player.play(playing.track)

    def seek(self, by: float) -> None:
        """Go forward by so many seconds, or back."""
        if self._player is not None and self.playing is not None:
            self._player.seek(self._player.position + by)

    def pause(self) -> None:
        """Fall silent where it is."""
        if self._player is not None:
            self._player.pause()

    def stop(self) -> None:
        """Fall silent."""
        if self._player is not None:
            self._player.stop()

    async def aclose(self) -> None:
        """End it."""
        if self._player is not None:
            await self._player.aclose()

    async def _found(self, path: Path | None, *, is_asked: bool = True) -> Player | None:
        """Give the player. What was not found is looked for again only where the person asks to hear something."""
        from mimo_tui.services.speech.fetching import how_to_fetch
        from mimo_tui.services.speech.playing import NoPlayer, find_player

        async with self._finding:
            services = self._open_services()
            if self._player is None and (is_asked or not self._reason):
                found = await asyncio.to_thread(find_player, services)
                if isinstance(found, NoPlayer):
                    self._reason = found.reason
                else:
                    self._player, self._reason = found, NOTHING
            if path is None:
                self._fetch = NOTHING
            else:
                self._fetch = clean(f"The file: {how_to_fetch(path, services.environment)}")
        return self._player
