"""Our own program that plays, with the backend that plays in time and to no device."""

import os
import struct
import subprocess
import sys
from array import array
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise

import pytest

from mimo_tui.sound import message_output, speaker
from mimo_tui.sound.child import Child
from mimo_tui.sound.loudspeaker import own_loudspeaker
from mimo_tui.sound.message_output import BEGIN, BEGINNING, HEAD, SAMPLES, Reports
from mimo_tui.sound.player import Player, PlayerState
from mimo_tui.sound.probing import complaint
from mimo_tui.sound.track import Track
from tests.sound.programs import ENVIRONMENT, RATE, is_alive, sound, until

pytest.importorskip("miniaudio")
SILENT = own_loudspeaker(silent=True)


@pytest.fixture
def player() -> Iterator[Player]:
    """A player over our own program, to no device."""
    with closing(Player(SILENT, ENVIRONMENT)) as made:
        yield made


def test_both_sides_mean_the_same_by_a_message() -> None:
    assert (speaker._BEGIN, speaker._SAMPLES, speaker._SILENCE) == (
        message_output.BEGIN,
        message_output.SAMPLES,
        message_output.SILENCE,
    )
    assert speaker._HEAD.format == HEAD.format
    assert speaker._BEGINNING.format == BEGINNING.format


def test_it_plays_pauses_swaps_and_ends_in_one_program(player: Player) -> None:
    player.play(Track(RATE, sound(0.4), is_ended=True))
    until(lambda: player.position > 0.05)
    player.pause()
    place = player.position
    player.resume()
    until(lambda: player.position > place)
    process = process_of(player)
    player.play(Track(RATE, sound(0.4), is_ended=True), at=0.3)
    assert player.wait(10)
    assert (player.state, player.problem) == (PlayerState.STOPPED, "")
    player.play(Track(16_000, sound(0.1), is_ended=True))
    assert player.wait(10)
    assert (player.problem, process_of(player)) == ("", process)
    player.close()
    assert not is_alive(process)


def test_a_growing_track_is_waited_for(player: Player) -> None:
    track = Track(RATE, sound(0.1))
    player.play(track)
    until(lambda: player.state is PlayerState.WAITING)
    assert player.position == pytest.approx(0.1)
    track.feed(sound(0.1))
    track.end()
    assert player.wait(10)
    assert player.problem == ""


def test_when_the_program_dies_it_is_told_and_the_next_play_starts_another(player: Player) -> None:
    track = Track(RATE, sound(2.0), is_ended=True)
    player.play(track)
    until(lambda: player.position > 0.05)
    os.kill(process_of(player), 9)
    assert player.wait(10)
    assert player.problem == "The player ended by itself (exit code -9)."
    assert player.position > 0.05
    player.resume()
    until(lambda: player.position > 0.3)
    assert player.problem == ""


def test_the_trial_finds_no_device_where_only_the_null_backend_would_play() -> None:
    assert complaint(SILENT, ENVIRONMENT, RATE) == ""
    why = complaint(own_loudspeaker(), {"PATH": "/nowhere"}, RATE)
    assert why in {"", "The library miniaudio finds no sound device."}


@pytest.mark.parametrize(
    "data",
    [b"x", b"garbage that is no message at all", HEAD.pack(BEGIN, 3) + b"abc", HEAD.pack(SAMPLES, 2**32 - 1)],
    ids=["one byte", "words", "a short beginning", "too large"],
)
def test_what_is_no_message_ends_it_in_order(data: bytes) -> None:
    done = subprocess.run(SILENT.called(), input=data, capture_output=True, timeout=20, check=False)
    assert done.returncode in {0, 1}
    assert done.stderr == b""


def test_its_reports_are_read_cut_anywhere_and_garbage_is_left_aside() -> None:
    reports = Reports()
    said = b"ALSA: \xff\x1b[2J\nheard 2 x\nheard 3 480\nheard 1\nready\nproblem It has \x1b[31mgone.\n"
    for at in range(len(said)):
        reports.hear(said[at : at + 1])
    assert reports.heard == (3, 480)
    assert reports.is_ready
    assert reports.problem == "It has ␛[31mgone."


def test_what_is_cut_fades_and_is_not_counted_to_what_follows(capfd: pytest.CaptureFixture[str]) -> None:
    feed = speaker.Feed()
    loud = array("h", [20_000] * 2400).tobytes()
    feed.begin(RATE, 1)
    feed.add(loud)
    heard = array("h", feed.take(480))
    assert heard[0] == 0
    assert max(abs(one - other) for one, other in pairwise(heard)) < 400
    feed.begin(RATE, 2)
    feed.add(loud)
    heard = array("h", feed.take(2000))
    assert max(abs(one - other) for one, other in pairwise(heard)) < 400
    for _ in range(8):
        feed.take(480)
    said = capfd.readouterr().out.splitlines()
    assert said[-1] == "heard 2 2400"
    counts = [int(line.split()[2]) for line in said if line.startswith("heard 2 ")]
    assert counts == sorted(counts)


def test_what_the_device_still_holds_does_not_count_as_heard(capfd: pytest.CaptureFixture[str]) -> None:
    feed = speaker.Feed()
    feed.begin(RATE, 1)
    feed.add(bytes(4800 * 2))
    feed.take(2400)
    assert capfd.readouterr().out == f"heard 1 {2400 - RATE * 60 // 1000}\n"


def test_without_the_library_it_says_so() -> None:
    script = (
        "import runpy, sys; sys.modules['miniaudio'] = None; sys.argv = ['speaker'];"
        f"runpy.run_path({speaker.__file__!r}, run_name='__main__')"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, input=b"", capture_output=True, timeout=20, check=False)
    assert (done.returncode, done.stdout) == (1, b"problem The library miniaudio is not installed.\n")


def test_a_device_that_goes_away_ends_it_with_a_word() -> None:
    script = f"import runpy; runpy.run_path({speaker.__file__!r})['_gone']()"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=20, check=False)
    assert (done.returncode, done.stdout) == (1, b"problem The sound device has gone away.\n")


def test_it_ends_with_its_input() -> None:
    reports = Reports()
    child = Child(SILENT.called(), ENVIRONMENT, reports.hear, reports=True)
    beginning = BEGINNING.pack(RATE, 1)
    child.write(HEAD.pack(BEGIN, len(beginning)) + beginning)
    child.write(HEAD.pack(SAMPLES, 9600) + struct.pack("<4800h", *range(4800)))
    until(lambda: reports.heard[1] > 0)
    child.end_input()
    assert child.wait(10) == 0
    child.kill()


def process_of(player: Player) -> int:
    """Give the process that plays: the only child of this one."""
    own = str(os.getpid())
    children = subprocess.run(
        ["pgrep", "-P", own, "-f", "speaker.py"], capture_output=True, text=True, check=True
    )
    (process,) = children.stdout.split()
    assert player.state in PlayerState
    return int(process)
