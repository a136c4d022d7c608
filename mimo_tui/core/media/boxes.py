"""The containers that sound and film come in: the boxes of MP4 and MOV, and the chunks of RIFF."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias


class Broken(ValueError):
    """Bytes that are not the file they say they are."""


class Unmeasured(Broken):
    """A file that may be whole but does not say how long it is, as what is streamed while it is made."""


Part: TypeAlias = tuple[bytes, int, int]
"""A box or chunk: its name, and where its content starts and ends."""


def riff_chunks(data: bytes, start: int, end: int) -> Iterator[Part]:
    """Give the chunks between two places; the last one may be shorter than it says, as recorders leave it."""
    while start + 8 <= end:
        name = data[start : start + 4]
        (size,) = struct.unpack_from("<I", data, start + 4)
        start += 8
        yield name, start, min(start + size, end)
        start += size + size % 2


def mp4_boxes(data: bytes, start: int, end: int) -> Iterator[Part]:
    """Give the boxes between two places; raises Broken where one is longer than its holder."""
    while start + 8 <= end:
        (size,) = struct.unpack_from(">I", data, start)
        name, content = data[start + 4 : start + 8], start + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, content)
            content += 8
        after = end if size == 0 else start + size
        if not content <= after <= end:
            raise Broken(f"the box {name!r} is longer than what holds it")
        yield name, content, after
        start = after


@dataclass(frozen=True, slots=True)
class Movie:
    """What an MP4, MOV or M4A says of itself; 0 where it has no picture or no sound."""

    seconds: float
    width: int
    height: int
    sound_seconds: float


@dataclass(frozen=True, slots=True)
class _Track:
    handler: bytes
    seconds: float
    width: int
    height: int


def read_movie(data: bytes) -> Movie:
    """Read the boxes of a movie; raises Broken, or struct.error where it ends in the middle."""
    top = {name: (start, end) for name, start, end in mp4_boxes(data, 0, len(data))}
    if b"moov" not in top or b"mdat" not in top:
        raise Broken("a movie without its index or its content")
    inside = list(mp4_boxes(data, *top[b"moov"]))
    scale, ticks = next((_clock(data, start) for name, start, _ in inside if name == b"mvhd"), (0, 0))
    for name, start, end in inside:
        if name == b"mvex" and not ticks:
            ticks = _fragments(data, start, end)
    if not scale:
        raise Broken("a movie without a clock")
    seconds = ticks / scale
    tracks = [_track(data, start, end) for name, start, end in inside if name == b"trak"]
    pictures = [track for track in tracks if track.handler == b"vide"]
    sounds = [track.seconds or seconds for track in tracks if track.handler == b"soun"]
    return Movie(
        seconds,
        max((track.width for track in pictures), default=0),
        max((track.height for track in pictures), default=0),
        max(sounds, default=0.0),
    )


def _clock(data: bytes, start: int) -> tuple[int, int]:
    """Give ticks a second, and the length in ticks, from the content of `mvhd` or `mdhd`."""
    form, at = (">IQ", start + 20) if data[start] == 1 else (">II", start + 12)
    scale, ticks = struct.unpack_from(form, data, at)
    return int(scale), int(ticks)


def _fragments(data: bytes, start: int, end: int) -> int:
    """Give the length of a movie in pieces, in ticks; 0 where it does not say."""
    for name, at, _ in mp4_boxes(data, start, end):
        if name == b"mehd":
            (ticks,) = struct.unpack_from(">Q" if data[at] == 1 else ">I", data, at + 4)
            return int(ticks)
    return 0


def _track(data: bytes, start: int, end: int) -> _Track:
    handler, seconds, width, height = b"", 0.0, 0, 0
    for name, at, after in mp4_boxes(data, start, end):
        if name == b"tkhd":
            # 16.16 fixed point, the last two fields of the box.
            width, height = (size >> 16 for size in struct.unpack_from(">II", data, after - 8))
        elif name == b"mdia":
            for inner, place, _ in mp4_boxes(data, at, after):
                if inner == b"mdhd":
                    scale, ticks = _clock(data, place)
                    seconds = ticks / scale if scale else 0.0
                elif inner == b"hdlr":
                    handler = data[place + 8 : place + 12]
    return _Track(handler, seconds, width, height)
