"""The documentation over HTTP: index, all of it in one file, or one page (`mimo-api.md` §4). No key is sent."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from mimo_tui.core.docs.index import is_web_page
from mimo_tui.core.evidence import Outcome
from mimo_tui.core.exchange import Exchange, Failure
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.wire.http import Client, Known, Limits, Request, Stream
from mimo_tui.wire.limits import PAGE
from mimo_tui.wire.sending import UNKNOWN

_ACCEPTED: Final = "text/markdown, text/plain;q=0.9, */*;q=0.1"
_GONE: Final = frozenset({404, 410})
_UNCHANGED: Final = 304


@dataclass(frozen=True, slots=True)
class DocText:
    """What came of asking for a text. `text` is None unless it was found, and where it is as it was (`unchanged`).

    `url` is where it was found, after redirects; `reason` says why it was not.
    """

    exchange: Exchange
    outcome: Outcome
    url: Clean
    text: str | None = field(default=None, repr=False)
    known: Known = UNKNOWN
    reason: Clean = NOTHING

    @property
    def unchanged(self) -> bool:
        """Whether the site said that the text which is here is still the same."""
        return self.exchange.status == _UNCHANGED and self.outcome in (Outcome.FOUND, Outcome.MOVED)


class Download:
    """A text that is coming: iterate over it for the bytes that are here so far, then take `text`."""

    def __init__(self, stream: Stream, asked: str, known: Known) -> None:
        self._stream = stream
        self._asked = asked
        self._known = known
        self._data = bytearray()

    async def __aiter__(self) -> AsyncIterator[int]:
        async for chunk in self._stream:
            self._data += chunk
            yield len(self._data)

    def text(self) -> DocText:
        """Give what came of it. Blocks for some milliseconds where it was long."""
        exchange = self._stream.exchange
        if exchange.status == _UNCHANGED and self._known == UNKNOWN:
            reason = clean("it is said to be unchanged, and nothing of it is here")
            return DocText(exchange, Outcome.UNREACHABLE, exchange.url, reason=reason)
        return _judged(exchange, bytes(self._data), self._stream.known, self._asked)


@asynccontextmanager
async def download(
    client: Client, url: str, *, known: Known = UNKNOWN, limits: Limits = PAGE
) -> AsyncIterator[Download]:
    """Ask for a text that may be long. Where it is still as `known` says, none comes. Nothing raises."""
    async with client.stream(Request(url, accept=_ACCEPTED, known=known), limits) as stream:
        yield Download(stream, url, known)


async def fetch_text(client: Client, url: str, *, known: Known = UNKNOWN, limits: Limits = PAGE) -> DocText:
    """Ask for a page or the index. Where it is still as `known` says, no text comes. Nothing raises."""
    async with download(client, url, known=known, limits=limits) as coming:
        async for _ in coming:
            pass
    return await asyncio.to_thread(coming.text)


async def find_first(
    client: Client, urls: Sequence[str], is_wanted: Callable[[str, str], bool], *, known: Known = UNKNOWN
) -> tuple[DocText, ...]:
    """Ask one address after the other until a text is found that is wanted; gives all answers, that one last.

    `is_wanted` is asked in a thread, with a text and where it was found; one that is not wanted is UNREADABLE.
    `known` is of the first address.
    """
    answers: list[DocText] = []
    for url in urls:
        answer = await fetch_text(client, url, known=known if not answers else UNKNOWN)
        if answer.text is not None and not await asyncio.to_thread(is_wanted, answer.text, answer.url):
            reason = clean("the text that came is no index of the documentation")
            answer = DocText(answer.exchange, Outcome.UNREADABLE, answer.url, reason=reason)
        answers.append(answer)
        if answer.outcome in (Outcome.FOUND, Outcome.MOVED):
            break
    return tuple(answers)


def _judged(exchange: Exchange, data: bytes, known: Known, asked: str) -> DocText:
    """Tell what an answer is. Only the site's own word that a page is not there counts as gone."""
    status, content_type = exchange.status, exchange.content_type
    if exchange.failure is not None or status is None:
        reason = clean(f"{exchange.failure or Failure.RESET}: {exchange.reason}")
        return DocText(exchange, Outcome.UNREACHABLE, exchange.url, reason=reason)
    found = Outcome.FOUND if _is_same(asked, exchange.url) else Outcome.MOVED
    if status == _UNCHANGED:
        return DocText(exchange, found, exchange.url, known=known)
    if status in _GONE:
        return DocText(exchange, Outcome.GONE, exchange.url, reason=clean(f"HTTP {status}"))
    if status != 200:
        return DocText(exchange, Outcome.UNREACHABLE, exchange.url, reason=clean(f"HTTP {status}"))
    text = data.decode("utf-8-sig", "replace")
    if is_web_page(text, content_type):
        reason = clean(f"a web page came instead of text ({content_type or 'no content type'})")
        return DocText(exchange, Outcome.WEB_PAGE, exchange.url, reason=reason)
    if not text.strip():
        return DocText(exchange, Outcome.UNREADABLE, exchange.url, reason=clean("an empty text came"))
    return DocText(exchange, found, exchange.url, text, known)


def _is_same(asked: str, found: str) -> bool:
    one, other = urlsplit(asked), urlsplit(found)
    return (one.hostname, one.path.rstrip("/")) == (other.hostname, other.path.rstrip("/"))
