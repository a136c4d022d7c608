"""What `--demo` works on: the sample library, and the simulated platform in place of the real one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from mimo_tui.simulator.sample_library import build
from mimo_tui.simulator.standby import Standby

_TOKENS_PER_SECOND = 60.0
"""Slow enough to see an answer come."""


@contextmanager
def sample_home() -> Iterator[Path]:
    """Make a temporary home with the sample library in it, and remove it afterwards."""
    with TemporaryDirectory(prefix="mimo-tui-demo-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        build(home)
        yield home


@contextmanager
def simulated_platform(at: datetime | None = None) -> Iterator[Callable[[], str]]:
    """Give what tells the origin of a simulated platform, which is served from the first time it is asked for.

    `at` is its time at that moment (default: now).
    """
    standby = Standby(tokens_per_second=_TOKENS_PER_SECOND, at=at)
    try:
        yield standby.origin
    finally:
        standby.close()
