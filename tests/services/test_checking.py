"""Where a key belongs, what follows for presets, and how they get to the right host."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest

from mimo_tui.core.catalogue import Family
from mimo_tui.core.secrets import Secret
from mimo_tui.core.verdict import Label, Probe, Reading
from mimo_tui.services import Services
from mimo_tui.services.keys import checking
from mimo_tui.services.keys.checking import (
    CannotCheck,
    Check,
    Offline,
    check_key,
    family_of,
    misplaced_presets,
    plan_move,
    remember,
)
from mimo_tui.services.keys.listing import SlotView, find_slot, list_keys
from mimo_tui.services.keys.setting import apply_key, plan_key
from mimo_tui.services.presets import changing
from mimo_tui.services.presets.listing import find, list_presets
from mimo_tui.services.presets.planning import Kind, Refused
from mimo_tui.simulator import accounts
from mimo_tui.simulator.server import Served
from mimo_tui.store.checks import load
from mimo_tui.wire.http import Client, Network

CN = "https://token-plan-cn.xiaomimimo.com/v1"
SGP = "https://token-plan-sgp.xiaomimimo.com/v1"
PAY = "https://api.xiaomimimo.com/v1"


def slot_of(services: Services, name: str) -> SlotView:
    return find_slot(list_keys(services), name)


def put(services: Services, key: str, name: str) -> SlotView:
    """Give the slot after this key was put into it."""
    apply_key(services, plan_key(services, Secret(key), name))
    return slot_of(services, name)


async def checked(services: Services, slot: SlotView, family: str | None = None) -> Check:
    return await check_key(services, slot, family_of(services, slot, family))


def content(path: Path) -> bytes:
    return path.read_bytes()


def rewrite(services: Services, name: str, before: str, after: str) -> None:
    path = services.places.saved / f"{name}.json"
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))


# Whom to ask


def test_the_prefix_says_which_hosts_are_asked(services: Services) -> None:
    assert family_of(services, slot_of(services, "MIMO_1_API_KEY")).id == "token-plan"
    assert family_of(services, slot_of(services, "XIAOMI_API_KEY")).id == "pay-as-you-go"


def test_a_slot_without_a_key_is_not_checked(services: Services) -> None:
    with pytest.raises(CannotCheck, match="holds no key that an agent finds") as refused:
        family_of(services, slot_of(services, "MIMO_2_API_KEY"))
    assert refused.value.families == ()
    assert "export" in str(refused.value)


def ids(families: tuple[Family, ...]) -> tuple[str, ...]:
    return tuple(family.id for family in families)


@pytest.mark.parametrize("name", ["DEEPSEEK_API_KEY", "OPENCODE_GO_API_KEY", "OPENAI_API_KEY"])
def test_a_key_that_is_for_others_is_sent_to_mimo_only_when_the_person_says_so(
    services: Services, name: str
) -> None:
    """Keys of other providers begin with `sk-` too."""
    slot = put(services, "sk-of-somebody-else-1234", name)
    with pytest.raises(CannotCheck) as refused:
        family_of(services, slot)
    assert ids(refused.value.families) == ("pay-as-you-go",)
    assert name in str(refused.value)
    assert family_of(services, slot, "pay-as-you-go").id == "pay-as-you-go"


def test_a_key_of_no_known_kind_asks_the_person(services: Services) -> None:
    slot = slot_of(services, "MIMO_01_API_KEY")
    with pytest.raises(CannotCheck) as refused:
        family_of(services, slot)
    assert ids(refused.value.families) == ("pay-as-you-go", "token-plan")
    assert family_of(services, slot, "token-plan").id == "token-plan"


@pytest.mark.parametrize("family", ["batch", "opencode-go", "nonsense", ""])
def test_only_families_whose_hosts_can_tell_are_asked(services: Services, family: str) -> None:
    with pytest.raises(CannotCheck, match="no clusters") as refused:
        family_of(services, slot_of(services, "XIAOMI_API_KEY"), family)
    assert ids(refused.value.families) == ("pay-as-you-go", "token-plan")
    assert "`mimo-tui keys check XIAOMI_API_KEY --family token-plan`" in refused.value.told


# Asking


async def test_each_host_of_the_family_is_asked_once_and_told_as_it_answers(
    online: Services, served: Served
) -> None:
    slot = slot_of(online, "MIMO_1_API_KEY")
    told: list[Probe] = []
    found = await check_key(online, slot, family_of(online, slot), answered=told.append)
    assert sorted(probe.host.cluster for probe in told) == ["ams", "cn", "sgp"]
    assert [probe.host.cluster for probe in found.probes] == ["cn", "sgp", "ams"]
    assert (found.verdict.label, found.verdict.host) == (Label.BELONGS, found.probes[0].host)
    assert found.probes[0].models
    assert found.simulated
    assert "the prefix does not say which" in found.rule
    assert sorted(seen.host for seen in served.platform.log) == sorted(
        probe.host.name for probe in found.probes
    )
    assert {(seen.method, seen.path) for seen in served.platform.log} == {("GET", "/v1/models")}


async def test_the_key_stands_nowhere_in_what_was_found(online: Services, served: Served) -> None:
    key = accounts.SINGAPORE
    served.platform.put_fault("echo-key", always=True)
    found = await checked(online, put(online, key, "MIMO_7_API_KEY"))
    assert found.verdict.label is Label.REVOKED
    assert key not in repr(found)
    remember(online, found)
    assert key not in online.places.checks.read_text()


async def test_a_key_that_was_only_refused_for_a_moment_is_asked_for_again(
    online: Services, served: Served
) -> None:
    """Plan hosts refuse good keys under load; who was accepted before in this run is asked once more."""
    slot = put(online, accounts.SINGAPORE, "MIMO_7_API_KEY")
    assert (await checked(online, slot)).verdict.label is Label.BELONGS
    served.platform.put_fault("transient-401", host="token-plan-sgp.xiaomimimo.com")
    again = await checked(online, slot)
    assert again.verdict.label is Label.BELONGS
    assert {probe.host.cluster: probe.exchange.attempts for probe in again.probes}["sgp"] == 2


async def test_offline_nothing_is_sent_and_no_host_is_called_silent(services: Services) -> None:
    client = Client(services.catalogue, Network(offline=True), now=services.now)
    told: list[Probe] = []
    slot = slot_of(services, "MIMO_1_API_KEY")
    with pytest.raises(Offline, match="offline"):
        await check_key(
            replace(services, connect=lambda: client), slot, family_of(services, slot), answered=told.append
        )
    assert told == []


@pytest.fixture
def hanging() -> Iterator[str]:
    """A server that takes connections and says nothing, until its client goes."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        taken: list[socket.socket] = []

        def take() -> None:
            try:
                while True:
                    taken.append(server.accept()[0])
            except OSError:
                return

        thread = threading.Thread(target=take, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
    thread.join()
    for each in taken:
        each.close()


async def test_hosts_that_hang_are_given_up_and_the_verdict_is_open(
    services: Services, hanging: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "LONGEST", 0.3)
    client = Client(services.catalogue, Network(simulated=lambda: hanging), now=services.now)
    online = replace(services, connect=lambda: client)
    started = monotonic()
    found = await checked(online, slot_of(services, "MIMO_1_API_KEY"))
    await client.aclose()
    assert monotonic() - started < 3
    assert found.verdict.label is Label.UNDETERMINED
    assert {probe.reading for probe in found.probes} == {Reading.UNREACHABLE}
    assert "did not answer (time-out" in found.probes[0].meaning


async def test_a_check_that_is_cancelled_ends_at_once(services: Services, hanging: str) -> None:
    client = Client(services.catalogue, Network(simulated=lambda: hanging), now=services.now)
    online = replace(services, connect=lambda: client)
    task = asyncio.create_task(checked(online, slot_of(services, "MIMO_1_API_KEY")))
    await asyncio.wait([task], timeout=0.3)
    started = monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert monotonic() - started < 0.2
    await client.aclose()


# Remembering


async def test_a_verdict_is_kept_for_the_list_outside_the_library(online: Services) -> None:
    before = {path: path.read_bytes() for path in online.places.lingtai.rglob("*") if path.is_file()}
    found = await checked(online, slot_of(online, "MIMO_1_API_KEY"))
    assert not online.places.checks.exists()
    remember(online, found)
    check = slot_of(online, "MIMO_1_API_KEY").check
    assert check is not None
    assert (check.label, check.host_words, check.simulated) == (Label.BELONGS, "cn", True)
    assert list(load(online.places.checks).checks) == [found.fingerprint]
    assert {path: path.read_bytes() for path in online.places.lingtai.rglob("*") if path.is_file()} == before


async def test_a_network_that_is_down_does_not_make_an_earlier_verdict_forgotten(
    online: Services, served: Served
) -> None:
    slot = slot_of(online, "MIMO_1_API_KEY")
    remember(online, await checked(online, slot))
    served.platform.put_fault("reset", always=True)
    down = await checked(online, slot)
    assert {probe.reading for probe in down.probes} == {Reading.UNREACHABLE}
    remember(online, down)
    check = slot_of(online, "MIMO_1_API_KEY").check
    assert check is not None
    assert check.label is Label.BELONGS
    other = await checked(online, slot_of(online, "XIAOMI_API_KEY"))
    remember(online, other)
    known = slot_of(online, "XIAOMI_API_KEY").check
    assert known is not None
    assert known.label is Label.UNDETERMINED


# What follows for presets


async def test_a_preset_on_the_wrong_cluster_is_found_and_moved_and_moved_back(online: Services) -> None:
    found = await checked(online, slot_of(online, "MIMO_1_API_KEY"))
    [misplaced] = found.misplaced
    assert misplaced.says == "saved/mimo-1.json calls sgp, and its key belongs to cn."
    assert misplaced.base == CN
    path = misplaced.preset.entry.path
    before = content(path)
    plan = plan_move(online, list_presets(online), misplaced)
    changing.apply(online, plan)
    assert content(path) == before.replace(SGP.encode(), CN.encode())
    slot = slot_of(online, "MIMO_1_API_KEY")
    assert misplaced_presets(online, found.verdict, slot) == ()
    step = changing.next_undo(online)
    assert step is not None
    changing.undo(online, step)
    assert content(path) == before


async def test_capabilities_on_the_old_host_move_with_their_preset(online: Services) -> None:
    rewrite(online, "mimo-1", '"model": "mimo-v2.5",\n', f'"model": "mimo-v2.5", "base_url": "{SGP}/",\n')
    found = await checked(online, slot_of(online, "MIMO_1_API_KEY"))
    [misplaced] = found.misplaced
    plan = plan_move(online, list_presets(online), misplaced)
    assert plan.data is not None
    assert SGP.encode() not in plan.data
    assert plan.data.count(CN.encode()) == 2


async def test_a_capability_alone_on_the_wrong_host_is_misplaced_too(online: Services) -> None:
    rewrite(online, "mimo-1", SGP, CN)
    rewrite(online, "mimo-1", '"model": "mimo-v2.5",\n', f'"model": "mimo-v2.5", "base_url": "{SGP}",\n')
    found = await checked(online, slot_of(online, "MIMO_1_API_KEY"))
    [misplaced] = found.misplaced
    assert misplaced.says == "saved/mimo-1.json calls sgp for vision, and its key belongs to cn."


async def test_the_anthropic_surface_stays_the_anthropic_surface(online: Services) -> None:
    rewrite(online, "mimo-1", SGP, SGP.replace("/v1", "/anthropic"))
    rewrite(online, "mimo-1", '"api_compat": "openai"', '"api_compat": "anthropic"')
    text = (online.places.saved / "mimo-1.json").read_text()
    (online.places.saved / "mimo-1.json").write_text(
        text.replace('"provider": "mimo"\n    }\n  }', '"provider": "custom"\n    }\n  }')
    )
    view = find(list_presets(online), "mimo-1")
    assert view.preset is not None
    assert view.preset.provider == "custom"
    [misplaced] = (await checked(online, slot_of(online, "MIMO_1_API_KEY"))).misplaced
    assert misplaced.base == CN.replace("/v1", "/anthropic")


async def test_a_template_is_copied_with_its_slot_and_stays_itself(online: Services) -> None:
    found = await checked(online, put(online, accounts.SINGAPORE, "XIAOMI_API_KEY"))
    by_reference = {str(each.preset.reference): each for each in found.misplaced}
    template = by_reference["templates/mimo.json"]
    assert template.base == SGP
    plan = plan_move(online, list_presets(online), template)
    assert plan.kind is Kind.COPY
    assert plan.after is not None
    assert plan.after.preset is not None
    assert (plan.after.preset.slot, plan.after.preset.base_url) == ("XIAOMI_API_KEY", SGP)
    assert {"saved/mimo-pro.json", "saved/unknown.json"} <= set(by_reference)


async def test_a_legacy_preset_is_moved_where_it_lies(online: Services) -> None:
    found = await checked(online, put(online, accounts.EUROPE, "MIMO_API_KEY"))
    [misplaced] = found.misplaced
    assert misplaced.preset.entry.path == online.places.legacy / "mimo.json"
    assert plan_move(online, list_presets(online), misplaced).kind is Kind.EDIT


async def test_without_a_host_only_what_the_prefix_rules_out_is_misplaced(online: Services) -> None:
    """A revoked plan key: no preset of the pay-as-you-go host can use it, whichever cluster it was of."""
    found = await checked(online, put(online, accounts.REVOKED, "XIAOMI_API_KEY"))
    assert found.verdict.label is Label.REVOKED
    references = {each.preset.reference for each in found.misplaced}
    assert "saved/mimo-pro.json" in references
    pro = next(each for each in found.misplaced if each.preset.reference == "saved/mimo-pro.json")
    assert pro.base is None
    assert pro.says.endswith("its key is a Token Plan key, by its prefix tp-.")
    with pytest.raises(Refused, match="which host is right is not known"):
        plan_move(online, list_presets(online), pro)


async def test_a_prefix_with_one_host_says_the_right_base_without_any_answer(online: Services) -> None:
    found = await checked(online, put(online, accounts.REVOKED_PAY_AS_YOU_GO, "MIMO_1_API_KEY"))
    assert found.verdict.label is Label.REVOKED
    [misplaced] = found.misplaced
    assert misplaced.base == PAY


async def test_a_preset_that_is_gone_meanwhile_is_not_moved(online: Services) -> None:
    [misplaced] = (await checked(online, slot_of(online, "MIMO_1_API_KEY"))).misplaced
    misplaced.preset.entry.path.unlink()
    with pytest.raises(Refused, match="no longer there"):
        plan_move(online, list_presets(online), misplaced)


async def test_a_preset_that_was_given_another_key_or_host_meanwhile_is_not_moved(online: Services) -> None:
    """The verdict is on the key that was checked, and a person may take a while to say yes."""
    [misplaced] = (await checked(online, slot_of(online, "MIMO_1_API_KEY"))).misplaced
    path = misplaced.preset.entry.path
    before = path.read_text()
    for changed in (
        before.replace("MIMO_1_API_KEY", "XIAOMI_API_KEY"),
        before.replace(SGP, "https://models.example.com/v1"),
    ):
        path.write_text(changed)
        with pytest.raises(Refused, match="changed since the check"):
            plan_move(online, list_presets(online), misplaced)
    path.write_text(before)
    apply_key(online, plan_key(online, Secret(accounts.EUROPE), "MIMO_1_API_KEY"))
    with pytest.raises(Refused, match="changed since the check"):
        plan_move(online, list_presets(online), misplaced)


async def test_another_change_of_a_preset_meanwhile_does_not_keep_it_where_it_is(online: Services) -> None:
    [misplaced] = (await checked(online, slot_of(online, "MIMO_1_API_KEY"))).misplaced
    rewrite(online, "mimo-1", '"model": "mimo-v2.5",\n', '"model": "mimo-v2.6-pro",\n')
    plan = plan_move(online, list_presets(online), misplaced)
    assert plan.data is not None
    assert CN.encode() in plan.data


def test_what_was_given_for_a_family_is_not_repeated_where_it_may_be_a_key(services: Services) -> None:
    with pytest.raises(CannotCheck) as refused:
        family_of(services, slot_of(services, "MIMO_1_API_KEY"), accounts.SINGAPORE)
    assert accounts.SINGAPORE not in str(refused.value)
