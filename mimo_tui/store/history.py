"""What was changed when, and the bytes of before and after: what `changes` needs to take a change back.

The folder holds `snapshots/<sha256>` (a file's bytes, once) and `log/changes.jsonl` (a line a change). They
may hold keys, so folders are 0700 and files 0600. A change is written down, with its snapshots, *before* the
file is touched, and settled afterwards. Whoever is killed in between loses nothing: a change that was never
settled is judged by what its file, or the next change of that file, says.
"""

import json
import os
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from mimo_tui.core.json_text import Json
from mimo_tui.core.text import Clean, clean
from mimo_tui.store import atomic
from mimo_tui.store.atomic import Conflict, FileContent, SaveFailed, Step

KEEP = 1000
"""How many changes `prune` leaves, if nobody says otherwise."""

_PRIVATE_FOLDER = 0o700
_PRIVATE_FILE = 0o600
_DIGEST = re.compile(r"[0-9a-f]{64}")
_LOG_FLAGS = os.O_RDWR | os.O_APPEND | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


class HistoryError(Exception):
    """Something cannot be taken back or restored; the sentence says why."""


class MissingSnapshot(HistoryError):
    """The bytes of a version are not there, or no longer the bytes that were kept."""


@dataclass(frozen=True, slots=True)
class Version:
    """What a file was: SHA-256 (hex) of its bytes, mode bits, and the link's text if a link was removed."""

    digest: str
    mode: int
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One file changed once. No `before`: it was created; no `after`: it was removed.

    `id` begins with the time, so ids sort by it. `undoes` is the id of the change that this one took back (a
    redo takes back an undo). Changes of one `group` (a rename: create, remove) are taken back together; a
    change alone is a group of its own. `after.mode` is what was asked for; the umask may have narrowed it.
    """

    id: str
    at: datetime
    label: Clean
    path: Path
    before: Version | None
    after: Version | None
    undoes: str | None
    group: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Bytes to keep, with the mode and the link text that belong to them."""

    data: bytes = field(repr=False)
    mode: int
    link: str | None = None

    @property
    def version(self) -> Version:
        """Give the name under which the bytes are found again."""
        return Version(atomic.digest(self.data), self.mode, self.link)


@dataclass(frozen=True, slots=True)
class _Log:
    written: tuple[Change, ...] = ()  # oldest first; all but those that failed
    changes: tuple[Change, ...] = ()  # those of them that happened
    settled: frozenset[str] = frozenset()
    faults: tuple[Clean, ...] = ()


class History:
    """The changes of a folder of ours. Reading makes nothing; the folder comes with the first change.

    What reads the log raises HistoryError where it cannot be read at all.
    """

    def __init__(self, directory: Path, *, now: Callable[[], datetime]) -> None:
        self.directory = directory
        self._now = now
        self._snapshots = directory / "snapshots"
        self._log_path = directory / "log" / "changes.jsonl"

    def changes(self, path: Path | None = None) -> tuple[Change, ...]:
        """Give the changes (of one file), newest first: as they were made, whatever the clock said.

        Changes that failed or never came to pass are left out, damaged lines too: see `faults`.
        """
        return self._newest_first(path)[0]

    def change(self, change_id: str) -> Change:
        """Give the change with this id; HistoryError where there is none."""
        for change in self._load().changes:
            if change.id == change_id:
                return change
        raise _unknown(change_id)

    def faults(self) -> tuple[Clean, ...]:
        """Give a sentence for each line of the log that cannot be read, or one for the log itself."""
        try:
            return self._load().faults
        except HistoryError as error:
            return (clean(str(error)),)

    def undone(self) -> frozenset[str]:
        """Give the ids of the changes that are taken back at present."""
        return _undone(self._load().changes)

    def next_undo(self, path: Path | None = None) -> Change | None:
        """Give the newest change (of one file) that stands, undos and redos aside, else None."""
        changes, undone = self._newest_first(path)
        return next((each for each in changes if each.undoes is None and each.id not in undone), None)

    def next_redo(self, path: Path | None = None) -> Change | None:
        """Give the newest undo (of one file) that stands and has no fresh change after it, else None."""
        changes, undone = self._newest_first(path)
        undoing = {each.id: each.undoes for each in changes}
        for each in changes:
            if each.id in undone:
                continue
            if each.undoes is None:
                return None
            if undoing.get(each.undoes) is None:  # takes back an edit, not an undo
                return each
        return None

    def standing(self, change_id: str) -> tuple[Change, ...]:
        """Give those changes of this one's group that stand, newest first; HistoryError if it is unknown."""
        changes, undone = self._newest_first(None)
        group = next((each.group for each in changes if each.id == change_id), None)
        if group is None:
            raise _unknown(change_id)
        return tuple(each for each in changes if each.group == group and each.id not in undone)

    def content(self, version: Version) -> bytes:
        """Give the bytes of a version; MissingSnapshot where they are gone or damaged."""
        name = f"The snapshot {version.digest[:12]}"
        try:
            data = atomic.read(self._snapshots / version.digest).data
        except OSError as cause:
            raise MissingSnapshot(f"{name} cannot be read: {cause.strerror}.") from cause
        if atomic.digest(data) != version.digest:
            raise MissingSnapshot(f"{name} is damaged: its bytes are not those that were kept.")
        return data

    def record(
        self,
        *,
        label: str,
        path: Path,
        before: Snapshot | None,
        after: Snapshot | None,
        undoes: str | None = None,
        group: str | None = None,
    ) -> Change:
        """Write down a change that is about to be made, flushed to the disk. Raises SaveFailed for `path`."""
        at = self._now().astimezone(UTC)
        name = f"{at:%Y%m%dT%H%M%S.%fZ}-{os.urandom(4).hex()}"
        change = Change(
            id=name,
            at=at,
            label=clean(label),
            path=path.absolute(),
            before=None if before is None else before.version,
            after=None if after is None else after.version,
            undoes=undoes,
            group=group or name,
        )
        try:
            self._make_folders()
            with atomic.lock(self.directory):
                for snapshot in (before, after):
                    if snapshot is not None:
                        self._keep(snapshot.data)
                self._append(_line(change), durable=True)
        except OSError as cause:
            raise SaveFailed(path, Step.SNAPSHOT, cause) from cause
        except SaveFailed as failure:
            raise SaveFailed(path, Step.SNAPSHOT, failure.cause) from failure
        return change

    def settle(self, change: Change, *, happened: bool) -> None:
        """Note whether a recorded change was made. Never raises: an unsettled one is judged by its file.

        Of one that was not, nothing is kept: what was to be written may hold a key.
        """
        with suppress(OSError), atomic.lock(self.directory):
            self._append(_mark(change, happened=happened), durable=False)
            if not happened:
                self._forget(change)

    def prune(self, keep: int = KEEP) -> int:
        """Forget all but the newest `keep` changes, never half a group, and the snapshots only they needed.

        Gives how many were forgotten. Damaged lines and stray temps go too. Raises OSError, SaveFailed.
        """
        for folder in (self._snapshots, self._log_path.parent):
            atomic.sweep(folder)
        if not self._log_path.exists():
            return 0
        with atomic.lock(self.directory):
            current = atomic.read(self._log_path)
            log = self._parse(current.data)
            written = log.written  # not only what happened: another process may be in the middle of a save
            first = max(0, len(written) - keep)
            while 0 < first < len(written) and written[first - 1].group == written[first].group:
                first -= 1
            if not first and not log.faults:
                return 0
            kept = written[first:]
            marked = (
                _line(each) + (_mark(each, happened=True) if each.id in log.settled else b"") for each in kept
            )
            atomic.replace(self._log_path, b"".join(marked), expected=current.stamp)
            needed = _digests(kept)
            for snapshot in self._snapshots.iterdir():
                if snapshot.name not in needed:
                    snapshot.unlink()
        return first

    def loose(self) -> tuple[Path, ...]:
        """Give those of our folders and files that group or others may use: snapshots may hold keys."""
        if os.name != "posix" or not self.directory.exists():
            return ()
        ours = (self.directory, *sorted(self.directory.rglob("*")))
        return tuple(each for each in ours if each.lstat().st_mode & 0o077)

    def _newest_first(self, path: Path | None) -> tuple[tuple[Change, ...], frozenset[str]]:
        wanted = None if path is None else path.absolute()
        changes = self._load().changes
        return tuple(each for each in reversed(changes) if wanted in (None, each.path)), _undone(changes)

    def _make_folders(self) -> None:
        for folder in (self.directory, self._snapshots, self._log_path.parent):
            folder.mkdir(_PRIVATE_FOLDER, parents=True, exist_ok=True)
        if not self._log_path.exists():
            with suppress(Conflict):  # another process was faster
                atomic.create(self._log_path, b"", mode=_PRIVATE_FILE)

    def _keep(self, data: bytes) -> None:
        path = self._snapshots / atomic.digest(data)
        try:
            atomic.create(path, data, mode=_PRIVATE_FILE)
        except Conflict as found:
            kept = found.actual
            if kept is not None and kept.data != data:  # a damaged snapshot, and here are the good bytes
                atomic.replace(path, data, expected=kept.stamp)

    def _forget(self, change: Change) -> None:
        """Remove the snapshots that only this change needed."""
        needed = _digests(self._parse(atomic.read(self._log_path).data).written)
        for digest in _digests((change,)) - needed:
            (self._snapshots / digest).unlink(missing_ok=True)

    def _append(self, line: bytes, *, durable: bool) -> None:
        descriptor = os.open(self._log_path, _LOG_FLAGS)
        try:
            size = os.lseek(descriptor, 0, os.SEEK_END)
            if size:
                os.lseek(descriptor, size - 1, os.SEEK_SET)
                if os.read(descriptor, 1) != b"\n":  # a line torn by a crash must not take this one with it
                    line = b"\n" + line
            try:
                atomic.write_all(descriptor, line)
                if durable:
                    os.fsync(descriptor)
            except OSError:
                os.ftruncate(descriptor, size)
                raise
        finally:
            os.close(descriptor)

    def _load(self) -> _Log:
        try:
            return self._parse(atomic.read(self._log_path).data)
        except FileNotFoundError:
            return _Log()
        except OSError as cause:
            raise HistoryError(
                clean(f"The history {self._log_path} cannot be read: {cause.strerror}.")
            ) from cause

    def _parse(self, data: bytes) -> _Log:
        changes: list[Change] = []
        marks: dict[str, bool] = {}
        faults: list[Clean] = []
        for number, line in enumerate(data.split(b"\n"), start=1):
            if not line:
                continue
            try:
                fields = cast("dict[str, Json]", json.loads(line))
                if "happened" in fields:
                    marks[cast("str", fields["id"])] = bool(fields["happened"])
                else:
                    changes.append(_change(fields))
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
                faults.append(clean(f"Line {number} of {self._log_path} is damaged and left out."))
        written = tuple(each for each in changes if marks.get(each.id, True))
        settled = frozenset(name for name, done in marks.items() if done)
        return _Log(written, _happened(written, settled), settled, tuple(faults))


def _unknown(change_id: str) -> HistoryError:
    return HistoryError(f"There is no change {clean(change_id)} in the history.")


def on_disk(path: Path) -> FileContent | None:
    """Read the file; None where there is none. Raises SaveFailed."""
    try:
        return atomic.read(path)
    except FileNotFoundError:
        return None
    except OSError as cause:
        raise SaveFailed(path, Step.READ, cause) from cause


def digest_of(what: FileContent | Version | None) -> str | None:
    """Give the digest by which a state of a file is told from another; None where there is no file."""
    if what is None:
        return None
    return what.digest if isinstance(what, Version) else what.stamp.digest


def _happened(written: tuple[Change, ...], settled: frozenset[str]) -> tuple[Change, ...]:
    """Leave out what was not made; one not settled is judged by its file's next change, else by the file."""
    found: list[Change] = []
    later: dict[Path, Change] = {}
    for change in reversed(written):
        if change.id in settled or _left_its_mark(change, later.get(change.path)):
            found.append(change)
            later[change.path] = change
    return tuple(reversed(found))


def _left_its_mark(change: Change, following: Change | None) -> bool:
    before, after = digest_of(change.before), digest_of(change.after)
    if before == after:
        return True
    try:
        seen = digest_of(following.before) if following else digest_of(on_disk(change.path))
    except SaveFailed:
        return True
    return seen != before


def _undone(changes: tuple[Change, ...]) -> frozenset[str]:
    undone: set[str] = set()
    for change in reversed(changes):  # newest first: whether an undo stands is known before it counts
        if change.undoes is not None and change.id not in undone:
            undone.add(change.undoes)
    return frozenset(undone)


def _digests(changes: Iterable[Change]) -> set[str]:
    """Give the names of the snapshots that these changes need."""
    return {version.digest for each in changes for version in (each.before, each.after) if version}


def _line(change: Change) -> bytes:
    return _json(
        {
            "id": change.id,
            "at": change.at.isoformat(),
            "label": change.label,
            "path": str(change.path),
            "before": _version_fields(change.before),
            "after": _version_fields(change.after),
            "undoes": change.undoes,
            "group": change.group,
        }
    )


def _mark(change: Change, *, happened: bool) -> bytes:
    return _json({"id": change.id, "happened": happened})


def _json(fields: dict[str, Json]) -> bytes:
    return json.dumps(fields, separators=(",", ":")).encode() + b"\n"


def _version_fields(version: Version | None) -> dict[str, Json] | None:
    if version is None:
        return None
    return {"digest": version.digest, "mode": version.mode, "link": version.link}


def _change(fields: dict[str, Json]) -> Change:
    return Change(
        id=_text(fields["id"]),
        at=datetime.fromisoformat(_text(fields["at"])),
        label=clean(_text(fields["label"])),
        path=Path(_text(fields["path"])),
        before=_version(fields["before"]),
        after=_version(fields["after"]),
        undoes=_optional_text(fields["undoes"]),
        group=_text(fields["group"]),
    )


def _version(fields: Json) -> Version | None:
    if fields is None:
        return None
    if not isinstance(fields, dict) or not isinstance(mode := fields["mode"], int):
        raise TypeError
    digest = _text(fields["digest"])
    if not _DIGEST.fullmatch(digest):  # it becomes a file name
        raise ValueError(digest)
    return Version(digest, mode & 0o7777, _optional_text(fields["link"]))


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _optional_text(value: Json) -> str | None:
    return None if value is None else _text(value)
