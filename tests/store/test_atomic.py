"""Crash-safe writes, in the small: what is kept, what is refused, what is said."""

import errno
import os
import re
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mimo_tui.store import atomic
from mimo_tui.store.atomic import Conflict, SaveFailed, Step

OLD = b'{"name": "mimo-1"}'
NEW = b'{"name": "mimo-1", "tier": 5}'
HOURS_AGO = 7200


@pytest.fixture
def preset(tmp_path: Path) -> Path:
    path = tmp_path / "mimo-1.json"
    path.write_bytes(OLD)
    return path


@pytest.fixture
def set_umask() -> Iterator[Callable[[int], int]]:
    before = os.umask(0)
    os.umask(before)
    yield os.umask
    os.umask(before)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir()}


def stray(folder: Path, name: str = "mimo-1.json", process: int = 1) -> Path:
    path = folder / f".{name}.{process}-0123456789ab.mimo-tmp"
    path.write_bytes(b"half a fi")
    return path


def open_descriptors() -> int:
    listed = Path("/proc/self/fd")
    return len(names(listed)) if listed.exists() else 0


def dead_process() -> int:
    child = subprocess.Popen([sys.executable, "-S", "-c", ""])
    child.wait()
    return child.pid


def test_a_save_puts_the_new_bytes_in_place_and_gives_their_stamp(preset: Path) -> None:
    stamp = atomic.replace(preset, NEW, expected=atomic.read(preset).stamp)
    assert preset.read_bytes() == NEW
    assert stamp == atomic.read(preset).stamp
    assert names(preset.parent) == {"mimo-1.json"}


def test_an_empty_file_can_be_saved_and_emptied(preset: Path) -> None:
    emptied = atomic.replace(preset, b"", expected=atomic.read(preset).stamp)
    assert preset.read_bytes() == b""
    atomic.replace(preset, NEW, expected=emptied)
    assert preset.read_bytes() == NEW


def test_saving_equal_bytes_writes_nothing(preset: Path) -> None:
    os.utime(preset, ns=(1, 1))
    before = preset.stat()
    stamp = atomic.replace(preset, OLD, expected=atomic.read(preset).stamp)
    after = preset.stat()
    assert (after.st_mtime_ns, after.st_ino, after.st_ctime_ns) == (1, before.st_ino, before.st_ctime_ns)
    assert stamp == atomic.read(preset).stamp


def test_a_change_of_mode_alone_is_a_change(preset: Path) -> None:
    preset.chmod(0o644)
    stamp = atomic.replace(preset, OLD, expected=atomic.read(preset).stamp, mode=0o600)
    assert (mode_of(preset), stamp.mode, preset.read_bytes()) == (0o600, 0o600, OLD)


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o664, 0o666, 0o755, 0o4755, 0o200 | 0o044])
def test_a_save_keeps_the_mode(preset: Path, mode: int) -> None:
    preset.chmod(mode)
    if not os.access(preset, os.R_OK):
        pytest.skip("this user cannot read such a file")
    atomic.replace(preset, NEW, expected=atomic.read(preset).stamp)
    assert mode_of(preset) == mode


def test_a_file_that_was_only_touched_is_saved(preset: Path) -> None:
    expected = atomic.read(preset).stamp
    os.utime(preset, ns=(5, 5))
    atomic.replace(preset, NEW, expected=expected)
    assert preset.read_bytes() == NEW


def test_a_change_with_the_same_size_and_time_is_a_conflict_that_shows_theirs(preset: Path) -> None:
    expected = atomic.read(preset).stamp
    theirs = OLD.replace(b"1", b"2")
    preset.write_bytes(theirs)
    os.utime(preset, ns=(expected.mtime_ns, expected.mtime_ns))
    with pytest.raises(Conflict, match=r"mimo-1\.json was changed by another program") as caught:
        atomic.replace(preset, NEW, expected=expected)
    assert caught.value.actual is not None
    assert caught.value.actual.data == theirs
    assert preset.read_bytes() == theirs
    # Theirs is what the person saw last, so with its stamp the save goes through.
    atomic.replace(preset, NEW, expected=caught.value.actual.stamp)
    assert preset.read_bytes() == NEW


def test_a_file_that_is_gone_is_a_conflict(preset: Path) -> None:
    expected = atomic.read(preset).stamp
    preset.unlink()
    for change in (
        lambda: atomic.replace(preset, NEW, expected=expected),
        lambda: atomic.remove(preset, expected=expected),
    ):
        with pytest.raises(Conflict, match="no longer there") as caught:
            change()
        assert caught.value.actual is None
    assert names(preset.parent) == set()


@pytest.mark.parametrize("mode", [0o444, 0o400, 0o555])
def test_a_protected_file_is_neither_replaced_nor_removed(preset: Path, mode: int) -> None:
    preset.chmod(mode)
    expected = atomic.read(preset).stamp
    for change in (
        lambda: atomic.replace(preset, NEW, expected=expected),
        lambda: atomic.remove(preset, expected=expected),
    ):
        with pytest.raises(SaveFailed, match=r"mimo-1\.json stays as it was: Permission denied") as caught:
            change()
        assert caught.value.cause.errno == errno.EACCES
    assert (preset.read_bytes(), mode_of(preset), names(preset.parent)) == (OLD, mode, {"mimo-1.json"})


def test_a_hard_link_is_broken_and_the_other_name_keeps_the_old_bytes(preset: Path) -> None:
    backup = preset.with_name("backup")
    backup.hardlink_to(preset)
    atomic.replace(preset, NEW, expected=atomic.read(preset).stamp)
    assert (preset.read_bytes(), backup.read_bytes()) == (NEW, OLD)


@pytest.mark.parametrize(
    "name", ["n" * 250 + ".json", "預" * 83 + ".json", "é" * 125 + ".json", "a b\n'\"$.json"]
)
def test_names_as_long_and_odd_as_the_disk_takes_can_be_saved(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    stamp = atomic.create(path, OLD)
    stamp = atomic.replace(path, NEW, expected=stamp)
    assert path.read_bytes() == NEW
    atomic.remove(path, expected=stamp)
    assert names(tmp_path) == set()


def test_a_name_that_is_no_utf8_can_be_saved(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.json")
    stamp = atomic.create(path, OLD)
    atomic.replace(path, NEW, expected=stamp)
    assert path.read_bytes() == NEW
    with pytest.raises(Conflict) as caught:
        atomic.create(path, OLD)
    str(caught.value).encode()


def test_what_is_no_regular_file_is_an_error_and_never_blocks(tmp_path: Path) -> None:
    (tmp_path / "x.json").mkdir()
    with pytest.raises(IsADirectoryError):
        atomic.read(tmp_path / "x.json")
    os.mkfifo(tmp_path / "pipe.json")
    with pytest.raises(OSError, match="Not a regular file"):
        atomic.read(tmp_path / "pipe.json")
    with pytest.raises(FileNotFoundError):
        atomic.read(tmp_path / "absent.json")


def test_reading_leaves_no_descriptor_open(preset: Path, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    before = open_descriptors()
    for _ in range(20):
        stamp = atomic.read(preset).stamp
        with pytest.raises(IsADirectoryError):
            atomic.read(tmp_path / "folder")
        atomic.replace(preset, os.urandom(8), expected=stamp)
        with pytest.raises(Conflict):
            atomic.create(preset, OLD)
    assert open_descriptors() == before


# Creating


@pytest.mark.parametrize(
    ("mask", "mode", "exact", "result"),
    [
        (0o022, 0o644, False, 0o644),
        (0o077, 0o644, False, 0o600),
        (0o002, 0o666, False, 0o664),
        (0, 0o600, False, 0o600),
        (0o277, 0o600, False, 0o600),
        (0o077, 0o644, True, 0o644),
        (0o022, 0o664, True, 0o664),
    ],
)
def test_a_new_file_has_the_mode_that_was_asked_for(
    tmp_path: Path, set_umask: Callable[[int], int], mask: int, mode: int, exact: bool, result: int
) -> None:
    set_umask(mask)
    stamp = atomic.create(tmp_path / "new", NEW, mode=mode, exact=exact)
    assert (mode_of(tmp_path / "new"), stamp.mode) == (result, result)
    assert stamp == atomic.read(tmp_path / "new").stamp
    assert names(tmp_path) == {"new"}


def test_creating_never_overwrites(preset: Path) -> None:
    with pytest.raises(Conflict, match="there is a file of this name") as caught:
        atomic.create(preset, NEW)
    assert caught.value.actual is not None
    assert caught.value.actual.data == OLD
    assert (preset.read_bytes(), names(preset.parent)) == (OLD, {"mimo-1.json"})


def test_creating_never_overwrites_a_folder_or_a_dangling_link(tmp_path: Path) -> None:
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "dangling.json").symlink_to("nowhere")
    for name in ("folder.json", "dangling.json"):
        with pytest.raises(Conflict, match="no readable file has this name") as caught:
            atomic.create(tmp_path / name, NEW)
        assert caught.value.actual is None
    assert names(tmp_path) == {"folder.json", "dangling.json"}


@pytest.mark.parametrize("hard_links", [True, False])
def test_creating_never_overwrites_what_appears_at_the_last_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hard_links: bool
) -> None:
    path = tmp_path / "new.json"
    link = os.link

    def late(source: Path, target: Path) -> None:
        path.write_bytes(b"theirs")
        if not hard_links:
            raise OSError(errno.EPERM, "Operation not permitted")
        link(source, target)

    monkeypatch.setattr(os, "link", late)
    with pytest.raises(Conflict) as caught:
        atomic.create(path, NEW)
    assert caught.value.actual is not None
    assert (path.read_bytes(), names(tmp_path)) == (b"theirs", {"new.json"})


def test_a_file_is_created_where_there_are_no_hard_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(source: Path, target: Path) -> None:
        raise OSError(errno.ENOTSUP, "Operation not supported")

    monkeypatch.setattr(os, "link", refuse)
    stamp = atomic.create(tmp_path / "new", NEW)
    assert stamp == atomic.read(tmp_path / "new").stamp
    assert names(tmp_path) == {"new"}


def test_a_failed_creation_leaves_nothing_where_there_are_no_hard_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(source: Path, target: Path) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refuse)
    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(SaveFailed):
        atomic.create(tmp_path / "new", NEW)
    assert names(tmp_path) == set()


def test_creating_in_a_folder_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(SaveFailed, match=r"new\.json stays as it was: No such file or directory") as caught:
        atomic.create(tmp_path / "absent" / "new.json", NEW)
    assert caught.value.step == Step.FIND


# Removing


def test_a_removed_file_is_gone(preset: Path) -> None:
    atomic.remove(preset, expected=atomic.read(preset).stamp)
    assert names(preset.parent) == set()


def test_a_file_that_changed_is_not_removed(preset: Path) -> None:
    expected = atomic.read(preset).stamp
    preset.write_bytes(NEW)
    with pytest.raises(Conflict):
        atomic.remove(preset, expected=expected)
    assert preset.read_bytes() == NEW


# Owners, attributes


class NotPermitted:
    """`os.fchown` of a user who may not give files away, or not to this group."""

    def __init__(self, *, owner: bool, group: bool) -> None:
        self.owner, self.group = owner, group

    def __call__(self, descriptor: int, owner: int, group: int) -> None:
        if (owner != -1 and not self.owner) or (group != -1 and not self.group):
            raise PermissionError(errno.EPERM, "Operation not permitted")


@pytest.mark.skipif(os.getuid() != 0, reason="only root can make a file of somebody else to begin with")
@pytest.mark.parametrize(
    ("mode", "group_kept", "result"),
    [
        (0o660, False, 0o600),
        (0o664, False, 0o644),
        (0o640, False, 0o600),
        (0o666, False, 0o666),
        (0o640, True, 0o640),
        (0o4755, True, 0o755),
    ],
)
def test_where_the_owner_cannot_be_kept_nobody_new_is_let_in(
    preset: Path, monkeypatch: pytest.MonkeyPatch, mode: int, group_kept: bool, result: int
) -> None:
    os.chown(preset, 12345, 54321)
    preset.chmod(mode)
    monkeypatch.setattr(os, "fchown", NotPermitted(owner=False, group=group_kept))
    atomic.replace(preset, NEW, expected=atomic.read(preset).stamp)
    assert (preset.read_bytes(), mode_of(preset)) == (NEW, result)


def test_a_disk_without_attributes_can_be_saved_to(preset: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsupported(target: Path) -> list[str]:
        raise OSError(errno.ENOTSUP, "Operation not supported")

    monkeypatch.setattr(os, "listxattr", unsupported)
    atomic.replace(preset, NEW, expected=atomic.read(preset).stamp)
    assert preset.read_bytes() == NEW


# Locks


def test_a_save_waits_for_another_that_holds_the_folder(preset: Path) -> None:
    entered, leave, done = threading.Event(), threading.Event(), threading.Event()
    expected = atomic.read(preset).stamp

    def hold() -> None:
        with atomic.lock(preset.parent):
            entered.set()
            leave.wait(10)
            assert not done.is_set()

    def change() -> None:
        atomic.replace(preset, NEW, expected=expected)
        done.set()

    holder, changer = threading.Thread(target=hold), threading.Thread(target=change)
    holder.start()
    assert entered.wait(10)
    with pytest.raises(BlockingIOError), atomic.lock(preset.parent, wait=False):
        pass
    changer.start()
    assert not done.wait(0.05)
    leave.set()
    holder.join(10)
    changer.join(10)
    assert preset.read_bytes() == NEW


@pytest.mark.parametrize("code", [errno.EBADF, errno.ENOLCK, errno.ENOTSUP])
def test_a_disk_without_locks_can_be_saved_to(
    preset: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    import fcntl

    def refuse(descriptor: int, operation: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(fcntl, "flock", refuse)
    atomic.replace(preset, NEW, expected=atomic.read(preset).stamp)
    assert preset.read_bytes() == NEW


@pytest.mark.parametrize("code", [errno.EINVAL, errno.ENOTSUP])
def test_a_disk_that_flushes_no_folders_can_be_saved_to(
    preset: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    fsync = os.fsync

    def refuse(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(code, os.strerror(code))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", refuse)
    atomic.replace(preset, NEW, expected=atomic.read(preset).stamp)
    assert preset.read_bytes() == NEW


# Sweeping


def test_sweeping_removes_strays_and_nothing_else(preset: Path) -> None:
    folder = preset.parent
    strays = {stray(folder), stray(folder, "n" * 96, dead_process()), stray(folder, ".env", os.getpid())}
    others = (
        ".mimo-1.json.swp",
        ".mimo-1.json.12-0123456789ab.mimo-tmp.json",
        "mimo-1.json.12-0123456789ab.mimo-tmp",
        ".mimo-1.json.x-0123456789ab.mimo-tmp",
        ".mimo-1.json.12-0123456789AB.mimo-tmp",
        ".mimo-tmp",
    )
    for name in others:
        (folder / name).write_bytes(b"")
    (folder / ".x.12-0123456789ab.mimo-tmp").mkdir()
    (folder / ".y.12-0123456789ab.mimo-tmp").symlink_to(preset)
    assert set(atomic.sweep(folder)) == strays
    assert names(folder) == {
        *others,
        "mimo-1.json",
        ".x.12-0123456789ab.mimo-tmp",
        ".y.12-0123456789ab.mimo-tmp",
    }


def test_sweeping_reaches_the_folder_that_a_link_names(tmp_path: Path) -> None:
    saved, shared = tmp_path / "saved", tmp_path / "shared"
    saved.mkdir()
    shared.mkdir()
    (shared / "x.json").write_bytes(OLD)
    (saved / "x.json").symlink_to("../shared/x.json")
    lost = stray(shared, "x.json")
    assert atomic.sweep(saved) == (lost.resolve(),)
    assert names(shared) == {"x.json"}


def test_sweeping_a_folder_that_is_not_there_does_nothing(tmp_path: Path) -> None:
    assert atomic.sweep(tmp_path / "absent") == ()


def test_sweeping_leaves_the_temp_of_a_save_that_is_going_on(preset: Path) -> None:
    living = stray(preset.parent, process=os.getpid())
    with atomic.lock(preset.parent):
        assert atomic.sweep(preset.parent) == ()
    assert living.exists()


def test_without_locks_only_an_old_temp_of_a_dead_process_is_a_stray(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    def refuse(descriptor: int, operation: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", refuse)
    dead = dead_process()
    young = stray(tmp_path, "young", dead)
    old = stray(tmp_path, "old", dead)
    alive = stray(tmp_path, "alive", os.getpid())
    for path in (old, alive):
        past = path.stat().st_mtime - HOURS_AGO
        os.utime(path, (past, past))
    assert atomic.sweep(tmp_path) == (old,)
    assert young.exists()
    assert alive.exists()


# What is said


def test_an_error_names_the_file_in_text_that_a_terminal_can_show(tmp_path: Path) -> None:
    path = tmp_path / "x\x1b[31m.json"
    path.write_bytes(OLD)
    path.chmod(0o444)
    with pytest.raises(SaveFailed) as caught:
        atomic.replace(path, NEW, expected=atomic.read(path).stamp)
    assert "\x1b" not in str(caught.value)
    assert re.search(r"x␛\[31m\.json stays as it was: Permission denied \(while asking", str(caught.value))


def test_an_interrupted_save_leaves_the_old_bytes_and_no_temp(
    preset: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        atomic.replace(preset, NEW, expected=atomic.read(preset).stamp)
    assert (preset.read_bytes(), names(preset.parent)) == (OLD, {"mimo-1.json"})
