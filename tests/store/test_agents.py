"""Which agents use a preset: what Lingtai registered, as its kernel reads it; nothing here can fail."""

import json
import os
from pathlib import Path

import pytest

from mimo_tui.simulator.sample_library import build
from mimo_tui.store.agents import agents, users_of
from mimo_tui.store.places import Places, places


@pytest.fixture
def there(home: Path) -> Places:
    build(home)
    return places(home)


def init(there: Places) -> Path:
    return there.home / "projects" / "demo" / ".lingtai" / "assistant" / "init.json"


def test_the_agents_of_a_registered_project_are_found_with_their_presets(there: Places) -> None:
    (agent,) = agents(there)
    assert (agent.name, agent.project) == ("assistant", there.home / "projects" / "demo")
    assert agent.active == there.saved / "mimo-1.json"
    assert agent.allowed == {there.saved / "mimo-1.json", there.saved / "mimo-pro.json"}
    assert users_of(there.saved / "mimo-pro.json", (agent,)) == (agent,)
    assert users_of(there.saved / "mimo-go.json", (agent,)) == ()


@pytest.mark.parametrize(
    "reference",
    [
        "~/.lingtai-tui/presets/saved/mimo-go.json",
        "{home}/.lingtai-tui/presets/saved/mimo-go.json",
        "../../../../.lingtai-tui/presets/saved/mimo-go.json",
        "~/.lingtai-tui/presets/templates/../saved/mimo-go.json",
    ],
)
def test_a_reference_is_from_home_absolute_or_from_the_agents_folder(reference: str, there: Places) -> None:
    active = reference.format(home=there.home)
    init(there).write_text(json.dumps({"manifest": {"preset": {"active": active}}}))
    (agent,) = agents(there)
    assert users_of(there.saved / "mimo-go.json", (agent,)) == (agent,)
    assert users_of(there.saved.parent / "saved" / ".." / "saved" / "mimo-go.json", (agent,)) == (agent,)


def test_comments_and_trailing_commas_are_read_as_the_kernel_does(there: Places) -> None:
    init(there).write_text(
        """{
  // which presets
  "manifest": {"preset": {
    "active": "~/.lingtai-tui/presets/saved/mimo-go.json", // https://example.com/a,}
    "allowed": ["~/.lingtai-tui/presets/saved/a//b.json", "c,]",],
  },},
}"""
    )
    (agent,) = agents(there)
    assert agent.active == there.saved / "mimo-go.json"
    assert {path.name for path in agent.allowed} == {"b.json", "c,]"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"3",
        b"[" * 100_000,
        b"\xff\xfe",
        b'{"manifest": null}',
        b'{"manifest": {"preset": "x"}}',
        b'{"manifest": {"preset": null}}',
        b'"' + b"a" * 1_000_000,
    ],
)
def test_what_cannot_be_read_is_left_out(content: bytes, there: Places) -> None:
    init(there).write_bytes(content)
    assert agents(there) == ()


def test_odd_values_among_the_references_are_left_out(there: Places) -> None:
    preset = {"active": 3, "allowed": [None, "", 4, "~/x.json", "a\0b"]}
    init(there).write_text(json.dumps({"manifest": {"preset": preset}}))
    (agent,) = agents(there)
    assert agent.active is None
    assert there.home / "x.json" in agent.allowed


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{",
        "3",
        "null",
        '{"path": 3}',
        '{"path": ""}',
        '{"path": "/no\\u0000where"}',
        "[" * 100_000,
        "\x85",
    ],
)
def test_a_bad_line_of_the_registry_hides_no_other(line: str, there: Places) -> None:
    good = there.registry_file.read_text()
    there.registry_file.write_text(f"{line}\n{good}")
    assert [agent.name for agent in agents(there)] == ["assistant"]


def test_pipes_and_folders_in_the_place_of_files_do_not_hang_or_fail(there: Places) -> None:
    init(there).unlink()
    os.mkfifo(init(there))
    assert agents(there) == ()
    there.registry_file.unlink()
    os.mkfifo(there.registry_file)
    assert agents(there) == ()
    there.registry_file.unlink()
    there.registry_file.mkdir()
    assert agents(there) == ()


def test_the_human_and_hidden_folders_are_no_agents(there: Places) -> None:
    for name in ("human", ".cache"):
        folder = init(there).parent.parent / name
        folder.mkdir()
        (folder / "init.json").write_bytes(init(there).read_bytes())
    assert [agent.name for agent in agents(there)] == ["assistant"]


def test_an_agents_name_is_safe_for_a_terminal(there: Places) -> None:
    folder = init(there).parent
    folder.rename(folder.with_name("\x1b[2J"))
    (agent,) = agents(there)
    assert agent.name.isprintable()
