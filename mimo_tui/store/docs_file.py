"""The SQLite file that the documentation is kept in: how it is opened, brought up to date, and what can be wrong."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mimo_tui.core.text import clean

if TYPE_CHECKING:
    from sqlite3 import Connection

Cell = str | int | bytes | None
"""What a cell of the file may hold."""

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

_WAIT = 5.0
_PRIVATE_FOLDER, _PRIVATE_FILE = 0o700, 0o600
_PRIMARY_CODE: Final = 0xFF


class CacheProblem(Exception):
    """The file cannot be used: damaged, locked, of a newer program, or its folder is not to be written. A sentence."""


class Damaged(Exception):
    """A cell holds what this program never wrote there."""


@contextmanager
def reading(path: Path) -> "Iterator[Connection | None]":
    """Open the file for reading, None: nothing is in it yet. Raises CacheProblem, also for what is done inside."""
    with _told(path):
        if not path.exists():
            yield None
            return
        connection = _connect(path)
        try:
            version = _version(path, connection)
            if 0 < version < len(STEPS):
                _bring_up_to_date(path, connection)
            connection.execute("PRAGMA query_only = 1")
            yield connection if version else None
        finally:
            connection.close()


@contextmanager
def writing(path: Path) -> "Iterator[Connection]":
    """Open the file for one transaction, and make it where it is not there. All of it is kept, or nothing."""
    with _told(path):
        path.parent.mkdir(_PRIVATE_FOLDER, parents=True, exist_ok=True)
        # SQLite would make it readable for everyone.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, _PRIVATE_FILE))
        connection = _connect(path)
        try:
            # What does not fit into memory would lock readers out long before the end.
            connection.execute("PRAGMA cache_spill = 0")
            if _version(path, connection) < len(STEPS):
                _bring_up_to_date(path, connection)
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
        finally:
            connection.close()


def _connect(path: Path) -> "Connection":
    import sqlite3

    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw", timeout=_WAIT, uri=True, isolation_level=None
    )


def _version(path: Path, connection: "Connection") -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(STEPS):
        raise CacheProblem(f"{_named(path)} was written by a newer mimo-tui. Update this one.")
    return version


def _bring_up_to_date(path: Path, connection: "Connection") -> None:
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        # Another process may have been faster.
        for step in STEPS[_version(path, connection) :]:
            for statement in step.split(";"):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(STEPS)}")


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Say what is wrong with the file, and what to do."""
    import sqlite3

    try:
        yield
    except sqlite3.Error as error:
        raise CacheProblem(f"{_named(path)} {_trouble(error)}") from error
    except Damaged as error:
        raise CacheProblem(f"{_named(path)} {_DAMAGED}") from error
    except OSError as error:
        reason = clean(error.strerror or str(error))
        raise CacheProblem(f"{_named(path)} cannot be opened: {reason}. Mend its folder.") from error


def _named(path: Path) -> str:
    return f"{clean(str(path))}, the documentation that was fetched,"


_DAMAGED = "is damaged. Move it away, then `mimo-tui docs update` fetches everything again."


def _trouble(error: "Exception") -> str:
    import sqlite3

    code = getattr(error, "sqlite_errorcode", None)
    known = {
        sqlite3.SQLITE_BUSY: "is being written by another program. Try again in a moment.",
        sqlite3.SQLITE_LOCKED: "is being written by another program. Try again in a moment.",
        sqlite3.SQLITE_FULL: "cannot be written: the disk is full. Make room and try again.",
        sqlite3.SQLITE_READONLY: "cannot be written. Make it and its folder writable.",
        sqlite3.SQLITE_CANTOPEN: "cannot be opened. It and its folder must be yours to read and write.",
        sqlite3.SQLITE_PERM: "cannot be opened. It and its folder must be yours to read and write.",
        sqlite3.SQLITE_IOERR: "cannot be read or written: the disk reports an error.",
        sqlite3.SQLITE_NOTADB: _DAMAGED,
        sqlite3.SQLITE_CORRUPT: _DAMAGED,
    }
    said = known.get(code & _PRIMARY_CODE) if isinstance(code, int) else None
    # Without a code it is Python that cannot make sense of a cell, and an unknown table is no table of ours.
    return said or (
        _DAMAGED if code in (None, sqlite3.SQLITE_ERROR) else f"cannot be used: {clean(str(error))}."
    )
