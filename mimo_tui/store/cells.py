"""Cells of our SQLite files, as they are written and read. What stands in such a file is outside text."""

from datetime import UTC, datetime

from mimo_tui.core.text import Clean, clean

_FIRST_YEAR, _LAST_YEAR = 2000, 2999

Cell = str | int | bytes | None
"""What a cell of a file may hold."""


class Damaged(Exception):
    """A cell holds what this program never wrote there."""


def as_text(value: Cell) -> Clean:
    """Read a text of one line."""
    return clean(as_raw_text(value))


def as_raw_text(value: Cell) -> str:
    """Read a text as it is."""
    if not isinstance(value, str):
        raise Damaged
    return value


def as_number(value: Cell) -> int:
    """Read a whole number."""
    if not isinstance(value, int):
        raise Damaged
    return value


def written_moment(at: datetime) -> str:
    """Write a moment so that later ones sort after it."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def as_moment(value: Cell) -> datetime | None:
    """Read a moment; None: there is none."""
    if value is None:
        return None
    try:
        at = datetime.fromisoformat(as_text(value))
    except ValueError as error:
        raise Damaged from error
    # Near either end of the calendar a moment has no time of day in every zone.
    if at.tzinfo is None or not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        raise Damaged
    return at


def a_moment(value: Cell) -> datetime:
    """Read a moment that has to be there."""
    at = as_moment(value)
    if at is None:
        raise Damaged
    return at


def encoded(text: str) -> bytes:
    """Give the bytes of a text; half a surrogate, which none can hold, becomes a question mark."""
    return text.encode("utf-8", "replace")
