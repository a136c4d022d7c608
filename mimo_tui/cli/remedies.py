"""What to type to mend a failed call."""

from collections.abc import Iterator
from shlex import quote
from typing import Final

from mimo_tui.core.diagnosis import Cause, Diagnosis
from mimo_tui.core.secrets import redact
from mimo_tui.core.text import Clean, clean
from mimo_tui.services.presets.listing import PresetView

_OF_THE_KEY: Final = frozenset({Cause.KEY, Cause.KEY_KIND, Cause.CLUSTER})
_OF_THE_MODEL: Final = frozenset({Cause.RETIRED_MODEL, Cause.UNKNOWN_MODEL})


def commands_for(diagnosis: Diagnosis, view: PresetView) -> tuple[Clean, ...]:
    """Give the commands that mend it, or show how to, for calls of that preset; none: no command does."""
    return tuple(clean(redact(f"{command}  # {what}")) for command, what in _commands(diagnosis, view))


def _commands(diagnosis: Diagnosis, view: PresetView) -> Iterator[tuple[str, str]]:
    slot = view.preset.slot if view.preset is not None else None
    if diagnosis.cause in _OF_THE_KEY and slot:
        yield (
            f"mimo-tui keys check {quote(slot)} --fix",
            "says which hosts take the key, and moves its presets there",
        )
        yield f"mimo-tui keys set {quote(slot)}", "puts another key in"
    if diagnosis.cause in _OF_THE_MODEL and diagnosis.successor:
        moved = f"{quote(str(view.reference))} {quote(diagnosis.successor)}"
        yield f"mimo-tui switch {moved}", "moves the preset to its successor"
    elif diagnosis.cause in _OF_THE_MODEL:
        yield "mimo-tui models", "lists the models that are known"
