"""Keeps an answer in the records while it comes. What cannot be kept stops nobody."""

import asyncio
from collections.abc import Callable

from mimo_tui.core.conversation import Conversation, Turn
from mimo_tui.core.secrets import Secret
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.services import Services
from mimo_tui.store.sessions import RecordsProblem


class Keeping:
    """The record of one conversation. `conversation` is its id, 0: none. `problem` says what could not be kept.

    After a problem nothing more is kept until the end, where all that came is tried once more.
    """

    def __init__(self, services: Services, key: Secret, *, keeps: bool) -> None:
        self._sessions = services.sessions
        self._secrets = (key,)
        self._keeps = keeps
        self._writing: asyncio.Task[None] | None = None
        self.conversation = 0
        self.problem: Clean = NOTHING

    async def begin(self, conversation: Conversation, turn: Turn) -> None:
        """Keep all that leads to the turn, and the turn itself, which is the last that was said from here on."""
        self.conversation = conversation.id
        if self._keeps:
            await self._try(lambda: self._begin(conversation, turn))

    async def grow(self, turn: int, text: str, reasoning: str) -> None:
        """Keep more of it."""
        if self._keeps and self.conversation and not self.problem:
            await self._try(lambda: self._sessions.grow(self.conversation, turn, text, reasoning))

    async def end(self, turn: Turn) -> None:
        """Keep it as it has become."""
        if self._writing is not None:
            # A piece that is still on its way would come after the end of all.
            await asyncio.gather(self._writing, return_exceptions=True)
        if self._keeps and self.conversation:
            await self._try(lambda: self._sessions.end_turn(self.conversation, turn, self._secrets))

    def _begin(self, conversation: Conversation, turn: Turn) -> None:
        sessions = self._sessions
        if not conversation.id:
            self.conversation = sessions.begin(conversation.put(turn).at(turn.id), self._secrets)
            return
        # What was said since the last answer is not kept yet, nor is an answer that could not be at its time.
        for each in (*conversation.path(turn.parent), turn):
            sessions.put_turn(conversation.id, each, self._secrets)
        sessions.set_system(conversation.id, conversation.system, self._secrets)
        sessions.set_head(conversation.id, turn.id)

    async def _try(self, keep: Callable[[], None]) -> None:
        self._writing = asyncio.create_task(asyncio.to_thread(keep))
        try:
            await asyncio.shield(self._writing)
        except RecordsProblem as problem:
            self.problem = clean(f"Not kept: {problem}")
