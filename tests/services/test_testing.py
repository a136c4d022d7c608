"""Does a preset work? The four lamps, against the simulated platform on a real socket."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest

from mimo_tui.core import preset as at
from mimo_tui.core.diagnosis import Cause
from mimo_tui.core.exchange import Failure
from mimo_tui.core.json_text import Set
from mimo_tui.services import Services
from mimo_tui.services.presets import changing, planning
from mimo_tui.services.presets.listing import PresetView, find, list_presets
from mimo_tui.services.presets.testing import (
    CannotTest,
    KeyGoesElsewhere,
    Lamp,
    LampState,
    Light,
    light_lamps,
    target_of,
)
from mimo_tui.simulator import accounts
from mimo_tui.simulator.server import Served
from mimo_tui.wire.http import Client, Network
from tests.wire.servers import Connection, serving

Find = Callable[[str], PresetView]


async def lamps(services: Services, view: PresetView, *, request: bool = False) -> dict[Lamp, LampState]:
    return {state.lamp: state async for state in light_lamps(services, view, request=request)}


@pytest.fixture
async def client(services: Services) -> AsyncIterator[Client]:
    """A client of the real network."""
    made = Client(services.catalogue, Network())
    yield made
    await made.aclose()


def changed(services: Services, name: str, **fields: str) -> PresetView:
    """Give the preset after these values were written into it."""
    listing = list_presets(services)
    edits = [Set((*at.MANIFEST, "llm", field), value) for field, value in fields.items()]
    plan = planning.plan_edit(services, listing, find(listing, name), edits)
    changing.apply(services, plan, force=True)
    return find(list_presets(services), name)


async def test_a_preset_that_works_lights_three_lamps_and_sends_no_request_unasked(
    online: Services, served: Served
) -> None:
    found = await lamps(online, changed(online, "unknown", model="mimo-v2.6-pro"))
    assert [state.light for state in found.values()] == [Light.GOOD, Light.GOOD, Light.GOOD, Light.NOT_ASKED]
    assert list(found) == list(Lamp)
    assert {seen.method for seen in served.platform.log} == {"GET"}


async def test_the_fourth_lamp_asks_in_the_form_that_lingtais_agents_use(
    online: Services, served: Served
) -> None:
    found = await lamps(online, changed(online, "unknown", model="mimo-v2.6-pro"), request=True)
    assert found[Lamp.REQUEST].light is Light.GOOD
    assert served.platform.log[-1].path == "/v1/responses"


async def test_a_key_on_the_wrong_cluster_is_refused_and_the_request_is_not_sent(
    online: Services, served: Served, preset: Find
) -> None:
    found = await lamps(online, preset("mimo-1"), request=True)
    assert found[Lamp.HOST].light is Light.GOOD
    assert found[Lamp.KEY].light is Light.BAD
    assert found[Lamp.MODEL].light is Light.UNKNOWN
    assert found[Lamp.REQUEST].light is Light.UNKNOWN
    diagnosis = found[Lamp.KEY].diagnosis
    assert diagnosis is not None
    assert diagnosis.cause is Cause.CLUSTER
    assert {seen.method for seen in served.platform.log} == {"GET"}


async def test_a_key_that_was_taken_a_moment_ago_and_is_refused_now_may_be_tried_again(
    online: Services, served: Served
) -> None:
    view = changed(online, "unknown", model="mimo-v2.6-pro")
    await lamps(online, view)
    served.platform.put_fault("transient-401=9", times=9)
    diagnosis = (await lamps(online, view))[Lamp.KEY].diagnosis
    assert diagnosis is not None
    assert diagnosis.cause is Cause.TRANSIENT


async def test_a_retired_model_is_not_listed_and_the_lamp_names_its_successor(online: Services) -> None:
    found = await lamps(online, find(list_presets(online), "mimo-pro"), request=True)
    assert found[Lamp.KEY].light is Light.GOOD
    assert found[Lamp.MODEL].light is Light.BAD
    assert "2026-10-21" in found[Lamp.MODEL].says
    assert found[Lamp.REQUEST].light is Light.BAD
    diagnosis = found[Lamp.REQUEST].diagnosis
    assert diagnosis is not None
    assert (diagnosis.cause, diagnosis.successor) == (Cause.RETIRED_MODEL, "mimo-v2.6-pro")


async def test_a_listed_model_and_an_empty_account_light_all_but_the_last_lamp(
    online: Services, served: Served
) -> None:
    account = served.platform.account(accounts.SAMPLE_GOOD)
    assert account is not None
    served.platform.put_account(replace(account, balance=False))
    found = await lamps(online, changed(online, "unknown", model="mimo-v2.6-pro"), request=True)
    assert found[Lamp.MODEL].light is Light.GOOD
    diagnosis = found[Lamp.REQUEST].diagnosis
    assert diagnosis is not None
    assert diagnosis.cause is Cause.BALANCE


@pytest.mark.parametrize(
    ("script", "host", "key"),
    [
        ("status=500*9", Light.GOOD, Light.UNKNOWN),
        ("status=429*9", Light.GOOD, Light.UNKNOWN),
        ("error=forbidden", Light.GOOD, Light.UNKNOWN),
        ("html", Light.BAD, Light.UNKNOWN),
        ("reset", Light.BAD, Light.UNKNOWN),
        ("redirect=https://example.com/", Light.BAD, Light.UNKNOWN),
    ],
)
async def test_a_host_in_trouble_never_lights_the_lamp_of_the_key(
    online: Services, served: Served, script: str, host: Light, key: Light
) -> None:
    view = changed(online, "unknown", model="mimo-v2.6-pro")
    served.platform.put_fault(script, times=99)
    found = await lamps(online, view)
    assert (found[Lamp.HOST].light, found[Lamp.KEY].light) == (host, key)
    assert found[Lamp.MODEL].light is Light.UNKNOWN


async def test_a_model_on_the_anthropic_surface_is_asked_in_that_form(
    online: Services, served: Served
) -> None:
    view = changed(
        online,
        "unknown",
        model="mimo-v2.6-pro",
        provider="custom",
        api_compat="anthropic",
        base_url="https://api.xiaomimimo.com/anthropic",
    )
    found = await lamps(online, view, request=True)
    assert [state.light for state in found.values()] == [Light.GOOD] * 4
    assert served.platform.log[-1].path == "/anthropic/v1/messages"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("broken.json", "no closing quote"),
        ("no-slot", "no key"),
        ("openrouter", "no host"),
        ("mimo-go", "no key"),
    ],
)
async def test_what_cannot_be_tested_says_why_and_sends_nothing(
    online: Services, served: Served, preset: Find, name: str, sentence: str
) -> None:
    with pytest.raises(CannotTest, match=sentence):
        await lamps(online, preset(name))
    assert not served.platform.log


@pytest.mark.parametrize("host", ["evil.example", "mimo.example.com:8443", "203.0.113.7"])
async def test_a_key_of_mimo_leaves_for_another_host_only_if_the_person_agrees(
    online: Services, served: Served, host: str
) -> None:
    view = changed(online, "unknown", base_url=f"https://{host}/v1")
    with pytest.raises(KeyGoesElsewhere, match="its key would go there"):
        await lamps(online, view)
    assert not served.platform.log
    agreed = [state async for state in light_lamps(online, view, agreed=True)]
    assert agreed[0].exchange is not None  # a demonstration sends it nowhere else, but it was tried
    assert agreed[0].exchange.failure is Failure.NOT_ALLOWED


async def test_a_key_of_a_plan_in_a_preset_of_another_provider_is_asked_about_too(online: Services) -> None:
    view = changed(
        online, "mimo-1", provider="custom", api_compat="openai", base_url="https://gateway.example/v1"
    )
    with pytest.raises(KeyGoesElsewhere):
        await lamps(online, view)


async def test_a_proxy_on_this_machine_needs_no_consent(online: Services) -> None:
    found = await lamps(online, changed(online, "unknown", base_url="http://127.0.0.1:9/v1"))
    assert found[Lamp.HOST].light is Light.BAD


async def test_offline_the_lamps_are_unknown_and_not_bad(services: Services, preset: Find) -> None:
    client = Client(services.catalogue, Network(offline=True))
    found = await lamps(replace(services, connect=lambda: client), preset("mimo-1"), request=True)
    assert {state.light for state in found.values()} == {Light.UNKNOWN}


async def test_what_a_test_shows_holds_no_key(online: Services, served: Served, preset: Find) -> None:
    served.platform.put_fault("echo-key", times=9)
    found = await lamps(online, preset("mimo-1"))
    assert accounts.SAMPLE_WRONG_CLUSTER not in repr(found)
    assert accounts.SAMPLE_OTHER_READING not in repr(found)


@pytest.mark.parametrize("provider", ["mimo", "custom"])
@pytest.mark.parametrize(
    "host",
    [
        "api.xiaomimimo.co",
        "api.xiaomimlmo.com",
        "token-plan-sgp.xiaomimmo.com",
        "api.xiaomimimo.com.example.com",
    ],
)
async def test_a_host_that_only_looks_like_mimos_gets_no_key(
    online: Services, served: Served, host: str, provider: str
) -> None:
    view = changed(online, "unknown", base_url=f"https://{host}/v1", provider=provider)
    with pytest.raises(CannotTest, match=r"looks like .* and is another host"):
        await lamps(online, view)
    assert not served.platform.log


async def test_a_list_that_anybody_may_read_does_not_light_the_lamp_of_the_key(
    services: Services, client: Client
) -> None:
    """Many platforms list their models to everybody, and what they say to a key only a request tells."""

    async def answer(connection: Connection) -> None:
        await connection.answer(200, b'{"data": [{"id": "m"}]}')

    async with serving(answer) as server:
        view = changed(services, "unknown", provider="custom", model="m", base_url=f"{server.url}/v1")
        found = await lamps(replace(services, connect=lambda: client), view)
    lights = [found[lamp].light for lamp in (Lamp.HOST, Lamp.KEY, Lamp.MODEL)]
    assert lights == [Light.GOOD, Light.UNKNOWN, Light.GOOD]


async def test_the_login_page_of_a_network_does_not_make_a_refused_key_one_that_worked(
    online: Services, served: Served, preset: Find
) -> None:
    view = preset("mimo-1")
    served.platform.put_fault("html")
    await lamps(online, view)
    diagnosis = (await lamps(online, view))[Lamp.KEY].diagnosis
    assert diagnosis is not None
    assert diagnosis.cause is Cause.CLUSTER


@pytest.mark.parametrize(
    "base",
    [
        "https://127.0.0.1:9/v1?api_key=Canary-abcdef",
        "https://user:Canary-word@127.0.0.1:9/v1",
        "https://Canary-token@127.0.0.1:9/v1",
        "https://127.0.0.1:9/sk-Canary123456/v1",
    ],
)
async def test_a_key_that_was_pasted_into_a_base_url_is_not_shown(
    services: Services, client: Client, base: str
) -> None:
    view = changed(services, "unknown", provider="custom", base_url=base)
    found = await lamps(replace(services, connect=lambda: client), view, request=True)
    shown = [view, view.preset, view.endpoint, target_of(services, view), found]
    assert not any("Canary" in repr(each) for each in shown)
