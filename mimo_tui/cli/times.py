"""Times that a person types."""

from argparse import ArgumentTypeError
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

_BEIJING = timezone(timedelta(hours=8))
_YEARS = range(2020, 2101)


def read_time(text: str) -> datetime:
    """Read a time, in Beijing where it names no zone: that is how MiMo announces things. Raises ArgumentTypeError."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = datetime.min
    if at.year not in _YEARS:
        sentence = f"{text} is no time; one is 2026-10-22T09:00+08:00, or 2026-10-22 for Beijing's midnight"
        raise ArgumentTypeError(sentence)
    return at if at.tzinfo is not None else at.replace(tzinfo=_BEIJING)


def clock_from(at: datetime | None) -> Callable[[], datetime]:
    """Give a clock that shows `at` now, and goes on from there; None: the time that it is."""
    ahead = timedelta(0) if at is None else at.astimezone(UTC) - datetime.now(UTC)
    return lambda: datetime.now(UTC) + ahead
