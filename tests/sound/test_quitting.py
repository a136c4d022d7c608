"""No player outlives the program, in whatever way that ends."""

import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from mimo_tui.sound.loudspeaker import Loudspeaker, has_library, own_loudspeaker
from tests.sound.programs import is_alive, player_program, until

PLAYS = """
import os, sys, time
from pathlib import Path
from mimo_tui.core.text import Clean
from mimo_tui.sound.loudspeaker import Loudspeaker, Way
from mimo_tui.sound.player import Player
from mimo_tui.sound.track import Track

def parent(process):
    return int((process / "stat").read_text().rpartition(")")[2].split()[1])

way, *command = sys.argv[1:]
player = Player(Loudspeaker(Clean("fake"), Way(way), tuple(command)), os.environ)
player.play(Track(24_000, bytes(48_000 * 60), is_ended=True))
while player.position == 0:
    time.sleep(0.002)
processes = list(Path("/proc").glob("[0-9]*"))
print(*(each.name for each in processes if each.exists() and parent(each) == os.getpid()))
"""
ENDS = "sys.exit()"
STAYS = "sys.stdout.flush(); time.sleep(60)"

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are read from /proc")


def started(loudspeaker: Loudspeaker, last: str) -> "tuple[subprocess.Popen[str], int]":
    """Start a program that plays, and give it and its player."""
    command = [sys.executable, "-c", PLAYS + last, loudspeaker.way.value, *loudspeaker.command]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, int(process.stdout.readline())


def ended(process: int) -> bool:
    """Tell whether a process is gone."""
    return not is_alive(process)


def loudspeakers(folder: Path) -> list[Loudspeaker]:
    """Give one that reads its input, and ours."""
    ours = [own_loudspeaker(silent=True)] if has_library() else []
    return [player_program(folder, "cat > /dev/null"), *ours]


@pytest.mark.parametrize("last", [ENDS, STAYS], ids=["it ends", "it is killed"])
def test_the_player_ends_with_the_program(tmp_path: Path, last: str) -> None:
    for loudspeaker in loudspeakers(tmp_path):
        process, player = started(loudspeaker, last)
        with process:
            if last is STAYS:
                assert is_alive(player)
                process.send_signal(signal.SIGKILL)
            process.wait(10)
        until(partial(ended, player))


def test_a_player_that_hears_nothing_ends_with_a_program_that_ends_in_order(tmp_path: Path) -> None:
    # It reads once, so that the clock runs, and then no more.
    process, player = started(player_program(tmp_path, "head -c 2 > /dev/null; exec sleep 60"), ENDS)
    with process:
        process.wait(10)
    until(partial(ended, player))
