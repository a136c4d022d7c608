"""What a file is, its bytes tell; a name may say anything."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mimo_tui.core.media.kinds import HEAD, Format, format_of, other_kind
from mimo_tui.core.model import Modality
from tests.simulator import files

FILES = {
    Format.JPEG: files.picture("JPEG"),
    Format.PNG: files.picture("PNG"),
    Format.GIF: files.picture("GIF"),
    Format.WEBP: files.picture("WebP"),
    Format.BMP: files.picture("BMP"),
    Format.MP3: files.mp3(),
    Format.WAV: files.wav(),
    Format.FLAC: files.flac(),
    Format.M4A: files.m4a(),
    Format.OGG: files.ogg(),
    Format.MP4: files.mp4(),
    Format.MOV: files.mov(),
    Format.AVI: files.avi(),
    Format.WMV: files.wmv(),
}


@pytest.mark.parametrize("form", Format)
def test_every_format_is_told_by_the_bytes(form: Format) -> None:
    assert format_of(FILES[form][:HEAD]) is form


@pytest.mark.parametrize("sound", [files.mp3(3, tagged=False), files.mp3(1, tagged=False), files.mp3(1)])
def test_an_mp3_is_told_with_and_without_a_tag(sound: bytes) -> None:
    assert format_of(sound[:HEAD]) is Format.MP3


def test_a_movie_of_before_mp4_is_a_mov() -> None:
    assert format_of(files.box(b"moov", bytes(100))) is Format.MOV


def test_each_format_is_an_image_a_sound_or_a_film() -> None:
    assert {form.modality for form in Format} == {Modality.IMAGE, Modality.AUDIO, Modality.VIDEO}
    assert [Format.GIF.modality, Format.OGG.modality, Format.WMV.modality] == ["image", "audio", "video"]


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (files.PDF, "a PDF"),
        (b"\n junk before it \n%PDF-1.4", "a PDF"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1", "a HEIC picture"),
        (b"\0\0\0\x18ftypavif\0\0\0\0", "an AVIF picture"),
        (b"II*\0\x08\0\0\0", "a TIFF picture"),
        (b"\x1aE\xdf\xa3\x01\0", "a WebM or Matroska film"),
        (b"PK\3\4\x14\0", "a ZIP archive or an office document"),
        (b"FORM\0\0\0\x08AIFF", "an AIFF sound"),
        (b"\xff\xf1\x50\x80\0\0", "an AAC sound"),
        (b"#!AMR\n\x3c", "an AMR sound"),
        (b'<?xml version="1.0"?>\n<svg xmlns="x"/>', "an SVG drawing"),
        (b"Hello, world\n", "text"),
        (b"BMW builds cars, ID3 is a tag", "text"),
        (b"ID3 is a tag", "text"),
        (b"I'm free to go", "text"),
        ("一段文字。".encode() * 2000, "text"),
        (("x" + "é" * 4000).encode()[:HEAD], "text"),
        ("Some text\n".encode("utf-16"), "text"),
        (b"\x7fELF\x02\x01\x01\0", "of no kind that is known"),
        (b"RIFF\0\0\0\0CDXA", "of no kind that is known"),
    ],
)
def test_what_cannot_be_attached_has_a_name(head: bytes, kind: str) -> None:
    assert format_of(head) is None
    assert other_kind(head) == kind


@example(b"\xff\xfb\x90\x00")
@given(st.binary(max_size=64))
def test_any_bytes_at_all_are_of_some_kind(head: bytes) -> None:
    assert format_of(head) or other_kind(head)
