"""What it is that comes, told by its first bytes: samples have no sign of their own, and a file begins with one."""

from typing import Final

from mimo_tui.core.media.kinds import NO_KIND, other_kind
from mimo_tui.core.speech.samples import WIDTH

_SHORTEST_TEXT: Final = 24
"""Bytes that may be read as text by chance, though they are samples."""


def begins_as_wave(data: bytes) -> bool:
    """Tell whether it begins as a WAV."""
    return data.startswith(b"RIFF") and data[8:12] == b"WAVE"


def may_be_samples(head: bytes) -> bool:
    """Tell whether a file of no sign may be samples without a header."""
    return len(head) >= WIDTH and other_kind(head) == NO_KIND


def begins_as_file(head: bytes) -> bool:
    """Tell whether it begins as a sound file whose sign no samples have by chance."""
    return head.startswith((b"RIFF", b"ID3", b"fLaC", b"OggS")) or head[4:8] == b"ftyp"


def may_be_mp3(head: bytes) -> bool:
    """Tell whether it begins as a frame of an MP3, or as loud samples may."""
    return len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0


def is_text(head: bytes) -> bool:
    """Tell whether it is text, such as a refusal or a page."""
    # The marks of UTF-16 are the samples -2 and -257, or may be.
    if len(head) < _SHORTEST_TEXT or head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    return other_kind(head) in ("text", "an SVG drawing")
