"""Our own program as an output: it stays between two runs, drops what it holds, and says what was heard."""

import struct
from collections.abc import Mapping

from mimo_tui.core.secrets import safe
from mimo_tui.core.speech.samples import WIDTH
from mimo_tui.core.text import NOTHING, Clean
from mimo_tui.sound.child import Child, Lost
from mimo_tui.sound.loudspeaker import Loudspeaker

HEAD = struct.Struct("<cI")
"""A message: its kind, and the bytes that follow."""
BEGIN, SAMPLES, SILENCE = b"b", b"s", b"q"
BEGINNING = struct.Struct("<II")
"""What follows `BEGIN`: samples a second, and the number of the run."""
_LONGEST_REPORT = 1000
_WRAP = 1 << 32
_LAST_WORDS = 0.2


class MessageOutput:
    """Plays by `mimo_tui/sound/speaker.py`."""

    lead = 0.4
    gathers = False

    def __init__(self, loudspeaker: Loudspeaker, environment: Mapping[str, str]) -> None:
        self._loudspeaker = loudspeaker
        self._environment = environment
        self._child: Child | None = None
        self._reports = Reports()
        self._unsent = bytearray()
        self._run = 0
        self._written = 0
        self._is_finished = False

    def begin(self, rate: int) -> None:
        """Begin a run, in the program that is there if it lives."""
        if self._child is None or self._child.exit_code is not None:
            self.close()
            self._reports = Reports()
            self._child = Child(
                self._loudspeaker.called(), self._environment, self._reports.hear, reports=True
            )
        self._run = (self._run + 1) % _WRAP
        self._written = 0
        self._is_finished = False
        self._send(BEGIN, BEGINNING.pack(rate, self._run))

    def offer(self, samples: bytes) -> int:
        """Give how many bytes it took: all, or none while earlier ones wait to be sent."""
        self._flush()
        if self._unsent:
            return 0
        self._send(SAMPLES, samples)
        self._written += len(samples) // WIDTH
        return len(samples)

    def finish(self) -> None:
        """Note that the run has no more samples."""
        self._is_finished = True

    def heard(self) -> int:
        """Give what the program says was heard. Raises Lost where it has ended."""
        self._flush()
        if self._child is not None and (code := self._child.exit_code) is not None:
            self._child.wait(_LAST_WORDS)
            raise Lost(self._reports.problem or Clean(f"The player ended by itself (exit code {code})."))
        run, heard = self._reports.heard
        return min(heard, self._written) if run == self._run else 0

    def is_done(self) -> bool:
        """Tell whether all of a finished run was heard."""
        return self._is_finished and self.heard() >= self._written

    def silence(self) -> None:
        """Drop what the program holds; it stays."""
        if self._child is not None and self._child.exit_code is None:
            self._send(SILENCE, b"")

    def close(self) -> None:
        """End the program."""
        if self._child is not None:
            self._child.kill()
            self._child = None
        self._unsent.clear()

    def _send(self, kind: bytes, data: bytes) -> None:
        self._unsent += HEAD.pack(kind, len(data)) + data
        self._flush()

    def _flush(self) -> None:
        if self._unsent and self._child is not None:
            try:
                del self._unsent[: self._child.write(bytes(self._unsent))]
            except Lost:
                # It ends: why, it says itself, or its exit code does.
                self._unsent.clear()


class Reports:
    """What the program says: lines of `heard RUN SAMPLES` and `problem WORDS`; all else is left aside."""

    def __init__(self) -> None:
        self._rest = b""
        self.heard = (0, 0)
        self.is_ready = False
        self.problem = NOTHING

    def hear(self, data: bytes) -> None:
        """Take more of it."""
        *lines, rest = (self._rest + data).split(b"\n")
        self._rest = rest[-_LONGEST_REPORT:]
        for line in lines:
            match line.split(b" ", 2):
                case [b"heard", run, samples] if run.isdigit() and samples.isdigit():
                    self.heard = (int(run), int(samples))
                case [b"ready", *_]:
                    self.is_ready = True
                case [b"problem", *words]:
                    self.problem = safe(b" ".join(words).decode("utf-8", "replace")[:_LONGEST_REPORT])
