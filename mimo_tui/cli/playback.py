"""Plays what `mimo-tui speak` has spoken, from the first sound on."""

import asyncio
from typing import Final

from mimo_tui.cli.errors import say
from mimo_tui.core.media.boxes import Broken
from mimo_tui.core.media.kinds import HEAD, Format, format_of
from mimo_tui.core.speech.waves import read_wave
from mimo_tui.services import Services
from mimo_tui.services.speech.playing import NoPlayer, find_player
from mimo_tui.sound.player import Player
from mimo_tui.sound.track import Track

_GLANCE: Final = 0.1
"""Seconds between two looks at whether it is over, or was stopped."""


class Playback:
    """One sound after the other. `has_begun`: there is something to be heard of the one that is on."""

    def __init__(self, player: Player) -> None:
        self._player = player
        self._track: Track | None = None

    @property
    def has_begun(self) -> bool:
        """Whether some of the sound is there."""
        return self._track is not None and self._track.length > 0

    def begin(self, rate: int) -> None:
        """Go on to the next sound, of so many samples a second, of which nothing is there yet."""
        self._track = Track(rate)
        self._player.play(self._track)

    def feed(self, samples: bytes) -> None:
        """Take more of it."""
        if self._track is not None:
            self._track.feed(samples)

    def load(self, data: bytes) -> None:
        """Go on to a sound that is whole: a WAV, or an MP3 where something here decodes it. Call it in a thread."""
        from mimo_tui.sound.decoding import NoDecoder, decode

        try:
            if format_of(data[:HEAD]) is Format.WAV:
                wave = read_wave(data)
                samples, rate = wave.samples, wave.rate
            else:
                decoded = decode(data)
                samples, rate = decoded.samples, decoded.rate
        except (Broken, NoDecoder) as error:
            say(f"It is not played: {error}")
            return
        self._track = Track(rate, samples)
        self._player.play(self._track)

    def end(self) -> None:
        """Say that no more of it comes."""
        if self._track is not None and not self._track.is_ended:
            self._track.end()

    async def over(self, stop: asyncio.Event) -> None:
        """Wait until all of it was heard, or until `stop` is set."""
        while not stop.is_set() and not await asyncio.to_thread(self._player.wait, _GLANCE):
            pass
        if self._player.problem:
            say(self._player.problem)
        self._player.stop()
        self._track = None

    async def aclose(self) -> None:
        """Let go of the loudspeaker."""
        await self._player.aclose()


def open_playback(services: Services) -> Playback | NoPlayer:
    """Find a loudspeaker, or why there is none. Blocks."""
    found = find_player(services)
    if isinstance(found, NoPlayer):
        return found
    if found.notice:
        say(found.notice)
    return Playback(found)
