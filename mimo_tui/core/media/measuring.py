"""How large and how long an image, a sound or a film is."""

import struct
from dataclasses import dataclass

from mimo_tui.core.media.boxes import Broken, Unmeasured, read_movie
from mimo_tui.core.media.films import read_film
from mimo_tui.core.media.images import read_image
from mimo_tui.core.media.kinds import Format
from mimo_tui.core.media.sounds import read_sound
from mimo_tui.core.model import Modality


@dataclass(frozen=True, slots=True)
class Measures:
    """What a file says of itself: pixels, and seconds. None: it has none, or does not say.

    `sound_seconds` is the length of a film's sound track; 0: it is silent.
    """

    format: Format
    width: int | None = None
    height: int | None = None
    seconds: float | None = None
    sound_seconds: float | None = None


def measure(data: bytes, form: Format) -> Measures:
    """Measure a file of that format; raises Broken where it is not whole. A movie without pictures is a sound."""
    if form is Format.MP4 and _is_heard_only(data):
        form = Format.M4A
    try:
        match form.modality:
            case Modality.IMAGE:
                image = read_image(data, form)
                return Measures(form, image.width, image.height)
            case Modality.VIDEO:
                film = read_film(data)
                return Measures(form, film.width, film.height, film.seconds, film.sound_seconds)
            case _:
                return Measures(form, seconds=read_sound(data).seconds)
    except Unmeasured:
        return Measures(form)


def _is_heard_only(data: bytes) -> bool:
    try:
        movie = read_movie(data)
    except (struct.error, IndexError) as error:
        raise Broken("the film ends in the middle") from error
    return not movie.width and movie.sound_seconds > 0
