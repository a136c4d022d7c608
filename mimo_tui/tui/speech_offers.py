"""Which actions the Speech screen offers where one stands, and what mends a text that was not spoken."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from mimo_tui.core.diagnosis import Cause, Diagnosis, Retry


class Remedy(StrEnum):
    """What one key does about it, in words."""

    NONE = ""
    VOICE = "choose a voice that is there"
    MODEL = "choose another model"
    KEYS = "go to the key"
    PRESET = "go to the preset"
    TEXT = "write it anew"
    SAMPLE = "choose another sample"
    AGAIN = "speak it again"


_REMEDIES: Final[Mapping[Cause, Remedy]] = MappingProxyType(
    {
        Cause.VOICE: Remedy.VOICE,
        Cause.RETIRED_MODEL: Remedy.MODEL,
        Cause.UNKNOWN_MODEL: Remedy.MODEL,
        Cause.KEY_KIND: Remedy.KEYS,
        Cause.CLUSTER: Remedy.KEYS,
        Cause.KEY: Remedy.KEYS,
        Cause.INPUT: Remedy.SAMPLE,
        Cause.MODERATION: Remedy.TEXT,
        Cause.PARAMETER: Remedy.TEXT,
        Cause.BUDGET: Remedy.TEXT,
        Cause.PATH: Remedy.PRESET,
        Cause.NOT_THE_API: Remedy.MODEL,
        Cause.NOT_ALLOWED: Remedy.PRESET,
    }
)

_OF_THE_ORDER: Final = frozenset({Cause.VOICE, Cause.MODERATION, Cause.BROKEN_OFF, Cause.REPETITION})
"""What goes wrong with one voice or one text, and says nothing of those that wait."""


def remedy_of(diagnosis: Diagnosis | None) -> Remedy:
    """Give what one key does about a failure; nothing failed: none."""
    if diagnosis is None:
        return Remedy.NONE
    found = _REMEDIES.get(diagnosis.cause, Remedy.NONE)
    return Remedy.AGAIN if found is Remedy.NONE and diagnosis.retry is not Retry.NO else found


def ends_all(diagnosis: Diagnosis | None) -> bool:
    """Tell whether what waits would fail in the same way, such as for a key that is refused."""
    return diagnosis is not None and diagnosis.cause not in _OF_THE_ORDER


@dataclass(frozen=True, slots=True)
class Where:
    """Where one stands.

    `in_form`: what is typed goes into the form. `is_busy`: something is spoken or waits for that. `has_sound`: the take
    under the cursor can be played, `is_over`: all of it has come. `can_swap`: A and B are both marked. `remedy` is what
    mends the last failure, or what the preset lacks. `has_voices`: there are built-in voices to speak with.
    """

    in_form: bool = True
    is_busy: bool = False
    is_playing: bool = False
    has_sound: bool = False
    is_over: bool = False
    can_swap: bool = False
    has_raw: bool = False
    has_takes: bool = False
    has_voices: bool = False
    remedy: Remedy = Remedy.NONE


def _is_at_take(where: Where) -> bool:
    return where.has_sound and not where.in_form


def _is_at_whole_take(where: Where) -> bool:
    return where.is_over and not where.in_form


_ASKS: Final[Mapping[str, Callable[[Where], bool]]] = MappingProxyType(
    {
        "stop": lambda where: where.is_busy or where.is_playing,
        "leave": lambda where: where.in_form and not (where.is_busy or where.is_playing),
        "write": lambda where: not where.in_form,
        "audition": lambda where: where.has_voices and not where.is_busy,
        "toggle": lambda where: where.has_sound,
        "seek": lambda where: where.is_playing and not where.in_form,
        "silence": lambda where: where.is_playing,
        "mark": _is_at_take,
        "swap": lambda where: where.can_swap and not where.in_form,
        "save": lambda where: where.is_over,
        "path": _is_at_whole_take,
        "reveal": _is_at_whole_take,
        "keep": _is_at_whole_take,
        "delete": _is_at_whole_take,
        "listen": _is_at_whole_take,
        "again": _is_at_whole_take,
        "clean": lambda where: where.has_takes and not where.in_form,
        "raw": lambda where: where.has_raw,
        "remedy": lambda where: where.remedy is not Remedy.NONE and not where.is_busy,
    }
)


def is_offered(action: str, where: Where) -> bool:
    """Tell whether the action can be done there."""
    return action not in _ASKS or _ASKS[action](where)


def offers(where: Where) -> tuple[str, ...]:
    """Give the actions that hang on where one stands and are offered there."""
    return tuple(action for action in _ASKS if is_offered(action, where))
