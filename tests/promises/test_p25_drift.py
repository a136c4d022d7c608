"""Promise 25: what contradicts the catalogue is found, what only says it otherwise is not, and silence is no drift."""

import asyncio
from collections.abc import Callable, Mapping

import pytest

from mimo_tui.core.catalogue import Catalogue, ModelKind, load
from mimo_tui.core.drift import Signal, compare
from mimo_tui.core.secrets import Secret
from mimo_tui.core.speech.bodies import speech_body
from mimo_tui.core.text import Clean
from mimo_tui.services import Services
from mimo_tui.services.docs.updating import update
from mimo_tui.services.drift import Sighting, find_drift
from mimo_tui.services.observing import note_voices
from mimo_tui.simulator.accounts import PAY_AS_YOU_GO
from mimo_tui.simulator.server import Served
from mimo_tui.simulator.site.contents import Site, shipped
from mimo_tui.simulator.site.planted import ANSWERS, CONTRADICTIONS
from mimo_tui.simulator.site.rewrites import HARMLESS
from mimo_tui.wire.events import Ended
from mimo_tui.wire.speech import ChatRequest, stream_speech
from tests.evidence import AT, evidence_of

Reached = Callable[[str, str], None]

BY_ADDRESS = ("index-gone", "index-moved")
"""Those that no page shows."""

OVER_A_SOCKET = ("price", "host-added", "feature-gone", "page-gone", *BY_ADDRESS)


@pytest.fixture(scope="module")
def known() -> Catalogue:
    return load()


def unread(known: Catalogue, site: Site) -> list[str]:
    """Give what could not be checked of the pages. Raises AssertionError where there is drift."""
    drift = compare(known, evidence_of(site), AT)
    assert [one.message for one in drift.discrepancies] == []
    return [str(one.reason) for one in drift.unchecked if one.subject.startswith("the page")]


async def fetched(services: Services, *, locale: str = "en-US") -> Sighting:
    async for _ in update(services, locale=locale):
        pass
    return await asyncio.to_thread(find_drift, services)


async def asked_in_vain(services: Services) -> tuple[Clean, ...]:
    """Ask for a voice that there is not, and give those that the service names."""
    body = speech_body(ModelKind.SPEECH, "Hello", voice="Nobody")
    url = "https://api.xiaomimimo.com/v1/chat/completions"
    request = ChatRequest(url, Secret(PAY_AS_YOU_GO), "mimo-v2.5-tts", body)
    ended = [event async for event in stream_speech(services.client, request)][-1]
    assert isinstance(ended, Ended)
    return await note_voices(services, ended.exchange, "mimo-v2.5-tts")


def signals(sighting: Sighting) -> set[Signal]:
    return {one.discrepancy.signal for one in sighting.found}


def test_the_docs_as_they_are_expected_are_no_drift(known: Catalogue) -> None:
    assert unread(known, shipped()) == []


def test_every_planted_contradiction_is_found_under_its_signal(known: Catalogue, reached: Reached) -> None:
    found = {}
    for name, planted in CONTRADICTIONS.items():
        if name not in BY_ADDRESS:
            drift = compare(known, evidence_of(planted.change(shipped())), AT)
            found[name] = {one.signal for one in drift.discrepancies}
    assert found == {name: {CONTRADICTIONS[name].signal} for name in found}
    assert len(found) >= 20
    reached("25", f"{len(found)} of {len(CONTRADICTIONS) - len(BY_ADDRESS)} contradictions on pages found")


def rewritten(known: Catalogue, rewrites: Mapping[str, Callable[[Site], Site]]) -> int:
    """Give how many rewrites are still understood as a whole, none of them being drift."""
    return sum(not unread(known, change(shipped())) for change in rewrites.values())


def test_a_part_of_the_harmless_rewrites_is_no_drift(known: Catalogue) -> None:
    part = dict(list(HARMLESS.items())[::8])
    assert rewritten(known, part) >= len(part) - 2


@pytest.mark.long
def test_no_harmless_rewrite_is_drift(known: Catalogue, reached: Reached) -> None:
    understood = rewritten(known, HARMLESS)
    assert len(HARMLESS) >= 50
    assert understood >= 50
    reached("25", f"0 false alarms of {len(HARMLESS)} rewrites, {understood} of them understood as a whole")


async def test_drift_is_found_over_a_socket_and_goes_with_its_cause(
    online: Services, served: Served, reached: Reached
) -> None:
    assert signals(await fetched(online)) == set()
    for name in OVER_A_SOCKET:
        served.platform.site = CONTRADICTIONS[name].change(shipped())
        sighting = await fetched(online)
        assert signals(sighting) == {CONTRADICTIONS[name].signal}, name
        assert all(one.discrepancy.simulated for one in sighting.found)
        served.platform.site = shipped()
        assert signals(await fetched(online)) == set(), name
    reached("25", f"{len(OVER_A_SOCKET)} of {len(OVER_A_SOCKET)} contradictions found over a socket")


async def test_chinese_pages_that_contradict_are_found_too(online: Services, served: Served) -> None:
    page = "quick-start/summary/model"
    text = shipped().page(page, "zh-CN").text
    served.platform.site = shipped().replace(page, text.replace("<td>1M</td>", "<td>2M</td>", 1), "zh-CN")
    await fetched(online)
    sighting = await fetched(online, locale="zh-CN")
    (one,) = sighting.found
    assert one.discrepancy.signal is Signal.PRICE_OR_LIMIT
    assert "zh-CN" in one.discrepancy.seen_in
    assert "en-US" in one.discrepancy.message


async def test_answers_that_contradict_the_docs_are_found(
    online: Services, served: Served, reached: Reached
) -> None:
    for name, planted in ANSWERS.items():
        before = served.platform.catalogue
        served.platform.catalogue = planted.change(before)
        assert await asked_in_vain(online), name
        sighting = await asyncio.to_thread(find_drift, online)
        assert signals(sighting) == {planted.signal}, name
        served.platform.catalogue = before
        assert await asked_in_vain(online)
        assert signals(await asyncio.to_thread(find_drift, online)) == set(), name
    reached("25", f"{len(ANSWERS)} of {len(ANSWERS)} contradictions in answers found")


@pytest.mark.parametrize("script", ["status=503", "html", "reset"])
async def test_a_site_that_is_down_or_answers_web_pages_could_not_be_checked(
    online: Services, served: Served, script: str
) -> None:
    served.platform.put_fault(script, always=True)
    sighting = await fetched(online)
    assert sighting.found == ()
    assert any("mimo-tui docs update" in one.reason for one in sighting.unchecked)


async def test_a_site_that_goes_down_later_takes_nothing_back_and_adds_nothing(
    online: Services, served: Served
) -> None:
    served.platform.site = CONTRADICTIONS["price"].change(shipped())
    before = await fetched(online)
    served.platform.put_fault("html", always=True)
    after = await fetched(online)
    assert after.found == before.found
    assert len(after.unchecked) > len(before.unchecked)


@pytest.mark.long
async def test_a_site_that_never_answers_could_not_be_checked(online: Services, served: Served) -> None:
    served.platform.put_fault("hang", always=True)
    sighting = await fetched(online)
    assert sighting.found == ()
    assert any("no answer" in one.reason for one in sighting.unchecked)
