"""The slots: who names them, where they are set, and what an agent would find."""

from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType

import pytest

from mimo_tui.core.findings import Severity
from mimo_tui.core.slots import KeySource
from mimo_tui.core.text import clean
from mimo_tui.core.verdict import Label
from mimo_tui.services import Services
from mimo_tui.services.keys.listing import NoSlot, SlotView, find_slot, list_keys, read_keys
from mimo_tui.store import checks
from mimo_tui.store.checks import Remembered


def slots(services: Services, **environment: str) -> dict[str, SlotView]:
    found = list_keys(replace(services, environment=MappingProxyType(environment)))
    return {slot.name: slot for slot in found}


def test_slots_that_presets_name_and_slots_that_are_set_are_all_there_once(services: Services) -> None:
    found = list_keys(services)
    names = [slot.name for slot in found]
    assert len(names) == len(set(names))
    assert {"MIMO_1_API_KEY", "OPENCODE_GO_API_KEY", "KIMI_1_API_KEY", "MIMO_01_API_KEY"} <= set(names)
    assert not {"LINGTAI_SOUL_FLOW_ENABLED", "BROKEN LINE", "export MIMO_2_API_KEY", ""} & set(names)


def test_mimos_slots_come_first_and_are_counted_not_spelled(services: Services) -> None:
    text = services.places.env_file.read_text()
    services.places.env_file.write_text(f"{text}MIMO_10_API_KEY=x\nMIMO_3_API_KEY=x\n")
    names = [str(slot.name) for slot in list_keys(services)]
    order = [names.index(f"MIMO_{number}_API_KEY") for number in ("1", "2", "3", "9", "10")]
    assert order == sorted(order)
    assert names.index("XIAOMI_API_KEY") < names.index("CUSTOM_6_API_KEY")


def test_the_key_is_what_the_kernel_finds_at_boot(services: Services) -> None:
    twice = slots(services)["MIMO_1_API_KEY"]
    assert twice.secret is not None
    assert (twice.secret.reveal(), twice.source) == ("tp-fake0002", KeySource.ENV_FILE)
    assert twice.places == (KeySource.ENV_FILE, KeySource.CONFIG)
    assert twice.kind is not None
    assert twice.kind.prefix == "tp-"
    shell = slots(services, MIMO_1_API_KEY="sk-shell12345678")["MIMO_1_API_KEY"]
    assert shell.secret is not None
    assert (shell.secret.reveal(), shell.source) == ("sk-shell12345678", KeySource.PROCESS)
    assert shell.places == (KeySource.PROCESS, KeySource.ENV_FILE, KeySource.CONFIG)


def test_an_exported_name_is_set_for_the_screen_and_missing_for_the_kernel(services: Services) -> None:
    slot = slots(services)["MIMO_2_API_KEY"]
    assert (slot.secret, slot.source, slot.places) == (None, None, (KeySource.ENV_FILE,))
    assert slot.disagreement == "export"


def test_a_key_in_config_alone_is_none_for_an_agent(services: Services) -> None:
    services.places.env_file.unlink()
    slot = slots(services)["XIAOMI_API_KEY"]
    assert (slot.secret, slot.source, slot.places) == (None, None, (KeySource.CONFIG,))


def test_a_slot_knows_the_presets_that_name_it(services: Services) -> None:
    users = {preset.reference for preset in slots(services)["OPENCODE_GO_API_KEY"].presets}
    assert users == {"saved/mimo-go.json", "templates/grok.json"}


def test_an_empty_value_is_no_key(services: Services) -> None:
    slot = slots(services)["KIMI_1_API_KEY"]
    assert (slot.secret, slot.places, slot.disagreement) == (None, (), "empty value")


def test_a_key_pasted_as_the_name_of_a_slot_is_masked(services: Services) -> None:
    path = services.places.saved / "mimo-1.json"
    path.write_text(path.read_text().replace("MIMO_1_API_KEY", "sk-pastedcanary1234"))
    assert not any("canary" in slot.name for slot in list_keys(services))


# What is wrong with a slot


def codes(slot: SlotView) -> set[str]:
    return {finding.code for finding in slot.findings}


def test_a_slot_knows_its_lines_of_the_file(services: Services) -> None:
    found = slots(services)
    assert found["MIMO_1_API_KEY"].lines == (3, 5)
    assert found["MIMO_2_API_KEY"].lines == (4,)
    assert found["OPENCODE_GO_API_KEY"].lines == ()


def test_what_readers_see_differently_is_a_finding_with_its_lines(services: Services) -> None:
    slot = slots(services)["MIMO_1_API_KEY"]
    assert codes(slot) == {"key-read-differently"}
    assert "set twice (line 3 and 5 of .env)" in slot.findings[0].message


def test_another_key_in_another_place_is_a_finding(services: Services) -> None:
    shell = slots(services, XIAOMI_API_KEY="sk-shell12345678")["XIAOMI_API_KEY"]
    [finding] = shell.findings
    assert (finding.code, finding.severity) == ("key-elsewhere", Severity.WARNING)
    assert "process environment holds another key" in finding.message
    config = services.places.config_file
    config.write_text(config.read_text().replace("sk-fake0001", "sk-fake0002"))
    [finding] = slots(services)["XIAOMI_API_KEY"].findings
    assert (finding.code, finding.severity) == ("key-elsewhere", Severity.INFO)
    services.places.env_file.unlink()
    [finding] = slots(services)["XIAOMI_API_KEY"].findings
    assert "config.json only" in finding.message


def test_a_key_inside_a_preset_is_the_key_of_its_slot_where_no_other_preset_uses_it(
    services: Services,
) -> None:
    slot = slots(services)["MIMO_9_API_KEY"]
    assert slot.secret is not None
    assert (slot.secret.reveal(), slot.source, slot.places) == (
        "sk-fake0016",
        KeySource.INLINE,
        (KeySource.INLINE,),
    )
    assert codes(slot) == {"inline-key"}
    named = slots(services, MIMO_9_API_KEY="sk-shell12345678")["MIMO_9_API_KEY"]
    assert named.source is KeySource.PROCESS
    assert named.places == (KeySource.PROCESS, KeySource.INLINE)


def test_a_loose_mode_is_told_at_every_slot_of_the_file(services: Services) -> None:
    services.places.env_file.chmod(0o640)
    found = read_keys(services)
    in_file = [slot for slot in found.slots if KeySource.ENV_FILE in slot.places]
    assert in_file
    assert all("loose-mode" in codes(slot) for slot in in_file)
    assert "loose-mode" in {finding.code for finding in found.findings}


def test_a_slot_of_mimo_with_a_key_of_no_known_kind_is_told(services: Services) -> None:
    found = slots(services)
    assert codes(found["MIMO_01_API_KEY"]) == {"key-kind-unknown"}
    assert "key-kind-unknown" not in codes(found["ZHIPU_INTL_1_API_KEY"])


def test_whose_business_a_slot_is(services: Services) -> None:
    """By the hosts that its presets call; where no preset uses it, by its name."""
    found = slots(services)
    assert {name for name, slot in found.items() if slot.is_mimo} == {
        "MIMO_01_API_KEY",
        "MIMO_1_API_KEY",
        "MIMO_2_API_KEY",
        "MIMO_9_API_KEY",
        "MIMO_API_KEY",
        "XIAOMI_API_KEY",
    }
    # OpenCode Go's key opens MiMo's models, and is not for MiMo's hosts.
    assert not found["OPENCODE_GO_API_KEY"].is_mimo


def test_a_slot_named_for_mimo_whose_presets_call_a_host_of_their_own_is_not_mimos(
    services: Services,
) -> None:
    path = services.places.saved / "mimo-1.json"
    path.write_text(
        path.read_text().replace("https://token-plan-sgp.xiaomimimo.com/v1", "https://proxy.example/v1")
    )
    assert not slots(services)["MIMO_1_API_KEY"].is_mimo
    path.write_text(path.read_text().replace("https://proxy.example/v1", "https://platform.xiaomimimo.com"))
    assert slots(services)["MIMO_1_API_KEY"].is_mimo


# What was found out before


def test_the_last_verdict_is_shown_with_the_very_key_that_it_was_on(services: Services) -> None:
    slot = slots(services)["XIAOMI_API_KEY"]
    assert slot.secret is not None
    at = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    kept = Remembered(
        Label.BELONGS,
        clean("belongs to pay-as-you-go"),
        clean("pay-as-you-go"),
        clean("api.example"),
        clean(""),
        at,
    )
    checks.remember(services.places.checks, slot.secret.fingerprint, kept)
    assert slots(services)["XIAOMI_API_KEY"].check == kept
    assert slots(services, XIAOMI_API_KEY="sk-another1234567")["XIAOMI_API_KEY"].check is None


def test_an_unreadable_memory_is_told_and_the_list_stays(services: Services) -> None:
    before = list_keys(services)
    services.places.state.mkdir(parents=True)
    services.places.checks.write_text("{")
    found = read_keys(services)
    assert found.slots == before
    assert [finding.code for finding in found.findings] == ["checks-unreadable"]


# Naming a slot


def test_a_slot_that_is_not_there_is_told_with_those_that_look_like_it(services: Services) -> None:
    found = list_keys(services)
    assert find_slot(found, "XIAOMI_API_KEY").name == "XIAOMI_API_KEY"
    with pytest.raises(NoSlot, match="called XIAOMY_API_KEY") as refused:
        find_slot(found, "XIAOMY_API_KEY")
    assert "XIAOMI_API_KEY" in refused.value.close


@pytest.mark.parametrize(
    "pasted", ["sk-Canary123456", "Canary123456789", "CANARY123456789", "a b", "\x1b[31m"]
)
def test_what_may_be_a_key_is_not_repeated_as_the_name_of_a_slot(services: Services, pasted: str) -> None:
    with pytest.raises(NoSlot) as refused:
        find_slot(list_keys(services), pasted)
    assert pasted not in str(refused.value)
