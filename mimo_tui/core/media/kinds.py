"""What a file is, by its first bytes: what its name says may be wrong."""

from enum import StrEnum
from typing import Final

from mimo_tui.core.media.sounds import begins_as_mp3
from mimo_tui.core.model import Modality

HEAD: Final = 4096
"""Bytes of the beginning that tell what a file is."""


class Format(StrEnum):
    """A format that is read here, by the ending that its files have in the catalogue."""

    JPEG = "jpeg"
    PNG = "png"
    GIF = "gif"
    WEBP = "webp"
    BMP = "bmp"
    MP3 = "mp3"
    WAV = "wav"
    FLAC = "flac"
    M4A = "m4a"
    OGG = "ogg"
    MP4 = "mp4"
    MOV = "mov"
    AVI = "avi"
    WMV = "wmv"

    @property
    def modality(self) -> Modality:
        """Give what the model makes of it."""
        if self in _IMAGES:
            return Modality.IMAGE
        return Modality.VIDEO if self in _FILMS else Modality.AUDIO


_IMAGES = frozenset({Format.JPEG, Format.PNG, Format.GIF, Format.WEBP, Format.BMP})
_FILMS = frozenset({Format.MP4, Format.MOV, Format.AVI, Format.WMV})

_BEGINNINGS = (
    (b"\xff\xd8\xff", Format.JPEG),
    (b"\x89PNG\r\n\x1a\n", Format.PNG),
    (b"GIF87a", Format.GIF),
    (b"GIF89a", Format.GIF),
    (b"fLaC", Format.FLAC),
    (b"OggS", Format.OGG),
    (bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c"), Format.WMV),
)
_RIFF = {b"WEBP": Format.WEBP, b"WAVE": Format.WAV, b"AVI ": Format.AVI}
_BITMAP_HEADERS = frozenset({12, 16, 40, 52, 56, 64, 108, 124})
_SOUND_BRANDS = frozenset({b"M4A ", b"M4B ", b"M4P "})
_PICTURE_BRANDS = {
    **dict.fromkeys(
        (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"), "a HEIC picture"
    ),
    **dict.fromkeys((b"avif", b"avis"), "an AVIF picture"),
}
_OTHERS = (
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"\0\0\1\0", "an icon"),
    (b"\x1aE\xdf\xa3", "a WebM or Matroska film"),
    (b"FLV", "a Flash film"),
    (b"MThd", "a MIDI file"),
    (b"#!AMR", "an AMR sound"),
    (b"PK\3\4", "a ZIP archive or an office document"),
)
NO_KIND: Final = "of no kind that is known"
"""What `other_kind` says of bytes that tell nothing."""

_LINE_ENDS_AND_TABS = frozenset(b"\t\n\f\r\x1b")


def format_of(head: bytes) -> Format | None:
    """Give the format of a file by its first bytes (`HEAD` of them); None: none that is read here."""
    if _is_text(head):
        return None
    found = next((name for beginning, name in _BEGINNINGS if head.startswith(beginning)), None)
    if found is not None:
        return found
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BITMAP_HEADERS:
        return Format.BMP
    if head[4:8] == b"ftyp":
        return _by_brand(head[8:12])
    if head[4:8] in (b"moov", b"mdat", b"wide", b"free", b"skip"):
        return Format.MOV
    return Format.MP3 if begins_as_mp3(head) else None


def other_kind(head: bytes) -> str:
    """Say what a file is that is not read here, as a noun: "a PDF"."""
    if b"%PDF-" in head[:1024]:
        return "a PDF"
    if head[4:8] == b"ftyp" and (picture := _PICTURE_BRANDS.get(head[8:12])):
        return picture
    if found := next((words for beginning, words in _OTHERS if head.startswith(beginning)), ""):
        return found
    if head[:4] == b"FORM" and head[8:11] == b"AIF":
        return "an AIFF sound"
    # The header of ADTS: twelve ones, then a layer that MPEG audio does not have.
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return "an AAC sound"
    if _is_text(head):
        return "an SVG drawing" if b"<svg" in head[:1024].lower() else "text"
    return NO_KIND


def _by_brand(brand: bytes) -> Format | None:
    if brand in _PICTURE_BRANDS:
        return None
    if brand in _SOUND_BRANDS:
        return Format.M4A
    return Format.MOV if brand == b"qt  " else Format.MP4


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        # The marks of UTF-16. The first is also how a sound of the rare layer I begins, in which no line ends.
        return any(end in head for end in (b"\n\0", b"\0\n", b" \0", b"\0 "))
    if any(byte < 0x20 and byte not in _LINE_ENDS_AND_TABS for byte in head[:512]) or b"\0" in head:
        return False
    try:
        # A letter may be cut in two at the end.
        head[: HEAD - 4].decode() if len(head) >= HEAD else head.decode()
    except UnicodeDecodeError as error:
        return error.start > len(head) - 8 and error.reason == "unexpected end of data"
    return True
