"""What hosts and calls answered, kept as evidence for the catalogue and for drift. A failing write breaks nothing."""

import asyncio
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from mimo_tui.core.catalogue import Wire
from mimo_tui.core.diagnosis import Cause, Diagnosis
from mimo_tui.core.evidence import CallOutcome, CallSeen, ListSeen, VoicesSeen
from mimo_tui.core.exchange import Exchange
from mimo_tui.core.secrets import safe
from mimo_tui.core.text import Clean
from mimo_tui.core.usage import Usage
from mimo_tui.core.voices import no_voice
from mimo_tui.services import Services

_OUTCOMES: Mapping[Cause, CallOutcome] = MappingProxyType(
    {
        Cause.RETIRED_MODEL: CallOutcome.NO_SUCH_MODEL,
        Cause.UNKNOWN_MODEL: CallOutcome.NO_SUCH_MODEL,
        Cause.INPUT: CallOutcome.NO_SUCH_INPUT,
        Cause.RATE: CallOutcome.TOO_MANY_REQUESTS,
    }
)
"""Any other cause is of the key, the account or the network and says nothing of the model."""

_LONGEST_QUOTE = 300
_LONGEST_LIST = 2000


async def note_lists(
    services: Services, answers: Iterable[tuple[Exchange, tuple[Clean, ...] | None]]
) -> None:
    """Keep the lists of models that hosts of MiMo gave, each with its exchange."""
    lists = tuple(
        ListSeen(exchange.host, exchange.at, ids, exchange.simulated)
        for exchange, ids in answers
        if ids and exchange.status == 200 and _is_mimo(services, exchange.host)
    )
    if lists:
        await asyncio.to_thread(_keep, services, lists=lists)


async def note_call(
    services: Services,
    exchange: Exchange,
    diagnosis: Diagnosis | None,
    model: str,
    wire: Wire,
    *what: str,
    usage: Usage | None = None,
) -> None:
    """Keep what a call of a host of MiMo said of its model. `what` are the inputs and features that it tells of.

    `usage` is what the answer told of its tokens, where that does not stand in the beginning of its body.
    """
    requests = services.requests.count(exchange.host, model, exchange.at, exchange.attempts)
    outcome = CallOutcome.ANSWERED if diagnosis is None else _OUTCOMES.get(diagnosis.cause)
    if outcome is None or exchange.status is None or not _is_mimo(services, exchange.host):
        return
    if outcome is CallOutcome.NO_SUCH_MODEL and not _is_taken(services, model, wire):
        return
    put_in, got_out = _usage(exchange) if usage is None else (usage.prompt, usage.completion)
    call = CallSeen(
        host=exchange.host,
        model=safe(model),
        at=exchange.at,
        outcome=outcome,
        status=exchange.status,
        input_tokens=put_in,
        output_tokens=got_out,
        requests_in_minute=requests,
        quote=_quote(exchange),
        simulated=exchange.simulated,
    )
    calls = tuple(replace(call, what=each) for each in what or ("",))
    await asyncio.to_thread(_keep, services, calls=calls)


async def note_voices(services: Services, exchange: Exchange, model: str) -> tuple[Clean, ...]:
    """Keep the voices that a host of MiMo named when it was asked for one that it has not, and give them.

    They are known at once. None: the answer names none, or not all of them, or is not to be believed.
    """
    found = no_voice(exchange)
    if found is None or not _is_mimo(services, exchange.host):
        return ()
    known = services.catalogue.model(model)
    if not found.is_believable({voice.id for voice in known.voices} if known is not None else ()):
        return ()
    seen = VoicesSeen(
        host=exchange.host,
        model=safe(model),
        at=exchange.at,
        ids=found.voices,
        quote=Clean(found.quote[:_LONGEST_LIST]),
        simulated=exchange.simulated,
    )
    await asyncio.to_thread(_keep, services, voices=(seen,))
    return found.voices


def _keep(
    services: Services,
    *,
    lists: tuple[ListSeen, ...] = (),
    calls: tuple[CallSeen, ...] = (),
    voices: tuple[VoicesSeen, ...] = (),
) -> None:
    for seen in lists:
        services.observations.put_list(seen)
    for call in calls:
        services.observations.put_call(call)
    for named in voices:
        services.observations.put_voices(named)
    services.knowledge.renew()
    # Learned here and now, so that nobody has to wait for it who draws the screen.
    _ = services.knowledge.catalogue


def _is_mimo(services: Services, host: str) -> bool:
    found = services.knowledge.trusted.find_host(host)
    return found is not None and bool(found[0].key_prefixes)


def _is_taken(services: Services, model: str, wire: Wire) -> bool:
    """Tell whether the model is known to take requests of that form: else a refusal may be of the form."""
    known = services.catalogue.model(model)
    fact = known.wires.get(wire) if known is not None else None
    return fact is not None and fact.value and not fact.disputed


def _quote(exchange: Exchange) -> Clean:
    error = exchange.error
    if error is None:
        return Clean("")
    words = " — ".join(part for part in (error.message, error.detail) if part)
    return Clean(safe(f"{exchange.status}: {words}")[:_LONGEST_QUOTE])


def _usage(exchange: Exchange) -> tuple[int | None, int | None]:
    """Give the tokens of input and output; None: the answer told none, or not at its beginning."""
    try:
        document = json.loads(exchange.body)
    except (ValueError, RecursionError):
        return None, None
    usage = document.get("usage") if isinstance(document, dict) else None
    if not isinstance(usage, dict):
        return None, None

    def count(*names: str) -> int | None:
        found = (usage.get(name) for name in names)
        return next((each for each in found if isinstance(each, int) and not isinstance(each, bool)), None)

    return count("prompt_tokens", "input_tokens"), count("completion_tokens", "output_tokens")
