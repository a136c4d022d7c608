"""The doctor asks first: the docs are fetched and every key of MiMo is checked, then everything is looked at."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TypeAlias

from mimo_tui.core.catalogue import Family
from mimo_tui.core.drift import Unchecked
from mimo_tui.core.text import Clean, clean
from mimo_tui.core.verdict import place
from mimo_tui.services import Services
from mimo_tui.services.docs import updating
from mimo_tui.services.doctor.complaints import Asked, Examination
from mimo_tui.services.doctor.examining import examine
from mimo_tui.services.keys.checking import CannotCheck, Check, Offline, check_key, family_of, remember
from mimo_tui.services.keys.listing import list_keys
from mimo_tui.store.atomic import SaveFailed
from mimo_tui.store.docs_cache import CacheProblem


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
    async for update in _docs(services):
        if isinstance(update, NotChecked):
            in_vain.append(Unchecked(update.subject, update.reason))
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
            in_vain.append(Unchecked(slot.name, clean(str(problem))))
            yield NotChecked(slot.name, clean(str(problem)))
            continue
        checks.append(check)
        yield check
        if (problem_kept := await _kept(services, check)) is not None:
            yield problem_kept
    yield await asyncio.to_thread(_examined, services, Asked(tuple(checks), tuple(in_vain)))


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


async def _kept(services: Services, check: Check) -> NotChecked | None:
    try:
        await asyncio.to_thread(remember, services, check)
    except SaveFailed as failure:
        return NotChecked(check.slot, clean(f"the verdict is not kept: {failure}"))
    return None


def _examined(services: Services, asked: Asked) -> Examination:
    services.knowledge.renew()
    return examine(services, asked)
