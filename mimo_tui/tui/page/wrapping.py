"""Where lines break: by cells, between words, and between Chinese characters as they are set."""

import re
from collections.abc import Iterator
from typing import Final

from rich.cells import cell_len, split_graphemes

_WIDE: Final = "⺀-鿿가-힣豈-﫿！-｠\U00020000-\U0003ffff"
_OPENING: Final = "（「『《〈【〔“‘［｛"
_CLOSING: Final = "，。、；：？！）」』》〉】〕”’］｝…"
_UNIT: Final = re.compile(rf" +|[{_OPENING}]*[{_WIDE}][{_CLOSING}]*|[^ \n{_WIDE}]+[{_CLOSING}]*")
"""What is never broken if it fits into a line. No line begins with a closing sign or ends with an opening one."""
_AT_ONCE: Final = 4_000


def width_of(text: str) -> int:
    """Give the cells that a text takes."""
    return len(text) if text.isascii() else cell_len(text)


def wrap(text: str, start: int, end: int, width: int) -> Iterator[tuple[int, int]]:
    """Give the lines of text[start:end] as (start, end), each at most `width` cells; blanks at a break belong to none.

    A word is broken only where it is longer than a line. A line has one character at least, however narrow it is.
    """
    width = max(width, 1)
    while True:
        stop = text.find("\n", start, end)
        part = end if stop < 0 else stop
        if text.isascii():
            yield from _wrap_ascii(text, start, part, width)
        else:
            yield from _wrap_units(text, start, part, width)
        if stop < 0:
            return
        start = stop + 1


def wrap_code(text: str, width: int) -> Iterator[tuple[int, int]]:
    """Give the lines of code; those that are too long are broken anywhere, and lose nothing."""
    start, plain, width = 0, text.isascii(), max(width, 1)
    while start <= len(text):
        stop = text.find("\n", start)
        stop = len(text) if stop < 0 else stop
        if plain and stop - start > width:
            yield from ((at, min(at + width, stop)) for at in range(start, stop, width))
        elif plain or stop - start <= width // 2:
            yield start, stop
        else:
            yield from _broken(text, start, stop, width)
        start = stop + 1


def longest_word(text: str) -> int:
    """Give the cells of what is never broken, where there is room for it."""
    if text.isascii():
        return max(map(len, text.split()), default=0)
    return max((width_of(unit[0]) for unit in _UNIT.finditer(text) if not unit[0].isspace()), default=0)


def _wrap_ascii(text: str, start: int, end: int, width: int) -> Iterator[tuple[int, int]]:
    while end - start > width:
        space = text.rfind(" ", start, start + width + 1)
        stop = space
        while stop > start and text[stop - 1] == " ":
            stop -= 1
        if stop <= start:  # one word, or blanks and a word, longer than the line
            yield start, start + width
            start += width
            continue
        yield start, stop
        start = space + 1
        while start < end and text[start] == " ":
            start += 1
    yield start, end


def _wrap_units(text: str, start: int, end: int, width: int) -> Iterator[tuple[int, int]]:
    """Go by what is never broken; `stop` is where the line ends if nothing more finds room in it."""
    stop, cells, blanks = start, 0, 0
    for unit in _UNIT.finditer(text, start, end):
        if unit[0][0] == " ":
            blanks = len(unit[0])
            continue
        size = width_of(unit[0])
        if cells + blanks + size > width:
            if stop > start:
                yield start, stop
                start, cells, blanks = unit.start(), 0, 0
            if size + blanks > width:
                *whole, (start, stop) = _broken(text, start, unit.end(), width)
                yield from whole
                cells, blanks = width_of(text[start:stop]), 0
                continue
        cells, stop, blanks = cells + blanks + size, unit.end(), 0
    yield start, max(stop, start)


def _broken(text: str, start: int, end: int, width: int) -> Iterator[tuple[int, int]]:
    """Break between any two characters, but not inside one that is made of several."""
    line, cells = start, 0
    for base in range(start, end, _AT_ONCE):
        for left, _, size in split_graphemes(text[base : min(base + _AT_ONCE, end)])[0]:
            if cells + size > width and base + left > line:
                yield line, base + left
                line, cells = base + left, 0
            cells += size
    yield line, end
