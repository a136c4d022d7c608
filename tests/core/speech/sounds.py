"""Sounds to measure: tones, voices with pauses, silence."""

import math
import random
from array import array

from mimo_tui.core.speech.samples import Samples, as_bytes

RATE = 24_000
LOUDEST = 32_768


def tone(seconds: float, *, size: float = 0.5, hertz: float = 220.0, rate: int = RATE) -> Samples:
    """Give a sine whose peak is `size` of the loudest there can be."""
    turn = math.tau * hertz / rate
    top = size * (LOUDEST - 1)
    return array("h", (round(top * math.sin(turn * at)) for at in range(round(seconds * rate))))


def silence(seconds: float, *, noise: int = 0, rate: int = RATE) -> Samples:
    """Give silence, or a noise that is no louder than a sample of `noise`."""
    chance = random.Random(noise)
    return array("h", (chance.randint(-noise, noise) for _ in range(round(seconds * rate))))


def spoken(seconds: float, before: float = 0.05, after: float = 0.05) -> bytes:
    """Give a part as a service speaks it: a sound with a quiet noise around it."""
    return as_bytes(silence(before, noise=40) + tone(seconds) + silence(after, noise=60))


def largest_step(samples: Samples) -> int:
    """Give how far two neighbours are apart at most."""
    return max(map(abs, map(int.__sub__, samples[1:], samples)), default=0)


def longest_run(samples: Samples, most: int) -> int:
    """Give how many neighbours are no louder than `most`, where they are most."""
    longest = run = 0
    for sample in samples:
        run = run + 1 if abs(sample) <= most else 0
        longest = max(longest, run)
    return longest
