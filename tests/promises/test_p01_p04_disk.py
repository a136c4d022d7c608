"""Promises 1 to 5: a save is the old bytes or the new ones, flushed, private, said aloud when it fails.

`kill_everywhere` and `kill_at_random` run in a process of their own, which forks once for every kill: a fork
of a process without threads is quick and safe, one of pytest's is neither.
"""

import errno
import fcntl
import json
import os
import random
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mimo_tui.store import atomic, changes
from mimo_tui.store.atomic import SaveFailed, Step
from mimo_tui.store.history import History, HistoryError, on_disk

ROOT = Path(__file__).parents[2]
HERE = "tests.promises.test_p01_p04_disk"
Reached = Callable[[str, str], None]
# Every function by which the modules under test, and the parts of pathlib that they use, reach the system.
CALLS = (
    *(
        "open",
        "read",
        "write",
        "close",
        "lseek",
        "ftruncate",
        "fsync",
        "fstat",
        "stat",
        "lstat",
        "readlink",
        "access",
    ),
    *("scandir", "mkdir", "link", "symlink", "unlink", "replace", "rename", "fchmod", "fchown"),
    *("listxattr", "getxattr", "setxattr"),
)
LONGEST_LIFE = 20_000_000  # ns, some saves
TEMPORARY = re.compile(r"\..+\.\d+-[0-9a-f]{12}\.mimo-tmp")
NAMES = ("mimo-1.json", ".env", "config.toml")
MODES = {"mimo-1.json": 0o644, ".env": 0o600, "config.toml": 0o640}


def version(name: str, number: int) -> bytes:
    """Give bytes of which each cut or mixture is seen to be one."""
    lines = [f"{name} {number} {'x' * (number * 37 % 90)} {number}" for _ in range(1 + number * 53 % 400)]
    return "\n".join((str(number), *lines)).encode()


def is_a_version(name: str, data: bytes) -> bool:
    head = data.split(b"\n", 1)[0]
    return head.isdigit() and data == version(name, int(head))


def watch(patch: pytest.MonkeyPatch, before: Callable[[str], None], after: Callable[[str], None]) -> None:
    """Have this thread's calls of the system go through two hooks. What the hooks call is not watched."""
    thread, busy = threading.get_ident(), [False]

    def watched(name: str, real: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **options: object) -> object:
            if busy[0] or threading.get_ident() != thread:
                return real(*arguments, **options)
            run(before, name)
            if name == "close":  # a close that fails has closed all the same
                real(*arguments, **options)
                run(after, name)
                return None
            result = real(*arguments, **options)
            run(after, name)
            return result

        return call

    def run(hook: Callable[[str], None], name: str) -> None:
        busy[0] = True
        try:
            hook(name)
        finally:
            busy[0] = False

    for name in CALLS:
        if hasattr(os, name):
            patch.setattr(os, name, watched(name, getattr(os, name)))
    patch.setattr(fcntl, "flock", watched("flock", fcntl.flock))


def nothing(what: object) -> None:
    """Do nothing."""


# What a person does to a file, and how it may look afterwards


@dataclass(frozen=True)
class Deed:
    act: Callable[[History, Path, atomic.Stamp], object]
    before: int | None  # the version that is there at first
    after: int | None
    in_history: bool = True


def stamp(path: Path) -> atomic.Stamp:
    return atomic.read(path).stamp


def undo_newest(history: History) -> None:
    change = history.next_undo()
    assert change is not None
    changes.undo(history, change)


def new(path: Path) -> bytes:
    return version(path.name, 2)


DEEDS = {
    "replace": Deed(
        lambda _, path, seen: atomic.replace(path, new(path), expected=seen), 1, 2, in_history=False
    ),
    "create": Deed(lambda _, path, seen: atomic.create(path, new(path)), None, 2, in_history=False),
    "remove": Deed(lambda _, path, seen: atomic.remove(path, expected=seen), 1, None, in_history=False),
    "save": Deed(
        lambda history, path, seen: changes.save(history, path, new(path), expected=seen, label="s"), 1, 2
    ),
    "create_file": Deed(
        lambda history, path, seen: changes.create_file(history, path, new(path), label="c"), None, 2
    ),
    "remove_file": Deed(
        lambda history, path, seen: changes.remove_file(history, path, expected=seen, label="r"), 1, None
    ),
    "rename_file": Deed(
        lambda history, path, seen: changes.rename_file(
            history, path, path.with_name("other"), new(path), expected=seen, label="r"
        ),
        1,
        None,
    ),
    "undo": Deed(lambda history, path, seen: undo_newest(history), 2, 1),
}


@dataclass(frozen=True)
class Stage:
    """A folder with one file in a known state, and a history that may know a change of it."""

    root: Path
    path: Path
    history: History
    deed: Deed

    def seen(self) -> atomic.Stamp:
        """Give the stamp of what a person saw before the deed; any, where there is nothing to see."""
        return stamp(self.path) if self.path.exists() else atomic.Stamp("", 0, 0, 0, 0, 0)

    def state(self) -> bytes | None:
        found = on_disk(self.path)
        return None if found is None else found.data

    def wanted(self) -> tuple[bytes | None, bytes | None]:
        def bytes_of(number: int | None) -> bytes | None:
            return None if number is None else version(self.path.name, number)

        return bytes_of(self.deed.before), bytes_of(self.deed.after)

    @property
    def other(self) -> Path:
        return self.path.with_name("other")

    def temps(self) -> list[Path]:
        return [path for path in self.root.rglob("*") if TEMPORARY.fullmatch(path.name)]

    def start(self) -> None:
        """Do what the program does at its start about strays."""
        atomic.sweep(self.path.parent)
        self.history.prune()


def stage(root: Path, deed_name: str, name: str) -> Stage:
    """Set the stage anew. It is built once and copied then, since building may take flushes."""
    deed, path, built = DEEDS[deed_name], root / "files" / name, root.with_name("built")
    history = History(root / "history", now=lambda: datetime.now(UTC))
    if built.exists():
        shutil.rmtree(root)
        shutil.copytree(built, root)
        return Stage(root, path, history, deed)
    path.parent.mkdir(parents=True)
    if deed.before is not None:
        path.write_bytes(version(name, 1))
        path.chmod(MODES[name])
    if deed_name == "undo":
        changes.save(history, path, version(name, 2), expected=stamp(path), label="s")
    shutil.copytree(root, built)
    return Stage(root, path, history, deed)


def check_after_a_kill(here: Stage) -> None:
    """Old bytes or new ones, at most one stray, and nothing that cannot be gone on with."""
    old, new = here.wanted()
    state = here.state()
    assert state in (old, new), "neither the old bytes nor the new ones"
    assert state is None or old is None or atomic.read(here.path).stamp.mode == MODES[here.path.name]
    assert len(here.temps()) <= 1, here.temps()
    here.start()
    assert not here.temps(), "a stray is left after the next start"
    assert not here.history.faults() or state == old
    other = on_disk(here.other)
    assert other is None or other.data == version(here.path.name, 2)
    if not here.deed.in_history:
        return
    # Whatever was killed, undoing all there is to undo leads to the first bytes.
    first = None if old is None else version(here.path.name, 1)
    while (change := here.history.next_undo()) is not None:
        changes.undo(here.history, change)
    assert here.state() == first
    assert not here.other.exists()


def kill_everywhere(folder: str, deed_name: str, name: str) -> None:
    """Kill the deed before its first call of the system, before its second, and so on. Prints how many."""
    os.fsync = nothing  # type: ignore[assignment]  # what a kill leaves does not depend on it; a power cut does
    number = 0
    while True:
        here = stage(Path(folder) / "x", deed_name, name)
        number += 1
        child = os.fork()
        if child == 0:
            die_at(here, number)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            assert os.waitstatus_to_exitcode(status) == 0, "the deed failed without being killed"
            assert here.state() == here.wanted()[1]
            print(number - 1)
            return
        assert os.WTERMSIG(status) == signal.SIGKILL
        check_after_a_kill(here)


def die_at(here: Stage, number: int) -> None:
    seen, expected = [0], here.seen()

    def count(name: str) -> None:
        seen[0] += 1
        if seen[0] == number:
            os.kill(os.getpid(), signal.SIGKILL)

    watch(pytest.MonkeyPatch(), count, nothing)
    status = 1
    try:
        here.deed.act(here.history, here.path, expected)
        status = 0
    finally:
        os._exit(status)


def kill_at_random(folder: str, rounds: str, seed: str) -> None:
    """Kill a process that saves and saves, at moments that nobody chose. Prints how many saves there were."""
    chance = random.Random(int(seed))
    files = {name: Path(folder) / name for name in NAMES}
    for name, path in files.items():
        path.write_bytes(version(name, 0))
        path.chmod(MODES[name])
    saves = 0
    for number in range(int(rounds)):
        name = NAMES[number % len(NAMES)]
        before = files[name].read_bytes()
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            save_for_ever(files[name], chance.randrange(1000), writer)
        os.close(writer)
        os.read(reader, 1)  # it saves by now
        until = time.perf_counter_ns() + chance.randrange(LONGEST_LIFE)
        while time.perf_counter_ns() < until:
            pass
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        os.close(reader)
        assert os.WIFSIGNALED(status), "the saver ended by itself"
        assert is_a_version(name, files[name].read_bytes()), f"round {number}: {name} is neither old nor new"
        assert stat.S_IMODE(files[name].stat().st_mode) == MODES[name]
        strays = {path.name for path in Path(folder).iterdir()} - set(NAMES)
        assert len(strays) <= 1, strays
        assert all(TEMPORARY.fullmatch(stray) for stray in strays), strays
        atomic.sweep(Path(folder))
        assert {path.name for path in Path(folder).iterdir()} == set(NAMES)
        saves += files[name].read_bytes() != before
    print(saves)


def save_for_ever(path: Path, number: int, writer: int) -> None:
    try:
        os.write(writer, b"r")
        expected = stamp(path)
        while True:
            number += 1
            expected = atomic.replace(path, version(path.name, number), expected=expected)
    finally:
        os._exit(1)


def in_a_process(function: str, *arguments: object) -> int:
    """Run one of the functions above in a fresh process and give the number that it prints."""
    code = f"import sys; from {HERE} import {function}; {function}(*sys.argv[1:])"
    ran = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return int(ran.stdout)


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Path]:
    """Give a folder in memory where there is one: a thousand stages are set, and none needs a disk."""
    if not os.access("/dev/shm", os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir="/dev/shm") as name:
        yield Path(name)


# Promise 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kill -9 is for POSIX")
@pytest.mark.parametrize("deed", DEEDS)
def test_a_deed_killed_at_every_call_of_the_system_leaves_old_or_new(
    memory: Path, reached: Reached, deed: str
) -> None:
    kills = in_a_process("kill_everywhere", memory, deed, "mimo-1.json")
    assert kills > 15
    reached(
        "1",
        f"{deed}: killed before each of {kills} calls of the system: 0 torn files, 0 strays after a start",
    )


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kill -9 is for POSIX")
@pytest.mark.parametrize("name", NAMES[1:])
def test_so_it_is_for_the_keys_and_the_settings(memory: Path, name: str) -> None:
    assert in_a_process("kill_everywhere", memory, "replace", name) > 30


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kill -9 is for POSIX")
@pytest.mark.parametrize("rounds", [50, pytest.param(1000, marks=pytest.mark.long)])
def test_a_save_killed_at_a_random_moment_leaves_old_or_new(
    tmp_path: Path, reached: Reached, rounds: int
) -> None:
    saves = in_a_process("kill_at_random", tmp_path, rounds, 20261123)
    assert saves > rounds / 4  # else the kills came before anything was saved
    reached("1", f"{rounds} kills at random moments: 0 torn files, at most 1 stray each, 0 after a start")


# Promise 2


def test_every_save_writes_flushes_renames_and_flushes_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mimo-1.json"
    path.write_bytes(version("mimo-1.json", 1))
    expected = stamp(path)
    seen: list[str] = []
    write, fsync, replace = os.write, os.fsync, os.replace

    def name_of(descriptor: int) -> str:
        status = os.fstat(descriptor)
        return (
            "folder"
            if stat.S_ISDIR(status.st_mode)
            else "temp"
            if status.st_ino != expected.inode
            else "target"
        )

    def seen_write(descriptor: int, data: bytes) -> int:
        seen.append(f"write {name_of(descriptor)}")
        return write(descriptor, data)

    def seen_fsync(descriptor: int) -> None:
        seen.append(f"fsync {name_of(descriptor)}")
        fsync(descriptor)

    def seen_replace(source: Path, target: Path) -> None:
        assert TEMPORARY.fullmatch(source.name)
        assert (source.parent, target) == (path.parent, path)
        seen.append("rename")
        replace(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", seen_write)
        patch.setattr(os, "fsync", seen_fsync)
        patch.setattr(os, "replace", seen_replace)
        atomic.replace(path, version("mimo-1.json", 2), expected=expected)
    assert seen == ["write temp", "fsync temp", "rename", "fsync folder"]


STRACE = shutil.which("strace")
TRACED = "openat,write,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat"


def may_trace() -> bool:
    return (
        STRACE is not None
        and subprocess.run([STRACE, "-o", os.devnull, "true"], capture_output=True, check=False).returncode
        == 0
    )


@pytest.mark.skipif(not may_trace(), reason="strace is not installed, or not allowed here")
@pytest.mark.parametrize("name", NAMES)
def test_the_system_sees_a_save_in_this_order(tmp_path: Path, reached: Reached, name: str) -> None:
    path, trace = tmp_path / name, tmp_path / "trace"
    path.write_bytes(version(name, 1))
    code = (
        "import sys; from pathlib import Path; from mimo_tui.store import atomic; path = Path(sys.argv[1]);"
        "atomic.replace(path, b'new', expected=atomic.read(path).stamp)"
    )
    command = [str(STRACE), "-f", "-y", "-s", "16", "-e", f"trace={TRACED}", "-o", str(trace)]
    subprocess.run([*command, sys.executable, "-c", code, str(path)], cwd=ROOT, check=True, timeout=60)
    assert path.read_bytes() == b"new"
    temp = rf"{re.escape(str(tmp_path))}/\.{re.escape(name)}\.\d+-[0-9a-f]{{12}}\.mimo-tmp"
    folder = re.escape(str(tmp_path))
    order = [
        rf'openat\(.*"{temp}", .*O_WRONLY.*O_CREAT.*O_EXCL.*, 0600\)',
        rf"write\(\d+<{temp}>, \"new\", 3\) += 3",
        rf"fsync\(\d+<{temp}>\) += 0",
        rf'rename\w*\(.*"{temp}", .*"{re.escape(str(path))}".*\) += 0',
        rf"fsync\(\d+<{folder}>\) += 0",
    ]
    lines = [line for line in trace.read_text().splitlines() if str(tmp_path) in line]
    found = [next((i for i, line in enumerate(lines) if re.search(each, line)), None) for each in order]
    assert None not in found, "\n".join(lines)
    assert found == sorted(found, key=lambda place: place or 0), "\n".join(lines)
    assert sum("write(" in line for line in lines) == 1  # nothing is written after the flush
    reached("2", "write, fsync(temp), rename, fsync(folder) in the trace of strace")


# Promise 3

OTHERS = (errno.ENOSPC, errno.EROFS, errno.EDQUOT)
ERRORS = (errno.EIO, errno.EACCES, *OTHERS)


def failing(code: int) -> OSError:
    return OSError(code, os.strerror(code))


@dataclass(frozen=True)
class Fault:
    """The `number`-th call of a function fails."""

    step: Step
    function: str
    number: int = 1

    def arm(self, patch: pytest.MonkeyPatch, code: int) -> None:
        module = fcntl if self.function == "flock" else os
        real, seen = getattr(module, self.function), [0]

        def call(*arguments: object, **options: object) -> object:
            seen[0] += 1
            if seen[0] == self.number:
                raise failing(code)
            return real(*arguments, **options)

        patch.setattr(module, self.function, call)


FAULTS = {
    "lock": Fault(Step.LOCK, "flock"),
    "open the folder": Fault(Step.LOCK, "open"),
    "open the file": Fault(Step.READ, "open", 2),
    "read": Fault(Step.READ, "read"),
    "open the temp": Fault(Step.OPEN, "open", 3),
    "write": Fault(Step.WRITE, "write"),
    "list attributes": Fault(Step.KEEP, "listxattr"),
    "copy an attribute": Fault(Step.KEEP, "setxattr"),
    "give the mode": Fault(Step.KEEP, "fchmod"),
    "flush the temp": Fault(Step.FLUSH, "fsync"),
    "look again": Fault(Step.READ, "open", 4),
    "rename": Fault(Step.PLACE, "replace"),
    "flush the folder": Fault(Step.CONFIRM, "fsync", 2),
}


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / ".env"
    path.write_bytes(version(".env", 1))
    path.chmod(0o600)
    try:
        os.setxattr(path, "user.note", b"kept")
    except OSError:
        pytest.skip("no extended attributes here")
    return path


@pytest.mark.parametrize("code", ERRORS, ids=errno.errorcode.__getitem__)
@pytest.mark.parametrize("step", FAULTS)
def test_a_failing_step_loses_nothing_and_is_said(
    saved: Path, monkeypatch: pytest.MonkeyPatch, step: str, code: int
) -> None:
    fault, draft = FAULTS[step], version(".env", 2)
    expected = stamp(saved)
    with monkeypatch.context() as patch:
        fault.arm(patch, code)
        with pytest.raises(SaveFailed) as caught:
            atomic.replace(saved, draft, expected=expected)
    placed = fault.step is Step.CONFIRM
    assert saved.read_bytes() == (draft if placed else version(".env", 1))
    assert [path.name for path in saved.parent.iterdir()] == [".env"]
    assert (caught.value.step, caught.value.cause.errno, caught.value.placed) == (fault.step, code, placed)
    assert str(saved) in str(caught.value)
    assert os.strerror(code) in str(caught.value)
    assert ("is changed" in str(caught.value)) is placed
    # Once the disk is well again, the same draft is saved.
    atomic.replace(saved, draft, expected=stamp(saved))
    assert saved.read_bytes() == draft
    assert os.getxattr(saved, "user.note") == b"kept"


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EIO], ids=errno.errorcode.__getitem__)
def test_a_disk_that_fills_up_in_the_middle_loses_nothing(
    saved: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    write, taken = os.write, [0]

    def fill_up(descriptor: int, data: memoryview) -> int:
        if taken[0] >= 100:
            raise failing(code)
        taken[0] += 10
        return write(descriptor, data[:10])

    expected = stamp(saved)
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", fill_up)
        with pytest.raises(SaveFailed, match=re.escape(os.strerror(code))):
            atomic.replace(saved, version(".env", 2), expected=expected)
    assert saved.read_bytes() == version(".env", 1)
    assert [path.name for path in saved.parent.iterdir()] == [".env"]


def test_short_writes_are_gone_on_with(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:7]))
    atomic.replace(saved, version(".env", 2), expected=stamp(saved))
    assert saved.read_bytes() == version(".env", 2)


def test_a_disk_that_takes_nothing_is_no_endless_loop(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "write", lambda descriptor, data: 0)
    with pytest.raises(SaveFailed, match="took no more bytes"):
        atomic.replace(saved, version(".env", 2), expected=stamp(saved))
    assert saved.read_bytes() == version(".env", 1)


@pytest.mark.parametrize(
    "code", [errno.EIO, errno.EACCES, *(pytest.param(code, marks=pytest.mark.long) for code in OTHERS)]
)
@pytest.mark.parametrize("deed", DEEDS)
def test_an_error_at_any_call_of_the_system_loses_nothing(
    memory: Path, reached: Reached, deed: str, code: int
) -> None:
    """Whichever call fails, the person gets a SaveFailed or a finished deed, and never a half one."""
    number = failures = 0
    while True:
        number += 1
        here = stage(memory / "x", deed, "mimo-1.json")
        old, new = here.wanted()
        failure, calls = attempt(here, number, code)
        undone = failure is not None and not (isinstance(failure, SaveFailed) and failure.placed)
        if isinstance(failure, SaveFailed) and failure.placed and failure.path == here.other:
            new = old  # the new name was not confirmed, so the old one stays too
        assert here.state() == (old if undone else new), (number, failure)
        assert len(here.temps()) <= 1
        here.start()
        assert not here.temps()
        failures += failure is not None
        if failure:
            assert os.strerror(code) in str(failure)
            assert isinstance(failure, HistoryError) or str(failure.path) in str(failure)
            stays = getattr(failure, "__notes__", [""])[0].startswith("The new file stays: ")
            assert not undone or here.other.exists() is stays
        if calls < number:
            break
    assert failures > 10
    reached("3", f"{deed}: each of {number - 1} calls of the system failed with each error: 0 bytes lost")


def attempt(here: Stage, number: int, code: int) -> tuple[SaveFailed | HistoryError | None, int]:
    seen, expected = [0], here.seen()

    def fail(name: str) -> None:
        seen[0] += 1
        if seen[0] == number:
            raise failing(code)

    def fail_after_closing(name: str) -> None:
        if name == "close":
            fail(name)

    def fail_unless_closing(name: str) -> None:
        if name != "close":
            fail(name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", nothing)  # that it is called counts here, not that it is done
        watch(patch, fail_unless_closing, fail_after_closing)
        try:
            here.deed.act(here.history, here.path, expected)
        except (SaveFailed, HistoryError) as failure:
            return failure, seen[0]
    return None, seen[0]


# Promise 4


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o660, 0o604, 0o666, 0o200 | 0o440])
@pytest.mark.parametrize("mask", [0, 0o022, 0o077])
def test_the_temp_is_never_more_readable_than_its_target(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reached: Reached, mode: int, mask: int
) -> None:
    path = tmp_path / ".env"
    path.write_bytes(version(".env", 1))
    path.chmod(mode)
    expected = stamp(path)
    seen: set[int] = set()

    def look(name: str) -> None:
        for found in tmp_path.iterdir():
            if TEMPORARY.fullmatch(found.name):
                seen.add(stat.S_IMODE(found.stat().st_mode))

    before = os.umask(mask)
    try:
        with monkeypatch.context() as patch:
            watch(patch, look, look)
            atomic.replace(path, version(".env", 2), expected=expected)
    finally:
        os.umask(before)
    assert 0o600 in seen  # from birth
    reached("4", f"target {mode:04o}, umask {mask:03o}: temp never wider, 0600 from birth")
    assert all(not found & 0o077 & ~mode for found in seen), [oct(found) for found in seen]
    assert stat.S_IMODE(path.stat().st_mode) == mode


@pytest.mark.parametrize("function", [atomic.create, None])
def test_a_new_env_and_all_snapshots_are_private_from_birth_under_umask_0(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: object
) -> None:
    path = tmp_path / "files" / ".env"
    path.parent.mkdir()
    history = History(tmp_path / "history", now=lambda: datetime.now(UTC))
    wide: list[tuple[Path, str]] = []

    def look(name: str) -> None:
        for found in (*path.parent.iterdir(), history.directory, *history.directory.rglob("*")):
            if found.exists() and found.stat().st_mode & 0o077:
                wide.append((found, name))  # noqa: PERF401

    before = os.umask(0)
    try:
        with monkeypatch.context() as patch:
            watch(patch, look, look)
            if function is None:
                changes.create_file(history, path, b"MIMO_API_KEY=sk-fake\n", label="new .env", mode=0o600)
            else:
                atomic.create(path, b"MIMO_API_KEY=sk-fake\n", mode=0o600)
    finally:
        os.umask(before)
    assert wide == []
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


# Promise 5


def test_saving_without_a_change_writes_nothing_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reached: Reached
) -> None:
    path = tmp_path / "mimo-1.json"
    path.write_bytes(json.dumps({"name": "mimo-1"}).encode())
    os.utime(path, ns=(10**18, 10**18))
    before = path.stat()
    history = History(tmp_path / "history", now=lambda: datetime.now(UTC))
    seen: list[str] = []
    with monkeypatch.context() as patch:
        watch(patch, seen.append, nothing)
        content = atomic.read(path)
        atomic.replace(path, content.data, expected=content.stamp)
        assert changes.save(history, path, content.data, expected=content.stamp, label="x").change is None
    after = path.stat()
    same = (after.st_mtime_ns, after.st_ctime_ns, after.st_ino)
    assert same == (before.st_mtime_ns, before.st_ctime_ns, before.st_ino)
    assert not {"write", "replace", "mkdir", "unlink", "fchmod"} & set(seen)
    assert [entry.name for entry in tmp_path.iterdir()] == ["mimo-1.json"]
    reached("5", "open and save without a change: 0 writes, same mtime and inode")
