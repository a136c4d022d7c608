"""Promise 22: a stream gives the same text however it comes. Promise 23, for server-sent events."""

import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mimo_tui.core.catalogue import load
from mimo_tui.core.json_text import Json
from mimo_tui.core.secrets import Secret
from mimo_tui.wire.answer_reader import AnswerReader, Dialect
from mimo_tui.wire.chat import ChatDialect, ChatRequest, stream_chat
from mimo_tui.wire.events import Delta, Ended, StreamEvent
from mimo_tui.wire.http import Client, Network
from mimo_tui.wire.messages import MessagesDialect, stream_messages
from mimo_tui.wire.sse import SseDecoder
from tests.wire.servers import Connection, Server, serving
from tests.wire.world import forget_environment

Reached = Callable[[str, str], None]
KEY = Secret("tp-not-a-real-key-0123456789")


@dataclass(frozen=True)
class Heard:
    text: str
    reasoning: str
    complete: bool
    message: str


@pytest.fixture
async def client(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Client]:
    forget_environment(monkeypatch)
    made = Client(load(), Network())
    yield made
    await made.aclose()


class Chunked:
    """Answers in exactly these pieces, one read of the client each, and keeps the connection."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    async def __call__(self, connection: Connection) -> None:
        await connection.send(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
        )
        for piece in filter(None, self.pieces):
            await connection.send(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        await connection.send(b"0\r\n\r\n")


def chunk(delta: dict[str, Json], finish: str | None = None) -> str:
    return json.dumps(
        {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}, ensure_ascii=False
    )


def event(kind: str, index: int = 0, **delta: str) -> str:
    return json.dumps({"type": kind, "index": index, "delta": delta}, ensure_ascii=False)


FIRST, SECOND, THOUGHT = "4 冰糖", " 🎵 “quoted”", "Überlegt…"

CHAT = [
    ": PROCESSING",
    "",
    f"data: {chunk({'role': 'assistant', 'content': ''})}",
    "",
    f"data: {chunk({'reasoning_content': THOUGHT})}",
    "",
    f"data:{chunk({'content': FIRST})}",
    ": PROCESSING",
    "",
    f"data: {chunk({'content': SECOND})}",
    "",
    f"data: {chunk({'content': None}, 'stop')}",
    "",
    "data: [DONE]",
    "",
    "",
]
MESSAGES = [
    "event: message_start",
    'data: {"type":"message_start","message":{"content":[]}}',
    "",
    "event: ping",
    'data:{"type":"ping"}',
    "",
    f"data: {event('content_block_delta', type='thinking_delta', thinking=THOUGHT)}",
    "",
    "event: content_block_delta",
    f"data:{event('content_block_delta', 1, type='text_delta', text=FIRST)}",
    ": PROCESSING",
    "",
    f"data: {event('content_block_delta', 1, type='text_delta', text=SECOND)}",
    "",
    f"data: {event('message_delta', stop_reason='end_turn')}",
    "",
    "event: message_stop",
    'data: {"type":"message_stop"}',
    "",
    "",
]
WHOLE = Heard(FIRST + SECOND, THOUGHT, True, "")


@dataclass(frozen=True)
class Surface:
    """One of the two: what it sends, how many lines of that are an answer without its end, and who reads it."""

    lines: list[str]
    without_end: int
    dialect: type[ChatDialect | MessagesDialect]
    stream: Callable[..., AsyncIterator[object]]

    def delta(self, text: str) -> str:
        if self.dialect is ChatDialect:
            return f"data: {chunk({'content': text})}\n\n"
        return f"data: {event('content_block_delta', 1, type='text_delta', text=text)}\n\n"

    @property
    def last(self) -> str:
        return "\n".join(self.lines[self.without_end + 1 :])

    async def heard(self, client: Client, server: Server) -> Heard:
        request = ChatRequest(f"{server.url}/x", KEY, "m", {}, server.place)
        text, reasoning = [], []
        async for each in self.stream(client, request):
            if isinstance(each, Delta):
                text.append(each.text)
                reasoning.append(each.reasoning)
            elif isinstance(each, Ended):
                error = each.exchange.error
                return Heard("".join(text), "".join(reasoning), each.complete, error.message if error else "")
        raise AssertionError("the stream has no end")

    def read(self, *pieces: bytes) -> Heard:
        dialect: Dialect[StreamEvent] = self.dialect(KEY)
        reader = AnswerReader(dialect, KEY)
        found = [each for piece in pieces for each in reader.feed(piece)] + reader.close()
        deltas = [each for each in found if isinstance(each, Delta)]
        text, reasoning = "".join(each.text for each in deltas), "".join(each.reasoning for each in deltas)
        return Heard(text, reasoning, reader.is_complete, reader.error.message if reader.error else "")


SURFACES: Mapping[str, Surface] = MappingProxyType(
    {
        "OpenAI": Surface(CHAT, 10, ChatDialect, stream_chat),
        "Anthropic": Surface(MESSAGES, 13, MessagesDialect, stream_messages),
    }
)
BOTH = pytest.mark.parametrize("name", SURFACES)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@BOTH
def test_a_stream_cut_at_every_byte_gives_the_same_text(name: str, end: str, reached: Reached) -> None:
    surface = SURFACES[name]
    transcript = end.join(surface.lines).encode()
    for cut in range(len(transcript) + 1):
        assert surface.read(transcript[:cut], transcript[cut:]) == WHOLE
    assert surface.read(*(bytes([one]) for one in transcript)) == WHOLE
    reached(
        "22",
        f"{name} surface: {len(transcript) + 1} places to cut, with LF, CRLF and CR: the same text each time",
    )


@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.long)])
@pytest.mark.parametrize(("name", "end"), [("OpenAI", "\n"), ("Anthropic", "\r\n")], ids=SURFACES)
async def test_a_stream_cut_anywhere_gives_the_same_text_over_a_socket(
    client: Client, name: str, end: str, step: int, reached: Reached
) -> None:
    surface, chunked = SURFACES[name], Chunked()
    transcript = end.join(surface.lines).encode()
    cuts = range(0, len(transcript) + 1, step)
    async with serving(chunked) as server:
        for cut in cuts:
            chunked.pieces = [transcript[:cut], transcript[cut:]]
            assert await surface.heard(client, server) == WHOLE
        chunked.pieces = [bytes([one]) for one in transcript]
        assert await surface.heard(client, server) == WHOLE
        assert server.connections == 1
    reached(
        "22", f"{name} surface over a socket: {len(transcript) + 1} places to cut, one connection for all"
    )


@BOTH
async def test_a_stream_that_ends_at_any_byte_keeps_what_had_come(
    client: Client, name: str, reached: Reached
) -> None:
    surface, chunked = SURFACES[name], Chunked()
    transcript = "\n".join(surface.lines).encode()
    async with serving(chunked) as server:
        for end in range(0, len(transcript), 7):
            chunked.pieces = [transcript[:end]]
            found = await surface.heard(client, server)
            assert WHOLE.text.startswith(found.text)
            assert WHOLE.reasoning.startswith(found.reasoning)
            told = [
                delta for delta in (FIRST, SECOND) if f'"{delta}"'.encode() in transcript[: max(0, end - 40)]
            ]
            assert found.text.startswith("".join(told))
    reached("22", f"{name} surface, ended at every seventh byte, without an end mark: what had come is kept")


@pytest.mark.parametrize(
    "form",
    [
        'data:{"error":E}',
        'data: {"error":E}\n\n',
        'event: error\ndata:{"error":E}\n\n',
        'event: error\ndata: {"type":"error","error":E}\n\n',
    ],
    ids=["without a space or an end", "flat", "named", "as Anthropic writes it"],
)
@BOTH
async def test_an_error_in_mid_stream_is_told_and_what_had_come_is_kept(
    client: Client, name: str, form: str, reached: Reached
) -> None:
    surface, chunked = SURFACES[name], Chunked()
    error = form.replace("E", '{"code":"500","message":"Internal server error"}')
    before = "\n".join(surface.lines[: surface.without_end + 1]) + "\n"
    told = Heard(WHOLE.text, WHOLE.reasoning, False, "Internal server error")
    for cut in range(len(error)):
        assert surface.read(before.encode(), error[:cut].encode(), error[cut:].encode()) == told
    async with serving(chunked) as server:
        for cut in range(0, len(error), 5):
            chunked.pieces = [before.encode(), error[:cut].encode(), error[cut:].encode()]
            assert await surface.heard(client, server) == told
    reached("22", f"{name} surface, an error in mid-stream in four forms, cut at every byte: told")


@BOTH
async def test_ten_megabytes_come_whole(client: Client, name: str, reached: Reached) -> None:
    surface, chunked = SURFACES[name], Chunked()
    piece = "冰糖 " * 1500
    one = surface.delta(piece).encode()
    count = 10 * 1024 * 1024 // len(one) + 1
    chunked.pieces = [one * count, surface.last.encode()]
    async with serving(chunked) as server:
        began = time.perf_counter()
        found = await surface.heard(client, server)
        seconds = time.perf_counter() - began
    assert found == Heard(piece * count, "", True, "")
    reached(
        "22",
        f"{name} surface, an answer of {len(one) * count / 1024 / 1024:.0f} MB: whole, in {seconds:.1f} s",
    )


pieces = st.sampled_from(
    [b"data:", b"data: ", b"event: e", b"id: 1", b":", b"\n", b"\r", b"\r\n", b"[DONE]", b"{}"]
)
streams = st.lists(st.one_of(pieces, st.binary(max_size=8), st.text(max_size=4).map(str.encode)))


@pytest.mark.parametrize("count", [1_000, pytest.param(100_000, marks=pytest.mark.long)])
def test_no_stream_of_events_raises(count: int, reached: Reached) -> None:
    seen = 0

    @settings(max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(streams)
    def check(chunks: list[bytes]) -> None:
        nonlocal seen
        decoder, whole = SseDecoder(), SseDecoder()
        cut = [event for chunk in chunks for event in decoder.feed(chunk)] + decoder.close()
        assert cut == whole.feed(b"".join(chunks)) + whole.close()
        seen += 1

    check()
    reached("23", f"{seen:,} generated event streams: 0 uncaught exceptions")


NAMES = """
id type name index text usage delta message content choices error_message annotations tool_calls function arguments
finish_reason reasoning_content prompt_tokens completion_tokens_details url_citation url content_block
content_block_start content_block_delta content_block_stop message_start message_delta message_stop thinking
thinking_delta text_delta signature tool_use input input_json_delta partial_json stop_reason input_tokens
cache_read_input_tokens
"""
names = st.sampled_from(NAMES.split())
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), names, st.text(max_size=3)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(names, inner, max_size=5)),
    max_leaves=12,
)
documents = st.lists(st.dictionaries(names, values, max_size=5), max_size=6)


@pytest.mark.parametrize("count", [100, pytest.param(10_000, marks=pytest.mark.long)])
@BOTH
def test_no_document_of_a_stream_raises(name: str, count: int, reached: Reached) -> None:
    seen = 0

    @settings(max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(documents)
    def check(found: list[dict[str, Json]]) -> None:
        nonlocal seen
        SURFACES[name].read("".join(f"data: {json.dumps(each)}\n\n" for each in found).encode())
        SURFACES[name].read(json.dumps(found[0] if found else {}).encode())
        seen += 1

    check()
    reached("23", f"{name} surface, {seen:,} generated answers: 0 uncaught exceptions")


def test_a_megabyte_of_events_is_decoded_quickly(reached: Reached) -> None:
    slowest = 0.0
    for unit in (b"data: x\n\n", b"\n", b"\r", b"data\n", b"a:\n", b"x"):
        stream, decoder = unit * (1024 * 1024 // len(unit)), SseDecoder()
        began = time.process_time()
        decoder.feed(stream)
        decoder.close()
        slowest = max(slowest, time.process_time() - began)
    assert slowest < 1.0
    reached("23", f"1 MB of events: at most {slowest * 1000:.0f} ms")
