"""One voice at work: it lays the syllables and breaths of a script into a sound."""

import hashlib
import math
from operator import add
from typing import ClassVar

from mimo_tui.simulator.script import Onset, Syllable
from mimo_tui.simulator.voices import Timbre

RATE = 24_000
"""Samples a second (`mimo-api.md` §9.4)."""

_RINGS = 384
_LEVELS = 16
_STEPS = 4
_ENERGY = 30_000.0
_NOISE = RATE // 2

# Formants of a man in Hz, and how loud each rings; the second one of a nasal is nearly closed.
_FORMANTS = {
    "a": ((730, 1.0), (1090, 0.6), (2440, 0.15)),
    "e": ((530, 1.0), (1840, 0.4), (2480, 0.2)),
    "i": ((270, 1.0), (2290, 0.3), (3010, 0.15)),
    "o": ((570, 1.0), (840, 0.6), (2410, 0.06)),
    "u": ((300, 1.0), (870, 0.35), (2240, 0.05)),
    "er": ((490, 1.0), (1350, 0.45), (1690, 0.25)),
    "hum": ((250, 0.6), (1200, 0.05), (2100, 0.03)),
}
_DAMPING = (85.0, 110.0, 170.0)
_CORDS = 0.5
"""How loud the pitch itself is beside the formants."""

_ATTACK, _RELEASE = RATE // 50, RATE // 25
_CONSONANT = 0.075
_VIBRATO_HZ, _VIBRATO = 5.4, 0.28


class Throat:
    """A voice: its grains and its noise, made once and used for every syllable."""

    rings: ClassVar[int] = _RINGS
    """Samples that a sound rings on after the end of a syllable."""

    def __init__(self, timbre: Timbre) -> None:
        self._timbre = timbre
        self._rings: dict[str, list[float]] = {}
        self._grains: dict[tuple[str, int, int], list[int]] = {}
        drawn = hashlib.shake_256(b"breath").digest(_NOISE)
        self._noise = [byte - 127.5 for byte in drawn]
        # What hisses has lost its low sound, what blows its high one.
        self._hiss = [
            one - other for one, other in zip(self._noise, self._noise[1:] + self._noise[:1], strict=True)
        ]
        self._blow = [
            (one + other + third) / 2
            for one, other, third in zip(self._noise, self._noise[1:], self._noise[2:], strict=False)
        ]
        self._drawn = 0

    def say(
        self,
        sound: list[int],
        at: int,
        samples: int,
        syllable: Syllable,
        height: tuple[float, float],
        *,
        sung: bool,
    ) -> None:
        """Lay a syllable into the sound; `height` is in semitones above the pitch, at its start and its end."""
        closed = min(round(_CONSONANT * RATE), samples * 2 // 5)
        match syllable.onset:
            case Onset.STOP:
                burst = max(1, closed // 3)
                self._air(sound, at + closed - burst, burst, self._noise, 7.0)
            case Onset.HISS:
                self._air(sound, at, closed, self._hiss, 4.0)
            case Onset.SOFT:
                self._air(sound, at, closed, self._blow, 5.0)
            case Onset.HUM | Onset.OPEN:
                closed = 0
        voiced = samples - closed
        self._voice(sound, at + closed, voiced, syllable, height, vibrato=_VIBRATO if sung else 0.0)
        if self._timbre.breath > 0.01:
            self._air(sound, at + closed, voiced, self._blow, 9.0 * self._timbre.breath)

    def breathe(self, sound: list[int], at: int, samples: int, force: float) -> None:
        """Lay a breath into the sound."""
        self._air(sound, at, samples, self._blow, 14.0 * force)

    def _voice(
        self,
        sound: list[int],
        at: int,
        samples: int,
        syllable: Syllable,
        height: tuple[float, float],
        *,
        vibrato: float,
    ) -> None:
        start, end = height
        place = 0.0
        while place < samples:
            done = place / samples
            semitones = start + (end - start) * done
            if vibrato:
                semitones += vibrato * math.sin(math.tau * _VIBRATO_HZ * place / RATE)
            level = min(1.0, place / _ATTACK + 0.1, 0.35 + 0.65 * (samples - place) / _RELEASE)
            step = min(_STEPS, int(done * 4 * _STEPS)) if syllable.onset is Onset.HUM else _STEPS
            grain = self._grain(syllable.vowel, step, round(level * _LEVELS))
            first = at + int(place)
            sound[first : first + _RINGS] = map(add, sound[first : first + _RINGS], grain)
            place += RATE / (self._timbre.pitch * 2.0 ** (semitones / 12)) * self._jitter()

    def _jitter(self) -> float:
        self._drawn = (self._drawn + 1) % _NOISE
        return 1.0 + self._timbre.rough * self._noise[self._drawn] / 128

    def _grain(self, vowel: str, step: int, level: int) -> list[int]:
        """Give a grain of a vowel, `step` of _STEPS away from a hum, at `level` of _LEVELS."""
        found = self._grains.get((vowel, step, level))
        if found is None:
            share = step / _STEPS
            scale = level / _LEVELS
            mixed = zip(self._ring(vowel), self._ring("hum"), strict=True)
            found = [round(scale * (share * one + (1.0 - share) * other)) for one, other in mixed]
            self._grains[vowel, step, level] = found
        return found

    def _ring(self, vowel: str) -> list[float]:
        """Give what rings after one beat of the cords, at full loudness."""
        found = self._rings.get(vowel)
        if found is None:
            cords = _wave(self._timbre.pitch, 60.0, _CORDS)
            waves = [
                _wave(frequency * self._timbre.tract, damping, loudness)
                for (frequency, loudness), damping in zip(_FORMANTS[vowel], _DAMPING, strict=True)
            ]
            summed = [
                sum(values) * min(1.0, at / 16) * min(1.0, (_RINGS - at) / 96)
                for at, values in enumerate(zip(cords, *waves, strict=True))
            ]
            # Beats that follow each other faster lie over each other more.
            energy = _ENERGY * self._timbre.loudness * math.sqrt(150.0 / self._timbre.pitch)
            total = math.sqrt(sum(value * value for value in summed))
            quieter = 0.6 if vowel == "hum" else 1.0
            found = self._rings[vowel] = [value * energy * quieter / total for value in summed]
        return found

    def _air(self, sound: list[int], at: int, samples: int, noise: list[float], force: float) -> None:
        """Lay noise into the sound, swelling and fading."""
        force *= self._timbre.loudness
        begin = self._drawn = (self._drawn + samples) % (_NOISE // 2)
        air = noise[begin : begin + samples]
        while len(air) < samples:
            air += noise[: samples - len(air)]
        ramp = max(1, min(samples // 3, _ATTACK))
        swell = [force * step / ramp for step in range(ramp)]
        steady = samples - 2 * ramp
        shape = [*swell, *([force] * steady), *reversed(swell)]
        piece = sound[at : at + samples]
        sound[at : at + samples] = [
            had + int(one * loud) for had, one, loud in zip(piece, air, shape, strict=False)
        ]


def _wave(frequency: float, damping: float, loudness: float) -> list[float]:
    """Give a wave that dies away: each value follows from the two before it."""
    turn, kept = math.tau * frequency / RATE, math.exp(-math.pi * damping / RATE)
    factor, square = 2.0 * kept * math.cos(turn), kept * kept
    values = [0.0, loudness * kept * math.sin(turn)]
    for _ in range(_RINGS - 2):
        values.append(factor * values[-1] - square * values[-2])
    return values
