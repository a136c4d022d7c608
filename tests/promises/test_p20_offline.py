"""Promise 20: starting and editing open no socket."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]

PROGRAM = """
import asyncio, sys
from pathlib import Path

calls = []
# Addresses of the file system and pairs of sockets are the event loop's own; an inet socket leads out.
def watch(event, arguments):
    if event == "socket.connect" or event in ("socket.getaddrinfo", "socket.bind", "socket.sendto"):
        calls.append((event, arguments[1:]))
sys.addaudithook(watch)

from mimo_tui.services import make_services
from mimo_tui.simulator.sample_library import build
from tests.journeys.stages import STAGES, back, save
from tests.journeys.walker import opened

home = Path(sys.argv[1])
build(home)

async def main():
    async with opened(make_services(home), (80, 24)) as walker:
        await save(walker)
        await walker.press("enter")
        await walker.on("PresetsScreen")
        await walker.told("Saved")
        for name in ("switch", "editor", "history", "help", "palette"):
            await STAGES[name](walker)
            await back(walker)

asyncio.run(main())
assert b"changed" in (home / ".lingtai-tui/presets/saved/mimo-1.json").read_bytes()
if "--prove" in sys.argv:
    import socket
    with socket.socket() as outside:
        outside.connect_ex(("127.0.0.1", 9))
print(len(calls), calls)
"""


def run(home: Path, *options: str) -> str:
    """Run the program in a process of its own and give what it noted."""
    home.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(home), *options],
        capture_output=True,
        text=True,
        timeout=120,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


def test_starting_editing_and_saving_open_no_socket(
    tmp_path: Path, reached: Callable[[str, str], None]
) -> None:
    assert run(tmp_path / "home") == "0 []"
    reached("20", "start, edit, save and five more screens: 0 sockets connected")


def test_the_watch_would_see_a_socket(tmp_path: Path) -> None:
    assert run(tmp_path / "home", "--prove").startswith("1 [('socket.connect'")
