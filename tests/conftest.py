"""What all tests share: a temporary home with the sample library, and services over it at a fixed time."""

import gc
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

import pytest

from mimo_tui.services import Services, make_services
from mimo_tui.services.presets.listing import Listing, PresetView, find, list_presets
from mimo_tui.simulator.platform import Platform
from mimo_tui.simulator.sample_library import build
from mimo_tui.simulator.server import Served, serve
from mimo_tui.wire.http import Client, Network

# As the program does once it runs: hundreds of apps in one process make each of the collector's walks long.
gc.set_threshold(50_000, 20, 100)

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home."""
    made = tmp_path / "home"
    made.mkdir()
    return made


@pytest.fixture
def services(home: Path) -> Iterator[Services]:
    """Services over the sample library, at a fixed time and without the developer's own environment."""
    build(home)
    made = make_services(home)
    with closing(made.sessions):
        yield replace(made, environment=MappingProxyType({}), now=lambda: NOW)


@pytest.fixture
def platform() -> Platform:
    """A simulated platform: what it is told here, it does to those who come by `network`."""
    return Platform(at=NOW)


@pytest.fixture
def network(platform: Platform) -> Iterator[Network]:
    """The way to the simulated platform, which is served from the first request on."""
    origins: list[str] = []
    with ExitStack() as stack:

        def origin() -> str:
            if not origins:
                origins.append(stack.enter_context(serve(platform)).origin)
            return origins[0]

        yield Network(simulated=origin)


@pytest.fixture
def listing(services: Services) -> Listing:
    """The sample library, listed."""
    return list_presets(services)


@pytest.fixture
def preset(listing: Listing) -> Callable[[str], PresetView]:
    """Find a preset of the sample library by what a person would type."""
    return lambda name: find(listing, name)


@pytest.fixture
def served() -> Iterator[Served]:
    """The simulated platform on a socket of its own, at the fixed time."""
    with serve(Platform(at=NOW)) as running:
        yield running


@pytest.fixture
async def online(services: Services, served: Served) -> AsyncIterator[Services]:
    """Services over the sample library whose official hosts are the simulated platform."""
    network = Network(simulated=lambda: served.origin)
    client = Client(services.catalogue, network, now=lambda: NOW, pause=at_once)
    yield replace(services, connect=lambda: client)
    await client.aclose()


async def at_once(seconds: float) -> None:
    """Stand in for the pause between two tries."""
