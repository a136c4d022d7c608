"""Sizes of files, as short as a column needs them."""

from typing import Final

_KILO: Final = 1000


def size_text(size: int) -> str:
    """Give a size in bytes as KB or MB, of a thousand each."""
    kilobytes = size / _KILO
    return f"{kilobytes / _KILO:,.1f} MB" if kilobytes >= _KILO else f"{kilobytes:,.0f} KB"
