"""The one client: every request of the program goes out here."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from time import monotonic
from typing import Final
from urllib.parse import urljoin

from mimo_tui.core.catalogue import Catalogue
from mimo_tui.core.exchange import Exchange, Failure
from mimo_tui.core.json_text import Json
from mimo_tui.core.secrets import Secret
from mimo_tui.wire.allowed import NotAllowed, Place, check, place_of
from mimo_tui.wire.evidence import line
from mimo_tui.wire.failures import Broken, Failed
from mimo_tui.wire.limits import CHECK, USUAL, Limits
from mimo_tui.wire.network import Network
from mimo_tui.wire.pool import Pool
from mimo_tui.wire.sending import UNKNOWN, Known, Outgoing, encoded, send
from mimo_tui.wire.stream import Stream

__all__ = ["CHECK", "USUAL", "Client", "Known", "Limits", "Network", "Reply", "Request", "Stream"]

_MOST_REDIRECTS: Final = 5
_FIRST_PAUSE: Final = 0.5
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask. `named` is a host (perhaps with a port) that the person's own preset names: a key may go there too.

    A key goes to hosts of the API in the catalogue and to `named`, over https (loopback aside), and nowhere else.
    `known` is the state of the answer that is here already: where it is still the same, only 304 comes.
    """

    # A base URL may carry a key of its own, which no representation is to show.
    url: str = field(repr=False)
    method: str = "GET"
    key: Secret | None = None
    json: Mapping[str, Json] | None = field(default=None, repr=False)
    named: str = ""
    accept: str = "application/json"
    known: Known = UNKNOWN


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer: the evidence, and the bytes as they came (empty where none came)."""

    exchange: Exchange
    data: bytes = field(default=b"", repr=False)
    known: Known = UNKNOWN


@dataclass(slots=True)
class _Course:
    """How far a request has come: redirects change `url`, retries count `attempts`."""

    url: str = field(repr=False)
    started: float
    deadline: float | None
    attempts: int = 0
    redirects: int = 0
    forgiven: bool = False


class Client:
    """The pool of connections. Made once at start; imports and opens nothing before the first request.

    `pause` waits that many seconds between two tries; `jitter` gives the factor by which a pause is changed.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        network: Network,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] | None = None,
    ) -> None:
        self.catalogue = catalogue
        self._network = network
        self._now = now
        self._pause = pause
        self._jitter = jitter or _jitter
        self._pool = Pool()
        self._worked: set[tuple[str, str]] = set()

    async def fetch(self, request: Request, limits: Limits = USUAL) -> Reply:
        """Give the answer, whatever it is: no status and no network failure raises.

        408, 429 and 5xx are tried again with growing pauses, and so is the 401 of a key that worked in this run on
        this host (`mimo-api.md` §12), all within `limits`. Cancelling closes the connection at once.
        """
        async with self.stream(request, limits) as stream:
            data = b"".join([chunk async for chunk in stream])
        return Reply(stream.exchange, data, stream.known)

    @asynccontextmanager
    async def stream(self, request: Request, limits: Limits = USUAL) -> AsyncIterator[Stream]:
        """Open an answer that is read as it comes; left early, its connection closes at once."""
        stream = await self._open(request, limits)
        try:
            yield stream
        finally:
            await stream.aclose()
            if request.key is not None and _is_answered(stream.exchange):
                self._worked.add((stream.exchange.host, request.key.fingerprint))

    def has_accepted(self, host: str, key: Secret) -> bool:
        """Tell whether the host answered a request with this key well in this run."""
        return (host.lower(), key.fingerprint) in self._worked

    def unanswered(self, request: Request) -> Exchange:
        """Give the evidence of a request whose answer nobody waited for, or that could not be made."""
        try:
            place = place_of(request.url)
        except NotAllowed:
            host, is_local = "", False
        else:
            host, is_local = place.host, place.is_local
        return Exchange(
            method=request.method,
            url=line(request.url, request.key),
            host=line(host, request.key),
            at=self._now(),
            seconds=0.0,
            simulated=self._network.simulated is not None and not is_local,
        )

    async def aclose(self) -> None:
        """Close every connection of the running event loop."""
        await self._pool.aclose()

    async def _open(self, request: Request, limits: Limits) -> Stream:
        started = monotonic()
        loop = asyncio.get_running_loop()
        deadline = None if limits.whole is None else loop.time() + limits.whole
        course = _Course(request.url, started, deadline)
        while True:
            stream = await self._once(request, limits, course)
            target = self._redirected(stream, request, course)
            if target is not None:
                course.url, course.redirects = target, course.redirects + 1
                await stream.aclose()
                continue
            wait = self._next_pause(stream.exchange, request, limits, course)
            if wait is None:
                return stream
            await stream.aclose()
            await self._pause(wait)

    async def _once(self, request: Request, limits: Limits, course: _Course) -> Stream:
        exchange = Exchange(
            method=request.method,
            url=line(course.url, request.key),
            host=line("", None),
            at=self._now(),
            seconds=0.0,
            attempts=course.attempts,
        )
        try:
            place = self._check(request, course.url)
            exchange = replace(exchange, host=line(place.host, request.key))
            if self._network.offline:
                raise Failed(Broken(Failure.OFFLINE, "offline: nothing is asked of the network"))
            outgoing = await self._outgoing(request, course.url, place)
            connections = await self._pool.connections()
            course.attempts += 1
            exchange = replace(exchange, attempts=course.attempts, simulated=outgoing.simulated)
            client = connections.direct if outgoing.on_this_machine else connections.outside
            response = await send(client, outgoing, limits, course.deadline)
        except NotAllowed as refusal:
            return Stream.failed(
                exchange, Broken(Failure.NOT_ALLOWED, str(refusal)), request.key, course.started
            )
        except Failed as failed:
            return Stream.failed(exchange, failed.broken, request.key, course.started)
        return Stream.opened(exchange, response, request.key, limits, course.started, course.deadline)

    def _check(self, request: Request, url: str) -> Place:
        demo = self._network.simulated is not None
        with_key = request.key is not None
        return check(url, with_key=with_key, named=request.named, catalogue=self.catalogue, demo=demo)

    async def _outgoing(self, request: Request, url: str, place: Place) -> Outgoing:
        simulated = self._network.simulated
        origin = None
        if simulated is not None and not place.is_local:
            # It may have to be started, which takes a while.
            origin = await asyncio.to_thread(simulated)
        body = None if request.json is None else await asyncio.to_thread(encoded, request.json)
        return Outgoing(url, request.method, request.key, body, request.accept, request.known, place, origin)

    def _redirected(self, stream: Stream, request: Request, course: _Course) -> str | None:
        """Give where a redirect leads; None: it is none, or one that is not followed. With a key none ever is."""
        exchange = stream.exchange
        if exchange.status not in _REDIRECTS or not stream.location or request.key is not None:
            return None
        if request.method not in ("GET", "HEAD"):
            return None
        if course.redirects >= _MOST_REDIRECTS:
            stream.refuse(f"more than {_MOST_REDIRECTS} redirects, one after the other")
            return None
        try:
            target = urljoin(course.url, stream.location)
            self._check(request, target)
        except (NotAllowed, ValueError) as refusal:
            stream.refuse(f"the redirect is not followed: {refusal}")
            return None
        return target

    def _next_pause(
        self, exchange: Exchange, request: Request, limits: Limits, course: _Course
    ) -> float | None:
        """Give how long to wait before the next try; None: this answer stands."""
        if course.attempts >= limits.tries or not self._may_change(exchange, request, limits, course):
            return None
        wait = _FIRST_PAUSE * 2.0 ** (course.attempts - 1) * self._jitter()
        loop = asyncio.get_running_loop()
        if course.deadline is not None and loop.time() + wait >= course.deadline:
            return None
        return wait

    def _may_change(self, exchange: Exchange, request: Request, limits: Limits, course: _Course) -> bool:
        """Tell whether the same request may be answered otherwise a moment later (`mimo-api.md` §12)."""
        status = exchange.status
        if status is None:
            # A kept connection may have been closed in the very moment of asking. A POST may have had its effect.
            return exchange.failure is Failure.RESET and request.method == "GET"
        if status == 401 and request.key is not None and not course.forgiven:
            course.forgiven = self.has_accepted(exchange.host, request.key)
            return course.forgiven
        return status >= 500 or (limits.patient and status in (408, 429))


def _is_answered(exchange: Exchange) -> bool:
    """Tell whether the API itself answered well: the page of a network's login is a 200 too."""
    begins_well = exchange.body.lstrip().startswith(("{", "[", "data:", "event:", ":"))
    is_well = exchange.status == 200 and exchange.failure is None and exchange.error is None
    return is_well and begins_well and not exchange.is_html


def _jitter() -> float:
    from random import SystemRandom

    return SystemRandom().uniform(0.75, 1.25)
