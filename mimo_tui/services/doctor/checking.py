"""The doctor asks first: the docs are fetched and every key of MiMo is checked, then everything is looked at."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from mimo_tui.core.catalogue import Family
from mimo_tui.core.drift import INDEX, Unchecked
from mimo_tui.core.evidence import Outcome
from mimo_tui.core.text import Clean, clean
from mimo_tui.core.verdict import Reading, place
from mimo_tui.services import Services
from mimo_tui.services.docs import updating
from mimo_tui.services.doctor.complaints import PAGES, Asked, Examination
from mimo_tui.services.doctor.examining import examine
from mimo_tui.services.keys.checking import CannotCheck, Check, Offline, check_key, family_of, remember
from mimo_tui.services.keys.listing import list_keys
from mimo_tui.store.atomic import SaveFailed
from mimo_tui.store.docs_cache import CacheProblem

_NAMED: Final = 3
_AGAIN: Final = "`mimo-tui docs update` asks again."


@dataclass(frozen=True, slots=True)
class Asking:
    """The hosts of that family are being asked about the key of the slot: `number` of `total`."""

    slot: Clean
    family: Family
    number: int
    total: int


@dataclass(frozen=True, slots=True)
class NotChecked:
    """The docs or a slot's key could not be checked, or what was found could not be kept, and why."""

    subject: Clean
    reason: Clean


Event: TypeAlias = updating.Event | Asking | Check | NotChecked | Examination


async def check_now(services: Services) -> AsyncIterator[Event]:
    """Fetch the docs, check each key of MiMo that needs no further consent, and examine: the last event.

    What came before it was cancelled is kept. Raises NothingSent while offline.
    """
    checks: list[Check] = []
    in_vain: list[Unchecked] = []
    answers = 0
    async for update in _docs(services):
        if isinstance(update, NotChecked):
            in_vain.append(Unchecked(update.subject, update.reason))
        elif isinstance(update, updating.Updated):
            answers += _is_answered(update)
            in_vain += _missing(update)
        yield update
    slots = await asyncio.to_thread(list_keys, services)
    wanted = [slot for slot in slots if slot.is_mimo and slot.secret is not None]
    for number, slot in enumerate(wanted, start=1):
        try:
            family = family_of(services, slot)
            yield Asking(slot.name, family, number, len(wanted))
            check = await check_key(services, slot, family)
        except Offline:
            raise
        except CannotCheck as problem:
            in_vain.append(Unchecked(slot.name, clean(problem.told)))
            yield NotChecked(slot.name, clean(problem.told))
            continue
        checks.append(check)
        if all(probe.reading is Reading.UNREACHABLE for probe in check.probes):
            in_vain.append(Unchecked(slot.name, clean(" ".join(probe.meaning for probe in check.probes))))
        else:
            answers += 1
        yield check
        if (problem_kept := await _kept(services, check)) is not None:
            yield problem_kept
    asked = Asked(services.now(), tuple(checks), tuple(in_vain), answers)
    yield await asyncio.to_thread(_examined, services, asked)


def told(event: Event) -> Clean:
    """Say in a line how far it has come."""
    match event:
        case updating.IndexFound(pages=0):
            return clean("No index of the docs was found.")
        case updating.IndexFound():
            return clean(f"The index of the docs names {event.pages} pages.")
        case updating.Progress(total=0):
            return clean(f"Fetching the docs: {event.bytes // 1000:,} KB.")
        case updating.Progress():
            return clean(f"Fetching the docs: {event.done} of {event.total} pages.")
        case updating.Updated() if missing := _missing(event):
            return clean(f"{missing[0].subject}: {missing[0].reason}")
        case updating.Updated():
            new = len(event.changed) + len(event.new)
            return clean(f"The docs are here: {event.pages} pages, {new} of them changed or new.")
        case Asking():
            hosts = ", ".join(place(host) for host in event.family.hosts)
            return clean(f"Asking {hosts} about {event.slot} ({event.number} of {event.total}) …")
        case Check():
            return clean(f"{event.slot}: {event.verdict.title}.")
        case NotChecked():
            return clean(f"{event.subject}: {event.reason}")
        case Examination():
            return clean("Everything was looked at.")


async def _docs(services: Services) -> AsyncIterator[updating.Event | NotChecked]:
    try:
        async for update in updating.update(services):
            yield update
    except CacheProblem as problem:
        yield NotChecked(clean("the docs"), clean(str(problem)))


def _missing(update: updating.Updated) -> tuple[Unchecked, ...]:
    """Give what of the docs was asked for in vain, and why; a page that the site says is gone is an answer."""
    if not update.found:
        seen = "; ".join(
            f"{one.url} gave {one.outcome}{f' ({one.reason})' if one.reason else ''}" for one in update.seen
        )
        return (Unchecked(INDEX, clean(f"{seen}. {_AGAIN}")),)
    failed = _silent(update)
    if not failed:
        return ()
    named = ", ".join(one.path for one in failed[:_NAMED])
    more = f" and {len(failed) - _NAMED} more" if len(failed) > _NAMED else ""
    why = f"{failed[0].outcome}{f' ({failed[0].reason})' if failed[0].reason else ''}"
    told = f"{len(failed)} of {update.pages} did not come, {named}{more}: {why}. {_AGAIN}"
    return (Unchecked(PAGES, clean(told)),)


def _is_answered(update: updating.Updated) -> bool:
    if not update.found:
        return any(one.outcome is not Outcome.UNREACHABLE for one in update.seen)
    return len(_silent(update)) < update.pages


def _silent(update: updating.Updated) -> tuple[updating.Failed, ...]:
    return tuple(one for one in update.failed if one.outcome is not Outcome.GONE)


async def _kept(services: Services, check: Check) -> NotChecked | None:
    try:
        await asyncio.to_thread(remember, services, check)
    except SaveFailed as failure:
        return NotChecked(check.slot, clean(f"the verdict is not kept: {failure}"))
    return None


def _examined(services: Services, asked: Asked) -> Examination:
    services.knowledge.renew()
    return examine(services, asked)
