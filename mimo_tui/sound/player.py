"""The player: plays a track while it still grows, and knows where it is. Nothing here waits for sound."""

import asyncio
from collections.abc import Mapping
from enum import StrEnum
from threading import Condition, Thread

from mimo_tui.core.text import NOTHING, Clean
from mimo_tui.sound.child import Lost
from mimo_tui.sound.loudspeaker import Loudspeaker
from mimo_tui.sound.output import Output
from mimo_tui.sound.outputs import open_output
from mimo_tui.sound.serving import Run, Serving
from mimo_tui.sound.track import Track

_TICK = 0.02
_JOINED = 3.0


class PlayerState(StrEnum):
    """What the player does. `WAITING`: it plays, but the sound that comes next is not there yet."""

    STOPPED = "stopped"
    PLAYING = "playing"
    WAITING = "waiting"
    PAUSED = "paused"


_ACTIVE = frozenset({PlayerState.PLAYING, PlayerState.WAITING})


class Player:
    """Plays one track at a time by a program, which is started when it is needed and ended when it has been idle.

    Every method may be called from any thread and returns at once, but `close` and `wait`. `environment` is where the
    program finds a sound server. `patience`: seconds without progress after which a program counts as hung.
    """

    def __init__(
        self,
        loudspeaker: Loudspeaker,
        environment: Mapping[str, str],
        *,
        patience: float = 5.0,
        idle: float = 20.0,
        notice: Clean = NOTHING,
    ) -> None:
        self.name = loudspeaker.name
        self.notice = notice
        self._loudspeaker = loudspeaker
        self._environment = environment
        self._patience = patience
        self._idle = idle
        self._changed = Condition()
        self._state = PlayerState.STOPPED
        self._track: Track | None = None
        self._start = 0
        self._heard = 0
        self._number = 0
        self._problem = NOTHING
        self._thread: Thread | None = None
        self._is_closed = False

    @property
    def state(self) -> PlayerState:
        """Give what it does."""
        return self._state

    @property
    def track(self) -> Track | None:
        """Give what it plays, or played last."""
        return self._track

    @property
    def position(self) -> float:
        """Give the seconds from the beginning of the track to what is heard now."""
        with self._changed:
            return self._place() / self._track.rate if self._track is not None else 0.0

    @property
    def problem(self) -> Clean:
        """Give why it fell silent, as a sentence; nothing where all is well. The next `play` tries again."""
        return self._problem

    def play(self, track: Track, at: float = 0.0) -> None:
        """Play a track from a place in seconds on, in place of what plays; no further than what is there."""
        with self._changed:
            self._track = track
            self._begin(_clamp(track, at))

    def pause(self) -> None:
        """Fall silent and stay where it is."""
        with self._changed:
            if self._state in _ACTIVE:
                self._rest(PlayerState.PAUSED, self._place())

    def resume(self) -> None:
        """Go on where it was paused, or where a problem ended it."""
        with self._changed:
            if self._track is not None and self._state not in _ACTIVE:
                self._begin(self._start)

    def seek(self, seconds: float) -> None:
        """Go to a place, and play or be silent there as before; no further than what is there."""
        with self._changed:
            if self._track is None:
                return
            place = _clamp(self._track, seconds)
            if self._state in _ACTIVE:
                self._begin(place)
            else:
                self._start = place

    def stop(self) -> None:
        """Fall silent and go to the beginning."""
        with self._changed:
            self._problem = NOTHING
            self._rest(PlayerState.STOPPED, 0)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it plays no more, and tell whether that is so. Blocking: for commands."""
        with self._changed:
            return self._changed.wait_for(lambda: self._state not in _ACTIVE, timeout)

    def close(self) -> None:
        """End it, and the program that plays. Blocking, for well under a second."""
        with self._changed:
            self._is_closed = True
            self._rest(PlayerState.STOPPED, 0)
            thread = self._thread
        if thread is not None:
            thread.join(_JOINED)

    async def aclose(self) -> None:
        """End it, and the program that plays, without blocking the loop."""
        await asyncio.to_thread(self.close)

    def _place(self) -> int:
        return self._start + (self._heard if self._state in _ACTIVE else 0)

    def _begin(self, start: int) -> None:
        if self._is_closed:
            return
        self._problem = NOTHING
        self._rest(PlayerState.PLAYING, start)
        if self._thread is None:
            self._thread = Thread(target=self._work, name="player", daemon=True)
            self._thread.start()

    def _rest(self, state: PlayerState, start: int) -> None:
        self._state, self._start, self._heard = state, start, 0
        self._number += 1
        self._changed.notify_all()

    def _wanted(self) -> Run | None:
        if self._state in _ACTIVE and self._track is not None:
            return Run(self._number, self._track, self._start)
        return None

    def _work(self) -> None:
        output = open_output(self._loudspeaker, self._environment)
        try:
            while True:
                with self._changed:
                    number, run = self._number, self._wanted()
                    if self._is_closed:
                        return
                self._serve(run, output)
                with self._changed:
                    if self._number == number and not self._changed.wait(self._idle):
                        self._thread = None
                        return
        finally:
            output.close()

    def _serve(self, run: Run | None, output: Output) -> None:
        heard = 0
        try:
            if run is None:
                output.silence()
                return
            serving = Serving(run, output, self._patience)
            while True:
                serving.step()
                heard = serving.heard
                if not self._tell(run, serving):
                    break
                with self._changed:
                    if self._number == run.number and not serving.hurries:
                        self._changed.wait(_TICK)
            if self._state not in _ACTIVE:
                output.silence()
        except Lost as lost:
            output.close()
            self._fail(run, heard, lost.reason)

    def _tell(self, run: Run, serving: Serving) -> bool:
        """Note where it is, and tell whether it goes on."""
        with self._changed:
            if self._number != run.number:
                return False
            if serving.is_over:
                self._state, self._start, self._heard = PlayerState.STOPPED, 0, 0
                self._changed.notify_all()
                return False
            self._state = PlayerState.WAITING if serving.is_silent else PlayerState.PLAYING
            self._heard = serving.heard
            return True

    def _fail(self, run: Run | None, heard: int, reason: Clean) -> None:
        with self._changed:
            if run is not None and self._number == run.number:
                self._problem = reason
                self._state, self._start, self._heard = PlayerState.STOPPED, run.start + heard, 0
                self._changed.notify_all()


def _clamp(track: Track, seconds: float) -> int:
    return min(max(round(seconds * track.rate), 0), track.length)
