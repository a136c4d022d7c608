"""An answer of the Anthropic surface, as typed events (`mimo-api.md` §10)."""

import asyncio
import json
from collections.abc import AsyncGenerator, Iterator, Mapping
from dataclasses import dataclass, field

from mimo_tui.core.conversation import Thought
from mimo_tui.core.json_text import Json
from mimo_tui.core.secrets import Secret
from mimo_tui.core.usage import Usage
from mimo_tui.wire.answer_reader import AnswerReader
from mimo_tui.wire.answering import ChatRequest, listen
from mimo_tui.wire.events import Delta, Finished, StreamEvent, ThoughtEnded, Told, ToolFragment
from mimo_tui.wire.evidence import line
from mimo_tui.wire.http import Client, Limits
from mimo_tui.wire.json_values import count_of, table_of, tables_of, text_of

__all__ = ["ChatRequest", "stream_messages"]


def stream_messages(
    client: Client,
    request: ChatRequest,
    limits: Limits | None = None,
    *,
    stop: asyncio.Event | None = None,
) -> AsyncGenerator[StreamEvent, None]:
    """Give the events of an answer as they come, and `Ended` last, however it ends; nothing raises.

    All else is as `wire.chat.stream_chat` has it.
    """
    return listen(client, request, AnswerReader(MessagesDialect(request.key), request.key), limits, stop)


@dataclass(slots=True)
class _Block:
    """A block of the answer that has not ended. `call` is its number among the calls, `given` what came at once."""

    kind: str
    call: int
    given: Json = None
    pieces: bool = False
    thought: list[str] = field(default_factory=list)
    signature: list[str] = field(default_factory=list)


class MessagesDialect:
    """Events and whole messages. The order of the blocks is not relied on."""

    def __init__(self, key: Secret) -> None:
        self._key = key
        self._blocks: dict[int, _Block] = {}
        self._calls = 0
        self._counts: dict[str, int] = {}
        self.finished = False
        self.ended = False

    def read(self, document: dict[str, Json]) -> list[StreamEvent]:
        """Give what an event or a whole message says; a ping and what is not known say nothing."""
        return list(self._read(document))

    def _read(self, document: dict[str, Json]) -> Iterator[StreamEvent]:
        match document.get("type"):
            case "content_block_delta":
                yield from self._grow(_index(document), table_of(document.get("delta")))
            case "content_block_start":
                yield from self._begin(_index(document), table_of(document.get("content_block")))
            case "content_block_stop":
                yield from self._end(_index(document))
            case "message_start":
                # Its counts are zeros, which say nothing yet.
                self._count(table_of(document.get("message")), zeros=False)
            case "message_delta":
                yield from self._stop(table_of(document.get("delta")), document)
            case "message_stop":
                self.ended = True
                for index in list(self._blocks):
                    yield from self._end(index)
            case "message":
                for index, block in enumerate(tables_of(document.get("content"))):
                    yield from self._begin(index, block)
                    yield from self._end(index)
                yield from self._stop(document, document)

    def _stop(self, said: Mapping[str, Json], counted: Mapping[str, Json]) -> Iterator[StreamEvent]:
        if self._count(counted, zeros=True):
            yield Told(_usage(self._counts))
        if reason := text_of(said.get("stop_reason")):
            self.finished = True
            yield Finished(line(reason, self._key))

    def _count(self, holder: Mapping[str, Json], *, zeros: bool) -> bool:
        """Take what is counted so far, and tell whether there was anything."""
        usage = table_of(holder.get("usage"))
        counts = {name: count for name, value in usage.items() if (count := count_of(value)) is not None}
        self._counts |= {name: count for name, count in counts.items() if count or zeros}
        return bool(counts)

    def _begin(self, index: int, block: Mapping[str, Json]) -> Iterator[StreamEvent]:
        kind = text_of(block.get("type"))
        opened = self._opened(index, kind)
        match kind:
            case "text":
                yield from _delta(text=text_of(block.get("text")))
            case "thinking":
                yield from self._grow(index, {"type": "thinking_delta", "thinking": block.get("thinking")})
                opened.signature.append(text_of(block.get("signature")))
            case "tool_use":
                opened.given = block.get("input")
                yield ToolFragment(opened.call, text_of(block.get("id")), text_of(block.get("name")), "")

    def _grow(self, index: int, delta: Mapping[str, Json]) -> Iterator[StreamEvent]:
        match delta.get("type"):
            case "text_delta":
                yield from _delta(text=text_of(delta.get("text")))
            case "thinking_delta":
                thought = text_of(delta.get("thinking"))
                self._opened(index, "thinking").thought.append(thought)
                yield from _delta(reasoning=thought)
            case "signature_delta":
                self._opened(index, "thinking").signature.append(text_of(delta.get("signature")))
            case "input_json_delta":
                if piece := text_of(delta.get("partial_json")):
                    opened = self._opened(index, "tool_use")
                    opened.pieces = True
                    yield ToolFragment(opened.call, "", "", piece)

    def _end(self, index: int) -> Iterator[StreamEvent]:
        block = self._blocks.pop(index, None)
        if block is None:
            return
        if block.kind == "thinking":
            thought = Thought("".join(block.thought), "".join(block.signature))
            if thought != Thought(""):
                yield ThoughtEnded(thought)
        elif block.kind == "tool_use" and not block.pieces and block.given is not None:
            yield ToolFragment(block.call, "", "", json.dumps(block.given, ensure_ascii=False))

    def _opened(self, index: int, kind: str) -> _Block:
        """Give the block of that place; one that nobody began begins here."""
        block = self._blocks.get(index)
        if block is None or block.kind != kind:
            block = self._blocks[index] = _Block(kind, self._calls)
            self._calls += kind == "tool_use"
        return block


def _delta(text: str = "", reasoning: str = "") -> Iterator[StreamEvent]:
    if text or reasoning:
        yield Delta(text, reasoning)


def _index(document: Mapping[str, Json]) -> int:
    return count_of(document.get("index")) or 0


def _usage(counts: Mapping[str, int]) -> Usage:
    """Give the tokens. What was read from the cache or put there is not in `input_tokens`.

    So it is on Anthropic's own surface; `mimo-api.md` §10 does not say it of this one. Tokens of reasoning are in the
    output and not told apart.
    """
    cached = counts.get("cache_read_input_tokens")
    prompt, completion = counts.get("input_tokens"), counts.get("output_tokens")
    if prompt is not None:
        prompt += (cached or 0) + counts.get("cache_creation_input_tokens", 0)
    total = None if prompt is None or completion is None else prompt + completion
    return Usage(prompt=prompt, completion=completion, total=total, cached=cached)
