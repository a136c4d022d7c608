"""`keys check`, `set` and `add`: the evidence, the exit codes, and that no key is shown or taken as an argument."""

import io
import json
import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from mimo_tui.cli.commands import run
from mimo_tui.core.json_text import Json
from mimo_tui.simulator import accounts
from mimo_tui.simulator.call import Account
from mimo_tui.simulator.platform import Platform
from tests.cli.conftest import Answer, Command
from tests.cli.schemas import CHECKS, ERROR, KEY_PLAN, KEYS

CN = "https://token-plan-cn.xiaomimimo.com/v1"
SGP = "https://token-plan-sgp.xiaomimimo.com/v1"
KEY = "tp-Canary0123456789abcdef"

Look = Callable[[], dict[str, tuple[int, int, bytes]]]


@pytest.fixture
def given(mimo: Command, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Answer]:
    """Run a command with text on standard input."""

    def command(text: str, *arguments: str) -> Answer:
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))
        return mimo(*arguments)

    return command


def put(home: Path, name: str, key: str) -> None:
    env = home / ".lingtai-tui" / ".env"
    others = [line for line in env.read_text().splitlines() if f"{name}=" not in line]
    env.write_text("\n".join([*others, f"{name}={key}", ""]))


def verdict(answer: Answer) -> dict[str, Json]:
    [check] = json.loads(answer.out)["checks"]
    found: dict[str, Json] = check["verdict"]
    return found


# Checking


def test_a_check_shows_the_evidence_the_verdict_and_the_command_that_mends(asks: Command) -> None:
    answer = asks("keys", "check", "MIMO_1_API_KEY")
    lines = answer.out.splitlines()
    assert lines[0].startswith("SIMULATED")
    assert lines[1] == "MIMO_1_API_KEY  ••••••  Token Plan"
    assert (
        lines[2].strip() == "tp- keys are of the Token Plan: cn, sgp or ams; the prefix does not say which."
    )
    for said in (
        "! Lingtai's readers see different values: set twice (line 3 and 5 of .env)",
        "✓ cn takes the key and lists ",
        "✗ sgp refuses the key: “Invalid API Key”.",
        "GET https://token-plan-ams.xiaomimimo.com/v1/models at ",
        " UTC: 401 in ",
        '"type":"invalid_key"',
        "✓ belongs to Token Plan · cn",
        f"→ Its base URL is {CN}",
        "✗ saved/mimo-1.json calls sgp, and its key belongs to cn.",
        "mimo-tui keys check MIMO_1_API_KEY --fix",
    ):
        assert said in answer.out
    assert answer.code == 3
    assert "fake0002" not in answer.out + answer.err


def test_as_json_there_is_all_of_it(asks: Command) -> None:
    answer = asks("keys", "check", "MIMO_1_API_KEY", "--json")
    document = answer.document(CHECKS)
    assert answer.code == 3
    assert document["simulated"] is True
    [check] = json.loads(answer.out)["checks"]
    assert check["key"]["masked"] == "••••••"
    assert (check["verdict"]["label"], check["verdict"]["cluster"]) == ("belongs", "cn")
    readings = {probe["cluster"]: probe["reading"] for probe in check["hosts"]}
    assert readings == {"cn": "accepts the key", "sgp": "refuses the key", "ams": "refuses the key"}
    assert [probe["exchange"]["status"] for probe in check["hosts"]] == [200, 401, 401]
    assert check["misplaced"] == [
        {
            "preset": "saved/mimo-1.json",
            "says": "saved/mimo-1.json calls sgp, and its key belongs to cn.",
            "base_url": CN,
            "plan": None,
        }
    ]


def test_a_key_in_its_place_is_done(asks: Command) -> None:
    answer = asks("keys", "check", "XIAOMI_API_KEY", "--json")
    assert answer.code == 0
    assert verdict(answer)["host"] == "api.xiaomimimo.com"


def test_without_a_slot_every_key_of_mimo_is_checked(asks: Command) -> None:
    answer = asks("keys", "check", "--json")
    document = answer.document(CHECKS)
    found = {check["slot"]: check["verdict"]["label"] for check in json.loads(answer.out)["checks"]}
    assert found == {
        "MIMO_1_API_KEY": "belongs",
        "MIMO_9_API_KEY": "revoked or unknown",
        "XIAOMI_API_KEY": "belongs",
    }
    [left] = json.loads(answer.out)["not_checked"]
    assert (left["slot"], left["families"]) == ("MIMO_01_API_KEY", ["pay-as-you-go", "token-plan"])
    assert answer.code == 3
    assert document["schema"] == 1
    text = asks("keys", "check").out
    assert "? not checked: The key begins like no known kind" in text
    for family in ("pay-as-you-go", "token-plan"):
        assert f"      → mimo-tui keys check MIMO_01_API_KEY --family {family}\n" in text


def test_where_no_key_is_there_is_nothing_to_check(asks: Command, home: Path) -> None:
    (home / ".lingtai-tui" / ".env").unlink()
    (home / ".lingtai-tui" / "presets" / "saved" / "inline.json").unlink()
    answer = asks("keys", "check")
    assert answer.code == 1
    assert "keys add" in answer.err


def test_a_revoked_key_is_wrong(asks: Command) -> None:
    answer = asks("keys", "check", "MIMO_9_API_KEY")
    assert answer.code == 3
    assert "✗ revoked, mistyped, or of another family" in answer.out
    assert "https://platform.xiaomimimo.com" in answer.out


def test_a_host_in_trouble_leaves_it_open(asks: Command, platform: Platform) -> None:
    platform.put_fault("html", host="token-plan-ams.xiaomimimo.com", always=True)
    answer = asks("keys", "check", "MIMO_1_API_KEY")
    assert answer.code == 1
    assert "? ams answered 200 with a web page, which says nothing about the key." in answer.out
    assert "? not certain: cn takes it, but ams did not say" in answer.out


def test_a_key_for_others_is_not_sent_before_the_person_names_the_family(
    asks: Command, home: Path, platform: Platform
) -> None:
    put(home, "OPENCODE_GO_API_KEY", accounts.PAY_AS_YOU_GO)
    answer = asks("keys", "check", "OPENCODE_GO_API_KEY", "--json")
    assert answer.code == 4
    assert answer.document(ERROR)["error"] == {
        "code": 4,
        "message": answer.err.strip(),
        "candidates": ["pay-as-you-go"],
    }
    assert "`mimo-tui keys check OPENCODE_GO_API_KEY --family pay-as-you-go`" in answer.err
    assert platform.log == ()
    named = asks("keys", "check", "OPENCODE_GO_API_KEY", "--family", "pay-as-you-go", "--json")
    assert verdict(named)["label"] == "belongs"
    assert asks("keys", "check", "XIAOMI_API_KEY", "--family", "nonsense").code == 4


def test_a_key_that_another_family_refuses_is_called_that(asks: Command) -> None:
    answer = asks("keys", "check", "XIAOMI_API_KEY", "--family", "token-plan", "--json")
    assert answer.code == 3
    assert verdict(answer)["label"] == "wrong family"


@pytest.mark.parametrize("form", [(), ("--json",)])
@pytest.mark.parametrize("slot", [(), ("MIMO_1_API_KEY",)])
def test_offline_it_says_so(asks: Command, form: tuple[str, ...], slot: tuple[str, ...]) -> None:
    answer = asks("keys", "check", *slot, *form, "--offline")
    assert answer.code == 1
    assert answer.err == (
        "Nothing was sent: the program is offline. Start it without --offline to ask the hosts.\n"
    )
    if form:
        answer.document(ERROR)


def test_a_slot_that_is_not_there_is_told(asks: Command) -> None:
    answer = asks("keys", "check", "XIAOMY_API_KEY", "--json")
    assert answer.code == 1
    assert "XIAOMI_API_KEY" in json.loads(answer.out)["error"]["candidates"]
    pasted = asks("keys", "check", KEY)
    assert pasted.code == 1
    assert "Canary" not in pasted.out + pasted.err


def test_the_list_shows_the_last_verdict_and_that_it_was_simulated(asks: Command) -> None:
    asks("keys", "check", "MIMO_1_API_KEY")
    asks("keys", "list", "--json").document(KEYS)
    slots = {slot["slot"]: slot for slot in json.loads(asks("keys", "list", "--json").out)["keys"]}
    assert slots["MIMO_1_API_KEY"]["verdict"] == {
        "label": "belongs",
        "title": "belongs to Token Plan · cn",
        "family": "token-plan",
        "host": "token-plan-cn.xiaomimimo.com",
        "cluster": "cn",
        "at": "2026-11-23T12:00:00+00:00",
        "simulated": True,
    }
    row = next(line for line in asks("keys").out.splitlines() if line.startswith("MIMO_1_API_KEY"))
    assert "SIMULATED: cn" in row


def test_a_check_writes_nothing_but_its_memory(asks: Command, look: Look, home: Path) -> None:
    before = look()
    asks("keys", "check")
    asks("keys", "check", "--fix", "--dry-run", "--json")
    assert look() == before
    kept = {path.name for path in (home / ".local").rglob("*") if path.is_file()}
    assert kept == {"checks.json", "observations.sqlite"}


# Mending


def test_fix_moves_the_preset_and_it_can_be_taken_back(asks: Command, library: Path) -> None:
    path = library / "saved" / "mimo-1.json"
    before = path.read_text()
    answer = asks("keys", "check", "MIMO_1_API_KEY", "--fix", "--yes")
    assert answer.code == 0
    assert path.read_text() == before.replace(SGP, CN)
    assert f'-      "base_url": "{SGP}",' in answer.out
    assert "Done: move mimo-1 to Token Plan · cn." in answer.out
    assert asks("keys", "check", "MIMO_1_API_KEY").code == 0
    assert asks("presets", "undo", "--yes").code == 0
    assert path.read_text() == before


def test_fix_as_json_holds_the_plan(asks: Command) -> None:
    tried = asks("keys", "check", "MIMO_1_API_KEY", "--fix", "--dry-run", "--json")
    tried.document(CHECKS)
    assert tried.code == 3
    [misplaced] = json.loads(tried.out)["checks"][0]["misplaced"]
    assert misplaced["plan"]["applied"] is False
    done = asks("keys", "check", "MIMO_1_API_KEY", "--fix", "--yes", "--json")
    done.document(CHECKS)
    assert done.code == 0
    [misplaced] = json.loads(done.out)["checks"][0]["misplaced"]
    assert misplaced["plan"]["applied"] is True


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_without_a_terminal_and_a_yes_nothing_is_moved(
    asks: Command, look: Look, form: tuple[str, ...]
) -> None:
    before = look()
    answer = asks("keys", "check", "MIMO_1_API_KEY", "--fix", *form)
    assert answer.code == 1
    assert "Say --yes" in answer.err
    assert look() == before
    if form:
        answer.document(CHECKS)


def test_templates_are_left_alone_and_do_not_count(asks: Command, home: Path, library: Path) -> None:
    put(home, "XIAOMI_API_KEY", accounts.SINGAPORE)
    before = (library / "templates" / "mimo.json").read_bytes()
    names = set((library / "saved").iterdir())
    answer = asks("keys", "check", "XIAOMI_API_KEY", "--fix", "--yes")
    assert answer.code == 0
    assert "templates/mimo.json calls api.xiaomimimo.com" in answer.out
    assert "clone it" in answer.out
    assert (library / "templates" / "mimo.json").read_bytes() == before
    assert set((library / "saved").iterdir()) == names
    assert SGP in (library / "saved" / "mimo-pro.json").read_text()


def test_what_stands_against_a_move_is_said_and_the_preset_stays(
    asks: Command, home: Path, look: Look, platform: Platform
) -> None:
    """A cluster that takes a key of another prefix: the rule and the platform disagree, and the person decides."""
    platform.put_account(Account("sk-odd-0123456789", "odd", frozenset({SGP.split("/")[2]})))
    put(home, "MIMO_API_KEY", "sk-odd-0123456789")
    before = look()
    answer = asks("keys", "check", "MIMO_API_KEY", "--family", "token-plan", "--fix", "--yes")
    assert answer.code == 3
    assert "key-kind-misfit" in answer.err
    assert look() == before


# Setting


def test_a_key_is_read_from_standard_input(given: Callable[..., Answer], home: Path) -> None:
    answer = given(f"\n{KEY}\r\n\n", "keys", "set", "MIMO_1_API_KEY", "--yes")
    assert answer.code == 0
    env = (home / ".lingtai-tui" / ".env").read_text()
    assert env.count(f"MIMO_1_API_KEY={KEY}\n") == 1
    assert env.count("MIMO_1_API_KEY") == 1
    assert "+MIMO_1_API_KEY=••••••" in answer.out
    assert "MIMO_1_API_KEY holds another key" in answer.out
    assert "Canary" not in answer.out + answer.err
    assert given("", "presets", "undo", "--yes").code == 0
    assert "Canary" not in (home / ".lingtai-tui" / ".env").read_text()


def test_a_new_key_goes_to_the_next_slot(given: Callable[..., Answer]) -> None:
    answer = given(KEY, "keys", "add", "--yes", "--json")
    assert answer.code == 0
    document = answer.document(KEY_PLAN)
    assert (document["slot"], document["kind"], document["applied"]) == ("MIMO_3_API_KEY", "tp", True)
    assert given(f"{KEY}2", "keys", "add", "--yes", "--json").document(KEY_PLAN)["slot"] == "MIMO_4_API_KEY"
    other = given("abc123456", "keys", "add", "--provider", "deepseek", "--yes", "--json")
    assert other.document(KEY_PLAN)["slot"] == "DEEPSEEK_1_API_KEY"


def test_the_same_key_again_changes_nothing(given: Callable[..., Answer], look: Look) -> None:
    before = look()
    answer = given("sk-fake0001", "keys", "set", "XIAOMI_API_KEY")
    assert answer.code == 0
    assert "holds this key already" in answer.out
    assert look() == before


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_a_dry_run_or_no_yes_writes_nothing(
    given: Callable[..., Answer], look: Look, form: tuple[str, ...]
) -> None:
    before = look()
    assert given(KEY, "keys", "set", "MIMO_1_API_KEY", "--dry-run", *form).code == 0
    answer = given(KEY, "keys", "set", "MIMO_1_API_KEY", *form)
    assert answer.code == 1
    assert "Say --yes" in answer.err
    if form:
        assert answer.document(KEY_PLAN)["applied"] is False
    assert look() == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("set", "MIMO_1_API_KEY", KEY),
        ("set", KEY),
        ("set", "Canary0123456789"),
        ("set", "MIMO_1_API_KEY", "Canary0123456789"),
        ("set", "MIMO_1_API_KEY", "--key", "Canary0123456789"),
        ("set", "MIMO_1_API_KEY", "--key=Canary0123456789"),
        ("add", KEY),
        ("add", "Canary0123456789"),
        ("add", "--provider", "Canary0123456789"),
        ("check", "--key", "Canary0123456789"),
        ("list", "Canary0123456789"),
    ],
)
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_a_key_as_an_argument_is_refused_and_not_repeated(
    given: Callable[..., Answer], look: Look, arguments: Sequence[str], form: tuple[str, ...]
) -> None:
    before = look()
    answer = (
        given(KEY, "keys", *arguments, "--yes", *form)
        if arguments[0] != "list"
        else given("", "keys", *arguments)
    )
    assert answer.code in (1, 2, 3)
    assert answer.err
    assert "Canary" not in answer.out + answer.err
    assert look() == before


@pytest.mark.parametrize("text", ["", "\n", "two words\n", "sk-Canary\x1b[31m1234\n"])
def test_no_key_or_none_that_could_be_one_is_refused(
    given: Callable[..., Answer], look: Look, text: str
) -> None:
    before = look()
    answer = given(text, "keys", "set", "MIMO_1_API_KEY", "--yes")
    assert answer.code == 3
    assert "Canary" not in answer.out + answer.err
    assert look() == before


def test_bytes_that_are_no_text_are_refused(mimo: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff\xfe\n"), "utf-8"))
    answer = mimo("keys", "set", "MIMO_1_API_KEY", "--yes")
    assert answer.code == 3
    assert "is no text" in answer.err


def test_on_a_terminal_the_key_is_asked_for_and_not_shown(library: Path, home: Path) -> None:
    code, text = on_a_terminal(
        ("keys", "set", "MIMO_1_API_KEY", "--home", str(home)),
        (("not shown: ", f"{KEY}\n"), ("[y/N] ", "y\n")),
    )
    assert code == 0
    assert "Canary" not in text
    assert f"MIMO_1_API_KEY={KEY}" in (home / ".lingtai-tui" / ".env").read_text()


def test_on_a_terminal_an_end_of_input_is_a_no(library: Path, home: Path, look: Look) -> None:
    before = look()
    code, text = on_a_terminal(("keys", "add", "--home", str(home)), (("not shown: ", "\x04"),))
    assert code == 1
    assert "no key was given" in text
    assert look() == before


def test_the_demonstration_has_a_key_on_the_wrong_cluster(capsys: pytest.CaptureFixture[str]) -> None:
    code = run(["--demo", "keys", "check", "--fix", "--dry-run", "--json"])
    found = json.loads(capsys.readouterr().out)
    assert code == 3
    assert found["simulated"] is True
    assert [each["preset"] for check in found["checks"] for each in check["misplaced"]] == [
        "saved/mimo-1.json"
    ]


def on_a_terminal(arguments: Sequence[str], answers: Sequence[tuple[str, str]]) -> tuple[int, str]:
    """Run the program on a terminal of its own, answer each question as it comes, and give its code and the text."""
    parent, child = pty.openpty()
    program = (sys.executable, "-m", "mimo_tui", *arguments)
    environment = {**os.environ, "TERM": "xterm", "PYTHONUTF8": "1"}
    with subprocess.Popen(
        program, stdin=child, stdout=child, stderr=child, env=environment, start_new_session=True
    ) as running:
        os.close(child)
        text, seen, left, until = b"", 0, list(answers), time.monotonic() + 60
        while time.monotonic() < until:
            if select.select([parent], [], [], 0.1)[0]:
                try:
                    piece = os.read(parent, 65536)
                except OSError:  # the other side is closed
                    break
                if not piece:
                    break
                text += piece
            if left and left[0][0].encode() in text[seen:]:
                seen = len(text)
                os.write(parent, left.pop(0)[1].encode())
        code = running.wait(10)
    os.close(parent)
    return code, text.decode().replace("\r\n", "\n")


def test_fix_moves_a_file_of_two_names_once(asks: Command, library: Path) -> None:
    (library / "saved" / "linked.json").symlink_to(library / "saved" / "mimo-1.json")
    answer = asks("keys", "check", "MIMO_1_API_KEY", "--fix", "--yes")
    assert answer.code == 0
    assert answer.out.count("Done: move") == 1
    assert answer.out.count("Nothing to change") == 1
    assert (library / "saved" / "linked.json").is_symlink()
