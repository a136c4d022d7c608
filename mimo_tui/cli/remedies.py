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


def commands_for(diagnosis: Diagnosis, view: PresetView, *, of_its_model: bool = True) -> tuple[Clean, ...]:
    """Give the commands that mend it, or show how to, for calls of that preset; none: no command does.

    `of_its_model`: the preset's own model was asked, or one that could be.
    """
    found = _commands(diagnosis, view, of_its_model=of_its_model)
    return tuple(clean(redact(f"{command}  # {what}")) for command, what in found)


def _commands(diagnosis: Diagnosis, view: PresetView, *, of_its_model: bool) -> Iterator[tuple[str, str]]:
    slot = view.preset.slot if view.preset is not None else None
    if diagnosis.cause in _OF_THE_KEY and slot:
        yield (
            f"mimo-tui keys check {quote(slot)} --fix",
            "says which hosts take the key, and moves its presets there",
        )
        yield f"mimo-tui keys set {quote(slot)}", "puts another key in"
    if diagnosis.cause in _OF_THE_MODEL and diagnosis.successor and of_its_model:
        moved = f"{quote(str(view.reference))} {quote(diagnosis.successor)}"
        yield f"mimo-tui switch {moved}", "moves the preset to its successor"
    elif diagnosis.cause in _OF_THE_MODEL:
        yield "mimo-tui models", "lists the models that are known"
    elif diagnosis.cause is Cause.VOICE:
        yield "mimo-tui voices", "lists the voices that are known"
