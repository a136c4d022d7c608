"""What the journeys share: the program over the sample library, at a fixed time."""

import os
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace

import pytest

from mimo_tui.services import Services
from mimo_tui.wire.http import Client, Network
from tests.conftest import NOW, at_once
from tests.journeys.walker import Walker, opened

Open = Callable[..., AbstractAsyncContextManager[Walker]]


@pytest.fixture
def demo(services: Services, network: Network, monkeypatch: pytest.MonkeyPatch) -> Services:
    """The services over the sample library, as `--demo` makes them. Nothing waits for the disk to flush."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    client = Client(services.catalogue, network, now=lambda: NOW, pause=at_once)
    return replace(services, connect=lambda: client, simulated=True)


@pytest.fixture
def open_app(demo: Services) -> Open:
    """Open the program over the sample library: `async with open_app(size=…) as walker`."""
    return lambda size=(100, 30), **options: opened(demo, size, **options)
