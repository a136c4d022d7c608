"""Asks a model and gives its answer as events: what both surfaces have in common."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import TypeVar

from mimo_tui.core.exchange import Exchange, Failure
from mimo_tui.core.json_text import Json
from mimo_tui.core.secrets import Secret
from mimo_tui.core.text import NOTHING
from mimo_tui.wire.answer_reader import Reader
from mimo_tui.wire.events import Ended
from mimo_tui.wire.evidence import line
from mimo_tui.wire.http import Client, Limits, Request, Stream
from mimo_tui.wire.limits import STREAMED_ANSWER, WHOLE_ANSWER

T = TypeVar("T")
Event = TypeVar("Event")

_LINGER = 0.1
"""Seconds to wait for the end of the transfer after that of the answer, so that the connection can be used again."""


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """A conversation to be continued at `url`, which is whole. `body` has all but `model` and `stream`.

    `named` is a host (perhaps with a port) that the person's own preset names: the key may go there too.
    """

    url: str = field(repr=False)
    key: Secret
    model: str
    body: Mapping[str, Json] = field(repr=False)
    named: str = ""
    streamed: bool = True


async def listen(
    client: Client,
    request: ChatRequest,
    reader: Reader[Event],
    limits: Limits | None = None,
    stop: asyncio.Event | None = None,
) -> AsyncGenerator[Event | Ended, None]:
    """Give the events of an answer as they come, and `Ended` last, however it ends; nothing raises.

    Once `stop` is set nothing more is waited for. Leave it early by `aclose` (`contextlib.aclosing`): the connection
    closes at once.
    """
    call = _call(request)
    limits = limits or (STREAMED_ANSWER if request.streamed else WHOLE_ANSWER)
    started = monotonic()
    async with AsyncExitStack() as stack:
        patience = stack.enter_context(_until(stop))
        stream, exchange = None, client.unanswered(call)
        try:
            stream = await patience.wait(stack.enter_async_context(client.stream(call, limits)))
        except TimeoutError:
            exchange = replace(exchange, seconds=monotonic() - started)
        except (ValueError, RecursionError) as error:
            exchange = _unsendable(exchange, error, request.key)
        if stream is not None:
            with suppress(TimeoutError):
                while not reader.has_ended and (chunk := await patience.wait(anext(stream, None))):
                    for event in reader.feed(chunk):
                        yield event
            exchange = await _let_go(stream) if reader.has_ended else await _closed(stream)
        if exchange.status == 200:
            for event in await asyncio.to_thread(reader.close):
                yield event
    error_told = reader.error or exchange.error
    complete = reader.is_complete and exchange.failure is None and error_told is None
    shown = await asyncio.to_thread(reader.raw.shown, request.key, exchange.content_type)
    yield Ended(replace(exchange, error=error_told), complete, shown)


def _call(request: ChatRequest) -> Request:
    return Request(
        request.url,
        method="POST",
        key=request.key,
        json={"model": request.model, **request.body, "stream": request.streamed},
        named=request.named,
        accept="text/event-stream" if request.streamed else "application/json",
    )


async def _let_go(stream: Stream) -> Exchange:
    """Close an answer that is at its end; what becomes of the connection after it does not matter."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_LINGER):
            async for _ in stream:
                pass
    return replace(await _closed(stream), failure=None, reason=NOTHING)


async def _closed(stream: Stream) -> Exchange:
    await stream.aclose()
    return stream.exchange


def _unsendable(exchange: Exchange, error: Exception, key: Secret) -> Exchange:
    reason = line(f"the request cannot be written as JSON: {error}", key)
    return replace(exchange, failure=Failure.NOT_ALLOWED, reason=reason)


class _Patience:
    """Waits as long as nobody stops it."""

    def __init__(self, stop: asyncio.Event | None) -> None:
        self._stop = stop
        self._timer: asyncio.Timeout | None = None

    async def wait(self, awaited: Awaitable[T]) -> T:
        """Give what comes. Raises TimeoutError once it is stopped."""
        is_stopped = self._stop is not None and self._stop.is_set()
        try:
            async with asyncio.timeout(0 if is_stopped else None) as self._timer:
                return await awaited
        finally:
            self._timer = None

    async def watch(self, stop: asyncio.Event) -> None:
        """End what is waited for at the moment when it is stopped."""
        await stop.wait()
        if self._timer is not None:
            self._timer.reschedule(asyncio.get_running_loop().time())


@contextmanager
def _until(stop: asyncio.Event | None) -> Iterator[_Patience]:
    patience = _Patience(stop)
    watching = asyncio.create_task(patience.watch(stop)) if stop is not None else None
    try:
        yield patience
    finally:
        if watching is not None:
            watching.cancel()
