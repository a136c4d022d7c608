"""Lingtai's `config.json`: the mirror of keys, or what is wrong with it."""

import json
import os
from pathlib import Path

import pytest

from mimo_tui.store.configuration import configuration


def test_the_keys_are_read_as_secrets_with_the_files_mode(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text(
        json.dumps({"keys": {"A_API_KEY": "sk-abcdefgh1234", "EMPTY": "", "ODD": 3}, "language": "en"})
    )
    path.chmod(0o640)
    found = configuration(path)
    assert found.keys["A_API_KEY"].reveal() == "sk-abcdefgh1234"
    assert set(found.keys) == {"A_API_KEY"}
    assert (found.mode, found.problem) == (0o640, None)
    assert "abcdefgh" not in repr(found)


@pytest.mark.parametrize("text", ["{}\n", '{"keys": null}', '{"keys": {}}'])
def test_a_mirror_without_keys_is_no_problem(text: str, tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text(text)
    found = configuration(path)
    assert (dict(found.keys), found.problem) == ({}, None)


def test_no_file_is_no_problem(tmp_path: Path) -> None:
    found = configuration(tmp_path / "config.json")
    assert (dict(found.keys), found.mode, found.problem) == ({}, None, None)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "nothing here"),
        (b"{", "The text ends"),
        (b"[]", "is no object with keys in it"),
        (b'{"keys": ["sk-canary123456"]}', "is no object with keys in it"),
        (b'{"keys": {"sk-canary1234": 1, "sk-canary1234": 2}}', "twice"),
        (b"\xef\xbb\xbf{}", "byte-order mark"),
        (b"\xff", "not UTF-8"),
        (b"[" * 100_000, "nested"),
    ],
)
def test_a_broken_mirror_says_why_and_quotes_no_key(data: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_bytes(data)
    found = configuration(path)
    assert dict(found.keys) == {}
    assert found.mode is not None
    assert found.problem is not None
    assert str(path) in found.problem
    assert words in found.problem
    assert "canary" not in found.problem


def test_a_folder_or_a_pipe_is_a_problem_and_not_a_hang(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (folder, pipe):
        assert "cannot be read" in (configuration(path).problem or "")
