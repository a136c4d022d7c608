"""`mimo-tui presets test`: the four lamps of a preset."""

import argparse
import asyncio
import sys

from mimo_tui.cli import output, shapes
from mimo_tui.cli.errors import Declined, ExitCode
from mimo_tui.cli.evidence import SIMULATED, diagnosis_shape, exchange_lines, exchange_shape
from mimo_tui.core.json_text import Json
from mimo_tui.services import Services
from mimo_tui.services.presets.listing import PresetView, find, list_presets
from mimo_tui.services.presets.testing import (
    CannotTest,
    KeyGoesElsewhere,
    Lamp,
    LampState,
    Light,
    light_lamps,
)

_MARKS = {Light.GOOD: "✓", Light.BAD: "✗", Light.UNKNOWN: "?", Light.NOT_ASKED: "·"}


def test(services: Services, arguments: argparse.Namespace) -> ExitCode:
    view = find(list_presets(services), arguments.name)
    states = _agreed_states(services, view, arguments)
    simulated = any(state.exchange is not None and state.exchange.simulated for state in states)
    if arguments.json:
        output.write_document(
            {
                "schema": shapes.SCHEMA,
                "preset": view.reference,
                "simulated": simulated,
                "lamps": [_shape(state) for state in states],
            }
        )
    else:
        output.write_lines((SIMULATED,) if simulated else ())
        for state in states:
            output.write_lines(_lines(state))
    return _code(states)


def _agreed_states(
    services: Services, view: PresetView, arguments: argparse.Namespace
) -> tuple[LampState, ...]:
    """Give the lamps; a key of MiMo goes to another host only if the person says so."""
    try:
        return asyncio.run(_states(services, view, request=arguments.request, agreed=arguments.yes))
    except KeyGoesElsewhere as problem:
        if arguments.json or not (sys.stdin.isatty() and sys.stdout.isatty()):
            raise CannotTest(f"{problem} Say --yes if it shall.") from problem
        if not output.ask(f"{problem} Send it there?"):
            raise Declined("Nothing was sent.") from None
    return asyncio.run(_states(services, view, request=arguments.request, agreed=True))


async def _states(
    services: Services, view: PresetView, *, request: bool, agreed: bool
) -> tuple[LampState, ...]:
    try:
        return tuple([state async for state in light_lamps(services, view, request=request, agreed=agreed)])
    finally:
        await services.client.aclose()


def _code(states: tuple[LampState, ...]) -> ExitCode:
    lights = {state.light for state in states}
    if any(state.lamp is Lamp.REQUEST and state.light is Light.GOOD for state in states):
        return ExitCode.DONE  # an answer says more than lists that a host gives to anybody, or to nobody
    if Light.BAD in lights:
        return ExitCode.REFUSED
    return ExitCode.FAILED if Light.UNKNOWN in lights else ExitCode.DONE


def _lines(state: LampState) -> tuple[str, ...]:
    head = f"{_MARKS[state.light]} {state.lamp}: {state.light}. {state.says}"
    if state.light in (Light.GOOD, Light.NOT_ASKED):
        return (head,)
    remedy = (f"    {state.diagnosis.remedy}",) if state.diagnosis is not None else ()
    evidence = exchange_lines(state.exchange) if state.exchange is not None else ()
    return (head, *remedy, *(f"    {line}" for line in evidence))


def _shape(state: LampState) -> dict[str, Json]:
    return {
        "lamp": str(state.lamp),
        "light": str(state.light),
        "says": state.says,
        "exchange": exchange_shape(state.exchange) if state.exchange is not None else None,
        "diagnosis": diagnosis_shape(state.diagnosis) if state.diagnosis is not None else None,
    }
