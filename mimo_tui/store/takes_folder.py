"""What lies in the folder of takes: those that are there whole, and what a program that died left of one."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from mimo_tui.core.media.kinds import Format
from mimo_tui.core.model import Modality
from mimo_tui.core.speech.levels import Waveform
from mimo_tui.core.speech.samples import WIDTH, as_samples
from mimo_tui.core.take import Take
from mimo_tui.core.text import Clean
from mimo_tui.store.atomic import Conflict, SaveFailed
from mimo_tui.store.takes_details import ENDING, read_details, write_details
from mimo_tui.store.takes_growing import PART, WAV, Growing, Held

CUT_OFF: Final = Clean("The program that spoke it ended before it did.")

_ID: Final = re.compile(r"\d{8}-\d{6}-\d{6}-[0-9a-f]{6}")
_SOUNDS: Final = frozenset(f".{each}" for each in Format if each.modality is Modality.AUDIO)


@dataclass(frozen=True, slots=True)
class Kept:
    """A take that is there, the bytes of its files together, and when its sound got its end, in seconds since 1970."""

    take: Take
    size: int
    ended: float


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the folder holds: of each take its sound files, its details, and what grew when its program ended."""

    sounds: Mapping[str, Mapping[str, os.stat_result]]
    details: Mapping[str, os.stat_result]
    parts: Mapping[str, Path]


class TakesFolder:
    """Reads the folder. What it knows it need not read again. One call at a time; each raises OSError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, tuple[tuple[int, int, int], Take | None]] = {}

    def kept(self, growing: frozenset[str]) -> tuple[Kept, ...]:
        """Give what is there, newest first, but those that grow here or elsewhere.

        What a program that died left is finished, as far as it came; nothing else is written.
        """
        seen = _seen(self._folder)
        parts = {name: part for name, part in seen.parts.items() if name not in growing}
        left = [
            found
            for name, part in parts.items()
            if (found := self._left(name, part, seen.sounds.get(name, {})))
        ]
        if parts:
            seen = _seen(self._folder)
        whole = [found for name in seen.sounds if name not in growing and (found := self._whole(name, seen))]
        # What could not be finished, such as on a full disk, is there all the same.
        names = {each.take.id for each in whole}
        whole += [each for each in left if each.take.id not in names]
        self._known = {name: known for name, known in self._known.items() if name in seen.details}
        return tuple(sorted(whole, key=lambda each: each.take.id, reverse=True))

    def _whole(self, name: str, seen: _Seen) -> Kept | None:
        status = seen.details.get(name)
        take = self._details(name, status) if status is not None else None
        if take is None or status is None:
            return None
        sounds = seen.sounds[name]
        file = take.file if take.file in sounds else min(sounds)
        sound = sounds[file]
        complete = take.complete and file == take.file
        found = replace(take, file=file, size=sound.st_size, complete=complete)
        return Kept(found, sound.st_size + status.st_size, sound.st_mtime)

    def _details(self, name: str, status: os.stat_result) -> Take | None:
        stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
        known = self._known.get(name)
        if known is None or known[0] != stamp:
            known = self._known[name] = (stamp, self._read(name))
        return known[1]

    def _read(self, name: str) -> Take | None:
        with suppress(OSError):
            return read_details(self._folder / f"{name}{ENDING}")
        return None

    def _left(self, name: str, part: Path, sounds: Mapping[str, os.stat_result]) -> Kept | None:
        """Finish what a program left when it died; None: it still lives, nothing came, or its sound is there."""
        try:
            growing = Growing.left(part)
        except (Held, OSError):
            return None
        try:
            take = self._read(name)
            if growing.samples and take is not None and take.file not in sounds:
                return self._finished(take, growing)
            with suppress(OSError):
                self._remove_left(take, growing, sounds)
            return None
        finally:
            growing.close()

    def _finished(self, take: Take, growing: Growing) -> Kept:
        final, details = self._folder / f"{take.id}{WAV}", self._folder / f"{take.id}{ENDING}"
        # Its details are written before the sound gets its name: then nothing is missing but that.
        is_whole = take.file == final.name
        found = take if is_whole else _cut_off(take, growing, final.name)
        size = found.size
        try:
            size = growing.finish()
            if not is_whole:
                write_details(details, found)
            if not os.path.lexists(final):
                growing.place(final)
        except (OSError, SaveFailed, Conflict):
            return Kept(replace(found, file=growing.path.name), size, growing.changed)
        return Kept(found, size, growing.changed)

    def _remove_left(self, take: Take | None, growing: Growing, sounds: Mapping[str, os.stat_result]) -> None:
        if take is not None and take.file in sounds:
            growing.remove()
        elif not growing.samples:
            growing.remove()
            if take is not None and not sounds:
                (self._folder / f"{take.id}{ENDING}").unlink(missing_ok=True)


def _cut_off(take: Take, growing: Growing, file: str) -> Take:
    data = growing.read()
    waveform = Waveform()
    waveform.feed(as_samples(data[-growing.samples * WIDTH :]))
    rate = growing.rate
    return replace(
        take,
        file=file,
        size=len(data),
        seconds=growing.samples / rate if rate else 0.0,
        rate=rate,
        waveform=waveform.peaks(),
        complete=False,
        notes=(*take.notes, CUT_OFF),
    )


def _seen(folder: Path) -> _Seen:
    """Look what the folder holds: plain files with a name of ours, and nothing that a link names."""
    sounds: dict[str, dict[str, os.stat_result]] = {}
    details: dict[str, os.stat_result] = {}
    parts: dict[str, Path] = {}
    for name, status in _files(folder):
        stem, ending = Path(name).stem, Path(name).suffix
        part = PART.fullmatch(name)
        if part:
            parts[part["id"]] = folder / name
        elif _ID.fullmatch(stem) and ending in _SOUNDS:
            sounds.setdefault(stem, {})[name] = status
        elif _ID.fullmatch(stem) and ending == ENDING:
            details[stem] = status
    return _Seen(sounds, details, parts)


def _files(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                # Another program may have removed it since.
                with suppress(FileNotFoundError):
                    if entry.is_file(follow_symlinks=False):
                        yield entry.name, entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return
