"""A conversation on the OpenAI surface, however the answer comes and breaks off."""

import asyncio
import json
from contextlib import aclosing

import pytest

from mimo_tui.core.catalogue import Catalogue
from mimo_tui.core.conversation import Citation, ToolCall
from mimo_tui.core.exchange import Failure
from mimo_tui.core.json_text import Json
from mimo_tui.core.secrets import Secret
from mimo_tui.core.text import Clean
from mimo_tui.core.usage import Usage
from mimo_tui.simulator.accounts import WEB_SEARCH
from mimo_tui.simulator.server import serve
from mimo_tui.wire.chat import ChatRequest, stream_chat
from mimo_tui.wire.events import Delta
from mimo_tui.wire.http import Client, Limits, Network
from tests.wire.listening import HELLO, KEY, Heard, hear_all, request_to, streaming
from tests.wire.servers import Connection, Server, seconds_to_leave, serving

QUICK = Limits(connect=2.0, first_byte=0.3, silence=0.3, tries=1)


async def heard(client: Client, server: Server, *, streamed: bool = True) -> Heard:
    return await hear_all(stream_chat(client, request_to(server, streamed=streamed), QUICK))


def chunk(finish: str | None = None, **delta: Json) -> bytes:
    document = {
        "object": "chat.completion.chunk",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }
    return b"data: " + json.dumps(document, ensure_ascii=False).encode() + b"\n\n"


USAGE: dict[str, Json] = {
    "prompt_tokens": 900,
    "completion_tokens": 6,
    "total_tokens": 906,
    "prompt_tokens_details": {
        "cached_tokens": 4,
        "image_tokens": 300,
        "audio_tokens": 52,
        "video_tokens": 160,
    },
    "completion_tokens_details": {"reasoning_tokens": 2},
    "web_search_usage": {"tool_usage": 3, "page_usage": 8},
}
ALL_TOLD = Usage(900, 6, 906, 4, 2, 300, 52, 160, 3, 8)
ANSWER = [
    chunk(role="assistant", content=""),
    b": PROCESSING\n\n",
    chunk(content=None, reasoning_content="Easy "),
    chunk(content=None, reasoning_content="sum."),
    chunk(content="4, 冰"),
    chunk(content="糖 🎵", reasoning_content=None),
    chunk("stop", content=None),
    b"data: " + json.dumps({"choices": [], "usage": USAGE}).encode() + b"\n\n",
    b"data: [DONE]\n\n",
]
ANNOTATION: dict[str, Json] = {
    "type": "url_citation",
    "url": "https://example.com/a",
    "title": "Harbour\x1b[31m news",
    "summary": "Ships.",
    "site_name": "Example",
    "logo_url": "https://example.com/logo.png",
    "publish_time": "2026-10-01",
}


async def test_text_reasoning_usage_and_reason_come_as_events(client: Client) -> None:
    async with serving(streaming(*ANSWER)) as server:
        found = await heard(client, server)
    assert (found.text, found.reasoning, found.reason) == ("4, 冰糖 🎵", "Easy sum.", "stop")
    assert found.usage == ALL_TOLD
    assert found.complete
    assert found.end.exchange.status == 200
    (received,) = server.requests
    assert received.method == "POST"
    assert received.headers["accept"] == "text/event-stream"
    assert json.loads(received.body) == {"model": "m", **HELLO, "stream": True}


async def test_an_answer_that_is_not_streamed_gives_the_same_events(client: Client) -> None:
    message: Json = {
        "content": "4",
        "reasoning_content": "Easy.",
        "annotations": [ANNOTATION],
        "error_message": "one search failed",
        "tool_calls": [{"id": "call_1", "function": {"name": "f", "arguments": "{}"}}],
    }
    document = {"choices": [{"index": 0, "finish_reason": "tool_calls", "message": message}], "usage": USAGE}

    async def answer(connection: Connection) -> None:
        await connection.answer(200, b"\n" + json.dumps(document, indent=1).encode())

    async with serving(answer) as server:
        for streamed in (True, False):
            found = await heard(client, server, streamed=streamed)
            assert (found.text, found.reasoning, found.reason) == ("4", "Easy.", "tool_calls")
            assert found.calls == (ToolCall("call_1", "f", "{}"),)
            assert (found.usage, found.warnings, found.complete) == (ALL_TOLD, ["one search failed"], True)
            assert [each.title for each in found.citations] == ["Harbour␛[31m news"]
    asked = server.requests[-1]
    assert json.loads(asked.body)["stream"] is False
    assert asked.headers["accept"] == "application/json"


async def test_the_pages_of_a_web_search_and_its_failure_come_as_events(client: Client) -> None:
    nested: Json = {"type": "url_citation", "url_citation": {"url": "https://example.com/b", "title": "B"}}
    first = chunk(role="assistant", content="", annotations=[ANNOTATION, None, nested], error_message="quota")
    async with serving(streaming(first, *ANSWER[1:])) as server:
        found = await heard(client, server)
    one, other = found.citations
    assert one == Citation(
        Clean("https://example.com/a"),
        Clean("Harbour␛[31m news"),
        Clean("Ships."),
        Clean("Example"),
        Clean("2026-10-01"),
    )
    assert (other.url, other.title, other.summary) == ("https://example.com/b", "B", "")
    assert found.warnings == ["quota"]


async def test_fragments_of_tool_calls_are_told_apart(client: Client) -> None:
    def call(index: int, arguments: str, name: str | None = None) -> Json:
        return {
            "index": index,
            "id": name and f"call_{index}",
            "function": {"name": name, "arguments": arguments},
        }

    chunks = [
        chunk(tool_calls=[call(0, "", "get_temp"), call(1, "", "get_wind")]),
        chunk(tool_calls=[call(1, '{"a"')]),
        chunk(tool_calls=[call(0, "{}", "get_temp"), call(1, ":1}")]),
        chunk("tool_calls", tool_calls=None),
    ]
    async with serving(streaming(*chunks)) as server:
        found = await heard(client, server)
    assert found.calls == (ToolCall("call_0", "get_temp", "{}"), ToolCall("call_1", "get_wind", '{"a":1}'))
    assert (found.reason, found.complete) == ("tool_calls", True)


async def test_an_answer_without_an_end_mark_is_complete_if_it_has_a_reason_to_stop(client: Client) -> None:
    for chunks, complete in ((ANSWER[:-1], True), (ANSWER[:-3], False), ([], False)):
        async with serving(streaming(*chunks)) as server:
            found = await heard(client, server)
        assert found.complete is complete
        assert found.end.exchange.failure is None
        assert found.text == ("4, 冰糖 🎵" if chunks else "")


async def test_what_had_come_is_kept_when_the_connection_breaks(client: Client) -> None:
    async def answer(connection: Connection) -> None:
        await connection.begin()
        await connection.send(b"".join(ANSWER[:5]))
        await asyncio.sleep(0.05)
        connection.reset()

    async def silent(connection: Connection) -> None:
        await connection.begin()
        await connection.send(b"".join(ANSWER[:5]))
        await connection.hang()

    for handler, failure in ((answer, Failure.RESET), (silent, Failure.TIME_OUT)):
        async with serving(handler) as server:
            found = await heard(client, server)
        assert (found.text, found.reasoning, found.complete) == ("4, 冰", "Easy sum.", False)
        assert (found.end.exchange.status, found.end.exchange.failure) == (200, failure)
        assert found.end.raw == b"".join(ANSWER[:5]).decode()


async def test_a_connection_that_breaks_after_the_end_mark_breaks_nothing(client: Client) -> None:
    async def answer(connection: Connection) -> None:
        await connection.begin()
        await connection.send(b"".join(ANSWER))
        await asyncio.sleep(0.02)
        connection.reset()

    async with serving(answer) as server:
        found = await heard(client, server)
    assert (found.complete, found.end.exchange.failure) == (True, None)


async def test_the_next_question_goes_over_the_same_connection(client: Client) -> None:
    async def answer(connection: Connection) -> None:
        await connection.answer(200, b"".join(ANSWER), content_type="text/event-stream")

    async with serving(answer) as server:
        for _ in range(3):
            assert (await heard(client, server)).complete
        assert server.connections == 1


async def test_an_error_in_mid_stream_keeps_what_had_come(client: Client) -> None:
    error = b'data:{"error":{"code":"500","message":"Internal ' + KEY.reveal().encode() + b'"}}\n\n'
    async with serving(streaming(*ANSWER[:5], error)) as server:
        found = await heard(client, server)
    assert (found.text, found.complete) == ("4, 冰", False)
    assert found.end.exchange.error is not None
    assert found.end.exchange.error.message.startswith("Internal ")
    assert KEY.reveal() not in repr(found)


@pytest.mark.parametrize("status", [200, 400, 421])
@pytest.mark.parametrize("prefix", [b"", b"data:", b"data: "])
async def test_an_error_in_place_of_a_stream_is_told(client: Client, status: int, prefix: bytes) -> None:
    body = (
        b'{"error":{"code":"421","message":"Moderation Block","param":"high risk","type":"content_filter"}}'
    )

    async def answer(connection: Connection) -> None:
        await connection.answer(status, prefix + body)

    async with serving(answer) as server:
        found = await heard(client, server)
    exchange = found.end.exchange
    assert (exchange.status, found.text, found.complete) == (status, "", False)
    assert exchange.error is not None
    assert (exchange.error.message, exchange.error.detail) == ("Moderation Block", "high risk")
    assert found.end.raw == (prefix + body).decode()


@pytest.mark.parametrize(
    "body",
    [
        b"<!doctype html><title>Sign in</title>",
        b"data: {not json}\n\n",
        b"data: [1]\n\n",
        b"data: " + b"[" * 5000 + b"\n\n",
        b'data: {"choices":[{"delta":"x","finish_reason":7},null,"x"],"usage":[]}\n\n',
        b'data: {"choices":{"a":1}}\n\n',
        b'data: {"choices":[{"delta":{"content":["x"],"tool_calls":[{"index":"x"}],"annotations":[1]}}]}\n\n',
        b'data: {"choices":[{"delta":{"error_message":{},"annotations":{}}}],"usage":{"prompt_tokens":-1}}\n\n',
        b'data: {"usage":{"prompt_tokens":1e9,"total_tokens":' + b"9" * 400 + b"}}\n\n",
        b'{"choices": [',
        b"",
    ],
)
async def test_garbage_ends_in_an_incomplete_answer_and_never_raises(client: Client, body: bytes) -> None:
    async with serving(streaming(body)) as server:
        found = await heard(client, server)
    assert (found.text, found.complete, found.end.exchange.status) == ("", False, 200)
    assert found.usage in (None, Usage())


async def test_nobody_there_is_an_end_too(client: Client) -> None:
    async with serving(streaming()) as server:
        pass
    found = await heard(client, server)
    assert (found.end.exchange.failure, found.complete) == (Failure.REFUSED, False)


async def test_a_body_that_json_cannot_hold_is_not_sent(client: Client) -> None:
    async with serving(streaming(*ANSWER)) as server:
        request = ChatRequest(f"{server.url}/x", KEY, "m", {"temperature": float("inf")}, server.place)
        found = await hear_all(stream_chat(client, request))
    assert found.end.exchange.failure is Failure.NOT_ALLOWED
    assert "JSON" in found.end.exchange.reason
    assert server.requests == []


async def test_a_person_who_stops_keeps_what_came_and_all_evidence(client: Client) -> None:
    async def answer(connection: Connection) -> None:
        await connection.begin()
        await connection.send(ANSWER[4])
        await connection.hang()

    stop, found = asyncio.Event(), Heard()
    async with serving(answer) as server:
        async for event in stream_chat(client, request_to(server), stop=stop):
            found.hear(event)
            stop.set()
        assert await asyncio.wait_for(server.ended.get(), 0.2)
    assert (found.text, found.complete) == ("4, 冰", False)
    assert (found.end.exchange.status, found.end.exchange.failure) == (200, None)
    assert found.end.raw == ANSWER[4].decode()


async def test_a_person_may_stop_before_anything_came(client: Client) -> None:
    async def silent(connection: Connection) -> None:
        await connection.hang()

    stop = asyncio.Event()
    async with serving(silent) as server:
        listening = asyncio.create_task(hear_all(stream_chat(client, request_to(server), stop=stop)))
        await asyncio.wait_for(server.asked.get(), 2)
        stop.set()
        found = await asyncio.wait_for(listening, 0.5)
        assert await asyncio.wait_for(server.ended.get(), 0.2)
        already = await hear_all(stream_chat(client, request_to(server), stop=stop))
    for each in (found, already):
        assert (each.end.exchange.status, each.end.exchange.failure, each.complete) == (None, None, False)
        assert each.end.exchange.host == "127.0.0.1"


async def test_leaving_a_conversation_closes_its_connection(client: Client) -> None:
    async def answer(connection: Connection) -> None:
        await connection.begin()
        await connection.send(ANSWER[4])
        await connection.hang()

    async with serving(answer) as server:
        async with aclosing(stream_chat(client, request_to(server))) as events:
            assert await anext(events) == Delta("4, 冰")
        assert await asyncio.wait_for(server.ended.get(), 0.2)

        async def go_on() -> None:
            async for _ in stream_chat(client, request_to(server)):
                pass

        server.asked = asyncio.Queue()
        talking = asyncio.create_task(go_on())
        await asyncio.wait_for(server.asked.get(), 2)
        assert await seconds_to_leave(talking, server) < 0.2


async def test_the_simulated_platform_is_understood(catalogue: Catalogue) -> None:
    search: Json = {"type": "web_search", "force_search": True}
    with serve() as served:
        client = Client(catalogue, Network(simulated=lambda: served.origin))
        request = ChatRequest(
            "https://api.xiaomimimo.com/v1/chat/completions",
            Secret(WEB_SEARCH),
            "mimo-v2.6-flash",
            {"messages": [{"role": "user", "content": "News of the harbour?"}], "tools": [search]},
        )
        found = await hear_all(stream_chat(client, request))
        await client.aclose()
    assert found.complete
    assert found.end.exchange.simulated
    assert found.text
    assert found.reasoning
    assert found.citations
    assert found.usage is not None
    assert found.usage.searches
    assert found.end.raw.rstrip().endswith("data: [DONE]")
