"""`switch`: the diff first, nothing without a yes, and exit codes that a script can act on."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.cli.schemas import PLAN

NEW = "mimo-v2.6-pro"
PIN = f"pin-vision:{NEW}"
Look = Callable[[], dict[str, tuple[int, int, bytes]]]


def test_a_switch_changes_the_models_bytes_and_nothing_else(mimo: Command, library: Path, look: Look) -> None:
    path = library / "saved" / "mimo-1.json"
    before, around = path.read_bytes(), look()
    answer = mimo("switch", "mimo-1", NEW, "--yes")
    assert answer.code == 0
    assert path.read_bytes() == before.replace(b'"model": "mimo-v2.5-pro"', f'"model": "{NEW}"'.encode())
    assert {name for name, seen in look().items() if around.get(name) != seen} <= {
        ".lingtai-tui/presets/saved",  # the folder, in which a file was replaced
        ".lingtai-tui/presets/saved/mimo-1.json",
    }


def test_the_answer_is_the_diff_then_what_it_mends_and_breaks_then_how_to_take_it_back(
    mimo: Command, library: Path
) -> None:
    lines = mimo("switch", "mimo-1", NEW, "--yes").out.splitlines()
    path = library / "saved" / "mimo-1.json"
    assert lines[:2] == [f"--- {path}", f"+++ {path}"]
    changed = [line for line in lines[2:] if line.startswith(("+", "-")) and not line.startswith("    ")]
    assert changed == ['-      "model": "mimo-v2.5-pro",', f'+      "model": "{NEW}",']
    assert any(line.startswith("✓ mends model-retired") for line in lines)
    assert any(line.strip().startswith(f"--fix {PIN}") for line in lines)
    assert lines[-1] == f"Done: switch mimo-1 to {NEW}. `mimo-tui presets undo` takes it back."


def test_fixes_are_applied_with_it(mimo: Command, library: Path) -> None:
    assert mimo("switch", "mimo-1", NEW, "--fix", PIN, "--yes").code == 0
    manifest = json.loads((library / "saved" / "mimo-1.json").read_text())["manifest"]
    assert manifest["llm"]["model"] == manifest["capabilities"]["vision"]["model"] == NEW
    assert manifest["capabilities"]["skills"]["paths"] == ["../.library_shared", "~/.lingtai-tui/utilities"]


def test_without_a_terminal_and_without_yes_nothing_changes_and_it_says_so(
    mimo: Command, library: Path, look: Look
) -> None:
    around = look()
    for more in ((), ("--json",)):
        answer = mimo("switch", "mimo-1", NEW, *more)
        assert answer.code == 1
        assert "there is no terminal to ask on. Say --yes" in answer.err
        assert f'+      "model": "{NEW}"' in (
            answer.out if not more else "\n".join(json.loads(answer.out)["diff"])
        )
    assert look() == around


def test_a_dry_run_writes_nothing_even_with_yes(mimo: Command, home: Path, look: Look) -> None:
    around = look()
    answer = mimo("switch", "mimo-1", NEW, "--dry-run", "--yes")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.endswith("Nothing was written (dry run).\n")
    assert look() == around
    assert not (home / ".local").exists()


def test_a_model_that_will_not_work_is_refused_with_the_fix_and_forced_on_request(
    mimo: Command, library: Path
) -> None:
    path = library / "saved" / "mimo-1.json"
    before = path.read_bytes()
    refused = mimo("switch", "mimo-1", "mimo-v2.5-tts", "--yes")
    assert refused.code == 3
    assert "model-not-chat at manifest.llm.model" in refused.err
    assert "insist with --force" in refused.err
    assert path.read_bytes() == before
    retired = mimo("switch", "mimo-1", "mimo-v2.5", "--yes")
    assert retired.code == 3
    assert "--fix use:mimo-v2.6-flash" in retired.err
    assert mimo("switch", "mimo-1", "mimo-v2.5", "--dry-run").code == 3
    assert mimo("switch", "mimo-1", "mimo-v2.5-tts", "--yes", "--force").code == 0
    assert json.loads(path.read_text())["manifest"]["llm"]["model"] == "mimo-v2.5-tts"


def test_a_refusal_is_a_document_too(mimo: Command) -> None:
    answer = mimo("switch", "mimo-1", "mimo-v2.5-tts", "--yes", "--json")
    assert answer.code == 3
    document = answer.document(PLAN)
    assert document["applied"] is False
    assert [finding["code"] for finding in json.loads(answer.out)["blocking"]] == ["model-not-chat"]


def test_the_document_says_what_was_done(mimo: Command, library: Path) -> None:
    answer = mimo("switch", "mimo-1", NEW, "--fix", PIN, "--yes", "--json")
    document = answer.document(PLAN)
    assert (document["kind"], document["applied"]) == ("edit", True)
    assert document["path"] == document["original"] == str(library / "saved" / "mimo-1.json")
    assert "model-retired" in str(document["before"])
    assert "model-retired" not in str(document["after"])


def test_a_model_that_nobody_knows_is_a_warning_that_does_not_stand_in_the_way(mimo: Command) -> None:
    answer = mimo("switch", "mimo-1", "mimo-v9", "--yes")
    assert answer.code == 0
    assert "! warning model-unknown at manifest.llm.model: the model mimo-v9 is not known" in answer.out
    assert "--fix use:mimo-v2.6-pro" in mimo("switch", "mimo-1", "mimo-v2.6-pr0", "--dry-run").out


def test_an_unknown_fix_is_wrong_usage_and_names_those_on_offer(mimo: Command, look: Look) -> None:
    around = look()
    answer = mimo("switch", "mimo-1", NEW, "--fix", "nope", "--yes")
    assert (answer.code, answer.out) == (2, "")
    assert "No finding offers the fix nope. On offer: pin-vision:" in answer.err
    assert look() == around


@pytest.mark.parametrize(("name", "code"), [("nobody", 1), ("mimo", 4), ("broken", 3), ("dangling", 3)])
def test_a_preset_that_is_not_meant_for_certain_or_not_readable_is_left_alone(
    name: str, code: int, mimo: Command, look: Look
) -> None:
    around = look()
    answer = mimo("switch", name, NEW, "--yes")
    assert (answer.code, answer.out) == (code, "")
    assert answer.err.count("\n") == 1
    assert ".." not in answer.err.replace("../", "")
    assert look() == around


def test_a_template_stays_and_the_copy_is_named(mimo: Command, library: Path) -> None:
    template = library / "templates" / "mimo.json"
    before = template.read_bytes()
    answer = mimo("switch", "templates/mimo", NEW, "--fix", PIN, "--yes")
    assert answer.code == 0
    assert template.read_bytes() == before
    copy = json.loads((library / "saved" / "mimo-2.json").read_text())
    assert (copy["name"], copy["manifest"]["llm"]["model"]) == ("mimo-2", NEW)
    assert copy["manifest"]["llm"]["api_key_env"] == "MIMO_3_API_KEY"
    assert f"--- {template}" in answer.out
    assert (
        "templates/mimo.json is a template and stays as it is; this makes the copy saved/mimo-2.json."
        in answer.out
    )
    assert "The copy's slot MIMO_3_API_KEY holds no key yet." in answer.out
    assert answer.out.splitlines()[-1].startswith(f"Done: switch mimo to {NEW}, as the copy mimo-2.")
    assert "mends template" not in answer.out


def test_the_model_that_is_there_already_is_nothing_to_change(mimo: Command, look: Look) -> None:
    around = look()
    for more in ((), ("--yes",), ("--json",)):
        answer = mimo("switch", "mimo-1", "mimo-v2.5-pro", *more)
        assert (answer.code, answer.err) == (0, "")
    assert (
        mimo("switch", "mimo-1", "mimo-v2.5-pro").out
        == "Nothing to change: saved/mimo-1.json says so already.\n"
    )
    assert look() == around


def test_a_file_that_changed_meanwhile_is_left_as_it_is(
    mimo: Command, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mimo_tui.services.presets import changing

    path, apply = library / "saved" / "mimo-1.json", changing.apply

    def later(*arguments: object, **options: object) -> None:
        path.write_text(path.read_text().replace("mimo-v2.5-pro", "mimo-v2.6-max"))
        apply(*arguments, **options)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(changing, "apply", later)
    answer = mimo("switch", "mimo-1", NEW, "--yes", "--json")
    assert answer.code == 5
    assert "was changed by another program" in answer.err
    assert "Nothing was written" in answer.err
    assert answer.document(PLAN)["applied"] is False
    assert "mimo-v2.6-max" in path.read_text()


def test_a_file_that_its_owner_protected_stays(mimo: Command, library: Path) -> None:
    path = library / "saved" / "mimo-1.json"
    path.chmod(0o444)
    before = path.read_bytes()
    answer = mimo("switch", "mimo-1", NEW, "--yes")
    assert answer.code == 1
    assert str(path) in answer.err
    assert "Permission denied" in answer.err
    assert path.read_bytes() == before


def test_a_link_stays_a_link(mimo: Command, library: Path) -> None:
    assert mimo("switch", "link", NEW, "--fix", PIN, "--yes").code == 0
    assert (library / "saved" / "link.json").is_symlink()
    assert NEW in (library.parent / "shared" / "x.json").read_text()
