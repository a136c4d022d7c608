"""What a site of the simulated docs says, as evidence: read as the program reads what it fetched, without a socket."""

from datetime import UTC, datetime
from functools import cache

from mimo_tui.core.catalogue import load
from mimo_tui.core.docs.address import LOCALES, read_address
from mimo_tui.core.docs.page import read_page
from mimo_tui.core.docs.readers import READERS, Reading
from mimo_tui.core.evidence import Evidence, IndexSeen, Outcome, PageSeen
from mimo_tui.core.text import clean
from mimo_tui.simulator.site.contents import Site

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@cache
def _reading(area: str, text: str) -> Reading:
    return READERS[area](read_page(text))


@cache
def _paths() -> dict[str, str]:
    known = load()
    hosts = frozenset(site.host for site in known.websites)
    found = {area: read_address(known.areas[area].url, hosts) for area in READERS}
    return {area: address.path for area, address in found.items() if address is not None}


def evidence_of(site: Site, at: datetime = AT) -> Evidence:
    """Give the index, found where it is expected, and each page of the site that states facts, in each language."""
    known = load()
    pages = []
    for area, path in _paths().items():
        for locale in LOCALES:
            page = site.pages.get((locale, path))
            url = clean(known.areas[area].url.replace("en-US", locale))
            title = clean(known.areas[area].title if page is None else page.title)
            if page is not None:
                reading = _reading(area, page.text)
                pages.append(
                    PageSeen(
                        area, path, locale, url, title, Outcome.FOUND, at, at, page=None, reading=reading
                    )
                )
            elif locale == LOCALES[0]:
                pages.append(PageSeen(area, path, locale, url, title, Outcome.GONE, at, at))
    index = IndexSeen(clean(known.doc_indexes[0].url), Outcome.FOUND, at)
    return Evidence(indexes=(index,), pages=tuple(pages))
