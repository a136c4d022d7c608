"""The player: plays a track while it still grows, and knows where it is. Nothing here waits for sound."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from threading import Condition, Thread

from mimo_tui.core.speech.samples import WIDTH
from mimo_tui.core.text import NOTHING, Clean
from mimo_tui.sound.child import Lost
from mimo_tui.sound.loudspeaker import Loudspeaker
from mimo_tui.sound.output import Output
from mimo_tui.sound.outputs import open_output
from mimo_tui.sound.track import Track

_TICK = 0.02
_REFILL = 0.4
"""Seconds that must be there before it goes on after it ran dry: else it would stutter."""
_PIECE = 1 << 16
_JOINED = 3.0


class PlayerState(StrEnum):
    """What the player does. `WAITING`: it plays, but the sound that comes next is not there yet."""

    STOPPED = "stopped"
    PLAYING = "playing"
    WAITING = "waiting"
    PAUSED = "paused"


_ACTIVE = frozenset({PlayerState.PLAYING, PlayerState.WAITING})


@dataclass(frozen=True, slots=True)
class _Run:
    """What is played from one place on, until the person or the end changes it."""

    number: int
    track: Track
    start: int


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

    def _wanted(self) -> _Run | None:
        if self._state in _ACTIVE and self._track is not None:
            return _Run(self._number, self._track, self._start)
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

    def _serve(self, run: _Run | None, output: Output) -> None:
        heard = 0
        try:
            if run is None:
                output.silence()
                return
            serving = _Serving(run, output, self._patience)
            while self._tell(run, serving.step(), heard := serving.heard):
                with self._changed:
                    if self._number == run.number and not serving.hurries:
                        self._changed.wait(_TICK)
            if self._state not in _ACTIVE:
                output.silence()
        except Lost as lost:
            output.close()
            self._fail(run, heard, lost.reason)

    def _tell(self, run: _Run, state: PlayerState, heard: int) -> bool:
        """Note where it is, and tell whether it goes on."""
        with self._changed:
            if self._number != run.number:
                return False
            if state is PlayerState.STOPPED:
                self._state, self._start, self._heard = state, 0, 0
                self._changed.notify_all()
                return False
            self._state, self._heard = state, heard
            return True

    def _fail(self, run: _Run | None, heard: int, reason: Clean) -> None:
        with self._changed:
            if run is not None and self._number == run.number:
                self._problem = reason
                self._state, self._start, self._heard = PlayerState.STOPPED, run.start + heard, 0
                self._changed.notify_all()


class _Serving:
    """Hands the samples of one run over, a little ahead of what is heard."""

    def __init__(self, run: _Run, output: Output, patience: float) -> None:
        self._track = run.track
        self._next = run.start
        self._output = output
        self._patience = patience
        self._given = 0
        self._is_dry = False
        self._is_finished = False
        self._moved = time.monotonic()
        self.heard = 0
        self.hurries = False
        output.begin(run.track.rate)

    def step(self) -> PlayerState:
        """Hand over what there is room for, and give how it stands: STOPPED at the end. Raises Lost."""
        # Whether it has ended is asked first: what comes in between is then seen the next time.
        is_ended = self._track.is_ended
        self._progress(self._output.heard())
        taken = self._output.offer(piece) if (piece := self._piece(is_ended=is_ended)) else 0
        self._given += taken // WIDTH
        self._next += taken // WIDTH
        self.hurries = self._output.gathers and taken > 0
        is_all = self._next >= self._track.length
        if is_ended and is_all and not self._is_finished:
            self._output.finish()
            self._is_finished = True
        self._is_dry = (not is_ended and is_all and self.heard >= self._given) or (self._is_dry and not taken)
        if self._is_finished and self._output.is_done():
            return PlayerState.STOPPED
        is_silent = self._is_dry or (self._output.gathers and not self._is_finished)
        return PlayerState.WAITING if is_silent else PlayerState.PLAYING

    def _piece(self, *, is_ended: bool) -> bytes:
        rate = self._track.rate
        runs_dry = self._is_dry and self._given > 0 and not is_ended
        if runs_dry and self._track.length - self._next < _REFILL * rate:
            return b""
        room = int(self._output.lead * rate) - (self._given - self.heard)
        return self._track.read(self._next, min(room, _PIECE)) if room > 0 else b""

    def _progress(self, heard: int) -> None:
        now = time.monotonic()
        if heard > self.heard or heard >= self._given or self._output.gathers:
            self._moved = now
        elif now - self._moved > self._patience:
            raise Lost(Clean("The player takes no more sound: it hangs."))
        self.heard = heard


def _clamp(track: Track, seconds: float) -> int:
    return min(max(round(seconds * track.rate), 0), track.length)
