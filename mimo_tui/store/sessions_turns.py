"""A turn as rows of the file of records, and back. All its text is redacted on the way in."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from mimo_tui.core.conversation import Role, Turn
from mimo_tui.core.json_text import Json
from mimo_tui.core.secrets import Secret, redact, safe
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.store.cells import Cell, Damaged, as_raw_text, encoded, written_moment
from mimo_tui.store.plain import as_plain, from_plain
from mimo_tui.store.sessions_file import TURNS_BITS, RecordsProblem

if TYPE_CHECKING:
    from sqlite3 import Connection

LONGEST_TITLE: Final = 120

MOST_TURNS: Final = (1 << TURNS_BITS) - 1
_BODIES: Final = """
SELECT place, text, reasoning, details FROM bodies WHERE place BETWEEN ? AND ? ORDER BY place
"""
_PIECES: Final = """
SELECT place, text, reasoning FROM pieces WHERE place BETWEEN ? AND ? ORDER BY place, number
"""


@dataclass(frozen=True, slots=True)
class Hiding:
    """Takes away these secrets, and whatever looks like one, from what is kept."""

    secrets: tuple[Secret, ...] = ()

    def __call__(self, text: str) -> str:
        """Give the text without them."""
        return encoded(redact(text, self.secrets)).decode()


@dataclass(frozen=True, slots=True)
class TurnRows:
    """What is written down of a turn; `searched` is what a search finds it by."""

    turn: tuple[Cell, ...]
    body: tuple[Cell, ...]
    searched: Clean


def place_of(conversation: int, turn: int = 0) -> int:
    """Give where a turn lies; 0: what belongs to the conversation as a whole."""
    if not 0 <= turn <= MOST_TURNS:
        raise RecordsProblem(f"No more than {MOST_TURNS:,} turns of a conversation are kept.")
    return conversation << TURNS_BITS | turn


def places_of(conversation: int) -> tuple[int, int]:
    """Give the first and the last place of a conversation."""
    return place_of(conversation), place_of(conversation, MOST_TURNS)


def title_of(turns: Iterable[Turn], hide: Callable[[str], str]) -> Clean:
    """Give the first line of the first prompt, or the name of what goes with it."""
    for turn in turns:
        if turn.role is Role.USER:
            lines = (line.strip() for line in hide(turn.text).splitlines())
            words = next((line for line in lines if line), "") or next(
                (hide(each.name) for each in turn.attachments), ""
            )
            if words:
                return shortened(words)
    return NOTHING


def shortened(title: str) -> Clean:
    """Give a title in one line that is not too long."""
    one_line = safe(" ".join(title.split()))
    return Clean(f"{one_line[: LONGEST_TITLE - 1]}…") if len(one_line) > LONGEST_TITLE else one_line


def written_turn(conversation: int, turn: Turn, hide: Callable[[str], str]) -> TurnRows:
    """Write down a turn."""
    place = place_of(conversation, turn.id)
    text, reasoning = hide(turn.text), hide(turn.reasoning)
    details = as_plain(replace(turn, text="", reasoning=""), hide)
    answer = turn.answer
    cost = answer.cost if answer is not None else None
    row = (
        place,
        str(turn.role),
        written_moment(turn.at),
        hide(answer.model) if answer is not None else None,
        str(cost.amount) if cost is not None else None,
        cost.currency if cost is not None else None,
        int(cost is not None and cost.is_bound),
        int(answer is not None and answer.simulated),
    )
    body = (place, text, reasoning, json.dumps(details, ensure_ascii=False))
    return TurnRows(row, body, searched(hide(" ".join(_said(turn)))))


def read_turns(connection: "Connection", conversation: int) -> tuple[Turn, ...]:
    """Read the turns of a conversation. An answer that never ended has what came of it, and is not complete."""
    places = places_of(conversation)
    pieces: dict[Cell, list[tuple[str, str]]] = {}
    for place, text, reasoning in connection.execute(_PIECES, places).fetchall():
        pieces.setdefault(place, []).append((as_raw_text(text), as_raw_text(reasoning)))
    rows = connection.execute(_BODIES, places).fetchall()
    return tuple(_turn(row, pieces.get(row[0], ())) for row in rows)


def searched(*texts: str) -> Clean:
    """Give texts in the one line that a search looks through."""
    return clean(" ".join(word for text in texts for word in text.split()))


def read_text(connection: "Connection", place: int) -> Clean:
    """Read the text of a turn as a search looks through it."""
    row = connection.execute(
        "SELECT text, reasoning, details FROM bodies WHERE place = ?", (place,)
    ).fetchone()
    return searched(*_said(_turn((place, *row), ()))) if row is not None else NOTHING


def _said(turn: Turn) -> Iterator[str]:
    yield turn.text
    yield turn.reasoning
    yield from (each.name for each in turn.attachments)
    yield from (f"{call.name} {call.arguments}" for call in turn.calls)
    yield from (citation.title for citation in turn.citations)


def _turn(row: tuple[Cell, ...], pieces: Iterable[tuple[str, str]]) -> Turn:
    place, text, reasoning, details = row
    try:
        members: Json = json.loads(as_raw_text(details))
    except (ValueError, RecursionError) as error:
        raise Damaged from error
    texts, thoughts = [as_raw_text(text)], [as_raw_text(reasoning)]
    for more_text, more_reasoning in pieces:
        texts.append(more_text)
        thoughts.append(more_reasoning)
    found = replace(from_plain(Turn, members), text="".join(texts), reasoning="".join(thoughts))
    if not isinstance(place, int) or found.id != place & MOST_TURNS:
        raise Damaged
    return found
