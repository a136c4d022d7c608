"""The index and the hits of a search, as the lists beside a page show them."""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from mimo_tui.core.docs.address import CHINESE, ENGLISH
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.services.docs.reading import Contents
from mimo_tui.store.docs_cache import Hit, Listed
from mimo_tui.tui.doc_spots import EVERYTHING, MODELS
from mimo_tui.tui.widgets.doc_tree import DocEntry
from mimo_tui.tui.widgets.search_hits import FoundLine

LANGUAGES = {ENGLISH: clean("English"), CHINESE: clean("中文")}
"""What each language calls itself."""


PageName: TypeAlias = tuple[str, str]
"""Path and language of a page."""


def entries(
    found: Contents, new: frozenset[PageName] = frozenset(), opened: frozenset[PageName] = frozenset()
) -> tuple[DocEntry, ...]:
    """Give the lines of the tree. Marked are the pages whose text came out different when it was last asked for.

    So are those that are `new`; not those that were `opened` since.
    """
    return tuple(_entries(found, new, opened))


def _entries(found: Contents, new: frozenset[PageName], opened: frozenset[PageName]) -> Iterator[DocEntry]:
    if found.state.with_text:
        yield DocEntry(EVERYTHING, clean("Everything in one page"))
    yield DocEntry(MODELS, clean("Models: what is known"))
    top = min((section.level for section in found.sections if section.level), default=2)
    for number, section in enumerate(found.sections):
        level = max(section.level - top, 0)
        if section.title:
            yield DocEntry(f":section {number}", section.title, level, is_section=True)
        for page in section.pages:
            is_marked = (_is_changed(page) or _name(page) in new) and _name(page) not in opened
            yield _page(page, level + 1 if section.title else 0, is_marked=is_marked)
    if found.gone:
        yield DocEntry(":gone", clean("No longer in the index"), is_section=True)
        for page in found.gone:
            yield DocEntry(page.path, page.title or clean(page.path), 1, absent=True)


def _name(page: Listed) -> PageName:
    return page.path, page.locale


def _is_changed(page: Listed) -> bool:
    return page.changed is not None and page.checked is not None and page.changed >= page.checked


def _page(page: Listed, level: int, *, is_marked: bool) -> DocEntry:
    return DocEntry(
        page.path,
        page.title or clean(page.path),
        level,
        changed=is_marked,
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
