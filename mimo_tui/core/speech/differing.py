"""What was to be said, and what was heard: where they differ."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from unicodedata import normalize

from mimo_tui.core.speech.aligning import Step, align
from mimo_tui.core.speech.splitting import CUE, leading_tag

_SIGN: Final = "\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""What counts as a word each: Chinese characters and Japanese syllables."""

_LETTER: Final = rf"(?:(?![{_SIGN}])[^\W_]|[\u0300-\u036f])"
_WORD: Final = re.compile(rf"[{_SIGN}]|\d+(?:[.,]\d+)+(?!{_LETTER})|{_LETTER}+(?:['’]{_LETTER}+)*")
_IS_SIGN: Final = re.compile(f"[{_SIGN}]")
_NOT_COMPARED: Final = re.compile(r"['’]|,(?=\d)")
_FIRST_WIDE: Final = "\u2e80"


class Kind(StrEnum):
    """How a part of the two texts stands: in both, only in what was to be said, or only in what was heard."""

    SAME = "same"
    MISSING = "missing"
    ADDED = "added"


class Unit(StrEnum):
    """What is counted: words, or characters where a language has no blanks between words."""

    WORDS = "words"
    CHARACTERS = "characters"
    BOTH = "words and characters"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of text, as it was written, with the blanks and the punctuation behind its last word."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """How what was heard differs from what was to be said.

    The parts that are not ADDED are together what was to be said; beside what is missing stands what was heard
    instead. `differing` counts the units that are missing, added, or heard as others, of `units`: as many as the
    longer of both texts has. The texts may hold anything: what shows them cleans them.
    """

    parts: tuple[Part, ...]
    differing: int
    units: int
    unit: Unit

    @property
    def counted(self) -> str:
        """Give how many units there are, in words: `4 words`, `1 character`."""
        is_one = self.units == 1 and self.unit is not Unit.BOTH
        return f"{self.units:,} {self.unit.removesuffix('s') if is_one else self.unit}"

    @property
    def rate(self) -> float:
        """Give the share that differs, from 0 to 1."""
        return self.differing / self.units if self.units else 0.0


def differ(said: str, heard: str) -> Difference:
    """Compare word by word, in Chinese and Japanese character by character. Slow for long texts: call it in a thread.

    Case, punctuation, the leading tag of what was to be said and cues such as `[sigh]` do not count.
    """
    wanted, found = _Words.of(said, len(leading_tag(said)[0])), _Words.of(heard)
    steps = list(align(wanted.compared, found.compared))
    return Difference(
        tuple(_parts(wanted, found, steps)),
        sum(step is not Step.SAME for step in steps),
        max(len(wanted.compared), len(found.compared)),
        _unit([*wanted.compared, *found.compared]),
    )


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a text, as they are compared, and the pieces that they begin; the first one begins with the text."""

    text: str
    compared: list[str]
    pieces: list[str]

    @classmethod
    def of(cls, text: str, after: int = 0) -> "_Words":
        """Find the words behind the first `after` characters."""
        plain = CUE.sub(lambda cue: " " * len(cue[0]), text)
        found = [(each.start(), _compared(each[0])) for each in _WORD.finditer(plain, after)]
        edges = [0, *(start for start, _ in found[1:]), len(text)]
        pieces = [text[edges[at] : edges[at + 1]] for at in range(len(found))]
        return cls(text, [word for _, word in found], pieces)


def _compared(word: str) -> str:
    return _NOT_COMPARED.sub("", normalize("NFKC", word).casefold())


def _parts(wanted: _Words, found: _Words, steps: list[Step]) -> Iterator[Part]:
    if not wanted.pieces and wanted.text:
        yield Part(Kind.SAME, wanted.text)
    runs = list(_runs(wanted, found, steps))
    before = "" if wanted.pieces else wanted.text
    for number, (same, missing, added) in enumerate(runs):
        if same:
            yield Part(Kind.SAME, same)
        if missing:
            yield Part(Kind.MISSING, missing)
        before = missing or same or before
        if added := added.strip():
            after = runs[number + 1][0] if number + 1 < len(runs) else ""
            yield Part(Kind.ADDED, f"{_blank(before, added)}{added}{_blank(added, after)}")


def _runs(wanted: _Words, found: _Words, steps: list[Step]) -> Iterator[tuple[str, str, str]]:
    """Give in turn what is the same, and what is missing and added behind it."""
    same: list[str] = []
    missing: list[str] = []
    added: list[str] = []
    pieces, others = iter(wanted.pieces), iter(found.pieces)
    for step in steps:
        if step is Step.SAME:
            if missing or added:
                yield "".join(same), "".join(missing), "".join(added)
                same, missing, added = [], [], []
            same.append(next(pieces))
            next(others)
        if step in (Step.OTHER, Step.LEFT_OUT):
            missing.append(next(pieces))
        if step in (Step.OTHER, Step.PUT_IN):
            added.append(next(others))
    yield "".join(same), "".join(missing), "".join(added)


def _blank(left: str, right: str) -> str:
    """Give the blank that keeps two pieces apart that did not stand together; Chinese needs none."""
    if not left or not right or left[-1].isspace() or right[0].isspace():
        return ""
    return " " if left[-1] < _FIRST_WIDE and right[0] < _FIRST_WIDE else ""


def _unit(compared: list[str]) -> Unit:
    signs = sum(_IS_SIGN.match(word) is not None for word in compared)
    if not signs:
        return Unit.WORDS
    return Unit.CHARACTERS if signs == len(compared) else Unit.BOTH
