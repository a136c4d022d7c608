"""What the pages of the docs no longer say: a fact, a thing with all its facts, or a page as a whole."""

from collections.abc import Iterator

from mimo_tui.core.catalogue import Catalogue, Status
from mimo_tui.core.docs.readers import Subject
from mimo_tui.core.drift import remedies
from mimo_tui.core.drift.held import Held, thing_of
from mimo_tui.core.drift.kinds import Discrepancy, Signal
from mimo_tui.core.drift.words import fact_words, key_of, page_words, short, signal_of, subject_words
from mimo_tui.core.evidence import PageSeen
from mimo_tui.core.facts import Fact, Source
from mimo_tui.core.findings import Severity
from mimo_tui.core.subjects import Value
from mimo_tui.core.text import NOTHING, clean


def vanished(held: Held, page: PageSeen) -> Iterator[Discrepancy]:
    """Give what the catalogue has from this page, and the page no longer says."""
    area = held.expected.areas.get(page.area)
    if page.reading is None or area is None:
        return
    stated = {statement.subject for statement in page.reading.statements}
    things = {thing_of(subject) for subject in stated}
    missing: dict[Subject, tuple[Subject, ...]] = {}
    for subject, fact in held.facts.items():
        if subject in stated or not _is_stated(fact, area) or not _is_covered(subject, page):
            continue
        if _is_over(held, subject):
            continue
        thing = thing_of(subject)
        gone = thing if thing not in things else subject
        missing[gone] = (*missing.get(gone, ()), subject)
    for gone, subjects in missing.items():
        yield _gone(held, page, gone, subjects)


def _gone(held: Held, page: PageSeen, gone: Subject, subjects: tuple[Subject, ...]) -> Discrepancy:
    signals = {signal_of(subject) for subject in subjects}
    signal = signals.pop() if len(signals) == 1 else Signal.DOCS
    fact = held.facts[subjects[0]]
    old = fact_words(fact) if len(subjects) == 1 else short(gone[-1])
    message = f"The page {page.title} no longer says anything of {subject_words(gone)}."
    return Discrepancy(
        key=key_of(signal, (page.area, *gone), "", simulated=page.simulated),
        signal=signal,
        severity=Severity.WARNING,
        subject=subject_words(gone),
        message=short(message),
        old=old,
        new=NOTHING,
        expected_from=short(str(fact.source)),
        seen_in=page_words(page),
        url=page.url,
        quote=NOTHING,
        remedy=remedies.for_gone(signal),
        at=page.fetched,
        simulated=page.simulated,
    )


def page_gone(expected: Catalogue, page: PageSeen) -> Discrepancy:
    """Tell that a page is not there any more."""
    source = expected.areas.get(page.area)
    return Discrepancy(
        key=key_of(Signal.DOCS, ("page", page.area), "", simulated=page.simulated),
        signal=Signal.DOCS,
        severity=Severity.WARNING,
        subject=short(f"the page {page.title}"),
        message=short(f"The page {page.title} is gone from the docs, so that nothing is known from it."),
        old=page.url,
        new=NOTHING,
        expected_from=short(str(source)) if source is not None else NOTHING,
        seen_in=short(f"{page.url} (asked {page.checked:%Y-%m-%d}{', SIMULATED' if page.simulated else ''})"),
        url=page.url,
        quote=NOTHING,
        remedy=clean("Search the docs for what it said: `mimo-tui docs search`."),
        at=page.checked,
        simulated=page.simulated,
    )


def _is_over(held: Held, subject: Subject) -> bool:
    """Tell whether it is of a model that is retired by now, whose rows may go."""
    return subject[0] == "models" and held.documented.status(subject[1], held.at) is Status.RETIRED


def _is_stated(fact: Fact[Value], area: Source) -> bool:
    """Tell whether the catalogue has it from that page, and not as a no, which silence says as well."""
    return any(
        (claim.source.key == area.key or claim.source.url == area.url) and claim.value is not False
        for claim in fact.claims
    )


def _is_covered(subject: Subject, page: PageSeen) -> bool:
    covers = page.reading.covers if page.reading is not None else frozenset()
    return any(
        len(pattern) == len(subject)
        and all(part in ("*", name) for part, name in zip(pattern, subject, strict=True))
        for pattern in covers
    )
