"""Playing by a program that only takes files."""

import stat
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
import soundfile

from mimo_tui.core.text import Clean
from mimo_tui.sound.loudspeaker import Loudspeaker, Way
from mimo_tui.sound.player import Player, PlayerState
from mimo_tui.sound.track import Track
from tests.sound.programs import ENVIRONMENT, RATE, program, sound, until


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which temporary files lie."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def speaker_of_files(folder: Path, script: str) -> Loudspeaker:
    """Give a loudspeaker that runs such a script with the path of a WAV."""
    return Loudspeaker(Clean("fake"), Way.FILE, (str(program(folder, "fake", script)), "{file}"))


def test_the_rest_of_a_track_is_played_from_a_private_file_that_goes_away(
    tmp_path: Path, temporary: Path
) -> None:
    kept = tmp_path / "kept.wav"
    samples = sound(0.5)
    with closing(Player(speaker_of_files(tmp_path, f'cp -p "$1" "{kept}"'), ENVIRONMENT)) as player:
        track = Track(RATE, samples[:9600])
        player.play(track, at=0.1)
        until(lambda: player.state is PlayerState.WAITING)
        track.feed(samples[9600:])
        track.end()
        assert player.wait(10)
        assert player.problem == ""
        until(lambda: not list(temporary.iterdir()))
    heard, rate = soundfile.read(kept, dtype="int16")
    assert (rate, heard.tobytes()) == (RATE, samples[4800:])
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_pause_ends_the_program_and_takes_the_file_away(tmp_path: Path, temporary: Path) -> None:
    with closing(Player(speaker_of_files(tmp_path, "exec sleep 60"), ENVIRONMENT)) as player:
        player.play(Track(RATE, sound(2.0), is_ended=True))
        until(lambda: player.position > 0.05)
        player.pause()
        until(lambda: not list(temporary.iterdir()))
        assert player.position > 0.05


def test_a_program_that_fails_is_told_of(tmp_path: Path, temporary: Path) -> None:
    with closing(
        Player(speaker_of_files(tmp_path, "echo no such device >&2; exit 2"), ENVIRONMENT)
    ) as player:
        player.play(Track(RATE, sound(0.5), is_ended=True))
        assert player.wait(10)
        assert player.problem == "fake failed (exit code 2): no such device"


def test_no_room_for_the_file_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "not there"))
    with closing(Player(speaker_of_files(tmp_path, "exit 0"), ENVIRONMENT)) as player:
        player.play(Track(RATE, sound(0.5), is_ended=True))
        assert player.wait(10)
        assert player.problem.startswith("The sound cannot be written for the player: ")
