"""What is known now: the catalogue, learned from all that was seen; made when first asked for, then when renewed."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import TypeAlias

from mimo_tui.core import catalogue as catalogues
from mimo_tui.core.catalogue import Catalogue
from mimo_tui.core.docs.address import ENGLISH, LOCALES, DocAddress, read_address, same_page
from mimo_tui.core.docs.page import Page, read_page
from mimo_tui.core.docs.readers import READERS, Reading
from mimo_tui.core.evidence import Evidence, Outcome, PageSeen
from mimo_tui.core.facts import CatalogueError
from mimo_tui.core.learning import learn, trust
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.store import settings
from mimo_tui.store.docs_cache import CacheProblem, DocsCache, Kept, Listed
from mimo_tui.store.observations import Observations
from mimo_tui.store.settings import Settings

_Read: TypeAlias = tuple[Page, Reading]


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
        self._learning = Lock()
        self._known: Catalogue | None = None
        self._problem = NOTHING
        self._read: Mapping[tuple[str, str], _Read] = MappingProxyType({})
        self.settings, self.trusted = self._trusted()

    @property
    def catalogue(self) -> Catalogue:
        """Give what is known now. Only the very first time it takes longer than a moment."""
        known = self._known
        if known is None:
            with self._learning:
                known = self._known = self._known or self._learned()
        return known

    @property
    def problem(self) -> Clean:
        """Give a sentence on what cannot be used; empty: all can."""
        return self._problem or self.settings.problem

    def renew(self) -> None:
        """Learn again, since something new was seen or the settings changed. Until then what was known stays known."""
        with self._learning:
            self.settings, self.trusted = self._trusted()
            self._known = self._learned()

    def evidence(self) -> Evidence:
        """Give all that was seen. Raises CacheProblem."""
        return Evidence(
            indexes=self._docs.state().indexes,
            pages=self._pages_seen(),
            lists=self._observations.lists(),
            calls=self._observations.calls(),
            voices=self._observations.voices(),
        )

    def _trusted(self) -> tuple[Settings, Catalogue]:
        found = settings.load(self._settings_file)
        try:
            return found, trust(self.shipped, found.facts)
        except CatalogueError as error:
            problem = clean(f"{self._settings_file.name} is not used: {error}")
            usable = Settings(
                keeps_records=found.keeps_records,
                keeping_unknown=found.keeping_unknown,
                keeps_takes=found.keeps_takes,
                keeping_takes_unknown=found.keeping_takes_unknown,
                takes_megabytes=found.takes_megabytes,
                problem=problem,
            )
            return usable, self.shipped

    def _learned(self) -> Catalogue:
        self._problem = NOTHING
        try:
            evidence = self.evidence()
        except CacheProblem as problem:
            self._problem = clean(str(problem))
            evidence = answers_seen(self._observations)
        return learn(self.shipped, evidence, self.settings.facts)

    def _pages_seen(self) -> tuple[PageSeen, ...]:
        """Give each page that states facts, as it was last read, in each language that is here.

        An English page that the index does not list is gone; Chinese ones were never all there.
        """
        hosts = frozenset(site.host for site in self.shipped.websites)
        state = self._docs.state()
        seen = []
        read: dict[tuple[str, str], _Read] = {}
        for locale in LOCALES:
            listed = {page.path: page for page in self._docs.pages(locale)}
            here = tuple(path for path, page in listed.items() if page.outcome is not Outcome.GONE)
            for area in READERS:
                expected = read_address(self.shipped.areas[area].url, hosts)
                if expected is None:
                    continue
                page = listed.get(same_page(expected.path, here) or expected.path)
                if page is not None and page.checked is not None:
                    kept = self._docs.page(page.path, locale)
                    found = self._reading(area, page, kept)
                    if found is not None and kept is not None:
                        read[area, kept.digest] = found
                    seen.append(_seen(area, page, page.checked, kept, found))
                elif page is None and locale == ENGLISH and state.fetched is not None:
                    title = clean(self.shipped.areas[area].title)
                    seen.append(_gone(area, expected, title, state.fetched, simulated=state.simulated))
        self._read = MappingProxyType(read)
        return tuple(seen)

    def _reading(self, area: str, page: Listed, kept: Kept | None) -> _Read | None:
        """Read a page, unless this very text was read before; None: there is none."""
        if kept is None or page.outcome is Outcome.GONE:
            return None
        known = self._read.get((area, kept.digest))
        if known is not None:
            return known
        found = read_page(kept.text)
        return found, READERS[area](found)


def answers_seen(observations: Observations) -> Evidence:
    """Give what hosts and calls answered, without any page."""
    return Evidence(lists=observations.lists(), calls=observations.calls(), voices=observations.voices())


def _seen(area: str, page: Listed, checked: datetime, kept: Kept | None, read: _Read | None) -> PageSeen:
    found, reading = read if read is not None else (None, None)
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
        reading=reading,
        simulated=kept is not None and kept.simulated,
    )


def _gone(area: str, page: DocAddress, title: Clean, at: datetime, *, simulated: bool) -> PageSeen:
    url = clean(page.page_url)
    return PageSeen(area, page.path, page.locale, url, title, Outcome.GONE, at, at, simulated=simulated)
