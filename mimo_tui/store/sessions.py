"""Conversations of the playground, kept in one SQLite file: no key in it, and every piece of an answer at once."""

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from mimo_tui.core.conversation import Conversation, Turn
from mimo_tui.core.secrets import Secret
from mimo_tui.core.text import Clean
from mimo_tui.store import sessions_records
from mimo_tui.store.cells import Cell, as_number, as_raw_text, as_text, written_moment
from mimo_tui.store.sessions_file import RecordsProblem, SessionsFile
from mimo_tui.store.sessions_records import Found, Record, about
from mimo_tui.store.sessions_search import forget_all_words, forget_words, put_words
from mimo_tui.store.sessions_turns import (
    Hiding,
    as_tree,
    place_of,
    places_of,
    read_turns,
    shortened,
    title_of,
    written_turn,
)
from mimo_tui.store.words import query_words

if TYPE_CHECKING:
    from sqlite3 import Connection

__all__ = ["Found", "NoRecord", "Record", "RecordsProblem", "Sessions"]

_TABLES: Final = ("turns", "bodies", "pieces")
_CONVERSATION: Final = "SELECT title, system, head FROM conversations WHERE id = ?"
_PUT_PIECE: Final = """
INSERT INTO pieces SELECT ?1, coalesce((SELECT max(number) FROM pieces WHERE place = ?1), 0) + 1, ?2, ?3
WHERE EXISTS (SELECT 1 FROM turns WHERE place = ?1)
"""


class NoRecord(RecordsProblem):
    """There is no record of that number, or it was deleted meanwhile."""

    def __init__(self, conversation: int) -> None:
        super().__init__(f"There is no record {conversation} of a conversation, or none any more.")


class Sessions:
    """The file at `path`. Nothing is opened or made before it is needed.

    Every call blocks, may come from any thread, and raises RecordsProblem, NoRecord among them. What looks like a key
    is never kept, nor are the `secrets` given. `now` is the clock of who begins with nothing said.
    """

    def __init__(self, path: Path, *, now: Callable[[], datetime]) -> None:
        self._file = SessionsFile(path)
        self._now = now
        self._growing = Lock()
        self._over: set[int] = set()

    # Writing

    def begin(self, conversation: Conversation, secrets: Iterable[Secret] = ()) -> int:
        """Keep a conversation with all of its turns, and give its id."""
        hide = Hiding(tuple(secrets))
        turns = tuple(conversation.turns.values())
        at = written_moment(turns[0].at if turns else self._now())
        with self._file.writing() as connection:
            made = connection.execute(
                "INSERT INTO conversations (title, system, head, began, changed) VALUES (?, ?, ?, ?, ?)",
                (shortened(hide(conversation.title)), hide(conversation.system), conversation.head, at, at),
            ).lastrowid
            number = as_number(made)
            _put_turns(connection, number, turns, hide)
            _index(connection, number)
        return number

    def put_turn(self, conversation: int, turn: Turn, secrets: Iterable[Secret] = ()) -> None:
        """Keep a turn, in place of the one with its id."""
        self._over.discard(place_of(conversation, turn.id))
        with self._file.writing() as connection:
            _put_turns(connection, conversation, (turn,), Hiding(tuple(secrets)))

    def grow(self, conversation: int, turn: int, text: str = "", reasoning: str = "") -> None:
        """Keep more of an answer, in which no key is, nor any part of one: the caller has seen to that (`core.veil`).

        What comes after the answer's end, from a thread that was slow, is left out: all of it is there.
        """
        place, hide = place_of(conversation, turn), Hiding()
        row = (place, hide(text), hide(reasoning))
        with self._growing:
            if place in self._over:
                return
            with self._file.writing() as connection:
                if connection.execute(_PUT_PIECE, row).rowcount < 1:
                    raise NoRecord(conversation)

    def end_turn(self, conversation: int, turn: Turn, secrets: Iterable[Secret] = ()) -> None:
        """Keep an answer as it has come to its end, in place of its pieces."""
        place = place_of(conversation, turn.id)
        with self._growing:
            self.put_turn(conversation, turn, secrets)
            self._over.add(place)
        self._file.settle()

    def set_head(self, conversation: int, head: int | None) -> None:
        """Keep where the conversation stands."""
        with self._file.writing() as connection:
            _set(connection, conversation, "head", head)

    def set_system(self, conversation: int, system: str, secrets: Iterable[Secret] = ()) -> None:
        """Keep the system prompt."""
        with self._file.writing() as connection:
            _set(connection, conversation, "system", Hiding(tuple(secrets))(system))
            _index(connection, conversation)

    def rename(self, conversation: int, title: str, secrets: Iterable[Secret] = ()) -> Clean:
        """Give the record a title, an empty one: that of its first prompt again. Gives the title as it is kept."""
        hide = Hiding(tuple(secrets))
        with self._file.writing() as connection:
            found = shortened(hide(title)) or title_of(read_turns(connection, conversation), hide)
            _set(connection, conversation, "title", found)
            _index(connection, conversation)
        return found

    def delete(self, conversation: int) -> None:
        """Delete a record; its text is overwritten in the file."""
        with self._file.writing() as connection:
            if connection.execute("DELETE FROM conversations WHERE id = ?", (conversation,)).rowcount < 1:
                raise NoRecord(conversation)
            for table in _TABLES:
                query = f"DELETE FROM {table} WHERE place BETWEEN ? AND ?"  # noqa: S608 a name of ours
                connection.execute(query, places_of(conversation))
            forget_words(connection, conversation)
        self._file.settle(wholly=True)

    def delete_all(self) -> int:
        """Delete every record, and give how many there were."""
        if not self._file.size:
            return 0
        with self._file.writing() as connection:
            count = connection.execute("DELETE FROM conversations").rowcount
            for table in _TABLES:
                connection.execute(f"DELETE FROM {table}")  # noqa: S608 a name of ours
            forget_all_words(connection)
        self._file.shrink()
        self._file.settle(wholly=True)
        return count

    def close(self) -> None:
        """Close the file; a later call opens it for itself alone."""
        self._file.close()

    # Reading

    @property
    def size(self) -> int:
        """Give the bytes that the records take on the disk."""
        return self._file.size

    def records(self, limit: int = -1) -> tuple[Record, ...]:
        """Give what is kept, the newest first; `limit` records at most, -1: all."""
        with self._file.reading() as connection:
            return () if connection is None else sessions_records.records(connection, limit)

    def search(self, words: str, limit: int = 50) -> tuple[Found, ...]:
        """Find the records that hold all the words, the newest first: any part of a word, in any case, Chinese too.

        Of a query of more than 12 words the first 12 count.
        """
        wanted = query_words(words)
        if not wanted or limit < 1:
            return ()
        with self._file.reading() as connection:
            return () if connection is None else sessions_records.search(connection, wanted, limit)

    def load(self, conversation: int) -> Conversation:
        """Give a conversation as it was kept. An answer that never ended has what came of it, and is not complete."""
        with self._file.reading() as connection:
            if connection is None:
                raise NoRecord(conversation)
            row = connection.execute(_CONVERSATION, (conversation,)).fetchone()
            if row is None:
                raise NoRecord(conversation)
            title, system, head = row
            turns = {turn.id: turn for turn in read_turns(connection, conversation)}
            return as_tree(
                Conversation(
                    MappingProxyType(turns),
                    None if head is None else as_number(head),
                    as_raw_text(system),
                    as_text(title),
                    conversation,
                )
            )

    def prompts(self, limit: int = 1000) -> tuple[str, ...]:
        """Give what the person said, the newest first, each once; of that many turns at most."""
        with self._file.reading() as connection:
            return () if connection is None else sessions_records.prompts(connection, limit)


def _put_turns(connection: "Connection", conversation: int, turns: tuple[Turn, ...], hide: Hiding) -> None:
    row = connection.execute("SELECT title FROM conversations WHERE id = ?", (conversation,)).fetchone()
    if row is None:
        raise NoRecord(conversation)
    for turn in turns:
        rows = written_turn(conversation, turn, hide)
        place = place_of(conversation, turn.id)
        connection.execute("DELETE FROM pieces WHERE place = ?", (place,))
        connection.execute("INSERT OR REPLACE INTO turns VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows.turn)
        connection.execute("INSERT OR REPLACE INTO bodies VALUES (?, ?, ?, ?)", rows.body)
        put_words(connection, place, rows.searched)
        connection.execute(
            "UPDATE conversations SET changed = max(changed, ?) WHERE id = ?",
            (written_moment(turn.at), conversation),
        )
    if not row[0] and (title := title_of(turns, hide)):
        _set(connection, conversation, "title", title)
        _index(connection, conversation)


def _set(connection: "Connection", conversation: int, name: str, value: Cell) -> None:
    query = f"UPDATE conversations SET {name} = ? WHERE id = ?"  # noqa: S608 a name of ours
    if connection.execute(query, (value, conversation)).rowcount < 1:
        raise NoRecord(conversation)


def _index(connection: "Connection", conversation: int) -> None:
    put_words(connection, place_of(conversation), about(connection, conversation))
