"""The four lamps of a test as text: how each shines in words, what is wrong, and what was asked and answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from textual.content import Content

from mimo_tui.core.text import Clean
from mimo_tui.services.presets.testing import Lamp, LampState, Light
from mimo_tui.tui.widgets.exchange_text import exchange_text
from mimo_tui.tui.widgets.finding_text import MUTED, hanging

_SIGNS: Final[Mapping[Light, tuple[str, str]]] = MappingProxyType(
    {
        Light.GOOD: ("✓", "$text-success"),
        Light.BAD: ("✗", "$text-error"),
        Light.UNKNOWN: ("?", "$text-warning"),
        Light.NOT_ASKED: ("·", MUTED),
    }
)
_WIDEST: Final = max(len(lamp) for lamp in Lamp)
_WIDEST_LIGHT: Final = max(len(light) for light in Light)


@dataclass(frozen=True, slots=True)
class Untested:
    """Why nothing was asked, and what to do with the keys of the screens."""

    says: Clean
    remedy: Clean | None = None


def lamps_text(states: Mapping[Lamp, LampState], width: int, *, is_running: bool) -> Content:
    """Give a line or two for each lamp; one that is not known yet says so."""
    return Content("\n").join(_lamp(lamp, states.get(lamp), width, is_running=is_running) for lamp in Lamp)


def _lamp(lamp: Lamp, state: LampState | None, width: int, *, is_running: bool) -> Content:
    name = f"{lamp:<{_WIDEST}}  "
    if state is None:
        return Content.styled(f"… {name}waiting" if is_running else f"· {name}not tested", MUTED)
    sign, style = _SIGNS[state.light]
    first = Content.assemble(
        (f"{sign} ", style), (name, "bold"), (f"{state.light:<{_WIDEST_LIGHT}}  ", style)
    )
    return hanging(first, Content(state.says), width)


def advice_text(states: Sequence[LampState], untested: Untested | None, width: int) -> Content:
    """Give what is wrong and what to do, of the first lamp that is not good; or that nothing is wrong."""
    if untested is not None:
        return _advice(untested.says, untested.remedy, "", width)
    diagnosis = next((state.diagnosis for state in states if state.diagnosis is not None), None)
    if diagnosis is None:
        return Content("")
    return _advice(diagnosis.says, diagnosis.remedy, diagnosis.because, width)


def _advice(says: Clean, remedy: Clean | None, because: str, width: int) -> Content:
    parts = [hanging(Content.styled("✗ ", "$text-error"), Content.styled(says, "bold"), width)]
    if remedy:
        parts.append(hanging(Content.styled("→ ", "$text-success"), Content(remedy), width))
    if because:
        parts.append(hanging(Content("  "), Content.styled(because, MUTED), width))
    return Content("\n").join(parts)


def evidence_text(states: Sequence[LampState], width: int) -> Content:
    """Give every exchange that the lamps rest on, each once."""
    exchanges = dict.fromkeys(state.exchange for state in states if state.exchange is not None)
    return Content("\n\n").join(exchange_text(exchange, width) for exchange in exchanges)
