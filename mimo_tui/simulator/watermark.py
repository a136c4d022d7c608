"""What the simulator said, hidden in its sound, so that it can be heard again from a file of any age.

The lowest bit of each 16-bit sample carries one bit: MAGIC, the length of the text in bytes, which sample of the
sound this copy begins at, how many samples the sound has, a CRC-32 (each of 32 bits, big-endian), and the text as
UTF-8, over and over as long as the sound lasts. Nobody hears it; cutting the sound, or putting it into another
container without loss, leaves a whole copy where there was room for two.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

MAGIC = b"\xb5MiS"
_HEAD = struct.Struct(">4sIII")
_CHECK = struct.Struct(">I")
_FRAME = _HEAD.size + _CHECK.size

_BITS = tuple(bytes(byte >> place & 1 for place in range(7, -1, -1)) for byte in range(256))
"""The eight bits of each byte, a byte for each, highest first."""
_LOWEST = bytes(byte & 1 for byte in range(256))
_CLEARED = bytes(byte & 0xFE for byte in range(256))
_DIGIT = bytes(byte + ord("0") if byte < 2 else 0 for byte in range(256))


@dataclass(frozen=True, slots=True)
class Watermark:
    """A text to hide in a sound of `total` samples."""

    content: bytes
    total: int
    _bits: bytes

    @property
    def samples(self) -> int:
        """Give how long a sound must be to hold it once."""
        return 8 * _FRAME + len(self._bits)

    def hide(self, sound: bytes, start: int) -> bytes:
        """Give the 16-bit little-endian samples with the mark in them; `start` is how many were before these."""
        low = sound[::2]
        first = start // self.samples * self.samples
        copies = range(first, start + len(low), self.samples)
        bits = b"".join(map(self._copy, copies))[start - first : start - first + len(low)]
        # Whole numbers of any size make this a few operations on all samples at once.
        kept = int.from_bytes(low.translate(_CLEARED), "big")
        marked = bytearray(sound)
        marked[::2] = (kept | int.from_bytes(bits, "big")).to_bytes(len(low), "big")
        return bytes(marked)

    def _copy(self, at: int) -> bytes:
        head = _HEAD.pack(MAGIC, len(self.content), at, self.total)
        return _as_bits(head + _checksum(head, self.content)) + self._bits


@dataclass(frozen=True, slots=True)
class Passage:
    """A text that was found. Sample 0 of its sound, of `total` samples, would be the sample `offset` of what was heard.

    Where `offset` is negative, its beginning is missing.
    """

    text: str
    total: int
    offset: int


def watermark(text: str, total: int = 0) -> Watermark:
    """Make the mark of a text for a sound of so many samples."""
    content = text.encode("utf-8", "replace")
    return Watermark(content, total, _as_bits(content))


def passages(sound: bytes) -> tuple[Passage, ...]:
    """Give what is hidden in 16-bit little-endian samples, in its order; none: nothing is."""
    bits = sound[: len(sound) // 2 * 2 : 2].translate(_LOWEST)
    # The copies of one sound all tell the same.
    return tuple(dict.fromkeys(_found(bits)))


def _found(bits: bytes) -> Iterator[Passage]:
    magic, at = _as_bits(MAGIC), 0
    while (at := bits.find(magic, at)) >= 0:
        found = _read(bits, at)
        if found is None:
            at += 1
        else:
            passage, length = found
            yield passage
            at += length


def _read(bits: bytes, at: int) -> tuple[Passage, int] | None:
    """Give the copy that begins here, and its length in samples; None: it is none, or not whole."""
    frame = _packed(bits[at : at + 8 * _FRAME])
    if len(frame) < _FRAME:
        return None
    head, check = frame[: _HEAD.size], frame[_HEAD.size :]
    _, length, position, total = _HEAD.unpack(head)
    start, size = at + 8 * _FRAME, 8 * (_FRAME + length)
    if at + size > len(bits):
        return None
    content = _packed(bits[start : at + size])
    if check != _checksum(head, content):
        return None
    return Passage(content.decode("utf-8", "replace"), total, at - position), size


def _checksum(head: bytes, content: bytes) -> bytes:
    return _CHECK.pack(zlib.crc32(content, zlib.crc32(head)))


def _as_bits(data: bytes) -> bytes:
    return b"".join(_BITS[byte] for byte in data)


def _packed(bits: bytes) -> bytes:
    """Give whole bytes of bits, as many as there are."""
    count = len(bits) // 8
    return int(bits[: 8 * count].translate(_DIGIT), 2).to_bytes(count, "big") if count else b""
