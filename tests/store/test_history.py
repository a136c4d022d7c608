"""The history: what is kept, what is taken back, what a damaged log does not spoil."""

import json
import os
import stat
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mimo_tui.store import atomic, changes
from mimo_tui.store.atomic import Conflict, SaveFailed, Step
from mimo_tui.store.history import History, HistoryError, MissingSnapshot, Snapshot, Version

FIRST = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
KEY = b"MIMO_API_KEY=sk-canary-0123456789\n"


@pytest.fixture
def ticking() -> Callable[[], datetime]:
    seconds = iter(range(10**6))
    return lambda: FIRST + timedelta(seconds=next(seconds))


@pytest.fixture
def history(tmp_path: Path, ticking: Callable[[], datetime]) -> History:
    return History(tmp_path / "state" / "history", now=ticking)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "saved" / "mimo-1.json"
    path.parent.mkdir()
    path.write_bytes(b"one")
    path.chmod(0o644)
    return path


def seen(path: Path) -> atomic.Stamp:
    return atomic.read(path).stamp


def save(history: History, path: Path, data: bytes, **options: int) -> None:
    changes.save(history, path, data, expected=seen(path), label=f"to {data.decode()}", **options)  # type: ignore[arg-type]


def undo(history: History, path: Path | None = None) -> None:
    change = history.next_undo(path)
    assert change is not None
    changes.undo(history, change)


def redo(history: History, path: Path | None = None) -> None:
    change = history.next_redo(path)
    assert change is not None
    changes.undo(history, change)


def log_of(history: History) -> Path:
    return history.directory / "log" / "changes.jsonl"


def snapshots_of(history: History) -> set[str]:
    return {path.name for path in (history.directory / "snapshots").iterdir()}


# What is kept


def test_reading_a_history_that_is_not_there_makes_nothing(history: History) -> None:
    assert history.changes() == ()
    assert history.next_undo() is None
    assert history.next_redo() is None
    assert history.faults() == ()
    assert history.loose() == ()
    assert history.prune() == 0
    assert not history.directory.exists()


def test_a_save_is_a_change_with_both_versions(history: History, file: Path) -> None:
    saved = changes.save(history, file, b"two", expected=seen(file), label="switch mimo-1 to mimo-v2.6-pro")
    (change,) = history.changes()
    assert saved.change == change
    assert saved.stamp == seen(file)
    assert (change.label, change.path, change.at) == ("switch mimo-1 to mimo-v2.6-pro", file, FIRST)
    assert (change.undoes, change.group) == (None, change.id)
    assert change.before is not None
    assert change.after is not None
    assert (history.content(change.before), change.before.mode) == (b"one", 0o644)
    assert (history.content(change.after), change.after.mode) == (b"two", 0o644)
    assert history.change(change.id) == change


def test_changes_come_newest_first_also_when_the_clock_runs_back(tmp_path: Path, file: Path) -> None:
    hours = iter([5, 3, 4])
    history = History(tmp_path / "history", now=lambda: FIRST + timedelta(hours=next(hours)))
    for data in (b"two", b"three", b"four"):
        save(history, file, data)
    assert [change.label for change in history.changes()] == ["to four", "to three", "to two"]
    assert len({change.id for change in history.changes()}) == 3


def test_changes_of_one_file_can_be_asked_for(history: History, file: Path) -> None:
    other = file.with_name("other.json")
    changes.create_file(history, other, b"x", label="new")
    save(history, file, b"two")
    assert [change.path for change in history.changes(other)] == [other]
    assert [change.path for change in history.changes()] == [file, other]


def test_saving_equal_bytes_is_no_change(history: History, file: Path) -> None:
    saved = changes.save(history, file, b"one", expected=seen(file), label="nothing")
    assert saved.change is None
    assert history.changes() == ()
    assert not history.directory.exists()


def test_all_is_private_whatever_the_umask(history: History, file: Path) -> None:
    before = os.umask(0)
    try:
        save(history, file, KEY)
    finally:
        os.umask(before)
    modes = (
        {stat.S_IMODE(path.stat().st_mode) for path in history.directory.rglob("*") if path.is_file()},
        {stat.S_IMODE(path.stat().st_mode) for path in (history.directory, *history.directory.iterdir())},
    )
    assert modes == ({0o600}, {0o700})
    assert history.loose() == ()


def test_loose_modes_are_reported_and_not_changed(history: History, file: Path) -> None:
    save(history, file, b"two")
    history.directory.chmod(0o755)
    log_of(history).chmod(0o640)
    save(history, file, b"three")
    assert history.loose() == (history.directory, log_of(history))
    assert stat.S_IMODE(history.directory.stat().st_mode) == 0o755


def test_the_log_holds_nothing_of_a_file(history: History, file: Path) -> None:
    save_key = changes.save(history, file, KEY, expected=seen(file), label="key of MIMO_API_KEY")
    changes.remove_file(history, file, expected=save_key.stamp, label="gone")
    assert b"canary" not in log_of(history).read_bytes()


def test_a_label_cannot_move_the_cursor_or_end_the_line(history: History, file: Path) -> None:
    changes.save(history, file, b"two", expected=seen(file), label="a\nb\x1b[2J\u202e\ud800")
    (change,) = history.changes()
    assert change.label.isprintable()
    assert log_of(history).read_bytes().count(b"\n") == 2


def test_names_that_are_no_utf8_are_kept(history: History, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.json")
    changes.create_file(history, path, b"x", label="new")
    assert history.changes(path)[0].path == path
    undo(history)
    assert not path.exists()


# Undo and redo


def test_undo_and_redo_walk_back_and_forth(history: History, file: Path) -> None:
    for data in (b"two", b"three"):
        save(history, file, data)
    walked = []
    for step in (undo, undo, redo, undo, redo, redo):
        step(history)
        walked.append(file.read_bytes())
    assert walked == [b"two", b"one", b"two", b"one", b"two", b"three"]
    assert history.next_redo() is None
    undo(history)
    undo(history)
    assert history.next_undo() is None
    labels = [change.label for change in history.changes()]
    assert labels[:2] == ["undo: to two", "undo: to three"]
    assert {label.split(":")[0] for label in labels} == {"to two", "to three", "undo", "redo"}


def test_a_fresh_change_ends_redo(history: History, file: Path) -> None:
    save(history, file, b"two")
    undo(history)
    save(history, file, b"three")
    assert history.next_redo() is None
    undo(history)
    assert file.read_bytes() == b"one"
    assert history.next_undo() is None


def test_undo_of_one_file_leaves_the_others(history: History, file: Path) -> None:
    other = file.with_name("other.json")
    save(history, file, b"two")
    changes.create_file(history, other, b"x", label="new")
    undo(history, file)
    assert (file.read_bytes(), other.read_bytes()) == (b"one", b"x")
    assert history.next_undo(file) is None
    assert history.next_redo(file) is not None


def test_undoing_a_creation_removes_the_file_and_redo_brings_it_back(history: History, file: Path) -> None:
    new = file.with_name("new.json")
    changes.create_file(history, new, b"x", label="new", mode=0o600)
    undo(history)
    assert not new.exists()
    redo(history)
    assert (new.read_bytes(), stat.S_IMODE(new.stat().st_mode)) == (b"x", 0o600)


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666, 0o755])
def test_undoing_a_removal_brings_bytes_and_mode_back(history: History, file: Path, mode: int) -> None:
    file.chmod(mode)
    changes.remove_file(history, file, expected=seen(file), label="delete")
    assert not file.exists()
    undo(history)
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"one", mode)


def test_undoing_the_removal_of_a_link_brings_the_link_back(history: History, file: Path) -> None:
    link = file.with_name("link.json")
    link.symlink_to("./mimo-1.json")
    changes.remove_file(history, link, expected=seen(link), label="delete")
    assert not link.is_symlink()
    undo(history)
    assert os.readlink(link) == "./mimo-1.json"  # noqa: PTH115 the text as it was
    assert file.read_bytes() == b"one"
    redo(history)
    assert not link.is_symlink()
    assert file.exists()


def test_a_save_through_a_link_is_undone_through_it(history: History, file: Path) -> None:
    link = file.with_name("link.json")
    link.symlink_to(file)
    save(history, link, b"two")
    undo(history)
    assert link.is_symlink()
    assert file.read_bytes() == b"one"


def test_a_change_of_mode_is_undone(history: History, file: Path) -> None:
    save(history, file, b"one", mode=0o600)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    undo(history)
    assert stat.S_IMODE(file.stat().st_mode) == 0o644


def test_undoing_an_edit_never_loosens_a_mode_that_the_person_has_tightened(
    history: History, file: Path
) -> None:
    save(history, file, b"two")
    file.chmod(0o600)
    undo(history)
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"one", 0o600)


def test_a_rename_is_undone_and_redone_as_one(history: History, file: Path) -> None:
    file.chmod(0o600)
    new = file.with_name("new.json")
    changes.rename_file(history, file, new, b"one, renamed", expected=seen(file), label="rename")
    assert (file.exists(), new.read_bytes(), stat.S_IMODE(new.stat().st_mode)) == (
        False,
        b"one, renamed",
        0o600,
    )
    undo(history)
    assert (file.read_bytes(), new.exists(), stat.S_IMODE(file.stat().st_mode)) == (b"one", False, 0o600)
    assert history.next_undo() is None
    redo(history)
    assert (file.exists(), new.read_bytes()) == (False, b"one, renamed")


def test_a_rename_onto_another_file_changes_neither(history: History, file: Path) -> None:
    other = file.with_name("other.json")
    other.write_bytes(b"x")
    with pytest.raises(Conflict, match="there is a file of this name"):
        changes.rename_file(history, file, other, b"one", expected=seen(file), label="rename")
    assert (file.read_bytes(), other.read_bytes()) == (b"one", b"x")
    assert history.changes() == ()


def test_a_rename_that_cannot_remove_the_old_file_takes_the_new_one_away(
    history: History, file: Path
) -> None:
    file.chmod(0o444)
    new = file.with_name("new.json")
    expected = seen(file)
    file.chmod(0o644)
    unlink = os.unlink

    def refuse(path: Path) -> None:
        if path == file:
            raise PermissionError(13, "Permission denied")
        unlink(path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "unlink", refuse)
        with pytest.raises(SaveFailed, match=r"mimo-1\.json stays as it was: Permission denied"):
            changes.rename_file(history, file, new, b"one", expected=expected, label="rename")
    assert (file.read_bytes(), new.exists()) == (b"one", False)
    assert history.next_undo() is None


def test_undo_refuses_a_file_that_was_changed_since_and_shows_it(history: History, file: Path) -> None:
    save(history, file, b"two")
    file.write_bytes(b"theirs")
    with pytest.raises(Conflict, match="is not as “to two” left it") as caught:
        undo(history)
    assert caught.value.actual is not None
    assert caught.value.actual.data == b"theirs"
    assert file.read_bytes() == b"theirs"


def test_undo_of_a_group_looks_at_all_of_it_before_it_writes(history: History, file: Path) -> None:
    new = file.with_name("new.json")
    changes.rename_file(history, file, new, b"one", expected=seen(file), label="rename")
    new.write_bytes(b"theirs")
    with pytest.raises(Conflict):
        undo(history)
    assert (file.exists(), new.read_bytes()) == (False, b"theirs")


def test_undo_passes_over_what_somebody_else_has_taken_back(history: History, file: Path) -> None:
    save(history, file, b"two")
    save(history, file, b"three")
    file.write_bytes(b"two")
    undo(history)
    assert file.read_bytes() == b"two"
    undo(history)
    assert file.read_bytes() == b"one"
    assert history.next_undo() is None


def test_undoing_twice_does_it_once(history: History, file: Path) -> None:
    save(history, file, b"two")
    (change,) = history.changes()
    assert len(changes.undo(history, change)) == 1
    assert changes.undo(history, change) == ()
    assert file.read_bytes() == b"one"


def test_undoing_what_the_history_does_not_know_is_said(history: History, file: Path) -> None:
    save(history, file, b"two")
    (change,) = history.changes()
    log_of(history).write_bytes(b"")
    with pytest.raises(HistoryError, match="There is no change"):
        changes.undo(history, change)
    assert file.read_bytes() == b"two"


# Restore


def test_any_version_is_restored_and_that_can_be_undone(history: History, file: Path) -> None:
    for data in (b"two", b"three", b"four"):
        save(history, file, data)
    oldest = history.changes()[-1].before
    changes.restore(history, file, oldest, expected=seen(file), label="restore")
    assert file.read_bytes() == b"one"
    undo(history)
    assert file.read_bytes() == b"four"


def test_a_version_is_restored_where_the_file_is_gone(history: History, file: Path) -> None:
    file.chmod(0o640)
    save(history, file, b"two")
    version = history.changes()[0].before
    file.unlink()
    changes.restore(history, file, version, expected=None, label="restore")
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"one", 0o640)
    undo(history)
    assert not file.exists()


def test_that_a_file_was_not_there_is_restored_too(history: History, file: Path) -> None:
    new = file.with_name("new.json")
    changes.create_file(history, new, b"x", label="new")
    save(history, new, b"y")
    before = history.changes(new)[-1].before
    assert before is None
    changes.restore(history, new, before, expected=seen(new), label="restore")
    assert not new.exists()
    undo(history)
    assert new.read_bytes() == b"y"
    assert changes.restore(history, file.with_name("absent"), None, expected=None, label="restore") is None


def test_restoring_over_a_change_that_was_not_seen_is_a_conflict(history: History, file: Path) -> None:
    save(history, file, b"two")
    version, expected = history.changes()[0].before, seen(file)
    file.write_bytes(b"theirs")
    for stamp in (expected, None):
        with pytest.raises(Conflict):
            changes.restore(history, file, version, expected=stamp, label="restore")
    assert file.read_bytes() == b"theirs"


# What goes wrong


def test_a_snapshot_that_is_gone_or_damaged_is_said_before_anything_is_written(
    history: History, file: Path
) -> None:
    save(history, file, b"two")
    (change,) = history.changes()
    assert change.before is not None
    snapshot = history.directory / "snapshots" / change.before.digest
    snapshot.write_bytes(b"eno")
    with pytest.raises(MissingSnapshot, match="is damaged"):
        changes.undo(history, change)
    snapshot.unlink()
    with pytest.raises(MissingSnapshot, match="cannot be read: No such file"):
        changes.undo(history, change)
    assert file.read_bytes() == b"two"


def test_a_damaged_snapshot_is_mended_when_its_bytes_come_by_again(history: History, file: Path) -> None:
    save(history, file, b"two")
    (change,) = history.changes()
    assert change.before is not None
    (history.directory / "snapshots" / change.before.digest).write_bytes(b"")
    file.write_bytes(b"one")
    save(history, file, b"three")
    assert history.content(change.before) == b"one"


def test_bytes_and_log_are_flushed_before_the_file_is_touched(
    history: History, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(history, file, b"two")
    flushed, replaced = list[Path](), list[Path]()
    fsync, replace = os.fsync, os.replace
    held = {path.stat().st_ino: path for path in (log_of(history), history.directory / "snapshots")}

    def seen_fsync(descriptor: int) -> None:
        if not replaced:
            flushed.append(held.get(os.fstat(descriptor).st_ino, Path("temp")))
        fsync(descriptor)

    def seen_replace(source: Path, target: Path) -> None:
        replaced.append(target)
        replace(source, target)

    monkeypatch.setattr(os, "fsync", seen_fsync)
    monkeypatch.setattr(os, "replace", seen_replace)
    save(history, file, b"three")
    # The old bytes were kept by the save before. The new ones, their folder, the log, and the file's own temp.
    assert [path.name for path in flushed] == ["temp", "snapshots", "changes.jsonl", "temp"]
    assert replaced == [file]


def test_a_disk_that_fills_up_in_the_middle_of_a_line_leaves_the_log_as_it_was(
    history: History, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(history, file, b"two")
    before = log_of(history).read_bytes()
    inode, write, taken = log_of(history).stat().st_ino, os.write, [0]

    def fill_up(descriptor: int, data: memoryview) -> int:
        if os.fstat(descriptor).st_ino != inode:
            return write(descriptor, data)
        if taken[0]:
            raise OSError(28, os.strerror(28))
        taken[0] += 1
        return write(descriptor, data[:10])

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", fill_up)
        with pytest.raises(SaveFailed, match="No space left on device"):
            save(history, file, b"three")
    assert log_of(history).read_bytes() == before
    assert file.read_bytes() == b"two"


@pytest.mark.parametrize("torn", [1, 20, 100])
def test_a_line_torn_by_a_crash_is_reported_and_spoils_no_other(
    history: History, file: Path, torn: int
) -> None:
    save(history, file, b"two")
    line = log_of(history).read_bytes().splitlines(keepends=True)[0]
    with log_of(history).open("ab") as log:
        log.write(line[:torn])
    assert [change.label for change in history.changes()] == ["to two"]
    assert history.faults() == (f"Line 3 of {log_of(history)} is damaged and left out.",)
    save(history, file, b"three")
    assert [change.label for change in history.changes()] == ["to three", "to two"]
    assert len(history.faults()) == 1
    undo(history)
    undo(history)
    assert file.read_bytes() == b"one"


DAMAGED = (
    b"{}",
    b"[]",
    b"1",
    b'"x"',
    b"null",
    b"\xff\xfe",
    b"[" * 100_000,
    b'{"happened": true}',
    b'{"id": [], "happened": true}',
    b'{"id": "x", "at": "never"}',
    (
        b'{"id":"x","at":"2026-11-23T12:00:00+00:00","label":"","path":"/","undoes":null,"group":"x","after":null,'
        b'"before":{"digest":"../../../etc/passwd","mode":420,"link":null}}'
    ),
    (
        b'{"id":"x","at":"2026-11-23T12:00:00+00:00","label":"","path":"/","undoes":null,"group":"x","after":null,'
        b'"before":{"digest":7,"mode":"x"}}'
    ),
)


@pytest.mark.parametrize("line", DAMAGED, ids=lambda line: line[:30].decode("ascii", "replace"))
def test_a_damaged_line_is_reported_and_spoils_no_other(history: History, file: Path, line: bytes) -> None:
    save(history, file, b"two")
    log_of(history).write_bytes(line + b"\n" + log_of(history).read_bytes())
    assert [change.label for change in history.changes()] == ["to two"]
    assert history.faults() == (f"Line 1 of {log_of(history)} is damaged and left out.",)
    undo(history)
    assert file.read_bytes() == b"one"


def test_a_log_that_cannot_be_read_is_said(history: History, file: Path) -> None:
    save(history, file, b"two")
    log_of(history).unlink()
    log_of(history).mkdir()
    with pytest.raises(HistoryError, match="cannot be read: Is a directory"):
        history.next_undo()
    assert len(history.faults()) == 1


def test_nothing_is_changed_where_no_snapshot_can_be_kept(history: History, file: Path) -> None:
    history.directory.parent.write_bytes(b"a file where the state folder should be")
    with pytest.raises(
        SaveFailed, match=r"mimo-1\.json stays as it was: .* \(while keeping a copy"
    ) as caught:
        save(history, file, b"two")
    assert caught.value.step == Step.SNAPSHOT
    assert file.read_bytes() == b"one"


def test_a_change_that_failed_is_no_change(history: History, file: Path) -> None:
    file.chmod(0o444)
    with pytest.raises(SaveFailed):
        save(history, file, b"two")
    assert history.changes() == ()
    assert history.next_undo() is None


def test_of_a_change_that_failed_nothing_is_kept_but_what_others_need(history: History, file: Path) -> None:
    save(history, file, b"two")
    before = snapshots_of(history)
    file.chmod(0o444)
    with pytest.raises(SaveFailed):
        save(history, file, b"a key that nobody saved")
    assert snapshots_of(history) == before
    file.chmod(0o644)
    undo(history)
    assert file.read_bytes() == b"one"


@pytest.mark.parametrize("happened", [True, False])
def test_a_change_whose_end_nobody_saw_is_judged_by_the_file(
    history: History, file: Path, happened: bool
) -> None:
    history.record(label="crash", path=file, before=Snapshot(b"one", 0o644), after=Snapshot(b"two", 0o644))
    if happened:
        file.write_bytes(b"two")
    assert bool(history.changes()) is happened
    # Later, the next change of the file tells.
    save(history, file, b"three")
    assert len(history.changes()) == 1 + happened
    while history.next_undo():
        undo(history)
    assert file.read_bytes() == b"one"


# Pruning


def test_pruning_keeps_the_newest_changes_and_only_their_snapshots(history: History, file: Path) -> None:
    for number in range(10):
        save(history, file, str(number).encode())
    kept = history.changes()[:3]
    assert history.prune(3) == 7
    assert history.changes() == kept
    assert len(snapshots_of(history)) == 4
    for _ in kept:
        undo(history)
    assert file.read_bytes() == b"6"
    assert history.prune(100) == 0


def test_pruning_never_splits_a_rename(history: History, file: Path) -> None:
    save(history, file, b"two")
    new = file.with_name("new.json")
    changes.rename_file(history, file, new, b"two", expected=seen(file), label="rename")
    assert history.prune(1) == 1
    undo(history)
    assert (file.read_bytes(), new.exists()) == (b"two", False)


def test_pruning_clears_damaged_lines_failed_changes_and_strays(history: History, file: Path) -> None:
    save(history, file, b"two")
    (history.directory / "snapshots" / ".x.1-0123456789ab.mimo-tmp").write_bytes(b"half")
    with log_of(history).open("ab") as log:
        log.write(b'{"torn')
    assert history.prune() == 0
    assert history.faults() == ()
    assert len(snapshots_of(history)) == 2
    assert [change.label for change in history.changes()] == ["to two"]
    assert all(json.loads(line) for line in log_of(history).read_bytes().splitlines())


def test_pruning_leaves_a_save_that_another_process_is_in_the_middle_of(history: History, file: Path) -> None:
    save(history, file, b"two")
    change = history.record(
        label="now", path=file, before=Snapshot(b"two", 0o644), after=Snapshot(b"three", 0o644)
    )
    assert history.prune(1) == 1
    file.write_bytes(b"three")
    history.settle(change, happened=True)
    assert history.changes() == (change,)
    undo(history)
    assert file.read_bytes() == b"two"


# Many at once


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"{number}.json" for number in range(4)]
    for path in paths:
        path.write_bytes(b"0")
    return paths


def test_changes_made_at_once_are_all_kept(history: History, files: list[Path]) -> None:
    errors = list[Exception]()

    def work(path: Path) -> None:
        mine = History(history.directory, now=lambda: FIRST)
        try:
            for number in range(1, 6):
                save(mine, path, str(number).encode())
                if number == 3:
                    mine.prune()
        except Exception as error:  # noqa: BLE001 handed to the test
            errors.append(error)

    threads = [threading.Thread(target=work, args=(path,)) for path in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert history.faults() == ()
    ids = [change.id for change in history.changes()]
    assert len(ids) == len(set(ids)) == 20
    for path in files:
        versions = [change.after for change in reversed(history.changes(path))]
        assert [history.content(version) for version in versions if isinstance(version, Version)] == [
            str(number).encode() for number in range(1, 6)
        ]
