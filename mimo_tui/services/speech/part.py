"""One request of a take, and what comes of it: its pieces of sound, and what the service says beside them."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Final

from mimo_tui.core.answer_diagnosis import Came
from mimo_tui.core.text import NOTHING, Clean
from mimo_tui.core.usage import Usage
from mimo_tui.wire.events import (
    BadSound,
    Delta,
    Ended,
    Finished,
    Preview,
    SoundPiece,
    SpeechPiece,
    Told,
    Warned,
)

_LONGEST: Final = 4_000
"""Characters of what is said in place of sound."""


class Part:
    """Takes the events of a request as they come, from `listen`; `news` is set whenever there is more sound.

    `has_sound`: some came, of whatever kind. `bad` says why what came is no sound, `words` came in place of
    sound, or beside it, as the model wrote them. `ended` is the last event; None: none came yet.
    """

    def __init__(self) -> None:
        self.news = asyncio.Event()
        self.has_sound = False
        self.usage: Usage | None = None
        self.finish: Clean = NOTHING
        self.preview = ""
        self.bad: Clean = NOTHING
        self.words = ""
        self.warnings: list[Clean] = []
        self.ended: Ended | None = None
        self._waiting: list[bytes] = []

    async def listen(self, events: AsyncGenerator[SpeechPiece]) -> None:
        """Take all events, up to the last one."""
        try:
            async with aclosing(events) as stream:
                async for event in stream:
                    self._take(event)
        finally:
            self.news.set()

    def taken(self) -> list[bytes]:
        """Give the sound that came since the last time, in its pieces."""
        pieces, self._waiting = self._waiting, []
        return pieces

    @property
    def has_words(self) -> bool:
        """Whether the service said anything in words."""
        return bool(self.words.strip())

    @property
    def came(self) -> Came:
        """What came, as far as a diagnosis asks for it."""
        is_complete = self.ended is not None and self.ended.complete
        return Came(self.finish, said=self.has_sound, complete=is_complete)

    def _take(self, event: SpeechPiece) -> None:
        match event:
            case SoundPiece(data):
                self.has_sound = True
                self._waiting.append(data)
                self.news.set()
            case Preview(text):
                self.preview = text
            case BadSound(reason):
                self.bad = reason
            case Delta(text=text):
                self.words = f"{self.words}{text}"[:_LONGEST]
            case Told(usage):
                self.usage = usage
            case Warned(message):
                self.warnings.append(message)
            case Finished(reason):
                self.finish = reason
            case Ended():
                self.ended = event
