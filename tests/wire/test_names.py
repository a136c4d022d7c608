"""A resolver that stays silent holds up neither an answer nor the end of the program."""

import asyncio
import socket
from collections.abc import Iterator
from threading import Event
from time import monotonic

import pytest

from mimo_tui.core.catalogue import Catalogue
from mimo_tui.core.exchange import Exchange, Failure
from mimo_tui.core.secrets import Secret
from mimo_tui.wire.http import CHECK, Client, Limits, Network, Request

KEY = Secret("tp-not-a-real-key-0123456789")
SHORT = Limits(connect=0.1, first_byte=1, silence=1, whole=1, tries=1)


@pytest.fixture
def silence(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """A system that finds no name until the event is set."""
    found = Event()

    def look_up(*_: object, **__: object) -> list[object]:
        found.wait(30)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    yield found
    found.set()


async def ask(catalogue: Catalogue, limits: Limits) -> Exchange:
    client = Client(catalogue, Network())
    url = f"https://{next(iter(catalogue.api_hosts))}/v1/models"
    reply = await client.fetch(Request(url, key=KEY), limits)
    await client.aclose()
    return reply.exchange


def test_a_name_that_is_never_found_ends_with_the_answer(catalogue: Catalogue, silence: Event) -> None:
    began = monotonic()
    exchange = asyncio.run(ask(catalogue, SHORT))
    assert not silence.is_set()
    assert exchange.failure is Failure.TIME_OUT
    assert monotonic() - began < 5


def test_a_name_that_is_refused_is_told_by_the_system(catalogue: Catalogue, silence: Event) -> None:
    silence.set()
    exchange = asyncio.run(ask(catalogue, CHECK))
    assert (exchange.failure, exchange.reason) == (Failure.DNS, "Temporary failure in name resolution")
