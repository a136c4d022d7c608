"""What is told of the conversations that are kept, without reading all of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import TYPE_CHECKING, Final

from mimo_tui.core.conversation import Role
from mimo_tui.core.ledger import Cost
from mimo_tui.core.text import Clean
from mimo_tui.store.cells import Cell, Damaged, a_moment, as_number, as_raw_text, as_text
from mimo_tui.store.sessions_search import best_place, having
from mimo_tui.store.sessions_turns import MOST_TURNS, places_of, read_text, searched
from mimo_tui.store.words import excerpt

if TYPE_CHECKING:
    from sqlite3 import Connection

_RECORDS: Final = "SELECT id, title, began, changed FROM conversations ORDER BY changed DESC, id DESC"
_TURNS: Final = """
SELECT role, model, amount, currency, is_bound, simulated FROM turns WHERE place BETWEEN ? AND ? ORDER BY place
"""
_PROMPTS: Final = """
SELECT b.text FROM turns t JOIN bodies b ON b.place = t.place WHERE t.role = 'user' ORDER BY t.at DESC, t.place DESC
LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class Record:
    """A conversation that is kept. `models` in the order in which they were asked, `costs` one a currency.

    `turns` counts those of every branch. `simulated`: at least one answer came from the simulator.
    """

    id: int
    title: Clean
    began: datetime
    changed: datetime
    models: tuple[Clean, ...] = ()
    turns: int = 0
    costs: tuple[Cost, ...] = ()
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """Where words were found in a record: in `turn`; None: in its title or system prompt.

    `excerpt` is plain text, `marks` the (start, end) of the words in it.
    """

    record: Record
    turn: int | None
    excerpt: Clean
    marks: tuple[tuple[int, int], ...]


def records(connection: "Connection", limit: int) -> tuple[Record, ...]:
    """Give what is kept, the newest first; -1: all."""
    rows = connection.execute(f"{_RECORDS} LIMIT ?", (limit,)).fetchall()
    return tuple(_record(connection, row) for row in rows)


def search(connection: "Connection", words: Sequence[str], limit: int) -> tuple[Found, ...]:
    """Give the records that hold all the words, the newest first."""
    rows = {as_number(row[0]): row for row in connection.execute(_RECORDS).fetchall()}
    newest = islice(having(connection, rows, words), limit)
    return tuple(_found(connection, _record(connection, rows[number]), words) for number in newest)


def prompts(connection: "Connection", limit: int) -> tuple[str, ...]:
    """Give what the person said in that many turns, the newest first, each once."""
    rows = connection.execute(_PROMPTS, (limit,)).fetchall()
    return tuple(dict.fromkeys(text for row in rows if (text := as_raw_text(row[0])).strip()))


def about(connection: "Connection", conversation: int) -> Clean:
    """Give title and system prompt as a search looks through them."""
    row = connection.execute(
        "SELECT title, system FROM conversations WHERE id = ?", (conversation,)
    ).fetchone()
    return searched(as_raw_text(row[0]), as_raw_text(row[1]))


def _record(connection: "Connection", row: tuple[Cell, ...]) -> Record:
    number, title, began, changed = row
    found = Record(as_number(number), as_text(title), a_moment(began), a_moment(changed))
    models: dict[Clean, None] = {}
    costs: dict[Clean, Cost] = {}
    turns = connection.execute(_TURNS, places_of(found.id)).fetchall()
    for role, model, amount, currency, is_bound, _ in turns:
        if role == Role.ASSISTANT and model is not None:
            models.setdefault(as_text(model))
        if amount is not None:
            cost = costs.setdefault(as_text(currency), Cost(Decimal(0), as_text(currency)))
            costs[as_text(currency)] = replace(
                cost, amount=cost.amount + _amount(amount), is_bound=cost.is_bound or bool(is_bound)
            )
    simulated = any(row[-1] for row in turns)
    return replace(
        found, models=tuple(models), turns=len(turns), costs=tuple(costs.values()), simulated=simulated
    )


def _amount(value: Cell) -> Decimal:
    try:
        amount = Decimal(as_raw_text(value))
    except InvalidOperation as error:
        raise Damaged from error
    if not amount.is_finite():
        raise Damaged
    return amount


def _found(connection: "Connection", record: Record, words: Sequence[str]) -> Found:
    place = best_place(connection, record.id, words)
    turn = place & MOST_TURNS
    text = read_text(connection, place) if turn else about(connection, record.id)
    shown, marks = excerpt(text, words)
    return Found(record, turn or None, shown, marks)
