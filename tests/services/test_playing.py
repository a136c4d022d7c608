"""Whether this machine plays sound, and what is said where it does not."""

import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from mimo_tui.services import Services, make_services
from mimo_tui.services.speech.playing import NoPlayer, find_player
from mimo_tui.sound import loudspeaker
from mimo_tui.sound.player import Player
from mimo_tui.sound.track import Track
from tests.sound.programs import program, recorded, sound


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that players are found in. The developer's own device is not to sound."""
    monkeypatch.setattr(loudspeaker, "has_library", lambda: False)
    made = tmp_path / "programs"
    made.mkdir()
    return made


def on_a_machine(services: Services, folder: Path, **more: str) -> Services:
    """Give the services where programs are found in that folder, and the shell's own."""
    cat = shutil.which("cat")
    assert cat is not None
    (folder / "cat").symlink_to(cat)
    return replace(services, environment=MappingProxyType({"PATH": str(folder), **more}))


def test_a_player_that_is_there_plays(services: Services, folder: Path) -> None:
    program(folder, "aplay", 'exec cat > "{folder}/$$.raw"')
    found = find_player(on_a_machine(services, folder))
    assert isinstance(found, Player)
    assert (found.name, found.notice) == ("aplay", "")
    with closing(found):
        found.play(Track(24_000, sound(0.1), is_ended=True))
        assert found.wait(10)
    tried, played = recorded(folder)
    assert set(tried) == {0}
    assert played == sound(0.1)


def test_one_that_fails_leaves_it_to_the_next(services: Services, folder: Path) -> None:
    program(folder, "paplay", "echo 'Connection refused' >&2; exit 1")
    program(folder, "aplay", "exec cat > /dev/null")
    found = find_player(on_a_machine(services, folder))
    assert isinstance(found, Player)
    with closing(found):
        assert found.name == "aplay"


def test_where_none_reaches_a_device_each_reason_is_told(services: Services, folder: Path) -> None:
    program(folder, "paplay", "printf 'Connection \\033[31mrefused\\n' >&2; exit 1")
    program(folder, "aplay", "exit 7")
    found = find_player(on_a_machine(services, folder))
    assert isinstance(found, NoPlayer)
    assert found.reason.startswith("No sound device answers (paplay, aplay).")
    assert found.tried == "paplay: Connection ␛[31mrefused; aplay: it fails with exit code 7."
    assert "kept" not in found.reason  # nobody here knows whether it is


def test_where_there_is_none_it_says_what_to_install(services: Services, folder: Path) -> None:
    found = find_player(on_a_machine(services, folder))
    assert isinstance(found, NoPlayer)
    assert "Install mimo-tui[sound]" in found.reason


def test_an_environment_without_a_path_starts_nothing(services: Services) -> None:
    assert isinstance(find_player(services), NoPlayer)


def test_over_ssh_it_says_where_the_sound_comes_out(services: Services, folder: Path) -> None:
    program(folder, "aplay", "exec cat > /dev/null")
    found = find_player(on_a_machine(services, folder, SSH_CONNECTION="10.0.0.9 50000 10.0.0.1 22"))
    assert isinstance(found, Player)
    with closing(found):
        assert "logged in from afar" in found.notice


def test_the_demonstration_sees_where_loudspeakers_are_and_no_key(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/somewhere")
    monkeypatch.setenv("MIMO_API_KEY", "sk-" + "a1" * 16)
    made = make_services(home, simulated=True)
    with closing(made.sessions):
        assert made.environment["PATH"] == "/somewhere"
        assert not any("KEY" in name for name in made.environment)
