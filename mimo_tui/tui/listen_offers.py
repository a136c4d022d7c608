"""Which actions the Listen screen offers where one stands, and what mends a recording that was not heard."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from mimo_tui.core.diagnosis import Cause, Diagnosis, Retry
from mimo_tui.tui.listen_state import Hearing


class Remedy(StrEnum):
    """What one key does about it, in words."""

    NONE = ""
    MODEL = "choose another model"
    KEYS = "go to the key"
    PRESET = "go to the preset"
    RECORDING = "choose another recording"
    LANGUAGE = "choose the language"
    AGAIN = "listen again"


_REMEDIES: Final[Mapping[Cause, Remedy]] = MappingProxyType(
    {
        Cause.RETIRED_MODEL: Remedy.MODEL,
        Cause.UNKNOWN_MODEL: Remedy.MODEL,
        Cause.KEY_KIND: Remedy.KEYS,
        Cause.CLUSTER: Remedy.KEYS,
        Cause.KEY: Remedy.KEYS,
        Cause.INPUT: Remedy.RECORDING,
        Cause.MODERATION: Remedy.RECORDING,
        Cause.BUDGET: Remedy.RECORDING,
        Cause.PARAMETER: Remedy.LANGUAGE,
        Cause.PATH: Remedy.PRESET,
        Cause.NOT_THE_API: Remedy.PRESET,
        Cause.NOT_ALLOWED: Remedy.PRESET,
    }
)


def remedy_of(diagnosis: Diagnosis | None) -> Remedy:
    """Give what one key does about a failure; nothing failed: none."""
    if diagnosis is None:
        return Remedy.NONE
    found = _REMEDIES.get(diagnosis.cause, Remedy.NONE)
    return Remedy.AGAIN if found is Remedy.NONE and diagnosis.retry is not Retry.NO else found


@dataclass(frozen=True, slots=True)
class Where:
    """Where one stands.

    `in_path`: what is typed goes into the path. `has_recording`: the one that stands there was read.
    `has_heard`: something was heard that can be copied or saved.
    `remedy`: what mends the chosen failure, or what the preset lacks.
    """

    in_path: bool = True
    is_busy: bool = False
    has_recording: bool = False
    has_heard: bool = False
    has_raw: bool = False
    has_difference: bool = False
    remedy: Remedy = Remedy.NONE


def where_of(
    hearing: Hearing | None, *, in_path: bool, is_busy: bool, has_recording: bool, lacks_key: bool
) -> Where:
    """Give where one stands with that hearing before one's eyes; None: nothing was heard yet.

    What mends its failure goes before what the preset lacks.
    """
    ended = hearing.ended if hearing is not None else None
    mends = remedy_of(ended.diagnosis) if ended is not None else Remedy.NONE
    return Where(
        in_path=in_path,
        is_busy=is_busy,
        has_recording=has_recording,
        has_heard=hearing is not None and bool(hearing.heard),
        has_raw=ended is not None,
        has_difference=hearing is not None and hearing.difference is not None,
        remedy=mends or (Remedy.KEYS if lacks_key else Remedy.NONE),
    )


_ASKS: Final[Mapping[str, Callable[[Where], bool]]] = MappingProxyType(
    {
        "stop": lambda where: where.is_busy,
        "leave": lambda where: where.in_path and not where.is_busy,
        "write": lambda where: not where.in_path,
        "listen": lambda where: where.has_recording,
        "play": lambda where: where.has_recording,
        "seek": lambda where: where.has_recording and not where.in_path,
        "copy": lambda where: where.has_heard,
        "save": lambda where: where.has_heard,
        "raw": lambda where: where.has_raw,
        "difference": lambda where: where.has_difference,
        "remedy": lambda where: where.remedy is not Remedy.NONE and not where.is_busy,
    }
)


def is_offered(action: str, where: Where) -> bool:
    """Tell whether the action can be done there."""
    return action not in _ASKS or _ASKS[action](where)


def offers(where: Where) -> tuple[str, ...]:
    """Give the actions that hang on where one stands and are offered there."""
    return tuple(action for action in _ASKS if is_offered(action, where))
