"""Promises 15 and 27, for `mimo-tui chat`: what the service says back is safe to look at, and holds no key."""

import io
import sys
from collections.abc import Callable

import pytest

from mimo_tui.cli import commands
from mimo_tui.services import Services
from mimo_tui.simulator.accounts import SAMPLE_GOOD
from mimo_tui.simulator.platform import Platform
from mimo_tui.wire.network import Network

Reached = Callable[[str, str], None]
Chat = Callable[..., str]

HOSTILE = (
    "\x1b]0;owned\x07",
    "\x1b[2J\x1b[1;31m",
    "\x9b31m\x90q\x9c",
    "\x1b]52;c;b3duZWQ=\x1b\\",
    "\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "abc\rdef\x08\x08\x7f",
    "\u202eevil\u2066x\u2069",
    "\U000e0041\u200b\ufeff",
    "[bold red]x[/] [@click=app.quit]y[/]",
)
FORMS = ((), ("--no-stream",), ("--json",), ("--raw",), ("--reasoning",), ("--json", "--raw"))


@pytest.fixture
def chat(
    services: Services,
    network: Network,
    platform: Platform,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Chat:
    """Run the command against the platform, and give all that it says."""
    monkeypatch.setattr(commands, "_network", lambda parsed, origin: network)
    words = ("--preset", "unknown", "-m", "mimo-v2.6-pro", "--home", str(services.places.home))

    def said(*arguments: str, given: str = "") -> str:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode()), "utf-8"))
        commands.run(["chat", *arguments, *words])
        spoken = capsys.readouterr()
        return spoken.out + spoken.err

    return said


def test_no_control_character_of_an_answer_reaches_the_terminal(chat: Chat, reached: Reached) -> None:
    for form in FORMS:
        text = chat("-", *form, given=f"say exactly {' '.join(HOSTILE)} end")
        assert " end" in text
        assert not [sign for sign in text if not sign.isprintable() and sign not in "\n\t"]
        if "--json" not in form:
            assert "[bold red]x[/] [@click=app.quit]y[/]" in text
    reached("27", f"{len(HOSTILE)} hostile texts in {len(FORMS)} forms of `chat`: 0 reach the terminal raw")


def test_an_error_of_the_service_cannot_say_the_key_that_was_sent(
    chat: Chat, platform: Platform, services: Services, reached: Reached
) -> None:
    platform.put_fault("echo-key", always=True)
    said = "".join(chat(f"I am {SAMPLE_GOOD}", *form) for form in FORMS)
    assert "••••••" in said
    assert SAMPLE_GOOD not in said
    services.sessions.close()
    kept = [path.read_bytes() for path in services.places.state.rglob("*") if path.is_file()]
    assert not any(SAMPLE_GOOD.encode() in data for data in kept)
    reached(
        "15",
        f"a key echoed by the service and typed by a person: 0 hits in {len(FORMS)} forms of `chat` and its records",
    )
