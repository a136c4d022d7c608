"""The simulated platform's documentation, kept as if it had been fetched."""

from collections.abc import Iterable
from datetime import datetime

from mimo_tui.core.docs.address import ENGLISH, DocAddress
from mimo_tui.core.evidence import IndexSeen, Outcome
from mimo_tui.core.text import clean
from mimo_tui.simulator.site.contents import Site
from mimo_tui.store.docs_cache import DocsCache, Fetched, Listed

INDEX = clean("https://mimo.mi.com/llms.txt")


def keep(docs: DocsCache, site: Site, at: datetime, *, only: Iterable[str] = ()) -> None:
    """Keep the site's pages, or `only` those of these paths; translations too."""
    wanted = frozenset(only)
    chosen = [
        (path, section.title, section.level)
        for section in site.sections
        for path in section.paths
        if (ENGLISH, path) in site.pages and (not wanted or path in wanted)
    ]
    seen = IndexSeen(INDEX, Outcome.FOUND, at, INDEX, simulated=True)
    docs.put_index([seen], [_listed(site, ENGLISH, *each) for each in chosen], at)
    pages = [page for (_, path), page in site.pages.items() if path in {path for path, _, _ in chosen}]
    for path, section, level in chosen:
        if ("zh-CN", path) in site.pages:
            docs.put_translation(_listed(site, "zh-CN", path, section, level))
    docs.put_pages(
        [
            Fetched(
                page.path,
                page.locale,
                clean(page.title),
                clean(_address(page.path, page.locale).raw_url),
                page.text,
                simulated=True,
            )
            for page in pages
        ],
        at,
    )


def _address(path: str, locale: str) -> DocAddress:
    return DocAddress("mimo.mi.com", path, locale)


def _listed(site: Site, locale: str, path: str, section: str, level: int) -> Listed:
    address = _address(path, locale)
    title = site.page(path).title
    return Listed(
        path, locale, clean(title), clean(section), level, clean(address.page_url), clean(address.raw_url)
    )
