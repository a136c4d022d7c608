"""Finds words in blocks, whatever their case, and goes from one hit to another."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from mimo_tui.tui.page.layout import Laid

MOST: Final = 10_000
"""Hits that are counted and gone to; all that come into sight are marked."""


class Found(NamedTuple):
    """A hit: the block, and where in its text."""

    block: int
    start: int


class Hits:
    """The places where any of the words stand, in order, and which of them is the one gone to."""

    def __init__(self, words: str = "") -> None:
        self._words = sorted(set(words.lower().split()), key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, self._words)), re.IGNORECASE)
        self._reach = max(map(len, self._words), default=0)
        self.found: list[Found] = []
        self.at: int | None = None

    @property
    def here(self) -> Found | None:
        """The hit gone to last."""
        return None if self.at is None else self.found[self.at]

    def look(self, laid: Sequence[Laid], first: int) -> None:
        """Look in blocks below those that were looked in; `first` is the number of the first."""
        if not self._words:
            return
        for index, one in enumerate(laid, first):
            if len(self.found) >= MOST:
                return
            # Most blocks hold none of the words, which is told much faster so than by the pattern.
            plain = one.text.plain
            low = plain.lower()
            if any(word in low for word in self._words):
                room = MOST - len(self.found)
                places = self._pattern.finditer(plain)
                self.found += [
                    Found(index, place.start()) for place, _ in zip(places, range(room), strict=False)
                ]

    def step(self, by: int) -> Found | None:
        """Go to the next hit or the one before, round at the ends."""
        if self.found:
            at = -1 if self.at is None and by > 0 else self.at or 0
            self.at = (at + by) % len(self.found)
        return self.here

    def first_from(self, place: Found) -> Found | None:
        """Go to the first hit from there on, or to the first of all."""
        if self.found:
            self.at = bisect_left(self.found, place) % len(self.found)
        return self.here

    def in_span(self, plain: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Give (start, end) of the hits that begin in part of a text, or reach into it."""
        if self._words:
            for found in self._pattern.finditer(plain, max(start - self._reach, 0), end + self._reach):
                if found.start() < end and found.end() > start:
                    yield found.span()
