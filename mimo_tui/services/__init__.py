"""What screens and commands call, with the same frozen results for both.

What works on files is plain, blocking functions: a command calls them as they are, a screen in a thread worker. What
asks the network is async: a command runs it to its end, a screen in a worker that is cancelled with it.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from mimo_tui.services.requests import RecentRequests
from mimo_tui.sound.surroundings import surroundings
from mimo_tui.store.places import Places, places
from mimo_tui.wire.network import Network

if TYPE_CHECKING:
    from mimo_tui.core.catalogue import Catalogue
    from mimo_tui.core.lingtai import Lingtai
    from mimo_tui.services.knowledge import Knowledge
    from mimo_tui.store.docs_cache import DocsCache
    from mimo_tui.store.history import History
    from mimo_tui.store.observations import Observations
    from mimo_tui.store.sessions import Sessions
    from mimo_tui.store.takes import Takes
    from mimo_tui.wire.http import Client


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Services:
    """What every service needs, made once at start and handed in. `simulated`: the library is a sample.

    `connect` gives the same client at each call. `docs` is the documentation that is here, `observations` what hosts
    and calls answered, `knowledge` what is learned from both. `sessions` are the conversations that are kept; whoever
    is done with all closes it. `takes` is what was spoken; `passing_takes` gives the same at each call, which goes with
    this run, for who keeps none. `requests` counts the calls of this run.
    """

    places: Places
    knowledge: "Knowledge"
    lingtai: "Lingtai"
    history: "History"
    docs: "DocsCache"
    observations: "Observations"
    sessions: "Sessions"
    takes: "Takes"
    passing_takes: "Callable[[], Takes]"
    connect: "Callable[[], Client]"
    environment: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    now: Callable[[], datetime] = _now
    simulated: bool = False
    requests: RecentRequests = field(default_factory=RecentRequests)

    @property
    def catalogue(self) -> "Catalogue":
        """Give what is known now. The first time it reads what was learned, so call it in a thread."""
        return self.knowledge.catalogue

    @property
    def client(self) -> "Client":
        """Give the one client. Whoever asks nothing of the network need not import it."""
        return self.connect()


def make_services(
    home: Path | None = None,
    *,
    simulated: bool = False,
    network: Network | None = None,
    now: Callable[[], datetime] = _now,
) -> Services:
    """Give the services over `home` (default: the person's own). `now` is their clock."""
    # The list shows its names before any of this is needed, so it is imported with the first services.
    from mimo_tui.core import lingtai
    from mimo_tui.services.knowledge import Knowledge
    from mimo_tui.store.docs_cache import DocsCache
    from mimo_tui.store.history import History
    from mimo_tui.store.observations import Observations
    from mimo_tui.store.sessions import Sessions
    from mimo_tui.store.takes import Takes
    from mimo_tui.store.takes_passing import passing_takes

    found = places(home)
    # A demonstration must look the same on every machine, so it does not see the person's own keys.
    # Where its loudspeakers are it does see.
    environment = surroundings(os.environ) if simulated else dict(os.environ)
    docs, observations = DocsCache(found.docs), Observations(found.observations)
    knowledge = Knowledge(docs, observations, found.settings)

    @cache
    def connect() -> "Client":
        from mimo_tui.wire.http import Client

        return Client(knowledge.trusted, network or Network(), now=now)

    return Services(
        found,
        knowledge,
        lingtai.load(),
        History(found.history, now=now),
        docs,
        observations,
        Sessions(found.sessions, now=now),
        Takes(found.takes, now),
        cache(lambda: passing_takes(now)),
        connect,
        MappingProxyType(environment),
        now,
        simulated=simulated,
    )
