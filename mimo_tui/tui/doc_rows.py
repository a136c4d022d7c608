"""The index and the hits of a search, as the lists beside a page show them."""

from collections.abc import Iterable, Iterator

from mimo_tui.core.docs.address import CHINESE, ENGLISH
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.services.docs.reading import Contents
from mimo_tui.store.docs_cache import CacheState, Hit, Listed
from mimo_tui.tui.doc_spots import EVERYTHING, MODELS
from mimo_tui.tui.widgets.doc_tree import DocEntry
from mimo_tui.tui.widgets.search_hits import FoundLine

LANGUAGES = {ENGLISH: clean("English"), CHINESE: clean("中文")}
"""What each language calls itself."""


def entries(found: Contents, changed: frozenset[str]) -> tuple[DocEntry, ...]:
    """Give the lines of the tree; `changed` are paths that changed besides those that the index says so of."""
    return tuple(_entries(found, changed))


def _entries(found: Contents, changed: frozenset[str]) -> Iterator[DocEntry]:
    if found.state.with_text:
        yield DocEntry(EVERYTHING, clean("Everything in one page"))
    yield DocEntry(MODELS, clean("Models: what is known"))
    top = min((section.level for section in found.sections if section.level), default=2)
    for number, section in enumerate(found.sections):
        level = max(section.level - top, 0)
        if section.title:
            yield DocEntry(f":section {number}", section.title, level, is_section=True)
        for page in section.pages:
            yield _page(page, level + 1 if section.title else 0, found.state, changed)
    if found.gone:
        yield DocEntry(":gone", clean("No longer in the index"), is_section=True)
        for page in found.gone:
            yield DocEntry(page.path, page.title or clean(page.path), 1, absent=True)


def _page(page: Listed, level: int, state: CacheState, changed: frozenset[str]) -> DocEntry:
    newly = page.changed is not None and state.fetched is not None and page.changed >= state.fetched
    return DocEntry(
        page.path,
        page.title or clean(page.path),
        level,
        changed=newly or page.path in changed,
        absent=page.fetched is None,
    )


def found_lines(hits: Iterable[Hit], locale: str) -> tuple[FoundLine, ...]:
    """Give the lines of a search; a hit in another language than `locale` says so."""
    return tuple(
        FoundLine(
            hit.title,
            hit.heading if hit.heading != hit.title else NOTHING,
            hit.excerpt,
            hit.marks,
            NOTHING if hit.locale == locale else language(hit.locale),
        )
        for hit in hits
    )


def language(locale: str) -> Clean:
    """Give the name of a language as its speakers say it."""
    return LANGUAGES.get(locale) or clean(locale)
