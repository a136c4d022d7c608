"""Images as coloured cells, for terminals that show no other: each cell is two pixels, one above the other."""

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Final, TypeAlias

from mimo_tui.core.media.kinds import HEAD, Format, format_of

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

Colour: TypeAlias = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""

LARGEST: Final = 50_000_000
"""Pixels of an image that is looked at: a few kilobytes can unpack to what fills the memory."""
LARGEST_DECODED: Final = 12_000_000
"""Pixels that are really unpacked, of a JPEG far fewer than it has: with more the screen stands still meanwhile."""

_PIECE: Final = 4096
_SAMPLES: Final = 8
"""Pixels of the image, each way, that make up one of the thumbnail."""


class NoThumbnail(ValueError):
    """There is nothing to show, and the sentence says why."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The colours of a cell's upper and lower half."""

    upper: Colour
    lower: Colour


def thumbnail(
    data: bytes, columns: int, rows: int, *, behind: Colour = (0, 0, 0)
) -> tuple[tuple[Cell, ...], ...]:
    """Give an image in rows of cells, as large as `columns` and `rows` allow; of one that moves the first picture.

    `behind` shows where it is transparent. Slow: call it in a thread. Raises NoThumbnail for sounds and films, and
    for an image that cannot be decoded or is too large.
    """
    from PIL import Image

    try:
        with _opened(data) as picture:
            width, height = picture.size
            across, down = _fitted(width, height, columns, rows)
            # A JPEG is decoded at a fraction of its size where that is enough.
            picture.draft("RGB", (across * _SAMPLES, down * _SAMPLES))
            if width * height > LARGEST or picture.width * picture.height > LARGEST_DECODED:
                raise NoThumbnail(f"It has {width}×{height} pixels, too many for a thumbnail.")
            # Pillow gives way to other threads between such pieces only.
            picture.decodermaxblock = _PIECE
            picture.load()
            # Turning all pixels of a large image into another mode would hold up the screen, so most are left out.
            samples = picture.resize((across * _SAMPLES, down * _SAMPLES), Image.Resampling.NEAREST)
            small = samples.convert("RGBA").resize((across, down), Image.Resampling.BOX)
    except NoThumbnail:
        raise
    except Exception as error:
        # Decoders of broken files raise whatever they stumble over.
        raise NoThumbnail("It cannot be decoded.") from error
    ground = Image.new("RGBA", small.size, behind)
    pixels = Image.alpha_composite(ground, small).convert("RGB").tobytes()
    colours = [(pixels[at], pixels[at + 1], pixels[at + 2]) for at in range(0, len(pixels), 3)]
    return tuple(
        tuple(
            Cell(colours[row * across + column], colours[(row + 1) * across + column])
            for column in range(across)
        )
        for row in range(0, down, 2)
    )


def _fitted(width: int, height: int, columns: int, rows: int) -> tuple[int, int]:
    """Give the pixels across and down, an even number, of an image that keeps its shape within so many cells."""
    if not (width > 0 and height > 0 and columns > 0 and rows > 0):
        raise NoThumbnail("There is no room for it, or nothing in it.")
    scale = min(columns / width, rows * 2 / height)
    return max(1, round(width * scale)), max(2, round(height * scale / 2) * 2)


def _opened(data: bytes) -> "ImageFile":
    """Give the image before it is decoded.

    Not by `Image.open`: that one warns of a large image, on the standard error that is a screen here.
    """
    from PIL.BmpImagePlugin import BmpImageFile
    from PIL.GifImagePlugin import GifImageFile
    from PIL.JpegImagePlugin import JpegImageFile
    from PIL.PngImagePlugin import PngImageFile
    from PIL.WebPImagePlugin import WebPImageFile

    file = BytesIO(data)
    match format_of(data[:HEAD]):
        case Format.JPEG:
            return JpegImageFile(file)
        case Format.PNG:
            return PngImageFile(file)
        case Format.GIF:
            return GifImageFile(file)
        case Format.BMP:
            return BmpImageFile(file)
        case Format.WEBP:
            return WebPImageFile(file)
        case _:
            raise NoThumbnail("Only images have a thumbnail.")
