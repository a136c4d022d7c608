"""Promise 22: a stream gives the same text however it comes. Promise 23, for server-sent events."""

import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mimo_tui.core.catalogue import load
from mimo_tui.core.json_text import Json
from mimo_tui.core.secrets import Secret
from mimo_tui.wire.chat import ChatRequest, Delta, Ended, stream_chat
from mimo_tui.wire.http import Client, Network
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


async def heard(client: Client, server: Server) -> Heard:
    request = ChatRequest(f"{server.url}/v1", KEY, "m", (), server.place)
    text, reasoning = [], []
    async for event in stream_chat(client, request):
        if isinstance(event, Delta):
            text.append(event.text)
            reasoning.append(event.reasoning)
        elif isinstance(event, Ended):
            error = event.exchange.error
            return Heard("".join(text), "".join(reasoning), event.complete, error.message if error else "")
    raise AssertionError("the stream has no end")


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


def data(delta: dict[str, Json], finish: str | None = None) -> str:
    return json.dumps(
        {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}, ensure_ascii=False
    )


LINES = [
    ": PROCESSING",
    "",
    f"data: {data({'role': 'assistant', 'content': ''})}",
    "",
    f"data: {data({'reasoning_content': 'Überlegt…'})}",
    "",
    f"data:{data({'content': '4 冰糖'})}",
    ": PROCESSING",
    "",
    f"data: {data({'content': ' 🎵 “quoted”'})}",
    "",
    f"data: {data({'content': None}, 'stop')}",
    "",
    "data: [DONE]",
    "",
    "",
]
WHOLE = Heard("4 冰糖 🎵 “quoted”", "Überlegt…", True, "")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
async def test_a_stream_cut_at_every_byte_gives_the_same_text(
    client: Client, end: str, reached: Reached
) -> None:
    transcript, chunked = end.join(LINES).encode(), Chunked()
    async with serving(chunked) as server:
        for cut in range(len(transcript) + 1):
            chunked.pieces = [transcript[:cut], transcript[cut:]]
            assert await heard(client, server) == WHOLE
        chunked.pieces = [bytes([one]) for one in transcript]
        assert await heard(client, server) == WHOLE
    reached("22", f"{len(transcript) + 1} places to cut, with LF, CRLF and CR: the same text each time")


async def test_a_stream_that_ends_at_any_byte_keeps_what_had_come(client: Client, reached: Reached) -> None:
    transcript, chunked = "\n".join(LINES).encode(), Chunked()
    async with serving(chunked) as server:
        for end in range(0, len(transcript), 3):
            chunked.pieces = [transcript[:end]]
            found = await heard(client, server)
            assert WHOLE.text.startswith(found.text)
            assert WHOLE.reasoning.startswith(found.reasoning)
            told = [
                delta
                for delta in ("4 冰糖", " 🎵 “quoted”")
                if f'"{delta}"'.encode() in transcript[: max(0, end - 40)]
            ]
            assert found.text.startswith("".join(told))
    reached("22", "ended at every third byte, without an end mark: what had come is kept, 0 exceptions")


@pytest.mark.parametrize(
    "form", ['data:{"error":E}', 'data: {"error":E}\n\n', 'event: error\ndata:{"error":E}\n\n']
)
async def test_an_error_in_mid_stream_is_told_and_what_had_come_is_kept(
    client: Client, form: str, reached: Reached
) -> None:
    error = form.replace("E", '{"code":"500","message":"Internal server error"}')
    before, chunked = "\n".join(LINES[:11]) + "\n", Chunked()
    async with serving(chunked) as server:
        for cut in range(len(error)):
            chunked.pieces = [before.encode(), error[:cut].encode(), error[cut:].encode()]
            assert await heard(client, server) == Heard(
                WHOLE.text, WHOLE.reasoning, False, "Internal server error"
            )
    reached("22", "an error in mid-stream, with and without a space and an end, cut at every byte: told")


async def test_ten_megabytes_come_whole(client: Client, reached: Reached) -> None:
    piece = "冰糖 " * 1500
    event = f"data: {data({'content': piece})}\n\n".encode()
    count = 10 * 1024 * 1024 // len(event) + 1
    chunked = Chunked()
    chunked.pieces = [event * count, f"data: {data({}, 'stop')}\n\n".encode()]
    async with serving(chunked) as server:
        began = time.perf_counter()
        found = await heard(client, server)
        seconds = time.perf_counter() - began
    assert found == Heard(piece * count, "", True, "")
    reached("22", f"an answer of {len(event) * count / 1024 / 1024:.0f} MB: whole, in {seconds:.1f} s")


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
