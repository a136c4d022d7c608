"""A player that only takes files: the rest of the track goes into a private WAV, and is played when all is there."""

import os
import tempfile
import time
import weakref
from collections.abc import Callable, Mapping
from io import BufferedWriter
from pathlib import Path

from mimo_tui.core.secrets import safe
from mimo_tui.core.speech.samples import WIDTH
from mimo_tui.core.speech.waves import wave_header
from mimo_tui.core.text import Clean
from mimo_tui.sound.child import Child, LastWords, Lost
from mimo_tui.sound.loudspeaker import WAVE_VARIABLE, Loudspeaker

_GRACE = 5.0
"""Seconds by which it may be late: PowerShell alone takes one to start."""

_LAST_WORDS = 0.2


class FileOutput:
    """Plays by a program that is given a path."""

    lead = float(1 << 20)
    gathers = True

    def __init__(self, loudspeaker: Loudspeaker, environment: Mapping[str, str]) -> None:
        self._loudspeaker = loudspeaker
        self._environment = environment
        self._child: Child | None = None
        self._words = LastWords()
        self._file: BufferedWriter | None = None
        self._path: Path | None = None
        self._remove: Callable[[], object] | None = None
        self._rate = 1
        self._written = 0
        self._since: float | None = None

    def begin(self, rate: int) -> None:
        """Begin a file."""
        self.close()
        self._rate, self._written, self._since = rate, 0, None
        try:
            # Only the person may read it.
            number, name = tempfile.mkstemp(prefix="mimo-tui-", suffix=".wav")
            self._path, self._file = Path(name), os.fdopen(number, "wb")
            # Should nobody close this, the file goes when the program does.
            self._remove = weakref.finalize(self, _remove, self._path)
            self._file.write(wave_header(0, rate))
        except OSError as error:
            raise _cannot(error) from error

    def offer(self, samples: bytes) -> int:
        """Write samples. Raises Lost where that cannot be."""
        if self._file is None:
            raise Lost(Clean("The player is not running."))
        try:
            self._file.write(samples)
        except OSError as error:
            raise _cannot(error) from error
        self._written += len(samples)
        return len(samples)

    def finish(self) -> None:
        """Complete the file and play it."""
        if self._file is None or self._path is None:
            raise Lost(Clean("The player is not running."))
        try:
            self._file.seek(0)
            self._file.write(wave_header(self._written // WIDTH, self._rate))
            self._file.close()
        except OSError as error:
            raise _cannot(error) from error
        self._file = None
        self._words = LastWords()
        path = str(self._path)
        command = self._loudspeaker.called(self._rate, path)
        self._child = Child(command, self._environment, self._words.hear, extra={WAVE_VARIABLE: path})
        self._since = time.monotonic()

    def heard(self) -> int:
        """Give what must have been heard by now, as the clock says."""
        if self._since is None:
            return 0
        return min(self._written // WIDTH, int((time.monotonic() - self._since) * self._rate))

    def is_done(self) -> bool:
        """Tell whether it was played. Raises Lost where the program failed."""
        if self._child is None or self._since is None:
            return False
        code = self._child.exit_code
        if code is None:
            return time.monotonic() - self._since > self._written / WIDTH / self._rate + _GRACE
        if code:
            self._child.wait(_LAST_WORDS)
            words = self._words.line
            colon = ": " if words else "."
            raise Lost(Clean(f"{self._loudspeaker.name} failed (exit code {code}){colon}{words}"))
        return True

    def silence(self) -> None:
        """End the program and take the file away."""
        self.close()

    def close(self) -> None:
        """End the program and take the file away."""
        if self._child is not None:
            self._child.kill()
            self._child = None
        try:
            if self._file is not None:
                self._file.close()
        except OSError:
            # A full disk: what could not be written is to go anyway.
            pass
        self._file = None
        self._path = None
        if self._remove is not None:
            self._remove()
            self._remove = None


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        # Windows holds a file that is open. It lies in the temporary folder, which the system empties.
        return


def _cannot(error: OSError) -> Lost:
    return Lost(safe(f"The sound cannot be written for the player: {error.strerror or error}."))
