"""A sound as a row of blocks, and how far it was played."""

from collections.abc import Sequence
from math import ceil, sqrt
from typing import Final

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

_BLOCKS: Final = "▁▂▃▄▅▆▇█"
_LOUDEST: Final = 100
_HEAD: Final = "┃"
"""Stands where the player is, so that no colour is needed to see it."""
_PLAYED: Final = "$text-accent"
_COLUMNS_A_SECOND: Final = 3
"""How fast a sound that still comes grows to the right, until it fills its room."""


def render_waveform(peaks: Sequence[int], columns: int, played: float = 0.0) -> Content:
    """Give peaks from 0 to 100 as so many cells; nothing where there are none.

    `played` is the share of it that was played, from 0 to 1: that part has another style, and a bar at its end.
    """
    if not peaks or columns < 1:
        return Content("")
    signs = "".join(_block(peak) for peak in _resampled(peaks, columns))
    if played <= 0:
        return Content(signs)
    at = min(int(played * columns), columns - 1)
    return Content.assemble((signs[:at], _PLAYED), (_HEAD, f"bold {_PLAYED}"), signs[at + 1 :])


def grown_columns(columns: int, seconds: float) -> int:
    """Give how many of the cells a sound takes of which so many seconds have come."""
    return min(columns, max(1, ceil(seconds * _COLUMNS_A_SECOND)))


class WaveformView(Widget):
    """Shows a sound over the whole width."""

    DEFAULT_CSS = """
    WaveformView { height: 1; }
    """

    peaks: reactive[tuple[int, ...]] = reactive(())
    played: reactive[float] = reactive(0.0)

    def render(self) -> Content:
        return render_waveform(self.peaks, self.content_size.width, self.played)


def _resampled(peaks: Sequence[int], columns: int) -> list[int]:
    count = len(peaks)
    return [
        max(
            peaks[
                column * count // columns : max(
                    (column + 1) * count // columns, column * count // columns + 1
                )
            ]
        )
        for column in range(columns)
    ]


def _block(peak: int) -> str:
    # By its root, so that speech of a usual level, far below the loudest there can be, has a shape.
    share = sqrt(min(max(peak, 0), _LOUDEST) / _LOUDEST)
    return _BLOCKS[min(int(share * len(_BLOCKS)), len(_BLOCKS) - 1)]
