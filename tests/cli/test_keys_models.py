"""`keys list` and `models`: what is known, and from where; a key is only ever shown masked."""

import json

import pytest

from tests.cli.conftest import Command
from tests.cli.schemas import KEYS, MODELS


def test_every_slot_is_listed_with_its_masked_key_its_place_and_its_users(mimo: Command) -> None:
    mimo("keys", "list", "--json").document(KEYS)
    slots = {slot["slot"]: slot for slot in json.loads(mimo("keys", "--json").out)["keys"]}
    slot = slots["MIMO_1_API_KEY"]
    assert [finding["code"] for finding in slot.pop("findings")] == ["key-read-differently"]
    assert slot == {
        "slot": "MIMO_1_API_KEY",
        "key": {"present": True, "kind": "tp", "source": "env-file", "masked": "••••••"},
        "mimo": True,
        "rule": "tp- keys are of the Token Plan: cn, sgp or ams; the prefix does not say which.",
        "places": ["env-file", "config"],
        "lines": [3, 5],
        "presets": ["saved/mimo-1.json"],
        "disagreement": "set twice",
        "verdict": None,
    }
    assert slots["OPENCODE_GO_API_KEY"]["key"]["present"] is False
    assert slots["OPENCODE_GO_API_KEY"]["presets"] == ["saved/mimo-go.json", "templates/grok.json"]


def test_what_only_lingtais_screen_reads_is_set_but_no_key_for_an_agent(mimo: Command) -> None:
    slots = {slot["slot"]: slot for slot in json.loads(mimo("keys", "--json").out)["keys"]}
    exported = slots["MIMO_2_API_KEY"]
    assert (exported["key"]["present"], exported["places"]) == (False, ["env-file"])
    assert not any(" " in name for name in slots)
    row = next(line for line in mimo("keys").out.splitlines() if line.startswith("MIMO_2_API_KEY"))
    assert row.split("  ")[1:2] == ["none"] or "none" in row
    assert "env-file only" in row
    assert "readers differ: export" in row


def test_the_process_environment_comes_first(mimo: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIAOMI_API_KEY", "sk-from-the-shell-1234")
    slots = {slot["slot"]: slot for slot in json.loads(mimo("keys", "--json").out)["keys"]}
    assert slots["XIAOMI_API_KEY"]["key"] == {
        "present": True,
        "kind": "sk",
        "source": "process",
        "masked": "••••••1234",
    }
    assert slots["XIAOMI_API_KEY"]["places"] == ["process", "env-file", "config"]


def test_every_model_has_its_state_and_each_fact_its_source(mimo: Command) -> None:
    document = mimo("models", "--json").document(MODELS)
    models = {model["id"]: model for model in json.loads(mimo("models", "--json").out)["models"]}
    assert isinstance(document["models"], list)
    assert len(models) == len(document["models"])
    assert models["mimo-v2.6-pro"]["status"] == "current"
    assert models["mimo-v2.5-pro"]["successor"]["value"] == "mimo-v2.6-pro"
    assert models["mimo-v2.6-pro"]["context"]["value"] == 1048576
    assert models["mimo-v2.6-pro"]["context"]["source"]["url"].startswith("https://mimo.mi.com/")
    assert models["mimo-v2.6-pro"]["price_usd"]["value"]["currency"] == "USD"


def test_the_table_of_models_ends_with_how_old_the_knowledge_is(mimo: Command) -> None:
    lines = mimo("models").out.splitlines()
    assert lines[0].split()[:2] == ["MODEL", "STATUS"]
    assert lines[-1].startswith("Known by the catalogue of ")
