"""An image is shown in coloured cells, each of two pixels; what would fill the memory is refused."""

import struct
import zlib
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from mimo_tui.services.playground.thumbnails import LARGEST_DECODED, Cell, NoThumbnail, thumbnail
from tests.simulator import files

RED, BLUE = (255, 0, 0), (0, 0, 255)


def saved(image: Image.Image, form: str = "PNG") -> bytes:
    file = BytesIO()
    image.save(file, form)
    return file.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WebP", "BMP"])
def test_an_image_of_every_format_has_its_colours(form: str) -> None:
    cells = thumbnail(files.picture(form, (64, 32), "blue"), 10, 10)
    assert (len(cells), len(cells[0])) == (2, 10)
    colours = {colour for row in cells for cell in row for colour in (cell.upper, cell.lower)}
    assert all(red < 10 and green < 10 and blue > 245 for red, green, blue in colours)


def test_a_cell_has_an_upper_and_a_lower_half() -> None:
    image = Image.new("RGB", (40, 40), RED)
    image.paste(BLUE, (0, 20, 40, 40))
    assert thumbnail(saved(image), 2, 1) == ((Cell(RED, BLUE), Cell(RED, BLUE)),)


@given(
    size=st.tuples(st.integers(1, 300), st.integers(1, 300)),
    mode=st.sampled_from(["RGB", "RGBA", "L", "LA", "1", "P", "I;16"]),
    columns=st.integers(1, 40),
    rows=st.integers(1, 12),
)
@settings(max_examples=40, deadline=None)
def test_an_image_of_any_size_keeps_its_shape_within_the_room(
    size: tuple[int, int], mode: str, columns: int, rows: int
) -> None:
    cells = thumbnail(saved(Image.new(mode, size)), columns, rows)
    assert 1 <= len(cells) <= rows
    assert {len(row) for row in cells} == {len(cells[0])}
    assert 1 <= len(cells[0]) <= columns
    assert len(cells) == rows or len(cells[0]) == columns


def test_a_jpeg_of_a_printer_is_shown() -> None:
    assert thumbnail(saved(Image.new("CMYK", (20, 20)), "JPEG"), 4, 2)


def test_what_is_behind_shows_through() -> None:
    image = saved(Image.new("RGBA", (8, 8), (255, 0, 0, 0)))
    assert thumbnail(image, 1, 1, behind=(1, 2, 3)) == ((Cell((1, 2, 3), (1, 2, 3)),),)


def test_of_an_image_that_moves_the_first_picture_is_shown() -> None:
    file = BytesIO()
    first, second = (Image.new("RGB", (8, 8), colour) for colour in (RED, BLUE))
    first.save(file, "GIF", save_all=True, append_images=[second])
    assert thumbnail(file.getvalue(), 1, 1) == ((Cell(RED, RED),),)


@pytest.mark.parametrize("data", [files.wav(), files.mp4(), files.PDF, b""])
def test_a_sound_a_film_and_a_text_have_none(data: bytes) -> None:
    with pytest.raises(NoThumbnail, match="Only images"):
        thumbnail(data, 10, 5)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WebP", "BMP"])
def test_an_image_that_is_cut_off_has_none_and_says_so(form: str) -> None:
    with pytest.raises(NoThumbnail, match="cannot be decoded"):
        thumbnail(files.picture(form, (300, 300))[:50], 10, 5)


@pytest.mark.parametrize("side", [40_000, 1 + int(LARGEST_DECODED**0.5)])
def test_a_few_bytes_that_unpack_to_a_huge_image_are_not_unpacked(side: int) -> None:
    small = files.picture("PNG", (1, 1))
    head = b"IHDR" + struct.pack(">II", side, side) + small[24:29]
    bomb = small[:12] + head + struct.pack(">I", zlib.crc32(head)) + small[33:]
    with pytest.raises(NoThumbnail, match="too many"):
        thumbnail(bomb, 10, 5)


def test_a_large_photo_is_shown_from_a_fraction_of_it() -> None:
    photo = saved(Image.new("L", (5000, 4000), 200), "JPEG")
    assert thumbnail(photo, 10, 4)


def test_without_room_there_is_none() -> None:
    with pytest.raises(NoThumbnail, match="no room"):
        thumbnail(files.picture(), 0, 5)
