"""A file that is dropped on a terminal is known in each way that terminals write it, and a text stays a text."""

import shlex
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mimo_tui.services.playground.pasting import pasted_paths

NAMES = (
    "cat.png",
    "my cat.png",
    "it's a cat.png",
    'a "cat" & $HOME `x` \\ (1).png',
    "猫 100%.png",
    "#cat.png",
)


@pytest.fixture
def cats(tmp_path: Path) -> tuple[Path, ...]:
    found = tuple(tmp_path / name for name in NAMES)
    for path in found:
        path.write_bytes(b"x")
    return found


def with_backslashes(path: Path) -> str:
    """Write a path as macOS terminals do."""
    return "".join(letter if letter.isalnum() or letter in "/._-" else f"\\{letter}" for letter in str(path))


def test_one_file_is_known_as_it_is_quoted_escaped_or_as_url(cats: tuple[Path, ...]) -> None:
    for path in cats:
        for text in (str(path), shlex.quote(str(path)), with_backslashes(path), path.as_uri()):
            for around in ("{}", "{} ", " {}\n", "{}\r\n"):
                assert pasted_paths(around.format(text)) == (path,), text


def test_double_quotes_and_the_host_of_a_url_do_no_harm(cats: tuple[Path, ...]) -> None:
    plain, blank, *_ = cats
    assert pasted_paths(f'"{blank}"') == (blank,)
    assert pasted_paths(f"file://localhost{plain}") == (plain,)
    assert pasted_paths(f"'{blank.as_uri()}'") == (blank,)
    assert pasted_paths(f"file://{blank}") == (blank,)
    assert pasted_paths(f"file://elsewhere{plain}") == ()


def test_several_files_stand_beside_each_other_or_one_a_line(cats: tuple[Path, ...]) -> None:
    for write in (lambda path: shlex.quote(str(path)), with_backslashes, Path.as_uri):
        for between in (" ", "  ", "\n", "\r\n", " \n\n"):
            assert pasted_paths(between.join(map(write, cats))) == cats
    assert pasted_paths("\n".join(map(str, cats))) == cats


def test_the_home_is_known(cats: tuple[Path, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(cats[0].parent))
    assert pasted_paths("~/cat.png") == (cats[0],)


def test_what_is_not_all_files_is_a_text(cats: tuple[Path, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(cats[0].parent)
    texts = (
        "",
        " ",
        "cat.png",
        "./cat.png",
        f"{cats[0]} what is this?",
        f"what is {cats[0]}",
        f"{cats[0]}\nwhat is this?",
        str(cats[0].parent),
        f"{cats[0]}x",
        "'",
        f"'{cats[0]}",
        "/",
        "/\0",
        "/\ud800",
        "/" + "x" * 5000,
        "~/none",
        "file:",
        "file://[",
        "file:///%00",
        "/dev/null",
    )
    for text in texts:
        assert pasted_paths(text) == (), text


def test_a_long_text_is_never_looked_for(cats: tuple[Path, ...]) -> None:
    assert pasted_paths(f"{cats[0]} " * 51) == ()
    assert pasted_paths(f"{cats[0]}\n" + " " * 10_000) == ()


@given(st.text(max_size=60), st.sampled_from(["", "/", "'/", '"', "file://", "~/", "\\"]))
@settings(max_examples=100)
def test_any_text_at_all_is_files_or_a_text(text: str, beginning: str) -> None:
    assert all(path.is_file() for path in pasted_paths(beginning + text))
