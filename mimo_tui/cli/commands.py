"""The command line: its words, its options, and which function answers to which."""

import argparse
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from mimo_tui.cli import keys, models, presets
from mimo_tui.cli.errors import EXIT_CODES, EXPECTED, ExitCode, explain, say
from mimo_tui.cli.output import prepare


def run(arguments: Sequence[str]) -> int:
    """Carry out one command and give its exit code. Without a command, open the screen."""
    prepare()
    parsed = _parser().parse_args(arguments)
    try:
        with ExitStack() as stack:
            return int(_answer(parsed, stack))
    except EXPECTED as error:
        return int(explain(error))
    except BrokenPipeError:
        return _reader_left()
    except KeyboardInterrupt:
        say("Stopped.")
        return int(ExitCode.FAILED)


def _answer(parsed: argparse.Namespace, stack: ExitStack) -> ExitCode:
    from mimo_tui.services import make_services

    home: Path | None = parsed.home
    if parsed.demo:
        from mimo_tui.cli.demo import sample_home

        home = stack.enter_context(sample_home())
    services = make_services(home, simulated=parsed.demo)
    if parsed.command is None:
        from mimo_tui.tui.app import run_app

        run_app(services)
        return ExitCode.DONE
    answer: presets.Answer = parsed.answer
    return answer(services, parsed)


def _parser() -> argparse.ArgumentParser:
    common = _common(argparse.SUPPRESS)
    parser = argparse.ArgumentParser(
        prog="mimo-tui",
        description="Presets, keys and models of Xiaomi MiMo. Without a command, the screen opens.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[_common(None)],
    )
    parser.add_argument("-V", "--version", action="store_true", help="print the version")
    commands = parser.add_subparsers(dest="command", metavar="command")
    presets.add_commands(commands, common)
    keys.add_commands(commands, common)
    models.add_commands(commands, common)
    return parser


def _common(default: str | None) -> argparse.ArgumentParser:
    """The options that every command takes, before its name or after it."""
    common = argparse.ArgumentParser(add_help=False, argument_default=default)
    common.add_argument(
        "--home", type=Path, metavar="DIR", help="the home folder to work in (default: yours)"
    )
    common.add_argument(
        "--demo",
        action="store_true",
        default=default or False,
        help="work on a sample library in a temporary folder",
    )
    return common


def _reader_left() -> int:
    """End as a program whose reader has gone ends: silently, and without a second error at exit."""
    import os
    import sys

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return int(ExitCode.FAILED)
