"""What a picture shows, as far as the simulator can tell: really decoded, its size and its colours named."""

from collections import Counter
from colorsys import rgb_to_hsv
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from mimo_tui.core.media.boxes import Broken

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

LARGEST = 50_000_000
"""Pixels. A few kilobytes can unpack to a picture that fills the memory; the service's own limit is not known."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: its format in words, its size in pixels, and its colours in words."""

    format: str
    width: int
    height: int
    colours: str


def read_picture(data: bytes) -> Picture:
    """Decode the picture, of a film the first; raises Broken where it is none, is cut off, or is too large."""
    from PIL import Image

    try:
        with _opened(data) as picture:
            width, height = picture.size
            if width * height > LARGEST or not width * height:
                raise Broken(f"a picture of {width}×{height} pixels")
            picture.draft("RGB", (64, 64))
            picture.load()
            small = picture.convert("RGBA").resize((32, 32), Image.Resampling.BOX)
            on_white = Image.alpha_composite(Image.new("RGBA", small.size, "white"), small).convert("RGB")
            return Picture(
                (picture.format or "").replace("WEBP", "WebP"), width, height, _colours(on_white.tobytes())
            )
    except Broken:
        raise
    except Exception as error:
        # Decoders of broken files raise whatever they stumble over.
        raise Broken("the picture cannot be decoded") from error


def _opened(data: bytes) -> "ImageFile":
    """Give the picture before it is decoded.

    Not by `Image.open`: on a large picture that one warns, on the standard error that is a screen here.
    """
    from PIL.BmpImagePlugin import BmpImageFile
    from PIL.GifImagePlugin import GifImageFile
    from PIL.JpegImagePlugin import JpegImageFile
    from PIL.PngImagePlugin import PngImageFile
    from PIL.WebPImagePlugin import WebPImageFile

    file = BytesIO(data)
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PngImageFile(file)
    if data.startswith(b"\xff\xd8\xff"):
        return JpegImageFile(file)
    if data.startswith((b"GIF87a", b"GIF89a")):
        return GifImageFile(file)
    if data.startswith(b"BM"):
        return BmpImageFile(file)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WebPImageFile(file)
    raise Broken("no picture that is known")


_HUES = (
    (20, "red"),
    (45, "orange"),
    (70, "yellow"),
    (165, "green"),
    (195, "turquoise"),
    (255, "blue"),
    (310, "purple"),
    (340, "pink"),
    (361, "red"),
)


def _colours(pixels: bytes) -> str:
    """Say in words what colours stand in a row of red, green and blue bytes."""
    names = Counter(_colour(*pixels[at : at + 3]) for at in range(0, len(pixels), 3))
    (first, count), *others = names.most_common(2)
    share = 3 * count / len(pixels)
    if share > 0.97:
        return f"all {first}"
    if share > 0.5 or not others:
        return f"mostly {first}"
    return f"{first} and {others[0][0]} above all"


def _colour(red: int, green: int, blue: int) -> str:
    hue, saturation, value = rgb_to_hsv(red / 255, green / 255, blue / 255)
    if value < 0.2:
        return "black"
    if saturation < 0.15:
        return "white" if value > 0.85 else "grey"
    name = next(name for limit, name in _HUES if hue * 360 < limit)
    return "brown" if name in ("orange", "red") and value < 0.6 and hue * 360 > 10 else name
