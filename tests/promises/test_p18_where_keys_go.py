"""Promise 18: a key goes out over https to an allowed host only."""

import asyncio
from collections.abc import Callable

import pytest

from mimo_tui.core.catalogue import load
from mimo_tui.core.secrets import Secret
from mimo_tui.wire.http import CHECK, Client, Network, Request
from tests.wire.servers import Connection, Handler, serving
from tests.wire.world import World, whole_world

KEY = Secret("tp-not-a-real-key-0123456789")
API = "api.xiaomimimo.com"
CLUSTER = "token-plan-sgp.xiaomimimo.com"

# Each is an address and the host that the preset names.
FORBIDDEN = [
    (f"http://{API}/v1/models", ""),
    (f"http://{API}/v1/models", API),
    (f"http://{API}:443/v1/models", f"{API}:443"),
    ("http://models.example.com/v1/models", "models.example.com"),
    ("https://mimo.mi.com/v1/models", ""),
    ("https://mimo.mi.com/v1/models", "mimo.mi.com"),
    ("https://MIMO.MI.COM/v1/models", "MIMO.MI.COM"),
    ("https://platform.xiaomimimo.com/v1/models", "platform.xiaomimimo.com"),
    (f"https://{API}.example.com/v1/models", ""),
    ("https://api-xiaomimimo.example.com/v1/models", ""),
    ("https://token-plan-eu.xiaomimimo.com/v1/models", ""),
    ("https://models.example.com/v1/models", "other.example.com"),
    (f"https://{API}:8443/v1/models", ""),
    (f"https://{API}:8443/v1/models", API),
    (f"https://{API}@models.example.com/v1/models", ""),
    (f"https://user:word@{API}/v1/models", API),
    (f"https://models.example.com\\@{API}/v1/models", ""),
    (f"https://models.example.com#@{API}/v1/models", ""),
    (f"https://{API}./v1/models", ""),
    (f"https://{API}./v1/models", API),
    ("https://аpi.xiaomimimo.com/v1/models", ""),
    ("https://аpi.xiaomimimo.com/v1/models", "аpi.xiaomimimo.com"),
    ("https://api。xiaomimimo。com/v1/models", ""),
    ("https://xn--pi-6kc.xiaomimimo.com/v1/models", ""),
]

REDIRECTS = [
    f"https://{API}/v1/other",
    "/v1/other",
    f"https://{CLUSTER}/v1/models",
    "https://models.example.com/v1/models",
    f"https://{API}.example.com/v1/models",
    "https://mimo.mi.com/",
    f"http://{API}/v1/models",
    f"//{CLUSTER}/v1/models",
]


def redirecting(status: int, target: str) -> Handler:
    async def answer(connection: Connection) -> None:
        await connection.answer(status, b"", location=target)

    return answer


async def ask_all(world: World) -> tuple[int, int]:
    """Ask every forbidden address and follow no redirect. Gives how many of each were asked with a key."""
    client = Client(load(), Network())
    redirects = 0
    try:
        for url, named in FORBIDDEN:
            await client.fetch(Request(url, key=KEY, named=named), CHECK)
        for status in (301, 302, 303, 307, 308):
            for target in REDIRECTS:
                world.answers[API] = redirecting(status, target)
                for method in ("GET", "POST"):
                    reply = await client.fetch(Request(f"https://{API}/v1/models", method, key=KEY), CHECK)
                    assert reply.exchange.status == status
                    assert reply.exchange.location
                    redirects += 1
    finally:
        await client.aclose()
    return len(FORBIDDEN), redirects


async def test_a_key_goes_nowhere_but_over_https_to_a_host_that_is_allowed(
    monkeypatch: pytest.MonkeyPatch, reached: Callable[[str, str], None]
) -> None:
    async with whole_world(monkeypatch) as world, serving(lambda one: one.answer()) as plain:
        monkeypatch.setenv("HTTP_PROXY", plain.url)
        forbidden, redirects = await ask_all(world)
        keyed = [one for one in world.server.requests if "authorization" in one.headers]
        assert not plain.requests
        assert {(one.host, one.path) for one in world.server.requests} == {(API, "/v1/models")}
        assert len(keyed) == redirects
        assert len(world.server.requests) == redirects
    reached("18", f"{forbidden} forbidden addresses, {redirects} redirects: 0 Authorization headers")


async def test_the_watch_would_see_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same servers do see the key where it may go: on every host of the API and on the preset's own."""
    catalogue = load()
    async with whole_world(monkeypatch) as world:
        client = Client(catalogue, Network())
        own = "models.example.com"
        for host in (*catalogue.api_hosts, own):
            exchange = (await client.fetch(Request(f"https://{host}/v1/models", key=KEY, named=own))).exchange
            assert exchange.status == 200
        await client.aclose()
        assert world.server.keys == [f"Bearer {KEY.reveal()}"] * (len(catalogue.api_hosts) + 1)


async def test_a_docs_host_is_asked_without_a_key_even_after_one_was_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with whole_world(monkeypatch) as world:
        client = Client(load(), Network())
        requests = [Request(f"https://{API}/v1/models", key=KEY), Request("https://mimo.mi.com/llms.txt")]
        await asyncio.gather(*(client.fetch(request) for request in requests * 5))
        await client.aclose()
        keyed = {one.host for one in world.server.requests if "authorization" in one.headers}
        assert (keyed, len(world.server.requests)) == ({API}, 10)
