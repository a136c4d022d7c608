"""README says what is so: its keys are the bindings, its commands exist, its exit codes are the program's."""

import re
import shlex

import pytest

from mimo_tui.cli.parser import EXIT_CODES, parse
from tests.clients.calls import rows as client_rows
from tests.readme import README, key_rows, table

TEXT = README.read_text(encoding="utf-8")
COMMANDS = re.findall(r"^mimo-tui (.*?)(?:\s+#.*)?$", TEXT, flags=re.MULTILINE)


def test_the_table_of_keys_is_what_the_bindings_say() -> None:
    assert table(TEXT, "keys") == list(key_rows()), "python -m tests.readme writes it"


def test_the_table_of_other_peoples_calls_is_what_is_tested() -> None:
    assert table(TEXT, "clients") == list(client_rows()), "python -m tests.readme writes it"


def test_every_promise_that_is_shown_names_a_test_that_exists() -> None:
    files = re.findall(r"\]\((tests/\S+\.py)\)", "\n".join(table(TEXT, "promises")))
    assert files
    assert [name for name in files if not (README.parent / name).is_file()] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_that_is_shown_is_understood(command: str) -> None:
    parse(shlex.split(command))


def test_the_exit_codes_are_those_of_the_help() -> None:
    codes = TEXT.partition("| Exit code |")[2].partition("\n\n")[0]
    shown = dict(re.findall(r"^\| ([0-5]) \| (\w+)", codes, flags=re.MULTILINE))
    told = dict(re.findall(r"^  ([0-5])  (\w+)", EXIT_CODES, flags=re.MULTILINE))
    assert shown == told
