"""What is known now: the catalogue, learned from all that was seen; made when first asked for, and again when renewed."""

from datetime import datetime
from pathlib import Path
from threading import Lock

from mimo_tui.core import catalogue as catalogues
from mimo_tui.core.catalogue import Catalogue
from mimo_tui.core.docs.address import ENGLISH, LOCALES, DocAddress, read_address, same_page
from mimo_tui.core.docs.page import read_page
from mimo_tui.core.docs.readers import READERS
from mimo_tui.core.evidence import Evidence, Outcome, PageSeen
from mimo_tui.core.facts import CatalogueError
from mimo_tui.core.learning import learn, trust
from mimo_tui.core.text import Clean, clean
from mimo_tui.store import settings
from mimo_tui.store.docs_cache import CacheProblem, DocsCache, Kept, Listed
from mimo_tui.store.observations import Observations
from mimo_tui.store.settings import Settings


class Knowledge:
    """What is known. Every call may come from any thread.

    `shipped` is the snapshot that this program came with, `trusted` that with the person's own facts alone: where a key
    may go is never learned. `problem` says what of the settings or of the docs that are here cannot be used.
    """

    def __init__(self, docs: DocsCache, observations: Observations, settings_file: Path) -> None:
        self.shipped = catalogues.load()
        self._docs = docs
        self._observations = observations
        self._settings_file = settings_file
        self._lock = Lock()
        self._known: Catalogue | None = None
        self._problem = Clean("")
        self.settings, self.trusted = self._trusted()

    @property
    def catalogue(self) -> Catalogue:
        """Give what is known now."""
        with self._lock:
            if self._known is None:
                self._known = self._learned()
            return self._known

    @property
    def problem(self) -> Clean:
        """Give a sentence on what cannot be used; empty: all can."""
        return self._problem or self.settings.problem

    def renew(self) -> None:
        """Note that something new was seen, or that the settings changed: it is read when next asked for."""
        with self._lock:
            self._known = None
            self.settings, self.trusted = self._trusted()

    def evidence(self) -> Evidence:
        """Give all that was seen. Raises CacheProblem."""
        return Evidence(
            indexes=self._docs.state().indexes,
            pages=pages_seen(self._docs, self.shipped),
            lists=self._observations.lists(),
            calls=self._observations.calls(),
        )

    def _trusted(self) -> tuple[Settings, Catalogue]:
        found = settings.load(self._settings_file)
        try:
            return found, trust(self.shipped, found.facts)
        except CatalogueError as error:
            problem = clean(f"{self._settings_file.name} is not used: {error}")
            return Settings(problem=problem), self.shipped

    def _learned(self) -> Catalogue:
        self._problem = Clean("")
        try:
            evidence = self.evidence()
        except CacheProblem as problem:
            self._problem = clean(str(problem))
            evidence = Evidence(lists=self._observations.lists(), calls=self._observations.calls())
        return learn(self.shipped, evidence, self.settings.facts)


def pages_seen(docs: DocsCache, shipped: Catalogue) -> tuple[PageSeen, ...]:
    """Give each page that states facts, as it was last read, in each language that is here. Raises CacheProblem.

    An English page that the index does not list is gone; Chinese ones were never all there.
    """
    hosts = frozenset(site.host for site in shipped.websites)
    state = docs.state()
    seen = []
    for locale in LOCALES:
        listed = {page.path: page for page in docs.pages(locale)}
        here = tuple(path for path, page in listed.items() if page.outcome is not Outcome.GONE)
        for area in READERS:
            expected = read_address(shipped.areas[area].url, hosts)
            if expected is None:
                continue
            page = listed.get(same_page(expected.path, here) or expected.path)
            if page is not None and page.checked is not None:
                seen.append(_seen(area, page, page.checked, docs.page(page.path, locale)))
            elif page is None and locale == ENGLISH and state.fetched is not None:
                title = clean(shipped.areas[area].title)
                seen.append(_gone(area, expected, title, state.fetched, simulated=state.simulated))
    return tuple(seen)


def _seen(area: str, page: Listed, checked: datetime, kept: Kept | None) -> PageSeen:
    text = kept.text if kept is not None and page.outcome is not Outcome.GONE else None
    found = read_page(text) if text is not None else None
    # What was read once stays read, also where the site did not answer the last time.
    return PageSeen(
        area=area,
        path=page.path,
        locale=page.locale,
        url=page.url,
        title=page.title,
        outcome=page.outcome if found is None else Outcome.FOUND,
        fetched=page.fetched or checked,
        checked=checked,
        digest=kept.digest if kept is not None else "",
        page=found,
        reading=READERS[area](found) if found is not None else None,
        simulated=kept is not None and kept.simulated,
    )


def _gone(area: str, page: DocAddress, title: Clean, at: datetime, *, simulated: bool) -> PageSeen:
    url = clean(page.page_url)
    return PageSeen(area, page.path, page.locale, url, title, Outcome.GONE, at, at, simulated=simulated)
