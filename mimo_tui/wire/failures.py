"""What an exception of the network means: the kind of failure, and the words of the system for it."""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from traceback import format_tb

from mimo_tui.core.exchange import Failure

# What h11 and httpcore say where the other side hung up; both use one exception for this and for garbage.
_HUNG_UP = ("disconnected", "closed connection", "connectionclosed")


@dataclass(frozen=True, slots=True)
class Broken:
    """How a request failed. `reason` is raw text of the system or the other side."""

    failure: Failure
    reason: str


class Failed(Exception):
    """A request that ended without an answer."""

    def __init__(self, broken: Broken) -> None:
        super().__init__(broken.reason)
        self.broken = broken


def without_frames(error: Exception) -> Exception:
    """Give an exception that nobody expected without the frames in which it arose; a note says which they were.

    The frames of the library hold the key, and whoever shows a traceback may show what its frames hold.
    """
    error.add_note("".join(format_tb(error.__traceback__)))
    return error.with_traceback(None)


def broken(error: BaseException) -> Broken:
    """Tell what an exception of the HTTP library means, by what lies beneath it."""
    import httpx2

    chain = tuple(_chain(error))
    for cause in chain:
        if isinstance(cause, socket.gaierror):
            return Broken(Failure.DNS, cause.strerror or str(cause))
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Broken(Failure.TLS, f"certificate not trusted: {cause.verify_message or cause}")
        if isinstance(cause, ssl.SSLError):
            return Broken(Failure.TLS, (cause.reason or str(cause)).replace("_", " ").lower())
    for cause in chain:
        if isinstance(cause, ConnectionRefusedError):
            return Broken(Failure.REFUSED, "connection refused")
        if isinstance(cause, ConnectionResetError | BrokenPipeError | ConnectionAbortedError):
            return Broken(Failure.RESET, "connection reset by the other side")
    if any(isinstance(cause, TimeoutError | httpx2.TimeoutException) for cause in chain):
        return Broken(Failure.TIME_OUT, "no answer in time")
    return _by_type(error, chain)


def _by_type(error: BaseException, chain: tuple[BaseException, ...]) -> Broken:
    import httpx2

    words = next((str(cause) for cause in chain if str(cause)), "") or type(chain[-1]).__name__
    if isinstance(error, httpx2.ProxyError):
        return Broken(Failure.REFUSED, f"the proxy refuses: {words}")
    if isinstance(error, httpx2.RemoteProtocolError):
        hung_up = any(sign in words.lower() for sign in _HUNG_UP)
        return Broken(Failure.RESET if hung_up else Failure.GARBLED, words)
    if isinstance(error, httpx2.DecodingError):
        return Broken(Failure.GARBLED, words)
    if isinstance(error, httpx2.ReadError | httpx2.WriteError | httpx2.CloseError):
        return Broken(Failure.RESET, words)
    refusal = next((cause for cause in chain if isinstance(cause, OSError)), None)
    if refusal is not None:
        return Broken(Failure.REFUSED, refusal.strerror or words)
    # A TLS handshake that ends without a word has nothing of the operating system beneath it.
    return Broken(Failure.RESET if isinstance(error, httpx2.ConnectError) else Failure.GARBLED, words)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Give the exception and all that lies beneath it; of several addresses that failed, each."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop(0)
        if one is None or id(one) in seen or isinstance(one, asyncio.CancelledError):
            continue
        seen.add(id(one))
        yield one
        if isinstance(one, BaseExceptionGroup):
            waiting.extend(one.exceptions)
        waiting += [one.__cause__, one.__context__]
