"""Turns a script into sound: 24 kHz, mono, 16 bits (`mimo-api.md` §9.4).

A grain is one beat of the vocal cords, as the throat of a vowel rings after it: a sum of damped waves at the
formants. Grains are laid over each other at the distance of the pitch, so that pitch and loudness can glide; noise
makes the consonants and the breath. The same script and voice give the same samples.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from mimo_tui.core.speech.samples import as_bytes
from mimo_tui.simulator.script import Beat, Rest, Script, Syllable
from mimo_tui.simulator.throat import RATE, Throat
from mimo_tui.simulator.voices import Timbre, styled
from mimo_tui.simulator.watermark import Watermark, watermark

_PIECE = RATE // 5
_LEAD, _TAIL = RATE // 50, RATE // 8
_HIGHEST = 32_000
_SENTENCE = 0.3
"""Seconds of rest from which on the melody of a sentence begins anew."""
_LINE = 14
"""Syllables after which the melody of a sentence has fallen all the way."""

_SCALE = (-5, -3, 0, 2, 4, 7, 9)
_MELODY = (1, 1, -1, 2, -1, -2, 1, -2, 2, 1, -1, -1)
_SUNG = 1.9
"""How much longer a syllable lasts that is sung."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """A beat and how it is given: the voice, samples, and semitones above its pitch at the start and the end."""

    beat: Beat
    timbre: Timbre
    samples: int
    start: float = 0.0
    end: float = 0.0
    sung: bool = False


@dataclass(frozen=True, slots=True)
class Performance:
    """A script in a voice, ready to be heard.

    `words` is what is said of it, `whole` whether that is all; `samples` is its length.
    """

    words: str
    whole: bool
    turns: tuple[_Turn, ...]
    samples: int
    mark: Watermark

    @property
    def seconds(self) -> float:
        """Give its length."""
        return self.samples / RATE

    def pieces(self) -> Iterator[bytes]:
        """Give the samples as little-endian bytes, piece by piece as they are made."""
        given = 0
        for piece in _made(self.turns, self.samples):
            yield self.mark.hide(as_bytes(piece), given)
            given += len(piece)


def perform(script: Script, timbre: Timbre, longest: float) -> Performance:
    """Prepare the sound, at least as long as its mark needs; what would go on after `longest` seconds is left out."""
    turns = tuple(_turns(script, timbre))
    left = max(0, int(longest * RATE) - _LEAD - _TAIL)
    ends = list(accumulate(turn.samples for turn in turns))
    fitting = max(bisect_right(ends, left), min(1, len(turns)))
    words = script.words
    if fitting < len(turns):
        words = words[: max(1, len(words) * fitting // len(turns))]
    length = max(_LEAD + (ends[fitting - 1] if fitting else 0) + _TAIL, watermark(words).samples)
    whole = fitting == len(turns)
    return Performance(words, whole, turns[:fitting], length, watermark(words, length))


def _turns(script: Script, timbre: Timbre) -> Iterator[_Turn]:
    said, note, sung = 0, 2, 0
    for passage in script.passages:
        manner = styled(timbre, passage.manner) if passage.manner else timbre
        for beat in passage.beats:
            length = beat.seconds * RATE / manner.tempo
            if not isinstance(beat, Syllable):
                if isinstance(beat, Rest) and beat.seconds >= _SENTENCE:
                    said = 0
                yield _Turn(beat, manner, round(length))
            elif script.sung:
                note = max(0, min(len(_SCALE) - 1, note + _MELODY[sung % len(_MELODY)]))
                sung += 1
                height = float(_SCALE[note])
                yield _Turn(beat, manner, round(length * _SUNG), height, height, sung=True)
            else:
                start, end = _melody(beat, manner.swing, said)
                said += 1
                yield _Turn(beat, manner, round(length), start, end)


_TONES = ((0.0, 0.0), (1.0, 1.0), (-0.6, 1.0), (-0.4, -1.2), (1.2, -1.2))
"""How high a syllable starts and ends, by its tone, in shares of half the swing."""


def _melody(syllable: Syllable, swing: float, said: int) -> tuple[float, float]:
    fallen = swing * (0.5 - min(1.0, said / _LINE))
    accent = swing * (0.12 if said % 2 == 0 else -0.12) if not syllable.tone else 0.0
    start, end = (fallen + accent + swing / 2 * share for share in _TONES[syllable.tone])
    return start, end + syllable.turn * swing / 4


def _made(turns: tuple[_Turn, ...], samples: int) -> Iterator["array[int]"]:
    """Give the sound in pieces. What rings on after the end of a piece is the beginning of the next."""
    throats: dict[Timbre, Throat] = {}
    given, at = 0, _LEAD
    sound = [0] * (_LEAD + Throat.rings)
    for turn in turns:
        throat = throats.get(turn.timbre) or throats.setdefault(turn.timbre, Throat(turn.timbre))
        sound.extend([0] * (at + turn.samples + Throat.rings - len(sound)))
        if isinstance(turn.beat, Syllable):
            throat.say(sound, at, turn.samples, turn.beat, (turn.start, turn.end), sung=turn.sung)
        elif not isinstance(turn.beat, Rest):
            throat.breathe(sound, at, turn.samples, turn.beat.force)
        at += turn.samples
        if at >= _PIECE:
            yield _clipped(sound[:at])
            del sound[:at]
            given, at = given + at, 0
    sound.extend([0] * (samples - given - len(sound)))
    yield _clipped(sound[: samples - given])


def _clipped(sound: list[int]) -> "array[int]":
    if max(sound, default=0) > _HIGHEST or min(sound, default=0) < -_HIGHEST:
        sound = [max(-_HIGHEST, min(_HIGHEST, sample)) for sample in sound]
    return array("h", sound)
