"""`mimo-tui takes`: what was spoken is listed, saved, kept, and deleted only after it was said what goes."""

import io
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mimo_tui.core.model import ModelKind
from mimo_tui.core.take import Take
from mimo_tui.core.text import clean
from mimo_tui.store.places import places
from mimo_tui.store.takes import Takes
from tests.cli.conftest import Command
from tests.cli.schemas import ERROR, TAKE_SAVED, TAKES, TAKES_CHANGED
from tests.conftest import NOW

WHOM = ("--preset", "unknown")

Spoken = Callable[[str, str, int], str]


@pytest.fixture
def take(home: Path) -> Spoken:
    """Put a take there that lasts so many samples, and give its id."""
    takes = Takes(places(home).takes, lambda: datetime.now(UTC))

    def put(text: str, voice: str, samples: int) -> str:
        begun = takes.begin(
            Take("", NOW, ModelKind.SPEECH, clean("x"), text, voice=clean(voice), rate=24_000, simulated=True)
        )
        takes.grow(begun.id, bytes(2 * samples))
        return takes.end(replace(begun, seconds=samples / 24_000, complete=True)).id

    return put


@pytest.fixture
def spoken(take: Spoken, library: Path) -> tuple[str, str]:
    """Give the ids of two takes, the older one first."""
    return take("One boat was left.", "Mia", 30_000), take("今天下雨。", "冰糖", 36_000)


def test_without_any_it_says_how_to_make_one(mimo: Command) -> None:
    answer = mimo("takes")
    assert (answer.code, answer.out) == (0, "There is no take yet. `mimo-tui speak TEXT` makes one.\n")
    assert mimo("takes", "list", "--json").document(TAKES)["takes"] == []


def test_they_are_listed_newest_first_with_what_they_hold(
    mimo: Command, spoken: tuple[str, str], home: Path
) -> None:
    answer = mimo("takes", "list")
    lines = answer.out.splitlines()
    assert lines[0].startswith("SIMULATED")
    assert [line.split()[0] for line in lines[2:4]] == [*reversed(spoken)]
    for part in ("冰糖", " s  ", " KB  ", "SIMULATED", "今天下雨。"):
        assert part in lines[2]
    assert lines[4].startswith("2 takes, ")
    assert f" of 500.0 MB, in {home}/.local/state/mimo-tui/takes." in lines[4]
    document = mimo("takes", "--json").document(TAKES)
    takes = document["takes"]
    assert isinstance(takes, list)
    assert [take["id"] for take in takes if isinstance(take, dict)] == [*reversed(spoken)]


def test_one_is_saved_and_no_file_is_written_over(
    mimo: Command, spoken: tuple[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "boat.pcm"
    answer = mimo("takes", "save", spoken[0], "-o", str(path))
    assert (answer.code, answer.out) == (0, f"Saved as {path}\n")
    assert mimo("takes", "save", "last", "-o", str(path)).code == 3
    before = path.read_bytes()
    assert mimo("takes", "save", "last", "-o", str(path), "--force", "--json").document(TAKE_SAVED)
    assert path.read_bytes() != before
    assert mimo("takes", "save", "last", "-o", str(tmp_path / "boat.mp3")).code == 2
    for name in ("boat", "nowhere/boat.wav", "."):
        assert mimo("takes", "save", "last", "-o", str(tmp_path / name)).code == 2
    wrong = mimo("takes", "clean", "--megabytes", "x")
    assert wrong.code == 2
    assert "not a size in MB, such as 100: x" in wrong.err


def test_a_clean_up_says_first_what_goes_and_leaves_what_is_kept(
    mimo: Command, spoken: tuple[str, str], home: Path
) -> None:
    first, second = spoken
    folder = home / ".local/state/mimo-tui/takes"
    kept = mimo("takes", "keep", first)
    assert kept.out == f"{first}: No clean-up takes it away.\n"
    tried = mimo("takes", "clean", "--dry-run")
    assert second in tried.out
    assert first not in tried.out
    assert tried.out.endswith("1 take would be deleted.\n")
    refused = mimo("takes", "clean")
    assert refused.code == 1
    assert "Say --yes" in refused.err
    assert len(list(folder.glob("*.wav"))) == 2
    document = mimo("takes", "clean", "--yes", "--json").document(TAKES_CHANGED)
    assert document["done"]
    assert [path.stem for path in folder.glob("*.wav")] == [first]
    assert mimo("takes", "clean", "--yes").out == "There is nothing to delete.\n"
    assert mimo("takes", "keep", first, "--undo").code == 0
    assert mimo("takes", "clean", "--yes").out.endswith("Deleted 1 take.\n")


def test_one_is_deleted_after_a_yes(mimo: Command, spoken: tuple[str, str]) -> None:
    assert mimo("takes", "delete", "last").code == 1
    answer = mimo("takes", "delete", "last", spoken[1], "--yes")
    assert answer.code == 0
    assert answer.out.endswith("Deleted 1 take.\n")
    nobody = mimo("takes", "delete", spoken[1], "--yes", "--json")
    assert nobody.code == 1
    assert nobody.document(ERROR)
    assert f"There is no take {spoken[1]}" in nobody.err


def test_what_is_more_than_may_be_kept_goes_and_is_named(
    asks: Command, spoken: tuple[str, str], take: Spoken, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = home / ".config" / "mimo-tui"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text("[speech]\nmegabytes = 1\n")
    long = take("A long one.", "Mia", 500_000)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b""), "utf-8"))
    for path in (home / ".local/state/mimo-tui/takes").iterdir():
        os.utime(path, (0, 0))
    answer = asks("speak", "One boat.", *WHOM)
    assert answer.code == 0
    assert "Removed 3 takes (1.1 MB) to make room, the oldest of 2026-" in answer.err
    assert f"{spoken[0]}; `mimo-tui takes keep` protects one." in answer.err
    assert long not in asks("takes").out
