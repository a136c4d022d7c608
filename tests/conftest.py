"""What all tests share: a temporary home with the sample library, and services over it at a fixed time."""

import gc
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

import pytest

from mimo_tui.services import Services, make_services
from mimo_tui.services.presets.listing import Listing, PresetView, find, list_presets
from mimo_tui.simulator.sample_library import build

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
def services(home: Path) -> Services:
    """Services over the sample library, at a fixed time and without the developer's own environment."""
    build(home)
    return replace(make_services(home), environment=MappingProxyType({}), now=lambda: NOW)


@pytest.fixture
def listing(services: Services) -> Listing:
    """The sample library, listed."""
    return list_presets(services)


@pytest.fixture
def preset(listing: Listing) -> Callable[[str], PresetView]:
    """Find a preset of the sample library by what a person would type."""
    return lambda name: find(listing, name)
