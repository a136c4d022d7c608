"""One request on its way, up to the head of its answer."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from secrets import token_hex
from typing import TYPE_CHECKING, Final, Protocol, Self, runtime_checkable

from mimo_tui.core.exchange import Failure
from mimo_tui.core.json_text import Json
from mimo_tui.core.secrets import Secret
from mimo_tui.wire.allowed import NotAllowed, Place, place_of
from mimo_tui.wire.failures import Broken, Failed, broken, without_frames
from mimo_tui.wire.limits import Limits

if TYPE_CHECKING:
    import httpx2

_PIECE = 64 * 1024
_AT_ONCE: Final = 256 * 1024
"""Characters of one text that are written as JSON in one go."""
_LONGEST_MARK = 500


@dataclass(frozen=True, slots=True)
class Known:
    """A state of an answer, by its own marks: `ETag` and `Last-Modified` as they came (RFC 9110 §13); empty: none."""

    etag: str = ""
    modified: str = ""


UNKNOWN: Final = Known()


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request that may go to `place`. `origin` is a simulated platform that answers instead."""

    url: str = field(repr=False)
    method: str
    key: Secret | None
    body: bytes | None = field(repr=False)
    accept: str
    known: Known
    place: Place
    origin: str | None

    @property
    def simulated(self) -> bool:
        """Whether our simulator answers."""
        return self.origin is not None

    @property
    def on_this_machine(self) -> bool:
        """Whether no proxy may be between."""
        return self.simulated or self.place.is_local


def encoded(document: Mapping[str, Json]) -> bytes:
    """Give the body of a request as JSON. Slow where it is long: call it in a thread, which gives way to others.

    Raises ValueError for what JSON cannot hold.
    """
    mark, texts = token_hex(), list[str]()
    short = {name: _without_long(value, mark, texts) for name, value in document.items()}
    head, *rest = _dumped(short).split(mark.encode("ascii"))
    parts = [head]
    for text, after in zip(texts, rest, strict=True):
        # Writing a string gives way to no other thread, and a recording is one string of ten megabytes.
        parts += [_dumped(text[at : at + _AT_ONCE])[1:-1] for at in range(0, len(text), _AT_ONCE)]
        parts.append(after)
    return b"".join(parts)


def _without_long(value: Json, mark: str, texts: list[str]) -> Json:
    """Give the value with the mark in place of each long text, which `texts` gets."""
    if isinstance(value, str) and len(value) > _AT_ONCE:
        texts.append(value)
        return mark
    if isinstance(value, dict):
        return {name: _without_long(each, mark, texts) for name, each in value.items()}
    if isinstance(value, list):
        return [_without_long(each, mark, texts) for each in value]
    return value


def _dumped(value: Json) -> bytes:
    return json.dumps(value, allow_nan=False, separators=(",", ":")).encode("ascii")


async def send(
    client: "httpx2.AsyncClient", outgoing: Outgoing, limits: Limits, deadline: float | None
) -> "httpx2.Response":
    """Send it and give the answer, whose body is still to be read.

    `deadline` is a moment of the loop's clock. Raises Failed, and NotAllowed where the HTTP library understands
    the address differently from us.
    """
    import httpx2

    loop = asyncio.get_running_loop()
    connect, first_byte = limits.connect, limits.first_byte
    timeout = httpx2.Timeout(connect=connect, pool=connect, write=first_byte, read=None)
    try:
        async with asyncio.timeout_at(deadline) as timer, _Course(timer, deadline, first_byte) as course:
            extensions = {"trace": course.watch, "timeout": timeout.as_dict()}
            return await client.send(_request(client, outgoing, extensions), stream=True)
    except TimeoutError:
        if deadline is not None and loop.time() >= deadline:
            words = f"not finished within {limits.whole:g} s"
        else:
            words = f"no answer within {limits.first_byte:g} s"
        raise Failed(Broken(Failure.TIME_OUT, words)) from None
    except httpx2.ConnectTimeout:
        words = f"no connection within {limits.connect:g} s"
        raise Failed(Broken(Failure.TIME_OUT, words)) from None
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as error:
        raise Failed(broken(error)) from None
    except NotAllowed:
        raise
    except Exception as error:  # noqa: BLE001 it goes on, without its frames
        raise without_frames(error) from None


class _Course:
    """Watches how far a request has come: when the wait for the answer begins, and what was opened for it."""

    def __init__(self, timer: asyncio.Timeout, deadline: float | None, first_byte: float) -> None:
        self._timer = timer
        self._deadline = deadline
        self._first_byte = first_byte
        self._opened: _Closable | None = None

    async def watch(self, name: str, details: Mapping[str, object]) -> None:
        """Take note of an event (httpx, "Extensions": `trace`)."""
        if name.endswith(("start_tls.started", "send_request_headers.started")):
            self._timer.reschedule(self._deadline)
        elif name.endswith("receive_response_headers.started"):
            first = asyncio.get_running_loop().time() + self._first_byte
            self._timer.reschedule(first if self._deadline is None else min(first, self._deadline))
        elif name.endswith("connect_tcp.complete"):
            opened = details.get("return_value")
            self._opened = opened if isinstance(opened, _Closable) else None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, error: type[BaseException] | None, *_: object) -> None:
        # httpcore 2.16 leaves the socket open where a TLS handshake is cancelled.
        if error is not None and self._opened is not None:
            await self._opened.aclose()


@runtime_checkable
class _Closable(Protocol):
    async def aclose(self) -> None: ...


def _request(
    client: "httpx2.AsyncClient", outgoing: Outgoing, extensions: dict[str, object]
) -> "httpx2.Request":
    import httpx2

    # A mapping of the library's own, since it does not show the key.
    url, headers = httpx2.URL(outgoing.url), httpx2.Headers({"Accept": outgoing.accept})
    if outgoing.origin is not None:
        if not place_of(outgoing.origin).is_local:
            raise NotAllowed("the simulated platform is not on this machine")
        headers["Host"] = outgoing.place.host
        url = httpx2.URL(outgoing.origin.rstrip("/") + url.raw_path.decode("ascii"))
    elif (url.scheme, url.host, url.port) != (
        outgoing.place.scheme,
        outgoing.place.host,
        None if outgoing.place.has_usual_port else outgoing.place.port,
    ):
        raise NotAllowed("the address can be read in two ways")
    for name, mark in (
        ("If-None-Match", outgoing.known.etag),
        ("If-Modified-Since", outgoing.known.modified),
    ):
        if mark:
            headers[name] = mark
    if outgoing.key is not None:
        headers["Authorization"] = f"Bearer {_header(outgoing.key)}"
    content: bytes | AsyncIterator[bytes] | None = outgoing.body
    if outgoing.body is not None:
        headers["Content-Type"] = "application/json"
        if len(outgoing.body) > _PIECE:
            headers["Content-Length"] = str(len(outgoing.body))
            content = _pieces(outgoing.body)
    return client.build_request(outgoing.method, url, headers=headers, content=content, extensions=extensions)


def _header(key: Secret) -> str:
    value = key.reveal()
    if not (value.isascii() and value.isprintable() and value and " " not in value):
        raise NotAllowed("the key is empty or holds characters that no key has, so it cannot be sent")
    return value


def marks(headers: Mapping[str, str]) -> Known:
    """Give the marks of an answer. What no header may hold, or is longer than any mark, is none."""
    return Known(_mark(headers.get("etag", "")), _mark(headers.get("last-modified", "")))


def _mark(value: str) -> str:
    return value if value.isascii() and value.isprintable() and len(value) <= _LONGEST_MARK else ""


async def _pieces(data: bytes) -> AsyncIterator[bytes]:
    """Give a long body in pieces: as one, it would hold up the event loop while it is encrypted."""
    for start in range(0, len(data), _PIECE):
        yield data[start : start + _PIECE]
