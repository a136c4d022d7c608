"""Samples of 16 bits, mono: as the little-endian bytes that come and go, and as numbers to reckon with."""

import sys
from array import array
from typing import Final, TypeAlias

Samples: TypeAlias = "array[int]"
"""Samples as numbers from -32768 to 32767."""

WIDTH: Final = 2
"""Bytes of one sample."""

AT_ONCE: Final = 1 << 14
"""Samples that one call of C works on: while it does, no other thread of the program goes on."""


def as_samples(data: bytes) -> Samples:
    """Give little-endian bytes as numbers. Raises ValueError for half a sample."""
    samples = array("h", data)
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


def as_bytes(samples: Samples) -> bytes:
    """Give numbers as little-endian bytes."""
    if sys.byteorder == "big":
        samples = samples[:]
        samples.byteswap()
    return samples.tobytes()


class WholeSamples:
    """Makes whole samples of pieces that may end in the middle of one (`mimo-api.md` §9.4)."""

    def __init__(self) -> None:
        self.rest = b""
        """The odd byte that is held back; empty: none."""

    def feed(self, data: bytes) -> bytes:
        """Take a piece, and give all whole samples that are there."""
        whole = self.rest + data
        end = len(whole) // WIDTH * WIDTH
        self.rest = whole[end:]
        return whole[:end]
