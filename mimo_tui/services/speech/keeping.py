"""Keeps a take while it comes. What cannot be kept stops nobody."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, TypeVar

from mimo_tui.core.media.boxes import Broken
from mimo_tui.core.secrets import Secret
from mimo_tui.core.speech.waves import read_wave
from mimo_tui.core.take import Take
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.services import Services
from mimo_tui.services.speech.sounding import Sounding, Sounds
from mimo_tui.services.speech.takes import UNKEPT, takes_for
from mimo_tui.store.settings import Settings
from mimo_tui.store.takes import Takes, TakesProblem

T = TypeVar("T")

_AT_ONCE: Final = 1 << 18
"""Bytes that are worked on in one go: copying them gives way to no other thread."""


class Keeping:
    """One take, whose sound is put together and kept in threads, one thing after the other.

    `problem` says why it, or a part of it, could not be kept. Who is cancelled meanwhile loses nothing: what was begun
    goes on, and `settle` waits for it.
    """

    def __init__(self, services: Services, own: Settings, key: Secret, sounding: Sounding) -> None:
        self.problem: Clean = own.problem if own.keeping_takes_unknown else NOTHING
        self._services = services
        self._own = own
        self._key = key
        self._sounding = sounding
        self._takes: Takes | None = None
        self._id = UNKEPT
        self._has_all = True
        self._working: asyncio.Task[object] | None = None

    async def begin(self, take: Take) -> Take:
        """Give the take with its id."""
        return await self._work(lambda: self._begin(take))

    async def begin_part(self) -> bytes:
        """Go on to the next part; give the samples that were held back for it."""
        return await self._work(lambda: self._keep(self._sounding.begin_part()))

    async def feed(self, pieces: Sequence[bytes]) -> bytes:
        """Keep more sound; give what of it can be heard now."""
        return await self._work(lambda: self._feed(pieces))

    async def end_part(self, rest: Sequence[bytes], *, is_whole: bool) -> Sounds:
        """Keep what is left of a part, and give it."""
        return await self._work(lambda: self._end_part(rest, is_whole=is_whole))

    async def close(self) -> bytes:
        """Keep and give what was held back for a part that does not come any more."""
        return await self._work(lambda: self._keep(self._sounding.close()))

    async def end(self, ended: Callable[[], Take]) -> Take:
        """Keep the take as it has become. `ended` is asked for it in the thread."""
        return await self._work(lambda: self._end(ended()))

    async def settle(self) -> None:
        """Wait until nothing is at work here any more."""
        if self._working is not None:
            await asyncio.gather(self._working, return_exceptions=True)

    async def _work(self, work: Callable[[], T]) -> T:
        working = asyncio.create_task(asyncio.to_thread(work))
        self._working = working
        return await asyncio.shield(working)

    def _begin(self, take: Take) -> Take:
        try:
            return self._begun(takes_for(self._services, self._own), take)
        except TakesProblem as problem:
            self._tell(problem)
        # Nobody hears less of it for that; and until the program ends it can be saved somewhere else.
        try:
            return self._begun(self._services.passing_takes(), take)
        except TakesProblem:
            return replace(take, id=UNKEPT)

    def _begun(self, takes: Takes, take: Take) -> Take:
        begun = takes.begin(take, (self._key,))
        self._takes, self._id = takes, begun.id
        return begun

    def _keep(self, samples: bytes) -> bytes:
        if samples and self._takes is not None:
            try:
                for at in range(0, len(samples), _AT_ONCE):
                    self._takes.grow(self._id, samples[at : at + _AT_ONCE])
                self._has_all = True
            except TakesProblem as problem:
                # It is held in memory, and tried again with what comes next, and at the end.
                self._has_all = False
                self._tell(problem)
        return samples

    def _feed(self, pieces: Sequence[bytes]) -> bytes:
        return b"".join([self._keep(self._sounding.feed(piece)) for piece in pieces])

    def _end_part(self, rest: Sequence[bytes], *, is_whole: bool) -> Sounds:
        before = self._feed(rest)
        sounds = self._sounding.end_part(is_whole=is_whole)
        return replace(sounds, samples=before + self._keep(sounds.samples))

    def _end(self, take: Take) -> Take:
        if self._takes is None:
            return take
        take, had_all = replace(take, id=self._id), self._has_all
        try:
            take = self._takes.end(take, self._sounding.whole or None)
            if not had_all:
                # What the disk did not take at its time is there now.
                self.problem = NOTHING
        except TakesProblem as problem:
            self._tell(problem, self._lying(self._takes, take))
            return self._elsewhere(self._takes, take)
        return take

    def _elsewhere(self, takes: Takes, take: Take) -> Take:
        """Keep a take that no folder takes as long as the program runs, so that it can be heard and saved."""
        passing = self._services.passing_takes()
        if passing is takes or not self._sounding.has_sound:
            return take
        try:
            samples = b"" if self._sounding.whole else read_wave(takes.read(take)).samples
            passing.begin(take, (self._key,))
            passing.grow(take.id, samples)
            return passing.end(take, self._sounding.whole or None)
        except (TakesProblem, Broken):
            # Samples are in memory all the same, and a problem was told.
            return take

    def _lying(self, takes: Takes, take: Take) -> str:
        seconds = takes.seconds_on_disk(take)
        if not seconds:
            return ""
        return f"What came of it first, {seconds:.1f} s, lies in {takes.folder}, and is found among the takes later."

    def _tell(self, problem: TakesProblem, more: str = "") -> None:
        self.problem = clean(f"{problem} {more}".rstrip())
