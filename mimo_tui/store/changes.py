"""The writes that a person can take back: save, create, remove, rename, undo, restore.

Each keeps the old and the new bytes in the history before it touches the file (see `history`), and changes
the file through `atomic`. Nothing else writes into the person's library.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from mimo_tui.store import atomic
from mimo_tui.store.atomic import Conflict, SaveFailed, Stamp, Step
from mimo_tui.store.history import Change, History, HistoryError, Snapshot, Version, digest_of, on_disk


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save gives: the file's new stamp, and the change; None where nothing differed or was written."""

    stamp: Stamp
    change: Change | None


def save(
    history: History,
    path: Path,
    data: bytes,
    *,
    expected: Stamp,
    label: str,
    mode: int | None = None,
    undoes: str | None = None,
    group: str | None = None,
) -> Saved:
    """Give a file new bytes (and other mode bits), so that it can be undone. Raises Conflict, SaveFailed.

    The label is shown and kept in the log: it never holds what is in the file.
    """
    current = atomic.check(path, expected=expected)
    wanted = current.stamp.mode if mode is None else mode
    if current.data == data and wanted == current.stamp.mode:
        return Saved(current.stamp, None)
    before = Snapshot(current.data, current.stamp.mode)
    change = history.record(
        label=label, path=path, before=before, after=Snapshot(data, wanted), undoes=undoes, group=group
    )
    with _settled(history, change):
        stamp = atomic.replace(path, data, expected=current.stamp, mode=mode)
    return Saved(stamp, change)


def create_file(
    history: History,
    path: Path,
    data: bytes,
    *,
    label: str,
    mode: int = 0o644,
    exact: bool = False,
    undoes: str | None = None,
    group: str | None = None,
) -> Saved:
    """Make a file, never over another (Conflict), so that it can be undone. Modes as in `atomic.create`."""
    change = history.record(
        label=label, path=path, before=None, after=Snapshot(data, mode), undoes=undoes, group=group
    )
    with _settled(history, change):
        stamp = atomic.create(path, data, mode=mode, exact=exact)
    return Saved(stamp, change)


def remove_file(
    history: History,
    path: Path,
    *,
    expected: Stamp,
    label: str,
    undoes: str | None = None,
    group: str | None = None,
) -> Change:
    """Remove a file (of a link only the link), so that it can be undone. Raises Conflict, SaveFailed."""
    current = atomic.check(path, expected=expected)
    before = Snapshot(current.data, current.stamp.mode, _link_text(path))
    change = history.record(label=label, path=path, before=before, after=None, undoes=undoes, group=group)
    with _settled(history, change):
        atomic.remove(path, expected=current.stamp)
    return change


def rename_file(
    history: History, path: Path, new_path: Path, data: bytes, *, expected: Stamp, label: str
) -> Saved:
    """Make `new_path` of these bytes, with the old file's mode, and remove `path`: one step for `undo`.

    Raises Conflict, SaveFailed: then the old file is there and the new one is not, unless the disk did not
    confirm it (`placed`) or a note on the error says why it stays. A renamed link becomes a regular file.
    """
    current = atomic.check(path, expected=expected)
    created = create_file(history, new_path, data, label=label, mode=current.stamp.mode, exact=True)
    made = cast("Change", created.change)
    try:
        remove_file(history, path, expected=expected, label=label, group=made.group)
    except (SaveFailed, Conflict) as failure:
        if not (isinstance(failure, SaveFailed) and failure.placed):
            _give_up(history, made, failure)
        raise
    return created


def undo(history: History, change: Change) -> tuple[Change, ...]:
    """Take back what still stands of the change's group, newest first; of an undo, that is a redo.

    Gives the changes that did it: none where all was taken back already. Each file must be as the change
    left it, else Conflict; that and every snapshot (MissingSnapshot) is looked at before anything is written.
    An edit that kept the mode leaves the mode as it is now; a removed file comes back with its own.
    HistoryError where the history does not know the change.
    """
    todo = _undoable(history, history.standing(change.id))
    made: list[Change] = []
    for each in todo:
        taken = _take_back(history, each, group=made[0].group if made else None)
        made.extend([taken] if taken else [])
    return tuple(made)


def restore(
    history: History, path: Path, version: Version | None, *, expected: Stamp | None, label: str
) -> Change | None:
    """Bring a version of a file back, None: that it was not there. Can itself be undone.

    `expected` is what is there now, as the person saw it; None: nothing. Gives None where nothing differed.
    An existing file keeps its mode. Raises Conflict, SaveFailed, MissingSnapshot.
    """
    if version is None:
        return None if expected is None else remove_file(history, path, expected=expected, label=label)
    data = history.content(version)
    if expected is not None:
        return save(history, path, data, expected=expected, label=label).change
    return _make(history, path, Snapshot(data, version.mode, version.link), label=label)


def _give_up(history: History, made: Change, failure: Exception) -> None:
    try:
        undo(history, made)
    except (SaveFailed, Conflict, HistoryError) as obstacle:
        failure.add_note(f"The new file stays: {obstacle}")


def _make(
    history: History,
    path: Path,
    snapshot: Snapshot,
    *,
    label: str,
    undoes: str | None = None,
    group: str | None = None,
) -> Change:
    change = history.record(label=label, path=path, before=None, after=snapshot, undoes=undoes, group=group)
    with _settled(history, change):
        if snapshot.link is None:
            atomic.create(path, snapshot.data, mode=snapshot.mode, exact=True)
        else:
            atomic.link(path, snapshot.link)
    return change


def _undoable(history: History, members: tuple[Change, ...]) -> list[Change]:
    """Give those members whose file is as they left it; Conflict for one that is neither so nor as before."""
    state: dict[Path, str | None] = {}
    todo: list[Change] = []
    for each in members:
        actual = None if each.path in state else on_disk(each.path)
        now = state[each.path] if each.path in state else digest_of(actual)
        after, before = digest_of(each.after), digest_of(each.before)
        state[each.path] = before
        if now == after:
            if each.before is not None:
                history.content(each.before)
            todo.append(each)
        elif now == before:  # somebody else has taken it back
            history.settle(each, happened=False)
        else:
            raise Conflict(each.path, actual, f"is not as “{each.label}” left it")
    return todo


def _take_back(history: History, change: Change, *, group: str | None) -> Change | None:
    label = _undo_label(change)
    path, before, after = change.path, change.before, change.after
    actual = on_disk(path)
    if before is None:
        if actual is None or actual.stamp.digest != digest_of(after):
            raise Conflict(path, actual, f"is not as “{change.label}” left it")
        return remove_file(history, path, expected=actual.stamp, label=label, undoes=change.id, group=group)
    data = history.content(before)
    if after is None:
        snapshot = Snapshot(data, before.mode, before.link)
        return _make(history, path, snapshot, label=label, undoes=change.id, group=group)
    if actual is None or actual.stamp.digest != after.digest:
        raise Conflict(path, actual, f"is not as “{change.label}” left it")
    mode = before.mode if before.mode != after.mode else None
    saved = save(
        history, path, data, expected=actual.stamp, label=label, mode=mode, undoes=change.id, group=group
    )
    if saved.change is None:  # only the mode had changed, and somebody else has set it back
        history.settle(change, happened=False)
    return saved.change


def _link_text(path: Path) -> str | None:
    try:
        return os.readlink(path) if path.is_symlink() else None  # noqa: PTH115 kept as written
    except OSError as cause:
        raise SaveFailed(path, Step.READ, cause) from cause


def _undo_label(change: Change) -> str:
    if change.undoes is None:
        return f"undo: {change.label}"
    return f"redo: {change.label.removeprefix('undo: ')}"


@contextmanager
def _settled(history: History, change: Change) -> Iterator[None]:
    try:
        yield
    except SaveFailed as failure:
        history.settle(change, happened=failure.placed)
        raise
    except Conflict:
        history.settle(change, happened=False)
        raise
    history.settle(change, happened=True)
