"""A streamed answer of the OpenAI surface, as typed events (`mimo-api.md` §7)."""

import asyncio
import json
from collections.abc import AsyncGenerator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from mimo_tui.core import endpoints
from mimo_tui.core.catalogue import Surface
from mimo_tui.core.exchange import ApiError, Exchange
from mimo_tui.core.json_text import Json
from mimo_tui.core.secrets import Secret
from mimo_tui.core.text import Clean
from mimo_tui.wire.evidence import error_in, line
from mimo_tui.wire.http import USUAL, Client, Limits, Request
from mimo_tui.wire.sse import ServerEvent, SseDecoder

_END = "[DONE]"


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """A conversation to be continued. `options` are further members of the body, as the API names them."""

    base_url: str = field(repr=False)
    key: Secret
    model: str
    messages: tuple[Mapping[str, Json], ...] = field(repr=False)
    named: str = ""
    options: Mapping[str, Json] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Delta:
    """More of the answer, exactly as the model wrote it, since reasoning goes back verbatim (§6.3).

    It is neither clean nor redacted: a part may end within an escape sequence or a key. Whoever shows it cleans
    what has come so far as a whole.
    """

    text: str = field(default="", repr=False)
    reasoning: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ToolFragment:
    """More of a tool call. `id` and `name` stand in its first fragment; `arguments` is JSON text to be joined."""

    index: int
    id: str = field(repr=False)
    name: str = field(repr=False)
    arguments: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Usage:
    """What the answer cost, in tokens, reasoning and cached ones included. None: not told."""

    prompt: int | None
    completion: int | None
    total: int | None
    cached: int | None
    reasoning: int | None


@dataclass(frozen=True, slots=True)
class Finished:
    """Why the model stopped, in the API's word."""

    reason: Clean


@dataclass(frozen=True, slots=True)
class Ended:
    """The last event. `complete`: the answer has its end mark or a reason to stop, and nothing of it is missing."""

    exchange: Exchange
    complete: bool


ChatEvent: TypeAlias = Delta | ToolFragment | Usage | Finished | Ended


async def stream_chat(
    client: Client, request: ChatRequest, limits: Limits = USUAL
) -> AsyncGenerator[ChatEvent, None]:
    """Give the events of a streamed answer as they come, and `Ended` last, however it ends; nothing raises.

    Leave it early by `aclose` (`contextlib.aclosing`): the connection closes at once.
    """
    url = endpoints.request_url(request.base_url, surface=Surface.OPENAI)
    body: dict[str, Json] = {
        "model": request.model,
        "messages": [dict(message) for message in request.messages],
        **request.options,
        "stream": True,
    }
    call = Request(
        url, method="POST", key=request.key, json=body, named=request.named, accept="text/event-stream"
    )
    reader = _Reader(request.key)
    async with client.stream(call, limits) as stream:
        async for chunk in stream:
            for event in reader.feed(chunk):
                yield event
            if reader.has_ended:
                break
        if stream.exchange.status == 200:
            # An answer that came as one document may be long.
            for event in await asyncio.to_thread(reader.close):
                yield event
    exchange = stream.exchange
    error = reader.error or exchange.error
    yield Ended(
        replace(exchange, error=error), reader.is_complete and exchange.failure is None and error is None
    )


class _Reader:
    """Turns the bytes of an answer into events. An answer that is plain JSON is read as a whole at its end."""

    def __init__(self, key: Secret) -> None:
        self._key = key
        self._decoder = SseDecoder()
        self._whole: list[bytes] | None = None
        self._begun = False
        self._finished = False
        self._damaged = False
        self.has_ended = False
        self.error: ApiError | None = None

    @property
    def is_complete(self) -> bool:
        return (self.has_ended or self._finished) and not self._damaged

    def feed(self, chunk: bytes) -> Iterator[ChatEvent]:
        if not self._begun and (begin := chunk.lstrip(b"\xef\xbb\xbf \t\r\n")):
            self._begun = True
            self._whole = [] if begin.startswith(b"{") else None
        if self._whole is not None:
            self._whole.append(chunk)
            return
        for event in self._decoder.feed(chunk):
            yield from self._read(event)

    def close(self) -> list[ChatEvent]:
        if self._whole is not None:
            return list(self._events(b"".join(self._whole)))
        return [found for event in self._decoder.close() for found in self._read(event)]

    def _read(self, event: ServerEvent) -> Iterator[ChatEvent]:
        if event.too_long:
            self._damaged = True
        elif event.data.strip() == _END:
            self.has_ended = True
        elif event.data and not self.has_ended:
            yield from self._events(event.data)

    def _events(self, text: str | bytes) -> Iterator[ChatEvent]:
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            self._damaged = True
            return
        if not isinstance(document, dict):
            self._damaged = True
            return
        if document.get("error"):
            said = text if isinstance(text, str) else text.decode("utf-8", "replace")
            self.error = error_in(said, self._key)
            self._damaged = True
            return
        for choice in _items(document.get("choices")):
            yield from self._choice(choice)
        usage = document.get("usage")
        if isinstance(usage, dict):
            yield _usage(usage)

    def _choice(self, choice: dict[str, Json]) -> Iterator[ChatEvent]:
        # A choice has a delta where it is streamed, and a message where the whole answer came at once.
        part = choice.get("delta") or choice.get("message")
        if isinstance(part, dict):
            text, reasoning = _text(part.get("content")), _text(part.get("reasoning_content"))
            if text or reasoning:
                yield Delta(text, reasoning)
            for position, call in enumerate(_items(part.get("tool_calls"))):
                yield _tool_fragment(call, position)
        reason = _text(choice.get("finish_reason"))
        if reason:
            self._finished = True
            yield Finished(line(reason, self._key))


def _tool_fragment(call: dict[str, Json], position: int) -> ToolFragment:
    named = call.get("function")
    function = named if isinstance(named, dict) else {}
    index = _number(call.get("index"))
    return ToolFragment(
        index=position if index is None else index,
        id=_text(call.get("id")),
        name=_text(function.get("name")),
        arguments=_text(function.get("arguments")),
    )


def _usage(usage: dict[str, Json]) -> Usage:
    def detail(group: str, name: str) -> int | None:
        found = usage.get(group)
        return _number(found.get(name)) if isinstance(found, dict) else None

    return Usage(
        prompt=_number(usage.get("prompt_tokens")),
        completion=_number(usage.get("completion_tokens")),
        total=_number(usage.get("total_tokens")),
        cached=detail("prompt_tokens_details", "cached_tokens"),
        reasoning=detail("completion_tokens_details", "reasoning_tokens"),
    )


def _items(value: Json) -> list[dict[str, Json]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def _number(value: Json) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
