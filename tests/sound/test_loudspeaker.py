"""Which programs may play, and how they are called. Those of macOS and Windows are not run here."""

import shutil
import subprocess
from pathlib import Path

import pytest

from mimo_tui.sound.loudspeaker import Way, has_library, loudspeakers
from tests.sound.programs import RATE, program, sound


def found(folder: Path, *names: str, platform: str = "linux") -> dict[str, list[str]]:
    """Give the command lines of what is found where these programs are."""
    for name in names:
        program(folder, name, "exit 0")
    there = loudspeakers({"PATH": str(folder), "SYSTEMROOT": "/Windows"}, platform)
    return {each.name: each.called(RATE, "/tmp/a b.wav") for each in there if each.way is not Way.MESSAGES}


def test_the_best_come_first(tmp_path: Path) -> None:
    names = ["mpv", "ffplay", "play", "aplay", "paplay", "pw-cat"]
    assert list(found(tmp_path, *names)) == names[::-1]


def test_our_own_program_is_before_all_others(tmp_path: Path) -> None:
    program(tmp_path, "aplay", "exit 0")
    ways = [each.way for each in loudspeakers({"PATH": str(tmp_path)})]
    assert ways == [Way.MESSAGES, Way.SAMPLES] if has_library() else [Way.SAMPLES]


def test_each_is_told_the_rate_and_that_it_is_mono_of_16_bits(tmp_path: Path) -> None:
    lines = found(tmp_path, "pw-cat", "paplay", "aplay", "play", "ffplay", "mpv")
    for command in lines.values():
        assert any(str(RATE) in part for part in command)
        assert Path(command[0]).is_absolute()
    assert lines["aplay"][1:9] == ["-q", "-t", "raw", "-f", "S16_LE", "-r", str(RATE), "-c"]
    assert "--channels=1" in lines["paplay"]


def test_macos_and_windows_have_players_of_files(tmp_path: Path) -> None:
    assert found(tmp_path, "afplay", platform="darwin")["afplay"][1:] == ["/tmp/a b.wav"]
    windows = found(tmp_path, platform="win32")["PowerShell"]
    assert windows[0] == "/Windows/System32/WindowsPowerShell/v1.0/powershell.exe"
    # The path comes by the environment: within the command it would be read as part of it.
    assert "$env:MIMO_TUI_SOUND" in windows[-1]
    assert not any("a b.wav" in part for part in windows)


def test_what_is_no_program_or_lies_in_a_relative_folder_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, "aplay", "exit 0").chmod(0o644)
    assert found(tmp_path) == {}
    (tmp_path / "aplay").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    there = loudspeakers({"PATH": f".:{tmp_path.name}:"}, "linux")
    assert [each for each in there if each.way is not Way.MESSAGES] == []


def test_without_a_path_nothing_is_looked_for() -> None:
    assert loudspeakers({}) == ()


@pytest.mark.skipif(shutil.which("sox") is None, reason="sox is the judge")
def test_sox_reads_what_is_handed_over_as_it_is_told(tmp_path: Path) -> None:
    (command,) = [
        each.called(RATE)
        for each in loudspeakers({"PATH": str(Path(shutil.which("sox") or "").parent)})
        if each.name == "play"
    ]
    # The same arguments, into a file in place of a device.
    written = tmp_path / "heard.wav"
    samples = sound(0.2)
    subprocess.run(["sox", *command[1:], str(written)], input=samples, check=True, timeout=20)
    assert written.read_bytes().endswith(samples)
