"""Slots: what each reader finds in one, and which name is free."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimo_tui.core.preset import same_provider_slots, view
from mimo_tui.core.secrets import Secret
from mimo_tui.core.slots import Key, KeySource, Reader, Slots, key_of, next_slot, slot_prefix
from tests.core.rules.builder import SLOT, good, spoiled

FILE, PROCESS, CONFIG, INLINE = (
    Secret(f"sk-{where}-012345678") for where in ("file", "process", "config", "inline")
)
SECRETS = {
    KeySource.ENV_FILE: FILE,
    KeySource.PROCESS: PROCESS,
    KeySource.CONFIG: CONFIG,
    KeySource.INLINE: INLINE,
}
# By lingtai-presets.md §4: each reader takes the first of these that holds a key.
PRECEDENCE = {
    Reader.LINGTAI_TUI: (KeySource.ENV_FILE, KeySource.CONFIG),
    Reader.KERNEL_BOOT: (KeySource.PROCESS, KeySource.ENV_FILE, KeySource.INLINE),
    Reader.KERNEL_REFRESH: (KeySource.ENV_FILE, KeySource.PROCESS, KeySource.INLINE),
    Reader.DOCTOR: (KeySource.INLINE, KeySource.PROCESS, KeySource.ENV_FILE),
}


def slots(places: set[KeySource], empty: Secret | None = None) -> Slots:
    def held(place: KeySource, secret: Secret) -> dict[str, Secret]:
        if place in places:
            return {SLOT: secret}
        return {} if empty is None else {SLOT: empty}

    return Slots(
        env_file=dict.fromkeys(Reader, held(KeySource.ENV_FILE, FILE)),
        process=held(KeySource.PROCESS, PROCESS),
        config=held(KeySource.CONFIG, CONFIG),
    )


@pytest.mark.parametrize("reader", Reader)
@given(places=st.sets(st.sampled_from(KeySource)), empty=st.sampled_from([None, Secret("")]))
def test_each_reader_takes_the_first_key_by_its_own_order(
    reader: Reader, places: set[KeySource], empty: Secret | None
) -> None:
    inline = INLINE.reveal() if KeySource.INLINE in places else None
    preset = view(spoiled({"manifest.llm.api_key": inline}))
    first = next((place for place in PRECEDENCE[reader] if place in places), None)
    expected = Key(SECRETS[first], first) if first is not None else None
    assert key_of(preset, slots(places, empty), reader) == expected


def test_a_reader_sees_env_as_it_reads_it_itself() -> None:
    seen = {reader: {SLOT: Secret(f"sk-{number}")} for number, reader in enumerate(Reader)}
    for number, reader in enumerate(Reader):
        key = key_of(view(good()), Slots(env_file=seen), reader)
        assert key is not None
        assert key.secret == Secret(f"sk-{number}")


@pytest.mark.parametrize("slot", ["", None, 5])
def test_without_a_slot_only_the_key_in_the_file_is_found(slot: object) -> None:
    nameless = {"": FILE}
    known = Slots(env_file=dict.fromkeys(Reader, nameless), process=nameless, config=nameless)
    preset = view(spoiled({"manifest.llm.api_key_env": slot, "manifest.llm.api_key": INLINE.reveal()}))
    assert key_of(preset, known) == Key(INLINE, KeySource.INLINE)
    assert key_of(preset, known, Reader.LINGTAI_TUI) is None


@pytest.mark.parametrize(
    ("provider", "base_url", "prefix"),
    [
        ("mimo", "https://token-plan-sgp.xiaomimimo.com/v1", "MIMO"),
        ("MiMo", None, "MIMO"),
        ("minimax", "https://api.minimaxi.com/anthropic", "MINIMAX_CN"),
        ("minimax", "https://api.minimax.io/anthropic", "MINIMAX_INTL"),
        ("zhipu", "https://api.z.ai/api/coding/paas/v4", "ZHIPU_INTL"),
        ("zhipu", None, "ZHIPU_CN"),
        ("open-router.x", None, "OPEN_ROUTER_X"),
        ("灵台", None, "LLM"),
        ("", None, "LLM"),
    ],
)
def test_the_prefix_of_a_slot_is_lingtais(provider: str, base_url: str | None, prefix: str) -> None:
    assert slot_prefix(provider, base_url) == prefix


@pytest.mark.parametrize(
    ("names", "slot"),
    [
        ((), "MIMO_1_API_KEY"),
        (("MIMO_1_API_KEY", "MIMO_2_API_KEY"), "MIMO_3_API_KEY"),
        (("MIMO_2_API_KEY",), "MIMO_1_API_KEY"),
        (("MIMO_01_API_KEY",), "MIMO_2_API_KEY"),
        (("MIMO_1_API_KEY", "MIMO_01_API_KEY", "MIMO_3_API_KEY"), "MIMO_2_API_KEY"),
        (("MIMO_X_API_KEY", "MIMO_1_API_KEY_OLD", "XMIMO_1_API_KEY", "MIMO_٣_API_KEY"), "MIMO_1_API_KEY"),
        (("MIMO_0_API_KEY",), "MIMO_1_API_KEY"),
    ],
)
def test_the_next_slot_is_the_lowest_free_one(names: tuple[str, ...], slot: str) -> None:
    assert next_slot("MIMO", names) == slot


@given(st.lists(st.integers(0, 40)), st.integers(1, 3))
def test_the_next_slot_is_never_taken(numbers: list[int], digits: int) -> None:
    names = [f"MIMO_{number:0{digits}}_API_KEY" for number in numbers]
    chosen = next_slot("MIMO", names)
    number = int(chosen.split("_")[1])
    assert number not in numbers
    assert set(range(1, number)) <= set(numbers)


def test_the_slots_of_capabilities_on_the_same_provider_move_along() -> None:
    preset = view(
        spoiled(
            {
                "manifest.capabilities.other": {"provider": "gemini", "api_key_env": "X"},
                "manifest.capabilities.bare": {"provider": "mimo"},
                "manifest.capabilities.odd": 5,
            }
        )
    )
    assert same_provider_slots(preset) == (("manifest", "capabilities", "vision", "api_key_env"),)
