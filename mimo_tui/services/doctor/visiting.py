"""The pages that are here to be read about a complaint, and where on them its evidence stands. Opens no connection."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias

from mimo_tui.core.docs.address import LOCALES
from mimo_tui.core.docs.quoted import find_quote
from mimo_tui.services import Services
from mimo_tui.services.docs.reading import show
from mimo_tui.store.docs_cache import CacheProblem

PagesHere: TypeAlias = Mapping[str, tuple[str, str]]
"""Path and locale of each page of which a text is here, by its address for people."""


def pages_here(services: Services) -> PagesHere:
    """Give the pages that can be opened; none where the docs cannot be read. Blocks."""
    try:
        listed = [page for locale in LOCALES for page in services.docs.pages(locale)]
    except CacheProblem:
        return MappingProxyType({})
    here = {str(page.url): (page.path, page.locale) for page in listed if page.fetched is not None}
    return MappingProxyType(here)


def place_of(services: Services, path: str, locale: str, quote: str) -> tuple[str, str]:
    """Give the anchor and a word by which the quote is found on the page; both empty: it is not there. Blocks."""
    try:
        shown = show(services, path, locale=locale)
    except (LookupError, CacheProblem):  # opening the page says it
        return "", ""
    return find_quote(shown.markdown, quote) or ("", "")
