"""The sample library that `--demo` works on."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from mimo_tui.simulator.sample_library import build


@contextmanager
def sample_home() -> Iterator[Path]:
    """Make a temporary home with the sample library in it, and remove it afterwards."""
    with TemporaryDirectory(prefix="mimo-tui-demo-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        build(home)
        yield home
