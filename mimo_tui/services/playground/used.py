"""Which inputs and features an answer shows to work, as evidence on its model."""

import json
from collections.abc import Mapping

from mimo_tui.core.catalogue import Feature, Modality, Wire
from mimo_tui.core.conversation import Turn
from mimo_tui.core.diagnosis import Cause, Diagnosis
from mimo_tui.core.json_text import Json
from mimo_tui.core.usage import Usage

_JSON_OBJECT = "json_object"


def used_by(
    turn: Turn,
    media: frozenset[Modality],
    parameters: Mapping[str, Json],
    wire: Wire,
    diagnosis: Diagnosis | None,
) -> tuple[str, ...]:
    """Give what the call tells something of: inputs and features, or plain text, which is the empty one.

    A surface may drop an input in silence, and a model may leave a tool alone: of an answer, only what can be seen in
    it counts. A refused input counts where only one can be meant.
    """
    if diagnosis is not None:
        is_clear = diagnosis.cause is Cause.INPUT and len(media) == 1
        return tuple(map(str, media)) if is_clear else ("",)
    usage = turn.answer.usage if turn.answer is not None else None
    seen = [
        *(str(each) for each in Modality if each in media and usage is not None and _tokens(usage, each)),
        *([str(Feature.FUNCTION_CALLING)] if turn.calls else []),
        *([str(Feature.WEB_SEARCH)] if turn.citations and wire is Wire.CHAT_COMPLETIONS else []),
        *([str(Feature.STRUCTURED_OUTPUT)] if _is_structured(turn, parameters) else []),
    ]
    return tuple(seen) or ("",)


def _tokens(usage: Usage, modality: Modality) -> int:
    return {
        Modality.IMAGE: usage.image,
        Modality.AUDIO: usage.audio,
        Modality.VIDEO: usage.video,
    }.get(modality) or 0


def _is_structured(turn: Turn, parameters: Mapping[str, Json]) -> bool:
    if parameters.get("response_format.type") != _JSON_OBJECT:
        return False
    try:
        return isinstance(json.loads(turn.text), dict)
    except (ValueError, RecursionError):
        return False
