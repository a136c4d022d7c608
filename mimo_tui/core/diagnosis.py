"""A failed call: its cause, what to do about it, and whether to try again (`protocol.md`, `mimo-api.md` §12)."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from mimo_tui.core.catalogue import Catalogue, KeyKind, Modality, ModelKind, Status
from mimo_tui.core.endpoints import Endpoint, Fit, host_takes, lint
from mimo_tui.core.exchange import BODY_SHOWN, Exchange, Failure, read_error
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.core.voices import no_voice


class Cause(StrEnum):
    """Why a call failed."""

    KEY_KIND = "key kind"
    CLUSTER = "cluster"
    KEY = "key"
    TRANSIENT = "transient refusal"
    PLUGIN = "web search plugin"
    RETIRED_MODEL = "retired model"
    UNKNOWN_MODEL = "unknown model"
    VOICE = "unknown voice"
    INPUT = "input that the model does not take"
    REASONING = "reasoning not sent back"
    PARAMETER = "parameter"
    BALANCE = "balance"
    QUOTA = "quota"
    RATE = "rate"
    REGION = "region or risk control"
    MODERATION = "moderation"
    BUDGET = "output budget"
    REPETITION = "repetition"
    BROKEN_OFF = "answer broken off"
    PATH = "path"
    SERVER = "server"
    NOT_THE_API = "not the API"
    NETWORK = "network"
    OFFLINE = "offline"
    NOT_ALLOWED = "not allowed"
    UNKNOWN = "unknown"


class Retry(StrEnum):
    """Whether the same request may work another time."""

    NO = "no"
    ONCE = "once"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked: with which kind of key, at which endpoint, of which model, with which media beside text.

    `worked`: the same key was accepted by the same host earlier in this run.
    """

    endpoint: Endpoint
    key_kind: KeyKind | None = None
    model: str = ""
    media: frozenset[Modality] = frozenset()
    worked: bool = False


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """`says` is one sentence for the person, `remedy` what to do, `because` where the rule comes from.

    `successor` is the model that answers in place of a retired one; empty: none is known.
    """

    cause: Cause
    says: Clean
    remedy: Clean
    because: str
    retry: Retry
    successor: str = ""


@dataclass(frozen=True, slots=True)
class _Case:
    exchange: Exchange
    asked: Asked
    catalogue: Catalogue
    at: datetime

    @property
    def words(self) -> str:
        """Give all that the service said, in lower case."""
        error = self.exchange.error or read_error(self.exchange.body)
        said = f"{error.message} {error.detail} {error.type}" if error else self.exchange.body
        return said.lower()

    @property
    def detail(self) -> str:
        """Give the service's own sentence; empty where it gave none."""
        error = self.exchange.error or read_error(self.exchange.body)
        return (error.detail or error.message) if error else ""

    @property
    def host(self) -> str:
        return self.exchange.host or self.asked.endpoint.host


def diagnose(exchange: Exchange, asked: Asked, catalogue: Catalogue, at: datetime) -> Diagnosis | None:
    """Give the diagnosis of a failed call; None: it did not fail.

    An answer of status 200 fails too where its body is an error, no JSON, or was stopped by moderation.
    """
    case = _Case(exchange, asked, catalogue, at)
    if exchange.failure is not None:
        return _unanswered(case, exchange.failure)
    status = exchange.status or 0
    if exchange.is_html or 300 <= status < 400:
        return _another_place(case)
    if status < 300:
        return _answered(case)
    told = next((found for reader in _TOLD if (found := reader(case)) is not None), None)
    return told or _BY_STATUS.get(status, _by_number)(case)


def _answered(case: _Case) -> Diagnosis | None:
    error = case.exchange.error or read_error(case.exchange.body)
    if error is not None:
        told = next((found for reader in _TOLD if (found := reader(case)) is not None), None)
        code = int(error.code) if error.code.isascii() and error.code.isdigit() else 0
        return told or _BY_STATUS.get(code, _by_number)(case)
    if _STOPPED.search(case.exchange.body):
        return _moderated(case)
    if "event-stream" in case.exchange.content_type.lower():
        # What is kept of it as evidence may be a note in its place, and whether it has an end is asked elsewhere.
        return None
    # The body is only the beginning of the answer, so that a whole one may well not parse.
    if not _API.match(case.exchange.body):
        return _another_place(case)
    if case.exchange.body.lstrip().startswith("{") and not _may_parse(case.exchange.body):
        return _another_place(case)
    return None


_API = re.compile(r"\s*(?:[{\[]|(?:data|event|id|retry)?:)")
"""How JSON begins, and how a stream of events does (WHATWG HTML, "Server-sent events")."""

_STOPPED = re.compile(r'"(?:finish|stop)_reason"\s*:\s*"content_filter"')


def _may_parse(text: str) -> bool:
    """Whether the text is JSON, or the beginning of an answer that is longer than what is kept of it."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return len(text) >= BODY_SHOWN
    return True


_VOICES_NAMED = 20
_ENDS = (".", "!", "?", "…", "。", "！", "？")
_ERRORS = "the documented meaning of the status (mimo-api.md §12)"
_SEEN = "seen by others, not documented (mimo-api.md §12)"
_NETWORK = "no answer of the service came, so that it says nothing about the key"


def _unanswered(case: _Case, failure: Failure) -> Diagnosis:
    # Why nothing is sent offline is no news.
    host, reason = case.host, case.exchange.reason if failure is not Failure.OFFLINE else NOTHING
    found = _UNANSWERED[failure]
    remedy = found.remedy
    family = case.asked.endpoint.family
    if failure is Failure.TIME_OUT and family is not None and family.plan and len(family.hosts) > 1:
        remedy = f"{remedy} A plan is quick on its own cluster only: the console's plan page names it."
    says = found.says.format(host=host)
    return Diagnosis(
        found.cause,
        clean(f"{says}: {reason}." if reason and reason not in says else f"{says}."),
        clean(remedy),
        found.because,
        found.retry,
    )


@dataclass(frozen=True, slots=True)
class _Unanswered:
    says: str
    remedy: str
    retry: Retry = Retry.LATER
    cause: Cause = Cause.NETWORK
    because: str = _NETWORK


_UNANSWERED: Mapping[Failure, _Unanswered] = MappingProxyType(
    {
        Failure.TIME_OUT: _Unanswered(
            "{host} did not answer in time", "Try again later, and look at the network."
        ),
        Failure.DNS: _Unanswered(
            "There is no host {host}, or no network",
            "Look at the network, and for a typing mistake in the base URL.",
        ),
        Failure.REFUSED: _Unanswered(
            "{host} takes no connection", "Look at the port of the base URL, and at the proxy."
        ),
        Failure.TLS: _Unanswered(
            "{host} could not prove that it is {host}",
            "Look at the clock and at the proxy; SSL_CERT_FILE names a certificate authority of your own.",
            Retry.NO,
        ),
        Failure.RESET: _Unanswered(
            "The connection to {host} broke off", "Try again; look at the proxy if it stays."
        ),
        Failure.GARBLED: _Unanswered(
            "{host} answered with something that is not HTTP",
            "Look at the port of the base URL, and at the proxy.",
        ),
        Failure.TOO_LONG: _Unanswered(
            "The answer of {host} is longer than any that the API gives", "Look at the base URL.", Retry.NO
        ),
        Failure.OFFLINE: _Unanswered(
            "Nothing was sent, since the program was started with --offline",
            "Start it without --offline.",
            Retry.NO,
            Cause.OFFLINE,
            "with --offline no connection is ever opened",
        ),
        Failure.NOT_ALLOWED: _Unanswered(
            "Nothing was sent to {host}",
            "Look at the base URL.",
            Retry.NO,
            Cause.NOT_ALLOWED,
            "a key goes over https, to the hosts of MiMo's API and to the one that the preset names",
        ),
    }
)


def _another_place(case: _Case) -> Diagnosis:
    exchange = case.exchange
    website = case.catalogue.website(case.asked.endpoint.host)
    if exchange.location:
        says = f"{case.host} points to {exchange.location}, where a key is never sent"
    elif exchange.is_html:
        says = f"{case.host} answered with a web page"
    else:
        says = f"{case.host} answered with something that is not of the API"
    remedy = (
        f"It is MiMo's {website.title}; the API has hosts of its own."
        if website is not None
        else "Look at the base URL, and whether a proxy or the login page of a network stands in between."
    )
    return Diagnosis(
        Cause.NOT_THE_API,
        clean(f"{says}."),
        clean(remedy),
        "the API answers in JSON (mimo-api.md §7, §11.3)",
        Retry.NO,
    )


def _told_model(case: _Case) -> Diagnosis | None:
    if not (
        "unsupported model" in case.words
        or "model not found" in case.words
        or "model_not_found" in case.words
    ):
        return None
    return unlisted_model(case.asked, case.catalogue, case.at)


def unlisted_model(asked: Asked, catalogue: Catalogue, at: datetime) -> Diagnosis:
    """Say why a host does not offer the model that was asked for, as far as the catalogue knows."""
    model, host = asked.model, asked.endpoint.host
    known, family = catalogue.model(model), asked.endpoint.family
    status = catalogue.status(model, at)
    successor = catalogue.successor(model, at)
    because = f"{catalogue.provenance()}; an unknown or retired id is refused (mimo-api.md §12)"
    if status is Status.RETIRED:
        retired = known.retired if known is not None else None
        on = f" on {retired.value:%Y-%m-%d}" if retired is not None and not retired.disputed else ""
        remedy = f"Switch to {successor.id}." if successor else "Switch to a model that the host lists."
        return Diagnosis(
            Cause.RETIRED_MODEL,
            clean(f"{model} was retired{on}."),
            clean(remedy),
            because,
            Retry.NO,
            successor.id if successor else "",
        )
    if (
        known is not None
        and known.token_plan is not None
        and known.token_plan.says(value=False)
        and family
        and family.plan
    ):
        return Diagnosis(
            Cause.UNKNOWN_MODEL,
            clean(f"{model} is not part of the Token Plan."),
            Clean("Switch to a model of the plan, or use a pay-as-you-go key."),
            because,
            Retry.NO,
        )
    close = catalogue.suggest(model) if model else ()
    hint = f" Did you mean {close[0]}?" if close and close[0] != model else ""
    return Diagnosis(
        Cause.UNKNOWN_MODEL,
        clean(f"{host} knows no model {model}." if model else f"{host} knows no such model."),
        clean(f"Choose one that the host lists.{hint}"),
        because,
        Retry.NO,
    )


def _told_voice(case: _Case) -> Diagnosis | None:
    found = no_voice(case.exchange)
    if found is None:
        return None
    model = case.catalogue.model(case.asked.model)
    known = tuple(clean(voice.id) for voice in model.voices) if model is not None else ()
    if known and not found.is_believable(known):
        found = replace(found, voices=known)
    names, more = found.voices[:_VOICES_NAMED], len(found.voices) - _VOICES_NAMED
    rest = f" and {more} more" if more > 0 else ""
    hint = f" Did you mean {found.close}?" if found.close else ""
    return Diagnosis(
        Cause.VOICE,
        clean(
            f"{case.host} has no voice {found.asked}." if found.asked else f"{case.host} has no such voice."
        ),
        clean(
            f"Choose one of {', '.join(names)}{rest}.{hint}" if names else "Choose another voice, or none."
        ),
        "an unknown voice is refused with the names of those that there are (mimo-api.md §9.2)",
        Retry.NO,
    )


def _told_plugin(case: _Case) -> Diagnosis | None:
    if "websearchenabled" not in case.words and "web search" not in case.words:
        return None
    plan = case.asked.endpoint.family is not None and case.asked.endpoint.family.plan
    remedy = (
        "A plan's key has no web search; use a pay-as-you-go key."
        if plan
        else "Enable the plugin in the console, and wait up to 5 minutes; or leave the tool out."
    )
    return Diagnosis(
        Cause.PLUGIN,
        Clean("Web search is not enabled for this account."),
        Clean(remedy),
        "web search is a plugin of the console (mimo-api.md §6.4)",
        Retry.NO,
    )


def _told_reasoning(case: _Case) -> Diagnosis | None:
    if "reasoning_content" not in case.words:
        return None
    return Diagnosis(
        Cause.REASONING,
        Clean("An earlier answer was sent back without its reasoning."),
        Clean("Send reasoning_content back with every message that calls a tool, or turn thinking off."),
        "the reasoning of a turn with tool calls must come back as it was (mimo-api.md §6.3)",
        Retry.NO,
    )


def _told_moderation(case: _Case) -> Diagnosis | None:
    is_said = "content_filter" in case.words or "moderation" in case.words or "high risk" in case.words
    return _moderated(case) if is_said else None


MODERATED: Final = Diagnosis(
    Cause.MODERATION,
    Clean("The service's moderation stopped this."),
    Clean("Say it in other words; the same text will be stopped again."),
    "moderation answers 421, 400 on a stream, or content_filter (mimo-api.md §12)",
    Retry.NO,
)


def moderated(asked: Asked, catalogue: Catalogue) -> Diagnosis:
    """Give what to say where moderation stopped it; a recording has no other words."""
    known = catalogue.model(asked.model)
    kind = known.kind if known is not None else catalogue.kind_of(asked.model)
    if kind is None or kind.value is not ModelKind.RECOGNITION:
        return MODERATED
    return replace(
        MODERATED,
        remedy=Clean("Leave out the part of the recording that it stops: it will be stopped again."),
    )


def _moderated(case: _Case) -> Diagnosis:
    return moderated(case.asked, case.catalogue)


def _told_money(case: _Case) -> Diagnosis | None:
    words = case.words
    if re.search(r"quota|exhaust|credits? (?:is|are|has|have) (?:used|been used)|套餐|额度", words):
        return _out_of_quota(case)
    if re.search(r"insufficient|balance|funds|recharge|余额|欠费", words):
        return _out_of_balance(case)
    return None


def _out_of_quota(case: _Case) -> Diagnosis:
    page = _plan_page(case)
    return Diagnosis(
        Cause.QUOTA,
        Clean("The plan's quota is used up."),
        clean(f"It begins anew with the next period; the plan page shows when: {page}"),
        "a plan that is used up stops until it is renewed (mimo-api.md §13.3)",
        Retry.NO,
    )


def _out_of_balance(case: _Case) -> Diagnosis:
    plan = case.asked.endpoint.family is not None and case.asked.endpoint.family.plan
    remedy = f"Look at the plan: {_plan_page(case)}" if plan else "Top the account up in the console."
    return Diagnosis(Cause.BALANCE, Clean("The account is empty."), clean(remedy), _ERRORS, Retry.NO)


def _plan_page(case: _Case) -> str:
    page = case.catalogue.facts.get("plan_page")
    return str(page.value) if page is not None else "in the console"


def _told_media(case: _Case) -> Diagnosis | None:
    if "corrupted" not in case.words and "file type is not supported" not in case.words:
        return None
    return Diagnosis(
        Cause.INPUT,
        Clean("The service could not read the image, sound or film."),
        Clean("Look whether the file opens elsewhere, and is of a type that the model takes."),
        "bad media is refused so (mimo-api.md §8)",
        Retry.NO,
    )


_TOLD: tuple[Callable[[_Case], Diagnosis | None], ...] = (
    # It names what was asked for, which may be any words.
    _told_voice,
    _told_model,
    _told_plugin,
    _told_reasoning,
    _told_moderation,
    _told_media,
    _told_money,
)
"""What the service says outranks its status, which differs from one host and month to the next."""


def _refused(case: _Case) -> Diagnosis:
    asked, catalogue = case.asked, case.catalogue
    family, kind = asked.endpoint.family, asked.key_kind
    if asked.worked:
        return Diagnosis(
            Cause.TRANSIENT,
            clean(f"{case.host} refused a key that it took a moment ago."),
            Clean("Try once more; plan hosts do this under load."),
            _SEEN,
            Retry.ONCE,
        )
    if kind is not None and family is not None and host_takes(kind, asked.endpoint) is Fit.MISFIT:
        bases = [base for _, base in catalogue.bases_for(kind, asked.endpoint.surface)]
        remedy = (
            f"Use {bases[0]}."
            if len(bases) == 1
            else f"Its hosts are {', '.join(bases)}; a check says which one it is."
        )
        return Diagnosis(
            Cause.KEY_KIND,
            clean(f"A {kind.prefix} key ({kind.title}) does not work on {family.title}."),
            clean(remedy),
            "one kind of key works on one family of hosts (mimo-api.md §3.1)",
            Retry.NO,
        )
    if kind is not None and family is not None and len(family.hosts) > 1:
        return Diagnosis(
            Cause.CLUSTER,
            clean(f"{case.host} refuses this key: it is of another cluster, or no longer valid."),
            Clean("Check the key's cluster: it asks every one, at no cost."),
            "a plan's key works on one cluster only (mimo-api.md §3.1)",
            Retry.NO,
        )
    return Diagnosis(
        Cause.KEY,
        clean(f"{case.host} refuses this key."),
        Clean("It is mistyped, revoked, or of another service; the console shows which keys there are."),
        _ERRORS,
        Retry.NO,
    )


def _forbidden(case: _Case) -> Diagnosis:  # noqa: ARG001
    return Diagnosis(
        Cause.REGION,
        Clean("The service forbids this place or this account."),
        Clean("Accounts of the mainland and of overseas are not interchangeable; ask the service's support."),
        _ERRORS,
        Retry.NO,
    )


def _not_found(case: _Case) -> Diagnosis:
    asked, catalogue = case.asked, case.catalogue
    model = catalogue.model(asked.model)
    untaken = [each for each in sorted(asked.media) if model is not None and model.refuses(each)]
    if untaken:
        return Diagnosis(
            Cause.INPUT,
            clean(f"{asked.model} takes no {' or '.join(untaken)}."),
            Clean("Leave it out, take vision out of the preset or pin it to a model that does, or switch."),
            "such input on a model without it answers 404 (mimo-api.md §12)",
            Retry.NO,
        )
    if catalogue.status(asked.model, case.at) is Status.RETIRED:
        return unlisted_model(asked, catalogue, case.at)
    if asked.key_kind is not None and host_takes(asked.key_kind, asked.endpoint) is Fit.MISFIT:
        return _refused(case)
    faults = lint(asked.endpoint.url, catalogue, provider="mimo", api_compat="", key=asked.key_kind)
    hint = next((f"{fault.message}: {fault.completed}" for fault in faults if fault.completed), "")
    return Diagnosis(
        Cause.PATH,
        clean(f"{case.host} has nothing at this path."),
        clean(f"Look at the base URL; {hint}" if hint else "Look at the base URL."),
        _ERRORS,
        Retry.NO,
    )


def _limited(case: _Case) -> Diagnosis:
    model = case.catalogue.model(case.asked.model)
    rpm = model.rpm if model is not None else None
    told = rpm is not None and not rpm.disputed
    limit = f" ({rpm.value} a minute for {case.asked.model})" if rpm is not None and told else ""
    return Diagnosis(
        Cause.RATE,
        clean(f"Too many requests or tokens a minute{limit}."),
        Clean("Wait a minute; the service names no time. Or the plan is used up: its page shows it."),
        _ERRORS,
        Retry.LATER,
    )


def _wrong_parameter(case: _Case) -> Diagnosis:
    return Diagnosis(
        Cause.PARAMETER,
        clean(_quoting("The service does not take the request", case.detail)),
        Clean("Leave the parameter out, or give it a value of its range."),
        _ERRORS,
        Retry.NO,
    )


def _quoting(says: str, words: str) -> str:
    """Give a sentence with the service's own words, and with an end: they may have one or not."""
    text = f"{says}: {words.strip()}" if words.strip() else says
    return text if text.endswith(_ENDS) else f"{text}."


def _by_number(case: _Case) -> Diagnosis:
    status = case.exchange.status or 0
    if status >= 500 or status == 408:
        return Diagnosis(
            Cause.SERVER,
            clean(f"{case.host} has a fault of its own ({status})."),
            Clean("Try again later."),
            _ERRORS,
            Retry.LATER,
        )
    return Diagnosis(
        Cause.UNKNOWN,
        clean(_quoting(f"{case.host} answered {status}", case.detail)),
        Clean(
            "It is none of the documented answers; read the docs anew, since they or the service have changed."
        ),
        "what is not expected is worth a report (protocol.md)",
        Retry.NO,
    )


_BY_STATUS: Mapping[int, Callable[[_Case], Diagnosis]] = MappingProxyType(
    {
        400: _wrong_parameter,
        401: _refused,
        402: _out_of_balance,
        403: _forbidden,
        404: _not_found,
        421: _moderated,
        422: _wrong_parameter,
        429: _limited,
    }
)
