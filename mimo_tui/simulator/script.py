"""What a voice is to say, as the beats of its speech: syllables, rests, breaths, and the manner of each."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from mimo_tui.simulator.voices import is_style


class Onset(StrEnum):
    """How a syllable begins."""

    OPEN = "open"
    STOP = "stop"
    HISS = "hiss"
    SOFT = "soft"
    HUM = "hum"


@dataclass(frozen=True, slots=True)
class Syllable:
    """One syllable. `tone` is one of the four of Chinese, 0: none. `turn` in semitones: how its end leaves."""

    onset: Onset
    vowel: str
    seconds: float
    tone: int = 0
    turn: float = 0.0


@dataclass(frozen=True, slots=True)
class Rest:
    """Silence."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Breath:
    """Air: a sigh, a cough. `force` is its loudness from 0 to 1."""

    seconds: float
    force: float


Beat: TypeAlias = Syllable | Rest | Breath


@dataclass(frozen=True, slots=True)
class Passage:
    """Beats in one manner, which is the words of a tag; "" as the voice is."""

    manner: str
    beats: tuple[Beat, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """A whole text. `words` is what is said of it, without its tags; `sung`: each syllable is a note."""

    words: str
    passages: tuple[Passage, ...]
    sung: bool = False


_NARROW_SECONDS = 1 / 15
_WIDE_SECONDS = 1 / 4.5
_RESTS = (("。！？…!?.\n", 0.34), ("，、；：,;:—", 0.17))

_TAG = re.compile(r"\(([^()（）\[\]\n]{1,60})\)|（([^()（）\[\]\n]{1,60})）|\[([^()（）\[\]\n]{1,60})\]")
_FEW = 3
_SUNG = ("唱歌", "sing", "singing")
_PIECE = re.compile(
    r"(?P<latin>[a-z\u00c0-\u024f]+(?:['’][a-z]+)?)|(?P<digit>\d)|(?P<rest>[。！？…!?.\n，、；：,;:—]+)"
    r"|(?P<space>\s+)|(?P<sign>[\u0300-\u036f\u200b-\u200f\ufe00-\ufe0f])|(?P<wide>.)",
    re.IGNORECASE | re.DOTALL,
)
_LATIN_SYLLABLE = re.compile(r"[^aeiouy]*[aeiouy]+(?:[^aeiouy]+$)?|[^aeiouy]+", re.IGNORECASE)
_ONSETS = {
    **dict.fromkeys("ptkbdgqc", Onset.STOP),
    **dict.fromkeys("szxj", Onset.HISS),
    **dict.fromkeys("fvh", Onset.SOFT),
    **dict.fromkeys("mnlrw", Onset.HUM),
}
_VOWELS = "aeiou"

# What tags name that is heard without words.
_SOUNDS: tuple[tuple[tuple[str, ...], tuple[Beat, ...]], ...] = (
    (("long pause", "长停顿", "沉默"), (Rest(1.2),)),
    (("pause", "停顿", "欲言又止"), (Rest(0.6),)),
    (("laugh", "chuckle", "giggle", "笑"), (Syllable(Onset.SOFT, "a", 0.16, 1),) * 3 + (Rest(0.1),)),
    (("cough", "咳"), (Breath(0.12, 0.9), Rest(0.08), Breath(0.16, 0.8), Rest(0.1))),
    (
        ("sigh", "breath", "inhale", "exhale", "gasp", "yawn", "叹", "呼吸", "吸气", "喘", "哈欠"),
        (Breath(0.55, 0.35), Rest(0.1)),
    ),
)


def with_tags(text: str, *, may_sing: bool) -> Script:
    """Read a text with its tags (`mimo-api.md` §9.3).

    A bracket at the start is a tag always. Further on it is one if it names a style or a sound in a few words; else
    it is a remark of the text, and said.
    """
    passages: list[Passage] = []
    said: list[str] = []
    manner, at, sung = "", 0, False
    for tag in _TAG.finditer(text):
        words = tag[1] or tag[2] or tag[3]
        first = not text[: tag.start()].strip()
        if first and may_sing and any(name in re.split(r"[\s,，、]+", words.lower()) for name in _SUNG):
            sung = True
        sounds = _sounds(words)
        if not first and (len(words.split()) > _FEW or not (sounds or is_style(words))):
            continue
        said.append(text[at : tag.start()])
        passages.append(Passage(manner, (*_beats(text[at : tag.start()]), *sounds)))
        manner = words if first or is_style(words) else manner
        at = tag.end()
    said.append(text[at:])
    passages.append(Passage(manner, tuple(_beats(text[at:]))))
    if not any(passage.beats for passage in passages):
        return as_written(text)
    return Script(_joined(said), tuple(passages), sung)


def as_written(text: str) -> Script:
    """Read a text in which nothing is a tag."""
    return Script(text.strip(), (Passage("", tuple(_beats(text))),))


def _joined(parts: list[str]) -> str:
    text = ""
    for part in parts:
        text += part.lstrip() if not text or text[-1].isspace() else part
    return text.strip()


def _sounds(words: str) -> tuple[Beat, ...]:
    lower = words.lower()
    return next((beats for names, beats in _SOUNDS if any(name in lower for name in names)), ())


def _beats(text: str) -> Iterator[Beat]:
    """Give the beats; the syllable before a question mark rises, the one before a full stop falls."""
    last: Syllable | None = None
    for piece in _PIECE.finditer(text.strip()):
        syllables: list[Syllable] = []
        rest = 0.0
        if piece["latin"]:
            syllables = _latin(piece["latin"])
        elif piece["digit"]:
            syllables = [_other(piece["digit"], 2.5 * _NARROW_SECONDS, 0)]
        elif piece["wide"]:
            wide = piece["wide"] >= "\u2e80"
            seconds = _WIDE_SECONDS if wide else _NARROW_SECONDS
            syllables = [_other(piece["wide"], seconds, 1 + _number(piece["wide"]) % 4 if wide else 0)]
        elif piece["rest"]:
            rest = max(seconds for signs, seconds in _RESTS if any(sign in signs for sign in piece["rest"]))
        elif piece["space"]:
            rest = _NARROW_SECONDS
        if not syllables and not rest:
            continue
        if last is not None:
            turn = 4.0 if piece[0][0] in "?？" else -3.0 if rest > 0.2 else 0.0
            yield Syllable(last.onset, last.vowel, last.seconds, last.tone, turn)
        yield from syllables[:-1]
        last = syllables[-1] if syllables else None
        if rest:
            yield Rest(rest)
    if last is not None:
        yield Syllable(last.onset, last.vowel, last.seconds, last.tone, -3.0)


def _latin(word: str) -> list[Syllable]:
    found: list[Syllable] = []
    for part in _LATIN_SYLLABLE.findall(word):
        lower = part.lower()
        vowel = next((letter for letter in lower if letter in _VOWELS), "i" if "y" in lower else "er")
        onset = _ONSETS.get(lower[0], Onset.OPEN)
        found.append(Syllable(onset, vowel, len(part) * _NARROW_SECONDS))
    return found


def _other(sign: str, seconds: float, tone: int) -> Syllable:
    number = _number(sign)
    return Syllable(list(Onset)[number // 4 % 5], _VOWELS[number // 20 % 5], seconds, tone)


def _number(sign: str) -> int:
    return zlib.crc32(sign.encode("utf-8", "replace"))
