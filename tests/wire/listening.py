"""All that came of asking a model, put together as a program would."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

from mimo_tui.core.conversation import Citation, Thought, ToolCall
from mimo_tui.core.json_text import Json
from mimo_tui.core.secrets import Secret
from mimo_tui.core.usage import Usage
from mimo_tui.wire.answering import ChatRequest
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
from tests.wire.servers import Connection, Handler, Server

KEY = Secret("sk-not-a-real-key-0123456789")
HELLO: Mapping[str, Json] = {"messages": [{"role": "user", "content": "hi"}]}


@dataclass
class Heard:
    """All that came."""

    text: str = ""
    reasoning: str = ""
    fragments: dict[int, list[str]] = field(default_factory=dict)
    thoughts: list[Thought] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    usage: Usage | None = None
    reason: str = ""
    ended: Ended | None = None

    @property
    def calls(self) -> tuple[ToolCall, ...]:
        """The calls, put together."""
        return tuple(ToolCall(*parts) for _, parts in sorted(self.fragments.items()))

    @property
    def end(self) -> Ended:
        """The last event."""
        assert self.ended is not None
        return self.ended

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return self.end.complete

    def hear(self, event: StreamEvent) -> None:
        """Take one event."""
        assert self.ended is None
        match event:
            case Delta():
                self.text += event.text
                self.reasoning += event.reasoning
            case ToolFragment():
                parts = self.fragments.setdefault(event.index, ["", "", ""])
                parts[0] += event.id
                parts[1] += event.name
                parts[2] += event.arguments
            case ThoughtEnded():
                self.thoughts.append(event.thought)
            case Cited():
                self.citations += event.citations
            case Warned():
                self.warnings.append(event.message)
            case Told():
                self.usage = event.usage
            case Finished():
                self.reason = event.reason
            case Ended():
                self.ended = event


async def hear_all(events: AsyncIterator[StreamEvent]) -> Heard:
    """Listen to the end."""
    heard = Heard()
    async for event in events:
        heard.hear(event)
    assert heard.ended is not None
    return heard


def request_to(server: Server, key: Secret = KEY, *, streamed: bool = True) -> ChatRequest:
    """Give a small request to a server."""
    return ChatRequest(f"{server.url}/x", key, "m", HELLO, server.place, streamed=streamed)


def streaming(*chunks: bytes) -> Handler:
    """Answer every request with these bytes, and close."""

    async def answer(connection: Connection) -> None:
        await connection.begin()
        for one in chunks:
            await connection.send(one)
        connection.writer.close()

    return answer
