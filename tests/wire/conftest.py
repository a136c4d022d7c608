"""What the tests of the wire share: a client that notes its pauses in place of waiting, and a world of servers."""

from collections.abc import AsyncIterator

import pytest

from mimo_tui.core.catalogue import Catalogue, load
from mimo_tui.wire.http import Client, Network
from tests.wire.world import World, forget_environment, whole_world


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy and no certificates of the developer's own."""
    forget_environment(monkeypatch)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The shipped catalogue."""
    return load()


@pytest.fixture
def pauses() -> list[float]:
    """The pauses that the client would have made."""
    return []


@pytest.fixture
async def client(catalogue: Catalogue, pauses: list[float]) -> AsyncIterator[Client]:
    """A client of the real network, which notes its pauses in place of waiting."""

    async def note(seconds: float) -> None:
        pauses.append(seconds)

    made = Client(catalogue, Network(), pause=note)
    yield made
    await made.aclose()


@pytest.fixture
async def world(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """Every host name leads to one server on loopback."""
    async with whole_world(monkeypatch) as found:
        yield found
