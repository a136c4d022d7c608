"""How loud the loudest of many samples is, without looking at each as a number."""

from typing import Final

from mimo_tui.core.speech.samples import WIDTH

STEPS: Final = 127
"""The loudest step there is: 7 of the 15 bits of loudness are told."""

_MAGNITUDE: Final = bytes(byte if byte <= STEPS else 255 - byte for byte in range(256))
_UP_TO: Final = tuple(bytes(range(step + 1)) for step in range(STEPS + 1))
_FIRST_LOOK: Final = 48


def steps_of(data: bytes) -> bytes:
    """Give how loud each sample of 16 little-endian bits is, as a byte from 0 to STEPS."""
    # The high byte alone tells it, and bytes are cut and translated many times faster than numbers are made.
    return data[WIDTH - 1 :: WIDTH].translate(_MAGNITUDE)


def loudest(steps: bytes) -> int:
    """Give the greatest of what `steps_of` gave; 0 for nothing."""
    known = max(steps[:_FIRST_LOOK], default=0)
    # Only what is louder than the first few is left to be looked at one by one.
    return max(steps.translate(None, _UP_TO[known]), default=known)
