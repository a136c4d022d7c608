"""What an answer took, in one line that fits."""

from collections.abc import Sequence

from rich.cells import cell_len

from mimo_tui.core.conversation import Answer
from mimo_tui.core.meter import BETWEEN, Part, cost_text, costs_text, ending, meter_parts
from mimo_tui.core.text import Clean, clean

__all__ = ["cost_text", "costs_text", "ending", "meter_text"]


def meter_text(answer: Answer, width: int) -> Clean:
    """Give the line, at most `width` cells wide: first the details go, then what matters least."""
    parts = list(meter_parts(answer))
    if _width(parts) > width:
        parts = [Part(part.weight, part.short or part.text) for part in parts]
    while len(parts) > 1 and _width(parts) > width:
        parts.remove(min(parts, key=lambda part: part.weight))
    return clean(BETWEEN.join(part.text for part in parts))


def _width(parts: Sequence[Part]) -> int:
    return cell_len(BETWEEN.join(part.text for part in parts))
