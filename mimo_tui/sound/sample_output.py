"""A system player that takes samples on its standard input: one for each run, kept a little ahead by the clock."""

import time
from collections.abc import Mapping

from mimo_tui.core.speech.samples import WIDTH
from mimo_tui.core.text import Clean
from mimo_tui.sound.child import Child, LastWords, Lost
from mimo_tui.sound.loudspeaker import Loudspeaker

_GRACE = 1.5
"""Seconds that a player has, after the sound must be over, to end by itself."""

_LAST_WORDS = 0.2


class SampleOutput:
    """Plays by a program that says nothing of what it has played.

    What was heard goes by the clock, from the moment on at which the program read the first sample, and is never more
    than it has read.
    """

    lead = 0.4
    gathers = False

    def __init__(self, loudspeaker: Loudspeaker, environment: Mapping[str, str]) -> None:
        self._loudspeaker = loudspeaker
        self._environment = environment
        self._child: Child | None = None
        self._words = LastWords()
        self._rate = 1
        self._written = 0
        self._half = b""
        self._before = 0
        self._since: float | None = None
        self._is_finished = False
        self._over: float | None = None

    def begin(self, rate: int) -> None:
        """Start the program anew: what the old one held is dropped with it."""
        self.close()
        self._rate, self._written, self._half = rate, 0, b""
        self._before, self._since, self._over = 0, None, None
        self._is_finished = False
        self._words = LastWords()
        self._child = Child(self._loudspeaker.called(rate), self._environment, self._words.hear)

    def offer(self, samples: bytes) -> int:
        """Give how many bytes it took. Raises Lost where it takes no more."""
        child = self._running()
        self._send_half(child)
        if self._half:
            return 0
        if self._since is not None and self.heard() >= self._written // WIDTH:
            # It had nothing left to play: the clock goes on from here.
            self._before, self._since = self._written // WIDTH, time.monotonic()
        try:
            taken = child.write(samples)
        except Lost as lost:
            raise self._ended(child) from lost
        self._written += taken
        if taken % WIDTH:
            # A pipe may fill in the middle of a sample, which counts as taken then: its other byte follows.
            self._half = samples[taken : taken + 1]
            taken += 1
        return taken

    def finish(self) -> None:
        """End the input of the program: it plays out and goes."""
        if not self._half:
            self._running().end_input()
        self._is_finished = True

    def heard(self) -> int:
        """Give what must have been heard by now. Raises Lost where the program ended too early."""
        child = self._running()
        code = child.exit_code
        if code is not None and (code or not self._is_finished):
            raise self._ended(child)
        try:
            read = (self._written - (0 if self._is_finished else child.unread())) // WIDTH
        except Lost as lost:
            raise self._ended(child) from lost
        now = time.monotonic()
        if self._since is None:
            if not read:
                return 0
            self._since = now
        return min(read, self._before + int((now - self._since) * self._rate))

    def is_done(self) -> bool:
        """Tell whether all was heard: the program has ended, or has had its time."""
        child = self._running()
        if self._half:
            self._send_half(child)
            if not self._half:
                child.end_input()
        if child.exit_code is not None:
            return self._is_finished
        if not self._is_finished or self.heard() < self._written // WIDTH:
            return False
        self._over = self._over or time.monotonic()
        if time.monotonic() - self._over < _GRACE:
            return False
        self.close()
        return True

    def silence(self) -> None:
        """End the program: none of them has another way to drop what it holds."""
        self.close()

    def close(self) -> None:
        """End the program."""
        if self._child is not None:
            self._child.kill()
            self._child = None

    def _running(self) -> Child:
        if self._child is None:
            raise Lost(Clean("The player is not running."))
        return self._child

    def _send_half(self, child: Child) -> None:
        if self._half:
            taken = child.write(self._half)
            self._written += taken
            self._half = self._half[taken:]

    def _ended(self, child: Child) -> Lost:
        # It may only just be ending, and its last words be on their way.
        code = child.wait(_LAST_WORDS)
        name, words = self._loudspeaker.name, self._words.line
        what = "takes no more sound" if code is None else f"ended too early (exit code {code})"
        return Lost(Clean(f"{name} {what}{': ' if words else '.'}{words}"))
