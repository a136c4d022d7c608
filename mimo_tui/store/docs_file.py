"""The SQLite file that the documentation is kept in: what is in it, and how it is opened."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from mimo_tui.store.sqlite_file import FileProblem, SqliteFile, make_private

if TYPE_CHECKING:
    from sqlite3 import Connection

STEPS: tuple[str, ...] = (
    """
CREATE TABLE indexes (
    position INTEGER PRIMARY KEY, url TEXT NOT NULL, outcome TEXT NOT NULL, at TEXT NOT NULL, found_at TEXT NOT NULL,
    reason TEXT NOT NULL, simulated INTEGER NOT NULL
);
CREATE TABLE contents (
    only INTEGER PRIMARY KEY CHECK (only = 1), found_at TEXT NOT NULL, fetched TEXT, checked TEXT,
    simulated INTEGER NOT NULL
);
CREATE TABLE whole_files (name TEXT PRIMARY KEY, etag TEXT NOT NULL, modified TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE pages (
    id INTEGER PRIMARY KEY, locale TEXT NOT NULL, path TEXT NOT NULL, position INTEGER, title TEXT NOT NULL,
    section TEXT NOT NULL, level INTEGER NOT NULL, url TEXT NOT NULL, raw_url TEXT NOT NULL, description TEXT NOT NULL,
    outcome TEXT NOT NULL, fetched TEXT, checked TEXT, changed TEXT, digest TEXT, came_from TEXT NOT NULL,
    etag TEXT NOT NULL, modified TEXT NOT NULL, simulated INTEGER NOT NULL, UNIQUE (locale, path)
);
CREATE TABLE texts (digest TEXT PRIMARY KEY, size INTEGER NOT NULL, data BLOB NOT NULL);
CREATE TABLE versions (
    number INTEGER PRIMARY KEY, page INTEGER NOT NULL, digest TEXT NOT NULL, seen TEXT NOT NULL
);
CREATE INDEX versions_of_page ON versions (page);
CREATE TABLE sections (
    id INTEGER PRIMARY KEY, page INTEGER NOT NULL, is_first INTEGER NOT NULL, heading TEXT NOT NULL,
    anchor TEXT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX sections_of_page ON sections (page);
CREATE INDEX first_sections ON sections (id) WHERE is_first;
CREATE TABLE folded (id INTEGER PRIMARY KEY, title TEXT NOT NULL, heading TEXT NOT NULL, body TEXT NOT NULL);
CREATE VIRTUAL TABLE words USING fts5 (
    title, heading, body, content = 'folded', content_rowid = 'id', tokenize = 'trigram'
)
""",
)
"""What brings a file from each version to the next one; `user_version` counts the steps that were taken."""


class CacheProblem(FileProblem):
    """The documentation that was fetched cannot be used; a sentence."""


@contextmanager
def reading(path: Path) -> "Iterator[Connection | None]":
    """Open the file for reading, None: nothing is in it yet. Raises CacheProblem, also for what is done inside."""
    file = _file(path)
    with file.told():
        if not path.exists():
            yield None
            return
        connection = file.connect()
        try:
            version = file.version(connection)
            if 0 < version < len(file.steps):
                file.bring_up_to_date(connection)
            connection.execute("PRAGMA query_only = 1")
            yield connection if version else None
        finally:
            connection.close()


@contextmanager
def writing(path: Path) -> "Iterator[Connection]":
    """Open the file for one transaction, and make it where it is not there. All of it is kept, or nothing."""
    file = _file(path)
    with file.told():
        make_private(path)
        connection = file.connect()
        try:
            # What does not fit into memory would lock readers out long before the end.
            connection.execute("PRAGMA cache_spill = 0")
            if file.version(connection) < len(file.steps):
                file.bring_up_to_date(connection)
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
        finally:
            connection.close()


def _file(path: Path) -> SqliteFile:
    return SqliteFile(
        path,
        "the documentation that was fetched",
        STEPS,
        "Move it away, then `mimo-tui docs update` fetches everything again.",
        CacheProblem,
    )
