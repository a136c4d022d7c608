"""Fetch all pages in one file, and take from it what can be relied on."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from mimo_tui.core.docs.address import ENGLISH, read_address
from mimo_tui.core.docs.dump import DumpPage, split_dump
from mimo_tui.core.docs.index import is_web_page
from mimo_tui.services.docs.course import Course, Event, Progress, keep
from mimo_tui.services.docs.indexing import Address, hosts_with_pages
from mimo_tui.store.docs_cache import Fetched, Listed
from mimo_tui.wire.docs import DocText, Download, download
from mimo_tui.wire.http import Known
from mimo_tui.wire.limits import PAGE, WHOLE_DOCUMENTATION

_KEPT_AT_ONCE: Final = 8


async def take_dump(course: Course, address: Address) -> AsyncIterator[Event]:
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
        await keep(course, [_unchanged(page) for page in same])
        return
    if answer.text is None:
        return
    taken = await asyncio.to_thread(
        _usable, course.listed, answer.text, hosts_with_pages(services, answer.url)
    )
    for start in range(0, len(taken), _KEPT_AT_ONCE):
        part = taken[start : start + _KEPT_AT_ONCE]
        await keep(course, [_from_dump(page, one, answer) for page, one in part])
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
