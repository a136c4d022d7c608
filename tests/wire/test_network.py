"""The two switches of the network: offline, and a simulated platform in place of the real one."""

import subprocess
import sys

import pytest

from mimo_tui.core.catalogue import Catalogue
from mimo_tui.core.exchange import Failure
from mimo_tui.core.secrets import Secret
from mimo_tui.wire.http import CHECK, Client, Network, Request
from tests.wire.servers import Connection, Server, serving

KEY = Secret("sk-not-a-real-key-0123456789")


async def test_offline_asks_nobody_not_even_this_machine(catalogue: Catalogue) -> None:
    client = Client(catalogue, Network(offline=True, simulated=lambda: pytest.fail("it was started")))
    async with serving(lambda connection: connection.answer()) as server:
        for request in (
            Request("https://api.xiaomimimo.com/v1/models", key=KEY),
            Request(server.url, named=server.place),
        ):
            exchange = (await client.fetch(request, CHECK)).exchange
            assert (exchange.status, exchange.failure, exchange.attempts) == (None, Failure.OFFLINE, 0)
            assert exchange.host in ("api.xiaomimimo.com", "127.0.0.1")
    assert server.connections == 0


def test_offline_does_not_even_load_the_http_library() -> None:
    program = (
        "import asyncio, sys\n"
        "from mimo_tui.core.catalogue import load\n"
        "from mimo_tui.wire.http import Client, Network, Request\n"
        "client = Client(load(), Network(offline=True))\n"
        "asyncio.run(client.fetch(Request('https://mimo.mi.com/llms.txt')))\n"
        "print('httpx2' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


async def simulated(connection: Connection) -> None:
    await connection.answer(200, b"{}", x_simulated="mimo-tui")


def demo(catalogue: Catalogue, server: Server) -> Client:
    return Client(catalogue, Network(simulated=lambda: server.url))


@pytest.mark.parametrize("host", ["api.xiaomimimo.com", "token-plan-sgp.xiaomimimo.com", "mimo.mi.com"])
async def test_a_demo_asks_the_simulator_under_the_name_of_the_real_host(
    catalogue: Catalogue, host: str
) -> None:
    key = None if host == "mimo.mi.com" else KEY
    async with serving(simulated) as server:
        client = demo(catalogue, server)
        exchange = (await client.fetch(Request(f"https://{host}/v1/models?a=%20b", key=key))).exchange
        await client.aclose()
    (received,) = server.requests
    assert (received.headers["host"], received.path) == (host, "/v1/models?a=%20b")
    assert (exchange.host, exchange.url) == (host, f"https://{host}/v1/models?a=%20b")
    assert (exchange.status, exchange.simulated) == (200, True)
    assert len(server.keys) == (0 if key is None else 1)


async def test_a_demo_keeps_the_rules_for_keys(catalogue: Catalogue) -> None:
    async with serving(simulated) as server:
        client = demo(catalogue, server)
        for url in ("http://api.xiaomimimo.com/v1", "https://mimo.mi.com/", "https://example.com/"):
            exchange = (await client.fetch(Request(url, key=KEY, named="example.com"))).exchange
            assert (exchange.failure, exchange.attempts) == (Failure.NOT_ALLOWED, 0)
        await client.aclose()
    assert not server.requests


async def test_a_demo_may_ask_a_server_of_this_machine_that_the_preset_names(catalogue: Catalogue) -> None:
    async with serving(simulated) as platform, serving(lambda connection: connection.answer()) as own:
        client = demo(catalogue, platform)
        exchange = (await client.fetch(Request(own.url, key=KEY, named=own.place))).exchange
        await client.aclose()
    assert (exchange.status, exchange.simulated) == (200, False)
    assert (len(own.keys), len(platform.requests)) == (1, 0)


async def test_a_simulated_platform_elsewhere_gets_no_key(catalogue: Catalogue) -> None:
    client = Client(catalogue, Network(simulated=lambda: "http://simulator.example.com:80"))
    exchange = (await client.fetch(Request("https://api.xiaomimimo.com/v1/models", key=KEY))).exchange
    await client.aclose()
    assert exchange.failure is Failure.NOT_ALLOWED


@pytest.mark.parametrize("key", ["", "has a blank", "line\r\nHost: evil", "schlüssel", "钥匙"])
async def test_a_key_that_no_header_can_carry_is_not_sent(client: Client, key: str) -> None:
    async with serving(simulated) as server:
        request = Request(server.url, key=Secret(key), named=server.place)
        exchange = (await client.fetch(request)).exchange
    assert exchange.failure is Failure.NOT_ALLOWED
    assert not key or key not in repr(exchange)
    assert not server.requests
