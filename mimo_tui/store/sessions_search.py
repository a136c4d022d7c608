"""Full-text search in the records of conversations."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from mimo_tui.store.cells import as_number, as_raw_text
from mimo_tui.store.sessions_file import TURNS_BITS
from mimo_tui.store.sessions_turns import places_of
from mimo_tui.store.words import TRIGRAM, fold, phrase

if TYPE_CHECKING:
    from sqlite3 import Connection

_WITH: Final = "SELECT DISTINCT rowid >> ? FROM words WHERE words MATCH ?"
_FORGET: Final = "INSERT INTO words (words, rowid, text) VALUES ('delete', ?, ?)"


def put_words(connection: "Connection", place: int, text: str) -> None:
    """Let the place be found by this text, and no longer by the one that it had."""
    folded = fold(text)
    old = connection.execute("SELECT text FROM folded WHERE place = ?", (place,)).fetchone()
    if old is not None:
        if old[0] == folded:
            return
        connection.execute(_FORGET, (place, old[0]))
        connection.execute("DELETE FROM folded WHERE place = ?", (place,))
    if folded:
        connection.execute("INSERT INTO folded VALUES (?, ?)", (place, folded))
        connection.execute("INSERT INTO words (rowid, text) VALUES (?, ?)", (place, folded))


def forget_words(connection: "Connection", conversation: int) -> None:
    """Let the conversation be found no more, and leave nothing of it in the index."""
    places = places_of(conversation)
    rows = connection.execute("SELECT place, text FROM folded WHERE place BETWEEN ? AND ?", places).fetchall()
    connection.executemany(_FORGET, rows)
    connection.execute("DELETE FROM folded WHERE place BETWEEN ? AND ?", places)
    # Until then the index only notes that it is gone.
    connection.execute("INSERT INTO words (words) VALUES ('optimize')")


def forget_all_words(connection: "Connection") -> None:
    """Leave nothing in the index."""
    connection.execute("INSERT INTO words (words) VALUES ('delete-all')")
    connection.execute("DELETE FROM folded")


def having(connection: "Connection", conversations: Iterable[int], words: Sequence[str]) -> Iterator[int]:
    """Give those of the conversations in which each of the words stands somewhere, one after the other."""
    # The index knows no part shorter than a trigram: those are looked for in the text as it is.
    long = [word for word in words if len(word) >= TRIGRAM]
    short = [word for word in words if len(word) < TRIGRAM]
    held = [
        frozenset(number for (number,) in connection.execute(_WITH, (TURNS_BITS, phrase(word))).fetchall())
        for word in long
    ]
    stands = ", ".join("max(instr(text, ?) > 0)" for _ in short)
    query = f"SELECT {stands} FROM folded WHERE place BETWEEN ? AND ?"  # noqa: S608 no text from outside
    for number in conversations:
        if all(number in each for each in held):
            values = (*short, *places_of(number))
            if not short or all(connection.execute(query, values).fetchone()):
                yield number


def best_place(connection: "Connection", conversation: int, words: Sequence[str]) -> int:
    """Give the first of those places in the conversation in which most of the words stand."""
    rows = connection.execute(
        "SELECT place, text FROM folded WHERE place BETWEEN ? AND ? ORDER BY place", places_of(conversation)
    ).fetchall()
    held = [(sum(word in as_raw_text(text) for word in words), as_number(place)) for place, text in rows]
    return max(held, key=lambda each: each[0])[1]
