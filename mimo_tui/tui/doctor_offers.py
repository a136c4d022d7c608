"""Which actions the screen offers for a row of the doctor; the footer shows no others."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mimo_tui.services.doctor.complaints import Complaint


def _has_fix(complaint: "Complaint") -> bool:
    by_finding = complaint.finding is not None and bool(complaint.finding.fixes)
    return by_finding or (complaint.misplaced is not None and complaint.misplaced.base is not None)


_ASKS: Final[Mapping[str, "Callable[[Complaint], bool]"]] = MappingProxyType(
    {
        "fix": _has_fix,
        "copy": lambda complaint: True,  # noqa: ARG005 every complaint
    }
)


def is_offered(action: str, complaint: "Complaint | None") -> bool:
    """Tell whether the action can be done with the complaint under the cursor, None: there is none."""
    return action not in _ASKS or (complaint is not None and _ASKS[action](complaint))


def offers(complaint: "Complaint | None") -> tuple[str, ...]:
    """Give the actions that hang on the complaint and are offered for this one."""
    return tuple(action for action in _ASKS if is_offered(action, complaint))
