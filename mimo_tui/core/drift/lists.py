"""What the hosts list at `/models`, held against what docs and catalogue offer."""

from collections.abc import Iterator
from datetime import datetime

from mimo_tui.core.catalogue import Catalogue, Family, Model, Status
from mimo_tui.core.drift import remedies
from mimo_tui.core.drift.kinds import Discrepancy, Signal
from mimo_tui.core.drift.words import joined, key_of, short
from mimo_tui.core.evidence import Evidence, ListSeen
from mimo_tui.core.findings import Severity
from mimo_tui.core.text import Clean, clean


def compare(expected: Catalogue, documented: Catalogue, evidence: Evidence) -> Iterator[Discrepancy]:
    """Give the models that hosts list and nobody knows, and those that are offered and no host lists."""
    seen = [
        (family, one) for one in evidence.lists if (family := mimo_family(expected, one.host)) is not None
    ]
    yield from _unknown(expected, documented, [one for _, one in seen])
    yield from _over(documented, [one for _, one in seen])
    for model in documented.models:
        asked = [one for family, one in seen if _serves(family, model)]
        families = [family for family in expected.families if _is_asked(family) and _serves(family, model)]
        complete = all(any(each is family for each, _ in seen) for family in families)
        if families and complete and _should_stand(expected, documented, evidence, model, asked):
            yield _missing(documented, model, asked)


def mimo_family(expected: Catalogue, host: str) -> Family | None:
    """Give the family of a host that converses in MiMo's own name; None: it is none."""
    found = expected.find_host(host)
    return found[0] if found is not None and _is_asked(found[0]) else None


def is_documented_since(expected: Catalogue, evidence: Evidence, model: str, at: datetime) -> bool:
    """Tell whether the docs named it by then: of an id that the catalogue does not know, no other day is known."""
    if expected.model(model) is not None:
        return True
    days = [
        page.fetched
        for page in evidence.pages
        for statement in (page.reading.statements if page.reading is not None else ())
        if statement.subject[:2] == ("models", model)
    ]
    return bool(days) and min(days) <= at


def _is_asked(family: Family) -> bool:
    return family.realtime and bool(family.key_prefixes)


def _serves(family: Family, model: Model) -> bool:
    return not family.plan or (model.token_plan is not None and model.token_plan.value)


def _should_stand(
    expected: Catalogue, documented: Catalogue, evidence: Evidence, model: Model, asked: list[ListSeen]
) -> bool:
    # Limits by contract: whoever has none does not get the model listed either.
    by_contract = model.rpm is None
    return not by_contract and all(
        model.id not in one.ids
        and documented.status(model.id, one.at) is Status.CURRENT
        and is_documented_since(expected, evidence, model.id, one.at)
        for one in asked
    )


def _unknown(expected: Catalogue, documented: Catalogue, seen: list[ListSeen]) -> Iterator[Discrepancy]:
    known = {model.id for model in (*expected.models, *documented.models)}
    for model in dict.fromkeys(each for one in seen for each in one.ids if each not in known):
        lists = [one for one in seen if model in one.ids]
        message = f"{_hosts(lists)} lists {short(model)}, which neither the docs nor the catalogue name."
        yield _discrepancy(documented, model, Severity.INFO, message, Clean(""), short(model), lists)


def _over(documented: Catalogue, seen: list[ListSeen]) -> Iterator[Discrepancy]:
    for model in documented.models:
        lists = [
            one
            for one in seen
            if model.id in one.ids and documented.status(model.id, one.at) is Status.RETIRED
        ]
        if lists and model.retired is not None:
            day = f"{model.retired.value:%Y-%m-%d}"
            message = f"{_hosts(lists)} still lists {short(model.id)}, which was to go offline on {day}."
            yield _discrepancy(
                documented,
                model.id,
                Severity.INFO,
                message,
                clean(f"offline on {day}"),
                clean("listed"),
                lists,
            )


def _missing(documented: Catalogue, model: Model, asked: list[ListSeen]) -> Discrepancy:
    message = f"{short(model.id)} is offered by the docs, but {_hosts(asked)} does not list it."
    old, new = clean("offered"), clean("not listed")
    return _discrepancy(documented, model.id, Severity.WARNING, message, old, new, asked)


def _hosts(lists: list[ListSeen]) -> Clean:
    return short(joined([str(one.host) for one in lists], "and"))


def _discrepancy(
    documented: Catalogue,
    model: str,
    severity: Severity,
    message: str,
    old: Clean,
    new: Clean,
    lists: list[ListSeen],
) -> Discrepancy:
    signal, newest = Signal.CAPABILITY, max(lists, key=lambda one: one.at)
    simulated = any(one.simulated for one in lists)
    known = documented.model(model)
    seen = "; ".join(f"the list of {one.host} (asked {one.at:%Y-%m-%d})" for one in lists)
    return Discrepancy(
        key=key_of(signal, ("lists", model), new, simulated=simulated),
        signal=signal,
        severity=severity,
        subject=short(model),
        message=short(message),
        old=old,
        new=new,
        expected_from=short(str(known.offered.source)) if known is not None else clean(""),
        seen_in=short(f"{seen}{', SIMULATED' if simulated else ''}"),
        url=clean(""),
        quote=short(", ".join(newest.ids)),
        remedy=remedies.for_answer(signal),
        at=newest.at,
        simulated=simulated,
    )
