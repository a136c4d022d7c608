"""The command as a process: exit codes, pipes, encodings, a real terminal, and what is imported for it."""

import json
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Sequence
from fcntl import ioctl
from pathlib import Path

import pytest

from mimo_tui import __version__
from mimo_tui.cli.errors import progress, stopped
from tests.cli.conftest import Command
from tests.cli.schemas import PRESETS, validate

PROGRAM = (sys.executable, "-m", "mimo_tui")
NEW = "mimo-v2.6-pro"


def process(
    *arguments: str, program: Sequence[str] = PROGRAM, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*program, *arguments],
        capture_output=True,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **environment},
        check=False,
        timeout=60,
    )


def on_a_terminal(*arguments: str, answer: str = "", columns: int = 80) -> tuple[int, str]:
    """Run the program on a terminal of its own, type `answer` once it asks, and give its exit code and the text."""
    parent, child = pty.openpty()
    ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    environment = {**os.environ, "TERM": "xterm", "PYTHONUTF8": "1"}
    environment.pop("COLUMNS", None)
    with subprocess.Popen(
        [*PROGRAM, *arguments], stdin=child, stdout=child, stderr=child, env=environment, close_fds=True
    ) as running:
        os.close(child)
        text, asked, until = b"", not answer, time.monotonic() + 60
        while time.monotonic() < until:
            if select.select([parent], [], [], 0.1)[0]:
                try:
                    piece = os.read(parent, 65536)
                except OSError:  # the other side is closed
                    break
                if not piece:
                    break
                text += piece
            if not asked and b"[y/N]" in text:
                os.write(parent, answer.encode())
                asked = True
        code = running.wait(10)
    os.close(parent)
    return code, text.decode().replace("\r\n", "\n")


# Asking


@pytest.mark.parametrize("answer", ["n\n", "\n", "yellow\n", "\x04"])
def test_on_a_terminal_it_asks_and_only_a_yes_is_one(answer: str, library: Path, home: Path) -> None:
    path = library / "saved" / "mimo-1.json"
    before = (path.stat().st_mtime_ns, path.read_bytes())
    code, text = on_a_terminal("switch", "mimo-1", NEW, "--home", str(home), answer=answer)
    assert code == 1
    assert "Save mimo-1.json? [y/N]" in text
    assert text.endswith("Nothing was changed.\n")
    assert (path.stat().st_mtime_ns, path.read_bytes()) == before
    assert not (home / ".local").exists()


def test_y_saves_and_undo_asks_too(library: Path, home: Path) -> None:
    path = library / "saved" / "mimo-1.json"
    before = path.read_bytes()
    code, text = on_a_terminal("switch", "mimo-1", NEW, "--home", str(home), answer="y\n")
    assert code == 0
    assert text.endswith(f"Done: switch mimo-1 to {NEW}. `mimo-tui presets undo` takes it back.\n")
    assert json.loads(path.read_text())["manifest"]["llm"]["model"] == NEW
    code, text = on_a_terminal("presets", "undo", "--home", str(home), answer="yes\n")
    assert code == 0
    assert f"Take back “switch mimo-1 to {NEW}”? [y/N]" in text
    assert path.read_bytes() == before


# How it looks there


@pytest.mark.parametrize("columns", [60, 80, 120])
@pytest.mark.parametrize("command", [("presets", "list"), ("keys", "list"), ("models",)])
def test_a_row_is_one_line_of_the_terminal(
    command: tuple[str, ...], columns: int, library: Path, home: Path
) -> None:
    from rich.cells import cell_len

    code, text = on_a_terminal(*command, "--home", str(home), columns=columns)
    assert code == 0
    lines = text.splitlines()
    assert all(cell_len(line) <= columns for line in lines)
    # The sentences below a table may be broken, its rows may not.
    assert len(lines) < len(process(*command, "--home", str(home)).stdout.decode().splitlines()) + 4


def test_at_80_columns_what_names_a_row_is_whole(library: Path, home: Path) -> None:
    for arguments, names in (
        (("presets", "list"), ("mimo-1 ", "no-slot-absent", "codex-pool", "✗ A string has no closing quote")),
        (("models",), ("mimo-v2.5-tts-voicedesign", "mimo-v2.6-pro-ultraspeed", "retired 2026-")),
        (
            ("keys",),
            ("OPENCODE_GO_API_KEY", "ZHIPU_INTL_1_API_KEY", "env-file only", "readers differ: set twice"),
        ),
    ):
        text = on_a_terminal(*arguments, "--home", str(home))[1]
        for name in names:
            assert name in text


def test_piped_nothing_is_cut_broken_or_coloured(library: Path, home: Path) -> None:
    listed = process("presets", "list", "--home", str(home), COLUMNS="40").stdout.decode()
    assert "meta/llama-3.3-70b-instruct" in listed
    assert "Save the file as UTF-8 without one" in listed
    shown = process("presets", "show", "mimo-1", "--home", str(home), COLUMNS="40").stdout.decode()
    assert max(map(len, shown.splitlines())) > 120
    assert "\x1b" not in process("switch", "mimo-1", NEW, "--dry-run", "--home", str(home)).stdout.decode()


def test_a_long_sentence_is_broken_between_words_and_a_diff_has_colours(library: Path, home: Path) -> None:
    text = on_a_terminal("switch", "mimo-1", NEW, "--dry-run", "--home", str(home))[1]
    assert f'\x1b[32m+      "model": "{NEW}",\x1b[0m' in text
    plain = re.sub(r"\x1b\[\d*m", "", text).splitlines()
    assert all(len(line) <= 80 for line in plain if not line.startswith(("---", "+++")))
    at = next(number for number, line in enumerate(plain) if line.startswith("✗ error vision-model-retired"))
    assert plain[at + 1].startswith("    ")


# Pipes, encodings, no terminal


def test_a_reader_that_leaves_gets_no_traceback(library: Path, home: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    for arguments in (("presets", "history"), ("presets", "list"), ("models", "--json")):
        reading, writing = os.pipe()
        os.close(reading)
        with subprocess.Popen(
            [*PROGRAM, *arguments, "--home", str(home)],
            stdout=writing,
            stderr=subprocess.PIPE,
            env=environment,
        ) as running:
            os.close(writing)
            _, errors = running.communicate(timeout=60)
        assert running.returncode == 1
        assert errors == b""


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
def test_an_encoding_that_lacks_a_character_breaks_nothing(encoding: str, library: Path, home: Path) -> None:
    for arguments in (
        ("--help",),
        ("presets", "clone", "--help"),
        ("presets", "list"),
        ("presets", "show", "灵台 预设"),
        ("presets", "show", "灵台 没有"),
        ("keys",),
        ("models",),
        ("switch", "灵台 预设", NEW, "--dry-run"),
    ):
        answer = process(*arguments, "--home", str(home), PYTHONIOENCODING=encoding)
        assert answer.returncode in (0, 1)
        assert b"Traceback" not in answer.stderr
        answer.stdout.decode(encoding)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_the_json_is_the_same_document_in_every_encoding(encoding: str, library: Path, home: Path) -> None:
    path = library / "saved" / "é🐉.json"
    path.write_text(json.dumps({"name": "é🐉 §", "manifest": {"llm": {"provider": "mimo", "model": "ÿ"}}}))
    answer = process("presets", "list", "--json", "--home", str(home), PYTHONIOENCODING=encoding)
    document = json.loads(answer.stdout.decode(encoding))
    validate(document, PRESETS)
    assert any(preset["name"] == "é🐉 §" and preset["path"] == str(path) for preset in document["presets"])


def test_the_screen_needs_a_terminal_and_says_so() -> None:
    answer = process()
    assert (answer.returncode, answer.stdout) == (2, b"")
    assert b"There is no terminal to open the screen on" in answer.stderr


def test_a_file_name_that_is_no_text_is_listed(library: Path, home: Path) -> None:
    name = os.fsencode(library / "saved") + b"/caf\xe9.json"
    try:
        Path(os.fsdecode(name)).write_bytes((library / "saved" / "mimo-1.json").read_bytes())
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    assert process("presets", "list", "--home", str(home)).returncode == 0
    document = json.loads(process("presets", "list", "--json", "--home", str(home)).stdout)
    assert any(preset["path"].endswith("caf\udce9.json") for preset in document["presets"])


# Words


def test_help_lists_the_exit_codes(mimo: Command) -> None:
    answer = mimo("--help")
    assert answer.code == 0
    codes = [
        line.split()[0] for line in answer.out.split("exit codes:")[1].splitlines() if re.match(r"  \d", line)
    ]
    assert codes == ["0", "1", "2", "3", "4", "5"]
    for command in ("presets", "switch", "keys", "models"):
        assert f"\n    {command} " in answer.out


@pytest.mark.parametrize("arguments", [("--version",), ("-V",), ("--version", "presets")])
def test_the_version_is_told_without_a_screen(arguments: tuple[str, ...]) -> None:
    answer = process(*arguments)
    assert (answer.returncode, answer.stdout) == (0, f"mimo-tui {__version__}\n".encode())


@pytest.mark.parametrize(
    "arguments",
    [
        ("nosuch",),
        ("presets", "nosuch"),
        ("presets", "show"),
        ("switch", "mimo-1"),
        ("models", "one", "two"),
        ("switch", "mimo-1", NEW, "--nosuch"),
        ("presets", "delete", "mimo-1", "--fix", "x"),
    ],
)
def test_wrong_words_are_exit_code_2_and_never_a_traceback(arguments: tuple[str, ...], mimo: Command) -> None:
    answer = mimo(*arguments)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("usage: mimo-tui")


def test_a_complaint_about_the_words_is_safe_for_a_terminal_and_masks_keys(mimo: Command) -> None:
    answer = mimo("models", "\x1b]0;x\x07", "sk-canary12345678")
    assert answer.code == 2
    assert not set(answer.err) & set("\x1b\x07")
    assert "canary" not in answer.err


def test_the_demo_has_a_home_of_its_own_and_leaves_nothing(tmp_path: Path) -> None:
    answer = process("presets", "list", "--demo", "--json", TMPDIR=str(tmp_path), HOME=str(tmp_path / "h"))
    document = json.loads(answer.stdout)
    assert len(document["presets"]) > 20
    assert list(tmp_path.iterdir()) == []


# What is imported


def imported(*arguments: str) -> set[str]:
    code = (
        "import sys; from mimo_tui.__main__ import main; sys.argv[1:] = sys.argv[2:]\n"
        "try: main()\nexcept SystemExit: pass\n"
        "sys.stderr.write('\\n'.join(sys.modules))"
    )
    answer = process("x", *arguments, program=(sys.executable, "-c", code))
    return {name.split(".")[0] for name in answer.stderr.decode().split("\n")}


def test_help_and_version_import_no_screen_no_network_and_no_event_loop() -> None:
    for arguments in (("--help",), ("--version",), ("presets", "--help")):
        found = imported(*arguments)
        assert "mimo_tui" in found
        assert not found & {"textual", "rich", "httpx", "asyncio", "socket", "ssl", "tomllib"}


def test_commands_import_no_screen_and_no_network(library: Path, home: Path) -> None:
    for arguments in (
        ("presets", "list"),
        ("switch", "mimo-1", NEW, "--dry-run"),
        ("keys",),
        ("models", "--json"),
    ):
        found = imported(*arguments, "--home", str(home))
        assert "mimo_tui" in found
        assert not found & {"textual", "httpx2", "starlette", "uvicorn", "PIL", "asyncio", "ssl"}


# Streams that are closed or full


def in_a_shell(line: str, home: Path, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run a line of the shell, in which $MIMO is the program with that home."""
    program = " ".join((*PROGRAM, "--home", str(home)))
    return subprocess.run(
        ["/bin/sh", "-c", line.replace("$MIMO", program)],
        capture_output=True,
        text=True,
        input=given,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("$MIMO presets list >&-", 0, ""),
        ("$MIMO keys add <&-", 3, "No key was given."),
        ("$MIMO models 2>&-", 0, ""),
        ("$MIMO keys list >/dev/full", 1, "Standard output cannot be written: No space left on device."),
        ("$MIMO presets list --json >/dev/full", 1, "Standard output cannot be written"),
    ],
)
def test_a_stream_that_is_closed_or_full_is_told_in_a_sentence(
    line: str, code: int, said: str, library: Path, home: Path
) -> None:
    answer = in_a_shell(line, home)
    assert answer.returncode == code
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr


INTERRUPTED = """
import sys
class Finder:
    def find_spec(name, *_):
        if name == "mimo_tui.cli.parser":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Finder)
from mimo_tui.__main__ import main
main()
"""


def test_ctrl_c_while_the_program_starts_is_no_traceback() -> None:
    answer = process("presets", "list", program=(sys.executable, "-c", INTERRUPTED))
    assert (answer.returncode, answer.stdout) == (130, b"")
    assert answer.stderr.split() == [b"Stopped."]


def test_ctrl_c_leaves_nothing_of_the_line_that_told_how_far_it_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "20")
    progress("a" * 50)
    shown = capsys.readouterr().err.split("\r")[-1]
    # The terminal writes ^C behind it, which must not go over to the next line.
    assert len(f"{shown}^C") < 20
    stopped()
    assert capsys.readouterr().err == f"\r{' ' * 19}\rStopped.\n"


def test_more_than_one_line_is_not_taken_for_a_key(library: Path, home: Path) -> None:
    answer = in_a_shell("$MIMO keys set MIMO_7_API_KEY --yes", home, given="sk-aaaaaa\nsk-bbbbbb\n")
    assert answer.returncode != 0
    assert "2 lines" in answer.stderr
    assert "sk-aaaaaa" not in answer.stdout + answer.stderr
    assert "MIMO_7" not in (home / ".lingtai-tui" / ".env").read_text()


def test_a_demonstration_takes_no_home(tmp_path: Path) -> None:
    answer = process("--demo", "--home", str(tmp_path), "presets", "list")
    assert answer.returncode == 2
    assert b"brings a home of its own" in answer.stderr
