"""How loud a sound is, and the picture of its loudness over time."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import log10, sqrt
from operator import mul
from typing import Final

from mimo_tui.core.speech.loudest import STEPS, loudest, steps_of
from mimo_tui.core.speech.samples import AT_ONCE, WIDTH, Samples, as_bytes

LOUDEST: Final = 32_768
"""What 0 dB is: the greatest size of a sample of 16 bits."""

_BLOCK: Final = 1024
"""Samples that are judged together: 20 to 130 ms, a syllable or less, at the usual rates."""

_BLOCKS_HEARD: Final = 400
"""More of them, spread over a long sound, do not change its level by what can be heard."""

_QUIETER: Final = 10
"""A block whose peak is so many times smaller than the greatest is a pause, by our own judgement."""

_FLAT: Final = 3
_AT_TOP: Final = 2
_NEARLY_FULL: Final = 125 << 8
_FULL_RUN: Final = re.compile(rb"\+{%d,}|-{%d,}" % (_FLAT, _FLAT))
"""A sound is clipped where so many samples of a run are at its peak, or nearly: nothing that swings stays there.

A run is of neighbours of one sign that are nearly as great as there can be. Not all are at the peak, since dither and a
change of the rate move what was cut off before.
"""

_SIGNS: Final = bytes(
    ord("+") if 125 <= byte <= 127 else ord("-") if 128 <= byte <= 130 else ord(" ") for byte in range(256)
)
"""Tells by the high byte of a sample whether it is nearly full, and of which sign."""

_BEYOND: Final = 16
"""Samples of the next block that are looked at: a run may lie across."""

_SMALLEST: Final = 32
"""Samples of one column of a waveform at first."""

_MOST_COLUMNS: Final = 4096
"""Two of these become one where there are so many; half of them are still ten for each that is shown."""


@dataclass(frozen=True, slots=True)
class Level:
    """How loud a sound is, in decibels below the loudest there can be (0 dB).

    `peak_db` is its greatest sample, `level_db` the root mean square of what is not a pause; None: all of it is
    silent. `clipped`: it was too loud for 16 bits somewhere, and is distorted.
    """

    peak_db: float | None
    level_db: float | None
    clipped: bool


def level_of(samples: Samples) -> Level:
    """Measure a sound. Slow for long ones: call it in a thread."""
    steps = _steps_of_blocks(samples)
    step = max(steps, default=0)
    highest, lowest = _extremes(samples, [at for at, each in enumerate(steps) if each == step])
    peak = max(highest, -lowest)
    if not peak:
        return Level(None, None, clipped=False)
    heard = [at for at, each in enumerate(steps) if each * _QUIETER >= step]
    power = _power(samples, heard[:: -(-len(heard) // _BLOCKS_HEARD)])
    loudest_blocks = [at for at in heard if steps[at] == step]
    pieces = _pieces(samples, loudest_blocks, _BEYOND)
    clipped = peak >= _NEARLY_FULL and any(_is_clipped(piece, highest, lowest) for piece in pieces)
    return Level(_decibels(peak), _decibels(sqrt(power)), clipped)


class Waveform:
    """The peaks of a sound that grows. What it holds, and what it does for each piece, stays small."""

    def __init__(self) -> None:
        self._size = _SMALLEST
        self._columns = bytearray()
        self._last = 0
        self._filled = 0

    def feed(self, samples: Samples) -> None:
        """Add samples to the end."""
        for start in range(0, len(samples), AT_ONCE):
            self._add(steps_of(as_bytes(samples[start : start + AT_ONCE])))

    def peaks(self, columns: int = 200) -> tuple[int, ...]:
        """Give at most so many peaks from 0 to 100 over its whole length; fewer only where it is very short."""
        known = self._columns + bytes([self._last]) if self._filled else self._columns
        count = min(columns, len(known))
        edges = [column * len(known) // count for column in range(count + 1)] if count else []
        return tuple(_percent(max(known[start:end])) for start, end in pairwise(edges))

    def _add(self, steps: bytes) -> None:
        at = 0
        while at < len(steps):
            piece = steps[at : at + self._size - self._filled]
            self._last = max(self._last, loudest(piece))
            self._filled += len(piece)
            at += len(piece)
            if self._filled == self._size:
                self._finish_column()

    def _finish_column(self) -> None:
        self._columns.append(self._last)
        self._last = self._filled = 0
        if len(self._columns) == _MOST_COLUMNS:
            self._columns = bytearray(map(max, self._columns[::2], self._columns[1::2]))
            self._size *= 2


def _percent(step: int) -> int:
    return round(100 * step / STEPS)


def _steps_of_blocks(samples: Samples) -> bytes:
    blocks = range(-(-len(samples) // _BLOCK))
    return bytes(loudest(steps_of(as_bytes(piece))) for piece in _pieces(samples, blocks))


def _extremes(samples: Samples, blocks: Iterable[int]) -> tuple[int, int]:
    """Give the highest and the lowest sample of some blocks."""
    highest, lowest = 0, 0
    for piece in _pieces(samples, blocks):
        # A sound that is too loud for 16 bits is at its end in most blocks.
        if highest < LOUDEST - 1 and (high := max(piece)) > highest:
            highest = high
        if lowest > -LOUDEST and (low := min(piece)) < lowest:
            lowest = low
    return highest, lowest


def _power(samples: Samples, blocks: Iterable[int]) -> float:
    total, count = 0, 0
    for piece in _pieces(samples, blocks):
        total += sum(map(mul, piece, piece))
        count += len(piece)
    return total / count


def _pieces(samples: Samples, blocks: Iterable[int], more: int = 0) -> Iterator[Samples]:
    return (samples[at * _BLOCK : (at + 1) * _BLOCK + more] for at in blocks)


def _is_clipped(piece: Samples, highest: int, lowest: int) -> bool:
    """Tell whether a run of nearly full samples stays at one of the peaks of the sound."""
    for run in _FULL_RUN.finditer(as_bytes(piece)[WIDTH - 1 :: WIDTH].translate(_SIGNS)):
        full = piece[run.start() : run.end()]
        if full[0] > 0:
            at_top = sum(sample >= highest - _AT_TOP for sample in full)
        else:
            at_top = sum(sample <= lowest + _AT_TOP for sample in full)
        if at_top >= _FLAT:
            return True
    return False


def _decibels(size: float) -> float:
    return 20 * log10(size / LOUDEST)
