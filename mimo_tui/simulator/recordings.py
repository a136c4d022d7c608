"""What the simulator makes of a recording that it is sent: its samples, its pitch, how loud it is."""

import math
from array import array
from base64 import b64decode
from binascii import Error as NotBase64
from dataclasses import dataclass
from operator import mul

from mimo_tui.core.media.boxes import Broken
from mimo_tui.core.media.sounds import read_sound
from mimo_tui.core.speech.samples import as_samples
from mimo_tui.core.speech.waves import read_wave
from mimo_tui.simulator.fault import Refusal, corrupt_media, wrong_parameter

_TYPES = ("audio/wav", "audio/mpeg", "audio/mp3")
_LONGEST = 10 * 1024 * 1024
_FORMATS = ("WAV", "MP3")

_TOKENS_A_SECOND = 6.25

_LOWEST, _HIGHEST = 60, 420
"""Hz: where the pitch of a voice lies."""
_ENOUGH = 0.5
"""How like itself, one period later, a sound is that has a pitch."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A sound. `samples` are 16-bit, the mean of all channels; empty for MP3, which is measured and not decoded."""

    format: str
    seconds: float
    rate: int
    samples: "array[int]"
    content: bytes


def from_data_url(url: str, field: str) -> Recording:
    """Read a sample or a recording (`mimo-api.md` §9.1, §9.5): WAV or MP3, up to 10 MB of base64.

    Raises Refusal; `field` is what a wrong form is said of.
    """
    head, comma, text = url.partition(",")
    scheme, _, rest = head.partition(":")
    mime, *parameters = rest.lower().split(";")
    if scheme.lower() != "data" or not comma or "base64" not in parameters:
        raise Refusal(wrong_parameter(f"{field} must be a data URL: data:audio/wav;base64,…"))
    if mime not in _TYPES:
        raise Refusal(wrong_parameter(f"{field} must be one of {', '.join(_TYPES)}"))
    if len(text) > _LONGEST:
        raise Refusal(wrong_parameter(f"{field} exceeds 10 MB as base64"))
    try:
        return read_recording(b64decode(text, validate=True))
    except (NotBase64, ValueError) as error:
        raise Refusal(corrupt_media()) from error


def audio_tokens(seconds: float) -> int:
    """Give the tokens of so many seconds of sound, heard or spoken (`mimo-api.md` §8)."""
    return math.ceil(seconds * _TOKENS_A_SECOND)


def seconds_of(tokens: int) -> float:
    """Give how much sound so many tokens are."""
    return tokens / _TOKENS_A_SECOND


def read_recording(data: bytes) -> Recording:
    """Read a WAV or MP3 file; raises Broken."""
    sound = read_sound(data)
    if sound.format not in _FORMATS:
        raise Broken("neither WAV nor MP3")
    if sound.format != "WAV":
        return Recording(sound.format, sound.seconds, 0, array("h"), data)
    wave = read_wave(data)
    if not wave.samples:
        raise Broken("a WAV without samples")
    return Recording(sound.format, wave.seconds, wave.rate, as_samples(wave.samples), data)


def loudness(recording: Recording) -> float:
    """Give the root mean square of its loudest tenth of a second, 1 being the loudest there can be."""
    return _level(_loudest(recording)) / 32768


def pitch(recording: Recording) -> float | None:
    """Give the pitch of the voice in Hz, by autocorrelation; None: there is none to be heard."""
    piece = _loudest(recording)
    step = max(1, recording.rate // 12_000)
    rate, thin = recording.rate / step, [float(sample) for sample in piece[::step]]
    middle = sum(thin) / len(thin) if thin else 0.0
    thin = [sample - middle for sample in thin]
    lags = range(max(2, int(rate / _HIGHEST)), min(int(rate / _LOWEST), len(thin) // 2))
    likeness = {lag: _likeness(thin, lag) for lag in lags}
    best = max(likeness.values(), default=0.0)
    if best < _ENOUGH:
        return None
    # Two periods later a sound is as like itself as one period later: the first peak is the pitch.
    lag = next(lag for lag, found in likeness.items() if found >= 0.9 * best)
    while likeness.get(lag + 1, 0.0) > likeness[lag]:
        lag += 1
    return rate / lag


def _likeness(samples: list[float], lag: int) -> float:
    early, late = samples[: len(samples) - lag], samples[lag:]
    energy = math.sqrt(sum(map(mul, early, early)) * sum(map(mul, late, late)))
    return sum(map(mul, early, late)) / energy if energy else 0.0


def _loudest(recording: Recording) -> "array[int]":
    """Give the loudest of at most 60 pieces of a tenth of a second."""
    samples, size = recording.samples, max(1, recording.rate // 10)
    last = max(1, len(samples) - size + 1)
    starts = range(0, last, max(size // 2, last // 60))
    return max((samples[start : start + size] for start in starts), key=_level)


def _level(samples: "array[int]") -> float:
    thin = samples[::4]
    return math.sqrt(sum(map(mul, thin, thin)) / len(thin)) if thin else 0.0
