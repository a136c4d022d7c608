"""`mimo-tui keys …`."""

import argparse

from mimo_tui.cli import output, shapes
from mimo_tui.cli.errors import ExitCode
from mimo_tui.core.json_text import Json
from mimo_tui.core.preset import Source
from mimo_tui.services import Services
from mimo_tui.services.keys import SlotView, list_keys
from mimo_tui.services.presets.listing import PresetView


def list_all(services: Services, arguments: argparse.Namespace) -> ExitCode:
    slots = list_keys(services)
    if arguments.json:
        output.write_document({"schema": shapes.SCHEMA, "keys": [_shape(slot) for slot in slots]})
        return ExitCode.DONE
    if not slots:
        output.write_lines((f"No preset names a slot, and there is no key in {services.places.env_file}.",))
        return ExitCode.DONE
    rows = [_row(slot) for slot in slots]
    output.write_table(("SLOT", "KEY", "KIND", "FROM", "NOTE", "PRESETS"), rows, spare=("KIND",))
    return ExitCode.DONE


def _row(slot: SlotView) -> tuple[str, ...]:
    return (
        slot.name,
        slot.secret.masked if slot.secret else "none",
        slot.kind.title if slot.kind else "",
        str(slot.source or (f"{slot.places[0]} only" if slot.places else "")),
        f"readers differ: {slot.disagreement}" if slot.disagreement else "",
        ", ".join(_short(preset) for preset in slot.presets),
    )


def _short(preset: PresetView) -> str:
    plain = preset.source is Source.SAVED and preset.name == preset.entry.stem
    return preset.name if plain else preset.reference.removesuffix(".json")


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
