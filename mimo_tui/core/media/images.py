"""How large an image is, read from the file itself: JPEG, PNG, GIF, WebP and BMP. Nothing is decoded."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Protocol

from mimo_tui.core.media import boxes
from mimo_tui.core.media.boxes import Broken
from mimo_tui.core.media.kinds import Format


@dataclass(frozen=True, slots=True)
class Image:
    """The size of an image in pixels; of one that moves, that of its pictures."""

    width: int
    height: int


class _Reader(Protocol):
    def __call__(self, data: bytes, /) -> Image: ...


def read_image(data: bytes, form: Format) -> Image:
    """Give the size of an image of that format; raises Broken where it is none, or ends in the middle."""
    try:
        image = _READERS[form](data)
    except (struct.error, IndexError) as error:
        raise Broken("the image ends in the middle") from error
    if not image.width > 0 or not image.height > 0:
        raise Broken("an image without pixels")
    return image


def _jpeg(data: bytes) -> Image:
    found: Image | None = None
    at, marker = 2, 0
    while marker != _SCAN:
        if data[at] != 0xFF:
            raise Broken("a JPEG with something else between its parts")
        while data[at] == 0xFF:
            at += 1
        marker, at = data[at], at + 1
        if marker in _WITHOUT_CONTENT:
            continue
        (length,) = struct.unpack_from(">H", data, at)
        if length < 2:
            raise Broken("a JPEG with a part of no length")
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 3)
            found = Image(width, height)
        at += length
    if found is None:
        raise Broken("a JPEG without its size")
    if data.rfind(b"\xff\xd9", at) < 0:
        raise Broken("the image ends in the middle")
    return found


_SCAN: Final = 0xDA
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITHOUT_CONTENT = frozenset({0x01, *range(0xD0, 0xD9)})


def _png(data: bytes) -> Image:
    if data[12:16] != b"IHDR":
        raise Broken("a PNG that does not begin with its size")
    width, height = struct.unpack_from(">II", data, 16)
    at, has_pixels = 8, False
    while (name := data[at + 4 : at + 8]) != b"IEND":
        (length,) = struct.unpack_from(">I", data, at)
        has_pixels = has_pixels or name == b"IDAT"
        at += 12 + length
    if not has_pixels:
        raise Broken("a PNG without its pixels")
    return Image(width, height)


def _gif(data: bytes) -> Image:
    width, height, packed = struct.unpack_from("<HHB", data, 6)
    at = 13 + _palette(packed)
    while data[at] == 0x21:
        at = _after_blocks(data, at + 2)
    if data[at] != 0x2C:
        raise Broken("a GIF without a picture")
    left, top, columns, rows, packed = struct.unpack_from("<HHHHB", data, at + 1)
    _after_blocks(data, at + 11 + _palette(packed))
    return Image(max(width, left + columns), max(height, top + rows))


def _palette(packed: int) -> int:
    """Give the bytes of the colours that follow, as the three last bits say."""
    return 3 << (packed & 7) + 1 if packed & 0x80 else 0


def _after_blocks(data: bytes, at: int) -> int:
    while size := data[at]:
        at += 1 + size
    return at + 1


def _bmp(data: bytes) -> Image:
    (start,) = struct.unpack_from("<I", data, 10)
    (header,) = struct.unpack_from("<I", data, 14)
    if header == 12:
        width, height, _, bits = struct.unpack_from("<HHHH", data, 18)
        packing = 0
    else:
        width, height, _, bits, packing = struct.unpack_from("<iiHHI", data, 18)
    row = (width * bits + 31) // 32 * 4
    if packing in _NOT_PACKED and start + row * abs(height) > len(data):
        raise Broken("the image ends in the middle")
    return Image(width, abs(height))


_NOT_PACKED = frozenset({0, 3, 6})


def _webp(data: bytes) -> Image:
    (size,) = struct.unpack_from("<I", data, 4)
    if size + 8 > len(data):
        raise Broken("the image ends in the middle")
    name, at, _ = next(boxes.riff_chunks(data, 12, len(data)), (b"", 0, 0))
    if name == b"VP8X":
        return Image(1 + _three_bytes(data, at + 4), 1 + _three_bytes(data, at + 7))
    if name == b"VP8 " and data[at + 3 : at + 6] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", data, at + 6)
        return Image(width & 0x3FFF, height & 0x3FFF)
    if name == b"VP8L" and data[at] == 0x2F:
        (packed,) = struct.unpack_from("<I", data, at + 1)
        return Image(1 + (packed & 0x3FFF), 1 + (packed >> 14 & 0x3FFF))
    raise Broken("a WebP without its size")


def _three_bytes(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 3], "little")


_READERS: Mapping[Format, _Reader] = MappingProxyType(
    {Format.JPEG: _jpeg, Format.PNG: _png, Format.GIF: _gif, Format.BMP: _bmp, Format.WEBP: _webp}
)
