"""Small files of every format that a message may carry, written from their specifications."""

import struct
from base64 import b64encode
from io import BytesIO
from uuid import UUID

from PIL import Image

from mimo_tui.simulator.samples import hello, movie

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"


def data_url(mime: str, data: bytes) -> str:
    """Put a file into a URL."""
    return f"data:{mime};base64,{b64encode(data).decode()}"


def picture(form: str = "PNG", size: tuple[int, int] = (64, 32), colour: str = "blue") -> bytes:
    """Give a picture of one colour."""
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, form)
    return file.getvalue()


def wav(seconds: int = 1) -> bytes:
    """Give a silent WAV of 8 kHz, 8 bit, mono."""
    samples = bytes([128]) * (8000 * seconds)
    head = b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8)
    body = head + b"data" + struct.pack("<I", len(samples)) + samples
    return b"RIFF" + struct.pack("<I", len(body)) + body


def mp3(frames: int = 100, *, tagged: bool = True) -> bytes:
    """Give an MP3 of 128 kbit/s, 44.1 kHz: each frame has 417 bytes and 1152 samples."""
    tag = b"ID3\x04\0\0\0\0\x01\x00" + bytes(128) if tagged else b""
    return tag + (b"\xff\xfb\x90\x00" + bytes(413)) * frames


def flac(seconds: int = 3) -> bytes:
    """Give the head of a FLAC of 48 kHz, stereo, 16 bit, and the start of a frame."""
    stream = struct.pack(">HH6xQ16x", 4096, 4096, 48_000 << 44 | 1 << 41 | 15 << 36 | 48_000 * seconds)
    return b"fLaC\x80" + len(stream).to_bytes(3, "big") + stream + b"\xff\xf8" + bytes(20)


def ogg(seconds: int = 2, codec: str = "opus") -> bytes:
    """Give an Ogg of Opus (48 kHz, 312 samples before the start) or of Vorbis (32 kHz)."""
    if codec == "opus":
        head, last = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 312, 48_000, 0, 0), 48_000 * seconds + 312
    else:
        head, last = b"\x01vorbis" + struct.pack("<IBIIIIBB", 0, 1, 32_000, 0, 0, 0, 0, 1), 32_000 * seconds

    def page(granule: int, content: bytes) -> bytes:
        return b"OggS\0\0" + struct.pack("<qIIIB", granule, 7, 0, 0, 1) + bytes([len(content)]) + content

    return page(0, head) + page(-1, bytes(200)) + page(last, bytes(100))


def box(name: bytes, *parts: bytes) -> bytes:
    """Give a box of MP4."""
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + name + body


def sound_track(seconds: int) -> bytes:
    """Give a track of sound as far as its length."""
    clock = struct.pack(">IIIIIHH", 0, 0, 0, 1000, 1000 * seconds, 0, 0)
    kind = struct.pack(">II4s12x", 0, 0, b"soun") + b"\0"
    return box(b"trak", box(b"tkhd", bytes(84)), box(b"mdia", box(b"mdhd", clock), box(b"hdlr", kind)))


def m4a(seconds: int = 5) -> bytes:
    """Give an M4A as far as its index."""
    clock = struct.pack(">IIIII80x", 0, 0, 0, 1000, 1000 * seconds)
    index = box(b"moov", box(b"mvhd", clock), sound_track(seconds))
    return box(b"ftyp", b"M4A \0\0\0\0") + index + box(b"mdat", bytes(50))


def mp4(seconds: int = 4, size: tuple[int, int] = (320, 240), *, sound: bool = False) -> bytes:
    """Give an MP4 of one picture a second."""
    film = movie([picture("JPEG")] * seconds, *size, seconds=seconds)
    if not sound:
        return film
    at = film.index(b"moov")
    index = film[at + 4 :] + sound_track(seconds)
    return film[: at - 4] + box(b"moov", index)


def mov(seconds: int = 4, size: tuple[int, int] = (320, 240)) -> bytes:
    """Give a MOV."""
    return mp4(seconds, size).replace(b"ftypisom", b"ftypqt  ", 1)


def avi(seconds: int = 4, size: tuple[int, int] = (320, 240), *, sound: bool = False) -> bytes:
    """Give an AVI of 25 pictures a second as far as its header."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return name + struct.pack("<I", len(body)) + body

    main = struct.pack("<10I16x", 40_000, 0, 0, 0, 25 * seconds, 0, 1, 0, *size)
    streams = chunk(b"LIST", b"strl" + chunk(b"strh", b"vids" + bytes(52)))
    if sound:
        track = b"auds" + bytes(16) + struct.pack("<IIII20x", 1, 8000, 0, 8000 * seconds)
        streams += chunk(b"LIST", b"strl" + chunk(b"strh", track))
    header = chunk(b"LIST", b"hdrl" + chunk(b"avih", main) + streams)
    return chunk(b"RIFF", b"AVI " + header + chunk(b"LIST", b"movi" + bytes(40)))


def wmv(seconds: int = 4, size: tuple[int, int] = (320, 240), *, sound: bool = False) -> bytes:
    """Give a WMV as far as its header; it waits three seconds before it plays."""

    def part(guid: str, body: bytes) -> bytes:
        return UUID(guid).bytes_le + struct.pack("<Q", 24 + len(body)) + body

    def stream(guid: str, body: bytes) -> bytes:
        return part("b7dc0791-a9b7-11cf-8ee6-00c00c205365", UUID(guid).bytes_le + bytes(38) + body)

    length = struct.pack("<40xQQQ16x", (seconds + 3) * 10_000_000, seconds * 10_000_000, 3000)
    parts = part("8cabdca1-a947-11cf-8ee4-00c00c205365", length)
    parts += stream("bc19efc0-5b4d-11cf-a8fd-00805f5c442b", struct.pack("<II", *size))
    if sound:
        parts += stream("f8699e40-5b4d-11cf-a8fd-00805f5c442b", bytes(18))
    return part("75b22630-668e-11cf-a6d9-00aa0062ce6c", bytes(6) + parts) + bytes(100)


SOUNDS = {
    "audio/wav": wav(1),
    "audio/mpeg": mp3(),
    "audio/flac": flac(3),
    "audio/ogg": ogg(2),
    "audio/mp4": m4a(5),
}
FILMS = {
    "video/mp4": mp4(),
    "video/quicktime": mov(),
    "video/x-msvideo": avi(),
    "video/x-ms-wmv": wmv(),
}
ALL = (*SOUNDS.values(), *FILMS.values(), hello(), picture(), picture("GIF"), picture("BMP"))
