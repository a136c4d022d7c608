"""The slots: who names them, where they are set, and what an agent would find."""

from dataclasses import replace
from types import MappingProxyType

from mimo_tui.core.slots import KeySource
from mimo_tui.services import Services
from mimo_tui.services.keys import SlotView, list_keys


def slots(services: Services, **environment: str) -> dict[str, SlotView]:
    found = list_keys(replace(services, environment=MappingProxyType(environment)))
    return {slot.name: slot for slot in found}


def test_slots_that_presets_name_and_slots_that_are_set_are_all_there_once(services: Services) -> None:
    found = list_keys(services)
    names = [slot.name for slot in found]
    assert names == sorted(set(names))
    assert {"MIMO_1_API_KEY", "OPENCODE_GO_API_KEY", "KIMI_1_API_KEY", "MIMO_01_API_KEY"} <= set(names)
    assert not {"LINGTAI_SOUL_FLOW_ENABLED", "BROKEN LINE", "export MIMO_2_API_KEY", ""} & set(names)


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
