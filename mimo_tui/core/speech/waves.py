"""WAV: read into samples of 16 bits, mono, and the header of one that is written.

The form is that of Microsoft's "Multiple Channel Audio Data and WAVE Files" and of RFC 2361.
"""

import math
import struct
import sys
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise, repeat
from operator import add, floordiv, mul
from typing import Final

from mimo_tui.core.media.boxes import Broken, riff_chunks
from mimo_tui.core.speech.samples import AT_ONCE, WIDTH, as_bytes, as_samples

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_WIDTHS: Final = frozenset({(_PCM, 1), (_PCM, 2), (_PCM, 3), (_PCM, 4), (_FLOAT, 4), (_FLOAT, 8)})

_MOST: Final = 0xFFFF_FFFF
_UNKNOWN: Final = 0x7FFF_F000
"""Bytes that a WAV says to have whose length is not known yet: what sox writes, which misses nothing at the end."""
_ENDLESS: Final = 0x7FFF_0000
"""What says that it has so many bytes was written to a pipe, before anybody knew how many there would be."""

_SLOWEST, _FASTEST = 1000, 384_000
"""Samples a second between which a rate is one of sound: speech cannot be heard in fewer, and nothing records more."""

_FULL: Final = 32_768
_MOST_CHANNELS: Final = 64
_LOOKED_AT: Final = 1 << 20
"""Bytes that are searched in one go: it gives way to no other thread."""

_FLIPPED: Final = bytes(byte ^ 0x80 for byte in range(256))


@dataclass(frozen=True, slots=True)
class Wave:
    """A WAV that was read.

    `rate` is in samples a second, `channels` how many the file has; `samples` are of 16 bits, little-endian, mono:
    the mean of all channels. `complete`: the file holds all that it says it does; where it does not say how much that
    is, as what was written to a pipe, what is there counts as all. `behind` are bytes that stand behind its end and are
    none of it.
    """

    rate: int
    channels: int
    samples: bytes = field(repr=False)
    complete: bool
    behind: int = 0

    @property
    def seconds(self) -> float:
        """Give its length."""
        return len(self.samples) / WIDTH / self.rate


@dataclass(frozen=True, slots=True)
class _Form:
    code: int
    channels: int
    rate: int
    width: int

    @property
    def block(self) -> int:
        return self.width * self.channels


def read_wave(data: bytes) -> Wave:
    """Read a WAV of 8, 16, 24 or 32 bits or of floating-point numbers. Slow for a large one: call it in a thread.

    Further ones that stand behind it, as where each piece of a stream has a header of its own, are joined to it.
    Raises Broken where it is none, or of another form.
    """
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise Broken("it does not begin as a WAV")
    starts = _beginnings(data)
    if len(starts) == 1:
        return _one_wave(data)
    joined: list[Wave] = []
    behind = 0
    for start, end in pairwise([*starts, len(data)]):
        try:
            wave = _one_wave(data[start:end])
        except Broken:
            if not joined:
                raise
            behind += end - start
            continue
        if joined and (wave.rate, wave.channels) != (joined[0].rate, joined[0].channels):
            behind += end - start
        else:
            joined.append(wave)
    return Wave(
        joined[0].rate,
        joined[0].channels,
        b"".join([wave.samples for wave in joined]),
        complete=all(wave.complete for wave in joined),
        behind=behind + sum(wave.behind for wave in joined),
    )


def _beginnings(data: bytes) -> list[int]:
    """Give where WAVs begin."""
    found = []
    for start in range(0, len(data), _LOOKED_AT):
        last = start + _LOOKED_AT + 3
        at = data.find(b"WAVE", start, last)
        while at >= 0:
            if at >= 8 and data[at - 8 : at - 4] == b"RIFF":
                found.append(at - 8)
            at = data.find(b"WAVE", at + 4, last)
    return found


def _one_wave(data: bytes) -> Wave:
    form: _Form | None = None
    for name, start, end in riff_chunks(data, 12, len(data)):
        if name == b"fmt ":
            form = _form(data[start:end])
        elif name == b"data":
            if form is None:
                raise Broken("a WAV without its format")
            return _wave(data, start, end, form)
    raise Broken("a WAV without samples")


def wave_header(samples: int | None, rate: int) -> bytes:
    """Give the header of a WAV of so many samples of 16 bits, mono; None: how many is not known yet.

    Raises ValueError where they are more than a WAV can hold.
    """
    size = _UNKNOWN if samples is None else samples * WIDTH
    if samples is not None and size + 36 > _MOST:
        raise ValueError("a WAV holds 4 GB at most")
    whole = size + 36
    form = struct.pack("<HHIIHH", _PCM, 1, rate, rate * WIDTH, WIDTH, WIDTH * 8)
    return (
        struct.pack("<4sI4s4sI", b"RIFF", whole, b"WAVE", b"fmt ", len(form))
        + form
        + struct.pack("<4sI", b"data", size)
    )


def _form(chunk: bytes) -> _Form:
    try:
        code, channels, rate, _, block, bits = struct.unpack_from("<HHIIHH", chunk)
        if code == _EXTENSIBLE:
            (code,) = struct.unpack_from("<H", chunk, 24)
    except struct.error as error:
        raise Broken("a WAV whose format is cut short") from error
    if not 0 < channels <= _MOST_CHANNELS or not rate:
        raise Broken("a WAV without channels or without a rate")
    if not _SLOWEST <= rate <= _FASTEST:
        raise Broken(f"a WAV of {rate:,} samples a second, which is no rate of sound")
    # A sample of 20 bits lies in three bytes, at their upper end; the block tells how many bytes there are.
    width = block // channels or -(-bits // 8)
    if (code, width) not in _WIDTHS or width * 8 < bits:
        raise Broken(f"a WAV of a form that is not known (form {code}, {bits} bits)")
    return _Form(code, channels, rate, width)


def _wave(data: bytes, start: int, end: int, form: _Form) -> Wave:
    (said,) = struct.unpack_from("<I", data, start - 4)
    (whole,) = struct.unpack_from("<I", data, 4)
    # A recorder that was never told to stop leaves both lengths as they were at the start: 0.
    endless = said >= _ENDLESS or (said == 0 and start < len(data) and whole <= start)
    if endless:
        end = len(data)
    last = max(8 + whole + whole % 2, end + (end - start) % 2)
    frames, torn = divmod(end - start, form.block)
    samples = _mono(data[start : start + frames * form.block], form)
    complete = not torn and (endless or end - start == said)
    return Wave(form.rate, form.channels, samples, complete, max(0, len(data) - last))


def _mono(content: bytes, form: _Form) -> bytes:
    if form.channels == 1 and form.width == WIDTH:
        return content
    size = max(1, AT_ONCE // form.channels) * form.block
    pieces = [content[at : at + size] for at in range(0, len(content), size)]
    return b"".join([_mean(_sixteen(piece, form), form.channels) for piece in pieces])


def _mean(samples: bytes, channels: int) -> bytes:
    """Give the mean of the channels, which stand in turn, rounded down."""
    if channels == 1:
        return samples
    if channels == 2:
        return _mean_of_two(samples)
    numbers = as_samples(samples)
    total: Iterable[int] = numbers[::channels]
    for channel in range(1, channels):
        total = map(add, total, numbers[channel::channels])
    return as_bytes(array("h", map(floordiv, total, repeat(channels))))


def _sixteen(content: bytes, form: _Form) -> bytes:
    """Give every sample in 16 bits, as they stand: the channels in turn."""
    if form.code == _FLOAT:
        return _of_floats(array("f" if form.width == 4 else "d", content))
    if form.width == WIDTH:
        return content
    pairs = bytearray(len(content) // form.width * WIDTH)
    if form.width == 1:
        pairs[1::2] = content.translate(_FLIPPED)
    else:
        # The two highest bytes of a sample are its 16 bits, whatever its width.
        pairs[::2], pairs[1::2] = content[form.width - 2 :: form.width], content[form.width - 1 :: form.width]
    return bytes(pairs)


def _of_floats(numbers: "array[float]") -> bytes:
    if sys.byteorder == "big":
        numbers.byteswap()
    scaled = array("d", map(mul, numbers, repeat(float(_FULL))))
    # A number that is none makes the sum one that is none.
    if not math.isfinite(sum(scaled)):
        scaled = array("d", (number if math.isfinite(number) else 0.0 for number in scaled))
    if max(scaled, default=0.0) > _FULL - 1 or min(scaled, default=0.0) < -_FULL:
        scaled = array("d", (max(-_FULL, min(_FULL - 1, number)) for number in scaled))
    return as_bytes(array("h", map(round, scaled)))


def _mean_of_two(samples: bytes) -> bytes:
    # Made unsigned, all pairs are added as one whole number of as many lanes of 32 bits: no lane can overflow.
    unsigned = bytearray(samples)
    unsigned[1::2] = samples[1::2].translate(_FLIPPED)
    both = int.from_bytes(unsigned, "little")
    lanes = int.from_bytes(b"\xff\xff\0\0" * (len(samples) // 4), "little")
    mean = ((both & lanes) + (both >> 16 & lanes) >> 1).to_bytes(len(samples), "little")
    pairs = bytearray(len(samples) // 2)
    pairs[::2], pairs[1::2] = mean[::4], mean[1::4].translate(_FLIPPED)
    return bytes(pairs)
