"""An answer that is coming: what came of it and was not given on yet, and what it all is in the end."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, fields
from time import monotonic

from mimo_tui.core.answer_diagnosis import Came, silence
from mimo_tui.core.conversation import Citation, Thought, ToolCall
from mimo_tui.core.echo import hide
from mimo_tui.core.secrets import Secret, safe
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.core.usage import Usage
from mimo_tui.core.veil import Veil
from mimo_tui.wire.events import (
    Cited,
    Delta,
    Ended,
    Finished,
    StreamEvent,
    ThoughtEnded,
    Told,
    ToolFragment,
    Warned,
)


@dataclass(frozen=True, slots=True)
class More:
    """More of an answer, without any key."""

    text: str = ""
    reasoning: str = ""

    def __bool__(self) -> bool:
        return bool(self.text or self.reasoning)


class Coming:
    """Takes the events of an answer as they come, from `listen`; `news` is set whenever there is something new.

    `calls`, `thoughts` and `notes` are slow where they are long: ask for them in a thread. `first_token` and `seconds`
    count from the beginning of listening. `ended` is the last event; None: none came yet.
    """

    def __init__(self, key: Secret) -> None:
        self.news = asyncio.Event()
        self.first_token: float | None = None
        self.seconds: float | None = None
        self.usage: Usage | None = None
        self.finish: Clean = NOTHING
        self.ended: Ended | None = None
        self._key = key
        self._started = monotonic()
        self._text, self._reasoning = _Growing(key), _Growing(key)
        self._fragments: dict[int, list[ToolFragment]] = {}
        self._thoughts: list[Thought] = []
        self._citations: dict[Clean, Citation] = {}
        self._warnings: list[Clean] = []
        self._veiling: asyncio.Task[More] | None = None

    async def listen(self, events: AsyncGenerator[StreamEvent]) -> None:
        """Take all events, up to the last one."""
        self._started = monotonic()
        try:
            async with aclosing(events) as stream:
                async for event in stream:
                    self._take(event)
        finally:
            self.seconds = monotonic() - self._started
            self.news.set()

    async def more(self) -> More:
        """Give what came since the last time, as far as it is certain that it is no key."""
        text, reasoning = self._text.taken(), self._reasoning.taken()
        if not text and not reasoning:
            return More()
        veiled = asyncio.to_thread(lambda: More(self._text.more(text), self._reasoning.more(reasoning)))
        self._veiling = asyncio.create_task(veiled)
        # Who is cancelled meanwhile loses nothing: the piece is among what `settle` waits for.
        return await asyncio.shield(self._veiling)

    async def settle(self) -> None:
        """Wait until nothing is at work here any more."""
        if self._veiling is not None:
            await asyncio.gather(self._veiling, return_exceptions=True)

    def rest(self) -> More:
        """Give what was held back; there is no more to come. Slow where that is long: call it in a thread."""
        return More(self._text.rest(), self._reasoning.rest())

    @property
    def text(self) -> str:
        """All of the text that was given on."""
        return self._text.given

    @property
    def reasoning(self) -> str:
        """All of the reasoning that was given on."""
        return self._reasoning.given

    @property
    def calls(self) -> tuple[ToolCall, ...]:
        """The calls that came, in their order, without the key; the last one may be cut off."""
        return tuple(self._call(self._fragments[index]) for index in sorted(self._fragments))

    @property
    def thoughts(self) -> tuple[Thought, ...]:
        """The blocks of thinking, verbatim but for the key."""
        return tuple(Thought(hide(each.text, self._key), each.signature) for each in self._thoughts)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The pages that a search found, each once."""
        return tuple(self._citations.values())

    @property
    def notes(self) -> tuple[Clean, ...]:
        """What else is to be known: what the service said beside it, calls that are no JSON (§6.3), and silence."""
        broken = [call.name for call in self.calls if call.arguments and not _is_object(call.arguments)]
        told = (f"The arguments of the call of {safe(name)} are no JSON object." for name in broken)
        nothing = silence(self.came)
        return (*self._warnings, *map(clean, told), *([nothing] if nothing else []))

    @property
    def came(self) -> Came:
        """What came, as far as a diagnosis asks for it."""
        return Came(
            self.finish,
            said=bool(self.text.strip() or self._fragments),
            called=bool(self._fragments),
            thought=bool(self.reasoning or self._thoughts),
            complete=self.ended is not None and self.ended.complete,
        )

    def _take(self, event: StreamEvent) -> None:
        match event:
            case Delta(text, reasoning):
                self._text.take(text)
                self._reasoning.take(reasoning)
            case ToolFragment(index=index):
                self._fragments.setdefault(index, []).append(event)
            case Cited(citations):
                self._citations |= {each.url: each for each in citations}
            case ThoughtEnded(thought):
                self._thoughts.append(thought)
            case Told(usage):
                self.usage = _merged(self.usage, usage)
            case Warned(message):
                self._warnings.append(message)
            case Finished(reason):
                self.finish = reason
            case Ended():
                self.ended = event
        if isinstance(event, Delta | ToolFragment):
            if self.first_token is None:
                self.first_token = monotonic() - self._started
            self.news.set()

    def _call(self, fragments: list[ToolFragment]) -> ToolCall:
        def whole(*parts: str) -> str:
            return hide("".join(parts), self._key)

        return ToolCall(
            id=whole(next((each.id for each in fragments if each.id), "")),
            name=whole(next((each.name for each in fragments if each.name), "")),
            arguments=whole(*(each.arguments for each in fragments)),
        )


class _Growing:
    """A text that grows behind its veil."""

    def __init__(self, key: Secret) -> None:
        self._veil = Veil(key)
        self._waiting: list[str] = []
        self._given: list[str] = []

    def take(self, text: str) -> None:
        if text:
            self._waiting.append(text)

    def taken(self) -> str:
        text = "".join(self._waiting)
        self._waiting.clear()
        return text

    def more(self, text: str) -> str:
        return self._give(self._veil.feed(text)) if text else ""

    def rest(self) -> str:
        return self._give(self._veil.feed(self.taken()) + self._veil.close())

    @property
    def given(self) -> str:
        return "".join(self._given)

    def _give(self, text: str) -> str:
        if text:
            self._given.append(text)
        return text


def _merged(before: Usage | None, after: Usage) -> Usage:
    """Give what was told in all: what comes later goes before, and takes nothing away."""
    if before is None:
        return after
    told = {
        each.name: value if (value := getattr(after, each.name)) is not None else getattr(before, each.name)
        for each in fields(Usage)
    }
    return Usage(**told)


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False
