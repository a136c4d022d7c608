"""`mimo-tui simulate`, `--demo` and `--offline`: the program as it is started, in processes of their own."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from mimo_tui.cli.commands import run
from mimo_tui.cli.parser import DRIFT
from mimo_tui.simulator import accounts
from mimo_tui.simulator.server import serve
from mimo_tui.simulator.site.planted import ANSWERS, CONTRADICTIONS
from tests.cli.schemas import SIMULATE, validate

WATCHED = """
import sys
calls = []
def watch(event, arguments):
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto"):
        calls.append(event)
sys.addaudithook(watch)
from mimo_tui.cli.commands import run
code = run(sys.argv[1:])
heavy = [name for name in ("uvicorn", "starlette", "httpx2", "PIL") if name in sys.modules]
print(code, calls, heavy, file=sys.stderr)
"""


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(Path(__file__).parents[2])}


@contextmanager
def simulating(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run `mimo-tui simulate`, and end it if the test has not."""
    command = [sys.executable, "-m", "mimo_tui", "simulate", *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def read_document(process: subprocess.Popen[str]) -> dict[str, object]:
    assert process.stdout is not None
    text = ""
    while not text.endswith("\n}\n"):
        line = process.stdout.readline()
        assert line, process.stderr.read() if process.stderr else ""
        text += line
    document: dict[str, object] = json.loads(text)
    return document


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be sent a ctrl+c alone there")
def test_it_serves_what_it_says_until_ctrl_c() -> None:
    with simulating("--json", "--at", "2026-10-01") as process:
        document = read_document(process)
        validate(document, SIMULATE)  # type: ignore[arg-type]
        hosts = document["hosts"]
        assert isinstance(hosts, list)
        keys = document["keys"]
        assert isinstance(keys, list)
        for host in hosts:
            key = next(one["key"] for one in keys if host["host"] in one["hosts"])
            answer = httpx2.get(f"{host['openai']}/models", headers={"authorization": f"Bearer {key}"})
            assert answer.status_code == 200
            assert answer.headers["x-simulated"] == "mimo-tui"
            assert "mimo-v2.5" in answer.text
        docs = httpx2.get(str(document["docs"]))
        assert docs.text.startswith("# ")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)
    assert process.returncode == 0
    assert (out, err) == ("", "Stopped: the simulated platform is gone.\n")


@pytest.mark.parametrize("arguments", [["--help"], ["simulate", "--help"]])
def test_help_lists_all_drift_that_can_be_planted(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert (*CONTRADICTIONS, *ANSWERS) == DRIFT
    with pytest.raises(SystemExit):
        run(arguments)
    told = capsys.readouterr().out.partition("what --drift can plant:")[2]
    assert set(DRIFT) <= set(re.split(r"[\s,]+", told))


def test_without_json_it_tells_a_person_all_they_need() -> None:
    with simulating("--drift", "price", "--drift", "host-added") as process:
        assert process.stdout is not None
        text = ""
        while "Authorization: Bearer" not in text:
            line = process.stdout.readline()
            assert line
            text += line
    for wanted in (
        "SIMULATED",
        "api.xiaomimimo.com/v1",
        "token-plan-sgp.xiaomimimo.com/anthropic",
        accounts.PAY_AS_YOU_GO,
        accounts.REVOKED,
        "llms.txt",
        "It contradicts what is known of MiMo\n  price ",
        CONTRADICTIONS["host-added"].says,
        "x-simulate: ",
        "curl http://127.0.0.1:",
    ):
        assert wanted in text
    assert max(map(len, text[text.index("curl") :].splitlines())) < 80


def test_a_port_that_is_taken_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with serve() as served:
        port = served.origin.rpartition(":")[2]
        assert run(["simulate", "--port", port]) == 1
        assert f"Port {port} of this machine cannot be opened" in capsys.readouterr().err
        assert run(["simulate", "--port", port, "--json"]) == 1
        assert json.loads(capsys.readouterr().out)["error"]["code"] == 1


def test_offline_no_platform_is_served(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["simulate", "--offline"]) == 2
    assert "--offline rules out" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["simulate", "--at", "tomorrow"], "tomorrow is no time"),
        (["simulate", "--at", "0001-01-01"], "0001-01-01 is no time"),
        (["--demo", "--at", "10-20", "presets"], "10-20 is no time"),
        (["presets", "--at", "2026-10-20"], "--at is for --demo and for simulate"),
        (["docs", "--drift", "price"], "--drift is for --demo and for simulate"),
    ],
)
def test_a_time_that_is_none_is_refused(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(arguments)
    assert ended.value.code == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("at", "code"), [("2026-10-20", "model-retiring"), ("2026-10-21T10:00", "model-retired")]
)
def test_in_a_demonstration_a_model_retires_as_its_clock_is_moved(
    at: str, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--demo", "--at", at, "presets", "show", "mimo-1", "--json"]) == 0
    findings = json.loads(capsys.readouterr().out)["presets"][0]["findings"]
    assert [finding["code"] for finding in findings if finding["code"].startswith("model-")] == [code]


def test_a_demonstration_opens_nothing_before_its_first_request() -> None:
    command = [sys.executable, "-c", WATCHED, "--demo", "presets", "list"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), timeout=60, check=False)
    assert done.stderr.splitlines()[-1] == "0 [] []"
    assert "mimo-pro" in done.stdout


def test_a_demonstration_asks_the_simulated_platform(capsys: pytest.CaptureFixture[str]) -> None:
    run(["--demo", "presets", "test", "mimo-pro", "--json"])
    document = json.loads(capsys.readouterr().out)
    assert document["simulated"] is True
    assert document["lamps"][0]["light"] == "yes"
    assert document["lamps"][0]["exchange"]["status"] == 200


def test_offline_asks_nobody_not_even_the_simulated_platform() -> None:
    command = [sys.executable, "-c", WATCHED, "--demo", "--offline", "presets", "test", "mimo-pro", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), timeout=60, check=False)
    code, _, rest = done.stderr.splitlines()[-1].partition(" ")
    assert code != "0"
    assert rest.startswith("[] ")
    assert json.loads(done.stdout)["simulated"] is False


def test_docs_that_contradict_the_catalogue_are_served_by_name() -> None:
    with simulating("--json", "--drift", "index-gone") as process:
        document = read_document(process)
        assert document["drift"] == [{"name": "index-gone", "says": CONTRADICTIONS["index-gone"].says}]
        answer = httpx2.get(str(document["docs"]))
        assert answer.status_code == 404


def test_in_a_demonstration_drift_is_found_by_the_doctor(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("--drift", "price", "--drift", "host-added")
    assert run(["--demo", *arguments, "doctor", "--check", "--json"]) == 3
    complaints = json.loads(capsys.readouterr().out)["complaints"]
    codes = {each["code"] for each in complaints if each["place"] == "drift"}
    assert {"price-or-limit-mismatch", "host-families-changed"} <= codes


def test_a_demonstration_has_its_docs_at_hand(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--demo", "--drift", "context", "docs", "show", "models"]) == 0
    assert "512K" in capsys.readouterr().out
    assert run(["--demo", "--drift", "context", "models", "mimo-v2.6-pro", "--json"]) == 0
    context = json.loads(capsys.readouterr().out)["models"][0]["context"]
    assert (context["value"], context["disputed"]) == (524_288, True)


def test_an_unknown_drift_names_those_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["simulate", "--drift", "\x1b[2Jnothing"]) == 2
    assert run(["--demo", "--drift", "nothing", "docs", "list"]) == 2
    shown = capsys.readouterr().err
    assert "price, " in shown
    assert "\x1b" not in shown
