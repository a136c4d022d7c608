"""What is written into the file of records: conversations and their turns, within a transaction of the caller."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from mimo_tui.core.conversation import Conversation, Turn
from mimo_tui.store.cells import Cell, as_number, written_moment
from mimo_tui.store.sessions_file import RecordsProblem
from mimo_tui.store.sessions_records import about
from mimo_tui.store.sessions_search import put_words
from mimo_tui.store.sessions_turns import Hiding, place_of, shortened, title_of, written_turn

if TYPE_CHECKING:
    from sqlite3 import Connection


class NoRecord(RecordsProblem):
    """There is no record of that number, or it was deleted meanwhile."""

    def __init__(self, conversation: int) -> None:
        super().__init__(f"There is no record {conversation} of a conversation, or none any more.")


def begin(connection: "Connection", conversation: Conversation, hide: Hiding, now: datetime) -> int:
    """Keep a conversation with all of its turns, and give its id. `now` is when one with nothing said begins."""
    turns = tuple(conversation.turns.values())
    at = written_moment(turns[0].at if turns else now)
    made = connection.execute(
        "INSERT INTO conversations (title, system, head, began, changed) VALUES (?, ?, ?, ?, ?)",
        (shortened(hide(conversation.title)), hide(conversation.system), conversation.head, at, at),
    ).lastrowid
    number = as_number(made)
    put_turns(connection, number, turns, hide)
    index(connection, number)
    return number


def put_turns(connection: "Connection", conversation: int, turns: tuple[Turn, ...], hide: Hiding) -> None:
    """Keep turns, each in place of the one with its id. Raises NoRecord."""
    has_title = bool(title_in(connection, conversation))
    for turn in turns:
        # Below a turn that is not kept the record could not be read.
        is_below = turn.parent is not None and is_kept(connection, conversation, turn.parent)
        rows = written_turn(conversation, turn if is_below else replace(turn, parent=None), hide)
        place = place_of(conversation, turn.id)
        connection.execute("DELETE FROM pieces WHERE place = ?", (place,))
        connection.execute("INSERT OR REPLACE INTO turns VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows.turn)
        connection.execute("INSERT OR REPLACE INTO bodies VALUES (?, ?, ?, ?)", rows.body)
        put_words(connection, place, rows.searched)
        connection.execute(
            "UPDATE conversations SET changed = max(changed, ?) WHERE id = ?",
            (written_moment(turn.at), conversation),
        )
    if not has_title and (title := title_of(turns, hide)):
        set_cell(connection, conversation, "title", title)
        index(connection, conversation)


def title_in(connection: "Connection", conversation: int) -> Cell:
    """Give the title of a record. Raises NoRecord."""
    row = connection.execute("SELECT title FROM conversations WHERE id = ?", (conversation,)).fetchone()
    if row is None:
        raise NoRecord(conversation)
    title: Cell = row[0]
    return title


def is_kept(connection: "Connection", conversation: int, turn: int) -> bool:
    """Tell whether a turn is kept."""
    place = place_of(conversation, turn)
    return connection.execute("SELECT 1 FROM turns WHERE place = ?", (place,)).fetchone() is not None


def set_cell(connection: "Connection", conversation: int, name: str, value: Cell) -> None:
    """Set a column of the row of a conversation. Raises NoRecord."""
    query = f"UPDATE conversations SET {name} = ? WHERE id = ?"  # noqa: S608 a name of ours
    if connection.execute(query, (value, conversation)).rowcount < 1:
        raise NoRecord(conversation)


def index(connection: "Connection", conversation: int) -> None:
    """Have the conversation found by its title and system prompt as they are now."""
    put_words(connection, place_of(conversation), about(connection, conversation))
