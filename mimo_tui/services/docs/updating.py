"""Fetch the documentation: its index, then all of it or a page, only what changed, and politely."""

import asyncio
from collections.abc import AsyncIterator

from mimo_tui.core.docs.address import ENGLISH
from mimo_tui.core.docs.index import read_index
from mimo_tui.core.evidence import IndexSeen, Outcome
from mimo_tui.core.text import NOTHING, clean
from mimo_tui.services import Services
from mimo_tui.services.docs.course import (
    HERE,
    Course,
    Event,
    Failed,
    IndexFound,
    Progress,
    Updated,
    refuse_offline,
)
from mimo_tui.services.docs.dump import take_dump
from mimo_tui.services.docs.indexing import Address, addresses, listed_pages, translated
from mimo_tui.services.docs.pages import take_pages
from mimo_tui.store.docs_cache import Listed
from mimo_tui.wire.docs import DocText, find_first
from mimo_tui.wire.http import Known

__all__ = ["Event", "Failed", "IndexFound", "Progress", "Updated", "update", "update_page"]


async def update(services: Services, *, locale: str = ENGLISH) -> AsyncIterator[Event]:
    """Fetch all that changed; the last event is Updated. What has come is kept also where it is cancelled.

    Raises CannotFetch while offline, and CacheProblem where it cannot be kept.
    """
    course = Course(services, locale, services.now())
    course.known = await _with_text(course)
    try:
        index = await _find_index(course)
        yield IndexFound(course.seen, len(course.listed))
        if course.listed:
            left = course.listed
            if locale == ENGLISH and index is not None:
                async for event in take_dump(course, index):
                    yield event
                left = tuple(page for page in course.listed if page.path not in course.kept)
            async for event in take_pages(course, left):
                yield event
    finally:
        await asyncio.to_thread(services.knowledge.renew)
    yield course.updated()


async def update_page(services: Services, path: str, *, locale: str = ENGLISH) -> Updated:
    """Fetch one page again. Raises as `update`, and LookupError where the index has no such page."""
    course = Course(services, locale, services.now())
    course.known = await _with_text(course)
    pages = await asyncio.to_thread(services.docs.pages, locale)
    course.listed = tuple(page for page in pages if page.path == path)
    if not course.listed:
        raise LookupError(f"the index has no page {clean(path)}")
    try:
        async for _ in take_pages(course, course.listed):
            pass
    finally:
        await asyncio.to_thread(services.knowledge.renew)
    return course.updated()


async def _with_text(course: Course) -> frozenset[str]:
    pages = await asyncio.to_thread(course.services.docs.pages, course.locale)
    return frozenset(page.path for page in pages if page.fetched is not None)


# The index.


async def _find_index(course: Course) -> Address | None:
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
    refuse_offline(answers)
    course.seen = tuple(_seen(url, answer) for url, answer in zip(urls, answers, strict=False))
    last = answers[-1]
    address = places[len(answers) - 1] if last.outcome in HERE else None
    pages = None
    if last.text is not None and last.outcome in HERE:
        pages = await asyncio.to_thread(pages_of, last.text, last.url)
    await _keep_index(course, pages, before, address, last)
    return address


async def _keep_index(
    course: Course,
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
    found_at = answer.url if answer.outcome in HERE else NOTHING
    exchange = answer.exchange
    return IndexSeen(
        clean(url), answer.outcome, exchange.at, found_at, answer.reason, simulated=exchange.simulated
    )
