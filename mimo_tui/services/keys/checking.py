"""Which cluster a key belongs to: one free question to each host of its family, and what follows for presets."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from mimo_tui.core.catalogue import Family, Host, KeyKind, Surface
from mimo_tui.core.exchange import Exchange, Failure
from mimo_tui.core.secrets import Secret, safe
from mimo_tui.core.text import Clean, clean
from mimo_tui.core.verdict import Probe, Reading, Verdict, judge, meaning, read, rule
from mimo_tui.services import Services
from mimo_tui.services.keys.listing import SlotView
from mimo_tui.services.keys.placing import Misplaced, misplaced_presets, plan_move
from mimo_tui.services.observing import note_lists
from mimo_tui.services.refusals import CannotCheck, Offline
from mimo_tui.store import checks
from mimo_tui.store.checks import Remembered
from mimo_tui.wire.models import list_models

__all__ = [
    "CannotCheck",
    "Check",
    "Misplaced",
    "Offline",
    "check_key",
    "checkable_families",
    "console_page",
    "family_of",
    "misplaced_presets",
    "plan_move",
    "remember",
]

LONGEST = 9.5
"""Seconds after which a host counts as silent: with all that is around it, a check takes at most 10."""


@dataclass(frozen=True, slots=True)
class Check:
    """What a check found. `rule` says what the prefix alone tells; `fingerprint` is the key's, never the key."""

    slot: Clean
    fingerprint: str
    kind: KeyKind | None
    family: Family
    at: datetime
    seconds: float
    rule: Clean
    probes: tuple[Probe, ...]
    verdict: Verdict
    misplaced: tuple[Misplaced, ...]
    simulated: bool


def checkable_families(services: Services) -> tuple[Family, ...]:
    """Give the families whose hosts can tell whose a key is: those whose keys have a form, and that converse."""
    return tuple(each for each in services.catalogue.families if each.realtime and each.key_prefixes)


def family_of(services: Services, slot: SlotView, family: str | None = None) -> Family:
    """Give the family whose hosts are asked, by the key's prefix and by who uses the slot.

    A key is sent to MiMo's hosts only where it is meant for them: a slot that only presets of other providers use,
    or a key of no known kind, needs `family` (an id of the catalogue). Raises CannotCheck.
    """
    known = checkable_families(services)
    if slot.secret is None:
        reason = f" ({slot.disagreement})" if slot.disagreement is not None else ""
        raise CannotCheck(
            f"{slot.name} holds no key that an agent finds{reason}; `mimo-tui keys set {slot.name}` sets one."
        )
    if family is not None:
        chosen = next((each for each in known if each.id == family), None)
        if chosen is None:
            raise CannotCheck(
                f"There are no clusters to ask in the family “{safe(family)}”.", known, slot.name
            )
        return chosen
    kind = slot.kind
    if kind is None:
        raise CannotCheck(slot.rule or rule(None, services.catalogue), known, slot.name)
    families = tuple(each for each in known if each.id in kind.families)
    if not slot.is_mimo:
        raise CannotCheck(f"{_why_not(slot)} It goes to MiMo only if you say so.", families, slot.name)
    if len(families) != 1:
        raise CannotCheck(f"{kind.prefix} keys work on several kinds of hosts.", families, slot.name)
    return families[0]


async def check_key(
    services: Services,
    slot: SlotView,
    family: Family,
    *,
    answered: Callable[[Probe], None] = lambda _: None,
) -> Check:
    """Ask every host of the family at once, by one free `GET /models` each, and give the verdict.

    `answered` is called with each probe as it comes. Takes at most 10 s; cancelling ends it at once. What the
    hosts list is kept in our own state folder, and nothing else written. Raises CannotCheck where the slot holds no
    key, or offline.
    """
    secret = slot.secret
    if secret is None:
        raise CannotCheck(f"{slot.name} holds no key.")
    started, moment = monotonic(), services.now()

    async def ask(host: Host) -> Probe:
        probe = await _probe(services, secret, family, host)
        if probe.exchange.failure is not Failure.OFFLINE:
            answered(probe)
        return probe

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(ask(host)) for host in family.hosts]
    probes = tuple(task.result() for task in tasks)
    if all(probe.exchange.failure is Failure.OFFLINE for probe in probes):
        raise Offline(
            "Nothing was sent: the program is offline. Start it without --offline to ask the hosts."
        )
    await note_lists(services, ((probe.exchange, probe.models) for probe in probes))
    verdict = judge(slot.kind, family, probes, console=console_page(services, family))
    return Check(
        slot=slot.name,
        fingerprint=secret.fingerprint,
        kind=slot.kind,
        family=family,
        at=moment,
        seconds=monotonic() - started,
        rule=slot.rule or rule(slot.kind, services.catalogue),
        probes=probes,
        verdict=verdict,
        misplaced=tuple(misplaced_presets(services, verdict, slot)),
        simulated=any(probe.exchange.simulated for probe in probes),
    )


def remember(services: Services, check: Check) -> None:
    """Keep the verdict for the list, in our own state folder: by the key's fingerprint, without the key.

    A check that reached no host teaches nothing, so an earlier verdict stays. Raises SaveFailed.
    """
    verdict, host = check.verdict, check.verdict.host
    reached = any(probe.reading is not Reading.UNREACHABLE for probe in check.probes)
    if not reached and check.fingerprint in checks.load(services.places.checks).checks:
        return
    kept = Remembered(
        verdict.label,
        verdict.title,
        clean(check.family.id),
        clean(host.name if host is not None else ""),
        clean(host.cluster if host is not None else ""),
        check.at,
        check.simulated,
    )
    checks.remember(services.places.checks, check.fingerprint, kept)


def console_page(services: Services, family: Family) -> str:
    """Give the address of the console's page that names a key's host: of a plan its own page, else the console."""
    from urllib.parse import urlsplit

    fact = services.catalogue.facts.get("plan_page")
    if fact is None:
        return ""
    page = str(fact.value)
    return page if family.plan else f"https://{urlsplit(page).netloc}"


async def _probe(services: Services, secret: Secret, family: Family, host: Host) -> Probe:
    base = family.base(host, Surface.OPENAI) or ""
    moment, started = services.now(), monotonic()
    try:
        async with asyncio.timeout(LONGEST):
            listed = await list_models(services.client, base, secret)
        exchange, ids = listed.exchange, listed.ids
    except TimeoutError:
        exchange, ids = _silence(host, base, moment, monotonic() - started), None
    reading = read(exchange, ids)
    return Probe(host, base, exchange, reading, meaning(host, exchange, reading, ids or ()), ids or ())


def _silence(host: Host, base: str, moment: datetime, seconds: float) -> Exchange:
    url, reason = clean(f"{base}/models"), clean(f"no whole answer within {seconds:.1f} s")
    return Exchange("GET", url, clean(host.name), moment, seconds, failure=Failure.TIME_OUT, reason=reason)


def _why_not(slot: SlotView) -> str:
    if not slot.presets:
        return f"No preset of MiMo uses {slot.name}, and its name does not say that its key is for MiMo."
    hosts = dict.fromkeys(
        user.endpoint.host if user.endpoint and user.endpoint.host else user.preset.provider
        for user in slot.presets
        if user.preset is not None
    )
    return f"{slot.name} is used only for others than MiMo ({safe(', '.join(hosts))})."
