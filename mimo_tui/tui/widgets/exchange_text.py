"""One request and its answer as text: what was asked, what came, and the beginning of the body."""

from typing import Final

from textual.content import Content

from mimo_tui.core.exchange import Exchange
from mimo_tui.core.text import Clean, clean
from mimo_tui.tui.widgets.finding_text import MUTED, hanging

_LINES_SHOWN: Final = 30
_BAR: Final = "│ "
SIMULATED: Final = Content.styled(" SIMULATED ", "bold black on $warning")
"""Stands by every answer that did not come from the service itself."""


def outcome(exchange: Exchange) -> Clean:
    """Give the status or the failure in a few words, with the time that it took: `200 · 12 ms`."""
    parts = [str(exchange.status)] if exchange.status is not None else []
    parts += [str(exchange.failure)] if exchange.failure is not None else []
    return clean(f"{', '.join(parts) or 'nothing'} · {duration(exchange.seconds)}")


def duration(seconds: float) -> str:
    """Give a time as people say it: in milliseconds below ten seconds."""
    return f"{round(seconds * 1000)} ms" if seconds < 10 else f"{seconds:.1f} s"


def exchange_text(exchange: Exchange, width: int) -> Content:
    """Give the evidence in full, as text of that width."""
    tries = f" · {exchange.attempts} tries" if exchange.attempts > 1 else ""
    at = f"{exchange.at.astimezone():%H:%M:%S} · " if exchange.at.tzinfo else ""
    parts = [
        hanging(Content(""), Content.styled(clean(f"{exchange.method} {exchange.url}"), "bold"), width),
        hanging(Content("  "), Content(clean(f"{at}{outcome(exchange)}{tries}")), width),
    ]
    if exchange.reason:
        parts.append(hanging(Content("  "), Content(clean(exchange.reason)), width))
    if exchange.location:
        told = clean(f"points to {exchange.location}, which was not followed")
        parts.append(hanging(Content("  "), Content(told), width))
    if exchange.status is not None:
        parts += _body(exchange.body, width)
    return Content("\n").join(parts)


def _body(body: Clean, width: int) -> list[Content]:
    text = Content("\n").join(Content(clean(line.expandtabs(4))) for line in body.rstrip().split("\n"))
    if not text.plain.strip():
        return [Content.styled(f"{_BAR}(no body)", MUTED)]
    lines = text.wrap(max(width - len(_BAR), 8))
    shown = [Content.assemble((_BAR, MUTED), line) for line in lines[:_LINES_SHOWN]]
    left = len(lines) - _LINES_SHOWN
    more = [Content.styled(f"{_BAR}… {left} more line{'s' if left > 1 else ''}", MUTED)] if left > 0 else []
    return [*shown, *more]
