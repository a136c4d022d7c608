"""`mimo-tui doctor`: everything that is wrong with what mends it, as text and as JSON, and the report."""

import json
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from mimo_tui.simulator.platform import Platform
from mimo_tui.simulator.site.contents import shipped
from mimo_tui.simulator.site.planted import CONTRADICTIONS
from tests.cli.conftest import Command
from tests.cli.schemas import DOCTOR, ERROR

Look = Callable[[], dict[str, tuple[int, int, bytes]]]


@pytest.fixture
def healthy(library: Path) -> Path:
    """The library with nothing in it but one preset that is all right."""
    for folder in ("saved", "templates", "."):
        for path in (library / folder).glob("*.json*"):
            if path.is_dir():
                path.rmdir()
            elif path.name != "mimo-go.json":
                path.unlink()
    good = library / "saved" / "mimo-go.json"
    document = json.loads(good.read_text())
    llm = document["manifest"]["llm"]
    llm["model"], llm["api_key_env"], llm["base_url"] = (
        "mimo-v2.6-pro",
        "XIAOMI_API_KEY",
        "https://api.xiaomimimo.com/v1",
    )
    del document["manifest"]["capabilities"]["vision"]
    good.write_text(json.dumps(document))
    (library.parent / ".env").write_text("XIAOMI_API_KEY=sk-fake00010001\n")
    (library.parent / ".env").chmod(0o600)
    (library.parent / "config.json").unlink()
    return good


def test_what_is_wrong_is_told_by_place_with_the_commands_that_mend_it(mimo: Command, look: Look) -> None:
    before = look()
    answer = mimo("doctor")
    assert (answer.code, answer.err) == (3, "")
    lines = answer.out.splitlines()
    titles = [line for line in lines if line and not line.startswith(" ")]
    assert titles == [
        "Presets",
        "Keys",
        "Files",
        "Not checked",
        "What this rests on",
        "56 errors, 21 warnings, 12 remarks.",
    ]
    at = lines.index(
        "  ✗ error  saved/mimo-1.json: the model mimo-v2.5-pro was retired on 2026-10-21 [model-retired]"
    )
    assert lines[at + 1].startswith("      because: Deprecations, https://mimo.mi.com/docs/")
    assert (
        lines[at + 2] == "      → use its successor mimo-v2.6-pro: mimo-tui switch saved/mimo-1 mimo-v2.6-pro"
    )
    assert look() == before


def test_a_command_that_is_suggested_mends_what_it_is_for(mimo: Command) -> None:
    found = json.loads(mimo("doctor", "--json").out)["complaints"]
    for code in ("model-retired", "vision-model-retired", "tier-type"):
        one = next(each for each in found if each["code"] == code)
        command = one["remedies"][0]["command"]
        assert mimo(*shlex.split(command)[1:], "--yes", "--force").code == 0
        left = json.loads(mimo("doctor", "--json").out)["complaints"]
        assert one["id"] not in {each["id"] for each in left}


def test_the_document_counts_what_it_lists(mimo: Command) -> None:
    answer = mimo("doctor", "--json")
    assert answer.code == 3
    found = answer.document(DOCTOR)
    assert found["counts"] == {"error": 56, "warning": 21, "info": 12}
    assert isinstance(found["complaints"], list)
    assert len(found["complaints"]) == 56 + 21 + 12
    assert (found["problem"], found["report"], found["checks"]) == (None, None, [])


def test_where_nothing_is_wrong_the_command_succeeds_and_says_what_that_rests_on(
    mimo: Command, healthy: Path
) -> None:
    answer = mimo("doctor")
    assert "Nothing is wrong." in answer.out
    assert answer.code == 0
    assert "? the index of the docs: The docs were never fetched" in answer.out
    document = json.loads(healthy.read_text())
    document["tags"] = ["tier:3"]
    healthy.write_text(json.dumps(document))
    remark = mimo("doctor")
    assert (remark.code, remark.out.splitlines()[-1]) == (0, "1 remark.")


def test_what_cannot_be_looked_at_is_a_failure_and_not_health(mimo: Command, home: Path) -> None:
    library = home / ".lingtai-tui" / "presets"
    library.rename(library.with_name("elsewhere"))
    library.write_text("not a folder")
    answer = mimo("doctor")
    assert answer.code == 1
    assert "Nothing to look at" in answer.out
    assert mimo("doctor", "--json").document(DOCTOR)["problem"]


def test_a_report_is_written_where_it_is_named_and_told(mimo: Command, tmp_path: Path) -> None:
    file = tmp_path / "report.md"
    answer = mimo("doctor", "--report", str(file))
    assert answer.code == 3
    assert f"The report is in {file}. It is sent nowhere" in answer.out
    text = file.read_text()
    assert text.startswith("[Issue Report] saved/evil-name.json: ")
    again = mimo("doctor", "--report", str(file))
    assert (again.code, file.read_text()) == (1, text)
    assert "Say --yes" in again.err
    other = mimo("doctor", "--report", str(file), "--yes", "--json")
    assert other.document(DOCTOR)["report"] == str(file)


def test_a_report_can_be_printed_instead(mimo: Command) -> None:
    answer = mimo("doctor", "--report", "-")
    assert answer.code == 3
    assert answer.out.startswith("[Issue Report] ")
    assert answer.out.endswith("`\n")
    assert mimo("doctor", "--report", "-", "--json").code == 2


def test_a_report_that_cannot_be_written_is_a_failure(mimo: Command, tmp_path: Path) -> None:
    answer = mimo("doctor", "--report", str(tmp_path / "nowhere" / "x.md"))
    assert (answer.code, "There is no folder" in answer.err) == (1, True)
    assert mimo("doctor", "--report", str(tmp_path)).code == 1


def test_a_check_asks_the_docs_and_the_hosts_first(asks: Command, platform: Platform) -> None:
    platform.site = CONTRADICTIONS["price"].change(shipped())
    answer = asks("doctor", "--check", "--json")
    assert answer.code == 3
    found = answer.document(DOCTOR)
    assert found["simulated"] is True
    assert [each["subject"] for each in json.loads(answer.out)["unchecked"]] == ["MIMO_01_API_KEY"]
    assert isinstance(found["checks"], list)
    assert len(found["checks"]) == 3
    assert answer.err == ""
    drift = [each for each in json.loads(answer.out)["complaints"] if each["place"] == "drift"]
    assert any(each["code"] == "price-or-limit-mismatch" and each["drift"]["quote"] for each in drift)
    text = asks("doctor")
    assert text.out.startswith("SIMULATED: ")
    assert "Docs and service" in text.out
    assert ", since 2026-11-23]" in text.out


def test_offline_a_check_says_that_nothing_was_sent(mimo: Command) -> None:
    answer = mimo("--offline", "doctor", "--check", "--json")
    assert answer.code == 1
    answer.document(ERROR)
    assert "offline" in answer.err
