"""`presets list` and `presets show`: every file is a row, and a script gets one document of a fixed shape."""

import json
from pathlib import Path

import pytest

from mimo_tui.simulator.sample_library import fixture_names
from tests.cli.conftest import Command
from tests.cli.schemas import PRESETS, Mismatch, validate


def test_every_file_of_the_library_is_a_row_in_words_and_in_json(mimo: Command) -> None:
    document = mimo("presets", "list", "--json").document(PRESETS)
    presets = document["presets"]
    assert isinstance(presets, list)
    paths = {str(preset["path"]).split("/presets/")[1] for preset in presets if isinstance(preset, dict)}
    assert paths == set(fixture_names())
    rows = mimo("presets", "list").out.splitlines()[1:]
    assert len(rows) == len(fixture_names())


def test_the_groups_own_name_lists_too_and_json_may_stand_before_the_verb(mimo: Command) -> None:
    listed = mimo("presets", "list", "--json")
    assert mimo("presets", "--json").out == listed.out
    assert mimo("presets", "--json", "list").out == listed.out
    assert mimo("presets").out == mimo("presets", "list").out


def test_one_preset_is_shown_with_all_that_a_script_may_hold_on_to(mimo: Command, library: Path) -> None:
    (shown,) = json.loads(mimo("presets", "show", "mimo-1", "--json").out)["presets"]
    findings = shown.pop("findings")
    assert shown == {
        "name": "mimo-1",
        "path": str(library / "saved" / "mimo-1.json"),
        "source": "saved",
        "provider": "mimo",
        "model": "mimo-v2.5-pro",
        "base_url": "https://token-plan-sgp.xiaomimimo.com/v1",
        "request_url": "https://token-plan-sgp.xiaomimimo.com/v1/chat/completions",
        "agent_url": "https://token-plan-sgp.xiaomimimo.com/v1/responses",
        "family": "token-plan",
        "cluster": "sgp",
        "slot": "MIMO_1_API_KEY",
        "key": {"present": True, "kind": "tp", "source": "env-file", "masked": "••••••"},
        "capabilities": ["skills", "vision", "web_search"],
        "error": None,
    }
    retired = next(finding for finding in findings if finding["code"] == "model-retired")
    assert retired["severity"] == "error"
    assert retired["path"] == "manifest.llm.model"
    assert {"id": "use:mimo-v2.6-pro", "title": "use its successor mimo-v2.6-pro"} in retired["fixes"]


def test_show_says_in_words_what_json_says(mimo: Command) -> None:
    shown = mimo("presets", "show", "saved/mimo-1").out
    for words in (
        "Token Plan · sgp",
        "/v1/chat/completions",
        "•••••• from env-file",
        "--fix use:mimo-v2.6-pro",
    ):
        assert words in shown
    assert "assistant" in shown  # the agent that runs on it


def test_a_broken_file_is_shown_with_the_reason_and_who_can_read_it(mimo: Command) -> None:
    (broken,) = json.loads(mimo("presets", "show", "broken", "--json").out)["presets"]
    assert broken["provider"] is broken["model"] is broken["base_url"] is None
    assert "line 15, column 24" in broken["error"]
    assert [finding["code"] for finding in broken["findings"]] == ["unreadable"]
    latin = mimo("presets", "show", "latin1").out
    assert "Lingtai's screen reads it with � for each bad byte" in latin
    assert "its kernel cannot" in latin


def test_a_preset_without_a_name_is_found_by_its_file(mimo: Command) -> None:
    assert "(no-name.json)" in mimo("presets", "list").out
    assert mimo("presets", "show", "no-name").out.splitlines()[0].split() == ["name", "none"]


def test_a_name_inside_that_is_not_the_files_is_listed_with_the_file(mimo: Command) -> None:
    assert "mimo (other-name.json)" in mimo("presets", "list").out


def test_a_name_that_several_presets_have_is_asked_back_with_the_candidates(mimo: Command) -> None:
    answer = mimo("presets", "show", "mimo", "--json")
    assert answer.code == 4
    candidates = ["saved/other-name.json", "templates/mimo.json", "legacy/mimo.json"]
    assert json.loads(answer.out)["error"]["candidates"] == candidates
    for candidate in candidates:
        assert candidate in answer.err
    assert mimo("presets", "show", "templates/mimo").code == 0
    assert mimo("presets", "show", "legacy/mimo.json").code == 0


def test_an_unknown_name_is_a_sentence_with_a_guess(mimo: Command) -> None:
    answer = mimo("presets", "show", "mimo-11")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith("No preset is called “mimo-11”. Did you mean mimo-1")
    assert "presets list" in mimo("presets", "show", "qqqqqq").err
    assert "“”" in mimo("presets", "show", "").err


@pytest.mark.parametrize("there", [True, False])
def test_where_there_is_no_library_the_answer_says_so_and_makes_none(
    there: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from mimo_tui.cli.commands import run

    empty = tmp_path / "nobody"
    if there:
        empty.mkdir()
    assert run(["presets", "list", "--home", str(empty)]) == 0
    assert f"There are no presets in {empty}" in capsys.readouterr().out
    assert run(["presets", "list", "--home", str(empty), "--json"]) == 0
    validate(json.loads(capsys.readouterr().out), PRESETS)
    assert list(tmp_path.rglob("*")) == ([empty] if there else [])


def test_the_checker_of_schemas_finds_what_is_wrong(mimo: Command) -> None:
    document = mimo("presets", "list", "--json").document(PRESETS)
    presets = document["presets"]
    assert isinstance(presets, list)
    assert isinstance(presets[0], dict)
    presets[0] |= {"source": "moon", "slot": 3, "extra": None}
    del presets[0]["model"]
    with pytest.raises(Mismatch) as wrong:
        validate(document, PRESETS)
    assert len(str(wrong.value).splitlines()) == 4


def test_control_codes_in_a_preset_reach_neither_the_table_nor_the_json_raw(
    mimo: Command, library: Path
) -> None:
    path = library / "saved" / "nasty.json"
    path.write_text(
        json.dumps(
            {
                "name": "\x1b]52;c;aGk=\x07\u202e",
                "description": {"summary": "\x9b2J\u2066"},
                "manifest": {
                    "llm": {"provider": "mimo", "model": "\x1b[2Jm", "base_url": "https://\x07.example"}
                },
            }
        )
    )
    for arguments in (("presets", "list"), ("presets", "show", str(path)), ("presets", "list", "--json")):
        answer = mimo(*arguments)
        assert answer.code == 0
        assert not set(answer.out + answer.err) & set("\x1b\x07\x9b\u202e\u2066")
