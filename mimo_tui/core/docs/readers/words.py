"""Words of a page, however they are written: case, width, marks and blanks do not count."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_LONGEST = 4000
_SIGNS = str.maketrans(
    {"‐": "-", "‑": "-", "‒": "-", "–": "-", "−": "-", "*": None, "`": None, "\ufe0f": None}
)
_RAISED = re.compile(r"[⁰¹²³⁴-⁹]+")
_GROUPED = re.compile(r"(?<=[0-9])[\u00a0\u2009\u202f](?=[0-9]{3})")
_NO_WORD = re.compile(r"[\W_]+")
_BORDER = re.compile(r"(?<=[a-z0-9])(?=[^\W\da-z])|(?<=[^\W\da-z])(?=[a-z0-9])")
_SENTENCE = re.compile(r"(?<=[.!?。！？])\s+|(?<=[。！？])")
_SHORT = 3


def plain(text: str) -> str:
    """Give the text in lower case and half width, without marks of emphasis, its blanks single; long text is cut.

    Raised digits stand after a `^`: of a number they are a footnote or a power, never another digit.
    """
    apart = _GROUPED.sub(",", _RAISED.sub(r"^\g<0>", text[:_LONGEST]))
    flat = unicodedata.normalize("NFKC", apart).casefold().translate(_SIGNS)
    return " ".join(flat.split())


def bare(text: str) -> str:
    """Give the text in its own letters, without marks of emphasis and blanks around it."""
    return text.replace("`", "").replace("**", "").strip()


def sentences(text: str) -> list[str]:
    """Give the sentences of a paragraph, as they stand there."""
    return [one for one in _SENTENCE.split(text[:_LONGEST]) if one]


@dataclass(frozen=True, slots=True)
class Words:
    """A text, ready to be asked for words of either language."""

    spaced: str
    joined: str

    def say(self, phrases: Iterable[str]) -> bool:
        """Tell whether one of the phrases (lower case) is in it.

        A Latin phrase begins where a word does, one of up to 3 letters is a whole word; a Chinese one stands anywhere.
        """
        return any(self._say(phrase) for phrase in phrases)

    def _say(self, phrase: str) -> bool:
        if not phrase.isascii():
            return phrase in self.joined
        return (f" {phrase} " if len(phrase) <= _SHORT else f" {phrase}") in self.spaced


def words(*texts: str) -> Words:
    """Give the words of the texts."""
    spaced = _NO_WORD.sub(" ", _BORDER.sub(" ", plain(" | ".join(texts))))
    return Words(f" {spaced.strip()} ", spaced.replace(" ", ""))


@dataclass(frozen=True, slots=True)
class Meaning:
    """How a column is known: it says one of `has` and none of `lacks`."""

    has: tuple[str, ...]
    lacks: tuple[str, ...] = ()

    def fits(self, text: Words) -> bool:
        """Tell whether a heading means this."""
        return text.say(self.has) and not text.say(self.lacks)
