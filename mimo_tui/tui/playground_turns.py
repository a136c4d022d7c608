"""The turns of a conversation as they are shown: what stands above, in and below each."""

from collections.abc import Iterable
from typing import Final

from mimo_tui.core.conversation import Attachment, Conversation, Role, ToolCall, Turn
from mimo_tui.core.diagnosis import Diagnosis
from mimo_tui.core.secrets import redact, safe
from mimo_tui.core.text import Clean, clean
from mimo_tui.tui.playground_offers import Remedy, is_cut_short, remedy_of
from mimo_tui.tui.widgets.meter_text import meter_text
from mimo_tui.tui.widgets.stream_view import Note, ShownTurn

_LONGEST: Final = 2_000
"""Characters of a tool call that are shown; all of it stands in the raw exchange."""


def shown_turn(
    turn: Turn, conversation: Conversation, *, width: int, is_growing: bool = False, unfolded: bool = False
) -> ShownTurn:
    """Give a turn as it is shown. `width` is that of its lines."""
    return ShownTurn(
        turn.id,
        head_text(turn, conversation),
        shown_text(turn),
        turn.reasoning,
        folded=not unfolded,
        is_markdown=turn.role is Role.ASSISTANT,
        above=tuple(Note(attachment_text(each)) for each in turn.attachments),
        below=tuple(_below(turn, width, is_growing=is_growing)),
    )


def shown_text(turn: Turn) -> str:
    """Give the text without what looks like a key. An answer came without any; a person may have pasted one."""
    return turn.text if turn.role is Role.ASSISTANT else redact(turn.text)


def head_text(turn: Turn, conversation: Conversation) -> Clean:
    """Say who speaks, and which of the ways in which it was said this is."""
    parts = [speaker(turn, conversation)]
    beside = conversation.beside(turn.id)
    if len(beside) > 1:
        parts.append(f"{[each.id for each in beside].index(turn.id) + 1} of {len(beside)}")
    if turn.answer is not None and turn.answer.simulated:
        parts.append("SIMULATED")
    return clean(" · ".join(parts))


def speaker(turn: Turn, conversation: Conversation) -> str:
    """Give who speaks in words."""
    match turn.role:
        case Role.USER:
            return "You"
        case Role.TOOL:
            return f"Answer to {_called(turn, conversation)}"
        case Role.ASSISTANT:
            return turn.answer.model if turn.answer is not None else "The model"


def attachment_text(attachment: Attachment) -> Clean:
    """Say what goes with a turn: `image cat.png · 640×480 · about 280 tokens`."""
    parts = [f"{attachment.modality} {attachment.name}"]
    if attachment.width and attachment.height:
        parts.append(f"{attachment.width}×{attachment.height}")
    if attachment.seconds is not None:
        parts.append(f"{attachment.seconds:,.1f} s")
    if attachment.is_url:
        parts.append("the service fetches it")
    if attachment.tokens is not None:
        parts.append(f"about {attachment.tokens:,} tokens")
    return clean(" · ".join(parts))


def call_text(call: ToolCall) -> Clean:
    """Give a call of a tool as one line."""
    left = len(call.arguments) - _LONGEST
    cut = f" … {left:,} more characters" if left > 0 else ""
    return safe(f"→ calls {call.name} {call.arguments[:_LONGEST]}{cut}")


def _called(turn: Turn, conversation: Conversation) -> str:
    asked = conversation.turns[turn.parent] if turn.parent is not None else None
    while asked is not None and asked.role is Role.TOOL:
        asked = conversation.turns[asked.parent] if asked.parent is not None else None
    calls = asked.calls if asked is not None else ()
    return next((safe(call.name) for call in calls if call.id == turn.answers), "a call")


def _below(turn: Turn, width: int, *, is_growing: bool) -> Iterable[Note]:
    for call in turn.calls:
        yield Note(call_text(call), "warning")
    for number, cited in enumerate(turn.citations, 1):
        yield Note(clean(f"[{number}] {cited.title or cited.site} {cited.url}"))
    answer = turn.answer
    if answer is None:
        return
    if is_growing:
        yield Note(clean("… answering; escape stops"))
        return
    for told in answer.notes:
        yield Note(told, "warning")
    if answer.failure is not None:
        yield from _failure(answer.failure, remedy_of(answer))
    elif is_cut_short(answer):
        remedy = remedy_of(answer)
        does = f" (f8: {remedy})" if remedy is not Remedy.NONE else ""
        yield Note(clean(f"→ The limit of the output ended the answer here.{does}"), "warning")
    yield Note(meter_text(answer, width))


def _failure(diagnosis: Diagnosis, remedy: Remedy) -> Iterable[Note]:
    yield Note(clean(f"✗ {diagnosis.says}"), "error")
    does = f" (f8: {remedy})" if remedy is not Remedy.NONE else ""
    if diagnosis.remedy:
        yield Note(clean(f"→ {diagnosis.remedy}{does}"), "success")
    yield Note(clean(f"because {diagnosis.because}"))
