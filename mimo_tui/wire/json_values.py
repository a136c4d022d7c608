"""Members of a document that somebody else wrote: what has another type than it should is as good as not there."""

from collections.abc import Mapping

from mimo_tui.core.json_text import Json

_MOST = 2**53


def text_of(value: Json) -> str:
    """Give a text; empty where it is none."""
    return value if isinstance(value, str) else ""


def table_of(value: Json) -> Mapping[str, Json]:
    """Give an object; an empty one where it is none."""
    return value if isinstance(value, dict) else {}


def tables_of(value: Json) -> list[dict[str, Json]]:
    """Give the objects of a list; none where it is none."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def count_of(value: Json) -> int | None:
    """Give how many there are; None where it is no number of things."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MOST:
        return value
    return None


def amount_of(value: Json) -> float | None:
    """Give how much there is; None where it is no such number."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < _MOST:
        return float(value)
    return None
