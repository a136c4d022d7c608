"""What a person says in a conversation, as turns of it."""

from datetime import datetime

from mimo_tui.core.conversation import Attachment, Conversation, Role, ToolCall, Turn


def say(
    conversation: Conversation,
    text: str,
    attachments: tuple[Attachment, ...],
    at: datetime,
    *,
    parent: int | None,
) -> Conversation:
    """Give the conversation with this said below `parent` (None: at its beginning), standing there.

    Said below the parent of an earlier turn of the person, it is that turn edited; the old one stays beside it.
    """
    turn = Turn(conversation.next_id, parent, Role.USER, at, text, attachments=attachments)
    return conversation.put(turn).at(turn.id)


def answer_call(
    conversation: Conversation, call: str, text: str, at: datetime, *, parent: int | None = None
) -> Conversation:
    """Give the conversation with what a tool gave for the call of that id, standing there.

    `parent` is the turn that it is said below, by default where the conversation stands: of several calls, each is
    answered below the answer to the one before it (`mimo-api.md` §6.3).
    """
    below = conversation.head if parent is None else parent
    turn = Turn(conversation.next_id, below, Role.TOOL, at, text, answers=call)
    return conversation.put(turn).at(turn.id)


def open_calls(conversation: Conversation) -> tuple[ToolCall, ...]:
    """Give the calls of the last answer that wait for what their tool gives; none, once something else was said."""
    answered: set[str] = set()
    for turn in reversed(conversation.path()):
        match turn.role:
            case Role.TOOL:
                answered.add(turn.answers)
            case Role.ASSISTANT:
                return tuple(call for call in turn.calls if call.id not in answered)
            case Role.USER:
                return ()
    return ()
