"""Keeps a conversation in the records while it goes on. What cannot be kept stops nobody."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from mimo_tui.core.conversation import Conversation, Role, Turn
from mimo_tui.core.secrets import Secret
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.services import Services
from mimo_tui.services.playground.records import every_secret
from mimo_tui.services.presets.listing import list_presets
from mimo_tui.store import settings
from mimo_tui.store.sessions import NoRecord, RecordsProblem, Sessions
from mimo_tui.store.sessions_tree import since
from mimo_tui.store.settings import Settings

_ELSEWHERE: Final = Clean(
    "Another program went on with this conversation meanwhile: what is said here is kept as one of its own."
)
_DELETED: Final = Clean(
    "The record of this conversation was deleted: what is said from here on is kept in a new one."
)


def keep_said(services: Services, conversation: Conversation) -> tuple[int, Clean]:
    """Keep what was said and is not kept yet, where the conversation stands and its system prompt. Blocks.

    Gives the id of its record, 0: none, and what is to be told about it: why it is not kept, or that it has another
    record from here on, since the one that it had was deleted or another program went on with it.
    """
    own = settings.load(services.places.settings)
    if not own.keeps_records:
        return conversation.id, unkept(own)
    if not conversation.turns:
        return conversation.id, NOTHING
    head = conversation.turns[conversation.head] if conversation.head is not None else None
    # What was said just now; an answer that stands there was kept, and deleted with the rest.
    first = head.id if head is not None and head.role is not Role.ASSISTANT else conversation.next_id
    try:
        secrets = every_secret(list_presets(services))
        return _keep(services.sessions, conversation, secrets, first)
    except RecordsProblem as problem:
        return conversation.id, _not_kept(problem)


def unkept(own: Settings) -> Clean:
    """Say why nothing is kept; empty where it is, or where the person wants it so."""
    return _not_kept(own.problem) if own.keeping_unknown else NOTHING


class Keeping:
    """The record of one conversation. `conversation` is its id, 0: none. `told` is what is to be said about it.

    After a problem nothing more is kept until the end, where all that came is tried once more, if there is a record.
    """

    def __init__(self, services: Services, key: Secret, own: Settings) -> None:
        self._sessions = services.sessions
        self._secrets = (key,)
        self._keeps = own.keeps_records
        self._writing: asyncio.Task[None] | None = None
        self._whole: Conversation | None = None
        self._has_problem = False
        self.conversation = 0
        self.told = unkept(own)

    async def begin(self, conversation: Conversation, turn: Turn) -> None:
        """Keep all that leads to the turn, and the turn itself, which is the last that was said from here on.

        The conversation stands there then, unless it stood somewhere else than before the turn.
        """
        self.conversation = conversation.id
        if self._keeps:
            head = turn.id if conversation.head == turn.parent else conversation.head
            whole = conversation.put(turn).at(head)
            self._whole = whole
            await self._try(lambda: self._begin(whole, turn))

    async def grow(self, turn: int, text: str, reasoning: str) -> None:
        """Keep more of it."""
        if self._keeps and self.conversation and not self._has_problem:
            await self._try(lambda: self._sessions.grow(self.conversation, turn, text, reasoning))

    async def end(self, turn: Turn) -> None:
        """Keep it as it has become."""
        if self._writing is not None:
            # A piece that is still on its way would come after the end of all.
            await asyncio.gather(self._writing, return_exceptions=True)
        if self._keeps and self.conversation:
            await self._try(lambda: self._end(turn))

    def _begin(self, whole: Conversation, turn: Turn) -> None:
        # The first answer to a prompt comes right after it.
        first = turn.parent if turn.parent is not None and whole.beside(turn.id) == (turn,) else turn.id
        self.conversation, told = _keep(self._sessions, whole, self._secrets, first)
        self.told = told or self.told
        self._whole = None

    def _end(self, turn: Turn) -> None:
        if self._whole is not None:
            # What leads to it could not be kept at its time.
            self._sessions.keep(self._whole.put(turn), self._secrets)
        else:
            self._sessions.end_turn(self.conversation, turn, self._secrets)

    async def _try(self, keep: Callable[[], None]) -> None:
        self._writing = asyncio.create_task(asyncio.to_thread(keep))
        try:
            await asyncio.shield(self._writing)
        except RecordsProblem as problem:
            self._has_problem = True
            self.told = _not_kept(problem)


def _keep(
    sessions: Sessions, conversation: Conversation, secrets: Iterable[Secret], first: int
) -> tuple[int, Clean]:
    """Keep a conversation; where its record was deleted, what was said from the turn `first` on."""
    try:
        number = sessions.keep(conversation, secrets)
    except NoRecord:
        rest = since(replace(conversation, id=0, title=NOTHING), first)
        return sessions.begin(rest, secrets) if rest.turns else conversation.id, _DELETED
    return number, _ELSEWHERE if conversation.id not in (0, number) else NOTHING


def _not_kept(problem: object) -> Clean:
    return clean(f"Not kept: {problem}")
