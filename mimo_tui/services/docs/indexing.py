"""Where the index is looked for, and which pages it lists."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urljoin, urlsplit

from mimo_tui.core.docs.address import ENGLISH, DocAddress, read_address
from mimo_tui.core.docs.index import Index
from mimo_tui.core.text import clean
from mimo_tui.services import Services
from mimo_tui.store.docs_cache import Listed

MOST_PAGES: Final = 2000
"""How many pages of an index count, the first ones: each may cost the site a request (`mimo-api.md` §4.5 has 70)."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where an index may be, and the dump that belongs to it."""

    url: str
    full: str


def addresses(services: Services) -> tuple[Address, ...]:
    """Give where the index is looked for: where the person says, then where the catalogue does."""
    own = (Address(url, urljoin(url, "llms-full.txt")) for url in services.knowledge.settings.doc_indexes)
    ours = (Address(one.url, one.full) for one in services.knowledge.trusted.doc_indexes)
    return tuple({one.url: one for one in (*own, *ours)}.values())


def hosts_with_pages(services: Services, url: str) -> frozenset[str]:
    """Give the hosts with pages: those of the catalogue, and the one that the index came from."""
    own = _host_of(url)
    sites = (site.host for site in services.knowledge.trusted.websites)
    return frozenset((*sites, own) if own else sites)


def listed_pages(services: Services, index: Index, found_at: str) -> tuple[Listed, ...]:
    """Give the English pages of an index, each once; links to elsewhere are no pages.

    A page that is listed in another language alone is asked for in English all the same.
    """
    hosts = hosts_with_pages(services, found_at)
    pages: dict[str, Listed] = {}
    english: set[str] = set()
    for section in index.sections:
        for entry in section.entries:
            url = _joined(found_at, entry.url)
            found = read_address(url, hosts)
            if (
                len(pages) == MOST_PAGES
                or found is None
                or found.path in english
                or (found.locale != ENGLISH and found.path in pages)
            ):
                continue
            if found.locale == ENGLISH:
                english.add(found.path)
            address = replace(found, locale=ENGLISH)
            raw = url if url.endswith(".md") and found == address else address.raw_url
            pages[address.path] = Listed(
                path=address.path,
                locale=ENGLISH,
                title=entry.title,
                section=section.title,
                level=section.level,
                url=clean(address.page_url),
                raw_url=clean(raw),
                description=entry.description,
            )
    return tuple(pages.values())


def translated(pages: Iterable[Listed], locale: str) -> tuple[Listed, ...]:
    """Give the same pages in another language: the index lists the English ones only (`mimo-api.md` §4.1)."""

    def one(page: Listed) -> Listed:
        hosts = frozenset({_host_of(page.url)})
        english = read_address(page.url, hosts)
        address = (
            replace(english, locale=locale) if english is not None else DocAddress("", page.path, locale)
        )
        return replace(
            page,
            locale=locale,
            url=clean(address.page_url),
            raw_url=clean(address.raw_url),
            fetched=None,
            checked=None,
            changed=None,
        )

    return tuple(one(page) for page in pages)


def _joined(base: str, link: str) -> str:
    try:
        return urljoin(base, link)
    except ValueError:
        return ""


def _host_of(url: str) -> str:
    """Give the host of an address over https, with its port where that is not the usual one."""
    try:
        return urlsplit(url).netloc.lower().removesuffix(":443")
    except ValueError:
        return ""
