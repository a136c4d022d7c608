"""`mimo-tui doctor`: everything that is wrong with what mends it, as text and as JSON, and the report."""

import json
import shlex
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from socket import socket

import pytest

from mimo_tui.simulator import accounts
from mimo_tui.simulator.platform import Platform
from mimo_tui.simulator.server import serve
from mimo_tui.simulator.site.contents import shipped
from mimo_tui.simulator.site.planted import CONTRADICTIONS
from mimo_tui.wire.http import Network
from tests.cli.conftest import Command
from tests.cli.schemas import DOCTOR, ERROR


@pytest.fixture
def network(request: pytest.FixtureRequest, platform: Platform) -> Iterator[Network]:
    """The way to the simulated platform; with the parameter `nobody`, to a port where nobody listens."""
    with ExitStack() as stack:
        if getattr(request, "param", "") == "nobody":
            with socket() as taken:
                taken.bind(("127.0.0.1", 0))
                origin = f"http://127.0.0.1:{taken.getsockname()[1]}"
        else:
            origin = stack.enter_context(serve(platform)).origin
        yield Network(simulated=lambda: origin)


UNASKED = "not all of it could be checked: the index of the docs, the models of each host."
"""What is said where nobody was asked yet."""
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
        f"56 errors, 21 warnings, 12 remarks; {UNASKED}",
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
    assert answer.out.splitlines()[-1] == f"Nothing wrong was found; {UNASKED}"
    assert answer.code == 0
    assert "? the index of the docs: The docs were never fetched" in answer.out
    document = json.loads(healthy.read_text())
    document["tags"] = ["tier:3"]
    healthy.write_text(json.dumps(document))
    remark = mimo("doctor")
    assert (remark.code, remark.out.splitlines()[-1]) == (0, f"1 remark; {UNASKED}")


def test_only_where_all_was_checked_nothing_is_wrong(asks: Command, healthy: Path) -> None:
    env = healthy.parents[2] / ".env"
    env.write_text(f"XIAOMI_API_KEY={accounts.PAY_AS_YOU_GO}\n")
    answer = asks("doctor", "--check")
    assert (answer.code, answer.out.splitlines()[-1]) == (0, "Nothing is wrong.")


@pytest.mark.parametrize("network", ["nobody"], indirect=True)
def test_a_check_that_reaches_nobody_fails_and_does_not_call_all_well(asks: Command, healthy: Path) -> None:
    answer = asks("doctor", "--check")
    last = answer.out.splitlines()[-1]
    assert "Nothing is wrong" not in answer.out
    assert last.endswith("could be checked: the index of the docs, XIAOMI_API_KEY, the models of each host.")
    assert answer.code == 1
    assert healthy.is_file()
    assert "? the index of the docs: https://mimo.mi.com/llms.txt gave no answer" in answer.out
    left = json.loads(asks("doctor", "--check", "--json").out)["unchecked"]
    assert [each["subject"] for each in left].count("the index of the docs") == 1


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
    [left] = json.loads(answer.out)["unchecked"]
    assert left["subject"] == "MIMO_01_API_KEY"
    assert "`mimo-tui keys check MIMO_01_API_KEY --family token-plan`" in left["reason"]
    assert isinstance(found["checks"], list)
    assert len(found["checks"]) == 3
    assert answer.err == ""
    drift = [each for each in json.loads(answer.out)["complaints"] if each["place"] == "drift"]
    assert any(each["code"] == "price-or-limit-mismatch" and each["drift"]["quote"] for each in drift)
    text = asks("doctor")
    assert text.out.startswith("SIMULATED: ")
    assert "Docs and service" in text.out
    assert ", since 2026-11-23]" in text.out
    assert text.out.count("--report FILE") == 1


def test_offline_a_check_says_that_nothing_was_sent(mimo: Command) -> None:
    answer = mimo("--offline", "doctor", "--check", "--json")
    assert answer.code == 1
    answer.document(ERROR)
    assert "offline" in answer.err
