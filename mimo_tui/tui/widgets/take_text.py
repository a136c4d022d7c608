"""Lengths of sounds, as short as columns need them."""

from typing import Final

_MINUTE: Final = 60
_HOUR: Final = 3600


def clock_text(seconds: float) -> str:
    """Give a place in a sound, or its length: `3.2 s`, `1:05`, `1:00:05`."""
    seconds = max(seconds, 0.0)
    if seconds < _MINUTE:
        return f"{seconds:.1f} s"
    whole = int(seconds)
    minutes = f"{whole % _HOUR // _MINUTE}:{whole % _MINUTE:02}"
    return minutes if whole < _HOUR else f"{whole // _HOUR}:{minutes:0>5}"
