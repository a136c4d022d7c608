"""The program that plays: samples come in messages on standard input, reports of what was heard go out.

It runs alone, since sound libraries write on standard error as they please, which is where a screen is drawn. It
imports nothing of ours but the form of a message; what it takes and says is in `message_output.py`.
"""

import os
import struct
import sys
from array import array
from collections.abc import Generator
from threading import Lock
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    import miniaudio

# The same as in message_output.py, which this program does not import: it is started by its path.
_HEAD = struct.Struct("<cI")
_BEGINNING = struct.Struct("<II")
_BEGIN, _SAMPLES, _SILENCE = b"b", b"s", b"q"
_LARGEST = 1 << 20

_PERIOD = 20
"""Milliseconds that the device asks for at once."""
_PERIODS = 3
_FADES = 200
"""A fade takes the 200th part of a second."""


class Feed:
    """The samples that wait for the device. Fades in and out where sound is cut, so that it does not click."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting = bytearray()
        self._rate = 1
        self._run = 0
        self._played = 0
        self._silence = 0
        self._is_fresh = True
        self._told = 0

    def begin(self, rate: int, run: int) -> None:
        """Drop what waits, and begin to count anew."""
        self.drop()
        with self._lock:
            self._rate, self._run = rate, run
            # The fade that still waits is none of it.
            self._played, self._silence = -(len(self._waiting) // 2), 0
            self._is_fresh = True
            self._told = 0

    def add(self, samples: bytes) -> None:
        """Add samples of the run."""
        with self._lock:
            if self._is_fresh:
                self._is_fresh = False
                samples = _faded(samples, self._rate // _FADES, rising=True)
            self._waiting += samples

    def drop(self) -> None:
        """Drop what waits but for a fade."""
        with self._lock:
            kept = bytes(self._waiting[: self._rate // _FADES * 2])
            self._waiting[:] = _faded(kept, len(kept) // 2, rising=False)

    def take(self, count: int) -> bytes:
        """Give so many samples to the device, silence where none wait, and report what was heard by now."""
        with self._lock:
            taken = bytes(self._waiting[: count * 2])
            del self._waiting[: count * 2]
            self._played += len(taken) // 2
            missing = count - len(taken) // 2
            self._silence = self._silence + missing if missing else 0
            # The device still holds what it was given last, as far as no silence has followed.
            held = max(0, self._rate * _PERIOD * _PERIODS // 1000 - self._silence)
            heard, run = self._played - held, self._run
            is_more, self._told = heard > self._told, max(heard, self._told)
        if is_more:
            say(f"heard {run} {heard}")
        return taken + bytes(missing * 2)


def say(report: str) -> None:
    """Write a line to whoever feeds this program, without ever waiting."""
    try:
        os.write(1, f"{report}\n".encode())
    except OSError:
        # It does not listen, and the next report says all that this one did.
        return


def open_device(rate: int, *, silent: bool) -> "miniaudio.PlaybackDevice":
    """Give the device of this machine. Raises miniaudio.MiniaudioError where there is none."""
    import miniaudio

    # The one named NULL takes all sound and plays none; without a list the library would fall back to it.
    real = [each for each in miniaudio.Backend if each.name not in {"NULL", "CUSTOM"}]
    device = miniaudio.PlaybackDevice(
        output_format=miniaudio.SampleFormat.SIGNED16,
        nchannels=1,
        sample_rate=rate,
        buffersize_msec=_PERIOD,
        callback_periods=_PERIODS,
        backends=[miniaudio.Backend.NULL] if silent else real,
        app_name="mimo-tui",
    )
    device.stop_callback = _gone
    return device


def play(source: BinaryIO, *, silent: bool) -> None:
    """Play what comes, until nothing more does."""
    feed, device, rate = Feed(), None, 0
    while head := source.read(_HEAD.size):
        kind, size = _HEAD.unpack(head)
        data = source.read(size) if 0 < size <= _LARGEST else b""
        if kind == _BEGIN:
            wanted, run = _BEGINNING.unpack(data)
            if device is None or wanted != rate:
                if device is not None:
                    device.stop_callback = None
                    device.close()
                device, rate = open_device(wanted, silent=silent), wanted
                device.start(_playing(feed))
            feed.begin(rate, run)
        elif kind == _SAMPLES:
            feed.add(data)
        elif kind == _SILENCE:
            feed.drop()


def main(arguments: list[str]) -> int:
    """Play, or with `--probe RATE` only tell whether there is a device; gives the exit code."""
    silent = "--silent" in arguments
    if os.name == "posix":
        os.set_blocking(1, False)
    try:
        import miniaudio
    except ImportError:
        say("problem The library miniaudio is not installed.")
        return 1
    try:
        if "--probe" in arguments:
            open_device(int(arguments[arguments.index("--probe") + 1]), silent=silent).close()
            say("ready")
        else:
            play(sys.stdin.buffer, silent=silent)
    except miniaudio.MiniaudioError:
        say("problem The library miniaudio finds no sound device.")
        return 1
    except struct.error:
        say("problem What was to be played came to pieces.")
        return 1
    return 0


def _playing(feed: Feed) -> Generator[bytes, int, None]:
    generator = _give(feed)
    next(generator)
    return generator


def _give(feed: Feed) -> Generator[bytes, int, None]:
    count = yield b""
    while True:
        count = yield feed.take(count)


def _gone() -> None:
    say("problem The sound device has gone away.")
    # This is a thread of the library's, and the one that reads waits for input.
    os._exit(1)


def _faded(samples: bytes, count: int, *, rising: bool) -> bytes:
    values = array("h", samples)
    if sys.byteorder == "big":
        values.byteswap()
    count = min(count, len(values))
    for at in range(count):
        values[at] = values[at] * (at if rising else count - at) // count
    if sys.byteorder == "big":
        values.byteswap()
    return values.tobytes()


if __name__ == "__main__":
    code = main(sys.argv[1:])
    # Leaving in order waits for the device, which may hang; the system takes it back at once.
    os._exit(code)
