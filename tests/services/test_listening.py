"""A recording to text: as it comes, in parts where it is long, with its length and its cost, however it ends."""

import asyncio
import json
from contextlib import aclosing
from dataclasses import replace
from decimal import Decimal
from functools import partial

import pytest

from mimo_tui.core.catalogue import ModelKind
from mimo_tui.core.diagnosis import Cause
from mimo_tui.core.json_text import Json
from mimo_tui.services import Services
from mimo_tui.services.speech.events import (
    Heard,
    ListeningBegan,
    ListeningEnded,
    ListeningEvent,
    Transcript,
)
from mimo_tui.services.speech.listening import CannotListen, estimate, languages, listen
from mimo_tui.services.speech.orders import Listening
from mimo_tui.services.speech.sampling import read_sample
from mimo_tui.services.speech.targets import speech_target
from mimo_tui.simulator.server import Served
from mimo_tui.wire.http import Client, Network
from tests.conftest import NOW
from tests.services.conversations import a_preset, changed
from tests.simulator.speaking import make_wav, speak
from tests.wire.servers import Connection, serving

SAID = "The harbour lights went out. One boat was left."
SECOND = make_wav(bytes(48_000))
"""A second of silence."""


def listening(services: Services, data: bytes, **more: object) -> Listening:
    """Give the order to listen to this file."""
    view = a_preset(services)
    target = speech_target(services, view, ModelKind.RECOGNITION)
    sample = read_sample(services, "line.wav", for_recognition=True, data=data)
    return Listening(sample, target, preset=view.reference, **more)  # type: ignore[arg-type]


async def events(
    services: Services, order: Listening, stop: asyncio.Event | None = None
) -> list[ListeningEvent]:
    return [event async for event in listen(services, order, stop)]


def transcript(found: list[ListeningEvent]) -> Transcript:
    assert isinstance(found[-1], ListeningEnded)
    return found[-1].transcript


def settings(services: Services, text: str) -> None:
    services.places.settings.parent.mkdir(parents=True, exist_ok=True)
    services.places.settings.write_text(text)
    services.knowledge.renew()


@pytest.mark.parametrize("streamed", [True, False])
async def test_a_recording_becomes_text_with_its_length_and_its_cost(
    online: Services, streamed: bool
) -> None:
    order = listening(online, await speak(SAID), streamed=streamed)
    found = await events(online, order)
    assert found[0] == ListeningBegan(1)
    heard = transcript(found)
    assert "".join(event.text for event in found if isinstance(event, Heard)) == heard.text == SAID
    assert (heard.complete, heard.stopped, heard.failure, heard.simulated) == (True, False, None, True)
    assert (heard.model, heard.host) == ("mimo-v2.5-asr", "api.xiaomimimo.com")
    assert heard.seconds is not None
    assert abs(heard.seconds - order.sample.seconds) <= 1
    assert heard.cost is not None
    assert heard.cost.amount == Decimal("0.5") * Decimal(str(heard.seconds)) / 3600
    assert (heard.first_text is None) is not streamed
    assert heard.took is not None


async def test_what_it_will_cost_is_known_before_and_on_a_plan_it_is_credits(online: Services) -> None:
    order = listening(online, make_wav(bytes(48_000 * 36)))
    cost = estimate(online, order)
    assert cost is not None
    assert (cost.amount, cost.currency) == (Decimal("0.005"), "CNY")
    assert "36.0 s of sound at 0.5 per hour" in cost.because
    view = changed(online, "mimo-1", provider="mimo")
    on_plan = Listening(order.sample, speech_target(online, view, ModelKind.RECOGNITION))
    cost = estimate(online, on_plan)
    assert cost is not None
    assert (cost.amount, cost.currency) == (Decimal(300_000), "credits")


async def test_a_long_recording_is_heard_in_parts_cut_where_nobody_speaks(
    online: Services, served: Served
) -> None:
    said = "Seven men walked home. Nine birds flew south. The rain came down all night."
    data = await speak(said)
    at_once = transcript(await events(online, listening(online, data)))
    settings(online, "[facts.facts]\nrecognition_base64_characters = 200_000\n")
    served.platform.clear_log()
    found = await events(online, listening(online, data))
    assert isinstance(found[0], ListeningBegan)
    assert found[0].parts > 1
    assert {event.part for event in found if isinstance(event, Heard)} == set(range(1, found[0].parts + 1))
    heard = transcript(found)
    assert heard.complete
    assert heard.text.split() == at_once.text.split() == said.split()
    assert len(served.platform.log) == found[0].parts
    assert heard.usage is not None
    assert at_once.usage is not None
    assert heard.usage.seconds is not None
    assert heard.usage.seconds >= (at_once.usage.seconds or 0)


async def test_in_chinese_no_blank_comes_between_the_parts(online: Services) -> None:
    said = "今天下雨。我们留在家里。明天去海边。"
    settings(online, "[facts.facts]\nrecognition_base64_characters = 120_000\n")
    found = await events(online, listening(online, await speak(said), language="zh"))
    assert isinstance(found[0], ListeningBegan)
    assert found[0].parts > 1
    assert transcript(found).text == said


async def test_stereo_in_many_bits_is_made_smaller_rather_than_cut(online: Services) -> None:
    settings(online, "[facts.facts]\nrecognition_base64_characters = 100_000\n")
    found = await events(
        online, listening(online, make_wav(bytes(192_000), rate=16_000, channels=2, width=4))
    )
    assert found[0] == ListeningBegan(1)
    assert transcript(found).complete


async def test_an_unknown_language_is_refused_before_anything_is_sent(
    online: Services, served: Served
) -> None:
    assert languages(online) == ("auto", "zh", "en")
    with pytest.raises(CannotListen, match="auto, zh, en"):
        await events(online, listening(online, SECOND, language="fr"))
    assert served.platform.log == ()


async def test_silence_is_no_failure(online: Services) -> None:
    heard = transcript(await events(online, listening(online, SECOND)))
    assert heard.complete
    assert heard.failure is None


async def test_a_refusal_has_its_remedy_and_ends_it(online: Services, served: Served) -> None:
    served.platform.put_fault("error=invalid-key")
    found = await events(online, listening(online, SECOND))
    heard = transcript(found)
    assert heard.failure is not None
    assert (heard.failure.cause, heard.complete, heard.text) == (Cause.KEY, False, "")
    assert isinstance(found[-1], ListeningEnded)
    assert found[-1].diagnosis == heard.failure


async def test_what_was_heard_before_a_part_failed_stays_and_no_more_is_sent(
    online: Services, served: Served
) -> None:
    settings(online, "[facts.facts]\nrecognition_base64_characters = 100_000\n")
    order = listening(online, make_wav(bytes(48_000 * 5)))
    served.platform.put_fault("error=balance;after=1")
    heard = transcript(await events(online, order))
    assert heard.failure is not None
    assert (heard.failure.cause, heard.complete) == (Cause.BALANCE, False)
    assert "seconds of sound" in heard.text
    assert heard.cost is not None
    assert heard.cost.is_least
    assert len(served.platform.log) == 2


def chunk(finish: str | None = None, **delta: Json) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return f"data: {json.dumps({'choices': [choice]})}\n\n".encode()


async def saying(
    services: Services, *pieces: bytes, stop: asyncio.Event | None = None
) -> list[ListeningEvent]:
    """Listen where the service says just that and then nothing; the first text stops it if anything shall."""

    async def respond(connection: Connection) -> None:
        await connection.begin()
        await connection.send(b"".join(pieces))
        await connection.hang() if stop is not None else connection.writer.close()

    async with serving(respond) as server:
        client = Client(services.catalogue, Network(simulated=partial(str, server.url)), now=lambda: NOW)
        found = []
        try:
            async for event in listen(
                replace(services, connect=lambda: client), listening(services, SECOND), stop
            ):
                found.append(event)
                if stop is not None and isinstance(event, Heard):
                    stop.set()
        finally:
            await client.aclose()
    return found


async def test_a_text_that_is_cut_short_by_the_budget_is_not_complete(services: Services) -> None:
    heard = transcript(await saying(services, chunk(content="One two"), chunk("length"), b"data: [DONE]\n\n"))
    assert heard.failure is not None
    assert (heard.text, heard.complete, heard.failure.cause) == ("One two", False, Cause.BUDGET)


async def test_a_stream_that_breaks_off_keeps_what_came(services: Services) -> None:
    heard = transcript(await saying(services, chunk(content="One two")))
    assert heard.failure is not None
    assert (heard.text, heard.complete, heard.failure.cause) == ("One two", False, Cause.BROKEN_OFF)


async def test_stopped_it_keeps_what_came_and_says_so(services: Services) -> None:
    heard = transcript(await saying(services, chunk(content="One two"), stop=asyncio.Event()))
    assert (heard.text, heard.stopped, heard.complete, heard.failure) == ("One two", True, False, None)


async def test_left_early_the_connection_closes(services: Services) -> None:
    async def respond(connection: Connection) -> None:
        await connection.begin()
        await connection.send(chunk(content="One "))
        await connection.hang()

    async with serving(respond) as server:
        client = Client(services.catalogue, Network(simulated=partial(str, server.url)), now=lambda: NOW)
        async with aclosing(
            listen(replace(services, connect=lambda: client), listening(services, SECOND))
        ) as stream:
            async for event in stream:
                if isinstance(event, Heard):
                    break
        await asyncio.wait_for(server.ended.get(), 5)
        await client.aclose()


async def test_the_key_is_in_nothing_that_is_given(services: Services) -> None:
    key = "sk-fake0001"
    found = await saying(
        services, chunk(content="my sk-fa"), chunk("stop", content="ke0001 end"), b"data: [DONE]\n\n"
    )
    heard = transcript(found)
    assert heard.text.endswith(" end")
    assert key not in repr(found)
    assert key not in heard.text
    assert isinstance(found[-1], ListeningEnded)
    assert key not in "".join(
        (found[-1].raw.request_head, found[-1].raw.request_body, found[-1].raw.answer_body)
    )
    assert "characters left out" in found[-1].raw.request_body
