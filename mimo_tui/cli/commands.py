"""Carry out one command of the command line, or open the screen."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from mimo_tui.cli.parser import parse
from mimo_tui.cli.times import clock_from

if TYPE_CHECKING:
    from mimo_tui.cli.errors import Answer
    from mimo_tui.wire.network import Network


_NEED_DOCS: Final = ("docs:", "models:")
"""Commands that say little in a demonstration, whose home is new each time, unless the docs were fetched first."""


def run(arguments: Sequence[str]) -> int:
    """Carry out one command and give its exit code. Without a command, open the screen."""
    _have_streams()
    parsed = parse(arguments)
    if parsed.command == "simulate" and not parsed.version:
        from mimo_tui.cli.simulate import simulate

        return int(simulate(parsed))
    with ExitStack() as stack:
        home: Path | None = parsed.home
        platform: Callable[[], str] | None = None
        if parsed.demo:
            from mimo_tui.cli.demo import NoDrift, catalogue_with, sample_home, simulated_platform, site_with

            try:
                site, catalogue = site_with(parsed.drift), catalogue_with(parsed.drift)
            except NoDrift as error:
                return _wrong(str(error))
            home = stack.enter_context(sample_home())
            platform = stack.enter_context(simulated_platform(parsed.at, site, catalogue))

        if parsed.version:
            from mimo_tui.__main__ import print_version

            return print_version()
        if parsed.answer is None:
            if not (sys.stdin.isatty() and sys.stdout.isatty()):
                return _no_terminal()
            from mimo_tui.tui.app import run_app

            return run_app(
                home, simulated=parsed.demo, network=_network(parsed, platform), now=clock_from(parsed.at)
            )
        return _answered(parsed, home, _network(parsed, platform))


def _have_streams() -> None:
    """Put an empty stream where the program was started with one closed, for Python then has None there."""
    if sys.stdin is None:
        sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115 it stays open
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115


def _no_terminal() -> int:
    return _wrong(
        "There is no terminal to open the screen on. `mimo-tui --help` lists the commands, which need none."
    )


def _wrong(sentence: str) -> int:
    from mimo_tui.cli.errors import ExitCode, say

    say(sentence)
    return int(ExitCode.USAGE)


def _network(parsed: argparse.Namespace, platform: Callable[[], str] | None) -> "Network":
    from mimo_tui.wire.network import Network

    return Network(offline=parsed.offline, simulated=platform)


def _answered(parsed: argparse.Namespace, home: Path | None, network: "Network") -> int:
    from mimo_tui.cli.errors import EXPECTED, explain, reader_left, say, stopped
    from mimo_tui.cli.output import CannotWrite, flush, prepare, write_document
    from mimo_tui.cli.shapes import error_shape
    from mimo_tui.services import make_services
    from mimo_tui.services.tidying import tidy

    prepare()
    module, _, function = parsed.answer.partition(":")
    answer = cast("Answer", getattr(import_module(f"mimo_tui.cli.{module}"), function))
    try:
        services = make_services(home, simulated=parsed.demo, network=network, now=clock_from(parsed.at))
        with closing(services.sessions):
            for problem in tidy(services):
                say(problem)
            if parsed.demo and not parsed.offline and parsed.answer.startswith(_NEED_DOCS):
                from mimo_tui.cli.demo import fetch_docs

                fetch_docs(services)
            code = int(answer(services, parsed))
            flush()  # a reader that has gone is noticed here, not at exit
            return code
    except EXPECTED as error:
        code = explain(error)
        if parsed.json and not parsed.written:
            write_document(error_shape(error, code))
        return int(code)
    except BrokenPipeError:
        return int(reader_left())
    except CannotWrite as error:
        say(str(error))
        return int(reader_left())
    except KeyboardInterrupt:
        return int(stopped())
