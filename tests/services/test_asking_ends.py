"""How an answer ends: well or not, stopped or left, and never with a key in it."""

import asyncio
import json
from contextlib import aclosing
from dataclasses import replace
from time import monotonic

import pytest

from mimo_tui.core.answer_diagnosis import Came, silence
from mimo_tui.core.diagnosis import Cause
from mimo_tui.core.exchange import Failure
from mimo_tui.core.json_text import Json
from mimo_tui.core.text import clean
from mimo_tui.services import Services
from mimo_tui.services.playground.asking import answer
from mimo_tui.services.playground.events import Answered, Grew
from mimo_tui.simulator.server import Served
from mimo_tui.wire.http import Client, Network
from tests.conftest import NOW
from tests.services.conversations import PRO, SURFACES, answered, asking, cause, events, records
from tests.wire.servers import Connection, serving

ON_ANTHROPIC = ("error=invalid-key", "data-error", "error=rate")


@pytest.mark.parametrize(
    ("text", "expected", "finish"),
    [
        ("say something forbidden", Cause.MODERATION, "content_filter"),
        ("say something forbidden!", Cause.MODERATION, ""),
        ("repeat yourself", Cause.REPETITION, "repetition_truncation"),
        ("think long", Cause.BUDGET, "length"),
    ],
)
async def test_why_an_answer_is_not_what_one_hoped_for(
    online: Services, text: str, expected: Cause | None, finish: str
) -> None:
    parameters: dict[str, Json] = {"max_completion_tokens": 50} if expected is Cause.BUDGET else {}
    told = await answered(online, asking(online, text, parameters=parameters))
    assert cause(told) is expected
    assert told.turn.answer is not None
    assert (told.turn.answer.finish, told.turn.answer.failure) == (finish, told.diagnosis)


async def test_an_answer_without_a_word_is_no_failure_and_says_that_it_is_empty(online: Services) -> None:
    told = await answered(online, asking(online, "say nothing"))
    assert told.turn.answer is not None
    assert (told.diagnosis, told.turn.answer.finish) == (None, "stop")
    (note,) = told.turn.answer.notes
    assert note.endswith("said nothing.")


@pytest.mark.parametrize(
    ("came", "told"),
    [
        (Came(clean("stop"), complete=True), "The model said nothing."),
        (Came(clean("end_turn"), thought=True, complete=True), "The model thought, and said nothing."),
        (
            Came(clean("tool_calls"), said=True, complete=True),
            "The answer ends in order to call a tool, and calls none.",
        ),
        (Came(clean("tool_calls"), said=True, called=True, complete=True), ""),
        (Came(clean("stop"), said=True, complete=True), ""),
        (Came(clean("length"), thought=True, complete=True), ""),
        (Came(), ""),
    ],
)
def test_what_is_missing_in_an_answer_is_said_once(came: Came, told: str) -> None:
    assert silence(came) == told


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("error=invalid-key", Cause.KEY),
        ("error=unsupported-model", Cause.UNKNOWN_MODEL),
        ("error=parameter", Cause.PARAMETER),
        ("error=balance", Cause.BALANCE),
        ("error=forbidden", Cause.REGION),
        ("error=quota", Cause.QUOTA),
        ("error=rate", Cause.RATE),
        ("status=500", Cause.SERVER),
        ("html", Cause.NOT_THE_API),
        ("wrong-json", Cause.BROKEN_OFF),
        ("reset", Cause.NETWORK),
        ("redirect=https://example.com/", Cause.NOT_THE_API),
        ("data-error", Cause.PARAMETER),
    ],
)
async def test_what_went_wrong_is_told_with_its_remedy_and_kept(
    online: Services, served: Served, script: str, expected: Cause
) -> None:
    served.platform.put_fault(script, always=True)
    surface = "anthropic" if script in ON_ANTHROPIC else "openai"
    told = await answered(online, asking(online, "Hello", surface))
    assert cause(told) is expected
    assert told.diagnosis is not None
    assert told.diagnosis.remedy
    (record,) = records(online)
    kept = online.sessions.load(record.id).turns[told.turn.id].answer
    assert kept is not None
    assert kept.failure == told.diagnosis
    assert not kept.complete


@pytest.mark.parametrize("surface", SURFACES)
async def test_an_answer_that_breaks_off_keeps_what_came(
    online: Services, served: Served, surface: str
) -> None:
    served.platform.put_fault("cut=3000", always=True)
    told = await answered(online, asking(online, "write 500 words", surface))
    assert told.turn.text or told.turn.reasoning
    assert cause(told) is Cause.NETWORK
    assert told.turn.answer is not None
    assert not told.turn.answer.complete
    assert not told.turn.answer.stopped


async def test_a_retired_model_names_its_successor(online: Services) -> None:
    asked = asking(online, "Hello")
    told = await answered(online, replace(asked, target=replace(asked.target, model="mimo-v2.5-pro")))
    assert told.diagnosis is not None
    assert (told.diagnosis.cause, told.diagnosis.successor) == (Cause.RETIRED_MODEL, PRO)


async def test_offline_nothing_is_sent_and_the_answer_says_so(services: Services) -> None:
    client = Client(services.catalogue, Network(offline=True), now=lambda: NOW)
    offline = replace(services, connect=lambda: client)
    told = await answered(offline, asking(offline, "Hello"))
    assert cause(told) is Cause.OFFLINE
    assert (told.exchange.failure, told.exchange.attempts) == (Failure.OFFLINE, 0)


# Stopping.


@pytest.mark.parametrize("surface", SURFACES)
async def test_stopping_in_the_middle_keeps_what_came_and_no_diagnosis_blames_anybody(
    online: Services, served: Served, surface: str
) -> None:
    served.platform.put_fault("drip=0.002/200", always=True)
    stop, text, ended = asyncio.Event(), "", None
    async for event in answer(online, asking(online, "write 2000 words", surface), stop):
        match event:
            case Grew():
                text += event.text
                if text:
                    stop.set()
            case Answered():
                ended = event
    assert ended is not None
    assert ended.turn.answer is not None
    assert (ended.turn.answer.stopped, ended.turn.answer.complete, ended.diagnosis) == (True, False, None)
    assert ended.turn.answer.simulated
    assert ended.turn.text == text
    (record,) = records(online)
    assert online.sessions.load(record.id).turns[ended.turn.id].text == text


async def test_leaving_early_keeps_what_came(online: Services, served: Served) -> None:
    served.platform.put_fault("drip=0.002/200", always=True)
    text = ""
    async with aclosing(answer(online, asking(online, "write 2000 words"))) as stream:
        async for event in stream:
            if isinstance(event, Grew):
                text += event.text
                if text:
                    break
    (record,) = records(online)
    kept = online.sessions.load(record.id).turns[2]
    assert kept.text.startswith(text)
    assert kept.answer is not None
    assert (kept.answer.stopped, kept.answer.complete) == (True, False)


async def test_being_cancelled_keeps_what_came(online: Services, served: Served) -> None:
    served.platform.put_fault("drip=0.002/200", always=True)
    text: list[str] = []
    came = asyncio.Event()

    async def listen() -> None:
        async for event in answer(online, asking(online, "write 2000 words")):
            if isinstance(event, Grew) and event.text:
                text.append(event.text)
                came.set()

    task = asyncio.create_task(listen())
    await came.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    (record,) = records(online)
    assert online.sessions.load(record.id).turns[2].text.startswith("".join(text))


@pytest.mark.parametrize("surface", SURFACES)
async def test_a_host_that_hangs_is_stopped_at_once(online: Services, served: Served, surface: str) -> None:
    served.platform.put_fault("hang", always=True)
    stop, asked_to = asyncio.Event(), 0.0

    async def stop_once_it_hangs() -> None:
        nonlocal asked_to
        while not served.platform.log:  # noqa: ASYNC110 the platform runs in a thread of its own
            await asyncio.sleep(0)
        asked_to = monotonic()
        stop.set()

    stopping = asyncio.create_task(stop_once_it_hangs())
    *_, last = await events(online, asking(online, "Hello", surface), stop)
    took = monotonic() - asked_to
    await stopping
    assert isinstance(last, Answered)
    assert last.turn.answer is not None
    assert last.turn.answer.stopped
    assert took < 0.2


# Keys.


async def test_a_key_that_the_server_says_in_pieces_is_nowhere(services: Services) -> None:
    client = Client(services.catalogue, Network(), now=lambda: NOW)
    told = replace(services, connect=lambda: client)
    asked = asking(told, "What is my key?")
    key = asked.target.key.reveal()
    word = f"It is {key}, and {key[:6]}"
    call: Json = {"index": 0, "id": key, "function": {"name": key, "arguments": f'"{key}'}}
    deltas: list[Json] = [{name: sign} for name in ("content", "reasoning_content") for sign in word]
    deltas.append({"tool_calls": [call]})

    async def respond(connection: Connection) -> None:
        # Fields of a stream that the API does not use today.
        await connection.begin()
        await connection.send(b"id: 1\nretry: 3000\n")
        for delta in deltas:
            chunk = json.dumps({"choices": [{"index": 0, "delta": delta}]})
            await connection.send(f"data: {chunk}\n\n".encode())
        await connection.send(b"data: [DONE]\n\n")
        connection.writer.close()

    async with serving(respond) as server:
        endpoint = replace(asked.target.endpoint, url=f"{server.url}/v1", host="127.0.0.1", port=server.port)
        found = await events(told, replace(asked, target=replace(asked.target, endpoint=endpoint)))
    await client.aclose()
    last = found[-1]
    assert isinstance(last, Answered)
    assert last.turn.text.startswith("It is ••••••, and")
    assert last.diagnosis is None  # the answer is whole, whatever is shown of it as evidence
    assert len(last.turn.calls) == 1
    seen = "".join(map(repr, found))
    seen += "".join(each.text + each.reasoning for each in found if isinstance(each, Grew))
    seen += last.turn.text + last.turn.reasoning + last.raw.answer_body + last.raw.request_head
    seen += "".join(call.id + call.name + call.arguments for call in last.turn.calls)
    services.sessions.close()
    kept = [path.read_bytes() for path in services.places.state.rglob("*") if path.is_file()]
    assert kept
    for part in (key, key[:9]):
        assert part not in seen
        assert not any(part.encode() in data for data in kept)
