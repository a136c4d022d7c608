"""An SQLite file of ours: how it is made and opened, brought up to date, and what can be wrong with it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mimo_tui.core.text import clean
from mimo_tui.store.cells import Damaged

if TYPE_CHECKING:
    from sqlite3 import Connection

WAIT: Final = 5.0
"""Seconds to wait for another program that writes."""

_PRIVATE_FOLDER, _PRIVATE_FILE = 0o700, 0o600
_PRIMARY_CODE: Final = 0xFF


class FileProblem(Exception):
    """The file cannot be used: damaged, locked, of a newer program, or its folder is not to be written. A sentence."""


@dataclass(frozen=True, slots=True)
class SqliteFile:
    """The file at `path`, `name` in words. `anew` tells what to do about a damaged one.

    `steps` bring it from each version to the next one; `user_version` counts those that were taken.
    """

    path: Path
    name: str
    steps: tuple[str, ...]
    anew: str
    problem: type[FileProblem]

    @contextmanager
    def told(self) -> Iterator[None]:
        """Say what is wrong with the file, and what to do, by raising its problem."""
        import sqlite3

        try:
            yield
        except sqlite3.Error as error:
            raise self.problem(f"{self._named} {self._trouble(error)}") from error
        except Damaged as error:
            raise self.problem(f"{self._named} {self._damaged}") from error
        except OSError as error:
            reason = clean(error.strerror or str(error))
            raise self.problem(f"{self._named} cannot be opened: {reason}. Mend its folder.") from error

    def connect(self) -> "Connection":
        """Open the file, which must be there."""
        import sqlite3

        return sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode=rw",
            timeout=WAIT,
            uri=True,
            isolation_level=None,
            check_same_thread=False,
        )

    def version(self, connection: "Connection") -> int:
        """Give how many steps were taken; 0: nothing is in it yet. Raises the problem where those were too many."""
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if version > len(self.steps):
            raise self.problem(f"{self._named} was written by a newer mimo-tui. Update this one.")
        return version

    def bring_up_to_date(self, connection: "Connection") -> None:
        """Take the steps that are missing."""
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            # Another process may have been faster.
            for step in self.steps[self.version(connection) :]:
                for statement in step.split(";"):
                    connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {len(self.steps)}")

    @property
    def _named(self) -> str:
        return f"{clean(str(self.path))}, {self.name},"

    @property
    def _damaged(self) -> str:
        return f"is damaged. {self.anew}"

    def _trouble(self, error: "Exception") -> str:
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
            sqlite3.SQLITE_NOTADB: self._damaged,
            sqlite3.SQLITE_CORRUPT: self._damaged,
        }
        said = known.get(code & _PRIMARY_CODE) if isinstance(code, int) else None
        # Without a code it is Python that cannot make sense of a cell, and an unknown table is no table of ours.
        return said or (
            self._damaged if code in (None, sqlite3.SQLITE_ERROR) else f"cannot be used: {clean(str(error))}."
        )


def make_private(path: Path) -> None:
    """Make the file and its folder where they are not there, for their owner only."""
    path.parent.mkdir(_PRIVATE_FOLDER, parents=True, exist_ok=True)
    # SQLite would make it readable for everyone.
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, _PRIVATE_FILE))
