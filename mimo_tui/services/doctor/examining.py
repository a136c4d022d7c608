"""Everything that is wrong, in one list: presets, keys, files, and docs against catalogue against `/models`."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from mimo_tui.core.drift import INDEX, Unchecked
from mimo_tui.core.findings import Severity
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.core.verdict import Label
from mimo_tui.services import Services
from mimo_tui.services.doctor import looking
from mimo_tui.services.doctor.complaints import (
    NOT_ASKED,
    PAGES,
    Asked,
    Complaint,
    Examination,
    count,
    in_order,
)
from mimo_tui.services.doctor.looking import verdict_on
from mimo_tui.services.drift import find_drift
from mimo_tui.services.keys.listing import Keys, read_keys
from mimo_tui.services.presets.listing import Listing, list_presets
from mimo_tui.store.docs_cache import CacheProblem, CacheState


def examine(services: Services, asked: Asked = NOT_ASKED) -> Examination:
    """Look at everything that is here. Opens no connection; writes nothing but first sightings, in our own folder.

    `asked` is what came of asking before: evidence for a report.
    """
    listing = list_presets(services)
    keys = read_keys(services, listing)
    drift = find_drift(services)
    complaints = in_order(
        (
            *looking.of_presets(listing, keys, services),
            *looking.of_keys(keys, services),
            *looking.of_files(listing, keys, services),
            *looking.of_drift(drift.found),
        )
    )
    state = _state(services)
    return Examination(
        at=services.now(),
        complaints=complaints,
        unchecked=tuple(_unchecked(asked, drift.unchecked, keys, state, services)),
        basis=tuple(_basis(services, listing, keys, state)),
        works=tuple(_works(services, listing, keys, state, complaints)),
        simulated=services.simulated or state.simulated or any(each.simulated for each in complaints),
        problem=_problem(listing),
        asked=asked,
    )


def _unchecked(
    asked: Asked, left: Sequence[Unchecked], keys: Keys, state: CacheState, services: Services
) -> Iterator[Unchecked]:
    """Give what was asked in vain and has not been heard of since, then what nothing was there to compare with."""
    since: dict[Clean, datetime | None] = {INDEX: state.checked, PAGES: state.checked}
    for slot in keys.slots:
        check = verdict_on(slot, services)
        since[slot.name] = check.at if check is not None else None
    told = set()
    for each in asked.in_vain:
        heard = since.get(each.subject)
        if heard is None or asked.at is None or heard <= asked.at:
            told.add(each.subject)
            yield each
    yield from (each for each in left if each.subject not in told)


def _problem(listing: Listing) -> Clean:
    hidden = [found.message for found in listing.findings if found.code == "folder-unreadable"]
    return clean(" ".join(hidden)) if hidden and not listing.presets else NOTHING


def _state(services: Services) -> CacheState:
    try:
        return services.docs.state()
    except CacheProblem:
        return CacheState()


def _basis(services: Services, listing: Listing, keys: Keys, state: CacheState) -> Iterator[Clean]:
    places = services.places
    folder = looking.at_home(places.lingtai, places.home)
    held = [f"{_counted(len(listing.presets), 'preset')}", f"{_counted(len(keys.slots), 'slot')} of keys"]
    if listing.agents:
        held.append(_counted(len(listing.agents), "agent"))
    yield clean(f"Lingtai's files as they are now: {', '.join(held)} ({folder}).")
    if state.fetched is not None:
        yield clean(_docs(state, state.fetched))
    lists = services.observations.lists()
    if lists:
        asked = ", ".join(f"{each.host} on {_moment(each.at)}" for each in lists)
        yield clean(f"Hosts that told their models: {asked}.")
    checked = [(slot.name, check.at) for slot in keys.slots if (check := verdict_on(slot, services))]
    if checked:
        told = ", ".join(f"{name} on {_moment(at)}" for name, at in checked)
        yield clean(f"Keys that were checked: {told}.")
    unasked = [
        slot.name
        for slot in keys.slots
        if slot.is_mimo and slot.secret is not None and verdict_on(slot, services) is None
    ]
    if unasked:
        yield clean(f"Keys that were never checked: {', '.join(unasked)}.")
    yield clean(f"Models, prices and limits are known {services.catalogue.provenance()}.")
    if services.simulated:
        yield clean("SIMULATED: the presets and keys are a sample, and the platform is a simulated one.")
    elif state.simulated or any(each.simulated for each in lists):
        yield clean("SIMULATED: some of the docs or answers come from the simulated platform, not from MiMo.")


def _docs(state: CacheState, fetched: datetime) -> str:
    where = f" from {state.found_at}" if state.found_at else ""
    again = state.checked if state.checked not in (None, fetched) else None
    checked = f", asked again on {_moment(again)}" if again is not None else ""
    return f"The docs: {_counted(state.with_text, 'page')}{where}, fetched on {_moment(fetched)}{checked}."


def _works(
    services: Services, listing: Listing, keys: Keys, state: CacheState, complaints: Sequence[Complaint]
) -> Iterator[Clean]:
    accused = {each.preset.reference for each in complaints if each.preset is not None and each.is_wrong}
    good = [view for view in listing.presets if view.reference not in accused]
    if listing.presets:
        yield clean(f"Nothing is wrong with {len(good)} of {_counted(len(listing.presets), 'preset')}.")
    placed = [
        slot.name
        for slot in keys.slots
        if (check := verdict_on(slot, services)) is not None and check.label is Label.BELONGS
    ]
    if placed:
        yield clean(f"Known to work on a host: {', '.join(placed)}.")
    if state.found_at:
        yield clean(f"The index of the docs is found at {state.found_at}.")


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def tally(complaints: Iterable[Complaint]) -> Clean:
    """Say in a few words how much is wrong; empty: nothing."""
    words = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "remark"}
    found = tuple(complaints)
    counts = [
        _counted(number, words[severity]) for severity in Severity if (number := count(found, severity))
    ]
    return clean(", ".join(counts))


def conclusion(examination: Examination) -> Clean:
    """Say in a sentence how much is wrong; nothing is wrong only where all could be checked."""
    if examination.problem:
        return clean(f"Nothing to look at: {examination.problem}")
    counts = tally(examination.complaints)
    if not examination.unchecked:
        return clean(f"{counts or 'Nothing is wrong'}.")
    left = ", ".join(each.subject for each in examination.unchecked)
    return clean(f"{counts or 'Nothing wrong was found'}; not all of it could be checked: {left}.")


def news(before: Examination, after: Examination) -> Clean:
    """Say how much of what was found is new, the same, or there no more."""
    old, new = ({each.id for each in one.complaints} for one in (before, after))
    gone = f", {len(old - new)} gone" if old - new else ""
    return clean(f"{len(new - old)} new, {len(new & old)} same{gone}")
