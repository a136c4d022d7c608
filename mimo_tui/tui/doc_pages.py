"""Read a page, one of the docs or one of ours, into what the screen shows. Blocks; opens no connection."""

from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import urlsplit

from mimo_tui.core.docs.address import DocAddress, read_address
from mimo_tui.core.docs.page import Markdown
from mimo_tui.core.evidence import Outcome
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.services import Services
from mimo_tui.services.docs import reading
from mimo_tui.services.docs.known import models_page
from mimo_tui.services.docs.reading import NoPage, Shown
from mimo_tui.services.docs.written import escaped, page
from mimo_tui.store.docs_cache import Version
from mimo_tui.tui.doc_rows import language
from mimo_tui.tui.doc_spots import EVERYTHING, MODELS, NOTHING_HERE, Spot
from mimo_tui.tui.widgets.doc_head import Head

SIZE: Final = "about 2 MB"
"""What all of the documentation weighs."""

_BEGINNING: Final = 30_000


@dataclass(frozen=True, slots=True)
class OpenPage:
    """A page that is open. `url` is its address for people, empty: it has none."""

    spot: Spot
    markdown: Markdown = field(repr=False)
    head: Head
    url: str = ""
    digest: str = ""
    versions: tuple[Version, ...] = ()


def read_spot(services: Services, spot: Spot, *, offline: bool = False) -> OpenPage:
    """Read the page of a spot. Raises NoPage, AmbiguousPage, NoDocs and CacheProblem, each a sentence."""
    match spot.path:
        case _ if spot.path == MODELS:
            markdown = models_page(services)
            source = clean(f"written here, {services.catalogue.provenance()}")
            head = Head(markdown.title, source, simulated=services.simulated)
            return OpenPage(spot, markdown, head)
        case _ if spot.path == NOTHING_HERE:
            markdown = nothing_here(services, offline=offline)
            return OpenPage(spot, markdown, Head(markdown.title, simulated=services.simulated))
        case _ if spot.path == EVERYTHING:
            return _opened(spot, reading.show_all(services, locale=spot.locale))
    try:
        shown = reading.show(services, spot.path, locale=spot.locale, digest=spot.digest)
    except NoPage:
        # Links name a page by older addresses too.
        listed = reading.find_page(services, spot.path, locale=spot.locale)
        if listed.path == spot.path:
            raise
        spot = replace(spot, path=listed.path)
        shown = reading.show(services, spot.path, locale=spot.locale, digest=spot.digest)
    return _opened(spot, shown)


def read_beginning(services: Services, spot: Spot) -> OpenPage | None:
    """Read the first pages of everything, of which the whole takes a while; None: the spot is of another page.

    Raises NoDocs and CacheProblem.
    """
    if spot.path != EVERYTHING or spot.anchor or spot.find:
        return None
    return _opened(spot, reading.show_all(services, locale=spot.locale, most=_BEGINNING))


def _opened(spot: Spot, shown: Shown) -> OpenPage:
    note = NOTHING
    if spot.digest and shown.versions and spot.digest != shown.versions[0].digest:
        seen = next((one.seen for one in shown.versions if one.digest == spot.digest), None)
        when = f" of {seen.astimezone():%Y-%m-%d %H:%M}" if seen is not None else ""
        note = clean(f"An old version{when}. h shows the others.")
    elif shown.listed.outcome is Outcome.GONE:
        note = clean("The index has this page no longer.")
    head = Head(shown.markdown.title, shown.source, language(spot.locale), note, shown.simulated)
    return OpenPage(spot, shown.markdown, head, shown.url, shown.digest, shown.versions)


def nothing_here(services: Services, *, offline: bool) -> Markdown:
    """Give the page that is shown while there is no other. Blocks."""
    problem = reading.contents(services).problem
    if problem:
        lines = ["# The documentation cannot be read", "", escaped(problem)]
    else:
        lines = ["# No documentation is here yet", "", *_how_to_fetch(services, offline=offline)]
    lines += [
        "",
        "What this program knows of the models is here already: *Models: what is known* in the index.",
    ]
    return page(lines)


def _how_to_fetch(services: Services, *, offline: bool) -> list[str]:
    if offline:
        return ["The program is offline, so nothing can be fetched: start it without `--offline` to fetch."]
    indexes = services.knowledge.trusted.doc_indexes
    return [
        f"`ctrl+r` fetches it, {SIZE}, from the first of these that answers:",
        "",
        *(f"- `{clean(index.full)}`" for index in indexes),  # they are no pages, so no links
        "",
        "Nothing is fetched before you ask. What came stays here, to be read and searched offline.",
    ]


def not_in_language(locale: str, *, offline: bool) -> Clean:
    """Say that nothing is here in that language, and what to do."""
    fetch = (
        "none is fetched while the program is offline" if offline else "ctrl+r fetches those that there are"
    )
    return clean(f"No page is here in {language(locale)} yet: {fetch}; l goes back.")


def doc_hosts(services: Services, url: str = "") -> frozenset[str]:
    """Give the hosts on which the documentation lies or lay, and that of a page of it."""
    own = urlsplit(url).hostname
    sites = (site.host for site in services.knowledge.trusted.websites)
    return frozenset((*sites, own) if own else sites)


def base_of(services: Services, opened: OpenPage) -> DocAddress:
    """Give the address that links of a page are relative to."""
    found = read_address(opened.url, doc_hosts(services, opened.url)) if opened.url else None
    if found is not None:
        return found
    return DocAddress(services.knowledge.trusted.websites[0].host, opened.spot.path, opened.spot.locale)
