"""How something that is coming ends before its time: by ctrl+c, or by a reader that leaves."""

import asyncio
import os
import signal
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def interrupts(stop: asyncio.Event) -> Iterator[None]:
    """Have ctrl+c set `stop`, so that what came is kept, and the second one end the program."""
    loop = asyncio.get_running_loop()

    def interrupted(_: int, __: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        loop.call_soon_threadsafe(stop.set)

    before = signal.getsignal(signal.SIGINT)
    # Whoever started the program in the background may have it deaf to ctrl+c.
    if before in (signal.SIG_IGN, None):
        yield
        return
    signal.signal(signal.SIGINT, interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def leaving(stop: asyncio.Event, left: asyncio.Event) -> Iterator[None]:
    """Set both at once when the reader of a pipe leaves, also while there is nothing to write."""
    loop = asyncio.get_running_loop()

    def gone() -> None:
        loop.remove_reader(descriptor)
        left.set()
        stop.set()

    try:
        descriptor = sys.stdout.fileno()
        if not stat.S_ISFIFO(os.fstat(descriptor).st_mode):
            raise OSError("no pipe")
        # A pipe that is only written to never has anything to read but that its other end was closed.
        loop.add_reader(descriptor, gone)
    except (OSError, ValueError, NotImplementedError):
        yield
        return
    try:
        yield
    finally:
        loop.remove_reader(descriptor)
