"""A conversation on the Anthropic surface, however the answer comes and breaks off."""

import asyncio
import json

import pytest

from mimo_tui.core.catalogue import Catalogue
from mimo_tui.core.conversation import Thought, ToolCall
from mimo_tui.core.json_text import Json
from mimo_tui.core.secrets import Secret
from mimo_tui.core.usage import Usage
from mimo_tui.simulator.accounts import SINGAPORE
from mimo_tui.simulator.server import serve
from mimo_tui.wire.http import Client, Limits, Network
from mimo_tui.wire.messages import ChatRequest, stream_messages
from tests.wire.listening import HELLO, Heard, hear_all, request_to, streaming
from tests.wire.servers import Connection, Server, serving

QUICK = Limits(connect=2.0, first_byte=0.3, silence=0.3, tries=1)


async def heard(client: Client, server: Server, *, streamed: bool = True) -> Heard:
    return await hear_all(stream_messages(client, request_to(server, streamed=streamed), QUICK))


def event(kind: str, **fields: Json) -> bytes:
    document = json.dumps({"type": kind, **fields}, ensure_ascii=False)
    return f"event: {kind}\ndata: {document}\n\n".encode()


def begin(index: int, **block: Json) -> bytes:
    return event("content_block_start", index=index, content_block=block)


def grow(index: int, kind: str, **delta: Json) -> bytes:
    return event("content_block_delta", index=index, delta={"type": kind, **delta})


def end(index: int) -> bytes:
    return event("content_block_stop", index=index)


ZEROS: Json = {"input_tokens": 0, "output_tokens": 0}
USAGE: Json = {"input_tokens": 100, "output_tokens": 40, "cache_read_input_tokens": 64}
START = event("message_start", message={"id": "m1", "role": "assistant", "content": [], "usage": ZEROS})
ANSWER = [
    START,
    event("ping"),
    begin(0, type="thinking", thinking="", signature=""),
    grow(0, "thinking_delta", thinking="Easy "),
    grow(0, "thinking_delta", thinking="sum."),
    grow(0, "signature_delta", signature="c2ln"),
    end(0),
    begin(1, type="text", text=""),
    grow(1, "text_delta", text="4, 冰"),
    event("ping"),
    grow(1, "text_delta", text="糖 🎵"),
    end(1),
    begin(2, type="tool_use", id="call_1", name="get_temp", input={}),
    grow(2, "input_json_delta", partial_json='{"city": '),
    grow(2, "input_json_delta", partial_json='"Oslo"}'),
    end(2),
    begin(3, type="tool_use", id="call_2", name="now", input={}),
    end(3),
    event("message_delta", delta={"stop_reason": "tool_use"}, usage=USAGE),
    event("message_stop"),
]
CALLS = (ToolCall("call_1", "get_temp", '{"city": "Oslo"}'), ToolCall("call_2", "now", "{}"))


async def test_text_thinking_calls_usage_and_reason_come_as_events(client: Client) -> None:
    async with serving(streaming(*ANSWER)) as server:
        found = await heard(client, server)
    assert (found.text, found.reasoning, found.reason) == ("4, 冰糖 🎵", "Easy sum.", "tool_use")
    assert found.thoughts == [Thought("Easy sum.", "c2ln")]
    assert found.calls == CALLS
    assert found.usage == Usage(prompt=164, completion=40, total=204, cached=64)
    assert found.complete
    (received,) = server.requests
    assert json.loads(received.body) == {"model": "m", **HELLO, "stream": True}


async def test_a_message_that_is_not_streamed_gives_the_same_events(client: Client) -> None:
    content: list[Json] = [
        {"type": "text", "text": "4, 冰糖 🎵"},
        {"type": "tool_use", "id": "call_1", "name": "get_temp", "input": {"city": "Oslo"}},
        {"type": "thinking", "thinking": "Easy sum.", "signature": "c2ln"},
        {"type": "tool_use", "id": "call_2", "name": "now", "input": {}},
    ]
    document = {"type": "message", "content": content, "stop_reason": "tool_use", "usage": USAGE}

    async def answer(connection: Connection) -> None:
        await connection.answer(200, json.dumps(document).encode())

    async with serving(answer) as server:
        for streamed in (True, False):
            found = await heard(client, server, streamed=streamed)
            assert (found.text, found.reasoning, found.reason) == ("4, 冰糖 🎵", "Easy sum.", "tool_use")
            assert (found.thoughts, found.calls) == ([Thought("Easy sum.", "c2ln")], CALLS)
            assert found.usage == Usage(prompt=164, completion=40, total=204, cached=64)
            assert found.complete


async def test_blocks_in_any_order_and_entangled_are_told_apart(client: Client) -> None:
    chunks = [
        begin(0, type="text", text="a"),
        begin(5, type="tool_use", id="call_5", name="f", input={}),
        begin(2, type="thinking", thinking="t", signature="s"),
        begin(7, type="tool_use", id="call_7", name="g", input={"x": 1}),
        grow(2, "thinking_delta", thinking="u"),
        grow(5, "input_json_delta", partial_json="{}"),
        grow(0, "text_delta", text="b"),
        end(7),
        end(5),
        end(2),
        end(0),
        event("message_stop"),
    ]
    async with serving(streaming(*chunks)) as server:
        found = await heard(client, server)
    assert (found.text, found.reasoning, found.thoughts) == ("ab", "tu", [Thought("tu", "s")])
    assert found.calls == (ToolCall("call_5", "f", "{}"), ToolCall("call_7", "g", '{"x": 1}'))


async def test_blocks_that_nobody_began_or_ended_are_heard_all_the_same(client: Client) -> None:
    chunks = [
        grow(0, "thinking_delta", thinking="t"),
        grow(1, "text_delta", text="a"),
        grow(2, "input_json_delta", partial_json="{}"),
        event("something_else", delta={"type": "text_delta", "text": "x"}),
        grow(1, "citations_delta", citation={}),
        begin(3, type="redacted_thinking", data="x"),
        event("message_stop"),
    ]
    async with serving(streaming(*chunks)) as server:
        found = await heard(client, server)
    assert (found.text, found.thoughts, found.calls) == ("a", [Thought("t")], (ToolCall("", "", "{}"),))
    assert found.complete


async def test_the_zeros_at_the_beginning_are_not_told_as_usage(client: Client) -> None:
    only_output = event("message_delta", delta={}, usage={"output_tokens": 7})
    first = event("message_start", message={"usage": {"input_tokens": 9, "output_tokens": 1}})
    for chunks, usage in (
        (ANSWER[:-2], None),
        ([START, only_output], Usage(completion=7)),
        ([first, only_output], Usage(prompt=9, completion=7, total=16)),
        ([START, event("message_delta", delta={}, usage={"input_tokens": True})], None),
    ):
        async with serving(streaming(*chunks)) as server:
            assert (await heard(client, server)).usage == usage


async def test_an_answer_is_complete_with_its_last_event_or_a_reason_to_stop(client: Client) -> None:
    without_reason = event("message_delta", delta={"stop_reason": None}, usage=USAGE)
    for chunks, complete in (
        (ANSWER[:-1], True),
        (ANSWER[:-2], False),
        ([*ANSWER[:-2], ANSWER[-1]], True),
        ([*ANSWER[:-2], without_reason], False),
        ([START], False),
        ([], False),
    ):
        async with serving(streaming(*chunks)) as server:
            found = await heard(client, server)
        assert found.complete is complete


async def test_what_comes_after_the_last_event_is_not_waited_for(client: Client) -> None:
    async def answer(connection: Connection) -> None:
        await connection.begin()
        await connection.send(b"".join(ANSWER))
        await connection.hang()

    async with serving(answer) as server:
        found = await asyncio.wait_for(hear_all(stream_messages(client, request_to(server))), 10)
    assert (found.complete, found.end.exchange.failure) == (True, None)


@pytest.mark.parametrize(
    "error",
    [
        b'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n',
        b'data:{"error":{"code":"503","message":"Overloaded"}}',
    ],
    ids=["as Anthropic writes it", "flat"],
)
async def test_an_error_in_mid_stream_keeps_what_had_come(client: Client, error: bytes) -> None:
    async with serving(streaming(*ANSWER[:9], error)) as server:
        found = await heard(client, server)
    assert (found.text, found.thoughts, found.complete) == ("4, 冰", [Thought("Easy sum.", "c2ln")], False)
    assert found.end.exchange.error is not None
    assert found.end.exchange.error.message == "Overloaded"


@pytest.mark.parametrize(
    "body",
    [
        event("message_start", message=7),
        event("content_block_start", index="x", content_block=[1]),
        begin(0, type="thinking", thinking=7, signature=[]) + end(0),
        grow(0, "text_delta", text=None) + grow(-1, "input_json_delta", partial_json={}),
        event("message_delta", delta="x", usage=[1]),
        b'data: {"type": ["x"]}\n\ndata: {"type": {}}\n\ndata: {}\n\n',
        b'{"type": "message", "content": {"a": 1}, "usage": 5}',
    ],
)
async def test_garbage_ends_in_an_incomplete_answer_and_never_raises(client: Client, body: bytes) -> None:
    async with serving(streaming(body)) as server:
        found = await heard(client, server)
    assert (found.text, found.reasoning, found.thoughts, found.complete) == ("", "", [], False)


async def test_the_simulated_platform_is_understood(catalogue: Catalogue) -> None:
    body: dict[str, Json] = {"messages": [{"role": "user", "content": "What is a harbour?"}]}
    with serve() as served:
        client = Client(catalogue, Network(simulated=lambda: served.origin))
        url, key = "https://token-plan-sgp.xiaomimimo.com/anthropic/v1/messages", Secret(SINGAPORE)
        streamed, whole = [
            await hear_all(
                stream_messages(client, ChatRequest(url, key, "mimo-v2.6-pro", body, streamed=each))
            )
            for each in (True, False)
        ]
        await client.aclose()
    for found in (streamed, whole):
        assert found.complete
        assert found.end.exchange.simulated
        assert "harbour" in found.text
        assert found.thoughts == [Thought(found.reasoning)]
        assert found.usage is not None
        assert found.usage.total
    assert (streamed.text, streamed.usage) == (whole.text, whole.usage)
