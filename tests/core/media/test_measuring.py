"""Images, sounds and films are measured by what their files say, and a file that is cut off is told."""

import struct
import wave
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from mimo_tui.core.media.boxes import Broken
from mimo_tui.core.media.kinds import HEAD, Format, format_of
from mimo_tui.core.media.measuring import Measures, measure
from tests.core.media.test_kinds import FILES
from tests.simulator import files

IMAGES = ("JPEG", "PNG", "GIF", "WebP", "BMP")
OPTIONS: dict[str, tuple[dict[str, bool], ...]] = {
    "JPEG": ({}, {"progressive": True}),
    "PNG": ({},),
    "GIF": ({},),
    "WebP": ({"lossless": True}, {"lossless": False}),
    "BMP": ({},),
}


def measured(data: bytes) -> Measures:
    form = format_of(data[:HEAD])
    assert form is not None
    return measure(data, form)


@given(
    size=st.tuples(st.integers(1, 700), st.integers(1, 700)),
    mode=st.sampled_from(["RGB", "L", "1", "P", "RGBA"]),
    form=st.sampled_from(IMAGES),
    data=st.data(),
)
@settings(max_examples=40, deadline=None)
def test_an_image_of_any_size_and_kind_tells_its_pixels(
    size: tuple[int, int], mode: str, form: str, data: st.DataObject
) -> None:
    picture = Image.new("RGB" if form == "JPEG" and mode in ("P", "RGBA") else mode, size)
    file = BytesIO()
    picture.save(file, form, **data.draw(st.sampled_from(OPTIONS[form])))
    found = measured(file.getvalue())
    assert (found.width, found.height, found.seconds) == (*size, None)
    assert found.format == form.lower()


def test_a_webp_with_transparency_and_one_that_moves_tell_their_pixels() -> None:
    frames = [Image.new("RGBA", (90, 41), (value, 0, 0, 100)) for value in (0, 200)]
    file = BytesIO()
    frames[0].save(file, "WebP", save_all=True, append_images=frames[1:])
    assert b"VP8X" in file.getvalue()
    found = measured(file.getvalue())
    assert (found.width, found.height) == (90, 41)


def test_a_jpeg_with_what_a_camera_writes_tells_its_own_pixels_not_those_of_the_small_picture_in_it() -> None:
    whole, small = files.picture("JPEG", (300, 200)), files.picture("JPEG", (16, 12))
    part = b"\xff\xe1" + struct.pack(">H", 2 + 6 + len(small)) + b"Exif\0\0" + small
    found = measured(whole[:2] + part + whole[2:])
    assert (found.width, found.height) == (300, 200)


@pytest.mark.parametrize("header", [12, 40])
def test_a_bitmap_may_be_old_or_stand_on_its_head(header: int) -> None:
    size = struct.pack("<HHHH", 5, 3, 1, 24) if header == 12 else struct.pack("<iiHHI20x", 5, -3, 1, 24, 0)
    start = 14 + header
    bitmap = b"BM" + struct.pack("<I4xII", start + 48, start, header) + size + bytes(48)
    found = measured(bitmap)
    assert (found.width, found.height) == (5, 3)


@given(
    rate=st.integers(4000, 48_000),
    channels=st.integers(1, 2),
    width=st.integers(1, 3),
    frames=st.integers(1, 60_000),
)
@settings(max_examples=25, deadline=None)
def test_a_wav_of_any_form_tells_its_length(rate: int, channels: int, width: int, frames: int) -> None:
    file = BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(width)
        sound.setframerate(rate)
        sound.writeframes(bytes(frames * channels * width))
    assert measured(file.getvalue()).seconds == pytest.approx(frames / rate)


def test_an_mp3_is_measured_behind_room_that_its_tag_does_not_count() -> None:
    tag, sound = files.mp3(0), files.mp3(50, tagged=False)
    assert measured(tag + bytes(500) + sound).seconds == measured(sound).seconds


@pytest.mark.parametrize(
    ("film", "sound"),
    [
        (files.mp4(7, (640, 360), sound=True), 7.0),
        (files.mov(7, (640, 360)), 0.0),
        (files.avi(7, (640, 360), sound=True), 7.0),
        (files.wmv(7, (640, 360), sound=True), 7.0),
    ],
)
def test_a_film_tells_its_length_its_pixels_and_its_sound(film: bytes, sound: float) -> None:
    found = measured(film)
    assert (found.width, found.height, found.seconds, found.sound_seconds) == (640, 360, 7.0, sound)


def test_a_movie_without_pictures_is_a_sound() -> None:
    spoken = files.m4a(6).replace(b"ftypM4A ", b"ftypisom", 1)
    assert format_of(spoken) is Format.MP4
    assert measured(spoken) == Measures(Format.M4A, seconds=6.0)


def test_what_does_not_say_how_long_it_is_has_no_length() -> None:
    streamed = files.flac(0)
    assert measured(streamed) == Measures(Format.FLAC)


@pytest.mark.parametrize("form", Format)
def test_a_file_that_ends_in_the_middle_is_told(form: Format) -> None:
    # What follows the header of these is not looked at.
    cut = FILES[form][:40] if form in (Format.AVI, Format.WMV, Format.FLAC) else FILES[form][:-40]
    if form in (Format.MP3, Format.WAV):
        cut = FILES[form][:20]
    with pytest.raises(Broken):
        measure(cut, form)


@pytest.mark.parametrize("form", Format)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_a_file_that_is_cut_or_garbled_is_measured_or_broken_and_nothing_else(
    form: Format, data: st.DataObject
) -> None:
    whole = FILES[form]
    at = data.draw(st.integers(0, min(len(whole), 400)))
    noise = data.draw(st.binary(max_size=8))
    for damaged in (
        whole[:at],
        whole[:at] + noise + whole[at + len(noise) :],
        whole[:at] + noise + whole[at:],
    ):
        try:
            found = measure(damaged, form)
        except Broken:
            continue
        assert all(value is None or value > 0 for value in (found.width, found.height, found.seconds))
