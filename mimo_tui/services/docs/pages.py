"""Fetch pages one by one, politely."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Final

from mimo_tui.core.docs.address import ENGLISH
from mimo_tui.core.evidence import Outcome
from mimo_tui.core.text import clean
from mimo_tui.services.docs.course import HERE, Course, Event, Failed, Progress, keep, refuse_offline
from mimo_tui.store.docs_cache import Fetched, Listed
from mimo_tui.wire.docs import DocText, fetch_text
from mimo_tui.wire.http import Known

AT_ONCE: Final = 4
"""Pages that are asked for at the same time."""

GIVE_UP_AFTER: Final = 8
"""Pages in a row without an answer, after which the others are not asked for."""


async def take_pages(course: Course, pages: tuple[Listed, ...]) -> AsyncIterator[Event]:
    """Fetch pages, a few at the same time, and keep each as it comes; a site that is silent is not asked on and on."""
    gate = asyncio.Semaphore(AT_ONCE)
    # A Chinese page need not be there, so that its absence is no news.
    optional = course.locale != ENGLISH

    async def one(page: Listed) -> tuple[Listed, DocText]:
        async with gate:
            kept = await asyncio.to_thread(course.services.docs.page, page.path, page.locale)
            known = Known(kept.etag, kept.modified) if kept is not None else Known()
            return page, await fetch_text(course.services.client, page.raw_url, known=known)

    silent, asked = 0, set[str]()
    tasks = [asyncio.create_task(one(page)) for page in pages]
    try:
        for done, coming in enumerate(asyncio.as_completed(tasks), 1):
            page, answer = await coming
            course.count(answer)
            refuse_offline((answer,))
            asked.add(page.path)
            is_first = optional and page.path not in course.known
            if is_first and answer.outcome in (Outcome.UNREACHABLE, Outcome.UNREADABLE):
                course.failed.append(Failed(page.path, answer.outcome, answer.reason))
            elif not is_first or answer.outcome in HERE:
                await _keep_page(course, page, answer, optional=optional)
            yield Progress(done, len(pages), course.bytes, page.title)
            silent = silent + 1 if answer.outcome is Outcome.UNREACHABLE else 0
            if silent >= GIVE_UP_AFTER and done < len(pages):
                _give_up(course, (page for page in pages if page.path not in asked))
                return
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _keep_page(course: Course, page: Listed, answer: DocText, *, optional: bool) -> None:
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
        answer.outcome if answer.outcome not in HERE else Outcome.FOUND,
        simulated=answer.exchange.simulated,
    )
    await keep(course, [fetched])
    if answer.outcome not in HERE:
        course.failed.append(Failed(page.path, answer.outcome, answer.reason))


def _give_up(course: Course, left: Iterable[Listed]) -> None:
    reason = clean(f"not asked for: the site gave no answer {GIVE_UP_AFTER} times in a row")
    course.failed += [Failed(page.path, Outcome.UNREACHABLE, reason) for page in left]
