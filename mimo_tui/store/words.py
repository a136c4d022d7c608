"""What is looked for in a full-text index, and the words around it: any part of a word, in any case, Chinese too."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from mimo_tui.core.text import NOTHING, Clean, clean

MOST_WORDS: Final = 12
"""How many words of a query count, the first ones."""

TRIGRAM: Final = 3
"""An index of trigrams knows no part that is shorter."""

_LONGEST_QUERY: Final = 500
_EXCERPT: Final = 160
_BEFORE: Final = 50


def fold(text: str) -> str:
    """Give the text in small letters, each character in its place."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(small if len(small := character.lower()) == 1 else character for character in text)


def query_words(query: str) -> tuple[str, ...]:
    """Give the words of a query as they are looked for, each once: the first ones of a long query."""
    text = clean(" ".join(query[:_LONGEST_QUERY].split()))
    return tuple(dict.fromkeys(fold(text).split()))[:MOST_WORDS]


def phrase(word: str) -> str:
    """Give a word as an index of FTS5 is asked for it."""
    return f'"{word.replace(chr(34), chr(34) * 2)}"'


def excerpt(body: str, words: Sequence[str]) -> tuple[Clean, tuple[tuple[int, int], ...]]:
    """Give the text around the first place where a word stands, and where the words stand in it."""
    pattern = re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))
    text = clean(body)
    folded = fold(text)
    found = pattern.search(folded)
    at = found.start() if found else 0
    start = _word_start(text, max(0, min(at - _BEFORE, len(text) - _EXCERPT)), at)
    end = _word_end(text, min(len(text), start + _EXCERPT), at)
    before, after = ("… " if start else ""), (" …" if end < len(text) else "")
    marks = tuple(_marks(pattern, folded[start:end], len(before)))
    return Clean(f"{before}{text[start:end]}{after}") if text else NOTHING, marks


def _word_start(text: str, start: int, at: int) -> int:
    """Give a place at or after `start`, but not after `at`, where no word is cut in two."""
    space = text.find(" ", start, at) if start else -1
    return space + 1 if space >= 0 else start


def _word_end(text: str, end: int, at: int) -> int:
    """Give a place at or before `end`, but after `at`, where no word or number is cut in two."""
    if end == len(text) or text[end] == " ":
        return end
    space = text.rfind(" ", at + 1, end)
    return space if space > at else end


def _marks(pattern: re.Pattern[str], text: str, shift: int) -> Iterator[tuple[int, int]]:
    for match in pattern.finditer(text):
        yield match.start() + shift, match.end() + shift
