"""What an image, a sound or a film is estimated to cost, in tokens, by the documented formulas (`mimo-api.md` §8).

What is charged is what `usage` says.
"""

from math import ceil, floor, sqrt
from typing import Final

from mimo_tui.core.conversation import Attachment
from mimo_tui.core.model import Modality

FEWEST_FRAMES: Final = 0.1
MOST_FRAMES: Final = 10.0
"""Frames a second that may be asked for."""
USUAL_FRAMES: Final = 2.0
"""Frames a second where none are asked for."""

_TOKENS_A_SECOND = 6.25
_SIDE = 32
_AREA = _SIDE * _SIDE
_LARGEST_PICTURE = 8_388_608
_SMALLEST_FRAME = 8192
_USUAL_FRAME = 300 * 1024
_WHOLE_FILM = 131_072 * 1024 * 2
_MOST_PICTURES = 2048


def estimate(attachment: Attachment) -> int | None:
    """Give about how many tokens of the prompt it takes; None where its measures are not known, as of a URL."""
    match attachment:
        case Attachment(modality=Modality.IMAGE, width=int(width), height=int(height)):
            return image_tokens(width, height)
        case Attachment(modality=Modality.AUDIO, seconds=float(seconds)):
            return sound_tokens(seconds)
        case Attachment(
            modality=Modality.VIDEO, width=int(width), height=int(height), seconds=float(seconds)
        ):
            track = attachment.sound_seconds or 0.0
            seen = film_tokens(
                width,
                height,
                seconds,
                frames_a_second=attachment.frames_a_second or USUAL_FRAMES,
                detailed=attachment.detailed,
            )
            return seen + (sound_tokens(track) + 2 if track else 0)
        case _:
            return None


def image_tokens(width: int, height: int) -> int:
    """Give the tokens of an image of so many pixels: one for each square of 32×32, once it fits the limit."""
    return _squares(width, height, _LARGEST_PICTURE)


def sound_tokens(seconds: float) -> int:
    """Give the tokens of a sound."""
    return ceil(seconds * _TOKENS_A_SECOND)


def film_tokens(width: int, height: int, seconds: float, *, frames_a_second: float, detailed: bool) -> int:
    """Give the tokens of what is seen in a film. Two frames each are one picture; `detailed`: up to 8 megapixels."""
    pictures = min(max(ceil(seconds * frames_a_second), 2), _MOST_PICTURES)
    pairs = (pictures + 1) // 2
    area = _WHOLE_FILM // (pairs * 2)
    if not detailed:
        area = min(area, _USUAL_FRAME)
    area = min(max(area, _SMALLEST_FRAME), _LARGEST_PICTURE)
    stamp = 5 if frames_a_second > 2 else 3
    return pairs * (_squares(width, height, area) + stamp + 2) + 2


def _squares(width: int, height: int, area: int) -> int:
    """Give how many squares cover a picture that is shrunk, where it must be, to `area` pixels."""
    across, down = max(round(width / _SIDE), 1), max(round(height / _SIDE), 1)
    if across * down * _AREA > area:
        shrink = sqrt(area / (width * height))
        across = max(floor(width * shrink / _SIDE), 1)
        down = max(floor(height * shrink / _SIDE), 1)
    return min(across * down, area // _AREA)
