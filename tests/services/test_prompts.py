"""The library of system prompts, files of the person's own, and what they typed before."""

from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mimo_tui.core.conversation import Conversation, Role, Turn
from mimo_tui.core.text import clean
from mimo_tui.services import Services
from mimo_tui.services.playground.prompts import (
    LARGEST,
    BadPromptName,
    NoPrompt,
    delete_system_prompt,
    read_system_prompt,
    recent_prompts,
    save_system_prompt,
    system_prompts,
)
from mimo_tui.services.tidying import tidy
from mimo_tui.store.atomic import SaveFailed
from tests.conftest import NOW


def test_without_a_library_there_is_nothing_and_nothing_is_made(services: Services) -> None:
    assert system_prompts(services) == ()
    with pytest.raises(NoPrompt, match="There is no system prompt called mine"):
        read_system_prompt(services, "mine")
    assert not services.places.prompts.exists()


def test_a_prompt_is_kept_changed_and_deleted(services: Services) -> None:
    save_system_prompt(services, "Über uns 2", "Be kind.\n\tAnd brief.")
    save_system_prompt(services, "b", "x")
    save_system_prompt(services, "b", "y")
    assert system_prompts(services) == ("b", "Über uns 2")
    assert read_system_prompt(services, "Über uns 2") == "Be kind.\n\tAnd brief."
    assert read_system_prompt(services, "b") == "y"
    path = services.places.prompts / "b.md"
    assert (path.read_text(), path.stat().st_mode & 0o077, path.parent.stat().st_mode & 0o077) == ("y", 0, 0)
    delete_system_prompt(services, "b")
    assert system_prompts(services) == ("Über uns 2",)
    with pytest.raises(NoPrompt):
        delete_system_prompt(services, "b")


@pytest.mark.parametrize(
    "name",
    [
        *("", " ", ".", "..", ".hidden", "a/b", "../a", "a\\b", "/etc/passwd", "a\0b", "a\x1b[2J", "\u202ea"),
        *(
            "a\nb",
            "a" * 81,
            "字" * 27,
            "a ",
            " a",
            "a.",
            "con",
            "NUL.txt",
            "a:b",
            "tp-abcdefgh12345678",
            "\ud800",
        ),
    ],
)
def test_a_name_that_is_none_of_a_file_of_the_library_is_refused(services: Services, name: str) -> None:
    for call in (
        read_system_prompt,
        delete_system_prompt,
        lambda each, name: save_system_prompt(each, name, "x"),
    ):
        with pytest.raises(BadPromptName) as refused:
            call(services, name)
        assert clean(str(refused.value)) == str(refused.value)
    assert not services.places.prompts.exists()


@given(st.text(max_size=12))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_name_is_refused_or_a_file_in_the_folder(services: Services, name: str) -> None:
    try:
        save_system_prompt(services, name, "text")
    except BadPromptName:
        return
    assert read_system_prompt(services, name) == "text"
    assert clean(name) in system_prompts(services)
    assert {each.parent for each in services.places.prompts.iterdir()} == {services.places.prompts}


def test_hostile_files_of_the_library_do_no_harm(services: Services, tmp_path: Path) -> None:
    folder = services.places.prompts
    folder.mkdir(parents=True)
    (folder / "esc\x1b[2J.md").write_text("x")
    (folder / "dir.md").mkdir()
    (folder / "notes.txt").write_text("x")
    (folder / "latin.md").write_bytes(b"caf\xe9")
    (folder / "big.md").write_bytes(b"x" * (LARGEST + 1))
    (folder / "bom.md").write_bytes("\ufeffhello".encode())
    (folder / "loose.md").symlink_to(tmp_path / "nothing")
    assert system_prompts(services) == ("big", "bom", "latin")
    assert read_system_prompt(services, "bom") == "hello"
    for name, why in (
        ("latin", "is not text in UTF-8"),
        ("big", "has more than 1 MB"),
        ("dir", "cannot be read"),
    ):
        with pytest.raises(NoPrompt, match=why):
            read_system_prompt(services, name)
    with pytest.raises(BadPromptName, match="at most 1 MB"):
        save_system_prompt(services, "huge", "x" * (LARGEST + 1))


def test_a_folder_that_is_a_file_is_a_sentence(services: Services) -> None:
    services.places.settings_folder.mkdir(parents=True)
    services.places.prompts.write_text("")
    with pytest.raises(NoPrompt, match=r"prompts cannot be read"):
        system_prompts(services)
    with pytest.raises(SaveFailed):
        save_system_prompt(services, "a", "x")


def test_what_a_killed_save_left_in_the_library_is_tidied_up(services: Services) -> None:
    save_system_prompt(services, "a", "x")
    stray = services.places.prompts / ".a.md.1-0123456789ab.mimo-tmp"
    stray.write_text("half")
    assert tidy(services) == ()
    assert not stray.exists()


def asked(services: Services, *texts: str) -> None:
    turns = {at: Turn(at, at - 1 or None, Role.USER, NOW, text) for at, text in enumerate(texts, start=1)}
    services.sessions.begin(Conversation(MappingProxyType(turns), len(turns)))


def test_what_was_typed_before_is_found_by_any_part_of_its_words(services: Services) -> None:
    asked(services, "about Rain\nin Beijing", "about snow", "关于雪")
    assert recent_prompts(services) == ("关于雪", "about snow", "about Rain\nin Beijing")
    assert recent_prompts(services, "bei RAIN") == ("about Rain\nin Beijing",)
    assert recent_prompts(services, "雪") == ("关于雪",)
    assert recent_prompts(services, "nothing") == ()


def test_where_nothing_is_kept_nothing_typed_comes_back(services: Services) -> None:
    asked(services, "before")
    services.places.settings_folder.mkdir(parents=True)
    services.places.settings.write_text("[playground]\nkeep = false\n")
    services.knowledge.renew()
    assert recent_prompts(services) == ()
