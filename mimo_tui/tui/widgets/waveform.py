"""A sound as blocks above a base line, and how far it was played."""

from collections.abc import Sequence
from itertools import pairwise
from math import ceil, sqrt
from typing import Final

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

_BLOCKS: Final = "▁▂▃▄▅▆▇█"
_FAINTEST: Final = 2
"""A peak, of 100, below which a sound is not drawn at its full height: a hiss must not look like speech."""
_HEAD: Final = "┃"
"""Stands where the player is, so that no colour is needed to see it."""
_PLAYED: Final = "$text-accent"
_COLUMNS_A_SECOND: Final = 3
"""How fast a sound that still comes grows to the right, until it fills its room."""


def render_waveform(peaks: Sequence[int], columns: int, played: float = 0.0, rows: int = 1) -> Content:
    """Give peaks from 0 to 100 as so many cells in so many rows; nothing where there are none.

    Each cell shows how loud its peaks are on the whole (their root mean square), and the loudest cell fills the height:
    of a long sound each cell has some high peak. `played` is the share that was played, from 0 to 1: that part has
    another style, and a bar at its end.
    """
    if not peaks or columns < 1 or rows < 1:
        return Content("")
    shown = _resampled(peaks, columns)
    loudest = max(*shown, _FAINTEST)
    steps = [_step(each / loudest, rows) for each in shown]
    at = min(int(played * columns), columns - 1) if played > 0 else None
    return Content("\n").join(_row(steps, row, at) for row in reversed(range(rows)))


def grown_columns(columns: int, seconds: float) -> int:
    """Give how many of the cells a sound takes of which so many seconds have come."""
    return min(columns, max(1, ceil(seconds * _COLUMNS_A_SECOND)))


class WaveformView(Widget):
    """Shows a sound over the whole width, in as many rows as it is high."""

    DEFAULT_CSS = """
    WaveformView { height: 1; }
    """

    peaks: reactive[tuple[int, ...]] = reactive(())
    played: reactive[float] = reactive(0.0)

    def render(self) -> Content:
        width, height = self.content_size
        return render_waveform(self.peaks, width, self.played, height)


def _resampled(peaks: Sequence[int], columns: int) -> list[float]:
    count = len(peaks)
    firsts = [column * count // columns for column in range(columns + 1)]
    return [_loudness(peaks[first : max(end, first + 1)]) for first, end in pairwise(firsts)]


def _loudness(peaks: Sequence[int]) -> float:
    return sqrt(sum(max(peak, 0) ** 2 for peak in peaks) / len(peaks))


def _step(share: float, rows: int) -> int:
    """Give how many eighths of a row a peak takes; the lowest is the base line, which silence is too."""
    steps = rows * len(_BLOCKS)
    return min(int(share * steps) + 1, steps)


def _row(steps: Sequence[int], row: int, at: int | None) -> Content:
    """Give a row, counted from the base line; `at` is the column where the player is, None: nowhere."""
    signs = "".join(_sign(step - row * len(_BLOCKS)) for step in steps)
    if at is None:
        return Content(signs)
    return Content.assemble((signs[:at], _PLAYED), (_HEAD, f"bold {_PLAYED}"), signs[at + 1 :])


def _sign(eighths: int) -> str:
    return _BLOCKS[min(eighths, len(_BLOCKS)) - 1] if eighths > 0 else " "
