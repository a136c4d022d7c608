"""One run of playing: the samples of a track from one place on, handed over a little ahead of what is heard."""

import time
from dataclasses import dataclass
from typing import Final

from mimo_tui.core.speech.samples import WIDTH
from mimo_tui.core.text import Clean
from mimo_tui.sound.child import Lost
from mimo_tui.sound.output import Output
from mimo_tui.sound.track import Track

_REFILL: Final = 0.4
"""Seconds that must be there before it goes on after it ran dry: else it would stutter."""
_PIECE: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Run:
    """What is played from one place on, until the person or the end changes it. `start` is a sample."""

    number: int
    track: Track
    start: int


class Serving:
    """Hands over a run, step by step, and knows how it stands.

    `heard` are samples of it. `is_over`: all was heard. `is_silent`: what comes next is not there yet. `hurries`: the
    next step need not wait.
    """

    def __init__(self, run: Run, output: Output, patience: float) -> None:
        """Begin it. Raises Lost. After `patience` seconds without progress a program counts as hung."""
        self._track = run.track
        self._next = run.start
        self._output = output
        self._patience = patience
        self._given = 0
        self._is_dry = False
        self._is_finished = False
        self._moved = time.monotonic()
        self.heard = 0
        self.is_over = False
        self.is_silent = False
        self.hurries = False
        output.begin(run.track.rate)

    def step(self) -> None:
        """Hand over what there is room for, and see how it stands. Raises Lost."""
        # Whether it has ended is asked first: what comes in between is then seen the next time.
        is_ended = self._track.is_ended
        self._progress(self._output.heard())
        piece = self._piece(is_ended=is_ended)
        taken = self._output.offer(piece) // WIDTH if piece else 0
        self._given += taken
        self._next += taken
        self.hurries = self._output.gathers and taken > 0
        is_all = self._next >= self._track.length
        if is_ended and is_all and not self._is_finished:
            self._output.finish()
            self._is_finished = True
        ran_dry = is_all and not is_ended and self.heard >= self._given
        self._is_dry = ran_dry or (self._is_dry and not taken)
        self.is_silent = self._is_dry or (self._output.gathers and not self._is_finished)
        self.is_over = self._is_finished and self._output.is_done()

    def _piece(self, *, is_ended: bool) -> bytes:
        rate = self._track.rate
        refills = self._is_dry and self._given > 0 and not is_ended
        if refills and self._track.length - self._next < _REFILL * rate:
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
