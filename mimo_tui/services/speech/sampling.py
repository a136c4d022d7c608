"""A sound that is to be sent: of a voice to be cloned, or to be recognised. Checked and measured before that."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from mimo_tui.core.catalogue import Catalogue, Modality
from mimo_tui.core.facts import Fact, Scalar
from mimo_tui.core.media.boxes import Broken
from mimo_tui.core.media.data_url import url_of
from mimo_tui.core.media.kinds import HEAD, Format, format_of, other_kind
from mimo_tui.core.media.limits import data_url_head
from mimo_tui.core.media.sizes import size_text
from mimo_tui.core.media.sounds import mp3_is_whole, read_sound
from mimo_tui.core.secrets import safe
from mimo_tui.core.speech.levels import Level, Waveform, level_of
from mimo_tui.core.speech.samples import as_samples
from mimo_tui.core.speech.waves import read_wave
from mimo_tui.core.text import Clean, clean
from mimo_tui.services import Services
from mimo_tui.services.playground.attaching import STDIN, path_of
from mimo_tui.services.playground.linking import is_url
from mimo_tui.services.playground.media_files import CannotAttach, named, read_within
from mimo_tui.services.speech.orders import Sample

__all__ = [
    "LONGEST_RECORDING",
    "LONGEST_TAKE",
    "CannotAttach",
    "fits_one_request",
    "most_bytes",
    "read_sample",
    "sample_url",
]

LONGEST_RECORDING: Final = 45 << 20
"""Bytes of a WAV that is heard in parts. Our own judgement: 16 minutes at 24 kHz, and still quick to read and cut."""

LONGEST_TAKE: Final = 300 << 20
"""Bytes of a take that is heard again. It is here already, and hearing it costs less than speaking it did."""

# What the docs do not say: by our own judgement, a voice cannot be heard well enough in less, nor does more help it.
_SHORTEST: Final = 2.0
_LONGEST: Final = 60.0
_QUIETEST: Final = -40.0
"""Decibels below the loudest: speech that was recorded well lies some 20 above it."""

_READ_HERE: Final = (Format.WAV, Format.MP3)


@dataclass(frozen=True, slots=True)
class _Rules:
    """What may be sent. `bytes_at_once`: the largest file that one request takes, by its format; empty: not known."""

    what: str
    formats: tuple[Format, ...]
    media_types: dict[Format, str]
    bytes_at_once: dict[Format, int]
    most: dict[Format, int]


@dataclass(frozen=True, slots=True)
class _Heard:
    """What was found in a sound. `samples` are empty where nothing here decodes it."""

    seconds: float
    rate: int | None = None
    channels: int | None = None
    samples: bytes = b""
    warnings: tuple[str, ...] = ()


def read_sample(
    services: Services,
    location: str,
    *,
    for_recognition: bool = False,
    data: bytes | None = None,
    is_take: bool = False,
) -> Sample:
    """Read a WAV or MP3 by its path (written as a terminal pastes it), or take `data` that came otherwise.

    For recognition a WAV may be longer than one request takes, as it can be cut; much longer where it is the sound of a
    take (`is_take`). Slow: call it in a thread. Raises CannotAttach, of a file that is too large before all of it is
    read.
    """
    longest = LONGEST_TAKE if is_take else LONGEST_RECORDING
    rules = _rules(services.catalogue, for_recognition=for_recognition, longest=longest)
    if data is None:
        if is_url(location):
            raise CannotAttach(f"{rules.what.capitalize()} has to be a file: nothing is fetched from a URL.")
        path = path_of(location)
        name = named(path)
        data = read_within(
            path, lambda head, size: _allowed(head, size, name, rules), of_folder="name a file in it"
        )
    else:
        name = clean("standard input") if location == STDIN else named(Path(location))
    form = _format(data[:HEAD], name, rules)
    _allowed(data[:HEAD], len(data), name, rules)
    heard = _heard(data, form, name)
    sample = Sample(
        name=name,
        location=safe(location),
        media_type=rules.media_types[form],
        data=data,
        seconds=heard.seconds,
        size=len(data),
        rate=heard.rate,
        channels=heard.channels,
    )
    warnings = [_misnamed(name, form), *heard.warnings, *_unknown(rules)]
    if heard.samples:
        samples = as_samples(heard.samples)
        level, waveform = level_of(samples), Waveform()
        waveform.feed(samples)
        sample = replace(
            sample,
            peak=level.peak_db,
            level=level.level_db,
            decoded=True,
            waveform=waveform.peaks(),
        )
        warnings += _of_level(name, level)
    warnings += [] if for_recognition else _of_length(name, heard.seconds)
    return replace(sample, warnings=tuple(safe(each) for each in warnings if each))


def sample_url(sample: Sample) -> str:
    """Give it as the URL that goes into a request (`mimo-api.md` §9.1, §9.5). Slow: call it in a thread."""
    return url_of(sample.media_type, sample.data)


def fits_one_request(services: Services, sample: Sample) -> bool:
    """Tell whether a recording need not be cut; also where it is not known how large one may be."""
    rules = _rules(services.catalogue, for_recognition=True)
    at_once = [
        size for form, size in rules.bytes_at_once.items() if rules.media_types[form] == sample.media_type
    ]
    return all(sample.size <= size for size in at_once)


def most_bytes(services: Services, *, for_recognition: bool = False) -> int:
    """Give the most bytes that any may have: of a pipe no more than one above that need be read."""
    return max(_rules(services.catalogue, for_recognition=for_recognition).most.values(), default=0)


def _rules(catalogue: Catalogue, *, for_recognition: bool, longest: int = LONGEST_RECORDING) -> _Rules:
    prefix = "recognition" if for_recognition else "speech_sample"
    named_formats = _fact(catalogue, f"{prefix}_formats")
    characters = _fact(catalogue, f"{prefix}_base64_characters")
    listed = str(named_formats.value).split() if named_formats is not None else [*_READ_HERE]
    media = catalogue.media.get(Modality.AUDIO)
    known = media.formats.value if media is not None else {}
    types = {form: known.get(form, f"audio/{form}") for form in _READ_HERE if form in listed}
    at_once = {
        form: (int(characters.value) - len(data_url_head(mime))) // 4 * 3
        for form, mime in types.items()
        if characters is not None
    }
    most = {form: at_once.get(form, LONGEST_RECORDING) for form in types}
    if for_recognition and Format.WAV in most:
        most[Format.WAV] = max(most[Format.WAV], longest)
    what = "a recording" if for_recognition else "a sample of a voice"
    return _Rules(what, tuple(types), types, at_once, most)


def _fact(catalogue: Catalogue, name: str) -> Fact[Scalar] | None:
    return catalogue.facts.get(name)


def _allowed(head: bytes, size: int, name: Clean, rules: _Rules) -> int:
    """Give the most bytes of a file that begins so. Raises CannotAttach where it is no such file, or larger."""
    form = _format(head, name, rules)
    most = rules.most[form]
    if size > most:
        shorter = "Cut it shorter, or save it as MP3." if form is Format.WAV else "Cut it shorter."
        raise CannotAttach(
            f"{name} has {_apart(size, most)}, and {rules.what} may have {_apart(most, size)}. {shorter}"
        )
    return most


def _apart(size: int, other: int) -> str:
    """Give a size so that it can be told from the other one."""
    return size_text(size) if size_text(size) != size_text(other) else f"{size:,} bytes"


def _format(head: bytes, name: Clean, rules: _Rules) -> Format:
    if not head:
        raise CannotAttach(f"{name} is empty.")
    form = format_of(head)
    if form is not None and form in rules.formats:
        return form
    is_it = f"{form.upper()} by its bytes" if form is not None else other_kind(head)
    taken = " or ".join(each.upper() for each in rules.formats) or "of no format that is known"
    raise CannotAttach(f"{name} is {is_it}, and {rules.what} has to be {taken}. Convert it first.")


def _heard(data: bytes, form: Format, name: Clean) -> _Heard:
    """Really decode it. Raises CannotAttach where that cannot be done."""
    try:
        if form is Format.WAV:
            return _heard_wave(data, name)
        return _heard_otherwise(data, read_sound(data).seconds, name)
    except Broken as error:
        raise CannotAttach(
            f"{name} begins as {form.upper()} but cannot be read: {safe(str(error))}."
        ) from error


def _heard_wave(data: bytes, name: Clean) -> _Heard:
    wave = read_wave(data)
    if not wave.samples:
        raise Broken("there is no sound in it")
    cut = () if wave.complete else (f"{name} is cut short: it holds less sound than it says.",)
    return _Heard(wave.seconds, wave.rate, wave.channels, wave.samples, cut)


def _heard_otherwise(data: bytes, seconds: float, name: Clean) -> _Heard:
    from mimo_tui.sound.decoding import NoDecoder, decode

    cut = () if mp3_is_whole(data) else (f"{name} is cut short: its last frame is not whole.",)
    try:
        decoded = decode(data)
    except NoDecoder:
        unheard = f"Of {name} only the frames were checked: nothing that is installed here decodes MP3."
        return _Heard(seconds, warnings=(*cut, unheard))
    return _Heard(decoded.seconds, decoded.rate, decoded.channels, decoded.samples, cut)


def _of_level(name: Clean, level: Level) -> list[str]:
    if level.peak_db is None:
        return [f"{name} is silent: there is nothing to be heard in it."]
    return [
        f"{name} is very quiet ({level.level_db:.0f} dB): what is said may not be understood."
        if level.level_db is not None and level.level_db < _QUIETEST
        else "",
        f"{name} is clipped: it was recorded too loud, and is distorted." if level.clipped else "",
    ]


def _of_length(name: Clean, seconds: float) -> list[str]:
    if seconds < _SHORTEST:
        return [f"{name} lasts {seconds:.1f} s; a voice is better caught by {_SHORTEST:.0f} s or more."]
    if seconds > _LONGEST:
        return [
            f"{name} lasts {seconds:.0f} s; more than {_LONGEST:.0f} s make the request large, and no better."
        ]
    return []


def _misnamed(name: Clean, form: Format) -> str:
    ending = Path(name).suffix.removeprefix(".").lower()
    if not ending or ending == form or ending not in {*Format}:
        return ""
    return f"{name} is {form.upper()} by its bytes, whatever its name says, and is sent as {form.upper()}."


def _unknown(rules: _Rules) -> list[str]:
    if rules.bytes_at_once:
        return []
    return [f"How large {rules.what} may be is not known, since no page that is known says it."]
