"""Find the page that a person means: by its path or the end of it, its address, its title, or what it is about."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from mimo_tui.core.docs.address import ENGLISH, read_address, same_page
from mimo_tui.core.evidence import Outcome
from mimo_tui.core.secrets import safe
from mimo_tui.core.text import Clean, clean
from mimo_tui.services import Services
from mimo_tui.services.docs.indexing import hosts_with_pages
from mimo_tui.store.docs_cache import Listed


class NoPage(LookupError):
    """No page goes by that name, or no text of it is here; `close` are those that look like it."""

    def __init__(self, name: str, close: tuple[Clean, ...] = (), *, missing_text: bool = False) -> None:
        if missing_text:
            sentence = f"{safe(name)} is in the index, and its text is not here yet: `mimo-tui docs update` fetches it."
        else:
            hint = f"Did you mean {' or '.join(close)}?" if close else "`mimo-tui docs list` shows them all."
            sentence = f"No page is called “{safe(name)}”. {hint}"
        super().__init__(sentence)
        self.name = name
        self.close = close


class AmbiguousPage(LookupError):
    """Several pages go by that name; `candidates` are they."""

    def __init__(self, name: str, candidates: tuple[Listed, ...]) -> None:
        listed = ", ".join(safe(page.path) for page in candidates)
        super().__init__(f"{len(candidates)} pages are called “{safe(name)}”. Say which: {listed}.")
        self.name = name
        self.candidates = candidates


class NoDocs(LookupError):
    """Nothing was fetched yet; the sentence says how to."""


def no_docs(services: Services, locale: str = ENGLISH) -> NoDocs:
    """Give the error that says how the documentation is fetched."""
    if locale != ENGLISH and services.docs.pages(ENGLISH):
        fetching = f"`mimo-tui docs update --lang {safe(locale)}` fetches those that there are"
        return NoDocs(f"No page in {safe(locale)} is here yet: {fetching}.")
    indexes = services.knowledge.trusted.doc_indexes
    place = f" from {urlsplit(indexes[0].url).hostname}" if indexes else ""
    return NoDocs(f"No documentation is here yet: `mimo-tui docs update` fetches it (about 2 MB){place}.")


def find_page(services: Services, name: str, *, locale: str = ENGLISH) -> Listed:
    """Find a page by its path, the end of its path, its address or its title, or by the area that it is the source of.

    An address may say another language than `locale`. Raises NoDocs, NoPage, AmbiguousPage.
    """
    wanted = name.strip()
    address = read_address(wanted, _hosts(services)) if "://" in wanted else None
    if address is not None and f"/{address.locale}/" in wanted:
        locale = address.locale
    pages = services.docs.pages(locale)
    if not pages:
        raise no_docs(services, locale)
    if address is not None:
        wanted = address.path
    here = tuple(page for page in pages if page.outcome is not Outcome.GONE)
    # A translation goes by the title of its original too.
    english = pages if locale == ENGLISH else services.docs.pages(ENGLISH)
    titled = frozenset(page.path for page in english if page.title.casefold() == wanted.casefold())
    for group in (here, pages):
        for test in _tests(services, wanted, group, titled):
            found = tuple(page for page in group if test(page))
            if len(found) > 1:
                raise AmbiguousPage(name, found)
            if found:
                return found[0]
    raise NoPage(name, _close(wanted, pages))


def _tests(
    services: Services, wanted: str, pages: tuple[Listed, ...], titled: frozenset[str]
) -> Iterator[Callable[[Listed], bool]]:
    """Give the ways in which a page may bear a name, the surest first."""
    small = wanted.strip("/").casefold()
    yield lambda page: page.path == wanted
    yield lambda page: page.path.casefold() == small
    if small:
        yield lambda page: page.path.casefold().endswith(f"/{small}")
        yield lambda page: page.title.casefold() == small
        yield lambda page: page.path in titled
    paths = tuple(page.path for page in pages)
    source = services.knowledge.shipped.areas.get(wanted)
    area = read_address(source.url, _hosts(services)) if source is not None else None
    moved = {same_page(path, paths) for path in (area.path if area is not None else "", wanted) if path}
    yield lambda page: page.path in moved


def _hosts(services: Services) -> frozenset[str]:
    """Give the hosts of the documentation: those of the catalogue, and the one that the index came from."""
    return hosts_with_pages(services, services.docs.state().found_at)


def _close(wanted: str, pages: tuple[Listed, ...]) -> tuple[Clean, ...]:
    from difflib import get_close_matches

    small = wanted.casefold()
    names = {
        name.casefold(): page.path
        for page in pages
        for name in (page.path, page.path.rpartition("/")[2], page.title)
    }
    holding = [path for name, path in names.items() if small and small in name]
    alike = [names[name] for name in get_close_matches(small, names, n=3, cutoff=0.6)]
    return tuple(clean(path) for path in dict.fromkeys((*alike, *holding)))[:3]
