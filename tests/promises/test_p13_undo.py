"""Promise 13: undo leads back to the first bytes and mode, and every snapshot can be restored."""

import os
import random
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mimo_tui.store import atomic, changes
from mimo_tui.store.history import History

State = dict[str, tuple[bytes, int, str | None]]
MODES = (0o600, 0o640, 0o644, 0o664, 0o755)
NAMES = tuple(f"{stem}.json" for stem in ("a", "b", "c", "預設", "link", "e f"))
DEEDS = ("save", "save", "save", "save", "create", "remove", "rename", "mode")


def state_of(folder: Path) -> State:
    """Give name, bytes, mode and link text of everything in the folder."""
    return {
        path.name: (
            path.read_bytes(),
            stat.S_IMODE(path.stat().st_mode),
            os.readlink(path) if path.is_symlink() else None,  # noqa: PTH115 the text as it is
        )
        for path in folder.iterdir()
    }


def some_bytes(chance: random.Random) -> bytes:
    return chance.choice([b"", b"\r\n", "中文".encode(), chance.randbytes(chance.randrange(200)), b"{}\n"])


def do_something(chance: random.Random, history: History, folder: Path) -> None:
    """Make one change, so that it is one step of undo."""
    while True:
        path = folder / chance.choice(NAMES)
        deed = chance.choice(DEEDS)
        data = some_bytes(chance)
        if not os.path.lexists(path):
            if deed == "create":
                mode = chance.choice(MODES)
                changes.create_file(history, path, data, label=deed, mode=mode, exact=chance.random() < 0.5)
                return
            continue
        expected = atomic.read(path).stamp
        match deed:
            case "save" if changes.save(history, path, data, expected=expected, label=deed).change:
                return
            case "mode" if changes.save(
                history, path, data, expected=expected, label=deed, mode=chance.choice(MODES)
            ).change:
                return
            case "remove":
                changes.remove_file(history, path, expected=expected, label=deed)
                return
            case "rename" if not os.path.lexists(other := folder / chance.choice(NAMES)):
                changes.rename_file(history, path, other, data, expected=expected, label=deed)
                return


def set_stage(chance: random.Random, root: Path) -> tuple[Path, History]:
    folder = root / "saved"
    folder.mkdir(parents=True)
    (root / "shared").mkdir()
    (root / "shared" / "x.json").write_bytes(b"shared")
    for name in NAMES[:3]:
        (folder / name).write_bytes(some_bytes(chance))
        (folder / name).chmod(chance.choice(MODES))
    (folder / "link.json").symlink_to("../shared/x.json")
    return folder, History(root / "history", now=lambda: datetime.now(UTC))


def undo(history: History) -> bool:
    change = history.next_undo()
    if change is None:
        return False
    assert changes.undo(history, change)
    return True


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Path]:
    """Give a folder in memory where there is one: the rounds need bytes and modes, and no disk."""
    if not os.access("/dev/shm", os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir="/dev/shm") as name:
        yield Path(name)


@pytest.fixture
def unflushed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the flushes out: a thousand rounds take 800,000, and they change no byte that a reader sees."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


@pytest.mark.parametrize("rounds", [20, pytest.param(1000, marks=pytest.mark.long)])
@pytest.mark.usefixtures("unflushed")
def test_fifty_edits_and_fifty_undos_give_the_first_bytes_and_modes_back(
    memory: Path, reached: Callable[[str, str], None], rounds: int
) -> None:
    for number in range(rounds):
        chance = random.Random(number)
        folder, history = set_stage(chance, memory / str(number))
        shared = folder.parent / "shared"
        states = [(state_of(folder), state_of(shared))]
        for _ in range(50):
            do_something(chance, history, folder)
            states.append((state_of(folder), state_of(shared)))
        for before in reversed(states[:-1]):
            assert undo(history)
            assert (state_of(folder), state_of(shared)) == before, f"round {number}"
        assert not undo(history)
        assert history.faults() == ()
        shutil.rmtree(memory / str(number))
    reached(
        "13",
        f"{rounds} x (50 random changes, 50 undos): every state on the way back byte for byte, modes too",
    )


@pytest.mark.parametrize("rounds", [3, pytest.param(100, marks=pytest.mark.long)])
@pytest.mark.usefixtures("unflushed")
def test_undo_redo_and_new_edits_in_any_order_lose_no_state(memory: Path, rounds: int) -> None:
    for number in range(rounds):
        chance = random.Random(1000 + number)
        folder, history = set_stage(chance, memory / str(number))
        states, at = [state_of(folder)], 0
        for _ in range(60):
            deed = chance.choice(["do", "undo", "undo", "redo"])
            if deed == "do":
                do_something(chance, history, folder)
                states[at + 1 :] = [state_of(folder)]
                at += 1
            elif deed == "undo":
                assert undo(history) is (at > 0)
                at = max(0, at - 1)
            else:
                change = history.next_redo()
                assert (change is not None) is (at < len(states) - 1)
                if change is not None:
                    changes.undo(history, change)
                    at += 1
            assert state_of(folder) == states[at], f"round {number}"


@pytest.mark.usefixtures("unflushed")
def test_any_snapshot_is_restored_byte_for_byte_and_that_can_be_undone(
    memory: Path, reached: Callable[[str, str], None]
) -> None:
    chance = random.Random(13)
    folder, history = set_stage(chance, memory)
    for _ in range(50):
        do_something(chance, history, folder)
    end, restored = state_of(folder), 0
    for change in history.changes():
        for version in (change.before, change.after):
            present = atomic.read(change.path).stamp if os.path.lexists(change.path) else None
            made = changes.restore(history, change.path, version, expected=present, label="restore")
            if version is None:
                assert not os.path.lexists(change.path)
            else:
                assert change.path.read_bytes() == history.content(version)
                assert atomic.digest(change.path.read_bytes()) == version.digest
            if made is not None:
                changes.undo(history, made)
                restored += 1
            assert state_of(folder) == end
    assert restored > 50
    reached("13", f"{restored} restores of snapshots: bytes equal, each undone again")
