"""Promises 11 and 12: many writers lose nothing, and what another program did is always noticed."""

import json
import os
import random
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from mimo_tui.store import atomic, changes
from mimo_tui.store.atomic import Conflict
from mimo_tui.store.history import History
from tests.promises.test_p01_p04_disk import ROOT, nothing, watch

WAYS = ("in place", "in place, same time", "renamed over", "renamed over, same time", "longer", "gone")
HERE = "tests.promises.test_p11_p12_concurrency"
Reached = Callable[[str, str], None]


def save_often(name: str, key: str, times: str) -> None:
    """Raise our own number in the file `times` times, again after a conflict. Prints how many conflicts."""
    path, conflicts, done = Path(name), 0, 0
    sys.stdin.readline()  # all begin at once
    while done < int(times):
        content = atomic.read(path)
        counts = json.loads(content.data)
        counts[key] += 1
        try:
            atomic.replace(path, json.dumps(counts, indent=2).encode(), expected=content.stamp)
        except Conflict:
            conflicts += 1
        else:
            done += 1
    print(conflicts)


# Promise 11


@pytest.mark.parametrize(
    ("processes", "times"), [(4, 25), pytest.param(8, 200, marks=pytest.mark.long)], ids=["4x25", "8x200"]
)
def test_many_processes_saving_one_file_lose_no_edit(
    tmp_path: Path, reached: Reached, processes: int, times: int
) -> None:
    path = tmp_path / "mimo-1.json"
    keys = [f"writer-{number}" for number in range(processes)]
    path.write_text(json.dumps(dict.fromkeys(keys, 0), indent=2))
    code = f"import sys; from {HERE} import save_often; save_often(*sys.argv[1:])"
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(path), key, str(times)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for key in keys
    ]
    over, reads, broken = threading.Event(), [0], list[str]()

    def poll() -> None:
        while not over.is_set():
            try:
                json.loads(path.read_bytes())
            except (OSError, ValueError) as error:
                broken.append(str(error))
            reads[0] += 1

    reader = threading.Thread(target=poll)
    reader.start()
    try:
        for writer in writers:
            assert writer.stdin is not None
            writer.stdin.write("go\n")
            writer.stdin.flush()
        conflicts = sum(int(writer.communicate(timeout=300)[0]) for writer in writers)
    finally:
        over.set()
        reader.join(30)
        for writer in writers:
            writer.kill()
            writer.wait()
    assert [writer.returncode for writer in writers] == [0] * processes
    assert json.loads(path.read_bytes()) == dict.fromkeys(keys, times)
    assert broken == []
    assert reads[0] > 100
    assert [entry.name for entry in tmp_path.iterdir()] == ["mimo-1.json"]
    reached(
        "11",
        f"{processes} processes x {times} saves: {processes * times} applied, 0 lost,"
        f" {conflicts} conflicts reported, 0 of {reads[0]} reads failed to parse",
    )


def test_many_threads_creating_one_file_make_it_once(tmp_path: Path) -> None:
    path, made, refused = tmp_path / "new.json", list[int](), list[int]()
    ready = threading.Barrier(8)

    def create(number: int) -> None:
        ready.wait(10)
        try:
            atomic.create(path, str(number).encode())
        except Conflict:
            refused.append(number)
        else:
            made.append(number)

    threads = [threading.Thread(target=create, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (len(made), len(refused)) == (1, 7)
    assert path.read_bytes() == str(made[0]).encode()


# Promise 12


def another_program(chance: random.Random, path: Path, seen: atomic.FileContent) -> bytes | None:
    """Change the file as other programs do, in one of several ways; give what it holds then, or None."""
    at = chance.randrange(len(seen.data))
    same_size = seen.data[:at] + bytes([seen.data[at] ^ 1]) + seen.data[at + 1 :]
    times = (seen.stamp.mtime_ns, seen.stamp.mtime_ns)
    way = chance.choice(WAYS)
    if way == "gone":
        path.unlink()
        return None
    theirs = seen.data + b"\n" if way == "longer" else same_size
    place = path.with_suffix(".theirs") if way.startswith("renamed") else path
    place.write_bytes(theirs)
    if way.endswith("same time"):
        os.utime(place, ns=times)
    if place != path:
        place.replace(path)
    if way == "in place, same time":
        status = path.stat()
        now = (status.st_size, status.st_mtime_ns, status.st_ino)
        assert now == (seen.stamp.size, seen.stamp.mtime_ns, seen.stamp.inode)
    return theirs


@pytest.mark.parametrize("tries", [100, pytest.param(1000, marks=pytest.mark.long)])
def test_what_another_program_changed_is_always_noticed(tmp_path: Path, reached: Reached, tries: int) -> None:
    chance = random.Random(12)
    path = tmp_path / "mimo-1.json"
    for number in range(tries):
        path.write_bytes(f'{{"name": "mimo-{number}", "tier": {chance.random()}}}'.encode())
        seen = atomic.read(path)
        theirs = another_program(chance, path, seen)
        removing = chance.random() < 0.5
        with pytest.raises(Conflict) as caught:
            atomic.remove(path, expected=seen.stamp) if removing else atomic.replace(
                path, b"mine", expected=seen.stamp
            )
        assert theirs == (caught.value.actual and caught.value.actual.data)
        assert theirs == (path.read_bytes() if path.exists() else None)
    reached(
        "12", f"{tries} of {tries} changes by another program noticed, same size and same mtime among them"
    )


def test_a_change_in_the_middle_of_a_save_is_noticed_up_to_the_rename(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program does not know our lock. Whatever it writes before our last look is not overwritten."""
    path, number = tmp_path / "mimo-1.json", 0
    while True:
        number += 1
        path.write_bytes(b"old")
        expected, calls = atomic.read(path).stamp, list[str]()

        def write_theirs(name: str, calls: list[str] = calls, number: int = number) -> None:
            calls.append(name)
            if len(calls) == number:
                path.write_bytes(b"odd")

        with monkeypatch.context() as patch:
            watch(patch, write_theirs, nothing)
            try:
                atomic.replace(path, b"new", expected=expected)
            except Conflict as conflict:
                theirs = conflict.actual
            else:
                break
        assert theirs is not None
        assert (theirs.data, path.read_bytes()) == (b"odd", b"odd")
    # The first moment that goes unnoticed lies after the last look, one or two calls before the rename.
    assert "replace" in calls[number - 1 : number + 2]
    assert number > 20


def test_a_save_with_history_notices_too_and_its_log_does_not_claim_it(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    path = tmp_path / "mimo-1.json"
    path.write_bytes(b"old")
    history = History(tmp_path / "history", now=lambda: datetime.now(UTC))
    seen = atomic.read(path)
    path.write_bytes(b"odd")
    for change in (
        lambda: changes.save(history, path, b"new", expected=seen.stamp, label="s"),
        lambda: changes.remove_file(history, path, expected=seen.stamp, label="r"),
        lambda: changes.create_file(history, path, b"new", label="c"),
        lambda: changes.rename_file(history, path, tmp_path / "x", b"new", expected=seen.stamp, label="n"),
    ):
        with pytest.raises(Conflict):
            change()
    assert history.changes() == ()
    assert (path.read_bytes(), (tmp_path / "x").exists()) == (b"odd", False)
