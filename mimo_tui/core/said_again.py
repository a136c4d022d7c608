"""What of a conversation goes to the model again: the same for both surfaces."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mimo_tui.core.conversation import Attachment, Role, Turn
from mimo_tui.core.json_text import Json


def said_again(path: Sequence[Turn]) -> tuple[Turn, ...]:
    """Give the turns that are sent.

    A call that nobody answered is left out, since each has to be answered (`mimo-api.md` §6.3), and so are an answer to
    no call, an answer of which nothing came, and files that are not here any more.
    """
    answered = {turn.answers for turn in path if turn.role is Role.TOOL}
    called: set[str] = set()
    found: list[Turn] = []
    for turn in path:
        match turn.role:
            case Role.ASSISTANT:
                calls = tuple(call for call in turn.calls if call.id in answered)
                called |= {call.id for call in calls}
                if turn.text or calls:
                    found.append(replace(turn, calls=calls))
            case Role.TOOL:
                if turn.answers in called:
                    found.append(turn)
            case Role.USER:
                found.append(_without_gone(turn))
    return tuple(found)


def gone(turn: Turn) -> tuple[Attachment, ...]:
    """Give the files of a turn that are not here any more, as in a conversation that was kept."""
    return tuple(each for each in turn.attachments if each.data is None and not each.is_url)


def _without_gone(turn: Turn) -> Turn:
    lost = gone(turn)
    if not lost:
        return turn
    # By identity: bytes are not compared.
    here = tuple(each for each in turn.attachments if not any(each is one for one in lost))
    # Nothing at all is no turn, and the answer to it still follows.
    named = " ".join(f"[{each.name}]" for each in lost) if not (here or turn.text) else turn.text
    return replace(turn, text=named, attachments=here)


def needs_reasoning(turn: Turn, parameters: Mapping[str, Json]) -> bool:
    """Tell whether what the model thought goes back with this turn.

    With thinking on it does with each that calls a tool, or the service refuses (`mimo-api.md` §6.3). Models think
    unless they are told not to.
    """
    is_off = parameters.get("thinking.type") == "disabled" or parameters.get("reasoning_effort") == "none"
    return bool(turn.calls) and not is_off
