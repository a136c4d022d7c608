"""What happens in an update of the documentation, and what it has done so far."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import Final

from mimo_tui.core.evidence import IndexSeen, Outcome
from mimo_tui.core.exchange import Failure
from mimo_tui.core.text import NOTHING, Clean
from mimo_tui.services import Services
from mimo_tui.services.refusals import CannotFetch
from mimo_tui.store.docs_cache import Fetched, Listed
from mimo_tui.wire.docs import DocText

HERE: Final = (Outcome.FOUND, Outcome.MOVED)
"""Outcomes with a text."""


@dataclass(frozen=True, slots=True)
class IndexFound:
    """The index was found, or none was: then `pages` is 0 and `seen` says why."""

    seen: tuple[IndexSeen, ...]
    pages: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it has come: of `total` pages `done`; or, while the dump comes, `bytes` so far and `total` 0."""

    done: int
    total: int
    bytes: int
    title: Clean = NOTHING


@dataclass(frozen=True, slots=True)
class Failed:
    """A page that did not come, and why."""

    path: str
    outcome: Outcome
    reason: Clean


@dataclass(frozen=True, slots=True)
class Updated:
    """What came of it. `changed` and `new` and `gone` are paths; `requests` counts what was asked of the network."""

    at: datetime
    seen: tuple[IndexSeen, ...]
    pages: int
    new: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]
    failed: tuple[Failed, ...]
    requests: int
    bytes: int
    seconds: float
    simulated: bool

    @property
    def found(self) -> bool:
        """Whether there was an index at all."""
        return self.pages > 0


Event = IndexFound | Progress | Updated


@dataclass(slots=True)
class Course:
    """What one update has done so far.

    `known` are the paths of which a text was here before it began, `kept` those of which it brought news.
    """

    services: Services
    locale: str
    at: datetime
    started: float = field(default_factory=monotonic)
    known: frozenset[str] = frozenset()
    seen: tuple[IndexSeen, ...] = ()
    listed: tuple[Listed, ...] = ()
    gone: tuple[str, ...] = ()
    kept: set[str] = field(default_factory=set)
    changed: list[str] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)
    requests: int = 0
    bytes: int = 0
    simulated: bool = False

    def count(self, answer: DocText, size: int | None = None) -> None:
        """Take an answer into the account."""
        self.requests += answer.exchange.attempts
        self.bytes += len(answer.text or "") if size is None else size
        self.simulated |= answer.exchange.simulated

    def updated(self) -> Updated:
        """Give what came of it so far."""
        return Updated(
            at=self.at,
            seen=self.seen,
            pages=len(self.listed),
            new=tuple(path for path in self.changed if path not in self.known),
            changed=tuple(path for path in self.changed if path in self.known),
            gone=self.gone,
            failed=tuple(self.failed),
            requests=self.requests,
            bytes=self.bytes,
            seconds=monotonic() - self.started,
            simulated=self.simulated,
        )


async def keep(course: Course, pages: list[Fetched]) -> None:
    """Keep pages that came, at once."""
    course.changed += await asyncio.to_thread(course.services.docs.put_pages, pages, course.at)
    course.kept.update(page.path for page in pages)


def refuse_offline(answers: Iterable[DocText]) -> None:
    """Raise CannotFetch where nothing was asked at all."""
    if all(answer.exchange.failure is Failure.OFFLINE for answer in answers):
        raise CannotFetch("Nothing is fetched while the program is offline. Start it without --offline.")
