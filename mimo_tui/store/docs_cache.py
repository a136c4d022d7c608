"""The documentation as it was fetched: every version of each page, and a full-text index, in one SQLite file."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from mimo_tui.core.docs.address import ENGLISH
from mimo_tui.core.evidence import IndexSeen
from mimo_tui.core.text import clean
from mimo_tui.store import docs_search
from mimo_tui.store.cells import Cell, as_moment, as_number, as_text, written_moment
from mimo_tui.store.docs_arrivals import arrived, put, put_listed
from mimo_tui.store.docs_file import CacheProblem, reading, writing
from mimo_tui.store.docs_records import (
    LISTED_CELLS,
    CacheState,
    Fetched,
    Kept,
    Listed,
    Version,
    as_index_seen,
    as_listed,
    as_version,
    unpacked,
)
from mimo_tui.store.docs_search import Hit
from mimo_tui.store.words import query_words

__all__ = ["CacheProblem", "CacheState", "DocsCache", "Fetched", "Hit", "Kept", "Listed", "Version"]

_FROM_PAGES: Final = """
FROM pages p LEFT JOIN pages e ON p.position IS NULL AND e.path = p.path AND e.locale = 'en-US'
"""
_PAGES: Final = f"""
SELECT {LISTED_CELLS} {_FROM_PAGES} WHERE p.locale = ?
ORDER BY p.outcome = 'gone' OR coalesce(p.position, e.position) IS NULL, coalesce(p.position, e.position), p.path
"""
_KEPT: Final = f"""
SELECT p.etag, p.modified, p.simulated, p.came_from, t.digest, t.size, t.data, {LISTED_CELLS}
{_FROM_PAGES} JOIN texts t ON t.digest = p.digest WHERE p.locale = ? AND p.path = ?
"""
_COUNTS: Final = """
SELECT count(*) FILTER (WHERE p.position IS NOT NULL), count(t.digest) FILTER (WHERE p.position IS NOT NULL),
    coalesce(sum(t.size), 0)
FROM pages p LEFT JOIN texts t ON t.digest = p.digest
"""
_VERSIONS: Final = """
SELECT v.digest, v.seen, t.size FROM versions v JOIN pages p ON p.id = v.page JOIN texts t ON t.digest = v.digest
WHERE p.locale = ? AND p.path = ? ORDER BY v.number DESC
"""
_PUT_CONTENTS: Final = """
INSERT INTO contents (only, found_at, checked, simulated) VALUES (1, ?, ?, ?) ON CONFLICT DO UPDATE
SET found_at = excluded.found_at, checked = excluded.checked, simulated = excluded.simulated
"""


class DocsCache:
    """The file at `path`. Nothing is opened or made before the first call; every call may come from any thread.

    Reading from a file that is not there gives nothing. All raise CacheProblem.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def state(self) -> CacheState:
        """Tell what is here."""
        with reading(self._path) as connection:
            if connection is None:
                return CacheState()
            indexes = connection.execute(
                "SELECT url, outcome, at, found_at, reason, simulated FROM indexes ORDER BY position"
            ).fetchall()
            contents = connection.execute(
                "SELECT found_at, fetched, checked, simulated FROM contents"
            ).fetchone()
            pages, with_text, size = connection.execute(_COUNTS).fetchone()
            found_at, fetched, checked, simulated = contents or ("", None, None, 0)
            return CacheState(
                indexes=tuple(as_index_seen(row) for row in indexes),
                found_at=as_text(found_at),
                fetched=as_moment(fetched),
                checked=as_moment(checked),
                pages=as_number(pages),
                with_text=as_number(with_text),
                size=as_number(size),
                simulated=bool(simulated),
            )

    def put_index(self, seen: Iterable[IndexSeen], pages: Iterable[Listed] | None, at: datetime) -> None:
        """Keep what came of looking for the index; `pages` in its order, None: there was none, so the old one stays.

        A page that is in the index no more keeps its text and versions, with outcome GONE; so do its translations.
        """
        asked = tuple(seen)
        listed = None if pages is None else tuple(pages)
        found = next((one for one in asked if one.found_at), None)
        with writing(self._path) as connection:
            connection.execute("DELETE FROM indexes")
            connection.executemany(
                "INSERT INTO indexes VALUES (?, ?, ?, ?, ?, ?, ?)",
                (_index_row(number, one) for number, one in enumerate(asked)),
            )
            if found is not None:
                connection.execute(_PUT_CONTENTS, (found.found_at, written_moment(at), int(found.simulated)))
            if listed is not None:
                connection.execute("UPDATE contents SET fetched = ?", (written_moment(at),))
                connection.execute("UPDATE pages SET position = NULL")
                for position, page in enumerate(listed):
                    put_listed(connection, page, position)

    def put_translation(self, page: Listed) -> None:
        """Keep where a page of the index is to be had in another language. It goes when the English one does."""
        with writing(self._path) as connection:
            put_listed(connection, page, None)

    def put_pages(self, pages: Iterable[Fetched], at: datetime) -> tuple[str, ...]:
        """Keep pages that came, in one transaction; gives the paths whose text is new or different."""
        arrivals = [arrived(page) for page in pages]
        if not arrivals:
            return ()
        with reading(self._path) as connection:
            rows = (
                []
                if connection is None
                else connection.execute("SELECT locale, path, digest FROM pages").fetchall()
            )
        known = {(locale, path): digest for locale, path, digest in rows}
        # What a search finds takes longest to work out, so that is done while nobody waits for the file.
        for arrival in arrivals:
            if arrival.digest != known.get((arrival.page.locale, arrival.page.path)):
                arrival.prepare()
        with writing(self._path) as connection:
            return tuple(each.page.path for each in arrivals if put(connection, each, written_moment(at)))

    def validators(self, name: str) -> tuple[str, str]:
        """Give ETag and Last-Modified of a whole file (the index, the dump), by its address; empty: unknown."""
        with reading(self._path) as connection:
            row = (
                connection
                and connection.execute(
                    "SELECT etag, modified FROM whole_files WHERE name = ?", (name,)
                ).fetchone()
            )
            return (as_text(row[0]), as_text(row[1])) if row else ("", "")

    def put_validators(self, name: str, etag: str, modified: str) -> None:
        """Keep those of a whole file."""
        with writing(self._path) as connection:
            connection.execute(
                "INSERT OR REPLACE INTO whole_files VALUES (?, ?, ?)", (name, clean(etag), clean(modified))
            )

    def pages(self, locale: str = ENGLISH) -> tuple[Listed, ...]:
        """Give every page that is or was in the index, in its order, those that are gone last."""
        with reading(self._path) as connection:
            if connection is None:
                return ()
            return tuple(as_listed(row) for row in connection.execute(_PAGES, (locale,)).fetchall())

    def page(self, path: str, locale: str = ENGLISH) -> Kept | None:
        """Give a page with its newest text; None: no text of it is here."""
        with reading(self._path) as connection:
            row = connection and connection.execute(_KEPT, (locale, path)).fetchone()
            if not row:
                return None
            etag, modified, simulated, came_from, *rest = row
            return Kept(
                listed=as_listed(rest[3:]),
                text=unpacked(rest[:3]),
                digest=as_text(rest[0]),
                etag=as_text(etag),
                modified=as_text(modified),
                simulated=bool(simulated),
                came_from=as_text(came_from),
            )

    def sources(self, locale: str = ENGLISH) -> Mapping[str, str]:
        """Give where the newest text of each page came from, by its path."""
        with reading(self._path) as connection:
            if connection is None:
                return {}
            rows = connection.execute(
                "SELECT path, came_from FROM pages WHERE locale = ? AND digest IS NOT NULL", (locale,)
            ).fetchall()
            return {as_text(path): as_text(came_from) for path, came_from in rows}

    def versions(self, path: str, locale: str = ENGLISH) -> tuple[Version, ...]:
        """Give every text that the page had, newest first."""
        with reading(self._path) as connection:
            if connection is None:
                return ()
            return tuple(as_version(row) for row in connection.execute(_VERSIONS, (locale, path)).fetchall())

    def version(self, digest: str) -> str | None:
        """Give the raw text of a version."""
        with reading(self._path) as connection:
            row = (
                connection
                and connection.execute(
                    "SELECT digest, size, data FROM texts WHERE digest = ?", (digest,)
                ).fetchone()
            )
            return unpacked(row) if row else None

    def search(self, words: str, *, locale: str = "", limit: int = 50) -> tuple[Hit, ...]:
        """Find the places that hold all the words (any part of a word, in any case, Chinese too), the best first.

        Without `locale` in every language. Of a query of more than 12 words the first 12 count.
        """
        wanted = query_words(words)
        if not wanted:
            return ()
        with reading(self._path) as connection:
            return () if connection is None else docs_search.search(connection, wanted, locale, limit)


def _index_row(number: int, seen: IndexSeen) -> tuple[Cell, ...]:
    words = (seen.url, str(seen.outcome), written_moment(seen.at), seen.found_at, seen.reason)
    return (number, *words, int(seen.simulated))
