"""Which actions the screen offers for a preset; the footer shows no others."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mimo_tui.services.presets.listing import PresetView

_WITHOUT_PRESET: Final = ("undo", "redo", "history")
_ASKS: Final[Mapping[str, "Callable[[PresetView], bool]"]] = MappingProxyType(
    {
        "switch": lambda view: view.preset is not None and view.preset.provider.lower() == "mimo",
        "fix": lambda view: any(finding.fixes for finding in view.findings),
        "test": lambda view: view.preset is not None,
        "play": lambda view: view.preset is not None,
        "key": lambda view: view.preset is not None and bool(view.preset.slot),
        "clone": lambda view: view.preset is not None,
        "rename": lambda view: view.preset is not None and view.source != "template",
        "delete": lambda view: view.source != "template" and view.entry.content is not None,
    }
)


def is_offered(action: str, view: "PresetView | None") -> bool:
    """Tell whether the action can be done with the preset under the cursor, None: there is none."""
    if action in _WITHOUT_PRESET:
        return True
    return view is not None and (action not in _ASKS or _ASKS[action](view))


def offers(view: "PresetView | None") -> tuple[str, ...]:
    """Give the actions that hang on the preset and are offered for this one."""
    return tuple(action for action in _ASKS if is_offered(action, view))
