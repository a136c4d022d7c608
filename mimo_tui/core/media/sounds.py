"""How long a sound is, read from the file itself: WAV, MP3, FLAC, Ogg and M4A."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from mimo_tui.core.media import boxes
from mimo_tui.core.media.boxes import Broken, Unmeasured


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound file: its format in words and its length in seconds."""

    format: str
    seconds: float


def read_sound(data: bytes) -> Sound:
    """Give what the bytes are; raises Broken where they are no sound, Unmeasured where they tell no length."""
    try:
        sound = _read(data)
    except (struct.error, IndexError) as error:
        raise Broken("the sound ends in the middle") from error
    if not sound.seconds > 0:
        raise Unmeasured("the sound has no length")
    return sound


def _read(data: bytes) -> Sound:
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return Sound("WAV", _wav_seconds(data))
    if data[:4] == b"fLaC":
        return Sound("FLAC", _flac_seconds(data))
    if data[:4] == b"OggS":
        return Sound("Ogg", _ogg_seconds(data))
    if data[4:8] == b"ftyp":
        return Sound("M4A", _m4a_seconds(data))
    return Sound("MP3", mp3_frames(data).seconds)


def _wav_seconds(data: bytes) -> float:
    rate = 0
    for name, start, end in boxes.riff_chunks(data, 12, len(data)):
        if name == b"fmt ":
            (rate,) = struct.unpack_from("<I", data, start + 8)
        if name == b"data" and rate:
            return (end - start) / rate
    raise Broken("a WAV without its format or its samples")


def _flac_seconds(data: bytes) -> float:
    (packed,) = struct.unpack_from(">Q", data, 8 + 10)
    at, last = 4, False
    while not last:
        last, size = data[at] >= 0x80, int.from_bytes(data[at + 1 : at + 4], "big")
        at += 4 + size
    if data[at] != 0xFF or data[at + 1] & 0xFC != 0xF8:
        raise Broken("a FLAC without frames")
    rate = packed >> 44
    return _ratio(packed & 0xFFFFFFFFF, rate)


def _ogg_seconds(data: bytes) -> float:
    rate, skipped, samples = 0, 0, 0
    for granule, packet in _ogg_pages(data):
        if packet.startswith(b"OpusHead"):
            (skipped,) = struct.unpack_from("<H", packet, 10)
            rate = 48_000
        elif packet.startswith(b"\x01vorbis"):
            (rate,) = struct.unpack_from("<I", packet, 12)
        elif packet.startswith(b"\x7fFLAC"):
            rate = struct.unpack_from(">Q", packet, 17 + 10)[0] >> 44
        if granule >= 0:
            samples = max(samples, granule)
    return _ratio(samples - skipped, rate)


def _ogg_pages(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Give of each page the position of its last sample (-1: none ends here) and the beginning of its content."""
    at = 0
    while data[at : at + 4] == b"OggS":
        (granule,) = struct.unpack_from("<q", data, at + 6)
        segments = data[at + 26]
        content = at + 27 + segments
        yield granule, data[content : content + 64]
        at = content + sum(data[at + 27 : content])
        if at > len(data):
            raise Broken("an Ogg page that ends in the middle")
    if at < len(data):
        raise Broken("an Ogg file with something else between its pages")


def _m4a_seconds(data: bytes) -> float:
    movie = boxes.read_movie(data)
    if not movie.sound_seconds:
        raise Broken("an M4A without a sound track")
    return movie.sound_seconds


# MPEG audio: kbit/s by the four bits of the header, first for MPEG-1, then for MPEG-2 and 2.5; layers I, II, III.
_RATES_1 = (
    (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
)
_RATES_2 = (
    (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
)
_SAMPLE_RATES = (44_100, 48_000, 32_000)


def begins_as_mp3(head: bytes) -> bool:
    """Tell whether a file begins with the tag of an MP3, or with a frame that another one follows."""
    if head[:3] == b"ID3":
        return True
    found = _mp3_frame(head, 0)
    return found is not None and (found[0] == len(head) or _mp3_header(head, found[0]) is not None)


@dataclass(frozen=True, slots=True)
class Frames:
    """The whole frames of an MP3: how long they last in seconds, and where in the file they end."""

    seconds: float
    end: int


def mp3_frames(data: bytes) -> Frames:
    """Give the frames of an MP3, behind its tag; raises Broken where there are none, or IndexError within a tag."""
    at, seconds, frames = 0, 0.0, 0
    if data[:3] == b"ID3":
        size = data[6] << 21 | data[7] << 14 | data[8] << 7 | data[9]
        at = 10 + size + (10 if data[5] & 0x10 else 0)
        # Some writers leave room behind the tag that the tag does not count.
        while data[at : at + 1] == b"\0":
            at += 1
    while (frame := _mp3_frame(data, at)) is not None:
        length, lasts = frame
        at += length
        seconds += lasts
        frames += 1
    # A single header may be chance; a frame that another follows, or that ends the file, is none.
    if frames < 2 and at != len(data):
        raise Broken("no sound that is known")
    return Frames(seconds, at)


def mp3_is_whole(data: bytes) -> bool:
    """Tell whether the last frame of an MP3 is whole; raises as `mp3_frames` does."""
    rest = data[mp3_frames(data).end :]
    # Tags may stand behind the frames (id3.org, "ID3v1"; "APEv2").
    return not rest.strip(b"\0") or rest.startswith((b"TAG", b"APETAGEX"))


def _mp3_frame(data: bytes, at: int) -> tuple[int, float] | None:
    """Give the bytes and the seconds of the whole frame that begins there."""
    found = _mp3_header(data, at)
    return found if found is not None and at + found[0] <= len(data) else None


def _mp3_header(data: bytes, at: int) -> tuple[int, float] | None:
    """Give the bytes and the seconds of the frame whose header stands there."""
    if at + 4 > len(data) or data[at] != 0xFF or data[at + 1] & 0xE0 != 0xE0:
        return None
    version, layer = data[at + 1] >> 3 & 3, 3 - (data[at + 1] >> 1 & 3)
    rate, sampling, padding = data[at + 2] >> 4, data[at + 2] >> 2 & 3, data[at + 2] >> 1 & 1
    if version == 1 or layer == 3 or rate in (0, 15) or sampling == 3:
        return None
    first = version == 3
    bits = (_RATES_1 if first else _RATES_2)[layer][rate - 1] * 1000
    sample_rate = _SAMPLE_RATES[sampling] >> (0 if first else 1 if version == 2 else 2)
    samples = (384, 1152, 1152 if first else 576)[layer]
    slot = 4 if layer == 0 else 1
    length = (samples // 8 // slot * bits // sample_rate + padding) * slot
    return length, samples / sample_rate


def _ratio(samples: int, rate: int) -> float:
    if rate <= 0:
        raise Broken("the sound does not say its rate")
    return samples / rate
