"""A recording that is too long for one request, cut where nobody speaks."""

from typing import Final

from mimo_tui.core.speech.samples import Samples

_STEP: Final = 0.02
"""Seconds that are judged together."""

_PAUSE: Final = 10
"""Steps over which the quietest place is looked for: as long as a short pause between words."""


def cut_recording(samples: Samples, rate: int, most_seconds: float) -> tuple[tuple[int, int], ...]:
    """Give where each part starts and ends, in samples; together they are the whole recording.

    A part lasts `most_seconds` at most and ends at the quietest place of its second half. Slow: call it in a thread.
    Raises ValueError where a part would have no sample.
    """
    most = int(most_seconds * rate)
    if most < 1:
        raise ValueError("a part of a recording has at least one sample")
    parts: list[tuple[int, int]] = []
    start = 0
    while len(samples) - start > most:
        end = _quietest(samples, start + max(1, most // 2), start + most, max(1, int(rate * _STEP)))
        parts.append((start, end))
        start = end
    if start < len(samples):
        parts.append((start, len(samples)))
    return tuple(parts)


def _quietest(samples: Samples, first: int, last: int, step: int) -> int:
    """Give the middle of the quietest pause between two places; of several the last."""
    blocks = [samples[at : at + step] for at in range(first, last - step + 1, step)]
    # The distance of the highest from the lowest sample: a microphone may hold the line away from 0.
    heights = [max(block) - min(block) for block in blocks]
    width = min(_PAUSE, len(heights))
    if not width:
        return last
    height = sum(heights[:width])
    best, lowest = 0, height
    for at in range(1, len(heights) - width + 1):
        height += heights[at + width - 1] - heights[at - 1]
        if height <= lowest:
            best, lowest = at, height
    return first + (2 * best + width) * step // 2
