"""What hosts and calls answer is kept by key checks and preset tests, and drift is found in it, with its first day."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from mimo_tui.core import preset as at
from mimo_tui.core.catalogue import ModelKind, Wire
from mimo_tui.core.diagnosis import Asked, diagnose
from mimo_tui.core.drift import Signal
from mimo_tui.core.endpoints import read as read_endpoint
from mimo_tui.core.evidence import CallOutcome
from mimo_tui.core.exchange import ApiError, Exchange
from mimo_tui.core.json_text import Set
from mimo_tui.core.secrets import Secret
from mimo_tui.core.speech.bodies import speech_body
from mimo_tui.core.text import Clean, clean
from mimo_tui.services import Services
from mimo_tui.services.drift import find_drift
from mimo_tui.services.keys.checking import check_key, family_of
from mimo_tui.services.keys.listing import find_slot, list_keys
from mimo_tui.services.knowledge import Knowledge
from mimo_tui.services.observing import note_call, note_voices
from mimo_tui.services.presets import changing, planning
from mimo_tui.services.presets.listing import PresetView, find, list_presets
from mimo_tui.services.presets.testing import light_lamps
from mimo_tui.simulator.accounts import PAY_AS_YOU_GO
from mimo_tui.simulator.server import Served
from mimo_tui.simulator.site.planted import ANSWERS
from mimo_tui.wire.events import Ended
from mimo_tui.wire.speech import ChatRequest, stream_speech
from tests.conftest import NOW

PAY = "api.xiaomimimo.com"
CN = "token-plan-cn.xiaomimimo.com"
PRO = "mimo-v2.6-pro"
SPEAKER = "mimo-v2.5-tts"

Find = Callable[[str], PresetView]


def changed(services: Services, name: str, **fields: str) -> PresetView:
    """Give the preset after these values were written into it."""
    listing = list_presets(services)
    edits = [Set((*at.MANIFEST, "llm", field), value) for field, value in fields.items()]
    plan = planning.plan_edit(services, listing, find(listing, name), edits)
    changing.apply(services, plan, force=True)
    return find(list_presets(services), name)


async def lit(services: Services, view: PresetView, *, request: bool = False) -> None:
    async for _ in light_lamps(services, view, request=request):
        pass


async def checked(services: Services, name: str) -> None:
    slot = find_slot(list_keys(services), name)
    await check_key(services, slot, family_of(services, slot))


async def test_a_checked_key_leaves_the_list_of_the_host_that_took_it(online: Services) -> None:
    await checked(online, "MIMO_1_API_KEY")
    (seen,) = online.observations.lists()
    assert seen.host == CN
    assert PRO in seen.ids
    assert seen.simulated
    assert online.observations.calls() == ()


async def test_a_list_that_was_seen_is_known_at_once(online: Services, served: Served) -> None:
    host = served.platform.host(CN)
    assert host is not None
    served.platform.put_host(replace(host, extra=("mimo-v9",)))
    before = online.catalogue
    await checked(online, "MIMO_1_API_KEY")
    assert before.model("mimo-v9") is None
    assert online.catalogue.model("mimo-v9") is not None


async def test_a_tested_preset_leaves_the_list_and_the_call(online: Services) -> None:
    await lit(online, changed(online, "unknown", model=PRO), request=True)
    assert [seen.host for seen in online.observations.lists()] == [PAY]
    (call,) = online.observations.calls()
    assert (call.host, call.model, call.outcome, call.status) == (PAY, PRO, CallOutcome.ANSWERED, 200)
    assert call.input_tokens
    assert call.output_tokens


async def test_without_a_request_no_call_is_kept(online: Services) -> None:
    await lit(online, changed(online, "unknown", model=PRO))
    assert online.observations.calls() == ()


async def test_a_model_that_the_api_does_not_find_is_found_as_drift(online: Services, served: Served) -> None:
    host = served.platform.host(PAY)
    assert host is not None
    served.platform.put_host(replace(host, missing=(PRO,)))
    await lit(online, changed(online, "unknown", model=PRO), request=True)
    (call,) = online.observations.calls()
    assert call.outcome is CallOutcome.NO_SUCH_MODEL
    assert "400" in call.quote
    (found,) = (await asyncio.to_thread(find_drift, online)).found
    assert found.discrepancy.signal is Signal.MODEL_NOT_FOUND
    assert found.discrepancy.simulated


async def test_a_refused_key_and_a_host_that_is_down_leave_nothing(
    online: Services, served: Served, preset: Find
) -> None:
    await lit(online, preset("mimo-1"), request=True)
    served.platform.put_fault("reset", always=True)
    await lit(online, changed(online, "unknown", model=PRO), request=True)
    assert online.observations.lists() == ()
    assert online.observations.calls() == ()


async def test_a_check_works_where_nothing_can_be_remembered(online: Services) -> None:
    online.places.observations.mkdir(parents=True)
    await checked(online, "MIMO_1_API_KEY")
    assert online.observations.lists() == ()
    assert "not remembered" in online.observations.problem or "cannot be read" in online.observations.problem


@pytest.mark.parametrize(
    ("host", "model", "wire", "status", "body", "outcome"),
    [
        (PAY, PRO, Wire.CHAT_COMPLETIONS, 429, "Too many requests", CallOutcome.TOO_MANY_REQUESTS),
        (PAY, PRO, Wire.CHAT_COMPLETIONS, 400, "Unsupported model x", CallOutcome.NO_SUCH_MODEL),
        (PAY, "mimo-v2.5-tts", Wire.RESPONSES, 400, "Unsupported model x", None),
        (PAY, PRO, Wire.CHAT_COMPLETIONS, 402, "Insufficient account funds", None),
        (PAY, PRO, Wire.CHAT_COMPLETIONS, 400, "Param Incorrect", None),
        ("models.example", PRO, Wire.CHAT_COMPLETIONS, 400, "Unsupported model x", None),
    ],
)
async def test_only_what_speaks_of_the_model_is_kept_of_a_call(
    services: Services, host: str, model: str, wire: Wire, status: int, body: str, outcome: CallOutcome | None
) -> None:
    url = f"https://{host}/v1/chat/completions"
    text = clean(f'{{"error": {{"code": "{status}", "message": "{body}"}}}}')
    exchange = Exchange("POST", clean(url), clean(host), NOW, 0.1, status, body=text)
    asked = Asked(read_endpoint(f"https://{host}/v1", services.catalogue), model=model)
    diagnosis = diagnose(exchange, asked, services.catalogue, NOW)
    await note_call(services, exchange, diagnosis, model, wire)
    assert [seen.outcome for seen in services.observations.calls()] == ([] if outcome is None else [outcome])


async def asked_for(services: Services, voice: str) -> tuple[Clean, ...]:
    """Have a line spoken by that voice, and note the voices that come in its place."""
    body = speech_body(ModelKind.SPEECH, "Hello", voice=voice)
    key = Secret(PAY_AS_YOU_GO)
    request = ChatRequest(f"https://{PAY}/v1/chat/completions", key, SPEAKER, body)
    ended = [event async for event in stream_speech(services.client, request)][-1]
    assert isinstance(ended, Ended)
    return await note_voices(services, ended.exchange, SPEAKER)


def voices_of(services: Services) -> list[str]:
    model = services.catalogue.model(SPEAKER)
    assert model is not None
    return [voice.id for voice in model.voices]


async def test_the_voices_that_an_error_names_are_known_at_once_and_are_drift(
    online: Services, served: Served
) -> None:
    served.platform.catalogue = ANSWERS["voice-unlisted"].change(served.platform.catalogue)
    assert "Dean" in voices_of(online)
    named = await asked_for(online, "Xenia")
    assert voices_of(online) == list(named)
    assert "Nora" in named
    assert "Dean" not in named
    again = Knowledge(online.docs, online.observations, online.places.settings).catalogue.model(SPEAKER)
    assert again is not None
    assert [voice.id for voice in again.voices] == list(named)
    assert all(voice.source.simulated for voice in again.voices)
    (found,) = (await asyncio.to_thread(find_drift, online)).found
    assert (found.discrepancy.signal, found.discrepancy.new) == (ANSWERS["voice-unlisted"].signal, "Nora")
    assert found.discrepancy.simulated
    assert await asked_for(online, "Nora") == ()


async def test_the_voices_that_the_docs_name_are_no_drift(online: Services) -> None:
    before = voices_of(online)
    assert set(await asked_for(online, "Xenia")) == set(before)
    assert (await asyncio.to_thread(find_drift, online)).found == ()


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("models.example", "Unknown voice: X. Available voices: [Nora]"),
        (PAY, "Unknown voice: X. Available voices: [Nora, Mi"),
        (PAY, "Unknown voice: X. Available voices: []"),
        (PAY, "Unknown voice: X. Available voices: [Nora]"),
        (PAY, "Unknown voice: X. Available voices: [Mia, Nora, X]"),
        (PAY, "Unknown voice: X. Available voices: see the docs, or ask support"),
        (PAY, "Unknown voice: X"),
        (PAY, "Param Incorrect"),
    ],
)
async def test_what_is_no_whole_list_of_a_host_of_mimo_is_not_learned(
    services: Services, host: str, said: str
) -> None:
    url = clean(f"https://{host}/v1/chat/completions")
    error = ApiError(clean("400"), clean("Param Incorrect"), clean(said), clean(""))
    exchange = Exchange("POST", url, clean(host), NOW, 0.1, 400, error=error)
    before = voices_of(services)
    assert await note_voices(services, exchange, SPEAKER) == ()
    assert services.observations.voices() == ()
    assert voices_of(services) == before


async def test_drift_keeps_the_day_that_it_was_first_seen(online: Services, served: Served) -> None:
    host = served.platform.host(CN)
    assert host is not None
    served.platform.put_host(replace(host, extra=("mimo-v9",)))
    await checked(online, "MIMO_1_API_KEY")
    first = find_drift(online)
    later = replace(online, now=lambda: NOW + timedelta(days=3))
    await checked(later, "MIMO_1_API_KEY")
    (again,) = find_drift(later).found
    assert again.discrepancy.key == first.found[0].discrepancy.key
    assert again.first_seen == NOW


def test_at_first_nothing_is_drift_and_no_file_is_made(services: Services) -> None:
    sighting = find_drift(services)
    assert sighting.found == ()
    assert len(sighting.unchecked) == 2
    assert not services.places.observations.exists()


def test_docs_that_cannot_be_read_are_said_and_break_nothing(services: Services) -> None:
    services.places.docs.parent.mkdir(parents=True, exist_ok=True)
    services.places.docs.write_bytes(b"no database at all, only words" * 50)
    sighting = find_drift(services)
    assert sighting.found == ()
    assert sighting.unchecked[0].subject == "the docs that are here"
