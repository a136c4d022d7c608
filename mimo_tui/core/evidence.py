"""What was seen of the provider: indexes, pages, lists of models, calls. Facts and drift come out of it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from mimo_tui.core.docs.page import Page
from mimo_tui.core.docs.readers import Reading
from mimo_tui.core.text import NOTHING, Clean


class Outcome(StrEnum):
    """What came of asking for a page or an index."""

    FOUND = "found"
    MOVED = "moved"
    """Found, at another address than the one that was asked."""
    GONE = "gone"
    """The site is there and says that this is not (404, 410)."""
    WEB_PAGE = "a web page instead of text"
    UNREACHABLE = "no answer"
    """Time-out, no such host, 5xx, offline: it says nothing about the page."""
    UNREADABLE = "not understood"
    """Text came, and it is not what it should be."""


@dataclass(frozen=True, slots=True)
class IndexSeen:
    """An address of the index that was asked. `found_at` is where it was found; `reason` is of whom failed."""

    url: Clean
    outcome: Outcome
    at: datetime
    found_at: Clean = NOTHING
    reason: Clean = NOTHING
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class PageSeen:
    """A page that states facts, as last read, or what became of it. `page` and `reading` are None unless it was found.

    `area` is its name in the catalogue, `path` its decoded path, `url` its address for people, `digest` the SHA-256 of
    its raw text in hex, `fetched` when that text came, `checked` when it was last asked for.
    """

    area: str
    path: str
    locale: str
    url: Clean
    title: Clean
    outcome: Outcome
    fetched: datetime
    checked: datetime
    digest: str = ""
    page: Page | None = field(default=None, repr=False)
    reading: Reading | None = field(default=None, repr=False)
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class ListSeen:
    """The ids that a host listed for some key at `GET /models`, last time."""

    host: Clean
    at: datetime
    ids: tuple[Clean, ...]
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class VoicesSeen:
    """The voices of a model that a host named when it was asked for one that it has not, last time.

    `quote` is the sentence that named them, redacted.
    """

    host: Clean
    model: Clean
    at: datetime
    ids: tuple[Clean, ...]
    quote: Clean = NOTHING
    simulated: bool = False


class CallOutcome(StrEnum):
    """What a call said about its model."""

    ANSWERED = "answered"
    NO_SUCH_MODEL = "model not found"
    NO_SUCH_INPUT = "input not taken"
    NO_SUCH_FEATURE = "feature not there"
    TOO_MANY_REQUESTS = "too many requests"


@dataclass(frozen=True, slots=True)
class CallSeen:
    """A call of a model, last one of its kind. `what` is the modality or feature that was asked for, empty: plain text.

    Token counts are those of `usage`, None where it gave none. `quote` is the answer's own words, redacted.
    """

    host: Clean
    model: Clean
    at: datetime
    outcome: CallOutcome
    status: int | None
    what: str = ""
    input_tokens: int | None = None
    output_tokens: int | None = None
    requests_in_minute: int | None = None
    quote: Clean = NOTHING
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that was seen. `indexes` are in the order that they are looked for; empty: nobody looked yet."""

    indexes: tuple[IndexSeen, ...] = ()
    pages: tuple[PageSeen, ...] = ()
    lists: tuple[ListSeen, ...] = ()
    calls: tuple[CallSeen, ...] = ()
    voices: tuple[VoicesSeen, ...] = ()
