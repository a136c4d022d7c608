"""A take in words: a line of it, and what was heard otherwise."""

from collections.abc import Iterator
from typing import Final

from mimo_tui.core.media.sizes import size_text
from mimo_tui.core.meter import BETWEEN, cost_text
from mimo_tui.core.model import ModelKind
from mimo_tui.core.take import Take
from mimo_tui.core.text import Clean, clean

_LONGEST_NAME: Final = 40
_MINUTE: Final = 60


def take_line(take: Take) -> Clean:
    """Give voice, length, size, time to the first sound, cost, and what is the matter with it."""
    return clean(BETWEEN.join(_parts(take)))


def voice_text(take: Take) -> Clean:
    """Name the voice that speaks."""
    name = take.voice if len(take.voice) <= _LONGEST_NAME else f"{take.voice[: _LONGEST_NAME - 1]}…"
    match take.kind:
        case ModelKind.VOICE_DESIGN:
            return clean(f"designed: {name}")
        case ModelKind.VOICE_CLONE:
            return clean(f"cloned from {name}")
        case _:
            return clean(name or "default voice")


def length_text(seconds: float) -> str:
    """Give a length as people say it: `3.2 s`, `2 min 05 s`."""
    if seconds < _MINUTE:
        return f"{seconds:.1f} s"
    return f"{int(seconds) // _MINUTE} min {int(seconds) % _MINUTE:02} s"


def state_text(take: Take) -> str:
    """Say what is the matter with it; empty: it is whole."""
    if take.stopped:
        return "stopped"
    if take.failure is not None:
        return "failed" if not take.file else "broke off"
    return "" if take.complete else "not complete"


def _parts(take: Take) -> Iterator[str]:
    yield voice_text(take)
    if take.seconds:
        yield length_text(take.seconds)
    if take.size:
        yield size_text(take.size)
    if take.first_sound is not None:
        yield f"first sound {take.first_sound:.2f} s"
    if take.took is not None:
        yield f"{take.took:.2f} s in all"
    if take.cost is not None:
        yield cost_text(take.cost)
    if state := state_text(take):
        yield state
    if take.simulated:
        yield "SIMULATED"
