"""Exit codes, and one sentence on standard error for each way to fail."""

import argparse
import os
import sys
from collections.abc import Callable
from enum import IntEnum
from typing import TypeAlias

from mimo_tui.core.json_text import EditError, format_path
from mimo_tui.core.text import Clean, clean
from mimo_tui.services import Services
from mimo_tui.services.docs.reading import AmbiguousPage, NoDocs, NoPage, NoVersion
from mimo_tui.services.doctor.writing import NotThere
from mimo_tui.services.keys.listing import NoSlot
from mimo_tui.services.keys.setting import KeyRefused
from mimo_tui.services.models import NoModel
from mimo_tui.services.presets.changing import AmbiguousChange
from mimo_tui.services.presets.listing import Ambiguous, NotFound
from mimo_tui.services.presets.planning import Plan, Refused, UnknownFix
from mimo_tui.services.refusals import CannotCheck, NothingSent, WrongWords
from mimo_tui.services.speech.saving import CannotSave, Exists, NoPlace
from mimo_tui.store.atomic import Conflict, SaveFailed
from mimo_tui.store.history import HistoryError
from mimo_tui.store.sqlite_file import FileProblem
from mimo_tui.store.takes import TakesProblem


class ExitCode(IntEnum):
    """What a command says to the script that called it."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    REFUSED = 3
    AMBIGUOUS = 4
    CHANGED_MEANWHILE = 5


Answer: TypeAlias = Callable[[Services, argparse.Namespace], ExitCode]
"""What carries out a command."""


class Stands(Exception):
    """Errors stand against a plan, and nobody forced it."""

    def __init__(self, plan: Plan) -> None:
        lines = [
            f"  {found.code} at {format_path(found.path) or 'the file'}: {found.message}"
            for found in plan.blocking
        ]
        fixes = list(dict.fromkeys(fix.id for found in plan.blocking for fix in found.fixes))
        hint = f"Mend it with --fix {' or --fix '.join(fixes)}" if fixes else "Mend it"
        hint += "; --force does not override it." if plan.never_forced else ", or insist with --force."
        super().__init__("\n".join(("Not saved; this stands against it:", *lines, hint)))


class Declined(Exception):
    """Nothing was changed, because nobody said yes."""


class Usage(Exception):
    """The words of the command are off."""


_CODES: tuple[tuple[type[Exception], ExitCode], ...] = (
    (Usage, ExitCode.USAGE),
    (UnknownFix, ExitCode.USAGE),
    (Stands, ExitCode.REFUSED),
    (Refused, ExitCode.REFUSED),
    (Ambiguous, ExitCode.AMBIGUOUS),
    (AmbiguousChange, ExitCode.AMBIGUOUS),
    (AmbiguousPage, ExitCode.AMBIGUOUS),
    (Conflict, ExitCode.CHANGED_MEANWHILE),
    (KeyRefused, ExitCode.REFUSED),
    (NotFound, ExitCode.FAILED),
    (NoModel, ExitCode.FAILED),
    (NoSlot, ExitCode.FAILED),
    (WrongWords, ExitCode.USAGE),
    (NothingSent, ExitCode.FAILED),
    (SaveFailed, ExitCode.FAILED),
    (EditError, ExitCode.FAILED),
    (HistoryError, ExitCode.FAILED),
    (NotThere, ExitCode.FAILED),
    (NoDocs, ExitCode.FAILED),
    (NoPage, ExitCode.FAILED),
    (NoVersion, ExitCode.FAILED),
    (FileProblem, ExitCode.FAILED),
    (Exists, ExitCode.REFUSED),
    (NoPlace, ExitCode.USAGE),
    (CannotSave, ExitCode.FAILED),
    (TakesProblem, ExitCode.FAILED),
    (Declined, ExitCode.FAILED),
)

EXPECTED: tuple[type[Exception], ...] = tuple(kind for kind, _ in _CODES)


def explain(error: Exception) -> ExitCode:
    """Say on standard error what went wrong, and give the exit code for it."""
    code = next(code for kind, code in _CODES if isinstance(error, kind))
    text = str(error)
    if isinstance(error, Conflict):
        text = f"{text}. Nothing was written; look at the file as it is now and try again."
    if isinstance(error, CannotCheck) and error.families:
        code = ExitCode.AMBIGUOUS
        text = error.told
    if isinstance(error, Exists):
        text = (
            f"{clean(str(error.path))} is there already. Give another name, or have it replaced with --force."
        )
    say(text)
    return code


def say(text: str) -> None:
    """Write a sentence for the person to standard error."""
    for line in text.split("\n"):
        print(clean(line), file=sys.stderr)  # noqa: T201 this module owns standard error


def murmur(text: Clean) -> None:
    """Write a piece of what is only beside the matter, on a terminal that has it in a paler colour."""
    is_pale = sys.stderr.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    shown = f"\x1b[2m{text}\x1b[22m" if is_pale else text
    print(shown, end="", file=sys.stderr, flush=True)  # noqa: T201 this module owns standard error


def progress(text: str) -> None:
    """Write how far something is over what was written last, where standard error is a terminal; empty clears it."""
    if not sys.stderr.isatty():
        return
    from shutil import get_terminal_size

    from rich.cells import set_cell_size

    width = get_terminal_size().columns
    # The terminal itself may write ^C behind it, which has to stay on the same line.
    line = set_cell_size(clean(text), max(0, width - len("^C") - 1)).rstrip()
    print(f"\r{' ' * (width - 1)}\r{line}", end="", file=sys.stderr, flush=True)  # noqa: T201 this module owns standard error


def reader_left() -> ExitCode:
    """End as a program whose reader has gone ends: silently, and without a second error at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return ExitCode.FAILED


def stopped() -> ExitCode:
    """End as the person wished who pressed ctrl+c."""
    # Also the sign of it that the terminal wrote there.
    progress("")
    say("Stopped.")
    return ExitCode.FAILED
