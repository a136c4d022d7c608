"""Players for tests: real programs that do with their standard input what a test wants to see."""

import os
import time
from collections.abc import Callable
from pathlib import Path

from mimo_tui.core.text import Clean
from mimo_tui.sound.loudspeaker import Loudspeaker, Way

RATE = 24_000
RECORDS = 'exec cat > "{folder}/$$.raw"'
"""A player that takes all at once, and keeps it in a file named after its process."""


def program(folder: Path, name: str, script: str) -> Path:
    """Write a shell script that can be run. `{folder}` in it is the folder that it lies in."""
    path = folder / name
    path.write_text("#!/bin/sh\n" + script.replace("{folder}", str(folder)) + "\n")
    path.chmod(0o755)
    return path


def player_program(folder: Path, script: str = RECORDS) -> Loudspeaker:
    """Give a loudspeaker that takes samples by such a script."""
    return Loudspeaker(Clean("fake"), Way.SAMPLES, (str(program(folder, "fake", script)), "{rate}"))


def recorded(folder: Path) -> list[bytes]:
    """Give what each start of a recording player was given, in the order of their starts."""
    files = sorted(folder.glob("*.raw"), key=lambda path: path.stat().st_ctime_ns)
    return [path.read_bytes() for path in files]


def until(holds: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.002)


def sound(seconds: float, step: int = 1) -> bytes:
    """Give samples of which no two stretches are the same."""
    count = round(seconds * RATE)
    return b"".join((at * step % 65_521).to_bytes(2, "little") for at in range(count))


def is_alive(process: int) -> bool:
    """Tell whether a process runs; one that only waits to be reaped does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


ENVIRONMENT = {"PATH": os.environ["PATH"]}
