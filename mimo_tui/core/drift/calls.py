"""What calls answered, held against what docs and catalogue say of the model that was called."""

from collections.abc import Iterator
from dataclasses import dataclass

from mimo_tui.core.catalogue import Catalogue, Family, Feature, Modality, Model, Status
from mimo_tui.core.drift import remedies
from mimo_tui.core.drift.kinds import Discrepancy, Signal
from mimo_tui.core.drift.lists import is_documented_since, mimo_family
from mimo_tui.core.drift.words import key_of, short, value_words
from mimo_tui.core.evidence import CallOutcome, CallSeen, Evidence
from mimo_tui.core.facts import Claim, Fact
from mimo_tui.core.findings import Severity
from mimo_tui.core.text import NOTHING, Clean, clean

_REFUSED = (CallOutcome.NO_SUCH_INPUT, CallOutcome.NO_SUCH_FEATURE)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a call says otherwise: of which subject, in which words, and how bad that is."""

    signal: Signal
    severity: Severity
    subject: str
    message: str
    old: Clean = NOTHING
    new: Clean = NOTHING
    source: Clean = NOTHING


def compare(expected: Catalogue, documented: Catalogue, evidence: Evidence) -> Iterator[Discrepancy]:
    """Give what calls of MiMo's hosts contradict. A model's life is looked at for the moment of the call."""
    for call in evidence.calls:
        family, model = mimo_family(expected, call.host), documented.model(call.model)
        if family is None or model is None:
            continue
        if not is_documented_since(expected, evidence, call.model, call.at):
            continue
        for answer in (
            *_life(documented, family, model, call),
            *_abilities(documented, family, model, call),
            *_limits(model, call),
        ):
            yield _discrepancy(call, answer)


def _life(documented: Catalogue, family: Family, model: Model, call: CallSeen) -> Iterator[_Answer]:
    status = documented.status(model.id, call.at)
    no_plan = family.plan and (model.token_plan is None or not model.token_plan.value)
    name, source = short(model.id), short(str(model.offered.source))
    if call.outcome is CallOutcome.NO_SUCH_MODEL and status is Status.CURRENT and not no_plan:
        yield _Answer(
            Signal.MODEL_NOT_FOUND,
            Severity.ERROR,
            name,
            f"{name} is offered by the docs, and {call.host} answers that there is no such model.",
            clean("offered"),
            clean("model not found"),
            source,
        )
    elif call.outcome is CallOutcome.ANSWERED and status is Status.RETIRED and model.retired is not None:
        day = value_words(model.retired.value)
        yield _Answer(
            Signal.MODEL_NOT_FOUND,
            Severity.INFO,
            name,
            f"{name} was to go offline on {day}, and {call.host} still answers for it.",
            clean(f"offline on {day}"),
            clean("answered"),
            short(str(model.retired.source)),
        )


def _abilities(documented: Catalogue, family: Family, model: Model, call: CallSeen) -> Iterator[_Answer]:
    fact = _ability(model, call.what)
    if fact is None or fact.disputed or _is_no_part_of_plan(documented, family, call.what):
        return
    says, source, what = fact.value, short(str(fact.source)), call.what.replace("_", " ")
    if call.outcome in _REFUSED and says:
        message = f"{model.id} is said to take {what}, and {call.host} refuses it."
    elif call.outcome is CallOutcome.ANSWERED and not says:
        message = f"{model.id} is said to be without {what}, and {call.host} answered with it."
    else:
        return
    yield _Answer(
        Signal.CAPABILITY,
        Severity.WARNING,
        f"{model.id}, {what}",
        message,
        value_words(says),
        value_words(not says),
        source,
    )


def _ability(model: Model, what: str) -> Fact[bool] | None:
    """Give whether it takes this input or has this feature; None: not known, or not such a thing."""
    if what in list(Modality) and model.inputs is not None:
        taken = Modality(what)
        return Fact(tuple(Claim(taken in claim.value, claim.source) for claim in model.inputs.claims))
    return model.features.get(Feature(what)) if what in list(Feature) else None


def _is_no_part_of_plan(documented: Catalogue, family: Family, what: str) -> bool:
    fact = documented.facts.get(f"{what}_on_plan")
    return family.plan and fact is not None and fact.value is False


def _limits(model: Model, call: CallSeen) -> Iterator[_Answer]:
    yield from _above(model, "context", model.context, call.input_tokens)
    yield from _above(model, "output", model.max_output, call.output_tokens)
    rpm, requests = model.rpm, call.requests_in_minute
    if (
        call.outcome is CallOutcome.TOO_MANY_REQUESTS
        and requests is not None
        and rpm is not None
        and not rpm.disputed
        and requests < rpm.value
    ):
        yield _Answer(
            Signal.PRICE_OR_LIMIT,
            Severity.INFO,
            f"{model.id}, requests a minute",
            f"{call.host} refused {model.id} after {requests} requests in a minute, where {rpm.value} are allowed; "
            "other programs of the same account count too.",
            value_words(rpm.value),
            value_words(requests),
            short(str(rpm.source)),
        )


def _above(model: Model, name: str, limit: Fact[int] | None, used: int | None) -> Iterator[_Answer]:
    if limit is None or limit.disputed or used is None or used <= limit.value:
        return
    yield _Answer(
        Signal.PRICE_OR_LIMIT,
        Severity.WARNING,
        f"{model.id}, {name}",
        f"A call of {model.id} used {used:,} tokens of {name}, more than the {limit.value:,} that it has.",
        value_words(limit.value),
        value_words(used),
        short(str(limit.source)),
    )


def _discrepancy(call: CallSeen, answer: _Answer) -> Discrepancy:
    about = ("calls", answer.subject)
    new = answer.new if answer.signal is not Signal.PRICE_OR_LIMIT else NOTHING
    simulated = ", SIMULATED" if call.simulated else ""
    return Discrepancy(
        key=key_of(answer.signal, about, new, simulated=call.simulated),
        signal=answer.signal,
        severity=answer.severity,
        subject=short(answer.subject),
        message=short(answer.message),
        old=answer.old,
        new=answer.new,
        expected_from=answer.source,
        seen_in=short(f"a call of {call.host} (asked {call.at:%Y-%m-%d}{simulated})"),
        url=NOTHING,
        quote=short(call.quote),
        remedy=remedies.for_answer(answer.signal),
        at=call.at,
        simulated=call.simulated,
    )
