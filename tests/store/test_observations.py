"""The memory of what hosts and calls answered: what is kept, how, and what a broken file does."""

import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mimo_tui.core.evidence import CallOutcome, CallSeen, ListSeen, VoicesSeen
from mimo_tui.core.text import clean
from mimo_tui.store import observations
from mimo_tui.store.observations import Observations

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=1)


def listed(*ids: str, host: str = "api.xiaomimimo.com", at: datetime = AT) -> ListSeen:
    return ListSeen(clean(host), at, tuple(map(clean, ids)))


def call(
    model: str = "mimo-v2.6-pro",
    *,
    outcome: CallOutcome = CallOutcome.ANSWERED,
    what: str = "",
    at: datetime = AT,
) -> CallSeen:
    host = clean("api.xiaomimimo.com")
    return CallSeen(host, clean(model), at, outcome, 200, what, 9, 2, 3, clean("hi"), simulated=True)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "observations.sqlite"


def test_what_was_seen_comes_back_as_it_was(path: Path) -> None:
    memory = Observations(path)
    memory.put_list(listed("b", "a"))
    memory.put_list(listed("c", host="token-plan-cn.xiaomimimo.com"))
    memory.put_call(call())
    memory.put_call(call(what="image", outcome=CallOutcome.NO_SUCH_INPUT))
    again = Observations(path)
    assert again.lists() == (listed("b", "a"), listed("c", host="token-plan-cn.xiaomimimo.com"))
    assert again.calls() == (call(), call(what="image", outcome=CallOutcome.NO_SUCH_INPUT))
    assert again.problem == ""


def voices(*ids: str, host: str = "api.xiaomimimo.com", at: datetime = AT) -> VoicesSeen:
    names = tuple(map(clean, ids))
    return VoicesSeen(clean(host), clean("mimo-v2.5-tts"), at, names, clean("Unknown voice"), simulated=True)


def test_the_newest_voices_of_a_host_and_model_stay(path: Path) -> None:
    memory = Observations(path)
    assert memory.voices() == ()
    memory.put_voices(voices("冰糖", "Nora", at=LATER))
    memory.put_voices(voices("Mia"))
    memory.put_voices(voices("Mia", host="token-plan-cn.xiaomimimo.com"))
    here = voices("冰糖", "Nora", at=LATER)
    assert Observations(path).voices() == (here, voices("Mia", host="token-plan-cn.xiaomimimo.com"))


def test_a_file_from_before_there_were_voices_is_read_and_written(path: Path) -> None:
    memory = Observations(path)
    memory.put_list(listed("a"))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TABLE voices")
    assert memory.voices() == ()
    assert memory.problem == ""
    assert memory.lists() == (listed("a"),)
    memory.put_voices(voices("Mia"))
    assert memory.voices() == (voices("Mia"),)


def test_voices_that_are_no_list_in_the_file_are_left_out(path: Path) -> None:
    memory = Observations(path)
    memory.put_voices(voices("Mia"))
    for value in ("{", "3", "\x00", "[" * 5000):
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE voices SET ids = ?", (value,))
        assert memory.voices() == ()


def test_the_newest_list_of_a_host_and_call_of_a_kind_stay(path: Path) -> None:
    memory = Observations(path)
    memory.put_list(listed("new", at=LATER))
    memory.put_list(listed("old"))
    memory.put_call(call(outcome=CallOutcome.NO_SUCH_MODEL))
    memory.put_call(call(at=LATER))
    assert memory.lists() == (listed("new", at=LATER),)
    assert memory.calls() == (call(at=LATER),)


def test_a_call_refused_for_its_rate_hides_no_other(path: Path) -> None:
    memory = Observations(path)
    memory.put_call(call())
    memory.put_call(call(outcome=CallOutcome.TOO_MANY_REQUESTS, at=LATER))
    assert [seen.outcome for seen in memory.calls()] == [
        CallOutcome.ANSWERED,
        CallOutcome.TOO_MANY_REQUESTS,
    ]


def test_the_oldest_calls_are_forgotten(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(observations, "KEEP", 3)
    memory = Observations(path)
    for hour in range(5):
        memory.put_call(call(f"m{hour}", at=AT + timedelta(hours=hour)))
    assert [seen.model for seen in memory.calls()] == ["m2", "m3", "m4"]


def test_a_discrepancy_keeps_the_day_that_it_was_first_seen(path: Path) -> None:
    memory = Observations(path)
    assert memory.first_seen(["a"], AT) == {"a": AT}
    assert memory.first_seen(["a", "b"], LATER) == {"a": AT, "b": LATER}
    assert memory.first_seen(["b"], LATER) == {"b": LATER}
    assert memory.first_seen(["a", "b"], LATER + timedelta(hours=1)) == {
        "a": LATER + timedelta(hours=1),
        "b": LATER,
    }


def test_looking_makes_no_file(path: Path) -> None:
    memory = Observations(path)
    assert (memory.lists(), memory.calls(), memory.first_seen((), AT)) == ((), (), {})
    assert not path.parent.exists()


@pytest.mark.skipif(os.name != "posix", reason="modes mean little here")
def test_the_memory_is_for_its_owner_only(path: Path) -> None:
    before = os.umask(0)
    try:
        Observations(path).put_list(listed("a"))
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "content", [b"no database at all, only words" * 50, b"SQLite format 3\x00" + b"\xff" * 4000]
)
def test_a_damaged_file_gives_nothing_and_is_written_anew(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    memory = Observations(path)
    assert memory.lists() == ()
    assert "cannot be read" in memory.problem
    memory.put_list(listed("a"))
    assert memory.lists() == (listed("a"),)
    assert memory.problem == ""


def test_the_file_of_a_newer_program_is_left_alone(path: Path) -> None:
    Observations(path).put_list(listed("a"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    memory = Observations(path)
    memory.put_list(listed("b"))
    assert "update" in memory.problem
    assert memory.lists() == ()
    assert path.read_bytes() == before


def test_what_cannot_be_written_breaks_nothing(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file, not a folder")
    memory = Observations(tmp_path / "state" / "observations.sqlite")
    memory.put_list(listed("a"))
    assert "not remembered" in memory.problem
    assert memory.first_seen(["a"], AT) == {"a": AT}


def test_many_threads_and_programs_lose_nothing(path: Path) -> None:
    def work(number: int) -> str:
        memory = Observations(path)
        memory.put_list(listed("x", host=f"host{number}"))
        return memory.problem

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(work, range(24))) == {""}
    assert len(Observations(path).lists()) == 24


def test_text_in_the_file_is_from_outside(path: Path) -> None:
    memory = Observations(path)
    memory.put_list(listed("a"))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("""UPDATE lists SET ids = '["\\u001b[2J", 3, "sk-abcdef1234567890abcd"]'""")
        connection.execute(
            "INSERT INTO lists VALUES ('x', 'never', '[]', 0), ('y', ?, '{', 0)", (AT.isoformat(),)
        )
    (seen,) = memory.lists()
    assert seen.ids == ("␛[2J", "sk-••••••")
    memory.put_call(replace(call(), input_tokens=None, quote=clean("[/red]")))
    assert memory.calls() == (replace(call(), input_tokens=None, quote=clean("[/red]")),)
