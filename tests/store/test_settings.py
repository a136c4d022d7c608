"""The person's own settings: what is read of a file, what is said of a broken one, and what an edit leaves alone."""

import os
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mimo_tui.core.facts import toml_table
from mimo_tui.store.atomic import SaveFailed
from mimo_tui.store.settings import LARGEST, MEGABYTES, Settings, SettingsBroken, load, put

FULL = """\
# Mine.
doc_indexes = ["https://mirror.example/llms.txt"]   # first
language = "zh-CN"

theme = "nord"

[playground]
keep = false  # nobody else's business
currency = "CNY"

[facts.models."mimo-v2.6-pro"]   # what my plan gives me
context = 500_000
price_usd = { input = 0.5 }

[[facts.hosts]]
family = "token-plan"
name = "token-plan-fra.xiaomimimo.com"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "config.toml"


@pytest.fixture
def written(path: Path) -> Path:
    """A file that sets everything."""
    path.parent.mkdir()
    path.write_text(FULL)
    return path


def test_without_a_file_nothing_is_set(path: Path) -> None:
    assert load(path) == Settings()
    assert not path.parent.exists()


def test_everything_that_can_be_set_is_read(written: Path) -> None:
    found = load(written)
    assert found.problem == ""
    assert found.doc_indexes == ("https://mirror.example/llms.txt",)
    assert (found.language, found.theme) == ("zh-CN", "nord")
    assert (found.keeps_records, found.currency) == (False, "CNY")
    assert found.facts == {
        "models": {"mimo-v2.6-pro": {"context": 500_000, "price_usd": {"input": Decimal("0.5")}}},
        "hosts": [{"family": "token-plan", "name": "token-plan-fra.xiaomimimo.com"}],
    }


def test_what_nobody_knows_is_named_and_the_rest_is_used(written: Path) -> None:
    written.write_text('langage = "en-US"\ncolour = 5\n' + FULL.replace("keep", "keeps"))
    found = load(written)
    assert "nothing is known of colour, langage, playground.keeps" in found.problem
    assert found.language == "zh-CN"
    assert found.facts


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('language = "fr"', "language is not used: it is none of en-US, zh-CN"),
        ("language = 5", "language is not used"),
        ("theme = []", "theme is not used: not a text"),
        ("facts = 5", "facts is not used: not a table"),
        ('doc_indexes = "https://x.example/llms.txt"', "doc_indexes is not used: not a list"),
        ('doc_indexes = ["http://x.example/llms.txt"]', "over https only"),
        ('doc_indexes = ["file:///etc/passwd"]', "not an address of an index"),
        ('doc_indexes = ["https://me:secret@x.example/"]', "not an address of an index"),
        ('doc_indexes = ["https://me@x.example/"]', "not an address of an index"),
        ('doc_indexes = ["https://x.example:99999/"]', "not an address"),
        ('doc_indexes = ["http://127.0.0.1:8080/llms.txt"]', "over https only"),
        ('doc_indexes = ["https://[x/"]', "not an address"),
        ('doc_indexes = ["https://x.example/\\u001b[2J"]', "not an address"),
    ],
)
def test_a_part_that_cannot_be_used_is_left_out_and_named(path: Path, line: str, complaint: str) -> None:
    path.parent.mkdir()
    path.write_text(f"{line}\n" + ('theme = "nord"\n' if "theme" not in line else ""))
    found = load(path)
    assert complaint in found.problem
    assert found.problem.isprintable()
    assert "secret" not in found.problem
    assert (found.doc_indexes, found.language, found.facts) == ((), "", {})
    assert found.theme == ("nord" if "theme" not in line else "")


@pytest.mark.parametrize(
    ("text", "kept", "complaint"),
    [
        ("", True, ""),
        ("[playground]\n", True, ""),
        ("[playground]\nkeep = true\n", True, ""),
        ("[playground]\nkeep = false\n", False, ""),
        ('[playground]\nkeep = "no"\n', False, "playground.keep is not used: it is neither true nor false"),
        ("[playground]\ncurrency = 'EUR'\n", True, "playground.currency is not used: it is none of CNY, USD"),
        ("playground = 3\n", False, "playground is not used: not a table"),
        ("keep = ", False, "is not used"),
    ],
)
def test_conversations_are_kept_unless_the_file_may_say_otherwise(
    path: Path, text: str, kept: bool, complaint: str
) -> None:
    path.parent.mkdir()
    path.write_text(text)
    found = load(path)
    assert found.keeps_records is kept
    assert found.keeping_unknown is (not kept and bool(complaint))
    assert complaint in found.problem
    assert bool(complaint) == bool(found.problem)


@pytest.mark.parametrize(
    ("text", "kept", "megabytes", "complaint"),
    [
        ("", True, MEGABYTES, ""),
        ("[speech]\nkeep = false\nmegabytes = 20\n", False, 20, ""),
        (
            '[speech]\nkeep = "no"\n',
            False,
            MEGABYTES,
            "speech.keep is not used: it is neither true nor false",
        ),
        ("[speech]\nmegabytes = 0\n", True, MEGABYTES, "speech.megabytes is not used"),
        ("[speech]\nmegabytes = true\n", True, MEGABYTES, "speech.megabytes is not used"),
        ("[speech]\nmegabytes = 1.5\n", True, MEGABYTES, "speech.megabytes is not used"),
        ("[speech]\nkeeps = true\n", True, MEGABYTES, "nothing is known of speech.keeps"),
        ("speech = 3\n", False, MEGABYTES, "speech is not used: not a table"),
        ("keep = ", False, MEGABYTES, "is not used"),
    ],
)
def test_takes_are_kept_up_to_a_size_unless_the_file_may_say_otherwise(
    path: Path, text: str, kept: bool, megabytes: int, complaint: str
) -> None:
    path.parent.mkdir()
    path.write_text(text)
    found = load(path)
    assert (found.keeps_takes, found.takes_megabytes) == (kept, megabytes)
    assert found.keeping_takes_unknown is (not kept and bool(complaint))
    assert complaint in found.problem
    assert bool(complaint) == bool(found.problem)


@pytest.mark.parametrize(
    "data",
    [
        b"theme = ",
        b"\xff\xfe",
        b"a = " + b"[" * 5000,
        b"a = " + b"9" * 5000,
        b"a = 1e99999999999999999999999",
        b"a = 1e999999999",
        b"a = 1e-999999999",
        b"theme = 'x'\ntheme = 'y'",
        b"#" * (LARGEST + 1),
        "theme = '\u202e\x1b'".encode(),
    ],
)
def test_a_broken_file_sets_nothing_and_says_why(path: Path, data: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(data)
    found = load(path)
    nothing_kept = Settings(
        keeps_records=False, keeping_unknown=True, keeps_takes=False, keeping_takes_unknown=True
    )
    assert found == replace(nothing_kept, problem=found.problem)
    assert "is not used" in found.problem
    assert found.problem.isprintable()
    with pytest.raises(SettingsBroken, match="cannot be edited"):
        put(path, "theme", "nord")
    assert path.read_bytes() == data


def test_a_file_that_cannot_be_read_says_why(path: Path) -> None:
    path.mkdir(parents=True)
    assert "cannot be read" in load(path).problem
    with pytest.raises(SaveFailed):
        put(path, "theme", "nord")


def test_an_edit_leaves_every_other_line_alone(written: Path) -> None:
    put(written, "theme", "dracula")
    assert written.read_text() == FULL.replace('"nord"', '"dracula"')
    put(written, "language", "en-US")
    assert written.read_text() == FULL.replace('"nord"', '"dracula"').replace("zh-CN", "en-US")


def test_a_value_is_added_above_the_tables_and_taken_out_again(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("# mine\n[facts.facts]\nkey_slot = 'X'  # short\n")
    put(path, "theme", "nord")
    assert load(path).theme == "nord"
    assert load(path).facts == {"facts": {"key_slot": "X"}}
    assert "key_slot = 'X'  # short\n" in path.read_text()
    put(path, "theme", "")
    assert load(path).theme == ""
    assert "# mine" in path.read_text()


def test_the_first_value_makes_the_file(path: Path) -> None:
    put(path, "theme", "nord")
    assert path.read_text() == 'theme = "nord"\n'
    assert load(path).theme == "nord"


def test_a_table_is_not_overwritten_by_a_text(written: Path) -> None:
    with pytest.raises(SettingsBroken, match="facts is no single value"):
        put(written, "facts", "none")
    assert written.read_text() == FULL


def test_line_ends_of_windows_stay(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b'theme = "nord" # x\r\n\r\n[facts.facts]\r\nkey_slot = "X"\r\n')
    put(path, "theme", "dracula")
    assert path.read_bytes() == b'theme = "dracula" # x\r\n\r\n[facts.facts]\r\nkey_slot = "X"\r\n'


def test_a_full_disk_leaves_the_old_file(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        with pytest.raises(SaveFailed, match="stays as it was"):
            put(written, "theme", "dracula")
    assert written.read_text() == FULL


@given(
    st.one_of(st.binary(max_size=60), st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace")))
)
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_settings_or_a_problem(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(data)
    found = load(path)
    assert found.problem.isprintable()
    assert found.problem or not data.strip() or toml_table(data.decode()) is not None


@given(st.text(max_size=20))
@settings(max_examples=60, deadline=None)
def test_any_text_that_is_set_is_read_again(tmp_path_factory: pytest.TempPathFactory, value: str) -> None:
    path = tmp_path_factory.getbasetemp() / "set.toml"
    path.write_text(FULL)
    if not value.isprintable():
        return
    put(path, "theme", value)
    assert load(path).theme == value
    assert load(path).facts
