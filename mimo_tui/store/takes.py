"""What was spoken, kept as files: the sound of each take and its details, in a folder of our own. No key is in it."""

import errno
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from threading import Lock
from typing import Final

from mimo_tui.core.media.kinds import HEAD, format_of
from mimo_tui.core.secrets import Secret
from mimo_tui.core.take import Take
from mimo_tui.core.text import clean
from mimo_tui.store import atomic
from mimo_tui.store.atomic import Conflict, SaveFailed
from mimo_tui.store.takes_details import ENDING, change_details, write_details
from mimo_tui.store.takes_folder import Kept, TakesFolder
from mimo_tui.store.takes_growing import WAV, Growing

_PRIVATE_FOLDER: Final = 0o700
_PRIVATE_FILE: Final = 0o600
_MOMENT: Final = timedelta(microseconds=1)
_FRESH: Final = 600.0
"""Seconds after its end in which a take makes room for no other."""

_FULL: Final = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})


class TakesProblem(Exception):
    """The takes, or one of them, cannot be read or written; a sentence.

    `is_full`: the disk has no room. `removed` are the takes that were removed before it came to that.
    """

    def __init__(self, sentence: str, *, is_full: bool = False, removed: tuple[Take, ...] = ()) -> None:
        super().__init__(clean(sentence))
        self.is_full = is_full
        self.removed = removed


class Takes:
    """The takes in `folder`, which is made with the first one. `now` is the clock that names them.

    Every call blocks, may come from any thread, and raises TakesProblem. Several programs may use the folder at once:
    a take that one of them still speaks is no business of the others. What in the folder is not of this program is left
    as it is. What looks like a key is never kept, nor are the `secrets` given.
    """

    def __init__(self, folder: Path, now: Callable[[], datetime]) -> None:
        self.folder = folder
        self._files = TakesFolder(folder)
        self._now = now
        self._growing: dict[str, Growing] = {}
        self._lock = Lock()
        self._last = datetime.min.replace(tzinfo=UTC)

    # Speaking

    def begin(self, take: Take, secrets: Iterable[Secret] = ()) -> Take:
        """Keep what is known of a take before it is spoken, and give it with its id, also with one that it has already.

        Later ids sort later.
        """
        name = take.id or self._next_id()
        begun = replace(take, id=name, file="", size=0, complete=False)
        with self._told("The take cannot be kept"):
            self.folder.mkdir(_PRIVATE_FOLDER, parents=True, exist_ok=True)
            growing = Growing.made(self.folder, name, take.rate, secrets)
            try:
                write_details(self._details(name), begun, growing.secrets)
            except BaseException:
                growing.remove()
                raise
        self._growing[name] = growing
        return begun

    def grow(self, take_id: str, samples: bytes) -> None:
        """Keep more samples of a take. Those that the disk does not take are kept here, and tried again with the next.

        They are of 16 bits, little-endian, mono.
        """
        growing = self._growing_of(take_id)
        with self._told("A part of the take is not on the disk yet"):
            growing.grow(samples)

    def end(self, take: Take, data: bytes | None = None) -> Take:
        """Keep a take as it has become, and give it with its file; without sound nothing of it is kept.

        Its sound is the samples that came, as WAV of `take.rate`, or `data`, a whole file. After a problem it may be
        ended again; if it is not, what came is found later as a take that is not complete.
        """
        growing = self._growing_of(take.id)
        with self._told("The take is not kept"):
            if data is None and not growing.samples:
                ended = replace(take, file="", size=0)
                self._details(take.id).unlink(missing_ok=True)
            elif data is None:
                size = growing.finish(take.rate)
                ended = replace(take, file=f"{take.id}{WAV}", size=size)
                write_details(self._details(take.id), ended, growing.secrets)
                growing.place(self.folder / ended.file)
            else:
                ending = format_of(data[:HEAD]) or take.format
                ended = replace(take, file=f"{take.id}.{ending}", size=len(data))
                write_details(self._details(take.id), ended, growing.secrets)
                _create(self.folder / ended.file, data)
        self._growing.pop(take.id, None)
        with suppress(OSError):  # what stays of it is found, and known to be over
            growing.remove()
        return ended

    def seconds_on_disk(self, take: Take) -> float:
        """Give how much of a take that grows here the disk has taken, in seconds."""
        growing = self._growing.get(take.id)
        return growing.on_disk / take.rate if growing is not None and take.rate else 0.0

    # What is there

    def takes(self) -> tuple[Take, ...]:
        """Give what is there, newest first, without those that still grow.

        One whose program died before its end is among them, not complete, with the sound that came.
        """
        return tuple(each.take for each in self._kept())

    @property
    def size(self) -> int:
        """Give the bytes that all of them have."""
        return sum(each.size for each in self._kept())

    def path(self, take: Take) -> Path:
        """Give where its sound is; nothing is read."""
        name = Path(take.file).name
        if not name or name != take.file:
            raise TakesProblem("The take has no sound.")
        return self.folder / name

    def read(self, take: Take) -> bytes:
        """Give its sound file; of one that still grows here, what has come so far, as WAV."""
        growing = self._growing.get(take.id)
        with self._told("The take cannot be read"):
            if growing is not None:
                return growing.read()
            path = self.path(take)
            if not stat.S_ISREG(path.lstat().st_mode):
                raise TakesProblem(f"{path} is no sound file any more.")
            return atomic.read(path).data

    # Keeping and removing

    def keep(self, take_id: str, kept: bool) -> Take:  # noqa: FBT001
        """Have it kept, whatever the clean-up removes, or no longer; give it as it is now."""
        found = next((each.take for each in self._kept() if each.take.id == take_id), None)
        with self._told("The take stays as it was"):
            if (
                found is None
                or change_details(self._details(take_id), lambda take: replace(take, kept=kept)) is None
            ):
                raise TakesProblem("The take is no longer there, or is not whole yet.")
        return replace(found, kept=kept)

    def delete(self, ids: Iterable[str]) -> tuple[Take, ...]:
        """Remove takes, also those that are to be kept, and give them. One that is not there, or grows, is left out."""
        wanted = frozenset(ids)
        return self._remove(each for each in self._kept() if each.take.id in wanted)

    def make_room(self, most_bytes: int, spare: Iterable[str] = ()) -> tuple[Take, ...]:
        """Remove takes, the first that ended first, until all have so many bytes at most; give those that were removed.

        Those that are to be kept stay, those of `spare`, and the one that ended last. So does what ended within the
        last minutes: another program may not be done with it, and nobody loses what was spoken just now.
        """
        spared = frozenset(spare)
        kept = sorted(self._kept(), key=lambda each: (each.ended, each.take.id))
        over = sum(each.size for each in kept) - most_bytes
        now = time.time()

        def removable() -> Iterator[Kept]:
            left = over
            for each in kept[:-1]:
                if left <= 0:
                    return
                # The clock may have been set back since.
                is_fresh = abs(now - each.ended) < _FRESH
                if not (each.take.kept or is_fresh or each.take.id in spared):
                    left -= each.size
                    yield each

        return self._remove(removable())

    def close(self) -> None:
        """Let go of what still grows: it is found again as it is."""
        while self._growing:
            _, growing = self._growing.popitem()
            growing.close()

    def _kept(self) -> tuple[Kept, ...]:
        with self._told("The takes cannot be listed"), self._lock:
            return self._files.kept(frozenset(self._growing))

    def _remove(self, takes: Iterable[Kept]) -> tuple[Take, ...]:
        removed: list[Take] = []
        for each in takes:
            try:
                (self.folder / each.take.file).unlink(missing_ok=True)
                self._details(each.take.id).unlink(missing_ok=True)
            except OSError as error:
                sentence = _sentence("Not every take was removed", self.folder, error)
                raise TakesProblem(sentence, removed=tuple(removed)) from error
            removed.append(each.take)
        return tuple(removed)

    def _growing_of(self, take_id: str) -> Growing:
        growing = self._growing.get(take_id)
        if growing is None:
            raise TakesProblem("The take is not being spoken any more.")
        return growing

    def _details(self, take_id: str) -> Path:
        return self.folder / f"{take_id}{ENDING}"

    def _next_id(self) -> str:
        with self._lock:
            # Two takes of one moment, or after the clock was set back, still follow each other.
            self._last = max(self._now().astimezone(UTC), self._last + _MOMENT)
            return f"{self._last:%Y%m%d-%H%M%S-%f}-{token_hex(3)}"

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """Say what is wrong with the disk, and what to do."""
        try:
            yield
        except SaveFailed as error:
            raise TakesProblem(
                _sentence(what, self.folder, error.cause), is_full=_is_full(error.cause)
            ) from error
        except Conflict as error:
            raise TakesProblem(f"{what}: {error}.") from error
        except OSError as error:
            raise TakesProblem(_sentence(what, self.folder, error), is_full=_is_full(error)) from error


def _create(path: Path, data: bytes) -> None:
    try:
        atomic.create(path, data, mode=_PRIVATE_FILE)
    except Conflict as error:
        # The disk did not confirm it the first time, and here it is.
        if error.actual is None or error.actual.data != data:
            raise


def _is_full(error: OSError) -> bool:
    return error.errno in _FULL


def _sentence(what: str, folder: Path, error: OSError) -> str:
    if _is_full(error):
        return f"{what}: the disk of {folder} is full. Make room, or remove takes that nobody needs."
    return f"{what}: {folder}: {error.strerror or error}. The folder must be yours to read and write."
