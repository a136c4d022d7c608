"""What the kept documentation consists of, and how a row of the file is read. What stands there is outside text."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from mimo_tui.core.evidence import IndexSeen, Outcome
from mimo_tui.core.text import NOTHING, Clean
from mimo_tui.store.cells import Cell, Damaged, a_moment, as_moment, as_number, as_text, encoded

_OUTCOMES = {str(each): each for each in Outcome}


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page that came, to be kept. `text` is None where the site said that nothing changed (304)."""

    path: str
    locale: str
    title: Clean
    url: Clean
    """Where its raw text came from, after redirects."""
    text: str | None = field(repr=False)
    etag: str = ""
    modified: str = ""
    outcome: Outcome = Outcome.FOUND
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the index, in its order; `section` and `level` are of its heading, `fetched` None: no text yet.

    `url` is the address of the page for people, `raw_url` that of its raw text, exactly as the index names it.
    `fetched` is when the text came last, `checked` when it was last asked for.
    """

    path: str
    locale: str
    title: Clean
    section: Clean
    level: int
    url: Clean
    raw_url: Clean = NOTHING
    description: Clean = NOTHING
    fetched: datetime | None = None
    checked: datetime | None = None
    changed: datetime | None = None
    """When its text last came out different; None: there is one version."""
    outcome: Outcome = Outcome.FOUND


@dataclass(frozen=True, slots=True)
class Version:
    """A text of a page. `seen` is when it first came, `digest` its SHA-256 in hex, `size` in bytes of UTF-8.

    A text that came back after another one is a version of its own.
    """

    digest: str
    seen: datetime
    size: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A page with its newest text, raw MDX. `etag` and `modified` are for asking again.

    `came_from` is where that text came from, after redirects: its own address, or that of the whole documentation.
    """

    listed: Listed
    text: str = field(repr=False)
    digest: str
    etag: str
    modified: str
    simulated: bool
    came_from: Clean = NOTHING


@dataclass(frozen=True, slots=True)
class CacheState:
    """`indexes` as they were asked last; `found_at` where the index came from, empty: never.

    `fetched` is when its text came, `checked` when it was last found. `pages` and `with_text` count the pages of the
    index, `size` the bytes of text, in every language.
    """

    indexes: tuple[IndexSeen, ...] = ()
    found_at: Clean = NOTHING
    fetched: datetime | None = None
    checked: datetime | None = None
    pages: int = 0
    with_text: int = 0
    size: int = 0
    simulated: bool = False


LISTED_CELLS = """p.path, p.locale, p.title, p.section, p.level, p.url, p.raw_url, p.description, p.fetched, p.checked,
    p.changed, p.outcome, coalesce(p.position, e.position)"""
"""What `as_listed` reads, of a page `p` and its English original `e`."""


def as_listed(row: Sequence[Cell]) -> Listed:
    """Read a page; one without a place in the index is gone."""
    (
        path,
        locale,
        title,
        section,
        level,
        url,
        raw_url,
        description,
        fetched,
        checked,
        changed,
        outcome,
        place,
    ) = row
    return Listed(
        path=as_text(path),
        locale=as_text(locale),
        title=as_text(title),
        section=as_text(section),
        level=as_number(level),
        url=as_text(url),
        raw_url=as_text(raw_url),
        description=as_text(description),
        fetched=as_moment(fetched),
        checked=as_moment(checked),
        changed=as_moment(changed),
        outcome=Outcome.GONE if place is None else _outcome(outcome),
    )


def as_index_seen(row: Sequence[Cell]) -> IndexSeen:
    """Read what came of an address of the index."""
    url, outcome, at, found_at, reason, simulated = row
    return IndexSeen(
        as_text(url),
        _outcome(outcome),
        a_moment(at),
        as_text(found_at),
        as_text(reason),
        simulated=bool(simulated),
    )


def as_version(row: Sequence[Cell]) -> Version:
    """Read a version."""
    digest, seen, size = row
    return Version(as_text(digest), a_moment(seen), as_number(size))


def packed(text: str) -> tuple[str, int, bytes]:
    """Give the digest of a text, its size in bytes, and its bytes, smaller."""
    data = encoded(text)
    return sha256(data).hexdigest(), len(data), zlib.compress(data, 6)


def unpacked(row: Sequence[Cell]) -> str:
    """Give the text back from its digest, size and bytes. Raises Damaged."""
    digest, size, data = row
    if not isinstance(data, bytes) or not isinstance(size, int) or size < 0:
        raise Damaged
    try:
        # One byte more than there may be, so that no few bytes become a gigabyte.
        text = zlib.decompressobj().decompress(data, size + 1)
    except zlib.error as error:
        raise Damaged from error
    if sha256(text).hexdigest() != digest:
        raise Damaged
    return text.decode("utf-8", "replace")


def _outcome(value: Cell) -> Outcome:
    found = _OUTCOMES.get(as_text(value))
    if found is None:
        raise Damaged
    return found
