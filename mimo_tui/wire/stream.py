"""An answer that is still coming."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin

from mimo_tui.core.exchange import Exchange, Failure
from mimo_tui.core.secrets import Secret
from mimo_tui.wire.evidence import HEAD, body, charset_of, line
from mimo_tui.wire.failures import Broken, broken, without_frames
from mimo_tui.wire.limits import Limits
from mimo_tui.wire.sending import UNKNOWN, marks

if TYPE_CHECKING:
    import httpx2

_SIMULATED = "x-simulated"
_PIECES_AT_ONCE = 50


class Stream:
    """An answer that is still coming: iterate over it for its bytes, as they come, decompressed.

    `exchange` is what is known so far: status and headers, then how it ended. Iterating ends without raising where
    the answer breaks off; `exchange.failure` says so. `location` is where a redirect points, as it was written;
    `known` are the marks of the answer's state.
    """

    def __init__(self, exchange: Exchange, key: Secret | None, started: float) -> None:
        self.exchange = exchange
        self.location = ""
        self.known = UNKNOWN
        self._key = key
        self._started = started
        self._head = bytearray()
        self._taken = 0
        self._pieces = 0
        self._charset = ""
        self._limits: Limits | None = None
        self._deadline: float | None = None
        self._response: httpx2.Response | None = None
        self._chunks: AsyncGenerator[bytes, None] | None = None

    @classmethod
    def failed(cls, exchange: Exchange, how: Broken, key: Secret | None, started: float) -> Self:
        """Give a stream of nothing: no answer came."""
        stream = cls(exchange, key, started)
        stream._finish(how)
        return stream

    @classmethod
    def opened(
        cls,
        exchange: Exchange,
        response: "httpx2.Response",
        key: Secret | None,
        limits: Limits,
        started: float,
        deadline: float | None,
    ) -> Self:
        """Give the stream of an answer whose head has come. `deadline` is a moment of the loop's clock."""
        stream = cls(exchange, key, started)
        headers = response.headers
        stream.location = headers.get("location", "")
        stream.known = marks(headers)
        stream._charset = charset_of(headers)
        stream._limits, stream._deadline = limits, deadline
        stream._response, stream._chunks = response, response.aiter_bytes()
        stream.exchange = replace(
            exchange,
            seconds=monotonic() - started,
            status=response.status_code,
            content_type=line(headers.get("content-type", ""), key),
            location=line(stream._absolute_location(), key),
            simulated=exchange.simulated or _SIMULATED in headers,
        )
        return stream

    def refuse(self, reason: str) -> None:
        """Note that what the answer asks for, a redirect, is not done."""
        self._finish(Broken(Failure.NOT_ALLOWED, reason))

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        if self._chunks is None or self._limits is None or self.exchange.failure is not None:
            raise StopAsyncIteration
        import httpx2

        try:
            async with asyncio.timeout(self._patience(self._limits)):
                await self._let_others_act()
                chunk = await anext(self._chunks)
        except StopAsyncIteration:
            await self.aclose()
            raise
        except TimeoutError:
            await self._break_off(self._too_late(self._limits))
        except (httpx2.HTTPError, httpx2.StreamError, OSError, ValueError) as error:
            await self._break_off(broken(error))
        except Exception as error:  # noqa: BLE001 it goes on, without its frames
            await self.aclose()
            raise without_frames(error) from None
        else:
            self._taken += len(chunk)
            if self._taken <= self._limits.size:
                if len(self._head) <= HEAD:
                    self._head += chunk[: HEAD + 1]
                return chunk
            await self._break_off(
                Broken(Failure.TOO_LONG, f"the answer is longer than {self._limits.size:,} bytes")
            )
        raise StopAsyncIteration

    async def aclose(self) -> None:
        """Close the connection, unless the whole answer was read: then it is kept for the next request."""
        if self._response is None or self._chunks is None:
            return
        response, chunks = self._response, self._chunks
        self._response = self._chunks = None
        try:
            await chunks.aclose()
            await response.aclose()
        finally:
            self._finish(None)

    async def _break_off(self, how: Broken) -> None:
        self._finish(how)
        await self.aclose()

    def _finish(self, how: Broken | None) -> None:
        shown, error = body(bytes(self._head), self._key, self._charset)
        self.exchange = replace(
            self.exchange,
            seconds=monotonic() - self._started,
            failure=self.exchange.failure if how is None else how.failure,
            reason=self.exchange.reason if how is None else line(how.reason, self._key),
            body=shown,
            error=error,
        )

    async def _let_others_act(self) -> None:
        # Thousands of tiny pieces come in one packet, and each is there without any waiting.
        self._pieces += 1
        if self._pieces % _PIECES_AT_ONCE == 0:
            await asyncio.sleep(0)

    def _patience(self, limits: Limits) -> float:
        if self._deadline is None:
            return limits.silence
        return max(0.0, min(limits.silence, self._deadline - asyncio.get_running_loop().time()))

    def _too_late(self, limits: Limits) -> Broken:
        late = self._deadline is not None and asyncio.get_running_loop().time() >= self._deadline
        words = f"not finished within {limits.whole:g} s" if late else f"silent for {limits.silence:g} s"
        return Broken(Failure.TIME_OUT, words)

    def _absolute_location(self) -> str:
        try:
            return urljoin(self.exchange.url, self.location) if self.location else ""
        except ValueError:
            return self.location
