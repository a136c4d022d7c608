"""What screens and commands call, with the same frozen results for both.

The work here is files, so these are plain, blocking functions: a command calls them as they are, a screen in a
thread worker.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from mimo_tui.store.places import Places, places

if TYPE_CHECKING:
    from mimo_tui.core.catalogue import Catalogue
    from mimo_tui.core.lingtai import Lingtai
    from mimo_tui.store.history import History
    from mimo_tui.wire.http import Client, Network


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Services:
    """What every service needs, made once at start and handed in. `simulated`: the library is a sample."""

    places: Places
    catalogue: "Catalogue"
    lingtai: "Lingtai"
    history: "History"
    client: "Client"
    environment: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    now: Callable[[], datetime] = _now
    simulated: bool = False


def make_services(
    home: Path | None = None, *, simulated: bool = False, network: "Network | None" = None
) -> Services:
    """Give the services over `home` (default: the person's own), with the shipped catalogue and the real clock."""
    # The list shows its names before any of this is needed, so it is imported with the first services.
    from mimo_tui.core import catalogue, lingtai
    from mimo_tui.store.history import History
    from mimo_tui.wire.http import Client, Network

    found = places(home)
    # A demonstration must look the same on every machine, so it does not see the person's own keys.
    environment = {} if simulated else dict(os.environ)
    known = catalogue.load()
    return Services(
        found,
        known,
        lingtai.load(),
        History(found.history, now=_now),
        Client(known, network or Network(), now=_now),
        MappingProxyType(environment),
        simulated=simulated,
    )
