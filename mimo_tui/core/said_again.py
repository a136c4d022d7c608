"""What of a conversation goes to the model again: the same for both surfaces."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mimo_tui.core.conversation import Role, Turn
from mimo_tui.core.json_text import Json


def said_again(path: Sequence[Turn]) -> tuple[Turn, ...]:
    """Give the turns that are sent.

    A call that nobody answered is left out, since each has to be answered (`mimo-api.md` §6.3), and so is an answer
    of which nothing came.
    """
    answered = {turn.answers for turn in path if turn.role is Role.TOOL}
    found: list[Turn] = []
    for turn in path:
        if turn.role is Role.ASSISTANT:
            calls = tuple(call for call in turn.calls if call.id in answered)
            if turn.text or calls:
                found.append(replace(turn, calls=calls))
        else:
            found.append(turn)
    return tuple(found)


def needs_reasoning(turn: Turn, parameters: Mapping[str, Json]) -> bool:
    """Tell whether what the model thought goes back with this turn.

    With thinking on it does with each that calls a tool, or the service refuses (`mimo-api.md` §6.3). Models think
    unless they are told not to.
    """
    is_off = parameters.get("thinking.type") == "disabled" or parameters.get("reasoning_effort") == "none"
    return bool(turn.calls) and not is_off
