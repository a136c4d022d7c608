"""Fetch the documentation: its index, then all of it or a page, only what changed, and politely."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import Final

from mimo_tui.core.docs.address import ENGLISH, read_address
from mimo_tui.core.docs.dump import DumpPage, split_dump
from mimo_tui.core.docs.index import is_web_page, read_index
from mimo_tui.core.evidence import IndexSeen, Outcome
from mimo_tui.core.exchange import Failure
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.services import Services
from mimo_tui.services.docs.indexing import Address, addresses, hosts_with_pages, listed_pages, translated
from mimo_tui.services.refusals import CannotFetch
from mimo_tui.store.docs_cache import Fetched, Listed
from mimo_tui.wire.docs import DocText, Download, download, fetch_text, find_first
from mimo_tui.wire.http import Known
from mimo_tui.wire.limits import PAGE, WHOLE_DOCUMENTATION

AT_ONCE: Final = 4
"""Pages that are asked for at the same time."""

_KEPT_AT_ONCE: Final = 8
_HERE: Final = (Outcome.FOUND, Outcome.MOVED)


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
class _Course:
    """What one update has done so far. `known` are the paths of which a text was here before it
    began, `kept` those of which it brought news.
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


async def update(services: Services, *, locale: str = ENGLISH) -> AsyncIterator[Event]:
    """Fetch all that changed; the last event is Updated. What has come is kept also where it is cancelled.

    Raises CannotFetch while offline, and CacheProblem where it cannot be kept.
    """
    course = _Course(services, locale, services.now())
    course.known = await _with_text(course)
    try:
        index = await _find_index(course)
        yield IndexFound(course.seen, len(course.listed))
        if course.listed:
            left = course.listed
            if locale == ENGLISH and index is not None:
                async for event in _take_dump(course, index):
                    yield event
                left = tuple(page for page in course.listed if page.path not in course.kept)
            async for event in _take_pages(course, left):
                yield event
    finally:
        await asyncio.to_thread(services.knowledge.renew)
    yield course.updated()


async def update_page(services: Services, path: str, *, locale: str = ENGLISH) -> Updated:
    """Fetch one page again. Raises as `update`, and LookupError where the index has no such page."""
    course = _Course(services, locale, services.now())
    course.known = await _with_text(course)
    pages = await asyncio.to_thread(services.docs.pages, locale)
    course.listed = tuple(page for page in pages if page.path == path)
    if not course.listed:
        raise LookupError(f"the index has no page {clean(path)}")
    try:
        async for _ in _take_pages(course, course.listed):
            pass
    finally:
        await asyncio.to_thread(services.knowledge.renew)
    return course.updated()


async def _with_text(course: _Course) -> frozenset[str]:
    pages = await asyncio.to_thread(course.services.docs.pages, course.locale)
    return frozenset(page.path for page in pages if page.fetched is not None)


# The index.


async def _find_index(course: _Course) -> Address | None:
    """Find the index and keep it; gives its address, None: there is none."""
    services = course.services
    places = addresses(services)
    before = await asyncio.to_thread(services.docs.pages, ENGLISH)
    urls = [address.url for address in places]
    state = await asyncio.to_thread(services.docs.state)
    known = Known()
    # Marks are of one address: what is unchanged there need not be what is here.
    if before and urls and [seen.url for seen in state.indexes if seen.found_at] == urls[:1]:
        known = Known(*await asyncio.to_thread(services.docs.validators, urls[0]))

    def pages_of(text: str, url: str) -> tuple[Listed, ...] | None:
        index = read_index(text)
        return listed_pages(services, index, url) if index is not None else None

    def has_pages(text: str, url: str) -> bool:
        return bool(pages_of(text, url))

    answers = await find_first(services.client, urls, has_pages, known=known)
    for answer in answers:
        course.count(answer)
    _refuse_offline(answers)
    course.seen = tuple(_seen(url, answer) for url, answer in zip(urls, answers, strict=False))
    last = answers[-1]
    address = places[len(answers) - 1] if last.outcome in _HERE else None
    pages = None
    if last.text is not None and last.outcome in _HERE:
        pages = await asyncio.to_thread(pages_of, last.text, last.url)
    await _keep_index(course, pages, before, address, last)
    return address


async def _keep_index(
    course: _Course,
    pages: tuple[Listed, ...] | None,
    before: tuple[Listed, ...],
    address: Address | None,
    last: DocText,
) -> None:
    docs = course.services.docs
    await asyncio.to_thread(docs.put_index, course.seen, pages, course.at)
    if address is None:
        return
    if last.text is not None:
        await asyncio.to_thread(docs.put_validators, address.url, last.known.etag, last.known.modified)
    still = tuple(page for page in before if page.outcome is not Outcome.GONE)
    english = still if pages is None else pages
    if pages is not None:
        here = {page.path for page in pages}
        course.gone = tuple(page.path for page in still if page.path not in here)
    course.listed = english if course.locale == ENGLISH else translated(english, course.locale)


def _seen(url: str, answer: DocText) -> IndexSeen:
    found_at = answer.url if answer.outcome in _HERE else NOTHING
    exchange = answer.exchange
    return IndexSeen(
        clean(url), answer.outcome, exchange.at, found_at, answer.reason, simulated=exchange.simulated
    )


def _refuse_offline(answers: Iterable[DocText]) -> None:
    if all(answer.exchange.failure is Failure.OFFLINE for answer in answers):
        raise CannotFetch("Nothing is fetched while the program is offline. Start it without --offline.")


# All of it in one file.


async def _take_dump(course: _Course, address: Address) -> AsyncIterator[Event]:
    """Fetch the dump, which saves the site a request for each page, and keep what is in it."""
    services = course.services
    known = Known(*await asyncio.to_thread(services.docs.validators, address.full))
    if not course.known:
        known = Known()
    arrived = 0
    async with download(services.client, address.full, known=known, limits=WHOLE_DOCUMENTATION) as coming:
        async for arrived in coming:
            yield Progress(0, 0, arrived)
    answer = await asyncio.to_thread(Download.text, coming)
    course.count(answer, arrived)
    if answer.unchanged:
        # What it lacked came page by page, and of that it says nothing.
        sources = await asyncio.to_thread(services.docs.sources, course.locale)
        same = [page for page in course.listed if sources.get(page.path) == answer.url]
        await _keep(course, [_unchanged(page) for page in same])
        return
    if answer.text is None:
        return
    taken = await asyncio.to_thread(
        _usable, course.listed, answer.text, hosts_with_pages(services, answer.url)
    )
    for start in range(0, len(taken), _KEPT_AT_ONCE):
        part = taken[start : start + _KEPT_AT_ONCE]
        await _keep(course, [_from_dump(page, one, answer) for page, one in part])
        yield Progress(start + len(part), len(course.listed), course.bytes, part[-1][0].title)
    if taken:
        known = answer.known
        await asyncio.to_thread(services.docs.put_validators, address.full, known.etag, known.modified)


def _usable(listed: tuple[Listed, ...], dump: str, hosts: frozenset[str]) -> list[tuple[Listed, DumpPage]]:
    """Give the pages of the dump that can be relied on, in its order; the others are asked for one by one.

    Not one without text or with too much, not one that it has in two versions, and not the last one of a dump that
    was cut off.
    """
    places = {page.path: place for place, page in enumerate(listed)}
    texts: dict[str, DumpPage | None] = {}
    for page in split_dump(dump):
        path = _path(page, hosts)
        is_text = page.text.strip() and len(page.text) <= PAGE.size and not is_web_page(page.text)
        if path in places and is_text:
            known = texts.setdefault(path, page)
            if known is not None and known.text != page.text:
                texts[path] = None
    last = next(reversed(texts), "")
    if last and places[last] < len(listed) - 1 and places[last] == max(map(places.__getitem__, texts)):
        del texts[last]
    return [(listed[places[path]], page) for path, page in texts.items() if page is not None]


def _path(page: DumpPage, hosts: frozenset[str]) -> str:
    """Give the path of an English page; empty: it is none. A translation goes by the same path."""
    address = read_address(page.url, hosts)
    return address.path if address is not None and address.locale == ENGLISH else ""


def _from_dump(page: Listed, one: DumpPage, answer: DocText) -> Fetched:
    return Fetched(
        page.path, page.locale, page.title, answer.url, one.text, simulated=answer.exchange.simulated
    )


def _unchanged(page: Listed) -> Fetched:
    return Fetched(page.path, page.locale, page.title, page.raw_url, None)


# Page by page.


async def _take_pages(course: _Course, pages: tuple[Listed, ...]) -> AsyncIterator[Event]:
    """Fetch pages, a few at the same time, and keep each as it comes."""
    gate = asyncio.Semaphore(AT_ONCE)
    # A Chinese page need not be there, so that its absence is no news.
    optional = course.locale != ENGLISH

    async def one(page: Listed) -> tuple[Listed, DocText]:
        async with gate:
            kept = await asyncio.to_thread(course.services.docs.page, page.path, page.locale)
            known = Known(kept.etag, kept.modified) if kept is not None else Known()
            return page, await fetch_text(course.services.client, page.raw_url, known=known)

    tasks = [asyncio.create_task(one(page)) for page in pages]
    try:
        for done, coming in enumerate(asyncio.as_completed(tasks), 1):
            page, answer = await coming
            course.count(answer)
            _refuse_offline((answer,))
            if not (optional and answer.outcome is not Outcome.FOUND and page.path not in course.known):
                await _keep_page(course, page, answer, optional=optional)
            yield Progress(done, len(pages), course.bytes, page.title)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _keep_page(course: _Course, page: Listed, answer: DocText, *, optional: bool) -> None:
    if optional and page.path not in course.known:
        await asyncio.to_thread(course.services.docs.put_translation, page)
    fetched = Fetched(
        page.path,
        page.locale,
        page.title,
        answer.url,
        answer.text,
        answer.known.etag,
        answer.known.modified,
        answer.outcome if answer.outcome not in _HERE else Outcome.FOUND,
        simulated=answer.exchange.simulated,
    )
    await _keep(course, [fetched])
    if answer.outcome not in _HERE:
        course.failed.append(Failed(page.path, answer.outcome, answer.reason))


async def _keep(course: _Course, pages: list[Fetched]) -> None:
    course.changed += await asyncio.to_thread(course.services.docs.put_pages, pages, course.at)
    course.kept.update(page.path for page in pages)
