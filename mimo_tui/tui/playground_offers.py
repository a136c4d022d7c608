"""Which actions the playground offers where one stands, and what mends an answer that failed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from mimo_tui.core.conversation import Answer, Role, Turn
from mimo_tui.core.diagnosis import Cause, Retry

BUDGETS: Final = ("max_completion_tokens", "max_tokens")
"""The parameters that limit the output."""

_OUT_OF_BUDGET: Final = ("length", "max_tokens")
"""How each surface calls that the output was used up (`mimo-api.md` §7.1, §10)."""


class Remedy(StrEnum):
    """What one key does about an answer that failed, in words."""

    NONE = ""
    SWITCH = "switch to another model"
    KEYS = "go to the key"
    PRESET = "go to the preset"
    AGAIN = "ask again"
    PARAMETERS = "change the parameters"
    EDIT = "write it anew"
    BUDGET = "leave the limit of the output out"


_REMEDIES: Final[Mapping[Cause, Remedy]] = MappingProxyType(
    {
        Cause.RETIRED_MODEL: Remedy.SWITCH,
        Cause.UNKNOWN_MODEL: Remedy.SWITCH,
        Cause.KEY_KIND: Remedy.KEYS,
        Cause.CLUSTER: Remedy.KEYS,
        Cause.KEY: Remedy.KEYS,
        Cause.PLUGIN: Remedy.PARAMETERS,
        Cause.PARAMETER: Remedy.PARAMETERS,
        Cause.BUDGET: Remedy.BUDGET,
        Cause.VOICE: Remedy.PARAMETERS,
        Cause.INPUT: Remedy.EDIT,
        Cause.MODERATION: Remedy.EDIT,
        Cause.PATH: Remedy.PRESET,
        Cause.NOT_THE_API: Remedy.PRESET,
        Cause.NOT_ALLOWED: Remedy.PRESET,
    }
)


def is_cut_short(answer: Answer) -> bool:
    """Tell whether the limit of the output ended an answer that nothing else is wrong with."""
    return answer.failure is None and answer.finish in _OUT_OF_BUDGET


def remedy_of(answer: Answer) -> Remedy:
    """Give what one key does about the failure of an answer, or about its limit."""
    diagnosis = answer.failure
    if diagnosis is None:
        is_ours = is_cut_short(answer) and any(name in answer.parameters for name in BUDGETS)
        return Remedy.BUDGET if is_ours else Remedy.NONE
    found = _REMEDIES.get(diagnosis.cause, Remedy.NONE)
    if found is Remedy.BUDGET and not any(name in answer.parameters for name in BUDGETS):
        return Remedy.PARAMETERS  # no limit was sent that could be left out
    return Remedy.AGAIN if found is Remedy.NONE and diagnosis.retry is not Retry.NO else found


@dataclass(frozen=True, slots=True)
class Where:
    """Where one stands. `chosen` is the turn that an action is about, `ways` how often it was said.

    `is_busy`: an answer is on its way. `in_prompt`: what is typed goes into the prompt. `lacks_key`: the preset has
    no key, so that nothing can be asked. `has_panel`: the panel of parameters is open. `has_text`: something is written
    in the prompt.
    """

    chosen: Turn | None = None
    ways: int = 0
    is_busy: bool = False
    in_prompt: bool = True
    is_editing: bool = False
    has_turns: bool = False
    has_raw: bool = False
    is_comparing: bool = False
    lacks_key: bool = False
    has_panel: bool = False
    has_text: bool = False


def _was_answered(where: Where) -> bool:
    return where.chosen is not None and where.chosen.role is Role.ASSISTANT


def _has_remedy(where: Where) -> bool:
    answer = where.chosen.answer if where.chosen is not None else None
    has_remedy = answer is not None and remedy_of(answer) is not Remedy.NONE
    return (has_remedy or where.lacks_key) and not where.is_busy


_ASKS: Final[Mapping[str, Callable[[Where], bool]]] = MappingProxyType(
    {
        "stop": lambda where: where.is_busy,
        "unedit": lambda where: where.is_editing and not where.is_busy,
        "shut": lambda where: where.has_panel and not (where.is_busy or where.is_editing),
        "leave": lambda where: where.in_prompt and not (where.is_busy or where.is_editing or where.has_panel),
        "close": lambda where: (
            where.is_comparing and not (where.in_prompt or where.is_busy or where.has_panel)
        ),
        "write": lambda where: not where.in_prompt,
        "again": lambda where: where.has_turns and not (where.is_busy or where.is_editing),
        "compare": lambda where: (where.has_turns or where.has_text) and not where.is_busy,
        "edit": lambda where: where.has_turns,
        "way": lambda where: where.ways > 1,
        "fold": lambda where: (
            _was_answered(where) and where.chosen is not None and bool(where.chosen.reasoning)
        ),
        "copy": lambda where: where.chosen is not None,
        "raw": lambda where: where.has_raw,
        "code": lambda where: where.has_turns,
        "export": lambda where: where.has_turns,
        "remedy": _has_remedy,
    }
)


def is_offered(action: str, where: Where) -> bool:
    """Tell whether the action can be done there."""
    return action not in _ASKS or _ASKS[action](where)


def offers(where: Where) -> tuple[str, ...]:
    """Give the actions that hang on where one stands and are offered there."""
    return tuple(action for action in _ASKS if is_offered(action, where))
