"""What the simulator said, hidden in its sound, so that it can be heard again from a file of any age.

The lowest bit of each 16-bit sample carries one bit: MAGIC, the length of the text in bytes, its CRC-32 (both of
32 bits, big-endian), and the text as UTF-8, over and over as long as the sound lasts. Nobody hears it; cutting
the sound, or putting it into another container without loss, leaves a whole copy where there was room for two.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

MAGIC = b"\xb5MiM"
_FRAME = struct.Struct(">4sII")

_BITS = tuple(bytes(byte >> place & 1 for place in range(7, -1, -1)) for byte in range(256))
"""The eight bits of each byte, a byte for each, highest first."""
_LOWEST = bytes(byte & 1 for byte in range(256))
_CLEARED = bytes(byte & 0xFE for byte in range(256))
_DIGIT = bytes(byte + ord("0") if byte < 2 else 0 for byte in range(256))


@dataclass(frozen=True, slots=True)
class Watermark:
    """The bits to hide, a byte for each."""

    bits: bytes

    @property
    def samples(self) -> int:
        """Give how long a sound must be to hold it once."""
        return len(self.bits)

    def hide(self, sound: bytes, start: int) -> bytes:
        """Give the 16-bit little-endian samples with the mark in them; `start` is how many were before these."""
        low = sound[::2]
        offset = start % len(self.bits)
        copies = -(-(offset + len(low)) // len(self.bits))
        bits = (self.bits * copies)[offset : offset + len(low)]
        # Whole numbers of any size make this a few operations on all samples at once.
        kept = int.from_bytes(low.translate(_CLEARED), "big")
        marked = bytearray(sound)
        marked[::2] = (kept | int.from_bytes(bits, "big")).to_bytes(len(low), "big")
        return bytes(marked)


def watermark(text: str) -> Watermark:
    """Make the mark of a text."""
    content = text.encode("utf-8", "replace")
    payload = _FRAME.pack(MAGIC, len(content), zlib.crc32(content)) + content
    return Watermark(_bits(payload))


def find(sound: bytes) -> str | None:
    """Give the text that is hidden in 16-bit little-endian samples; None: there is none."""
    bits = sound[: len(sound) // 2 * 2 : 2].translate(_LOWEST)
    return next((text for at in _places(bits) if (text := _read(bits, at)) is not None), None)


def _bits(data: bytes) -> bytes:
    return b"".join(_BITS[byte] for byte in data)


def _places(bits: bytes) -> Iterator[int]:
    magic = _bits(MAGIC)
    at = bits.find(magic)
    while at >= 0:
        yield at
        at = bits.find(magic, at + 1)


def _read(bits: bytes, at: int) -> str | None:
    frame = _packed(bits[at : at + 8 * _FRAME.size])
    if len(frame) < _FRAME.size:
        return None
    _, length, checksum = _FRAME.unpack(frame)
    start = at + 8 * _FRAME.size
    if start + 8 * length > len(bits):
        return None
    content = _packed(bits[start : start + 8 * length])
    if zlib.crc32(content) != checksum:
        return None
    return content.decode("utf-8", "replace")


def _packed(bits: bytes) -> bytes:
    """Give whole bytes of bits, as many as there are."""
    digits = bits.translate(_DIGIT)
    return bytes(int(digits[place : place + 8], 2) for place in range(0, len(digits) - 7, 8))
