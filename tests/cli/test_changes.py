"""`presets set|clone|rename|delete|undo|history|diff|restore`: each shows what it does, and can be taken back."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mimo_tui.core.json_text import Json
from tests.cli.conftest import Command
from tests.cli.schemas import DIFF, HISTORY, PLAN, TAKEN_BACK

Look = Callable[[], dict[str, tuple[int, int, bytes]]]


def llm(path: Path) -> dict[str, Json]:
    found = json.loads(path.read_text())["manifest"]["llm"]
    assert isinstance(found, dict)
    return found


# set


@pytest.mark.parametrize(
    ("field", "value", "path", "expected"),
    [
        ("summary", "Fast & 好", ("description", "summary"), "Fast & 好"),
        ("tier", "2", ("description", "tier"), "2"),
        ("context_limit", "200_000", ("manifest", "llm", "context_limit"), 200000),
        ("slot", "MIMO_7_API_KEY", ("manifest", "llm", "api_key_env"), "MIMO_7_API_KEY"),
        ("manifest.llm.temperature", "0.30", ("manifest", "llm", "temperature"), 0.3),
        ("manifest.llm.max_tokens", "4096", ("manifest", "llm", "max_tokens"), 4096),
        ("manifest.capabilities.vision", "null", ("manifest", "capabilities", "vision"), None),
        (
            'manifest.llm.default_headers."X-Team"',
            "a b",
            ("manifest", "llm", "default_headers", "X-Team"),
            "a b",
        ),
    ],
)
def test_a_field_or_any_path_is_set(
    field: str, value: str, path: tuple[str, ...], expected: Json, mimo: Command, library: Path
) -> None:
    assert mimo("presets", "set", "mimo-1", field, value, "--yes").code == 0
    found: Json = json.loads((library / "saved" / "mimo-1.json").read_text())
    for part in path:
        assert isinstance(found, dict)
        found = found[part]
    assert found == expected


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("context_limit", "abc"), 2, "Context limit is a whole number above 0"),
        (("context_limit", "0"), 2, "Context limit is a whole number above 0"),
        (("manifest.llm.context_limit", "0"), 3, "context_limit is 0; it must be above 0"),
        (("tier", "9"), 3, "--fix remove-tier"),
        (("nosuch", "3"), 2, "Fields are name, summary, tier"),
        (("manifest.llm[", "3"), 2, "is not a path"),
        (("manifest.llm.model.deeper", "3"), 1, "Cannot edit manifest.llm.model"),
        (("model",), 2, "Give a value, or --unset, and not both"),
        (("model", "x", "--unset"), 2, "Give a value, or --unset, and not both"),
        (("base_url", "https://mimo.mi.com"), 3, "mimo.mi.com is MiMo's documentation and carries no API"),
        (("base_url", "https://token-plan-sgp.xiaomimimo.com/v1/chat/completions"), 3, "--fix complete-url"),
        (("name", "../x"), 3, "--force does not override it"),
        (("name", "../x", "--force"), 3, "--force does not override it"),
        (("summary", ""), 3, "the summary is empty"),
    ],
)
def test_a_wrong_value_is_refused_in_a_sentence(
    arguments: tuple[str, ...], code: int, words: str, mimo: Command, look: Look
) -> None:
    around = look()
    answer = mimo("presets", "set", "mimo-1", *arguments, "--yes")
    assert answer.code == code
    assert words in answer.err
    assert look() == around


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("manifest.llm.api_key", "hush-hush"),
        ("manifest.capabilities.vision.api_key", "hush-hush"),
        ("manifest.llm.default_headers.Authorization", "Bearer hush-hush"),
        ("slot", "sk-hushhush123"),
    ],
)
def test_a_key_is_not_taken_from_a_command_line(field: str, value: str, mimo: Command, look: Look) -> None:
    around = look()
    answer = mimo("presets", "set", "mimo-1", field, value, "--yes")
    assert answer.code == 2
    assert "put the key in .env" in answer.err
    assert "hush" not in answer.out + answer.err
    assert look() == around


def test_a_field_is_removed_and_removing_it_again_is_nothing(mimo: Command, library: Path) -> None:
    path = library / "saved" / "mimo-1.json"
    assert mimo("presets", "set", "mimo-1", "tier", "--unset", "--yes").code == 0
    assert "tier" not in json.loads(path.read_text())["description"]
    again = mimo("presets", "set", "mimo-1", "tier", "--unset", "--yes")
    assert (again.code, again.out) == (0, "Nothing to change: saved/mimo-1.json says so already.\n")


def test_setting_what_is_there_is_done_already_and_a_fix_goes_with_it(mimo: Command, library: Path) -> None:
    answer = mimo("presets", "set", "mimo-1", "tier", "4", "--json")
    assert answer.code == 0
    document = answer.document(PLAN)
    assert (document["applied"], document["diff"]) == (False, [])
    assert mimo("presets", "set", "templates/mimo", "model", "mimo-v2.5", "--yes").code == 0
    assert not (library / "saved" / "mimo-2.json").exists()
    assert mimo("presets", "set", "mimo-1", "tier", "4", "--fix", "use:mimo-v2.6-pro", "--yes").code == 0
    assert llm(library / "saved" / "mimo-1.json")["model"] == "mimo-v2.6-pro"


# clone, rename, delete


def test_a_clone_keeps_the_slot_unless_it_is_to_have_its_own(mimo: Command, library: Path) -> None:
    plain = mimo("presets", "clone", "mimo-1", "--yes")
    assert "saved/mimo-1.json stays as it is; this makes the copy saved/mimo-1-1.json." in plain.out
    assert plain.out.splitlines()[-1].startswith("Done: clone mimo-1, as the copy mimo-1-1.")
    assert llm(library / "saved" / "mimo-1-1.json")["api_key_env"] == "MIMO_1_API_KEY"
    assert mimo("presets", "clone", "mimo-1", "other", "--own-slot", "--yes").code == 0
    assert llm(library / "saved" / "other.json")["api_key_env"] == "MIMO_3_API_KEY"
    document = mimo("presets", "clone", "mimo-1", "third", "--yes", "--json").document(PLAN)
    assert document["kind"] == "copy"
    assert document["original"] == str(library / "saved" / "mimo-1.json")
    assert document["path"] == str(library / "saved" / "third.json")


def test_a_clone_of_a_preset_with_an_unusable_name_is_called_after_its_file(
    mimo: Command, library: Path
) -> None:
    assert mimo("presets", "clone", "evil-name", "--yes").code == 0
    assert json.loads((library / "saved" / "evil-name-1.json").read_text())["name"] == "evil-name-1"
    assert mimo("presets", "clone", "no-name", "--yes").code == 0
    assert json.loads((library / "saved" / "no-name-1.json").read_text())["name"] == "no-name-1"


@pytest.mark.parametrize("verb", ["clone", "rename"])
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("mimo-pro", "mimo-pro.json is there already; choose another name."),
        ("dangling", "dangling.json is there already"),
        ("a/b", "“a/b” cannot be the name of a preset"),
        ("..", "“..” cannot be the name of a preset"),
        ("", "A preset needs a name."),
        ("  ", "A preset needs a name."),
        ("长" * 80, "The name has 240 bytes"),
        ("\udcff", "cannot be written as UTF-8"),
    ],
)
def test_a_name_that_cannot_be_is_refused(
    verb: str, name: str, words: str, mimo: Command, look: Look
) -> None:
    around = look()
    answer = mimo("presets", verb, "mimo-1", name, "--yes")
    assert answer.code == 3
    assert words in answer.err
    assert look() == around


def test_a_rename_changes_both_names_and_tells_who_names_the_old_file(mimo: Command, library: Path) -> None:
    before = (library / "saved" / "mimo-1.json").read_bytes()
    answer = mimo("presets", "rename", "mimo-1", "main", "--yes")
    assert answer.code == 0
    assert not (library / "saved" / "mimo-1.json").exists()
    assert (library / "saved" / "main.json").read_bytes() == before.replace(b'"mimo-1"', b'"main"')
    assert "Agents that still name the old file in their init.json: assistant." in answer.out
    assert answer.out.splitlines()[:2] == [
        f"--- {library / 'saved' / 'mimo-1.json'}",
        f"+++ {library / 'saved' / 'main.json'}",
    ]


def test_templates_and_links_are_not_renamed(mimo: Command, look: Look) -> None:
    around = look()
    assert "clone it under the new name" in mimo("presets", "rename", "templates/mimo", "x", "--yes").err
    assert (
        "is a link to ../../shared/x.json; rename that file"
        in mimo("presets", "rename", "link", "x", "--yes").err
    )
    assert look() == around


def test_deleting_shows_what_goes_and_broken_files_go_too(mimo: Command, library: Path) -> None:
    answer = mimo("presets", "delete", "mimo-1", "--yes")
    assert answer.code == 0
    assert answer.out.splitlines()[1] == "+++ /dev/null"
    assert "Agents that name this file in their init.json: assistant." in answer.out
    assert not (library / "saved" / "mimo-1.json").exists()
    assert mimo("presets", "delete", "broken", "--yes").code == 0
    assert not (library / "saved" / "broken.json").exists()


def test_deleting_a_link_leaves_what_it_names(mimo: Command, library: Path) -> None:
    answer = mimo("presets", "delete", "link", "--yes")
    assert "Only the link goes; ../../shared/x.json stays." in answer.out
    assert not (library / "saved" / "link.json").is_symlink()
    assert (library.parent / "shared" / "x.json").exists()
    assert mimo("presets", "undo", "--yes").code == 0
    assert (library / "saved" / "link.json").is_symlink()


@pytest.mark.parametrize("name", ["templates/mimo", "dangling", "dir"])
def test_what_could_not_be_brought_back_is_not_deleted(name: str, mimo: Command, look: Look) -> None:
    around = look()
    assert mimo("presets", "delete", name, "--yes", "--force").code == 3
    assert look() == around


# undo, history, diff, restore


@pytest.mark.parametrize(
    "change",
    [
        ("switch", "mimo-1", "mimo-v2.6-pro"),
        ("presets", "set", "mimo-1", "tier", "1"),
        ("presets", "clone", "mimo-1", "x"),
        ("presets", "rename", "mimo-1", "x"),
        ("presets", "delete", "mimo-1"),
        ("presets", "delete", "latin1"),
        ("switch", "templates/mimo", "mimo-v2.6-pro", "--fix", "pin-vision:mimo-v2.6-pro"),
    ],
)
def test_every_change_is_taken_back_to_the_byte(
    change: tuple[str, ...], mimo: Command, library: Path
) -> None:
    def files() -> dict[str, tuple[bytes, int]]:
        paths = (path for path in library.rglob("*") if path.is_file())
        return {str(path): (path.read_bytes(), path.stat().st_mode) for path in paths}

    before = files()
    assert mimo(*change, "--yes").code == 0
    assert files() != before
    undone = mimo("presets", "undo", "--yes")
    assert undone.code == 0
    assert undone.out.splitlines()[-1].startswith("Taken back: ")
    assert files() == before
    assert mimo("presets", "undo", "--yes").code == 1


def test_history_undo_diff_and_restore_are_documents(mimo: Command, library: Path) -> None:
    path = library / "saved" / "mimo-1.json"
    first = path.read_bytes()
    assert mimo("presets", "history").out == "No change has been made yet.\n"
    assert mimo("presets", "history", "--json").document(HISTORY)["changes"] == []
    assert mimo("presets", "diff").code == 1
    mimo("presets", "set", "mimo-1", "tier", "1", "--yes")
    mimo("presets", "set", "mimo-1", "tier", "2", "--yes")
    mimo("presets", "set", "mimo-pro", "tier", "3", "--yes")
    changes = json.loads(mimo("presets", "history", "mimo-1", "--json").out)["changes"]
    assert [change["label"] for change in changes] == ["set tier of mimo-1"] * 2
    assert len(json.loads(mimo("presets", "history", "--json").out)["changes"]) == 3
    oldest = changes[-1]["id"]
    document = mimo("presets", "diff", oldest, "--json").document(DIFF)
    lines = document["diff"]
    assert isinstance(lines, list)
    assert '+    "tier": "1"' in lines
    assert '+    "tier": "3"' in mimo("presets", "diff").out
    assert mimo("presets", "restore", oldest, "--yes", "--json").document(TAKEN_BACK)["change"] == oldest
    assert path.read_bytes() == first
    assert mimo("presets", "undo", "mimo-1", "--yes", "--json").document(TAKEN_BACK)
    assert json.loads(path.read_text())["description"]["tier"] == "2"


def test_a_rename_is_one_step_with_one_diff(mimo: Command, library: Path) -> None:
    mimo("presets", "rename", "mimo-1", "main", "--yes")
    old, new = library / "saved" / "mimo-1.json", library / "saved" / "main.json"
    shown = mimo("presets", "diff").out.splitlines()
    assert shown[1:3] == [f"--- {old}", f"+++ {new}"]
    assert [line for line in shown[3:] if line[0] in "+-"] == ['-  "name": "mimo-1",', '+  "name": "main",']
    undone = mimo("presets", "undo", "main", "--yes").out.splitlines()
    assert undone[:2] == [f"--- {new}", f"+++ {old}"]


def test_a_deleted_preset_is_found_in_the_history_by_its_old_names(mimo: Command, library: Path) -> None:
    mimo("presets", "delete", "mimo-1", "--yes")
    assert "delete mimo-1" in mimo("presets", "history", "saved/mimo-1").out
    assert mimo("presets", "undo", "mimo-1", "--yes").code == 0
    assert (library / "saved" / "mimo-1.json").exists()


def test_undo_and_restore_change_nothing_unless_somebody_says_yes(mimo: Command, look: Look) -> None:
    mimo("presets", "set", "mimo-1", "tier", "1", "--yes")
    change = json.loads(mimo("presets", "history", "--json").out)["changes"][0]["id"]
    around = look()
    for arguments in (("undo",), ("undo", "--json"), ("restore", change)):
        answer = mimo("presets", *arguments)
        assert answer.code == 1
        assert "Say --yes" in answer.err
    assert look() == around


def test_an_undo_over_somebody_elses_change_is_a_conflict(mimo: Command, library: Path) -> None:
    path = library / "saved" / "mimo-1.json"
    mimo("presets", "set", "mimo-1", "tier", "1", "--yes")
    path.write_text(path.read_text() + "\n")
    answer = mimo("presets", "undo", "--yes")
    assert answer.code == 5
    assert "is not as “set tier of mimo-1” left it" in answer.err
    assert path.read_text().endswith("\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("undo",), "There is nothing to undo."),
        (("diff",), "No change has been made yet."),
        (("diff", "abc"), "There is no change abc in the history"),
        (("restore", "abc"), "There is no change abc in the history"),
        (("history", "nobody"), "No preset is called “nobody”"),
        (("undo", "nobody"), "No preset is called “nobody”"),
    ],
)
def test_what_is_not_there_is_said_in_a_sentence(
    arguments: tuple[str, ...], words: str, mimo: Command
) -> None:
    answer = mimo("presets", *arguments)
    assert answer.code == 1
    assert words in answer.err


def test_what_was_undone_can_be_done_again(mimo: Command, library: Path) -> None:
    path = library / "saved" / "mimo-1.json"
    mimo("presets", "set", "mimo-1", "tier", "2", "--yes")
    changed = path.read_bytes()
    mimo("presets", "undo", "--yes")
    answer = mimo("presets", "redo", "--yes")
    assert answer.code == 0
    assert "Done again" in answer.out
    assert path.read_bytes() == changed
    assert mimo("presets", "redo", "--yes").code == 1


def test_an_id_that_several_changes_begin_with_is_asked_back(mimo: Command) -> None:
    for tier in ("2", "3"):
        mimo("presets", "set", "mimo-1", "tier", tier, "--yes")
    answer = mimo("presets", "restore", "20", "--yes", "--json")
    assert answer.code == 4
    assert len(json.loads(answer.out)["error"]["candidates"]) == 2


def test_text_that_begins_as_json_and_is_none_is_not_taken_for_text(mimo: Command, library: Path) -> None:
    before = (library / "saved" / "mimo-1.json").read_bytes()
    assert mimo("presets", "set", "mimo-1", "manifest.llm.extra", '{"a":1', "--yes").code == 2
    assert (library / "saved" / "mimo-1.json").read_bytes() == before


def test_an_agent_that_runs_on_it_is_told_of_with_when_it_takes_the_change(mimo: Command) -> None:
    shown = mimo("switch", "mimo-1", "mimo-v2.6-pro", "--dry-run").out
    assert "next refresh: assistant" in shown


def test_a_preset_that_moves_to_another_host_shares_no_slot_with_itself(mimo: Command) -> None:
    shown = mimo("presets", "set", "mimo-1", "base_url", "https://api.xiaomimimo.com/v1", "--dry-run").out
    assert "slot-shared" not in shown
