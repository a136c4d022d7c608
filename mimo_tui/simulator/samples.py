"""The few files that the simulator knows by their address: a picture, a sound and a film, made in code.

They lie on the docs' host below `/static/sample/`, where the real one has nothing.
"""

import io
import math
import struct
import wave
from array import array
from collections.abc import Mapping
from urllib.parse import urlsplit

from mimo_tui.core.catalogue import Catalogue

_CAT, _HELLO, _CLIP = "/static/sample/cat.png", "/static/sample/hello.wav", "/static/sample/clip.mp4"
TYPES: Mapping[str, str] = {_CAT: "image/png", _HELLO: "audio/wav", _CLIP: "video/mp4"}
"""The path of every sample, with its MIME type."""


def addresses(catalogue: Catalogue) -> tuple[str, ...]:
    """Give the URL of every sample: a picture, a sound, a film."""
    host = urlsplit(catalogue.doc_indexes[0].url).hostname
    return tuple(f"https://{host}{path}" for path in TYPES)


def sample(url: str, catalogue: Catalogue) -> bytes | None:
    """Give the file at that URL; None: the simulator has none there."""
    return at(urlsplit(url).path) if url in addresses(catalogue) else None


def at(path: str) -> bytes | None:
    """Give the file at that path of the docs' host; None: there is none."""
    made = {_CAT: cat, _HELLO: hello, _CLIP: clip}.get(path)
    return made() if made else None


def cat() -> bytes:
    """Draw a ginger cat on a blue ground, 256×256, as PNG."""
    return _drawn(256, "PNG", 0)


def hello() -> bytes:
    """Play a rising chord of one second, 16 kHz mono, as WAV."""
    rate = 16_000
    notes = (440, 554, 659)
    samples = array("h")
    for at in range(rate):
        loudness = 6000 * math.sin(math.pi * at / rate)
        sounding = notes[: 1 + 3 * at // rate]
        samples.append(round(loudness * sum(math.sin(math.tau * note * at / rate) for note in sounding) / 3))
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(rate)
        written.writeframes(struct.pack(f"<{rate}h", *samples))
    return file.getvalue()


def clip() -> bytes:
    """Film the cat for two seconds as its eyes close, 128×128, four pictures as Motion JPEG in MP4."""
    frames = [_drawn(128, "JPEG", shut) for shut in (0, 1, 2, 1)]
    return movie(frames, 128, 128, seconds=2)


def _drawn(side: int, form: str, shut: int) -> bytes:
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (256, 256), (70, 130, 220))
    draw = ImageDraw.Draw(picture)
    ginger, dark = (230, 140, 50), (40, 30, 30)
    for left in (52, 140):
        draw.polygon([(left, 120), (left + 32, 36), (left + 64, 120)], fill=ginger)
    draw.ellipse((40, 70, 216, 230), fill=ginger)
    for left in (84, 144):
        draw.ellipse((left, 116 + 6 * shut, left + 28, 144 - 6 * shut), fill=dark)
    draw.polygon([(118, 160), (138, 160), (128, 174)], fill=(220, 110, 130))
    for height in (-8, 4, 16):
        draw.line((20, 176 + height, 96, 172), fill=dark, width=2)
        draw.line((160, 172, 236, 176 + height), fill=dark, width=2)
    file = io.BytesIO()
    picture.resize((side, side)).save(file, form)
    return file.getvalue()


def movie(frames: list[bytes], width: int, height: int, *, seconds: int) -> bytes:
    """Put JPEG pictures, each shown as long as the others, into an MP4 without sound."""
    unity = struct.pack(">9I", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
    ticks, scale = len(frames), len(frames) // seconds or 1

    def full(name: bytes, body: bytes, flags: int = 0) -> bytes:
        return _box(name, struct.pack(">I", flags) + body)

    entry = struct.pack(">6xH16xHHIIIH32xHh", 1, width, height, 72 << 16, 72 << 16, 0, 1, 24, -1)
    head = _box(b"ftyp", b"isom" + struct.pack(">I", 512) + b"isommp41")
    content_at = len(head) + 8
    offsets = [content_at + sum(map(len, frames[:number])) for number in range(len(frames))]
    tables = (
        full(b"stsd", struct.pack(">I", 1) + _box(b"jpeg", entry))
        + full(b"stts", struct.pack(">III", 1, len(frames), 1))
        + full(b"stsc", struct.pack(">IIII", 1, 1, 1, 1))
        + full(b"stsz", struct.pack(f">II{len(frames)}I", 0, len(frames), *map(len, frames)))
        + full(b"stco", struct.pack(f">I{len(frames)}I", len(frames), *offsets))
    )
    where = _box(b"dinf", full(b"dref", struct.pack(">I", 1) + full(b"url ", b"", 1)))
    media = (
        full(b"mdhd", struct.pack(">IIIIHH", 0, 0, scale, ticks, 0x55C4, 0))
        + full(b"hdlr", struct.pack(">I4s12x", 0, b"vide") + b"pictures\0")
        + _box(b"minf", full(b"vmhd", bytes(8), 1) + where + _box(b"stbl", tables))
    )
    track = full(
        b"tkhd",
        struct.pack(">IIIII8xhhHH", 0, 0, 1, 0, ticks, 0, 0, 0, 0)
        + unity
        + struct.pack(">II", width << 16, height << 16),
        3,
    )
    clock = full(
        b"mvhd",
        struct.pack(">IIIIIH10x", 0, 0, scale, ticks, 1 << 16, 1 << 8) + unity + struct.pack(">24xI", 2),
    )
    index = _box(b"moov", clock + _box(b"trak", track + _box(b"mdia", media)))
    return head + _box(b"mdat", b"".join(frames)) + index


def _box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + name + body
