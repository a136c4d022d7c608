"""The takes on the disk: what is kept of them, what a crash and a full disk leave, and what a clean-up removes."""

import errno
import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mimo_tui.core.diagnosis import Cause, Diagnosis, Retry
from mimo_tui.core.ledger import Cost
from mimo_tui.core.model import ModelKind
from mimo_tui.core.secrets import Secret
from mimo_tui.core.speech.waves import read_wave
from mimo_tui.core.take import SoundFormat, Take
from mimo_tui.core.text import clean
from mimo_tui.core.usage import Usage
from mimo_tui.store import takes_folder
from mimo_tui.store.takes import Takes, TakesProblem
from mimo_tui.store.takes_passing import PassingTakes

ROOT = Path(__file__).parents[2]
AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
RATE = 24_000
SOUND = bytes(range(256)) * 375
"""Two seconds."""
KEY = "sk-0123456789abcdefghij"
MP3 = b"\xff\xfb\x90\x00" + bytes(413)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "takes"


@pytest.fixture
def takes(folder: Path) -> Iterator[Takes]:
    with closing(Takes(folder, lambda: AT)) as found:
        yield found


def again(folder: Path) -> Takes:
    """The takes as another program, or a later run, finds them."""
    return Takes(folder, lambda: AT)


def order(text: str = "Good morning.", **changes: object) -> Take:
    take = Take("", AT, ModelKind.SPEECH, clean("mimo-v2.5-tts"), text, rate=RATE, voice=clean("Mia"))
    return replace(take, **changes)  # type: ignore[arg-type]


def spoken(takes: Takes, sound: bytes = SOUND, **changes: object) -> Take:
    """A take that was spoken to its end."""
    take = takes.begin(order(**changes))  # type: ignore[arg-type]
    takes.grow(take.id, sound)
    seconds = len(sound) / 2 / RATE
    return takes.end(replace(take, complete=True, seconds=seconds))


def aged(folder: Path) -> None:
    """Have all that is there ended an hour ago, one take after the other."""
    for number, path in enumerate(sorted(folder.iterdir())):
        os.utime(path, (time.time() - 3600 + number,) * 2)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def failing(code: int) -> OSError:
    return OSError(code, os.strerror(code))


@contextmanager
def full_after(bytes_left: int) -> Iterator[None]:
    """A disk that has room for so many bytes only."""
    write, left = os.write, [bytes_left]

    def fill(descriptor: int, data: bytes) -> int:
        taken = min(len(data), left[0], 1000)
        if not taken:
            raise failing(errno.ENOSPC)
        left[0] -= taken
        return write(descriptor, data[:taken])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "write", fill)
        yield


# What is kept


def test_a_take_comes_back_as_it_was_spoken(takes: Takes, folder: Path) -> None:
    begun = takes.begin(order(style="calm", host=clean("api.xiaomimimo.com"), simulated=True))
    for at in range(0, len(SOUND), 4000):
        takes.grow(begun.id, SOUND[at : at + 4000])
    failure = Diagnosis(Cause.BROKEN_OFF, clean("It broke off."), clean("Again."), "§7", Retry.LATER)
    cost = Cost(Decimal("0.01"), "USD", clean("4 tokens"))
    ended = takes.end(
        replace(
            begun,
            seconds=2.0,
            waveform=(0, 50, 100),
            joins=(1.5,),
            first_sound=0.2,
            usage=Usage(3, 4),
            cost=cost,
            failure=failure,
            notes=(clean("Beware."),),
        )
    )
    (found,) = again(folder).takes()
    assert found == ended
    assert ended.file == f"{begun.id}.wav"
    assert ended.size == takes.path(ended).stat().st_size == 44 + len(SOUND)
    wave = read_wave(again(folder).read(found))
    assert (wave.samples, wave.rate, wave.complete) == (SOUND, RATE, True)
    assert names(folder) == {f"{begun.id}.wav", f"{begun.id}.json"}


def test_an_independent_decoder_reads_what_is_kept(takes: Takes) -> None:
    path = takes.path(spoken(takes))
    samples, rate = soundfile.read(path, dtype="int16")
    assert (samples.tobytes(), rate, soundfile.info(path).channels) == (SOUND, RATE, 1)


def test_nobody_else_may_read_a_take(takes: Takes, folder: Path) -> None:
    growing = takes.begin(order())
    spoken(takes)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    takes.end(growing)


def test_the_newest_take_comes_first_even_when_the_clock_stands_still(takes: Takes, folder: Path) -> None:
    made = [spoken(takes, text=f"{number}") for number in range(5)]
    assert [each.id for each in again(folder).takes()] == [each.id for each in reversed(made)]


def test_a_whole_file_is_kept_as_it_came(takes: Takes, folder: Path) -> None:
    begun = takes.begin(order(format=SoundFormat.MP3))
    ended = takes.end(replace(begun, complete=True), MP3)
    assert ended.file == f"{begun.id}.mp3"
    assert takes.read(ended) == MP3
    assert names(folder) == {f"{begun.id}.mp3", f"{begun.id}.json"}
    assert again(folder).takes() == (ended,)


def test_of_a_take_without_sound_nothing_is_kept(takes: Takes, folder: Path) -> None:
    ended = takes.end(takes.begin(order()))
    assert ended.file == ""
    assert names(folder) == set()
    with pytest.raises(TakesProblem, match="no sound"):
        takes.path(ended)


def test_control_codes_and_keys_never_reach_the_disk(takes: Takes, folder: Path) -> None:
    secret = "a-key-of-another-kind-77"
    hostile = f"\x1b]52;c;AA\x07 {KEY} {secret} \u202e\ud800 [red]x[/]\nsecond line"
    begun = takes.begin(
        order(hostile, style=hostile, preview=hostile, voice=clean(hostile)), [Secret(secret)]
    )
    takes.grow(begun.id, SOUND)
    takes.end(replace(begun, complete=True, notes=(clean(hostile),)))
    for path in folder.glob("*.json"):
        written = path.read_text(encoding="utf-8")
        assert not any(each in written for each in ("\x1b", "\x07", "\u202e", KEY, secret))
    (found,) = again(folder).takes()
    assert found.text.endswith("[red]x[/]\nsecond line")
    assert "••••••" in found.text


def test_what_grows_can_be_read_and_is_in_no_list(takes: Takes, folder: Path) -> None:
    begun = takes.begin(order())
    takes.grow(begun.id, SOUND)
    assert read_wave(takes.read(begun)).samples == SOUND
    assert takes.takes() == again(folder).takes() == ()
    assert takes.delete([begun.id]) == ()
    assert takes.make_room(0) == ()
    ended = takes.end(begun)
    assert takes.takes() == (ended,)
    with pytest.raises(TakesProblem, match="not being spoken"):
        takes.grow(begun.id, SOUND)
    with pytest.raises(TakesProblem, match="not being spoken"):
        takes.end(begun)


# Crashes, and programs beside each other

_PROGRAM = """
import os, sys
from dataclasses import replace
from datetime import datetime, UTC
from pathlib import Path
from mimo_tui.core.model import ModelKind
from mimo_tui.core.take import Take
from mimo_tui.core.text import clean
from mimo_tui.store.takes import Takes
takes = Takes(Path(sys.argv[1]), lambda: datetime.now(UTC))
take = takes.begin(Take("", datetime.now(UTC), ModelKind.SPEECH, clean("m"), "Hello", rate=24000))
takes.grow(take.id, bytes(range(256)) * 375)
print(take.id, flush=True)
sys.stdin.readline()
takes.grow(take.id, bytes(200))
takes.end(replace(take, complete=True, seconds=2.0))
"""


@contextmanager
def another_program(folder: Path) -> "Iterator[tuple[subprocess.Popen[str], str]]":
    """Another program that speaks a take in the same folder, and goes on when it is told."""
    command = [sys.executable, "-c", _PROGRAM, str(folder)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def test_a_killed_program_leaves_a_take_that_is_not_complete_with_its_sound(folder: Path) -> None:
    with another_program(folder) as (process, name):
        process.kill()
        process.wait()
    (found,) = again(folder).takes()
    assert (found.id, found.file, found.complete) == (name, f"{name}.wav", False)
    assert (found.seconds, found.rate, found.size) == (2.0, RATE, 44 + len(SOUND))
    assert found.notes == (takes_folder.CUT_OFF,)
    assert max(found.waveform) == 100
    samples, _ = soundfile.read(folder / found.file, dtype="int16")
    assert samples.tobytes() == SOUND
    assert again(folder).takes() == (found,)
    assert names(folder) == {f"{name}.wav", f"{name}.json"}


def test_a_take_of_another_program_is_left_alone_until_it_ends(takes: Takes, folder: Path) -> None:
    with another_program(folder) as (process, name):
        before = names(folder)
        assert takes.takes() == ()
        assert takes.make_room(0) == takes.delete([name]) == ()
        with pytest.raises(TakesProblem, match="not whole yet"):
            takes.keep(name, kept=True)
        assert names(folder) == before
        process.communicate("\n", timeout=30)
    (found,) = takes.takes()
    assert (found.id, found.complete) == (name, True)
    assert read_wave(takes.read(found)).samples == SOUND + bytes(200)


def test_a_crash_before_any_sound_leaves_nothing(takes: Takes, folder: Path) -> None:
    takes.begin(order())
    takes.close()
    assert again(folder).takes() == ()
    assert names(folder) == set()


def test_a_crash_between_the_last_two_steps_loses_nothing(
    takes: Takes, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = takes.begin(order())
    takes.grow(take.id, SOUND)
    replacing = os.replace

    def no_name(before: Path, after: Path) -> None:
        if str(after).endswith(".wav"):
            raise failing(errno.EIO)
        replacing(before, after)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", no_name)
        with pytest.raises(TakesProblem):
            takes.end(replace(take, complete=True, seconds=2.0))
    takes.close()
    (found,) = again(folder).takes()
    assert (found.complete, found.seconds, found.file) == (True, 2.0, f"{take.id}.wav")
    assert read_wave(again(folder).read(found)).samples == SOUND


def test_a_crash_after_a_whole_file_got_its_name_leaves_one_take(takes: Takes, folder: Path) -> None:
    take = takes.begin(order(format=SoundFormat.MP3))
    (part,) = folder.glob("*.part")
    left = part.read_bytes()
    ended = takes.end(replace(take, complete=True), MP3)
    part.write_bytes(left)
    assert again(folder).takes() == (ended,)
    assert names(folder) == {f"{take.id}.mp3", f"{take.id}.json"}


def test_many_threads_speak_and_list_at_once(takes: Takes, folder: Path) -> None:
    def work(number: int) -> Take:
        take = takes.begin(order(str(number)))
        for at in range(0, 40_000, 10_000):
            takes.grow(take.id, SOUND[at : at + 10_000])
            takes.takes()
        return takes.end(replace(take, complete=True))

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(work, range(16)))
    assert {each.id for each in takes.takes()} == {each.id for each in made}
    assert {takes.read(each)[44:] for each in made} == {SOUND[:40_000]}
    assert not list(folder.glob("*.part"))


# A disk that does not do what it should


def test_a_full_disk_is_said_before_anything_is_spoken(takes: Takes, folder: Path) -> None:
    for room in (0, 44, 200):
        with full_after(room), pytest.raises(TakesProblem, match=r"disk of .* is full") as caught:
            takes.begin(order())
        assert caught.value.is_full
        assert names(folder) == set()


@pytest.mark.parametrize("room", [0, 1, 9_999, 30_001])
def test_sound_that_a_full_disk_did_not_take_is_not_lost(takes: Takes, folder: Path, room: int) -> None:
    take = takes.begin(order())
    told = 0
    with full_after(room):
        for at in range(0, len(SOUND), 5_000):
            try:
                takes.grow(take.id, SOUND[at : at + 5_000])
            except TakesProblem as problem:
                told += problem.is_full
        assert read_wave(takes.read(take)).samples == SOUND
        with pytest.raises(TakesProblem, match="full"):
            takes.end(replace(take, complete=True))
        assert not list(folder.glob("*.wav"))
    assert told
    ended = takes.end(replace(take, complete=True))
    assert read_wave(again(folder).read(ended)).samples == SOUND
    assert again(folder).takes() == (ended,)


def test_what_a_full_disk_took_is_found_after_a_crash(takes: Takes, folder: Path) -> None:
    take = takes.begin(order())
    takes.grow(take.id, SOUND)
    with full_after(100), pytest.raises(TakesProblem):
        takes.grow(take.id, SOUND)
    takes.close()
    with full_after(44):
        (there,) = again(folder).takes()
        assert there.file.endswith(".part")
        assert read_wave(again(folder).read(there)).samples == SOUND
    (found,) = again(folder).takes()
    assert found.file.endswith(".wav")
    assert (found.complete, read_wave(again(folder).read(found)).samples) == (False, SOUND)


def test_a_full_disk_leaves_no_half_of_a_whole_file(takes: Takes, folder: Path) -> None:
    take = takes.begin(order(format=SoundFormat.MP3))
    with full_after(2_000), pytest.raises(TakesProblem, match="full"):
        takes.end(replace(take, complete=True), MP3 * 10)
    assert not list(folder.glob("*.mp3"))
    assert takes.end(replace(take, complete=True), MP3 * 10).size == 4170


@pytest.mark.parametrize("function", ["open", "write", "lseek", "ftruncate", "fsync", "replace"])
@pytest.mark.parametrize("code", [errno.EROFS, errno.EIO], ids=errno.errorcode.__getitem__)
def test_whatever_call_fails_at_the_end_it_can_be_ended_again(
    takes: Takes, folder: Path, monkeypatch: pytest.MonkeyPatch, function: str, code: int
) -> None:
    real = getattr(os, function)
    problems: list[str] = []
    for number in range(1, 20):
        take = takes.begin(order())
        takes.grow(take.id, SOUND)
        seen = [0]

        def call(
            *arguments: object, seen: list[int] = seen, number: int = number, **options: object
        ) -> object:
            seen[0] += 1
            if seen[0] == number:
                raise failing(code)
            return real(*arguments, **options)

        with monkeypatch.context() as patch:
            patch.setattr(os, function, call)
            try:
                ended = takes.end(replace(take, complete=True))
            except TakesProblem as problem:
                problems.append(str(problem))
                ended = None
        ended = ended or takes.end(replace(take, complete=True))
        assert read_wave(takes.read(ended)).samples == SOUND
        if seen[0] < number:
            break
    assert problems
    assert all(os.strerror(code) in each for each in problems)
    assert not list(folder.glob("*.part"))
    assert all(each.complete for each in again(folder).takes())


def test_a_folder_that_cannot_be_made_is_said(folder: Path) -> None:
    folder.parent.mkdir()
    folder.write_text("a file")
    with pytest.raises(TakesProblem, match="The take cannot be kept"):
        again(folder).begin(order())
    with pytest.raises(TakesProblem, match="cannot be listed"):
        again(folder).takes()


# Keeping and removing


def test_the_oldest_takes_make_room_and_it_is_said_which(takes: Takes, folder: Path) -> None:
    made = [spoken(takes, text=f"{number}") for number in range(5)]
    kept = takes.keep(made[1].id, kept=True)
    assert kept.kept
    size = takes.size
    assert size == sum(path.stat().st_size for path in folder.iterdir())
    assert takes.make_room(0) == ()
    aged(folder)
    assert takes.make_room(size) == ()
    assert takes.make_room(size - 1) == (made[0],)
    assert takes.make_room(2 * size // 5 + 1000) == (made[2], made[3])
    assert [each.text for each in takes.takes()] == ["4", "1"]
    assert takes.make_room(0) == ()
    assert takes.make_room(-1) == ()
    assert len(names(folder)) == 4


def test_a_take_that_ends_after_one_that_was_begun_later_does_not_make_room_for_itself(
    takes: Takes, folder: Path
) -> None:
    slow = takes.begin(order(text="slow"))
    quick = spoken(takes, text="quick")
    takes.grow(slow.id, SOUND)
    slow = takes.end(slow)
    assert takes.make_room(0) == ()
    aged(folder)
    assert takes.make_room(0, spare=(slow.id,)) == ()
    os.utime(takes.path(slow))
    assert takes.make_room(0) == (quick,)
    assert takes.takes() == (slow,)


def test_a_take_that_is_no_longer_kept_makes_room_again(takes: Takes, folder: Path) -> None:
    old, new = spoken(takes), spoken(takes)
    aged(folder)
    takes.keep(old.id, kept=True)
    assert takes.make_room(0) == ()
    takes.keep(old.id, kept=False)
    assert takes.make_room(0) == (old,)
    assert takes.takes() == (new,)


def test_only_takes_that_are_there_are_deleted(takes: Takes, folder: Path) -> None:
    one, two = spoken(takes), spoken(takes)
    (folder / "notes.json").write_text("{}")
    assert takes.delete([one.id, "notes", "../../x", ""]) == (one,)
    assert takes.takes() == (two,)
    assert (folder / "notes.json").exists()
    with pytest.raises(TakesProblem, match="no longer there"):
        takes.keep(one.id, kept=True)
    with pytest.raises(TakesProblem, match="cannot be read"):
        takes.read(one)


def test_what_could_not_be_removed_is_said_with_what_was(
    takes: Takes, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [spoken(takes) for _ in range(3)]
    unlink, seen = Path.unlink, [0]

    def remove(path: Path, missing_ok: bool = False) -> None:
        seen[0] += 1
        if seen[0] > 2:
            raise failing(errno.EACCES)
        unlink(path, missing_ok=missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", remove)
        with pytest.raises(TakesProblem, match="Not every take") as caught:
            takes.delete([each.id for each in made])
    assert len(caught.value.removed) == 1
    assert len(takes.takes()) == 2


# Strange files


def test_strange_files_break_nothing_and_stay(takes: Takes, folder: Path, tmp_path: Path) -> None:
    good = spoken(takes)
    outside = tmp_path / "outside.wav"
    outside.write_bytes(b"RIFF, and mine")
    stem = "20260101-000000-000000-"
    (folder / f"{stem}aaaaaa.wav").mkdir()
    (folder / f"{stem}aaaaaa.json").write_text(json.dumps({"id": f"{stem}aaaaaa"}))
    (folder / f"{stem}bbbbbb.wav").symlink_to(outside)
    (folder / f"{stem}bbbbbb.json").symlink_to(tmp_path / "nowhere")
    (folder / f"{stem}cccccc.wav").write_bytes(b"RIFF")
    (folder / f"{stem}cccccc.json").write_bytes(b"{ no json \xff")
    (folder / f"{stem}dddddd.7.part").symlink_to(outside)
    (folder / f"{stem}eeeeee.8.part").write_bytes(b"x" * 100)
    os.mkfifo(folder / f"{stem}ffffff.9.part")
    os.mkfifo(folder / f"{stem}ffffff.json")
    (folder / "x.wav").mkdir()
    (folder / "song.mp3").write_bytes(MP3)
    (folder / "..json").write_text("{}")
    there = names(folder)
    other = again(folder)
    assert other.takes() == (good,)
    assert other.make_room(0) == ()
    assert other.delete([path.stem for path in folder.iterdir() if good.id not in path.name]) == ()
    assert names(folder) == there
    assert outside.read_bytes() == b"RIFF, and mine"
    assert other.size == sum(path.stat().st_size for path in folder.glob(f"{good.id}*"))


def test_details_that_name_a_file_elsewhere_lead_nowhere(takes: Takes, folder: Path, tmp_path: Path) -> None:
    good = spoken(takes)
    secret = tmp_path / "state" / "secret.wav"
    secret.write_text("mine")
    details = folder / f"{good.id}.json"
    details.write_text(details.read_text().replace(good.file, "../secret.wav"))
    (found,) = again(folder).takes()
    assert (found.file, found.complete) == (good.file, False)
    for name in ("../secret.wav", "/etc/hostname", "..", ""):
        with pytest.raises(TakesProblem):
            takes.read(replace(good, file=name))
    takes.delete([good.id])
    assert secret.exists()


def test_a_sound_that_was_replaced_by_a_link_is_not_read(takes: Takes, folder: Path, tmp_path: Path) -> None:
    good = spoken(takes)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine")
    (folder / good.file).unlink()
    (folder / good.file).symlink_to(elsewhere)
    with pytest.raises(TakesProblem, match="no sound file"):
        takes.read(good)
    assert takes.takes() == ()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=200)
    | st.text().map(str.encode)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["id", "at", "kind", "usage"]), inner)
        ),
        max_leaves=6,
    ).map(lambda value: json.dumps(value).encode())
)
def test_any_details_are_read_without_an_error(folder: Path, data: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    stem = "20260101-000000-000000-aaaaaa"
    (folder / f"{stem}.wav").write_bytes(b"RIFF")
    (folder / f"{stem}.json").write_bytes(data)
    assert again(folder).takes() == ()


def test_a_thousand_takes_are_listed_in_a_moment(takes: Takes, folder: Path) -> None:
    good = spoken(takes, waveform=tuple(range(101)) * 2)
    text, sound = (folder / f"{good.id}.json").read_text(), (folder / good.file).read_bytes()[:1000]
    for number in range(1000):
        name = f"{good.id[:-6]}{number:06x}"
        (folder / f"{name}.json").write_text(text.replace(good.id, name))
        (folder / f"{name}.wav").write_bytes(sound)
    other = again(folder)
    assert len(other.takes()) >= 1000
    began = datetime.now(UTC)
    assert len(other.takes()) >= 1000
    assert datetime.now(UTC) - began < timedelta(seconds=0.5)


# Those that are not to be kept


def test_takes_that_are_not_to_be_kept_go_with_the_program(tmp_path: Path) -> None:
    takes = PassingTakes(tmp_path, lambda: AT)
    assert list(tmp_path.iterdir()) == []
    assert takes.takes() == ()
    take = spoken(takes)
    assert takes.takes() == (take,)
    (made,) = tmp_path.iterdir()
    assert made.stat().st_mode & 0o777 == 0o700
    del takes
    gc.collect()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_program_left_goes_with_the_next_one_and_a_living_one_stays(tmp_path: Path) -> None:
    left, living = tmp_path / f"mimo-tui-takes-{'0' * 16}", PassingTakes(tmp_path, lambda: AT)
    left.mkdir()
    (left / "x.wav").write_bytes(b"RIFF")
    spoken(living)
    for each in (left, living.folder):
        os.utime(each, (1, 1))
    (tmp_path / "mimo-tui-takes-mine").mkdir()
    takes = PassingTakes(tmp_path, lambda: AT)
    spoken(takes)
    assert names(tmp_path) == {takes.folder.name, living.folder.name, "mimo-tui-takes-mine"}


def test_a_take_that_still_grows_can_be_played(takes: Takes, folder: Path) -> None:
    take = takes.begin(order())
    takes.grow(take.id, SOUND)
    (part,) = folder.glob("*.part")
    for sound in (part.open("rb"), BytesIO(takes.read(take))):
        with sound:
            samples, rate = soundfile.read(sound, dtype="int16")
        assert (samples.tobytes(), rate) == (SOUND, RATE)
