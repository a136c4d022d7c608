"""How a person gets at a file."""

from pathlib import Path

import pytest

from mimo_tui.services.speech.fetching import file_manager, how_to_fetch, reveal
from tests.sound.programs import program, until

SSH = {"SSH_CONNECTION": "198.51.100.7 50000 192.0.2.5 22", "USER": "ann"}
TAKE = Path("/home/ann/take.wav")


def test_over_ssh_it_is_the_command_that_copies_the_file() -> None:
    assert how_to_fetch(TAKE, SSH) == "scp ann@192.0.2.5:/home/ann/take.wav ."


@pytest.mark.parametrize(
    ("connection", "command"),
    [
        ("::1 50000 2001:db8::5 22", "scp 'ann@[2001:db8::5]:/home/ann/take.wav' ."),
        ("10.0.0.1 50000 192.0.2.5 2222", "scp -P 2222 ann@192.0.2.5:/home/ann/take.wav ."),
    ],
)
def test_another_port_and_another_form_of_address_are_kept(connection: str, command: str) -> None:
    assert how_to_fetch(TAKE, SSH | {"SSH_CONNECTION": connection}) == command


def test_a_path_with_blanks_stays_one_argument() -> None:
    assert how_to_fetch(Path("/a b/it's.wav"), SSH) == """scp 'ann@192.0.2.5:/a b/it'"'"'s.wav' ."""


def test_without_ssh_it_is_the_path() -> None:
    assert how_to_fetch(TAKE, {}) == "/home/ann/take.wav"
    assert how_to_fetch(TAKE, {"SSH_CONNECTION": "nonsense"}) == "/home/ann/take.wav"


def test_a_name_that_cannot_be_shown_makes_no_command() -> None:
    assert how_to_fetch(Path("/a/\x1b[2J.wav"), SSH) == "/a/␛[2J.wav"


def test_the_file_manager_opens_the_folder(tmp_path: Path) -> None:
    take = tmp_path / "take.wav"
    take.touch()
    program(tmp_path, "xdg-open", 'echo "$1 $MIMO_API_KEY" > "{folder}/opened"')
    environment = {"PATH": str(tmp_path), "DISPLAY": ":0", "MIMO_API_KEY": "sk-" + "a1" * 16}
    assert reveal(take, environment) == ""
    opened = tmp_path / "opened"
    until(opened.exists)
    assert opened.read_text().strip() == str(tmp_path)


@pytest.mark.parametrize(
    "environment", [{}, {"DISPLAY": ":0", "PATH": "/nowhere"}], ids=["no screen", "no program"]
)
def test_without_a_file_manager_it_says_the_path(tmp_path: Path, environment: dict[str, str]) -> None:
    assert reveal(tmp_path, environment) == f"There is no file manager here. The file is {tmp_path}"


def test_a_file_manager_that_fails_is_told_of(tmp_path: Path) -> None:
    program(tmp_path, "xdg-open", "exit 3")
    problem = reveal(tmp_path, {"PATH": str(tmp_path), "WAYLAND_DISPLAY": "wayland-0"})
    assert problem == f"The file manager failed (exit code 3). The file is {tmp_path}"


def test_a_file_that_is_gone_is_told_of(tmp_path: Path) -> None:
    assert reveal(tmp_path / "gone.wav", {}) == f"There is no file {tmp_path / 'gone.wav'}."


def test_macos_and_windows_show_the_file_itself() -> None:
    assert file_manager(TAKE, {}, "darwin") == ["/usr/bin/open", "-R", "/home/ann/take.wav"]
    command = file_manager(TAKE, {"SYSTEMROOT": "/Windows"}, "win32")
    assert command == ["/Windows/explorer.exe", "/select,/home/ann/take.wav"]
