"""What the pages of the docs say, held against the catalogue, and the languages against each other."""

from collections.abc import Iterator
from datetime import datetime

from mimo_tui.core.catalogue import Catalogue
from mimo_tui.core.docs.address import ENGLISH
from mimo_tui.core.docs.readers import Subject
from mimo_tui.core.drift import remedies
from mimo_tui.core.drift.held import Held, Said, hold, thing_of
from mimo_tui.core.drift.kinds import Discrepancy, Signal, Unchecked
from mimo_tui.core.drift.vanished import page_gone, vanished
from mimo_tui.core.drift.words import (
    fact_words,
    joined,
    key_of,
    page_words,
    shift_words,
    short,
    signal_of,
    subject_words,
    value_words,
)
from mimo_tui.core.evidence import Evidence, Outcome
from mimo_tui.core.facts import Fact
from mimo_tui.core.findings import Severity
from mimo_tui.core.forms import is_id
from mimo_tui.core.subjects import Value, same
from mimo_tui.core.text import NOTHING, Clean

_APPEARING = ("models", "hosts", "key_prefixes", "error_codes")
"""What the catalogue means to know all of. It never named every parameter, so that another one is no news."""

_GOES_OFFLINE = "retired"


def compare(
    expected: Catalogue, documented: Catalogue, evidence: Evidence, at: datetime
) -> Iterator[Discrepancy]:
    """Give what the pages say otherwise than expected. A page that was not asked says what it said last."""
    held = hold(expected, documented, evidence, at)
    for page in evidence.pages:
        if page.outcome is Outcome.GONE and page.locale == ENGLISH:
            yield page_gone(expected, page)
    yield from _different(held)
    yield from _appeared(held)
    for page in evidence.pages:
        if page.locale == ENGLISH:
            yield from vanished(held, page)


def unchecked(evidence: Evidence) -> Iterator[Unchecked]:
    """Say which pages could not be asked or understood."""
    for page in evidence.pages:
        subject = short(f"the page {page.title} ({page.locale})")
        if page.outcome not in (Outcome.FOUND, Outcome.MOVED, Outcome.GONE):
            last = f"; what it said on {page.fetched:%Y-%m-%d} counts" if page.reading is not None else ""
            reason = f"{page.url} gave {page.outcome}{last}. `mimo-tui docs update` asks again."
            yield Unchecked(subject, short(reason))
        elif page.reading is not None and page.reading.problem:
            look = f"Look at it: `mimo-tui docs show {page.area}`."
            reason = f"{page.url} was not all understood: {page.reading.problem}. {look}"
            yield Unchecked(subject, short(reason))


def _different(held: Held) -> Iterator[Discrepancy]:
    """Give each subject that a page says otherwise, all that is said of it in one."""
    for subject, said in held.said.items():
        fact = held.facts.get(subject)
        if fact is None:
            if thing_of(subject) in held.things and any(
                not same(subject, said[0].value, one.value) for one in said
            ):
                yield _contradiction(subject, said)
            continue
        others = tuple(
            one for one in said if not any(same(subject, claim.value, one.value) for claim in fact.claims)
        )
        if others:
            yield _difference(subject, fact, said, others)


def _difference(
    subject: Subject, fact: Fact[Value], said: tuple[Said, ...], others: tuple[Said, ...]
) -> Discrepancy:
    old, new = fact_words(fact), joined(list(dict.fromkeys(value_words(one.value) for one in others)), "or")
    shift = shift_words(fact, [one.value for one in others])
    if shift is not None:
        old, new = shift
    agreeing = [one for one in said if one not in others]
    but = f", but {page_words(agreeing[0].page)} says {value_words(agreeing[0].value)}" if agreeing else ""
    message = f"{subject_words(subject)}: the docs say {new}{but}; expected was {old}."
    signal = signal_of(subject)
    return _discrepancy(subject, others, signal, Severity.WARNING, message, old, short(new), str(fact.source))


def _contradiction(subject: Subject, said: tuple[Said, ...]) -> Discrepancy:
    values = list(dict.fromkeys(value_words(one.value) for one in said))
    message = (
        f"{subject_words(subject)}: the pages of the docs contradict each other: {joined(values, 'and')}."
    )
    return _discrepancy(
        subject, said, signal_of(subject), Severity.INFO, message, NOTHING, short(" / ".join(values)), ""
    )


def _appeared(held: Held) -> Iterator[Discrepancy]:
    """Give what the docs speak of and the catalogue does not know: whole things, and the end of a model."""
    new: dict[Subject, tuple[Said, ...]] = {}
    for subject, said in held.said.items():
        thing = thing_of(subject)
        if thing not in held.things and subject[0] in _APPEARING and not _is_no_news(held, thing):
            new[thing] = (*new.get(thing, ()), *said)
        elif len(subject) == 3 and subject[2] == _GOES_OFFLINE and subject not in held.facts:
            yield _retiring(subject, said)
    for thing, said in new.items():
        yield _newthing_of(thing, said)


def _retiring(subject: Subject, said: tuple[Said, ...]) -> Discrepancy:
    new = value_words(said[0].value)
    message = f"{short(subject[1])} goes offline on {new}, say the docs."
    return _discrepancy(subject, said, Signal.DOCS, Severity.WARNING, message, NOTHING, new, "")


def _newthing_of(thing: Subject, said: tuple[Said, ...]) -> Discrepancy:
    signal = Signal.HOSTS if thing[0] in ("hosts", "key_prefixes") else Signal.DOCS
    name = subject_words(thing)
    severity = Severity.WARNING if signal is Signal.HOSTS else Severity.INFO
    message = f"The docs name {name}, which the catalogue does not know."
    return _discrepancy(thing, said, signal, severity, message, NOTHING, short(thing[-1]), "")


def _discrepancy(
    subject: Subject,
    said: tuple[Said, ...],
    signal: Signal,
    severity: Severity,
    message: str,
    old: Clean,
    new: Clean,
    expected_from: str,
) -> Discrepancy:
    first = said[0]
    pages = list(dict.fromkeys(page_words(one.page) for one in said))
    simulated = any(one.page.simulated for one in said)
    return Discrepancy(
        key=key_of(signal, subject, new, simulated=simulated),
        signal=signal,
        severity=severity,
        subject=subject_words(subject),
        message=short(message),
        old=old,
        new=new,
        expected_from=short(expected_from),
        seen_in=short("; ".join(pages)),
        url=first.page.url,
        quote=short(first.statement.quote),
        remedy=remedies.for_change(signal),
        at=first.page.fetched,
        simulated=simulated,
    )


def _is_no_news(held: Held, thing: Subject) -> bool:
    """Tell whether it is a host of pages, which the pages name all the time, or no id that a model can have."""
    match thing:
        case ("hosts", name):
            return held.expected.is_website(name)
        case ("models", name):
            return not is_id(name)
        case _:
            return False
