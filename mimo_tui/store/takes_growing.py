"""A take that is still being spoken: its sound lies in a file of its own that this process alone holds."""

import os
import re
import stat
from collections.abc import Iterable
from pathlib import Path
from threading import Lock
from typing import Final, Self

from mimo_tui.core.media.kinds import Format
from mimo_tui.core.secrets import Secret
from mimo_tui.core.speech.samples import WIDTH
from mimo_tui.core.speech.waves import wave_header
from mimo_tui.store import atomic

WAV: Final = f".{Format.WAV}"
PART: Final = re.compile(r"(?P<id>\d{8}-\d{6}-\d{6}-[0-9a-f]{6})\.(?P<process>\d{1,10})\.part")
"""The name of a growing file: the take, and the process that works on it, for where nothing can be locked."""

_PRIVATE_FILE: Final = 0o600
_FLAGS: Final = (
    os.O_RDWR | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
)
_HEADER: Final = len(wave_header(None, 1))
_AT_ONCE: Final = 1 << 20


class Held(Exception):
    """Somebody still works on the file."""


class Growing:
    """The file of a growing take, open and locked. It can be played at any moment, as far as it is there.

    Samples that the disk did not take are held here, and written before all that come later. Every call blocks, may
    come from any thread, and raises OSError.
    """

    def __init__(self, path: Path, descriptor: int, samples: int, secrets: Iterable[Secret] = ()) -> None:
        self.path = path
        self.secrets = tuple(secrets)
        self._descriptor = descriptor
        self._written = samples * WIDTH
        self._waiting = bytearray()
        self._lock = Lock()

    @classmethod
    def made(cls, folder: Path, take_id: str, rate: int, secrets: Iterable[Secret] = ()) -> Self:
        """Make the file of a take with so many samples a second."""
        path = folder / f"{take_id}.{os.getpid()}.part"
        descriptor = os.open(path, _FLAGS | os.O_CREAT | os.O_EXCL, _PRIVATE_FILE)
        made = cls(path, descriptor, 0, secrets)
        try:
            atomic.take_lock(descriptor, wait=False)
            atomic.write_all(descriptor, wave_header(None, rate))
        except BaseException:
            made.remove()
            raise
        return made

    @classmethod
    def left(cls, path: Path) -> Self:
        """Take over the file of a process that is gone. Raises Held where one still works on it."""
        descriptor = os.open(path, _FLAGS)
        try:
            status = _require_left(path, descriptor)
        except BaseException:
            os.close(descriptor)
            raise
        return cls(path, descriptor, max(0, status.st_size - _HEADER) // WIDTH)

    @property
    def samples(self) -> int:
        """How many samples came, with those that the disk did not take."""
        return (self._written + len(self._waiting)) // WIDTH

    @property
    def on_disk(self) -> int:
        """How many of them the disk took."""
        return self._written // WIDTH

    @property
    def changed(self) -> float:
        """When the file was last written, in seconds since 1970."""
        with self._lock:
            return os.fstat(self._descriptor).st_mtime

    @property
    def rate(self) -> int:
        """How many of them make a second, as its header says; 0: it does not say."""
        with self._lock:
            return self._rate()

    def grow(self, samples: bytes) -> None:
        """Add samples."""
        with self._lock:
            self._waiting += samples
            self._settle()

    def finish(self, rate: int = 0) -> int:
        """Write what is missing and how long it is, and give the bytes of the file. `rate` 0: as it was at first."""
        with self._lock:
            self._settle()
            whole = self._written // WIDTH
            header = wave_header(whole, rate or self._rate())
            os.lseek(self._descriptor, 0, os.SEEK_SET)
            atomic.write_all(self._descriptor, header)
            os.ftruncate(self._descriptor, _HEADER + whole * WIDTH)
            os.fsync(self._descriptor)
            return _HEADER + whole * WIDTH

    def read(self) -> bytes:
        """Give all that came, as a WAV."""
        with self._lock:
            header = wave_header(self.samples, self._rate())
            os.lseek(self._descriptor, _HEADER, os.SEEK_SET)
            samples = b"".join(iter(lambda: os.read(self._descriptor, _AT_ONCE), b""))
            return header + samples[: self._written] + bytes(self._waiting)

    def place(self, path: Path) -> None:
        """Give the file its own name, which nobody else has."""
        if os.name == "nt":  # there, a file that is open keeps its name
            self.close()
        os.replace(self.path, path)  # noqa: PTH105

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._descriptor >= 0:
                os.close(self._descriptor)
                self._descriptor = -1

    def remove(self) -> None:
        """Remove the file, if it has no other name yet, and let go of it."""
        if os.name == "nt":
            self.close()
        self.path.unlink(missing_ok=True)
        self.close()

    def _settle(self) -> None:
        """Write what waits. Of what could not be written as a whole nothing stays."""
        if not self._waiting:
            return
        end = _HEADER + self._written
        os.lseek(self._descriptor, end, os.SEEK_SET)
        try:
            atomic.write_all(self._descriptor, bytes(self._waiting))
        except OSError:
            os.ftruncate(self._descriptor, end)
            raise
        self._written += len(self._waiting)
        self._waiting.clear()

    def _rate(self) -> int:
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        return int.from_bytes(os.read(self._descriptor, _HEADER)[_RATE], "little")


_RATE: Final = slice(24, 28)
"""Where the samples a second stand in a header."""


def _require_left(path: Path, descriptor: int) -> os.stat_result:
    """Give what the file is, locked; raises Held where it is in use, or has got another name meanwhile."""
    try:
        locked = atomic.take_lock(descriptor, wait=False)
    except BlockingIOError as error:
        raise Held from error
    status, now = os.fstat(descriptor), path.lstat()
    if not stat.S_ISREG(status.st_mode) or (now.st_ino, now.st_dev) != (status.st_ino, status.st_dev):
        raise Held
    match = PART.fullmatch(path.name)
    if not locked and not (match and atomic.is_abandoned(status.st_mtime, int(match["process"]))):
        raise Held
    return status
