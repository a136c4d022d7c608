"""How long and how large a film is, read from the file itself: MP4, MOV, AVI and WMV."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from mimo_tui.core.media import boxes
from mimo_tui.core.media.boxes import Broken, Unmeasured


@dataclass(frozen=True, slots=True)
class Film:
    """A film file: its format in words, length in seconds, size in pixels, and seconds of sound (0: silent)."""

    format: str
    seconds: float
    width: int
    height: int
    sound_seconds: float


def read_film(data: bytes) -> Film:
    """Give what the bytes are; raises Broken where they are no film, Unmeasured where they tell no length."""
    try:
        film = _read(data)
    except (struct.error, IndexError) as error:
        raise Broken("the film ends in the middle") from error
    if not film.width > 0 or not film.height > 0:
        raise Broken("a film without pictures")
    if not film.seconds > 0:
        raise Unmeasured("a film without length")
    return film


def _read(data: bytes) -> Film:
    if data[:4] == b"RIFF" and data[8:12] == b"AVI ":
        return _avi(data)
    if data[:16] == _HEADER:
        return _wmv(data)
    if data[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"):
        movie = boxes.read_movie(data)
        quick_time = data[4:8] != b"ftyp" or data[8:12] == b"qt  "
        name = "MOV" if quick_time else "MP4"
        return Film(name, movie.seconds, movie.width, movie.height, movie.sound_seconds)
    raise Broken("no film that is known")


def _avi(data: bytes) -> Film:
    seconds, width, height, sound, whole = 0.0, 0, 0, 0.0, False
    for name, at, _ in _avi_chunks(data, 12, len(data)):
        if name == b"avih":
            frame, *_, frames = struct.unpack_from("<IIIII", data, at)
            width, height = struct.unpack_from("<II", data, at + 32)
            seconds = frame * frames / 1_000_000
        elif name == b"strh" and data[at : at + 4] == b"auds":
            scale, rate, _, length = struct.unpack_from("<IIII", data, at + 20)
            sound = scale * length / rate if rate else 0.0
        elif name == b"LIST" and data[at : at + 4] == b"movi":
            whole = True
    if not whole:
        raise Broken("an AVI without its content")
    return Film("AVI", seconds, width, height, sound)


def _avi_chunks(data: bytes, start: int, end: int, depth: int = 2) -> Iterator[boxes.Part]:
    """Give the chunks, and in the place of the header's lists what is in them, `depth` lists deep."""
    for name, at, after in boxes.riff_chunks(data, start, end):
        if depth and name == b"LIST" and data[at : at + 4] in (b"hdrl", b"strl"):
            yield from _avi_chunks(data, at + 4, after, depth - 1)
        else:
            yield name, at, after


_HEADER = UUID("75b22630-668e-11cf-a6d9-00aa0062ce6c").bytes_le
_PROPERTIES = UUID("8cabdca1-a947-11cf-8ee4-00c00c205365").bytes_le
_STREAM = UUID("b7dc0791-a9b7-11cf-8ee6-00c00c205365").bytes_le
_SOUND = UUID("f8699e40-5b4d-11cf-a8fd-00805f5c442b").bytes_le
_PICTURES = UUID("bc19efc0-5b4d-11cf-a8fd-00805f5c442b").bytes_le


def _wmv(data: bytes) -> Film:
    (size,) = struct.unpack_from("<Q", data, 16)
    if size > len(data):
        raise Broken("a WMV that ends in its header")
    seconds, width, height, sound = 0.0, 0, 0, False
    at = 30
    while at + 24 <= size:
        (length,) = struct.unpack_from("<Q", data, at + 16)
        if length < 24 or at + length > size:
            raise Broken("a WMV with an object that is longer than its header")
        kind, content = data[at : at + 16], at + 24
        if kind == _PROPERTIES:
            played, _, early = struct.unpack_from("<QQQ", data, content + 40)
            # The first is in steps of 100 ns and counts the wait before the start, which is in ms.
            seconds = played / 10_000_000 - early / 1000
        elif kind == _STREAM and data[content : content + 16] == _PICTURES:
            width, height = struct.unpack_from("<II", data, content + 54)
        elif kind == _STREAM and data[content : content + 16] == _SOUND:
            sound = True
        at += length
    return Film("WMV", seconds, width, height, seconds if sound else 0.0)
