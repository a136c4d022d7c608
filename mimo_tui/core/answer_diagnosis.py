"""What went wrong with the answer of a model, also where the call itself went well (`mimo-api.md` §7.1, §10, §12)."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from mimo_tui.core.catalogue import Catalogue
from mimo_tui.core.diagnosis import Asked, Cause, Diagnosis, Retry, diagnose, moderated
from mimo_tui.core.exchange import Exchange
from mimo_tui.core.text import NOTHING, Clean

_FINISHES = "the reason that the service gives for the end of an answer (mimo-api.md §7.1)"
_OUT_OF_BUDGET = ("length", "max_tokens")
_CALLING = ("tool_calls", "tool_use")
_FILTERED = "content_filter"
_REPEATED = "repetition_truncation"


@dataclass(frozen=True, slots=True)
class Came:
    """What came of an answer. `finish` is the API's word for why it ended, `said`: it holds text or calls a tool."""

    finish: Clean = NOTHING
    said: bool = False
    called: bool = False
    thought: bool = False
    complete: bool = False


def diagnose_answer(
    exchange: Exchange, asked: Asked, came: Came, catalogue: Catalogue, at: datetime
) -> Diagnosis | None:
    """Give what went wrong with an answer; None: nothing did, though it may be shorter than it was to be."""
    # Of a whole answer, how it was written down as evidence says nothing.
    found = None if came.complete and _is_well(exchange) else diagnose(exchange, asked, catalogue, at)
    if found is not None:
        return found
    if came.finish == _FILTERED:
        return moderated(asked, catalogue)
    if came.finish == _REPEATED:
        return _REPETITION
    if came.finish in _OUT_OF_BUDGET and not came.said:
        return _BUDGET_OF_THOUGHT if came.thought else _BUDGET
    return None if came.complete else _BROKEN_OFF


def silence(came: Came) -> Clean:
    """Say what is missing in a whole answer, of which nothing else says it; empty: nothing is."""
    if not came.complete or came.finish in (*_OUT_OF_BUDGET, _FILTERED, _REPEATED):
        return NOTHING
    if came.finish in _CALLING and not came.called:
        return Clean("The answer ends in order to call a tool, and calls none.")
    if not came.said:
        return Clean("The model thought, and said nothing." if came.thought else "The model said nothing.")
    return NOTHING


def _is_well(exchange: Exchange) -> bool:
    return exchange.failure is None and exchange.error is None and exchange.status == HTTPStatus.OK


_BUDGET_OF_THOUGHT = Diagnosis(
    Cause.BUDGET,
    Clean("The model thought until its output was used up, and said nothing."),
    Clean("Raise the limit of its output, or turn thinking off."),
    "what a model thinks counts as output (mimo-api.md §6.2, §7.1)",
    Retry.NO,
)
_BUDGET = Diagnosis(
    Cause.BUDGET,
    Clean("The output was used up before the model said anything."),
    Clean("Raise the limit of its output."),
    _FINISHES,
    Retry.NO,
)
_REPETITION = Diagnosis(
    Cause.REPETITION,
    Clean("The service stopped the answer, since the model repeated itself."),
    Clean("Ask again, or in other words; a higher frequency_penalty helps where it can be set."),
    _FINISHES,
    Retry.LATER,
)
_BROKEN_OFF = Diagnosis(
    Cause.BROKEN_OFF,
    Clean("The answer broke off: neither its end nor a reason for it came."),
    Clean("Ask again; what came is kept."),
    "a whole answer has an end mark, or says why it ends (mimo-api.md §7.2)",
    Retry.LATER,
)
