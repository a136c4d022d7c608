"""What a picture, a sound or a film in a message costs, and what it shows (`mimo-api.md` §8)."""

import binascii
import math
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass

from mimo_tui.core.catalogue import Catalogue, Modality
from mimo_tui.core.json_text import Json
from mimo_tui.core.media.boxes import Broken
from mimo_tui.core.media.films import Film, read_film
from mimo_tui.core.media.sounds import read_sound
from mimo_tui.simulator.fault import Fault, Refusal, corrupt_media, wrong_parameter
from mimo_tui.simulator.hearing import spoken
from mimo_tui.simulator.pictures import read_picture
from mimo_tui.simulator.prose import shortened
from mimo_tui.simulator.recordings import audio_tokens, read_recording
from mimo_tui.simulator.samples import sample

UNSUPPORTED_FILE = Fault(400, "file type is not supported", None, "BadRequestError")

_FIELDS = {
    "image_url": (Modality.IMAGE, "url"),
    "input_audio": (Modality.AUDIO, "data"),
    "video_url": (Modality.VIDEO, "url"),
}
_CELL = 32
"""The side of the square that makes a token, in pixels."""
_MOST_PIXELS = 8_388_608
_LEAST_PIXELS = 8192
_MOST_HEARD = 8 * 1024 * 1024
"""Bytes of a sound that is searched for what it says: about what speech recognition takes."""
_LONGEST_SAID = 4000


@dataclass(frozen=True, slots=True)
class Weight:
    """What a part of a message adds to the prompt.

    `tokens` in all, of which `audio_tokens` for sound: all of a sound's, those of a film's track, none of
    an image's. `words` describe it as a noun: "a PNG image of 640×480 pixels, mostly blue".
    """

    kind: Modality
    tokens: int
    audio_tokens: int
    words: str

    @property
    def picture_tokens(self) -> int:
        """The tokens of what is seen, which `usage` reports as those of an image or a video."""
        return self.tokens - self.audio_tokens


def weigh(part: Mapping[str, Json], catalogue: Catalogue) -> Weight:
    """Weigh an `image_url`, `input_audio` or `video_url` part. Raises Refusal with the fault of the platform."""
    url = _url(part)
    modality, _ = _FIELDS[str(part["type"])]
    data = _content(url, modality, catalogue)
    try:
        if modality is Modality.IMAGE:
            return _image(data)
        if modality is Modality.AUDIO:
            return _sound(data)
        return _film(data, _frames_a_second(part), detailed=_detailed(part))
    except Broken as error:
        raise Refusal(corrupt_media()) from error


def _url(part: Mapping[str, Json]) -> str:
    kind = part.get("type")
    if not isinstance(kind, str) or kind not in _FIELDS:
        raise Refusal(wrong_parameter(f"unsupported content type {kind}"))
    name = _FIELDS[kind][1]
    holder = part.get(kind)
    url = holder.get(name) if isinstance(holder, dict) else None
    if not isinstance(url, str) or not url:
        raise Refusal(wrong_parameter(f"{kind}.{name} is required"))
    return url


def _content(url: str, modality: Modality, catalogue: Catalogue) -> bytes:
    head, comma, text = url.partition(",")
    scheme, _, mime = head.partition(":")
    if scheme.lower() in ("http", "https"):
        # The simulator fetches nothing: what is not its own it cannot have read.
        if (found := sample(url, catalogue)) is None:
            raise Refusal(corrupt_media())
        return found
    if scheme.lower() != "data" or not comma:
        raise Refusal(wrong_parameter("media must be a public http(s) URL or a data URL"))
    mime, *parameters = mime.lower().split(";")
    media = catalogue.media[modality]
    if not _is_supported(mime.strip(), modality, media.formats.value):
        raise Refusal(UNSUPPORTED_FILE)
    if "base64" not in (parameter.strip() for parameter in parameters):
        raise Refusal(wrong_parameter("a data URL must be base64 encoded"))
    limit = media.base64_characters.value
    if len(text) > limit:
        raise Refusal(wrong_parameter(f"the base64 string of {modality} exceeds {limit} characters"))
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refusal(corrupt_media()) from error


def _is_supported(mime: str, modality: Modality, formats: Mapping[str, str]) -> bool:
    """Tell whether a format is named by this type, or by one of the many other names: `audio/x-wav`."""
    kind, _, name = mime.partition("/")
    return mime in formats.values() or (kind == modality and name.removeprefix("x-") in formats)


def _image(data: bytes) -> Weight:
    picture = read_picture(data)
    tokens = _cells(picture.width, picture.height, _MOST_PIXELS)
    words = f"{_named(picture.format)} image of {picture.width}×{picture.height} pixels, {picture.colours}"
    return Weight(Modality.IMAGE, tokens, 0, words)


def _sound(data: bytes) -> Weight:
    sound = read_sound(data)
    tokens = audio_tokens(sound.seconds)
    words = f"{_named(sound.format)} sound of {sound.seconds:.1f} seconds"
    if sound.format == "WAV" and len(data) <= _MOST_HEARD and (said := _said(data)):
        words += f" that says “{shortened(said, _LONGEST_SAID)}”"
    return Weight(Modality.AUDIO, tokens, tokens, words)


def _said(data: bytes) -> str | None:
    """Give what the simulator itself says in a sound; no other speech is understood."""
    try:
        return spoken(read_recording(data))
    except Broken:
        # Its length is known, and more is not needed to weigh it.
        return None


def _film(data: bytes, frames_a_second: float, *, detailed: bool) -> Weight:
    film = read_film(data)
    audio = audio_tokens(film.sound_seconds) + 2 if film.sound_seconds else 0
    words = f"{_named(film.format)} film of {film.seconds:.1f} seconds, {film.width}×{film.height} pixels, "
    words += "with sound" if film.sound_seconds else "silent"
    tokens = video_tokens(film, frames_a_second, detailed=detailed)
    return Weight(Modality.VIDEO, tokens + audio, audio, words)


def _named(format_name: str) -> str:
    """Give a format with its article, which goes by how its first letter sounds: an MP4, a WAV."""
    return f"{'an' if format_name.startswith(('A', 'M', 'O')) else 'a'} {format_name}"


def video_tokens(film: Film, frames_a_second: float, *, detailed: bool) -> int:
    """Give the tokens of what is seen in a film, by the documented formula (`mimo-api.md` §8)."""
    frames = max(2, min(math.ceil(film.seconds * frames_a_second), 2048))
    frames += frames % 2
    cap = 131_072 * 1024 * 2 // frames
    if not detailed:
        cap = min(cap, 300 * 1024)
    cap = max(_LEAST_PIXELS, min(cap, _MOST_PIXELS))
    pairs = frames // 2
    stamps = 5 if frames_a_second > 2 else 3
    return pairs * _cells(film.width, film.height, cap) + pairs * stamps + 2 * pairs + 2


def _cells(width: int, height: int, cap: int) -> int:
    """Give how many cells a picture has once its sides are multiples of a cell's and its pixels within the cap."""
    columns, rows = (max(1, round(side / _CELL)) for side in (width, height))
    if columns * rows * _CELL**2 > cap:
        shrunk = math.sqrt(cap / (width * height))
        columns, rows = (max(1, math.floor(side * shrunk / _CELL)) for side in (width, height))
    return min(columns * rows, cap // _CELL**2)


def _frames_a_second(part: Mapping[str, Json]) -> float:
    value = part.get("fps")
    if value is None:
        return 2.0
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0.1 <= value <= 10:
        raise Refusal(wrong_parameter("fps must be between 0.1 and 10"))
    return float(value)


def _detailed(part: Mapping[str, Json]) -> bool:
    value = part.get("media_resolution")
    if value not in (None, "default", "max"):
        raise Refusal(wrong_parameter("media_resolution must be one of default, max"))
    return value == "max"
