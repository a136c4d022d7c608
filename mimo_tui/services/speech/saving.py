"""A take written under a name that the person gives: whole or not at all."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from mimo_tui.core.media.boxes import Broken
from mimo_tui.core.media.kinds import HEAD, Format, format_of
from mimo_tui.core.secrets import safe
from mimo_tui.core.speech.splitting import leading_tag
from mimo_tui.core.speech.waves import read_wave, wave_header
from mimo_tui.core.take import SoundFormat, Take
from mimo_tui.core.text import Clean, clean
from mimo_tui.services import Services
from mimo_tui.services.speech.takes import read_take, take_path
from mimo_tui.store import atomic
from mimo_tui.store.atomic import Conflict, SaveFailed
from mimo_tui.store.takes import TakesProblem

ENDINGS: Final[Mapping[str, SoundFormat]] = MappingProxyType(
    {
        ".wav": SoundFormat.WAV,
        ".mp3": SoundFormat.MP3,
        ".pcm": SoundFormat.PCM,
    }
)
"""What a file is saved as, by its ending."""

_LONGEST_NAME: Final = 40
_WIDTH: Final = 2
_TRIED: Final = 1 << 12
"""Bytes that a disk must take to be tried: on a full one a file can be made, and is empty."""


class CannotSave(Exception):
    """The take is not saved, nothing was written, and the sentence says why."""


class NoPlace(CannotSave):
    """Nothing can be saved under that name, whatever it is: its ending says no format, or its folder is not there."""


class Exists(CannotSave):
    """There is a file of that name, which nobody allowed to be replaced."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{clean(str(path))} is there already. Say that it may be replaced, or give another name."
        )
        self.path = path


def require_place(path: Path, *, over: bool = False) -> SoundFormat:
    """Give what would be saved under that name, before anything is spoken for it. Blocks.

    Raises CannotSave (NoPlace where the name is at fault), and Exists where there is a file and it is not to be
    replaced (`over`). That it can be written is tried, by a temporary file that is gone at once.
    """
    form = _form_of(path, over=over)
    _try(path)
    return form


def require_folder(path: Path) -> None:
    """Have it tried whether a folder of that name can be made, or be written into. Blocks. Raises CannotSave."""
    try:
        if path.is_dir():
            return
        if os.path.lexists(path):
            raise NoPlace(f"{_name(path)} is no folder, and --voice all speaks into several files.")
        if not path.parent.is_dir():
            raise NoPlace(f"There is no folder {clean(str(path.parent))} to make {_name(path)} in.")
    except (OSError, ValueError) as error:
        raise NoPlace(f"{_name(path)} cannot be a folder: {_reason(error)}.") from error
    _try(path)


def save_take(services: Services, take: Take, path: Path, *, over: bool = False) -> Path:
    """Write a take as WAV, MP3 or bare samples, by the ending of the name, and give where it is. Slow.

    Raises CannotSave: of a take that is not complete nothing is ever written. Exists unless `over`.
    """
    form = _form_of(path, over=over)
    if not take.complete:
        here = f" What came of it is {clean(str(take_path(services, take)))}." if take.file else ""
        raise CannotSave(f"The take is not complete, so that it is not saved as {_name(path)}.{here}")
    data = sound_as(services, take, form, _name(path))
    try:
        _write(path, data, over=over)
    except Conflict as error:
        raise (CannotSave(f"{error}.") if over else Exists(path)) from error
    except SaveFailed as error:
        raise CannotSave(
            f"{_name(path)} is not saved: {_reason(error.cause)} (while {error.step})."
        ) from error
    return path


def sound_as(services: Services, take: Take, form: SoundFormat, name: Clean) -> bytes:
    """Give the sound of a take in a format, for what is called `name`. Slow. Raises CannotSave."""
    try:
        return _as(form, _sound_of(services, take), name)
    except TakesProblem as error:
        raise CannotSave(str(error)) from error
    except Broken as error:
        raise CannotSave(f"The take cannot be read: {safe(str(error))}.") from error


def suggested_name(take: Take) -> str:
    """Give a name for its file: the voice, the beginning of the text, and the ending of its format."""
    _, text = leading_tag(take.text)
    words = "-".join(re.findall(r"\w+", f"{take.voice[:_LONGEST_NAME]} {text}".lower()))
    whole = words[:_LONGEST_NAME].strip("-_") or "take"
    return f"{whole}{Path(take.file).suffix or f'.{SoundFormat.WAV}'}"


def _sound_of(services: Services, take: Take) -> bytes:
    """Give the sound file of a take; what no disk took may be here all the same. Raises TakesProblem, CannotSave."""
    try:
        data = read_take(services, take)
    except TakesProblem:
        if take.file:
            raise
        data = b""
    if not take.file and len(data) <= len(wave_header(0, 1)):
        raise CannotSave(
            "Nothing of the take could be kept, so that there is nothing to save. Speak it again."
        )
    return data


def _form_of(path: Path, *, over: bool) -> SoundFormat:
    """Tell what a file is saved as, and that nothing is in its way."""
    if "\0" in str(path):
        raise NoPlace(f"No file can be called {_name(path)}.")
    try:
        if path.is_dir():
            raise NoPlace(f"{_name(path)} is a folder: name a file in it.")
        form = ENDINGS.get(path.suffix.lower())
        if form is None:
            known = ", ".join(ENDINGS)
            raise NoPlace(f"The ending says what a take is saved as, and {_name(path)} has none of {known}.")
        if path.exists() and not path.is_file():
            raise NoPlace(f"{_name(path)} is a device or a pipe: name a file.")
        if not over and os.path.lexists(path):
            raise Exists(path)
        folder = _meant(path).parent
        if not folder.is_dir():
            raise NoPlace(f"There is no folder {clean(str(folder))}.")
    except OSError as error:
        raise CannotSave(f"{_name(path)} cannot be saved to: {_reason(error)}.") from error
    return form


def _try(path: Path) -> None:
    try:
        atomic.require_room(_meant(path), _TRIED)
    except SaveFailed as error:
        raise CannotSave(f"{_name(path)} cannot be saved to: {_reason(error.cause)}.") from error


def _meant(path: Path) -> Path:
    """Give the file that a link stands for, also of one to a file that is not there yet."""
    return Path(os.path.realpath(path)) if path.is_symlink() else path


def _as(form: SoundFormat, data: bytes, name: Clean) -> bytes:
    """Give a sound file as one of that format. Raises CannotSave and Broken."""
    kept = format_of(data[:HEAD])
    if kept is not None and kept.value == form.value:
        return data
    if form is SoundFormat.MP3:
        raise NoPlace(
            f"{name} cannot be MP3, since the take is {_upper(kept)}: save it as .wav, or speak it as MP3."
        )
    if kept is Format.WAV:
        wave = read_wave(data)
        return wave.samples
    samples, rate = _decoded(data, name)
    return samples if form is SoundFormat.PCM else wave_header(len(samples) // _WIDTH, rate) + samples


def _decoded(data: bytes, name: Clean) -> tuple[bytes, int]:
    from mimo_tui.sound.decoding import NoDecoder, decode

    try:
        found = decode(data)
    except NoDecoder as error:
        raise CannotSave(f"The take is MP3, so that {name} cannot be written: {safe(str(error))}") from error
    return found.samples, found.rate


def _write(path: Path, data: bytes, *, over: bool) -> None:
    if over:
        try:
            stamp = atomic.read(path).stamp
        except FileNotFoundError:
            atomic.create(_meant(path), data)
        except OSError as error:
            raise SaveFailed(path, atomic.Step.READ, error) from error
        else:
            atomic.replace(path, data, expected=stamp)
    else:
        atomic.create(path, data)


def _name(path: Path) -> Clean:
    return safe(path.name or str(path))


def _reason(error: Exception) -> str:
    return safe(error.strerror) if isinstance(error, OSError) and error.strerror else safe(str(error))


def _upper(form: Format | None) -> str:
    return form.upper() if form is not None else "of another kind"
