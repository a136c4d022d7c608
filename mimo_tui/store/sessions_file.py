"""The SQLite file that conversations are kept in: what is in it, and how it is kept open."""

import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from mimo_tui.store import atomic
from mimo_tui.store.sqlite_file import FileProblem, SqliteFile, make_private

if TYPE_CHECKING:
    from sqlite3 import Connection

TURNS_BITS: Final = 20
"""A turn's `place` in the file is the id of its conversation, and in these many lower bits its own."""

STEPS: tuple[str, ...] = (
    """
CREATE TABLE conversations (
    id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, system TEXT NOT NULL, head INTEGER, began TEXT NOT NULL,
    changed TEXT NOT NULL
);
CREATE TABLE turns (
    place INTEGER PRIMARY KEY, role TEXT NOT NULL, at TEXT NOT NULL, model TEXT, amount TEXT, currency TEXT,
    is_bound INTEGER NOT NULL, simulated INTEGER NOT NULL
);
CREATE INDEX turns_of_the_person ON turns (at) WHERE role = 'user';
CREATE TABLE bodies (place INTEGER PRIMARY KEY, text TEXT NOT NULL, reasoning TEXT NOT NULL, details TEXT NOT NULL);
CREATE TABLE pieces (
    place INTEGER NOT NULL, number INTEGER NOT NULL, text TEXT NOT NULL, reasoning TEXT NOT NULL,
    PRIMARY KEY (place, number)
) WITHOUT ROWID;
CREATE TABLE folded (place INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE VIRTUAL TABLE words USING fts5 (
    text, content = 'folded', content_rowid = 'place', tokenize = 'trigram'
)
""",
)
"""What brings a file from each version to the next one. `pieces` are of answers that grow."""

_SETTINGS: Final = (
    # One write at a time beside any number of readers, and no wait for the disk at each piece of an answer.
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    # A piece of an answer hardly ever waits for all those before it: they are settled at its end. In pages of 4 KB.
    "PRAGMA wal_autocheckpoint = 4000",
    # What is deleted is overwritten.
    "PRAGMA secure_delete = ON",
)


class RecordsProblem(FileProblem):
    """The records of conversations cannot be used, or not this one; a sentence."""


@dataclass(frozen=True, slots=True)
class _Opened:
    connection: "Connection"
    close: "weakref.finalize[[], SessionsFile]"
    identity: tuple[int, int]


class SessionsFile:
    """The file at `path`, opened at the first call and kept open. Every call may come from any thread."""

    def __init__(self, path: Path) -> None:
        anew = "Move it away, then records begin anew."
        self._file = SqliteFile(path, "the records of conversations", STEPS, anew, RecordsProblem)
        self._lock = Lock()
        self._opened: _Opened | None = None
        self._ended = False

    @contextmanager
    def reading(self) -> "Iterator[Connection | None]":
        """Give the file as it is now, None: nothing is in it. Raises RecordsProblem, also for what is done inside."""
        with self._guarded():
            connection = self._found()
            if connection is None:
                yield None
                return
            with connection:
                connection.execute("BEGIN")
                yield connection

    @contextmanager
    def writing(self) -> "Iterator[Connection]":
        """Give the file for one transaction, and make it where it is not there. All of it is kept, or nothing."""
        with self._guarded(), self._found() or self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection

    def settle(self, *, wholly: bool = False) -> None:
        """Bring what was written from the log into the file; `wholly`: so that the log is empty."""
        self._tell(f"PRAGMA wal_checkpoint({'TRUNCATE' if wholly else 'PASSIVE'})")

    def shrink(self) -> None:
        """Give the room of what was deleted back to the disk."""
        self._tell("VACUUM")

    @property
    def size(self) -> int:
        """Give the bytes on the disk, those of the log among them."""
        path = self._file.path
        return sum(_size(each) for each in (path, path.with_name(f"{path.name}-wal")))

    def close(self) -> None:
        """Close the file. A call after that opens it for itself alone."""
        with self._lock:
            self._ended = True
            self._close()

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        import sqlite3

        with self._lock, self._file.told():
            try:
                yield
            except sqlite3.DatabaseError:
                # What lies there may be another file by the next call.
                self._close()
                raise
            finally:
                if self._ended:
                    self._close()

    def _tell(self, command: str) -> None:
        with self._guarded():
            if (connection := self._found()) is not None:
                connection.execute(command)

    def _found(self) -> "Connection | None":
        """Give the file that lies there; None: there is none, or an empty one."""
        path = self._file.path
        if self._opened is not None:
            if self._opened.identity == _identity(path):
                return self._opened.connection
            self._close()
        return self._open() if _size(path) else None

    def _open(self) -> "Connection":
        path = self._file.path
        make_private(path)
        # Two programs that make it at once would get in each other's way.
        with atomic.lock(path.parent):
            connection = self._file.connect()
            try:
                version = self._file.version(connection)
                for setting in _SETTINGS:
                    connection.execute(setting)
                if version < len(STEPS):
                    self._file.bring_up_to_date(connection)
            except BaseException:
                connection.close()
                raise
        self._opened = _Opened(connection, weakref.finalize(self, connection.close), _identity(path))
        return connection

    def _close(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None


def _identity(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except FileNotFoundError:
        return (0, 0)
    return status.st_dev, status.st_ino


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
