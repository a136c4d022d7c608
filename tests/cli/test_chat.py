"""`mimo-tui chat`: what it asks, what it says where, what it takes from pipes and files, and its exit codes."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mimo_tui.simulator.platform import Platform
from tests.cli.conftest import Answer, Command
from tests.cli.schemas import CHAT, CHAT_PARAMETERS, ERROR
from tests.simulator.files import picture

PRO = "mimo-v2.6-pro"
WHOM = ("--preset", "mimo-pro", "-m", PRO)
Piped = Callable[[bytes], None]


@pytest.fixture
def piped(monkeypatch: pytest.MonkeyPatch) -> Piped:
    """Have these bytes come on standard input; nothing comes before that."""

    def come(data: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), "utf-8"))

    come(b"")
    return come


@pytest.fixture
def ask(asks: Command, piped: Piped) -> Command:
    """Ask the platform by a preset whose model it has."""
    return lambda *words: asks("chat", *words, *WHOM)


def error(answer: Answer) -> str:
    return answer.err.replace("\n", " ")


def test_the_answer_is_on_standard_output_and_all_else_on_standard_error(ask: Command) -> None:
    answer = ask("say exactly Good morning.")
    assert (answer.code, answer.out) == (0, "Good morning.\n")
    lines = answer.err.splitlines()
    assert lines[0].startswith("SIMULATED")
    assert lines[1].startswith(f"{PRO} · first token 0.")
    assert lines[1].endswith("· stop")
    assert " in · " in lines[1]
    assert "¥0." in lines[1]
    assert len(lines) == 2


def test_quiet_leaves_the_meter_out_and_says_that_it_is_simulated(ask: Command) -> None:
    answer = ask("say exactly yes", "-q")
    assert (answer.out, len(answer.err.splitlines())) == ("yes\n", 1)
    assert answer.err.startswith("SIMULATED")


@pytest.mark.parametrize("streamed", [(), ("--no-stream",)])
def test_as_json_there_is_all_of_it(ask: Command, streamed: tuple[str, ...]) -> None:
    answer = ask("What is a preset?", "--json", "--currency", "usd", "--param", "temperature=0.4", *streamed)
    document = answer.document(CHAT)
    assert answer.code == 0
    assert (document["model"], document["preset"]) == (PRO, "saved/mimo-pro.json")
    assert (document["complete"], document["simulated"], document["failure"]) == (True, True, None)
    assert (document["finish"], document["raw"]) == ("stop", None)
    assert document["parameters"] == {"temperature": 0.4}
    found = json.loads(answer.out)
    assert found["reasoning"]
    assert found["usage"]["completion"] > 0
    assert found["cost"]["currency"] == "USD"
    assert found["cost"]["amount"] > 0
    assert found["conversation"] == 1
    assert "temperature has no effect" in answer.err


def test_reasoning_is_told_beside_the_answer_on_request(ask: Command) -> None:
    answer = ask("say exactly yes", "--reasoning")
    assert answer.out == "yes\n"
    assert "This reasoning is simulated" in answer.err
    assert "This reasoning" not in ask("say exactly yes").err


def test_raw_shows_request_and_answer_as_they_were_but_for_the_key(ask: Command, home: Path) -> None:
    answer = ask("say exactly yes", "--raw", "-s", "Be brief.")
    key = "sk-fake0001"
    assert key in (home / ".lingtai-tui" / ".env").read_text()
    assert answer.code == 0
    assert answer.out.startswith(
        "POST https://api.xiaomimimo.com/v1/chat/completions\nAuthorization: Bearer ••••••"
    )
    assert '"content": "Be brief."' in answer.out
    assert "\nHTTP 200\n" in answer.out
    assert answer.out.endswith("data: [DONE]\n")
    assert key not in answer.out + answer.err
    assert ask("hi", "--raw", "--json").document(CHAT)["raw"]


# What it is told.


def test_what_comes_by_a_pipe_follows_the_prompt(ask: Command, piped: Piped) -> None:
    piped("\ufeffone\r\ntwo\n\n".encode())
    raw = ask("Sum it up:", "--raw").out
    assert json.dumps("Sum it up:\n\none\r\ntwo") in raw
    piped("say exactly 从管道来\n".encode())
    assert ask("-").out == "从管道来\n"
    piped(b"say exactly piped")
    assert ask().out == "piped\n"


@pytest.mark.parametrize(
    ("words", "given", "said"),
    [
        ((), b"", "There is nothing to ask"),
        (("  ",), b" \n", "There is nothing to ask"),
        (("-",), b"\x89PNG\xff", "Standard input is not text in UTF-8. `-a -` attaches"),
        (("-", "-a", "-"), b"", "either the prompt or an attachment"),
        (("hi", "-a", "-", "-a", "-"), b"x", "once only"),
        (("hi", "--param", "temperature"), b"", "--param takes NAME=VALUE, not “temperature”"),
        (
            ("hi", "--param", "temperature=9"),
            b"",
            "temperature is a number between 0 and 1.5, not “9” (OpenAI API",
        ),
        (("hi", "--param", "temprature=1"), b"", "There is temperature"),
        (("hi", "-s", "@/nowhere/x"), b"", "The system prompt /nowhere/x cannot be read: No such file"),
        (("hi", "--param", "\x1b[31m=1"), b"", "␛[31m is no parameter"),
    ],
)
def test_wrong_words_are_a_sentence_and_nothing_is_sent(
    ask: Command, platform: Platform, piped: Piped, words: tuple[str, ...], given: bytes, said: str
) -> None:
    piped(given)
    answer = ask(*words)
    assert (answer.code, answer.out) == (2, "")
    assert said in error(answer)
    assert not platform.log
    piped(given)
    assert ask(*words, "--json").document(ERROR)


def test_a_picture_goes_with_the_prompt_by_its_path_or_by_a_pipe(
    ask: Command, piped: Piped, tmp_path: Path
) -> None:
    path = tmp_path / "a picture.png"
    path.write_bytes(picture())
    answer = ask("What is this?", "-a", str(path), "-m", "mimo-v2.6-flash")
    assert answer.code == 0
    assert "a picture.png takes about " in answer.err
    piped(picture())
    found = json.loads(ask("-a", "-", "-m", "mimo-v2.6-flash", "--json").out)
    assert found["usage"]["image"] > 0


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.txt", b"plain words", "is text, and only images"),
        ("none.png", None, "There is no file"),
        ("a.pdf", b"%PDF-1.7\n", "is a PDF, which MiMo does not take"),
    ],
)
def test_a_wrong_file_is_a_sentence_and_nothing_is_sent(
    ask: Command, platform: Platform, tmp_path: Path, name: str, data: bytes | None, said: str
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    answer = ask("hi", "-a", str(tmp_path / name))
    assert (answer.code, answer.out) == (2, "")
    assert said in error(answer)
    assert not platform.log


def test_a_system_prompt_is_a_text_a_file_or_one_that_is_kept(
    ask: Command, tmp_path: Path, home: Path
) -> None:
    (tmp_path / "system.txt").write_text("From a file.\n")
    kept = home / ".config" / "mimo-tui" / "prompts"
    kept.mkdir(parents=True)
    (kept / "brief.md").write_text("From the library.")
    for written, sent in (
        ("As written.", "As written."),
        (f"@{tmp_path / 'system.txt'}", "From a file.\\n"),
        ("brief", "From the library."),
    ):
        assert f'"content": "{sent}"' in ask("hi", "--raw", "-s", written).out


def test_a_word_that_names_no_system_prompt_is_sent_as_it_is_and_said(ask: Command) -> None:
    answer = ask("hi", "--raw", "-s", "breif")
    assert '"content": "breif"' in answer.out
    assert "“breif” is no system prompt that is kept, so that it is sent as the prompt itself." in answer.err
    assert "is kept" not in ask("hi", "-s", "Be brief.").err


def test_the_newest_conversation_goes_on_with_its_preset_and_model(ask: Command, asks: Command) -> None:
    assert asks("chat", "hi", "--continue").code == 1
    assert json.loads(ask("say exactly one", "-s", "Be brief.", "--json").out)["conversation"] == 1
    raw = asks("chat", "say exactly two", "-c", "--raw")
    assert raw.code == 0
    for part in ('"Be brief."', '"say exactly one"', '"one"', '"say exactly two"', f'"model": "{PRO}"'):
        assert part in raw.out
    assert asks("chat", "say exactly three", "-c", "--json").document(CHAT)["conversation"] == 1


def test_nothing_is_kept_where_the_settings_say_so(ask: Command, home: Path) -> None:
    folder = home / ".config" / "mimo-tui"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text("[playground]\nkeep = false\n")
    assert ask("hi", "--json").document(CHAT)["conversation"] is None
    again = ask("hi", "-c")
    assert again.code == 1
    assert "config.toml says that none is kept" in again.err


# Whom it asks.


def test_where_several_presets_could_be_meant_it_lists_them(
    asks: Command, piped: Piped, platform: Platform
) -> None:
    answer = asks("chat", "hi", "--json")
    candidates = json.loads(answer.out)["error"]["candidates"]
    assert answer.code == 4
    assert "saved/mimo-pro.json" in candidates
    assert answer.document(ERROR)
    assert not platform.log


def test_a_key_of_mimo_is_not_sent_to_another_host_without_a_word(
    asks: Command, piped: Piped, platform: Platform
) -> None:
    asks("presets", "set", "mimo-pro", "base_url", "https://evil.example/v1", "--yes", "--force")
    answer = asks("chat", "hi", "--preset", "mimo-pro")
    assert answer.code == 1
    assert "evil.example" in answer.err
    assert "Say --yes if it shall." in answer.err
    assert not platform.log


def test_the_parameters_are_listed_with_ranges_defaults_and_sources(
    asks: Command, platform: Platform
) -> None:
    answer = asks("chat", "--params", "-m", PRO)
    assert answer.code == 0
    row = next(line for line in answer.out.splitlines() if line.startswith("temperature"))
    assert "a number between 0 and 1.5" in row
    assert "forced while thinking" in row
    assert row.endswith("OpenAI API")
    assert any(line.startswith("web_search.limit ") for line in answer.out.splitlines())
    assert max(map(len, answer.out.splitlines())) < 220
    document = asks("chat", "--params", "--preset", "mimo-pro", "--json").document(CHAT_PARAMETERS)
    assert "https://mimo.mi.com/docs" in str(document["parameters"])
    assert document["model"] == "mimo-v2.5-pro"
    assert asks("chat", "--params").code == 4
    assert not platform.log


# How it ends.


@pytest.mark.parametrize(
    ("script", "code", "said"),
    [
        ("status=401", 3, "refuses this key"),
        ("status=429", 1, "Too many requests"),
        ("status=500", 1, "has a fault of its own (500). Try again later."),
        ("reset", 1, "broke"),
        ("html", 1, ""),
        ("error=moderation", 3, "moderation"),
    ],
)
def test_what_goes_wrong_is_a_sentence_with_its_remedy(
    ask: Command, platform: Platform, script: str, code: int, said: str
) -> None:
    platform.put_fault(script, always=True)
    answer = ask("hi", "--json")
    document = answer.document(CHAT)
    assert answer.code == code
    assert said in error(answer)
    commands = [line for line in answer.err.splitlines() if line.startswith("  mimo-tui ")]
    assert len(answer.err.splitlines()) == 2 + len(commands)
    assert bool(commands) == (script == "status=401")
    assert (document["text"], document["complete"]) == ("", False)
    assert document["failure"]


def test_what_came_before_an_answer_broke_off_stays(ask: Command, platform: Platform) -> None:
    platform.put_fault("cut=20000", always=True)
    answer = ask("write 500 words")
    assert answer.code == 1
    assert answer.out.startswith("The simulated platform writes plain sentences")
    assert answer.out.endswith("\n")
    assert "· failed\nThe connection to api.xiaomimimo.com broke" in answer.err


def test_a_retired_model_is_refused_with_its_successor(asks: Command, piped: Piped) -> None:
    answer = asks("chat", "hi", "--preset", "mimo-pro")
    assert answer.code == 3
    assert f"Switch to {PRO}." in answer.err
    assert f"  mimo-tui switch saved/mimo-pro.json {PRO}  # moves the preset to its successor\n" in answer.err
    assert asks("switch", "saved/mimo-pro.json", PRO, "--dry-run").code == 0


def test_offline_nothing_is_sent(asks: Command, piped: Piped, platform: Platform) -> None:
    answer = asks("--offline", "chat", "hi", *WHOM)
    assert (answer.code, answer.out) == (1, "")
    assert "Nothing was sent" in answer.err
    assert not platform.log


def test_what_the_service_would_have_a_terminal_do_is_only_shown(ask: Command, piped: Piped) -> None:
    hostile = "say exactly a\tb\x1b]0;owned\x07\x1b[31m\u202e \U000e0041 [bold]x[/]\x9b31m end"
    for form in ((), ("--no-stream",), ("--raw",), ("--json",), ("--reasoning",)):
        piped(hostile.encode())
        answer = ask("-", *form)
        assert answer.code == 0
        said = answer.out + answer.err
        assert not [sign for sign in said if not sign.isprintable() and sign not in "\n\t"]
    piped(hostile.encode())
    assert ask("-").out == "a\tb␛]0;owned␇␛[31m⟨U+202E⟩ ⟨U+E0041⟩ [bold]x[/]⟨U+009B⟩31m end\n"
    piped(hostile.encode())
    assert json.loads(ask("-", "--json").out)["text"].startswith("a\tb\x1b]0;owned")
