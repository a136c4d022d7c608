"""What hosts and calls answered, and when a discrepancy was first seen: one SQLite file of ours, no key in it."""

import json
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mimo_tui.core.evidence import CallOutcome, CallSeen, ListSeen, VoicesSeen
from mimo_tui.core.secrets import safe
from mimo_tui.core.text import Clean, clean
from mimo_tui.store.sqlite_file import make_private

if TYPE_CHECKING:
    from sqlite3 import Connection

KEEP = 1000
"""How many calls are kept, the newest ones."""

_VERSION = 1
_WAIT = 1.0
_FIRST_YEAR, _LAST_YEAR = 2000, 2999

_TABLES = """
CREATE TABLE IF NOT EXISTS lists (
    host TEXT PRIMARY KEY, at TEXT NOT NULL, ids TEXT NOT NULL, simulated INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS calls (
    host TEXT, model TEXT, what TEXT, limited INTEGER, at TEXT NOT NULL, outcome TEXT NOT NULL, status INTEGER,
    input_tokens INTEGER, output_tokens INTEGER, requests_in_minute INTEGER, quote TEXT NOT NULL,
    simulated INTEGER NOT NULL, PRIMARY KEY (host, model, what, limited)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS voices (
    host TEXT, model TEXT, at TEXT NOT NULL, ids TEXT NOT NULL, quote TEXT NOT NULL, simulated INTEGER NOT NULL,
    PRIMARY KEY (host, model)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sightings (key TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID;
"""
_PUT_LIST = """
INSERT INTO lists VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE
SET at = excluded.at, ids = excluded.ids, simulated = excluded.simulated WHERE excluded.at >= at
"""
_PUT_CALL = """
INSERT INTO calls VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
SET at = excluded.at, outcome = excluded.outcome, status = excluded.status, input_tokens = excluded.input_tokens,
output_tokens = excluded.output_tokens, requests_in_minute = excluded.requests_in_minute,
quote = excluded.quote, simulated = excluded.simulated WHERE excluded.at >= at
"""
_PUT_VOICES = """
INSERT INTO voices VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
SET at = excluded.at, ids = excluded.ids, quote = excluded.quote, simulated = excluded.simulated
WHERE excluded.at >= at
"""
# Earlier versions made the file without this table.
_HAS_VOICES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'voices'"
_VOICES = "SELECT host, model, at, ids, quote, simulated FROM voices ORDER BY host, model"
_FORGET_CALLS = """
DELETE FROM calls WHERE at < (SELECT at FROM calls ORDER BY at DESC LIMIT 1 OFFSET ?)
"""
_CALLS = """
SELECT host, model, at, outcome, status, what, input_tokens, output_tokens, requests_in_minute, quote, simulated
FROM calls ORDER BY host, model, what, limited
"""

Cell = str | int | None


class _NewerFile(Exception):
    """A newer version of this program wrote the file."""


class Observations:
    """The file at `path`. Nothing is opened or made before the first call; every call may come from any thread.

    It only ever helps: reading from a file that is not there or is damaged gives nothing, and what cannot be written
    is not remembered; `problem` says so. A damaged file is written anew, since what hosts answer can be asked again.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.problem = ""

    def put_list(self, seen: ListSeen) -> None:
        """Keep the list of a host in place of its last one, unless that is newer."""
        row = (seen.host, _moment(seen.at), json.dumps(seen.ids), int(seen.simulated))
        self._write([(_PUT_LIST, row)])

    def put_call(self, seen: CallSeen) -> None:
        """Keep a call in place of the last one of its host, model and `what`, unless that is newer.

        One that was refused for its rate says nothing of the model, so it stands beside the others.
        """
        row = (
            *(seen.host, seen.model, seen.what, int(seen.outcome is CallOutcome.TOO_MANY_REQUESTS)),
            *(_moment(seen.at), str(seen.outcome), seen.status, seen.input_tokens, seen.output_tokens),
            *(seen.requests_in_minute, seen.quote, int(seen.simulated)),
        )
        self._write([(_PUT_CALL, row), (_FORGET_CALLS, (KEEP - 1,))])

    def put_voices(self, seen: VoicesSeen) -> None:
        """Keep the voices that a host named of a model in place of its last ones, unless those are newer."""
        row = (
            *(seen.host, seen.model, _moment(seen.at), json.dumps(seen.ids), seen.quote),
            int(seen.simulated),
        )
        self._write([(_PUT_VOICES, row)])

    def lists(self) -> tuple[ListSeen, ...]:
        """Give the last list of each host."""
        found = map(_list, self._read("SELECT host, at, ids, simulated FROM lists ORDER BY host"))
        return tuple(seen for seen in found if seen is not None)

    def calls(self) -> tuple[CallSeen, ...]:
        """Give the last call of each kind."""
        return tuple(seen for seen in map(_call, self._read(_CALLS)) if seen is not None)

    def voices(self) -> tuple[VoicesSeen, ...]:
        """Give the last voices that each host named of each model."""
        if not self._read(_HAS_VOICES):
            return ()
        return tuple(seen for seen in map(_voices, self._read(_VOICES)) if seen is not None)

    def first_seen(self, keys: Iterable[str], at: datetime) -> Mapping[str, datetime]:
        """Give since when each has been seen, and note `at` for those that are new; others are forgotten."""
        wanted = dict.fromkeys(keys)
        rows = self._read("SELECT key, at FROM sightings")
        known = {str(key): seen for key, when in rows if (seen := _as_moment(when)) is not None}
        new = [key for key in wanted if key not in known]
        gone = [key for key in known if key not in wanted]
        if new or gone:
            self._write(
                [
                    *(("INSERT OR REPLACE INTO sightings VALUES (?, ?)", (key, _moment(at))) for key in new),
                    *(("DELETE FROM sightings WHERE key = ?", (key,)) for key in gone),
                ]
            )
        return {key: known.get(key, at) for key in wanted}

    def _read(self, query: str) -> list[tuple[Cell, ...]]:
        import sqlite3

        if not self._path.exists():
            return []
        try:
            with closing(_connect(self._path, "ro")) as connection:
                found: list[tuple[Cell, ...]] = connection.execute(query).fetchall()
        except (sqlite3.Error, _NewerFile, OSError) as error:
            self.problem = self._sentence("cannot be read", error)
            return []
        self.problem = ""
        return found

    def _write(self, statements: "list[tuple[str, tuple[Cell, ...]]]") -> None:
        import sqlite3

        try:
            try:
                self._carry_out(statements)
            except sqlite3.DatabaseError as error:
                if error.sqlite_errorcode not in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
                    raise
                self._path.unlink(missing_ok=True)
                self._carry_out(statements)
        except (sqlite3.Error, _NewerFile, OSError) as error:
            self.problem = self._sentence("cannot be written, so this is not remembered", error)
            return
        self.problem = ""

    def _carry_out(self, statements: "list[tuple[str, tuple[Cell, ...]]]") -> None:
        make_private(self._path)
        with closing(_connect(self._path, "rw")) as connection, connection:
            connection.execute("BEGIN IMMEDIATE")
            for table in _TABLES.split(";"):
                connection.execute(table)
            connection.execute(f"PRAGMA user_version = {_VERSION}")
            for statement, values in statements:
                connection.execute(statement, values)

    def _sentence(self, what: str, error: Exception) -> Clean:
        return clean(f"{self._path}, the memory of what hosts answered, {what}: {error}")


def _connect(path: Path, mode: str) -> "Connection":
    import sqlite3

    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", timeout=_WAIT, uri=True)
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > _VERSION:
            raise _NewerFile("a newer mimo-tui wrote it; update this one")
    except BaseException:
        connection.close()
        raise
    return connection


def _list(row: tuple[Cell, ...]) -> ListSeen | None:
    """Give the list, None: it is none. What stands in the file is text from outside like any other."""
    host, at, ids, simulated = row
    moment, names = _as_moment(at), _names(ids)
    if moment is None or names is None:
        return None
    return ListSeen(_text(host), moment, names, bool(simulated))


def _voices(row: tuple[Cell, ...]) -> VoicesSeen | None:
    host, model, at, ids, quote, simulated = row
    moment, names = _as_moment(at), _names(ids)
    if moment is None or names is None:
        return None
    return VoicesSeen(_text(host), _text(model), moment, names, _text(quote), bool(simulated))


def _names(value: Cell) -> tuple[Clean, ...] | None:
    try:
        found = json.loads(_text(value))
    except (ValueError, RecursionError):
        return None
    return tuple(safe(each) for each in found if isinstance(each, str)) if isinstance(found, list) else None


def _call(row: tuple[Cell, ...]) -> CallSeen | None:
    host, model, at, outcome, status, what, put_in, got_out, requests, quote, simulated = row
    moment, known = _as_moment(at), {str(each): each for each in CallOutcome}
    if moment is None or outcome not in known:
        return None
    return CallSeen(
        host=_text(host),
        model=_text(model),
        at=moment,
        outcome=known[str(outcome)],
        status=_number(status),
        what=_text(what),
        input_tokens=_number(put_in),
        output_tokens=_number(got_out),
        requests_in_minute=_number(requests),
        quote=_text(quote),
        simulated=bool(simulated),
    )


def _text(value: object) -> Clean:
    return safe(value) if isinstance(value, str) else Clean("")


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _moment(at: datetime) -> str:
    """Write a moment so that later ones sort after it."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _as_moment(value: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(_text(value))
    except ValueError:
        return None
    # Near either end of the calendar a moment has no time of day in every zone.
    return at if at.tzinfo is not None and _FIRST_YEAR <= at.year <= _LAST_YEAR else None
