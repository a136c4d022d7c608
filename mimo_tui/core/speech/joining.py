"""Parts that were spoken one by one become one sound: a pause between them, and nothing that clicks."""

from array import array
from typing import Final

from mimo_tui.core.speech.samples import Samples, as_bytes, as_samples

PAUSE: Final = 0.4
"""Seconds between two parts: as a speaker rests between sentences, by our own judgement."""

FADE: Final = 0.005
"""Seconds in which a sound comes and goes at a join: long enough not to click, too short to be heard as such."""

SILENCE: Final = 104
"""The greatest sample that counts as silence: 50 dB below the loudest there can be."""

_BLOCK: Final = 256


class Joiner:
    """Joins samples of 16 bits at `rate` a second. What it gives does not depend on how the pieces are cut.

    At a join the silence of both sides becomes one pause of PAUSE seconds, half of it for either side. All else stays
    as it came, but for the fades beside a pause. Nothing is held back but the last few milliseconds, and what is more
    than half a pause where a part falls silent. Raises ValueError for half a sample.
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._half = max(1, int(rate * PAUSE / 2))
        self._fade = min(self._half, max(1, int(rate * FADE)))
        self._held: Samples = array("h")
        # How many samples of silence the part ends with so far, given on or held.
        self._quiet = 0
        self._awaits_sound = False
        self._given = 0
        self._joins: list[float] = []

    @property
    def joins(self) -> tuple[float, ...]:
        """Give the seconds at which a part that can be heard follows another: the middle of each pause."""
        return tuple(self._joins)

    def feed(self, samples: bytes) -> bytes:
        """Take samples of the part, and give those that can be given on."""
        piece = as_samples(samples)
        if self._awaits_sound:
            self._held += piece
            self._begin(self._fade)
        else:
            self._add(piece)
        return b"" if self._awaits_sound else self._give(self._free)

    def next_part(self) -> bytes:
        """End the part, and give what is left of it and the first half of the pause behind it."""
        self._begin(1)
        if self._awaits_sound:
            # Nothing of it can be heard: the pause that is there is enough.
            self._held = array("h")
            return b""
        if not self._given and not self._held:
            return b""
        if self._quiet > self._half:
            del self._held[self._half - self._quiet :]
        _fade_out(self._held, self._fade)
        self._held.extend(_zeros(self._half - self._quiet))
        self._awaits_sound = True
        return self._give(len(self._held))

    def close(self) -> bytes:
        """End the whole, and give what is left of it."""
        self._begin(1)
        if self._awaits_sound:
            self._held = array("h")
        return self._give(len(self._held))

    def _begin(self, least: int) -> None:
        """Go on with the part that follows a pause, if sound came and at least so many samples beside it."""
        if not self._awaits_sound:
            return
        quiet = _quiet_at_start(self._held)
        is_silent = quiet == len(self._held)
        if quiet > self._half:
            del self._held[: quiet - self._half]
        if is_silent or len(self._held) < least:
            return
        self._awaits_sound = False
        self._joins.append(self._given / self._rate)
        begun, self._held = self._held, _zeros(self._half - quiet)
        _fade_in(begun, self._fade)
        self._quiet = len(self._held)
        self._add(begun)

    def _add(self, piece: Samples) -> None:
        quiet = _quiet_at_end(piece)
        self._quiet = quiet if quiet < len(piece) else self._quiet + quiet
        self._held += piece

    @property
    def _free(self) -> int:
        """How many of the samples that are held are the same whether the part goes on or not."""
        return len(self._held) - max(0, self._quiet - self._half) - self._fade

    def _give(self, count: int) -> bytes:
        if count <= 0:
            return b""
        given = as_bytes(self._held[:count])
        del self._held[:count]
        self._given += count
        return given


def _quiet_at_end(samples: Samples) -> int:
    for end in range(len(samples), 0, -_BLOCK):
        block = samples[max(0, end - _BLOCK) : end]
        if max(block) > SILENCE or min(block) < -SILENCE:
            block.reverse()
            return len(samples) - end + _first_sound(block)
    return len(samples)


def _quiet_at_start(samples: Samples) -> int:
    for start in range(0, len(samples), _BLOCK):
        block = samples[start : start + _BLOCK]
        if max(block) > SILENCE or min(block) < -SILENCE:
            return start + _first_sound(block)
    return len(samples)


def _first_sound(block: Samples) -> int:
    return next(at for at, sample in enumerate(block) if abs(sample) > SILENCE)


def _fade_in(samples: Samples, length: int) -> None:
    """Let the first samples come up from nothing, in place."""
    for at in range(min(length, len(samples))):
        samples[at] = samples[at] * at // length


def _fade_out(samples: Samples, length: int) -> None:
    """Let the last samples go down to nothing, in place."""
    for at in range(min(length, len(samples))):
        samples[-1 - at] = samples[-1 - at] * at // length


def _zeros(count: int) -> Samples:
    return array("h", bytes(2 * max(0, count)))
