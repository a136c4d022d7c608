"""Which actions the screen offers for a slot; the footer shows no others."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from mimo_tui.tui.widgets.key_text import KeyCard

_ASKS: Final[Mapping[str, Callable[[KeyCard], bool]]] = MappingProxyType(
    {
        "check": lambda card: bool(card.slot.secret) and card.asking is None,
        "fix": lambda card: any(each.base for each in card.misplaced),
        "set": lambda card: True,  # noqa: ARG005 every slot
        "reveal": lambda card: bool(card.slot.secret),
        "copy": lambda card: bool(card.slot.secret),
    }
)


def is_offered(action: str, card: KeyCard | None) -> bool:
    """Tell whether the action can be done with the slot under the cursor, None: there is none."""
    return action not in _ASKS or (card is not None and _ASKS[action](card))


def offers(card: KeyCard | None) -> tuple[str, ...]:
    """Give the actions that hang on the slot and are offered for this one."""
    return tuple(action for action in _ASKS if is_offered(action, card))
