"""`mimo-tui listen`: a file, a pipe or a take to text, its length and cost beforehand, and its exit codes."""

import asyncio
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mimo_tui.simulator.platform import Platform
from tests.cli.conftest import Answer, Command
from tests.cli.schemas import ERROR, LISTEN
from tests.simulator.speaking import make_wav, speak

WHOM = ("--preset", "unknown")
SAID = "The harbour lights went out."
Piped = Callable[[bytes], None]


@pytest.fixture(scope="module")
def recording() -> bytes:
    """A line that the platform spoke."""
    return asyncio.run(speak(SAID))


@pytest.fixture
def file(tmp_path: Path, recording: bytes) -> Path:
    """It as a file."""
    path = tmp_path / "a line.wav"
    path.write_bytes(recording)
    return path


@pytest.fixture
def listen(asks: Command) -> Command:
    """Listen by a preset whose key the platform takes."""
    return lambda *words: asks("listen", *words, *WHOM)


def piped(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), "utf-8"))


def error(answer: Answer) -> str:
    return answer.err.replace("\n", " ")


def test_the_text_is_on_standard_output_and_all_else_on_standard_error(listen: Command, file: Path) -> None:
    answer = listen(str(file))
    assert (answer.code, answer.out) == (0, f"{SAID}\n")
    lines = answer.err.splitlines()
    # What it will cost stands before anything else but a warning.
    assert lines[0].startswith("a line.wav: 2.")
    assert ", at least ¥0.000" in lines[0]
    assert lines[1].startswith("SIMULATED")
    assert lines[2].startswith("mimo-v2.5-asr · first text 0.")
    assert " s charged · ¥0.000" in lines[2]
    assert len(lines) == 3
    assert listen(str(file), "-q").err.splitlines() == [lines[1]]


def test_what_is_gone_on_with_wipes_no_line_away_that_is_being_written(
    listen: Command, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    answer = listen(str(file))
    assert answer.out == f"{SAID}\n"
    assert "mimo-v2.5-asr is asked …" in answer.err
    # It is written once, and wiped away once.
    assert answer.err.count("\r") == 4


def test_a_recording_comes_by_a_pipe(
    listen: Command, recording: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    piped(monkeypatch, recording)
    assert listen("-", "--no-stream").out == f"{SAID}\n"
    piped(monkeypatch, b"")
    answer = listen("-")
    assert answer.code == 2
    assert "standard input is empty" in answer.err


def test_a_take_is_heard_by_its_name(listen: Command, asks: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    piped(monkeypatch, b"")
    name = Path(asks("speak", SAID, *WHOM).out.strip()).stem
    nobody = listen("nobody")
    assert nobody.code == 2
    assert "There is no file nobody. There is no take nobody." in nobody.err
    assert listen("last").out == listen(name).out == listen(name[-6:]).out == f"{SAID}\n"


def test_as_json_there_is_all_of_it(listen: Command, file: Path) -> None:
    answer = listen(str(file), "--json", "--currency", "usd", "-l", "EN")
    document = answer.document(LISTEN)
    assert answer.code == 0
    assert (document["text"], document["language"], document["parts"]) == (SAID, "en", 1)
    found = json.loads(answer.out)
    assert found["cost"]["currency"] == "USD"
    assert found["seconds"] == found["usage"]["seconds"] == 3
    assert abs(found["recording"]["seconds"] - 2.2) < 0.1


def test_a_long_recording_is_heard_in_parts(listen: Command, file: Path, home: Path) -> None:
    folder = home / ".config" / "mimo-tui"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text("[facts.facts]\nrecognition_base64_characters = 100_000\n")
    answer = listen(str(file))
    assert (answer.code, answer.out) == (0, f"{SAID}\n")
    assert "is heard in 2 parts" in answer.err


def test_what_cannot_be_heard_is_a_sentence_and_nothing_is_sent(
    listen: Command, platform: Platform, tmp_path: Path
) -> None:
    silence = make_wav(bytes(9600))
    for words, data, said in (
        ((), b"words", "is text, and a recording has to be"),
        ((), None, "There is no file "),
        ((), "folder", "is a folder: name a file in it."),
        (("-l", "fr"), silence, "fr is no language that is recognised. Say one of: auto, zh, en."),
        (("-m", "mimo-v2.5-tts"), silence, "not for speech recognition"),
    ):
        path = tmp_path / "it.wav"
        path.unlink(missing_ok=True)
        if isinstance(data, bytes):
            path.write_bytes(data)
        elif data is not None:
            path = tmp_path
        answer = listen(str(path), *words)
        assert (answer.code, answer.out) == (2, "")
        assert said in error(answer)
        assert listen(str(path), *words, "--json").document(ERROR)
    assert not platform.log


def test_a_refusal_is_a_sentence_with_its_remedy(listen: Command, platform: Platform, file: Path) -> None:
    platform.put_fault("status=401", always=True)
    answer = listen(str(file), "--json")
    document = answer.document(LISTEN)
    assert answer.code == 3
    assert (document["text"], document["complete"]) == ("", False)
    assert "refuses this key" in error(answer)
    assert "  mimo-tui keys check" in answer.err


def test_a_recording_that_moderation_stops_is_not_to_be_said_in_other_words(
    listen: Command, platform: Platform, file: Path
) -> None:
    platform.put_fault("status=421", always=True)
    said = error(listen(str(file)))
    assert "Leave out the part of the recording" in said
    assert "other words" not in said


def test_offline_nothing_is_sent(asks: Command, platform: Platform, file: Path) -> None:
    answer = asks("--offline", "listen", str(file), *WHOM)
    assert (answer.code, answer.out) == (1, "")
    assert "Nothing was sent" in answer.err
    assert not platform.log


def test_what_is_heard_is_safe_to_look_at_and_holds_no_key(listen: Command, tmp_path: Path) -> None:
    path = tmp_path / "it.wav"
    hostile = "One \x1b]0;owned\x07\x1b[31m\u202e [bold]boat[/]\x9b31m sk-fake0001 end."
    path.write_bytes(asyncio.run(speak(hostile)))
    for form in ((), ("--no-stream",), ("--json",)):
        answer = listen(str(path), *form)
        said = answer.out + answer.err
        assert answer.code == 0
        assert "[bold]boat[/]" in said
        assert "end." in said
        assert "sk-fake0001" not in said
        assert not [sign for sign in said if not sign.isprintable() and sign != "\n"]
