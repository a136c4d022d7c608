"""How fast a streamed answer is decoded, from a server in another process.

    python benchmarks/sse.py [--events 20000] [--runs 5] [--json FILE] [--check]

The server writes chunks of a chat completion as fast as they are taken, each in an HTTP chunk of its own. `socket`
takes the bytes and does not look at them; `httpx2` takes them out of HTTP; `ours` gives typed events, as the
playground gets them, and `openai` is the SDK doing the same. `our reader` is given the bytes without any network.
Events a second, and microseconds of this process's CPU for an event. A model writes some hundred events a second.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, process_time
from typing import Final

import httpx2
from terminal import ROOT, environment, spread

from mimo_tui.core.secrets import Secret
from mimo_tui.services import Services, make_services
from mimo_tui.wire.answer_reader import AnswerReader
from mimo_tui.wire.chat import ChatDialect, ChatRequest, stream_chat
from mimo_tui.wire.events import Delta, Ended
from mimo_tui.wire.http import Network

KEY: Final = "sk-simulated-benchmark-0001"
HOST: Final = "api.xiaomimimo.com"
PATH: Final = f"/{HOST}/v1"
TIMES_OF_SDK: Final = 1.0
"""The CPU that an event may take, beside the SDK's."""
_HEAD: Final = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
    b"x-simulated: yes\r\ntransfer-encoding: chunked\r\n\r\n"
)


def events(count: int) -> list[bytes]:
    """Give the events of an answer, its end mark last."""
    chunk = {
        "id": "chat-0123456789abcdef",
        "object": "chat.completion.chunk",
        "created": 1767225600,
        "model": "m",
    }
    found = []
    for number in range(count - 2):
        delta = {
            "role": "assistant",
            "content": f" word{number}",
            "reasoning_content": None,
            "tool_calls": None,
        }
        choice = {"index": 0, "delta": delta, "finish_reason": None}
        found.append({**chunk, "choices": [choice], "usage": None})
    found.append({**chunk, "choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": "stop"}]})
    return [*(b"data: " + json.dumps(each).encode() + b"\n\n" for each in found), b"data: [DONE]\n\n"]


def serve(count: int) -> None:
    """Answer every request alike; prints the port."""
    body = b"".join(b"%x\r\n%s\r\n" % (len(each), each) for each in events(count)) + b"0\r\n\r\n"

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(
                    (
                        int(line[15:])
                        for line in head.lower().split(b"\r\n")
                        if line.startswith(b"content-length:")
                    ),
                    0,
                )
                await reader.readexactly(length)
                writer.write(_HEAD)
                for at in range(0, len(body), 16_384):
                    writer.write(body[at : at + 16_384])
                    await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def stay() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1")
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    asyncio.run(stay())


@contextmanager
def served(count: int, home: Path) -> Iterator[int]:
    """Serve in another process, and give the port."""
    command = (sys.executable, str(ROOT / "benchmarks" / "sse.py"), "--serve", str(count))
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment(home), text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


async def by_socket(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST / HTTP/1.1\r\ncontent-length: 0\r\n\r\n")
    last = b""
    while not last.endswith(b"0\r\n\r\n"):
        last = last[-5:] + await reader.read(65_536)
    writer.close()
    await writer.wait_closed()


async def by_httpx(port: int) -> None:
    async with (
        httpx2.AsyncClient(trust_env=False) as client,
        client.stream("POST", f"http://127.0.0.1:{port}{PATH}/chat/completions", json={}) as answer,
    ):
        async for _ in answer.aiter_bytes():
            pass


async def by_sdk(port: int, count: int) -> None:
    from openai import AsyncOpenAI

    async with AsyncOpenAI(api_key=KEY, base_url=f"http://127.0.0.1:{port}{PATH}") as client:
        stream = await client.chat.completions.create(
            model="m", messages=[{"role": "user", "content": "x"}], stream=True
        )
        words = 0
        async for chunk in stream:
            words += bool(chunk.choices[0].delta.content)
    check(words, count)


async def by_ours(services: Services, count: int) -> None:
    request = ChatRequest(f"https://{HOST}/v1/chat/completions", Secret(KEY), "m", {"messages": []})
    words, complete = 0, False
    async for event in stream_chat(services.client, request):
        words += isinstance(event, Delta)
        complete = isinstance(event, Ended) and event.complete
    check(words, count)
    if not complete:
        raise SystemExit("the answer did not come whole")


async def by_reader(pieces: list[bytes], count: int) -> None:
    reader = AnswerReader(ChatDialect(Secret(KEY)), Secret(KEY))
    check(sum(isinstance(event, Delta) for piece in pieces for event in reader.feed(piece)), count)


def check(words: int, count: int) -> None:
    """Fail where an event got lost."""
    if words != count - 2:
        raise SystemExit(f"{words} words came, not {count - 2}")


async def timed(work: Callable[[], Awaitable[None]], count: int) -> tuple[float, float]:
    """Give events a second, and microseconds of CPU an event."""
    started, cpu = perf_counter(), process_time()
    await work()
    return count / (perf_counter() - started), (process_time() - cpu) / count * 1e6


async def measured(port: int, home: Path, count: int, runs: int) -> dict[str, dict[str, float]]:
    """Measure each in turn, after a first time that does not count."""
    services = make_services(home, network=Network(simulated=lambda: f"http://127.0.0.1:{port}"))
    pieces = events(count)
    ways: dict[str, Callable[[], Awaitable[None]]] = {
        "socket": lambda: by_socket(port),
        "httpx2": lambda: by_httpx(port),
        "our reader": lambda: by_reader(pieces, count),
        "ours": lambda: by_ours(services, count),
        "openai": lambda: by_sdk(port, count),
    }
    found: dict[str, list[float]] = {}
    try:
        for number in range(runs + 1):
            for name, way in ways.items():
                rate, cpu = await timed(way, count)
                if number:
                    found.setdefault(f"{name}: events/s", []).append(rate)
                    found.setdefault(f"{name}: CPU, µs", []).append(cpu)
    finally:
        await services.client.aclose()
    return {name: spread(values) for name, values in found.items()}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument(
        "--check", action="store_true", help="exit 1 where an event takes more CPU than the SDK's"
    )
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve)
        return 0
    with tempfile.TemporaryDirectory() as folder, served(options.events, Path(folder)) as port:
        figures = asyncio.run(measured(port, Path(folder), options.events, options.runs))
    for name, values in figures.items():
        print(f"{name:24}", "  ".join(f"{key} {value:12,.1f}" for key, value in values.items()))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    over = figures["ours: CPU, µs"]["median"] > TIMES_OF_SDK * figures["openai: CPU, µs"]["median"]
    return 1 if over and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
