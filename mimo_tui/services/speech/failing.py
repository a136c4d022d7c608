"""What went wrong with something that was to be spoken, also where the service says that all is well."""

from dataclasses import replace
from typing import Final

from mimo_tui.core.answer_diagnosis import diagnose_answer
from mimo_tui.core.diagnosis import Cause, Diagnosis, Retry
from mimo_tui.core.secrets import safe
from mimo_tui.core.text import Clean
from mimo_tui.services import Services
from mimo_tui.services.presets.testing import Target
from mimo_tui.services.speech.part import Part

_SOUND: Final = "speech comes as base64 of the format that was asked for (mimo-api.md §9.1, §9.4)"
_AGAIN: Final = Clean("Speak it again.")
_KEPT: Final = "What could be read is kept as a take that is not complete."
_LOST: Final = "Nothing of it could be kept."
_OUT_OF_BUDGET: Final = ("length", "max_tokens")


def failure_of(
    services: Services, target: Target, part: Part, problem: Clean, *, is_kept: bool
) -> Diagnosis | None:
    """Give what went wrong with a request that has ended; None: nothing did.

    `problem` is of the sound itself. `is_kept`: the take holds sound, of this part or of those before it.
    """
    found = _failure(services, target, part, problem)
    if found is None or (found.cause is not Cause.BROKEN_OFF and found is not _CUT_SHORT):
        return found
    remedy = _AGAIN if found.cause is Cause.BROKEN_OFF else found.remedy
    return replace(found, remedy=Clean(f"{remedy} {_KEPT if is_kept else _LOST}"))


def _failure(services: Services, target: Target, part: Part, problem: Clean) -> Diagnosis | None:
    if part.ended is None:
        return None
    exchange, came = part.ended.exchange, part.came
    is_answered = exchange.status == 200 and exchange.failure is None and exchange.error is None
    if is_answered and part.bad:
        return _unreadable(part.bad)
    worked = services.client.has_accepted(target.endpoint.host, target.key)
    asked = replace(target.asked, model=target.model, worked=worked)
    found = diagnose_answer(exchange, asked, came, services.catalogue, services.now())
    if found is not None and found.cause is not Cause.BROKEN_OFF:
        return found
    if is_answered and not came.said and came.finish:
        return _silent(target.model, has_words=part.has_words)
    if found is not None:
        return found
    if problem:
        return _unreadable(problem)
    return _CUT_SHORT if came.finish in _OUT_OF_BUDGET else None


def _unreadable(problem: Clean) -> Diagnosis:
    return Diagnosis(
        Cause.BROKEN_OFF,
        problem,
        _AGAIN,
        _SOUND,
        Retry.LATER,
    )


def _silent(model: str, *, has_words: bool) -> Diagnosis:
    said = "gave words and no sound" if has_words else "gave no sound"
    return Diagnosis(
        Cause.NOT_THE_API,
        safe(f"{model} {said}."),
        Clean("Speak it again, or choose another model: this one may not be for speech."),
        _SOUND,
        Retry.LATER,
    )


_CUT_SHORT: Final = Diagnosis(
    Cause.BUDGET,
    Clean("The sound is cut short: the output of the model was used up before the text was at its end."),
    Clean("Speak it in shorter pieces."),
    "the reason that the service gives for the end of an answer (mimo-api.md §7.1)",
    Retry.NO,
)
