"""Conversations of the playground, kept in one SQLite file: no key in it, and every piece of an answer at once."""

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import Final

from mimo_tui.core.conversation import Conversation, Turn
from mimo_tui.core.secrets import Secret
from mimo_tui.core.text import Clean
from mimo_tui.store import sessions_records
from mimo_tui.store.cells import as_number, as_raw_text, as_text
from mimo_tui.store.sessions_file import RecordsProblem, SessionsFile
from mimo_tui.store.sessions_records import Found, Record
from mimo_tui.store.sessions_search import forget_all_words, forget_words
from mimo_tui.store.sessions_tree import as_tree, missing, since
from mimo_tui.store.sessions_turns import (
    Hiding,
    place_of,
    places_of,
    read_turns,
    shortened,
    title_of,
)
from mimo_tui.store.sessions_writing import NoRecord, begin, index, is_kept, put_turns, set_cell, title_in
from mimo_tui.store.words import query_words

__all__ = ["Found", "NoRecord", "Record", "RecordsProblem", "Sessions"]

_TABLES: Final = ("turns", "bodies", "pieces")
_CONVERSATION: Final = "SELECT title, system, head FROM conversations WHERE id = ?"
_PUT_PIECE: Final = """
INSERT INTO pieces SELECT ?1, coalesce((SELECT max(number) FROM pieces WHERE place = ?1), 0) + 1, ?2, ?3
WHERE EXISTS (SELECT 1 FROM turns WHERE place = ?1)
"""


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
        with self._file.writing() as connection:
            return begin(connection, conversation, Hiding(tuple(secrets)), self._now())

    def keep(self, conversation: Conversation, secrets: Iterable[Secret] = ()) -> int:
        """Keep what is not kept yet of a conversation, where it stands and its system prompt, and give its id.

        That is another id where another program went on with the record: what was said here then has one of its own.
        What was said before the first turn of its record stays out of both, since it was deleted.
        """
        if not conversation.id:
            return self.begin(conversation, secrets)
        hide, number = Hiding(tuple(secrets)), conversation.id
        with self._file.writing() as connection:
            kept = {turn.id: turn for turn in read_turns(connection, number)}
            ours = since(conversation, min(kept, default=0))
            added = missing(ours, kept)
            if added is None:
                return begin(connection, ours, hide, self._now())
            put_turns(connection, number, added, hide)
            if ours.head is not None:
                set_cell(connection, number, "head", ours.head)
            set_cell(connection, number, "system", hide(ours.system))
            index(connection, number)
            self._over.difference_update(place_of(number, turn.id) for turn in added)
        return number

    def put_turn(self, conversation: int, turn: Turn, secrets: Iterable[Secret] = ()) -> None:
        """Keep a turn, in place of the one with its id."""
        self._over.discard(place_of(conversation, turn.id))
        with self._file.writing() as connection:
            put_turns(connection, conversation, (turn,), Hiding(tuple(secrets)))

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
        """Keep where the conversation stands, if that turn is kept: the record could not be read otherwise."""
        with self._file.writing() as connection:
            title_in(connection, conversation)
            if head is None or is_kept(connection, conversation, head):
                set_cell(connection, conversation, "head", head)

    def set_system(self, conversation: int, system: str, secrets: Iterable[Secret] = ()) -> None:
        """Keep the system prompt."""
        with self._file.writing() as connection:
            set_cell(connection, conversation, "system", Hiding(tuple(secrets))(system))
            index(connection, conversation)

    def rename(self, conversation: int, title: str, secrets: Iterable[Secret] = ()) -> Clean:
        """Give the record a title, an empty one: that of its first prompt again. Gives the title as it is kept."""
        hide = Hiding(tuple(secrets))
        with self._file.writing() as connection:
            found = shortened(hide(title)) or title_of(read_turns(connection, conversation), hide)
            set_cell(connection, conversation, "title", found)
            index(connection, conversation)
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
