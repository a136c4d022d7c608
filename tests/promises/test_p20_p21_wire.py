"""Promises 20 and 21: offline opens nothing; a check ends in time, and at once when cancelled."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mimo_tui.core.catalogue import load
from mimo_tui.core.exchange import Failure
from mimo_tui.core.secrets import Secret
from mimo_tui.wire.http import CHECK, Client, Limits, Network, Request
from mimo_tui.wire.models import list_models
from tests.wire.servers import Connection, Handler, listening, seconds_to_leave, serving
from tests.wire.world import forget_environment

ROOT = Path(__file__).parents[2]
KEY = Secret("tp-not-a-real-key-0123456789")

OFFLINE = """
import asyncio, sys
from pathlib import Path

calls = []
def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.bind", "socket.sendto"):
        calls.append((event, arguments[1:]))
sys.addaudithook(watch)

from mimo_tui.core.secrets import Secret
from mimo_tui.services import make_services
from mimo_tui.wire.chat import ChatRequest, stream_chat
from mimo_tui.wire.messages import stream_messages
from mimo_tui.wire.http import Network, Request
from mimo_tui.wire.models import list_models

services = make_services(Path(sys.argv[1]), network=Network(offline=sys.argv[2] == "offline"))
key = Secret("tp-not-a-real-key-0123456789")

async def main():
    asked = 0
    for family in services.catalogue.families:
        for host in family.hosts:
            for base in filter(None, (family.base(host, surface) for surface in family.paths)):
                await list_models(services.client, base, key)
                request = ChatRequest(f"{base}/x", key, "m", {})
                for ask in (stream_chat, stream_messages):
                    async for event in ask(services.client, request):
                        pass
                asked += 3
    for index in services.catalogue.doc_indexes:
        await services.client.fetch(Request(index.url))
        asked += 1
    await services.client.aclose()
    print(asked, len(calls))

asyncio.run(main())
"""


def run(home: Path, network: str) -> tuple[int, int]:
    # Where the watch is to see something, nothing may leave this machine: a proxy that nobody runs.
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HTTPS_PROXY": "http://127.0.0.1:9", "NO_PROXY": ""}
    done = subprocess.run(
        [sys.executable, "-c", OFFLINE, str(home), network],
        capture_output=True,
        text=True,
        timeout=60,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    asked, opened = done.stdout.split()
    return int(asked), int(opened)


def test_offline_opens_no_socket_whatever_is_asked(
    tmp_path: Path, reached: Callable[[str, str], None]
) -> None:
    asked, opened = run(tmp_path, "offline")
    assert (asked > 10, opened) == (True, 0)
    reached("20", f"{asked} requests while offline: {opened} sockets opened")


def test_the_watch_would_see_a_request(tmp_path: Path) -> None:
    assert run(tmp_path, "online")[1] > 0


@pytest.fixture
async def client(monkeypatch: pytest.MonkeyPatch) -> Client:
    forget_environment(monkeypatch)
    return Client(load(), Network())


async def hang(connection: Connection) -> None:
    await connection.hang()


async def hang_in_the_middle(connection: Connection) -> None:
    await connection.send(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{")
    await connection.hang()


async def drip_the_head(connection: Connection) -> None:
    await connection.send(b"HTTP/1.1 200 OK\r\nx-slow: ")
    while not connection.writer.is_closing():
        await connection.send(b"x")
        await asyncio.sleep(0.01)


async def drip_the_body(connection: Connection) -> None:
    await connection.begin("application/json")
    while not connection.writer.is_closing():
        await connection.send(b" ")
        await asyncio.sleep(0.01)


class BusyThenHanging:
    """Is busy the first time, so that it is asked again."""

    def __init__(self) -> None:
        self.asked = 0

    async def __call__(self, connection: Connection) -> None:
        self.asked += 1
        if self.asked == 1:
            await connection.answer(503, b"{}")
        else:
            await connection.hang()


HANGING: tuple[Handler, ...] = (hang, hang_in_the_middle, drip_the_head, drip_the_body)


async def check_all(client: Client, limits: Limits) -> list[float]:
    """Ask each kind of hanging host and one that never ends its handshake, all at once; give the seconds."""

    async def one(base: str, named: str) -> float:
        began = asyncio.get_running_loop().time()
        found = await list_models(client, base, KEY, named=named, limits=limits)
        assert found.ids is None
        assert found.exchange.failure is Failure.TIME_OUT or found.exchange.status == 503
        return asyncio.get_running_loop().time() - began

    async def plain(handler: Handler) -> float:
        async with serving(handler) as server:
            return await one(server.url, server.place)

    async def handshake() -> float:
        async with listening() as server:
            return await one(f"https://{server.place}", server.place)

    handlers: tuple[Handler, ...] = (*HANGING, BusyThenHanging())
    return list(await asyncio.gather(*(plain(handler) for handler in handlers), handshake()))


@pytest.mark.parametrize("scale", [0.05, pytest.param(1.0, marks=pytest.mark.long)])
async def test_a_check_of_hosts_that_hang_ends_in_time(
    client: Client, scale: float, reached: Callable[[str, str], None]
) -> None:
    assert CHECK.whole is not None
    limits = replace(
        CHECK,
        connect=CHECK.connect * scale,
        first_byte=CHECK.first_byte * scale,
        silence=CHECK.silence * scale,
        whole=CHECK.whole * scale,
    )
    seconds = await check_all(client, limits)
    await client.aclose()
    assert max(seconds) <= 10.0 * scale + (0 if scale == 1.0 else 0.25)
    note = "" if scale == 1.0 else f", with all limits × {scale:g}"
    reached("21", f"{len(seconds)} ways to hang: a check ends within {max(seconds):.2f} s{note}")


async def test_a_cancelled_check_closes_its_connection_at_once(
    client: Client, reached: Callable[[str, str], None]
) -> None:
    slowest = 0.0
    for handler in HANGING:
        async with serving(handler) as server:
            task = asyncio.create_task(list_models(client, server.url, KEY, named=server.place))
            await asyncio.wait_for(server.asked.get(), 2)
            slowest = max(slowest, await seconds_to_leave(task, server))
    async with listening() as server:
        task = asyncio.create_task(list_models(client, f"https://{server.place}", KEY, named=server.place))
        await asyncio.wait_for(server.asked.get(), 2)
        slowest = max(slowest, await seconds_to_leave(task, server))
    await client.aclose()
    assert slowest < 0.2
    reached(
        "21", f"cancelled at 5 moments: the server sees the connection close within {slowest * 1000:.0f} ms"
    )


async def test_no_refusal_is_asked_again_by_a_check(
    client: Client, reached: Callable[[str, str], None]
) -> None:
    async def answer(connection: Connection) -> None:
        await connection.answer(int(connection.request.path[1:]), b"{}")

    statuses = range(400, 500)
    async with serving(answer) as server:
        for status in statuses:
            request = Request(f"{server.url}/{status}", key=KEY, named=server.place)
            exchange = (await client.fetch(request, CHECK)).exchange
            assert (exchange.status, exchange.attempts) == (status, 1)
    await client.aclose()
    assert len(server.requests) == len(statuses)
    reached("21", f"{len(statuses)} kinds of 4xx: each asked once")
