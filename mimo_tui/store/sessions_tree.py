"""The tree of a conversation beside its record: whether the record is sound, and what of the tree is not kept yet."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from mimo_tui.core.conversation import Conversation, Role, Turn
from mimo_tui.core.secrets import HIDDEN
from mimo_tui.store.cells import Damaged, encoded, written_moment


def as_tree(found: Conversation) -> Conversation:
    """Give the conversation if its turns hang together. Raises Damaged."""
    for turn in found.turns.values():
        # A turn is said after its parent, so that nobody can go round in circles.
        if turn.parent is not None and not (turn.parent in found.turns and turn.parent < turn.id):
            raise Damaged
    if found.head is not None and found.head not in found.turns:
        raise Damaged
    return found


def since(conversation: Conversation, first: int) -> Conversation:
    """Give what was said from the turn `first` on, standing nowhere if that was said before."""
    turns = {number: turn for number, turn in conversation.turns.items() if number >= first}
    head = conversation.head if conversation.head in turns else None
    return replace(conversation, turns=MappingProxyType(turns), head=head)


def missing(conversation: Conversation, kept: Mapping[int, Turn]) -> tuple[Turn, ...] | None:
    """Give the turns that are not kept, or are without their end; None: others are kept in the place of some.

    An answer that is kept with its end is never among them: here it may be known only in part.
    """
    found: list[Turn] = []
    for turn in conversation.turns.values():
        there = kept.get(turn.id)
        if there is None or (_has_ended(turn) and not _has_ended(there)):
            found.append(turn)
        if there is not None and not _is_same(there, turn):
            return None
    return tuple(found)


def _has_ended(turn: Turn) -> bool:
    answer = turn.answer
    if answer is None:
        return turn.role is not Role.ASSISTANT
    return answer.complete or answer.stopped or answer.failure is not None or answer.seconds is not None


def _is_same(kept: Turn, turn: Turn) -> bool:
    if (kept.role, written_moment(kept.at)) != (turn.role, written_moment(turn.at)):
        return False
    # An answer grows, and what is kept of it may be less or more.
    return turn.role is Role.ASSISTANT or _hides(kept.text, encoded(turn.text).decode())


def _hides(kept: str, text: str) -> bool:
    """Tell whether the text that is kept is this one, whatever was hidden in it."""
    first, *parts = kept.split(HIDDEN)
    if not parts:
        return kept == text
    *parts, last = parts
    if len(first) + len(last) > len(text) or not (text.startswith(first) and text.endswith(last)):
        return False
    at, end = len(first), len(text) - len(last)
    for part in parts:
        found = text.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True
