"""A long text cut into parts that are spoken one after the other (`mimo-api.md` §9.3)."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from mimo_tui.core.speech.signs import is_joined

_LONGEST_TAG: Final = 100
"""Characters of a tag at most, by our own judgement: more in brackets is a sentence that somebody wrote so."""

_ROUND: Final = rf"[(（][^()（）\n]{{1,{_LONGEST_TAG}}}[)）]"
CUE: Final = re.compile(rf"\[[^\[\]\n]{{1,{_LONGEST_TAG}}}\]")
"""A cue within a text, as `[sigh]` (`mimo-api.md` §9.3)."""
_TAG: Final = re.compile(rf"\s*(?:{_ROUND}|{CUE.pattern})\s*")
_KEPT_WHOLE: Final = (re.compile(_ROUND), CUE)

_WIDE: Final = "\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef"
_CLOSING: Final = r"\"'”’»)）\]】」』》〉"
_SENTENCE: Final = re.compile(rf"([。！？｡….!?]+)[{_CLOSING}]*")
_ENDS_ALWAYS: Final = re.compile("[。！？｡]")
_APART: Final = re.compile(r"\s|\Z")
_WIDE_NEXT: Final = re.compile(f"[{_WIDE}]")
_SMALL_NEXT: Final = re.compile(r"\s*[a-zß-öø-ÿ]")
_DIGIT_NEXT: Final = re.compile(r"\s*\d")
_LINE: Final = re.compile(r"(?<=\S)(?=[^\S\n]*\n)")
_PARAGRAPH: Final = re.compile(r"(?<=\S)(?=[^\S\n]*\n\s*\n)")
_CLAUSE: Final = re.compile(rf"(?:[，、；：]|[,;:—–](?=[\s{_WIDE}]))[{_CLOSING}]*")
_BLANK: Final = re.compile(r"(?<=\S)(?=\s)")

_WORD_BEFORE: Final = re.compile(r"[^\W_][\w.]*\Z")
_INITIALS: Final = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
_ITEM: Final = re.compile(r"(?:\A|\n|[.!?]\s)\s*\d{1,3}\Z")
_LONGEST_WORD: Final = 24
_SHORTENED: Final = re.compile(
    "mr|mrs|ms|mx|dr|prof|sr|jr|st|mt|ft|rev|hon|gen|col|maj|capt|cmdr|lt|sgt|gov|sen|rep|pres|supt|vs|etc|approx"
    "|est|inc|ltd|co|corp|dept|univ|assn|bros|ave|blvd|rd|al|cf|ca|viz|ibid|eds|ph\\.d"
)
_SHORTENED_BEFORE_NUMBERS: Final = re.compile(
    "nos?|vols?|figs?|sec|ch|chap|art|pp|pg|ed|eq|par|op|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
)


def leading_tag(text: str) -> tuple[str, str]:
    """Give the tag that a text begins with, as `(happy)`, `[sing]` or `（唱歌）`, and what follows it.

    Blanks around it belong to the tag, so that both together are the text; without one the tag is empty.
    """
    found = _TAG.match(text)
    end = found.end() if found is not None else 0
    return text[:end], text[end:]


def split_text(text: str, most: int) -> tuple[str, ...]:
    """Give the text in parts of at most `most` characters, each as long as it can be.

    It is cut at ends of sentences and paragraphs, Chinese and English; where there are none in reach, at the end of a
    line, then behind a comma, then at a blank, then anywhere but within what is one sign. Tags and cues such as
    `[sigh]` stay whole, if they are not longer than a part. Only blanks at the cuts are left out, and no part is
    blank unless the whole text is. Raises ValueError where `most` is less than 1.
    """
    if most < 1:
        raise ValueError("a part of a text has at least one character")
    if len(text) <= most:
        return (text,)
    places = _places(text, most)
    parts: list[str] = []
    start = 0
    while len(text) - start > most:
        end = _cut(text, places, start, start + most)
        parts.append(text[start:end].rstrip())
        start = _behind_blanks(text, end)
    parts.append(text[start:])
    return tuple(part for part in parts if part.strip()) or ("",)


@dataclass(frozen=True, slots=True)
class _Places:
    """Where a text may be cut: `ranks` are ascending places, the best kind first; `within` marks those in brackets."""

    ranks: tuple[list[int], ...]
    within: bytearray


def _places(text: str, most: int) -> _Places:
    within = bytearray(len(text) + 1)
    for pattern in _KEPT_WHOLE:
        for found in pattern.finditer(text):
            start, end = found.span()
            if end - start <= most:
                within[start + 1 : end] = b"\1" * (end - start - 1)
    sentences = {*_sentence_ends(text), *_ends(_PARAGRAPH, text)}
    kinds = (sorted(sentences), _ends(_LINE, text), _ends(_CLAUSE, text), _ends(_BLANK, text))
    ranks = tuple([at for at in kind if not within[at] and not is_joined(text, at)] for kind in kinds)
    return _Places(ranks, within)


def _cut(text: str, places: _Places, start: int, limit: int) -> int:
    for rank in places.ranks:
        nearest = bisect_right(rank, limit) - 1
        if nearest >= 0 and rank[nearest] > start:
            return rank[nearest]
    back = range(limit, start, -1)
    free = (at for at in back if not places.within[at] and not is_joined(text, at))
    # A sign or a row of brackets that is longer than a part has to be cut somewhere.
    return next(free, None) or next((at for at in back if not is_joined(text, at)), limit)


def _behind_blanks(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace() and not is_joined(text, at + 1):
        at += 1
    return at


def _ends(pattern: re.Pattern[str], text: str) -> list[int]:
    return [found.end() for found in pattern.finditer(text)]


def _sentence_ends(text: str) -> Iterator[int]:
    for found in _SENTENCE.finditer(text):
        end = found.end()
        if _ENDS_ALWAYS.search(found[1]) or (
            _is_apart(text, found) and not (found[1] == "." and _is_shortened(text, found.start(), end))
        ):
            yield end


def _is_apart(text: str, found: re.Match[str]) -> bool:
    """Tell whether what follows a full stop can be the beginning of a sentence."""
    end = found.end()
    if _WIDE_NEXT.match(text, end):
        return found[1] != "." or not text[max(0, found.start() - 1) : found.start()].isdigit()
    return _APART.match(text, end) is not None and _SMALL_NEXT.match(text, end) is None


def _is_shortened(text: str, stop: int, end: int) -> bool:
    """Tell whether the full stop there belongs to a word, as in `Mr.`, or to the number of a line, as in `1.`."""
    before = text[max(0, stop - _LONGEST_WORD) : stop]
    if _ITEM.search(before):
        return True
    found = _WORD_BEFORE.search(before)
    if found is None:
        return False
    word = found[0].lower()
    if _SHORTENED_BEFORE_NUMBERS.fullmatch(word):
        return _DIGIT_NEXT.match(text, end) is not None
    return (_SHORTENED.fullmatch(word) or _INITIALS.fullmatch(word)) is not None
