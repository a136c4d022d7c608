"""Which cluster a key belongs to: what each host of its family answered, and what follows from that.

The rules are those of `mimo-api.md` §3.1, §11.3 and §12: a key works on one cluster, another one answers 401, and
the list of models is the free question that tells.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from mimo_tui.core.catalogue import Catalogue, Family, Host, KeyKind, Surface
from mimo_tui.core.exchange import ApiError, Exchange, Failure, read_error
from mimo_tui.core.text import Clean, clean


class Reading(StrEnum):
    """What one answer to `GET /models` says about the key."""

    ACCEPTS = "accepts the key"
    REFUSES = "refuses the key"
    NO_BALANCE = "knows the account: no balance"
    FORBIDS = "forbids this place or account"
    NOT_FOUND = "has no model list"
    MODERATED = "moderation answered"
    LIMITED = "rate or quota limit"
    DOWN = "server error"
    UNREACHABLE = "no answer"
    NOT_THE_API = "not an answer of the API"
    NOT_ASKED = "not asked"


class Label(StrEnum):
    """What is known of a key."""

    BELONGS = "belongs"
    SEVERAL = "several accept"
    WRONG_FAMILY = "wrong family"
    REVOKED = "revoked or unknown"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Probe:
    """One host that was asked, with the evidence. `meaning` says it in a sentence."""

    host: Host
    base: str
    exchange: Exchange
    reading: Reading
    meaning: Clean
    models: tuple[Clean, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """`host` is where the key belongs, with BELONGS only. `grounds` are sentences; `remedy` is what to do next."""

    label: Label
    title: Clean
    host: Host | None
    grounds: tuple[Clean, ...]
    remedy: Clean


def read(exchange: Exchange, models: Sequence[str] | None) -> Reading:
    """Tell what an answer says about the key. `models` are the ids listed; None: it was no model list.

    A refusal is one in the API's own envelope (`mimo-api.md` §12): the 401 of a proxy says nothing about a key, nor
    does a list without models, which the platform never gives.
    """
    if exchange.failure is not None:
        return _BY_FAILURE.get(exchange.failure, Reading.UNREACHABLE)
    status = exchange.status
    if status is None:
        return Reading.UNREACHABLE
    if status >= 500:
        return Reading.DOWN
    if exchange.is_html or status < 200 or 300 <= status < 400:
        return Reading.NOT_THE_API
    error = _envelope(exchange)
    if status < 300:
        return Reading.ACCEPTS if status == 200 and models and error is None else Reading.NOT_THE_API
    if status in (404, 429):
        return _BY_STATUS[status]
    return _BY_STATUS.get(status, Reading.NOT_FOUND) if error is not None else Reading.NOT_THE_API


def meaning(host: Host, exchange: Exchange, reading: Reading, models: Sequence[str] = ()) -> Clean:
    """Say in a sentence what the answer of that host means for the key."""
    name, status = place(host), exchange.status
    match reading:
        case Reading.ACCEPTS:
            return clean(f"{name} takes the key and lists {_counted(len(models), 'model')}.")
        case Reading.REFUSES:
            error = _envelope(exchange)
            said = error.message or error.type if error is not None else ""
            return clean(f"{name} refuses the key{f': “{said}”' if said else ''}.")
        case Reading.UNREACHABLE:
            reason = f", {exchange.reason}" if exchange.reason else ""
            failure = exchange.failure or Failure.RESET
            what = "gave no whole answer" if status is not None else "did not answer"
            return clean(f"{name} {what} ({failure}{reason}), which says nothing about the key.")
        case Reading.NOT_ASKED:
            return clean(
                f"{name} was not asked: {exchange.reason or exchange.failure or 'nothing was sent'}."
            )
        case Reading.NOT_THE_API:
            return clean(f"{name} {_no_answer(exchange)}, which says nothing about the key.")
        case _:
            return clean(f"{name} answered {status}: {_MEANINGS[reading]}.")


def place(host: Host) -> str:
    """Give the short name of a host: its cluster, or its own name where the family has but one."""
    return host.cluster or host.name


def rule(kind: KeyKind | None, catalogue: Catalogue) -> Clean:
    """Say what the prefix alone tells of a key: without asking anybody."""
    if kind is None:
        kinds = sorted(catalogue.key_kinds, key=lambda each: each.prefix)
        known = ", ".join(f"{each.prefix}… {each.title.replace(', ', ' ')}" for each in kinds)
        return clean(f"The key begins like no known kind of MiMo key ({known}), so its form says nothing.")
    families = tuple(each for each in catalogue.families if each.id in kind.families and each.realtime)
    titles = " or ".join(each.title for each in families)
    hosts = [place(host) for each in families for host in each.hosts]
    if len(hosts) < 2:
        return clean(f"{kind.prefix} keys are {titles}: {', '.join(hosts)}.")
    return clean(f"{kind.prefix} keys are of the {titles}: {_either(hosts)}; the prefix does not say which.")


def judge(kind: KeyKind | None, family: Family, probes: Sequence[Probe], *, console: str = "") -> Verdict:
    """Give the verdict: BELONGS only where one host accepts and all others of the family answer 401.

    `console` is the page of the console that names a key's host.
    """
    case = _Case(kind, family, tuple(probes), console)
    accepting, refusing = case.of(Reading.ACCEPTS), case.of(Reading.REFUSES)
    others = {host.name for host in family.hosts} - {probe.host.name for probe in refusing}
    if len(accepting) > 1:
        return _several(case, accepting)
    if len(accepting) == 1 and others == {accepting[0].host.name}:
        return _belongs(case, accepting[0])
    if refusing and not others:
        mistaken = kind is not None and family.id not in kind.families
        return _wrong_family(case) if mistaken else _revoked(case)
    return _undetermined(case)


_BY_FAILURE: Mapping[Failure, Reading] = MappingProxyType(
    {
        Failure.GARBLED: Reading.NOT_THE_API,
        Failure.TOO_LONG: Reading.NOT_THE_API,
        Failure.OFFLINE: Reading.NOT_ASKED,
        Failure.NOT_ALLOWED: Reading.NOT_ASKED,
    }
)

_BY_STATUS: Mapping[int, Reading] = MappingProxyType(
    {
        401: Reading.REFUSES,
        402: Reading.NO_BALANCE,
        403: Reading.FORBIDS,
        404: Reading.NOT_FOUND,
        421: Reading.MODERATED,
        429: Reading.LIMITED,
    }
)

_MEANINGS: Mapping[Reading, str] = MappingProxyType(
    {
        Reading.NO_BALANCE: "it knows the account, which has no balance; that says nothing of other hosts",
        Reading.FORBIDS: "it refuses this place or this account, whatever the key",
        Reading.NOT_FOUND: "it has no list of models there, which says nothing about the key",
        Reading.MODERATED: "its moderation stopped the question, which says nothing about the key",
        Reading.LIMITED: "too many requests, or a quota is used up, which does not say whose key it is",
        Reading.DOWN: "it is out of order, which says nothing about the key",
    }
)

_AGAIN = "Check again later"
_REMEDIES: Mapping[Reading, str] = MappingProxyType(
    {
        Reading.UNREACHABLE: "Check again later, and look at the network",
        Reading.DOWN: _AGAIN,
        Reading.LIMITED: _AGAIN,
        Reading.MODERATED: _AGAIN,
        Reading.NOT_THE_API: "Look whether a proxy or the login page of a network stands in between",
        Reading.FORBIDS: "Check from another network, and look at the account in the console",
        Reading.NO_BALANCE: "Look at the balance in the console",
        Reading.NOT_FOUND: "Look whether the docs still name this host",
        Reading.NOT_ASKED: "Mend what kept the question from being sent",
    }
)


@dataclass(frozen=True, slots=True)
class _Case:
    kind: KeyKind | None
    family: Family
    probes: tuple[Probe, ...]
    console: str

    def of(self, *readings: Reading) -> tuple[Probe, ...]:
        return tuple(probe for probe in self.probes if probe.reading in readings)

    @property
    def meanings(self) -> tuple[Clean, ...]:
        return tuple(probe.meaning for probe in self.probes)

    @property
    def page(self) -> str:
        """Give the words for the page that knows better than any answer."""
        what = "The console's plan page" if self.family.plan else "The console"
        return f"{what} ({self.console})" if self.console else what


def _belongs(case: _Case, probe: Probe) -> Verdict:
    host, family = probe.host, case.family
    grounds = [*case.meanings]
    if len(family.hosts) > 1:
        grounds.append(
            clean("One host takes it and all others refuse it: a key works on one (mimo-api.md §3.1).")
        )
    if not family.key_prefixes:
        grounds.append(
            clean(f"Whether {host.name} looks at the key before it lists its models is not known.")
        )
    if case.kind is not None and family.id not in case.kind.families:
        grounds.append(
            clean(f"Its prefix {case.kind.prefix} says {case.kind.title}, and the host knows better.")
        )
    base = family.base(host, Surface.OPENAI) or probe.base
    where = f" · {host.cluster}" if host.cluster else ""
    title = clean(f"belongs to {family.title}{where}")
    return Verdict(Label.BELONGS, title, host, tuple(grounds), clean(f"Its base URL is {base}"))


def _several(case: _Case, accepting: Sequence[Probe]) -> Verdict:
    names = _all([place(probe.host) for probe in accepting])
    ground = clean("A key is said to work on one cluster only (mimo-api.md §3.1): the platform has changed.")
    remedy = clean(f"{case.page} says which one is assigned; that one is the quickest.")
    return Verdict(
        Label.SEVERAL, clean(f"works on several hosts: {names}"), None, (*case.meanings, ground), remedy
    )


def _wrong_family(case: _Case) -> Verdict:
    kind, family = case.kind, case.family
    named = f"{kind.title} key ({kind.prefix}…)" if kind is not None else "key of another kind"
    ground = clean(f"By its prefix it is a {named}, and the two kinds do not mix (mimo-api.md §3.1, §12).")
    remedy = clean(f"Check it on the hosts of its own kind, and use it there; not on {family.title}.")
    return Verdict(
        Label.WRONG_FAMILY, clean(f"no key of {family.title}"), None, (*case.meanings, ground), remedy
    )


def _revoked(case: _Case) -> Verdict:
    several = len(case.probes) > 1
    grounds = [*case.meanings]
    if several:
        grounds.append(clean(f"No host of {case.family.title} takes it."))
    if case.family.plan:
        grounds.append(
            clean(
                "Under load, plan hosts have refused good keys for a moment (mimo-api.md §12): check it twice."
            )
        )
    remedy = clean(
        f"{case.page} shows whether it is still valid and makes a new one; then set it in its slot."
    )
    return Verdict(
        Label.REVOKED, clean("revoked, mistyped, or of another family"), None, tuple(grounds), remedy
    )


def _undetermined(case: _Case) -> Verdict:
    silent = [probe for probe in case.probes if probe.reading not in (Reading.ACCEPTS, Reading.REFUSES)]
    asked = {probe.host.name for probe in case.probes}
    missing = [host for host in case.family.hosts if host.name not in asked]
    names = _all([*(place(probe.host) for probe in silent), *map(place, missing)])
    accepting = case.of(Reading.ACCEPTS)
    known = (
        f"{place(accepting[0].host)} takes it, but {names} did not say"
        if accepting
        else f"{names} did not say"
    )
    grounds = (*case.meanings, *(clean(f"{place(host)} was not asked.") for host in missing))
    steps = list(dict.fromkeys(_REMEDIES[probe.reading] for probe in silent)) or [_AGAIN]
    remedy = clean(f"{'. '.join(steps)}. {case.page} names the host of the key.")
    return Verdict(Label.UNDETERMINED, clean(f"not certain: {known}"), None, grounds, remedy)


def _envelope(exchange: Exchange) -> ApiError | None:
    """Give the error in the API's envelope, which holds a code or a type; a bare sentence is somebody else's."""
    error = exchange.error or read_error(exchange.body)
    return error if error is not None and (error.code or error.type) else None


def _no_answer(exchange: Exchange) -> str:
    if exchange.location:
        return f"points to {exchange.location}, where a key is never sent"
    if exchange.failure is not None:
        return f"gave no answer of the API ({exchange.failure})"
    what = "a web page" if exchange.is_html else "something that is not of the API"
    return f"answered {exchange.status} with {what}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _all(names: Sequence[str]) -> str:
    return _joined(names, "and")


def _either(names: Sequence[str]) -> str:
    return _joined(names, "or")


def _joined(names: Sequence[str], word: str) -> str:
    return f" {word} ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
