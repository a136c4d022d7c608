"""`presets test`: the four lamps as text and as JSON, the exit codes, and whom a key is sent to."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mimo_tui.core.json_text import Json
from mimo_tui.simulator.platform import Platform
from tests.cli.conftest import Answer, Command
from tests.cli.schemas import ERROR, LAMPS

PRO = "mimo-v2.6-pro"

Look = Callable[[], dict[str, tuple[int, int, bytes]]]


def lights(answer: Answer) -> list[Json]:
    return [lamp["light"] for lamp in json.loads(answer.out)["lamps"]]


def test_a_test_says_simulated_and_each_lamp_in_a_line(asks: Command) -> None:
    asks("switch", "mimo-pro", PRO, "--yes")
    answer = asks("presets", "test", "mimo-pro")
    assert answer.code == 0
    lines = answer.out.splitlines()
    assert lines[0].startswith("SIMULATED")
    assert lines[1].startswith("✓ host answers: yes. api.xiaomimimo.com answered in ")
    assert lines[2] == "✓ key accepted: yes. api.xiaomimimo.com takes the key."
    assert lines[3].startswith(f"✓ model listed: yes. {PRO} is among its ")
    assert lines[4].startswith("· request works: not asked.")


def test_with_request_the_fourth_lamp_is_lit(asks: Command, platform: Platform) -> None:
    asks("switch", "mimo-pro", PRO, "--yes")
    answer = asks("presets", "test", "mimo-pro", "--request", "--json")
    assert answer.code == 0
    answer.document(LAMPS)
    assert lights(answer) == ["yes"] * 4
    assert [seen.method for seen in platform.log] == ["GET", "POST"]


def test_what_is_wrong_comes_with_its_remedy_and_the_evidence(asks: Command) -> None:
    answer = asks("presets", "test", "mimo-1")
    assert answer.code == 3
    assert "✗ key accepted: no." in answer.out
    assert "Check the key's cluster" in answer.out
    assert "GET https://token-plan-sgp.xiaomimimo.com/v1/models at " in answer.out
    assert '"type":"invalid_key"' in answer.out


def test_as_json_there_is_all_of_it(asks: Command) -> None:
    answer = asks("presets", "test", "mimo-1", "--json")
    document = answer.document(LAMPS)
    assert (answer.code, document["preset"], document["simulated"]) == (3, "saved/mimo-1.json", True)
    key = json.loads(answer.out)["lamps"][1]
    assert key["diagnosis"]["cause"] == "cluster"
    assert key["exchange"]["status"] == 401
    assert key["exchange"]["error"]["type"] == "invalid_key"


def test_a_host_that_is_down_is_no_verdict(asks: Command, platform: Platform) -> None:
    platform.put_fault("reset", always=True)
    answer = asks("presets", "test", "mimo-pro", "--json")
    assert (answer.code, lights(answer)) == (3, ["no", "unknown", "unknown", "not asked"])
    platform.clear_faults()
    platform.put_fault("status=500", always=True)
    answer = asks("presets", "test", "mimo-pro", "--json")
    assert (answer.code, lights(answer)) == (1, ["yes", "unknown", "unknown", "not asked"])


def test_a_key_of_mimo_is_not_sent_to_another_host_without_a_word(asks: Command, platform: Platform) -> None:
    asks("presets", "set", "mimo-pro", "base_url", "https://evil.example/v1", "--yes", "--force")
    answer = asks("presets", "test", "mimo-pro")
    assert answer.code == 1
    assert "evil.example" in answer.err
    assert "Say --yes if it shall." in answer.err
    assert asks("presets", "test", "mimo-pro", "--json").document(ERROR)
    agreed = asks("presets", "test", "mimo-pro", "--yes", "--json")
    assert lights(agreed)[0] != "yes"
    assert not platform.log


@pytest.mark.parametrize(
    ("name", "said"),
    [("no-slot", "has no key"), ("broken.json", "cannot be tested"), ("nobody", "No preset is")],
)
def test_what_cannot_be_tested_is_a_sentence(asks: Command, name: str, said: str) -> None:
    answer = asks("presets", "test", name)
    assert answer.code == 1
    assert said in answer.err


def test_offline_nothing_is_sent(asks: Command, platform: Platform) -> None:
    answer = asks("--offline", "presets", "test", "mimo-pro", "--json")
    assert (answer.code, set(lights(answer)[:3])) == (1, {"unknown"})
    assert not platform.log


def test_a_test_writes_nothing(asks: Command, look: Look, home: Path) -> None:
    before = look()
    asks("presets", "test", "mimo-pro", "--request")
    assert look() == before
