"""A program that takes sound: started without a terminal, fed without waiting, ended with everything it started."""

import os
import signal
import subprocess
import sys
import weakref
from collections.abc import Callable, Mapping, Sequence
from io import FileIO
from pathlib import Path
from threading import Thread
from types import MappingProxyType
from typing import cast

from mimo_tui.core.secrets import safe
from mimo_tui.core.text import NOTHING, Clean
from mimo_tui.sound.surroundings import surroundings

_PIECE = 4096
_FAREWELL = 1.0
"""Seconds that a killed child has until it is gone."""
_WORDS = 200


class Lost(Exception):
    """What played plays no more. `reason` is a sentence for the person."""

    def __init__(self, reason: Clean) -> None:
        super().__init__(reason)
        self.reason = reason


class Child:
    """A program in a session of its own, so that it finds no terminal to write on or to read keys from.

    What it writes goes to `said`, from a thread of its own: its reports, or else its complaints (standard error).
    When this program ends in whatever way, its input ends; in an orderly way, it is killed.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        said: Callable[[bytes], None],
        *,
        reports: bool = False,
        extra: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Start it. Raises Lost where that cannot be. `extra` are variables of ours for its environment."""
        output, complaints = (subprocess.PIPE, subprocess.DEVNULL)
        if not reports:
            output, complaints = complaints, output
        try:
            process = subprocess.Popen(  # noqa: S603 an absolute path, and arguments of ours
                command,
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=complaints,
                env=surroundings(environment) | dict(extra),
                start_new_session=os.name == "posix",
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            name = Path(command[0]).name
            raise Lost(safe(f"{name} cannot be started: {error.strerror or error}.")) from error
        self._process = process
        self._input = cast("FileIO", process.stdin)
        if os.name == "posix":
            os.set_blocking(self._input.fileno(), False)
        pipe = cast("FileIO", process.stdout or process.stderr)
        self._listener = Thread(target=_hear, args=(pipe, said), name="loudspeaker-says", daemon=True)
        self._listener.start()
        self._end = weakref.finalize(self, _kill, process)

    @property
    def exit_code(self) -> int | None:
        """Give how it ended; None: it runs."""
        return self._process.poll()

    def wait(self, seconds: float) -> int | None:
        """Wait until it ended and all that it said was heard, and give how; None: it still runs. Blocking."""
        try:
            code = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        self._listener.join(seconds)
        return code

    def write(self, data: bytes) -> int:
        """Give it bytes, and give how many it took: 0 where it has enough. Raises Lost where it takes no more."""
        try:
            return os.write(self._input.fileno(), data)
        except BlockingIOError:
            return 0
        except (OSError, ValueError) as error:
            raise Lost(Clean("it takes no more sound")) from error

    def unread(self) -> int:
        """Give how many bytes it was given and has not read yet; 0 where the system cannot tell.

        Raises Lost where it reads no more.
        """
        if sys.platform == "win32":
            return 0
        import fcntl
        import select
        import termios

        try:
            poll = select.poll()
            poll.register(self._input.fileno(), 0)
            if any(event & select.POLLERR for _, event in poll.poll(0)):
                raise Lost(Clean("it takes no more sound"))
            count = fcntl.ioctl(self._input.fileno(), termios.FIONREAD, b"\0" * 4)
        except (OSError, ValueError):
            return 0
        return int.from_bytes(count, sys.byteorder)

    def end_input(self) -> None:
        """Say that nothing more comes."""
        _close(self._input)

    def kill(self) -> None:
        """End it and all that it started, at once."""
        self._end()


class LastWords:
    """The last of what a program wrote, for the sentence that says why it failed."""

    def __init__(self) -> None:
        self._tail = b""

    def hear(self, data: bytes) -> None:
        """Take more of it."""
        self._tail = (self._tail + data)[-_PIECE:]

    @property
    def line(self) -> Clean:
        """Give its last line that says something; nothing where it said nothing."""
        lines = [line.strip() for line in self._tail.decode("utf-8", "replace").splitlines()]
        told = [line for line in lines if any(letter.isalpha() for letter in line)]
        return safe(told[-1][:_WORDS]) if told else NOTHING


def _hear(pipe: FileIO, said: Callable[[bytes], None]) -> None:
    with pipe:
        while True:
            try:
                data = os.read(pipe.fileno(), _PIECE)
            except OSError:
                return
            if not data:
                return
            said(data)


def _kill(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        try:
            if sys.platform == "win32":
                process.kill()
            else:
                # It leads its own group: a script that plays by another program takes that one with it.
                os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    _close(cast("FileIO", process.stdin))
    try:
        process.wait(_FAREWELL)
    except subprocess.TimeoutExpired:
        # The system holds it in a call to a device. It ends when that returns.
        process.returncode = -signal.SIGTERM


def _close(pipe: FileIO) -> None:
    try:
        pipe.close()
    except OSError:
        # What it had not read is lost, and nobody is there to hear it.
        return
