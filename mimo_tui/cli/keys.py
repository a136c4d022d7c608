"""`mimo-tui keys …`."""

import argparse

from mimo_tui.cli import output, shapes
from mimo_tui.cli.errors import ExitCode
from mimo_tui.core.json_text import Json
from mimo_tui.services import Services
from mimo_tui.services.keys import SlotView, list_keys


def list_all(services: Services, arguments: argparse.Namespace) -> ExitCode:
    slots = list_keys(services)
    if arguments.json:
        output.write_document({"schema": shapes.SCHEMA, "keys": [_shape(slot) for slot in slots]})
        return ExitCode.DONE
    output.write_table(("SLOT", "KEY", "KIND", "FROM", "PRESETS", "NOTE"), [_row(slot) for slot in slots])
    return ExitCode.DONE


def _row(slot: SlotView) -> tuple[str, ...]:
    return (
        slot.name,
        slot.secret.masked if slot.secret else "none",
        slot.kind.title if slot.kind else "",
        str(slot.source or (f"{slot.places[0]} only" if slot.places else "")),
        ", ".join(preset.name or preset.reference for preset in slot.presets),
        slot.disagreement or "",
    )


def _shape(slot: SlotView) -> dict[str, Json]:
    return {
        "slot": slot.name,
        "key": {
            "present": slot.secret is not None,
            "kind": slot.kind.prefix.rstrip("-") if slot.kind else None,
            "source": str(slot.source) if slot.source else None,
            "masked": slot.secret.masked if slot.secret else None,
        },
        "places": [str(place) for place in slot.places],
        "presets": [preset.reference for preset in slot.presets],
        "disagreement": slot.disagreement,
    }
