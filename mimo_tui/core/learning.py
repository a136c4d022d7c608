"""The catalogue learns: the snapshot, the docs, what hosts answered and the person's own override, merged."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from types import MappingProxyType
from typing import TypeVar

from mimo_tui.core.catalogue import Catalogue, DocIndex, Family, Host, KeyKind, Website
from mimo_tui.core.docs.address import ENGLISH, LOCALES
from mimo_tui.core.evidence import Evidence, Outcome, PageSeen
from mimo_tui.core.facts import Certainty, Claim, Fact, Source, Table
from mimo_tui.core.forms import PROSE, Subject
from mimo_tui.core.known import facts_in, with_facts
from mimo_tui.core.lists import claims_of_lists, list_source
from mimo_tui.core.model import Voice
from mimo_tui.core.override import own_claims, own_source, with_own_hosts
from mimo_tui.core.statements import claims_of_page, page_source
from mimo_tui.core.voices import claims_of_voices, voices_source

Claims = dict[Subject, list[Claim[object]]]


def learn(shipped: Catalogue, evidence: Evidence, override: Table) -> Catalogue:
    """Give what is known now. Pure: the same in gives the same out, in whatever order pages were seen.

    A page that was read speaks for itself: its shipped claims are replaced by what it says now, and what it covers
    and says nothing of is no longer known from it. A page that is gone says nothing any more. One that could not be
    asked or understood leaves what was known. Claims of other sources stay, so that a contradiction is disputed. The
    voices that a host named itself stand before those of the docs. The person's override stands first. Hosts and key
    prefixes are never learned from pages: a key goes where the shipped catalogue or the person says. Raises
    CatalogueError for an override that cannot be used; it names the entry.
    """
    pages = sorted((page for page in evidence.pages if page.area in shipped.areas), key=_order)
    read = [page for page in pages if page.outcome is not Outcome.GONE and page.reading is not None]
    hosts = with_own_hosts(shipped, shipped, override)
    own = own_claims(shipped, override)
    gone = _gone(shipped, pages)
    left = _left(shipped, read, gone)
    live: Claims = {}
    for page in read:
        _add(live, claims_of_page(shipped, page))
    listed = claims_of_lists(hosts, evidence.lists, known=_models(left) | _models(live) | _models(own))
    described = _voices_in((*own.items(), *_each(live), *_each(left)))
    answered = claims_of_voices(hosts, evidence.voices, described)
    claims: Claims = {}
    for part in (own.items(), answered, _each(live), listed, _each(left)):
        _add(claims, part)
    facts = {subject: Fact(_agreed(subject, found)) for subject, found in claims.items()}
    return replace(
        with_facts(_without_gone(hosts, gone), facts),
        sources=MappingProxyType(
            {key: source for key, source in shipped.sources.items() if key not in gone}
            | {source.key: source for source in map(page_source, read)}
            | {source.key: source for source in map(list_source, evidence.lists)}
            | {source.key: source for source in map(voices_source, evidence.voices)}
            | ({own_source(shipped).key: own_source(shipped)} if override else {})
        ),
        areas=MappingProxyType(
            {**shipped.areas, **{page.area: page_source(page) for page in read if page.locale == ENGLISH}}
        ),
    )


def trust(shipped: Catalogue, override: Table) -> Catalogue:
    """Give the shipped catalogue with the person's own facts: what says where a key may go. Raises CatalogueError."""
    return learn(shipped, Evidence(), override) if override else shipped


def _order(page: PageSeen) -> tuple[int, str, str]:
    place = LOCALES.index(page.locale) if page.locale in LOCALES else len(LOCALES)
    return place, page.area, page.path


def _add(claims: Claims, found: Iterable[tuple[Subject, Claim[object]]]) -> None:
    for subject, claim in found:
        claims.setdefault(subject, []).append(claim)


def _each(claims: Claims) -> Iterator[tuple[Subject, Claim[object]]]:
    return ((subject, claim) for subject, found in claims.items() for claim in found)


def _voices_in(claims: Iterable[tuple[Subject, Claim[object]]]) -> dict[str, list[Voice]]:
    """Give the voices of each model as sources describe them, the better source first."""
    found: dict[str, list[Voice]] = {}
    for subject, claim in claims:
        if subject[0] == "models" and subject[2:] == ("voices",) and isinstance(claim.value, tuple):
            voices = (each for each in claim.value if isinstance(each, Voice))
            found.setdefault(subject[1], []).extend(voices)
    return found


def _models(subjects: Iterable[Subject]) -> frozenset[str]:
    """Give the ids that these facts make models of."""
    return frozenset(
        subject[1] for subject in subjects if subject[0] == "models" and subject[2] in ("offered", "retired")
    )


def _agreed(subject: Subject, claims: list[Claim[object]]) -> tuple[Claim[object], ...]:
    """Give the claims of a fact. Of sentences the first one stands: each source words them in its own way."""
    if subject[-1] in PROSE:
        return tuple(claim for claim in claims if claim.value == claims[0].value)
    return tuple(claims)


def _left(shipped: Catalogue, read: Iterable[PageSeen], gone: frozenset[str]) -> Claims:
    """Give the shipped claims that no page has taken back or says anew."""
    speaking = {shipped.areas[page.area].key: _Said(page) for page in read if page.locale == ENGLISH}
    left: Claims = {}
    for subject, fact in facts_in(shipped).items():
        for claim in fact.claims:
            key = claim.source.key
            if key not in gone and not (key in speaking and speaking[key].takes_back(subject, claim)):
                left.setdefault(subject, []).append(claim)
    return left


class _Said:
    """What a page speaks of."""

    def __init__(self, page: PageSeen) -> None:
        reading = page.reading
        self._stated = {one.subject for one in reading.statements} if reading is not None else set()
        self._patterns = tuple(reading.covers) if reading is not None else ()

    def takes_back(self, subject: Subject, claim: Claim[object]) -> bool:
        """Tell whether the page says it anew, or no longer: that a model is not offered, it says by silence."""
        is_silence = subject[-1] == "offered" and claim.value is False and subject not in self._stated
        return self._covers(subject) and not is_silence

    def _covers(self, subject: Subject) -> bool:
        return subject in self._stated or any(
            len(pattern) == len(subject)
            and all(part in ("*", found) for part, found in zip(pattern, subject, strict=True))
            for pattern in self._patterns
        )


def _gone(shipped: Catalogue, pages: Iterable[PageSeen]) -> frozenset[str]:
    """Give the keys of the sources whose page is gone."""
    return frozenset(
        shipped.areas[page.area].key
        for page in pages
        if page.outcome is Outcome.GONE and page.locale == ENGLISH
    )


S = TypeVar("S", Family, Host, KeyKind, Website, DocIndex)


def _without_gone(catalogue: Catalogue, gone: frozenset[str]) -> Catalogue:
    """Give the catalogue whose addresses name no page that is gone.

    They stay: where a key may go, and where to look, the snapshot says, whatever becomes of a page.
    """

    def kept(values: tuple[S, ...]) -> tuple[S, ...]:
        return tuple(
            replace(value, source=_snapshot(catalogue, value.source)) if value.source.key in gone else value
            for value in values
        )

    return replace(
        catalogue,
        families=tuple(replace(family, hosts=kept(family.hosts)) for family in kept(catalogue.families)),
        key_kinds=kept(catalogue.key_kinds),
        websites=kept(catalogue.websites),
        doc_indexes=kept(catalogue.doc_indexes),
    )


def _snapshot(catalogue: Catalogue, gone: Source) -> Source:
    title = f"the catalogue of {catalogue.compiled:%Y-%m-%d}; its page {gone.title} is gone"
    return Source("snapshot", title, "", gone.seen, Certainty.INFERRED)
