"""The memory of verdicts: what is kept, how it is kept, and what a broken file does."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mimo_tui.core.text import clean
from mimo_tui.core.verdict import Label
from mimo_tui.store import checks
from mimo_tui.store.atomic import SaveFailed
from mimo_tui.store.checks import KEEP, Remembered, load, remember

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def verdict(cluster: str = "sgp", *, at: datetime = AT, simulated: bool = False) -> Remembered:
    host = clean(f"token-plan-{cluster}.xiaomimimo.com")
    return Remembered(
        Label.BELONGS, clean("belongs"), clean("token-plan"), host, clean(cluster), at, simulated
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "checks.json"


def test_a_verdict_comes_back_as_it_was(path: Path) -> None:
    remember(path, "aaaa", verdict(simulated=True))
    remember(path, "bbbb", verdict("cn"))
    remember(path, "bbbb", verdict("ams"))
    found = load(path)
    assert found.problem is None
    assert dict(found.checks) == {"aaaa": verdict(simulated=True), "bbbb": verdict("ams")}
    assert found.checks["bbbb"].host_words == "ams"
    assert replace(verdict(), cluster=clean("")).host_words == "token-plan"
    assert replace(verdict(), cluster=clean(""), host=clean("")).host_words == ""


def test_nothing_is_remembered_of_a_file_that_is_not_there(path: Path) -> None:
    assert (dict(load(path).checks), load(path).problem) == ({}, None)
    assert not path.parent.exists()


@pytest.mark.skipif(os.name != "posix", reason="modes mean little here")
def test_the_memory_is_for_its_owner_only(path: Path) -> None:
    before = os.umask(0)
    try:
        remember(path, "aaaa", verdict())
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_the_oldest_verdicts_are_forgotten(path: Path) -> None:
    shape = {"label": "belongs", "title": "t", "family": "f", "host": "h", "cluster": "c", "simulated": False}
    old = {f"{n:04}": {**shape, "at": (AT + timedelta(minutes=n)).isoformat()} for n in range(KEEP + 20)}
    path.parent.mkdir()
    path.write_text(json.dumps(old))
    remember(path, "new", verdict(at=AT + timedelta(days=9)))
    found = load(path).checks
    assert len(found) == KEEP
    assert "new" in found
    assert "0000" not in found
    assert f"{KEEP + 19:04}" in found


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "\xff", '"x"'])
def test_a_broken_memory_is_empty_and_told_and_the_next_verdict_mends_it(path: Path, text: str) -> None:
    path.parent.mkdir()
    path.write_bytes(text.encode("latin-1"))
    found = load(path)
    assert not found.checks
    assert found.problem is not None
    assert "checks.json" in found.problem
    remember(path, "aaaa", verdict())
    assert load(path).problem is None


@pytest.mark.parametrize(
    "entry",
    [
        3,
        {},
        {"label": "good", "at": AT.isoformat()},
        {"label": "belongs", "at": "2026-11-23"},
        {"label": "belongs", "at": "0001-01-01T00:00:00+14:00"},
        {"label": "belongs", "at": "9999-12-31T23:59:59-12:00"},
    ],
)
def test_a_broken_verdict_does_not_hide_the_others(path: Path, entry: object) -> None:
    remember(path, "aaaa", verdict())
    document = json.loads(path.read_text())
    path.write_text(json.dumps({**document, "bbbb": entry}))
    found = load(path)
    assert set(found.checks) == {"aaaa"}
    assert found.problem is not None


def test_what_stands_in_the_file_is_made_safe_for_a_terminal(path: Path) -> None:
    remember(path, "aaaa", verdict())
    path.write_text(
        path.read_text().replace('"belongs",\n  "family"', '"\\u001b[31m sk-Canary123456789",\n  "family"')
    )
    title = load(path).checks["aaaa"].title
    assert "\x1b" not in title
    assert "Canary" not in title


def test_verdicts_of_several_programs_at_once_are_all_kept(path: Path) -> None:
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda n: remember(path, f"{n:04}", verdict()), range(24)))
    assert len(load(path).checks) == 24


def test_a_memory_that_cannot_be_written_is_told(path: Path) -> None:
    path.parent.write_text("a file where the folder belongs")
    with pytest.raises(SaveFailed):
        remember(path, "aaaa", verdict())


def test_a_folder_in_its_place_is_told(path: Path) -> None:
    path.mkdir(parents=True)
    assert load(path).problem is not None
    with pytest.raises(SaveFailed):
        checks.remember(path, "aaaa", verdict())
