"""A streamed conversation, however the answer comes and breaks off."""

import asyncio
import json
from contextlib import aclosing
from dataclasses import dataclass

import pytest

from mimo_tui.core.exchange import Failure
from mimo_tui.core.json_text import Json
from mimo_tui.core.secrets import Secret
from mimo_tui.simulator.accounts import PAY_AS_YOU_GO
from mimo_tui.simulator.server import serve
from mimo_tui.wire.chat import ChatRequest, Delta, Ended, Finished, ToolFragment, Usage, stream_chat
from mimo_tui.wire.http import Client, Limits, Network
from tests.wire.servers import Connection, Handler, Server, seconds_to_leave, serving

KEY = Secret("sk-not-a-real-key-0123456789")
QUICK = Limits(connect=2.0, first_byte=0.3, silence=0.3, tries=1)


@dataclass
class Heard:
    """All that came of a conversation."""

    text: str
    reasoning: str
    calls: dict[int, str]
    usage: Usage | None
    reason: str
    end: Ended


async def heard(client: Client, server: Server, limits: Limits = QUICK) -> Heard:
    request = ChatRequest(
        f"{server.url}/v1", KEY, "mimo-v2.6-flash", ({"role": "user", "content": "hi"},), server.place
    )
    return await listen(client, request, limits)


async def listen(client: Client, request: ChatRequest, limits: Limits = QUICK) -> Heard:
    text, reasoning, calls, usage, reason, end = "", "", dict[int, str](), None, "", None
    async for event in stream_chat(client, request, limits):
        assert end is None
        match event:
            case Delta():
                text, reasoning = text + event.text, reasoning + event.reasoning
            case ToolFragment():
                calls[event.index] = calls.get(event.index, "") + event.name + event.arguments
            case Usage():
                usage = event
            case Finished():
                reason = event.reason
            case Ended():
                end = event
    assert end is not None
    return Heard(text, reasoning, calls, usage, reason, end)


def chunk(finish: str | None = None, **delta: Json) -> bytes:
    document = {
        "object": "chat.completion.chunk",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }
    return b"data: " + json.dumps(document, ensure_ascii=False).encode() + b"\n\n"


USAGE = {
    "prompt_tokens": 9,
    "completion_tokens": 6,
    "total_tokens": 15,
    "prompt_tokens_details": {"cached_tokens": 4},
    "completion_tokens_details": None,
}
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


def streaming(*chunks: bytes) -> Handler:
    async def answer(connection: Connection) -> None:
        await connection.begin()
        for one in chunks:
            await connection.send(one)
        connection.writer.close()

    return answer


async def test_text_reasoning_usage_and_reason_come_as_events(client: Client) -> None:
    async with serving(streaming(*ANSWER)) as server:
        found = await heard(client, server)
    assert (found.text, found.reasoning, found.reason) == ("4, 冰糖 🎵", "Easy sum.", "stop")
    assert found.usage == Usage(9, 6, 15, 4, None)
    assert found.end.complete
    assert found.end.exchange.status == 200
    (received,) = server.requests
    assert (received.method, received.path) == ("POST", "/v1/chat/completions")
    assert received.headers["accept"] == "text/event-stream"
    assert json.loads(received.body) == {
        "model": "mimo-v2.6-flash",
        "messages": [{"role": "user", "content": "hi"}],
        "stream": True,
    }


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
        chunk(tool_calls=[call(0, "{}"), call(1, ":1}")]),
        chunk("tool_calls", tool_calls=None),
    ]
    async with serving(streaming(*chunks)) as server:
        found = await heard(client, server)
    assert found.calls == {0: "get_temp{}", 1: 'get_wind{"a":1}'}
    assert (found.reason, found.end.complete) == ("tool_calls", True)


async def test_an_answer_without_an_end_mark_is_complete_if_it_has_a_reason_to_stop(client: Client) -> None:
    for chunks, complete in ((ANSWER[:-1], True), (ANSWER[:-3], False), ([], False)):
        async with serving(streaming(*chunks)) as server:
            found = await heard(client, server)
        assert found.end.complete is complete
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
        assert (found.text, found.reasoning, found.end.complete) == ("4, 冰", "Easy sum.", False)
        assert (found.end.exchange.status, found.end.exchange.failure) == (200, failure)


async def test_an_error_in_mid_stream_keeps_what_had_come(client: Client) -> None:
    error = b'data:{"error":{"code":"500","message":"Internal ' + KEY.reveal().encode() + b'"}}\n\n'
    async with serving(streaming(*ANSWER[:5], error)) as server:
        found = await heard(client, server)
    assert (found.text, found.end.complete) == ("4, 冰", False)
    assert found.end.exchange.error is not None
    assert found.end.exchange.error.message.startswith("Internal ")
    assert KEY.reveal() not in repr(found)


@pytest.mark.parametrize("status", [200, 400, 421])
@pytest.mark.parametrize("prefix", [b"", b"data:", b"data: "])
async def test_an_error_in_place_of_a_stream_is_told(client: Client, status: int, prefix: bytes) -> None:
    async def answer(connection: Connection) -> None:
        body = b'{"error":{"code":"421","message":"Moderation Block","param":"high risk","type":"content_filter"}}'
        await connection.answer(status, prefix + body)

    async with serving(answer) as server:
        found = await heard(client, server)
    exchange = found.end.exchange
    assert (exchange.status, found.text, found.end.complete) == (status, "", False)
    assert exchange.error is not None
    assert (exchange.error.message, exchange.error.detail) == ("Moderation Block", "high risk")


async def test_plain_json_in_place_of_a_stream_is_read_as_a_whole(client: Client) -> None:
    document = {
        "choices": [
            {
                "finish_reason": "stop",
                "message": {
                    "content": "4",
                    "reasoning_content": "Easy.",
                    "tool_calls": [{"function": {"name": "f"}}],
                },
            }
        ],
        "usage": USAGE,
    }

    async def answer(connection: Connection) -> None:
        await connection.answer(200, b"\n" + json.dumps(document, indent=1).encode())

    async with serving(answer) as server:
        found = await heard(client, server)
    assert (found.text, found.reasoning, found.calls) == ("4", "Easy.", {0: "f"})
    assert found.end.complete


@pytest.mark.parametrize(
    "body",
    [
        b"<!doctype html><title>Sign in</title>",
        b"data: {not json}\n\n",
        b"data: [1]\n\n",
        b"data: " + b"[" * 5000 + b"\n\n",
        b'data: {"choices":[{"delta":"x","finish_reason":7},null,"x"],"usage":[]}\n\n',
        b'data: {"choices":{"a":1}}\n\n',
        b'data: {"choices":[{"delta":{"content":["x"],"tool_calls":[{"index":"x"}]}}]}\n\n',
        b'{"choices": [',
        b"",
    ],
)
async def test_garbage_ends_in_an_incomplete_answer_and_never_raises(client: Client, body: bytes) -> None:
    async with serving(streaming(body)) as server:
        found = await heard(client, server)
    assert (found.text, found.end.complete, found.end.exchange.status) == ("", False, 200)


async def test_nobody_there_is_an_end_too(client: Client) -> None:
    async with serving(streaming()) as server:
        pass
    found = await heard(client, server)
    assert (found.end.exchange.failure, found.end.complete) == (Failure.REFUSED, False)


async def test_leaving_a_conversation_closes_its_connection(client: Client) -> None:
    async def answer(connection: Connection) -> None:
        await connection.begin()
        await connection.send(ANSWER[4])
        await connection.hang()

    async with serving(answer) as server:
        request = ChatRequest(f"{server.url}/v1", KEY, "m", (), server.place)
        async with aclosing(stream_chat(client, request)) as events:
            assert await anext(events) == Delta("4, 冰")
        assert await asyncio.wait_for(server.ended.get(), 0.2)

        async def go_on() -> None:
            async for _ in stream_chat(client, request):
                pass

        server.asked = asyncio.Queue()
        talking = asyncio.create_task(go_on())
        await asyncio.wait_for(server.asked.get(), 2)
        assert await seconds_to_leave(talking, server) < 0.2


async def test_the_simulated_platform_is_understood() -> None:
    from mimo_tui.core.catalogue import load

    with serve() as served:
        client = Client(load(), Network(simulated=lambda: served.origin))
        request = ChatRequest(
            "https://api.xiaomimimo.com/v1",
            Secret(PAY_AS_YOU_GO),
            "mimo-v2.6-flash",
            ({"role": "user", "content": "How warm is it in Oslo?"},),
        )
        found = await listen(client, request, Limits(tries=1))
        await client.aclose()
    assert found.end.complete
    assert found.end.exchange.simulated
    assert found.text
    assert found.reasoning
    assert found.usage is not None
