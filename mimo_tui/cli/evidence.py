"""What was asked of the service and what it answered, as lines of words and as a JSON shape."""

from mimo_tui.core.diagnosis import Diagnosis
from mimo_tui.core.exchange import Exchange
from mimo_tui.core.json_text import Json
from mimo_tui.core.text import Clean, clean

SIMULATED = clean("SIMULATED: these answers come from the simulated platform, not from MiMo.")

_LINES_SHOWN = 6


def outcome(exchange: Exchange) -> Clean:
    """Give the status or the failure in words, with the time that it took."""
    answer = f"{exchange.status}" if exchange.status is not None else ""
    failure = str(exchange.failure) if exchange.failure is not None else ""
    said = ", ".join(part for part in (answer, failure) if part) or "nothing"
    return clean(f"{said} in {round(exchange.seconds * 1000)} ms")


def exchange_lines(exchange: Exchange) -> tuple[str, ...]:
    """Give the evidence: request, time, outcome, and the beginning of the body."""
    tries = f", {exchange.attempts} tries" if exchange.attempts > 1 else ""
    head = (
        f"{exchange.method} {exchange.url} at {exchange.at:%Y-%m-%d %H:%M:%S} UTC: {outcome(exchange)}{tries}"
    )
    body = exchange.body.splitlines()
    left = [f"  … {len(body) - _LINES_SHOWN} more lines"] if len(body) > _LINES_SHOWN else []
    location = [f"  points to {exchange.location}"] if exchange.location else []
    reason = [f"  {exchange.reason}"] if exchange.reason else []
    return (head, *reason, *location, *(f"  {line}" for line in body[:_LINES_SHOWN]), *left)


def exchange_shape(exchange: Exchange) -> dict[str, Json]:
    """Give one request and what came of it."""
    error = exchange.error
    return {
        "method": exchange.method,
        "url": exchange.url,
        "host": exchange.host,
        "at": exchange.at.isoformat(),
        "status": exchange.status,
        "failure": str(exchange.failure) if exchange.failure is not None else None,
        "reason": exchange.reason or None,
        "milliseconds": round(exchange.seconds * 1000),
        "attempts": exchange.attempts,
        "content_type": exchange.content_type or None,
        "location": exchange.location or None,
        "body": exchange.body,
        "error": (
            {"code": error.code, "message": error.message, "param": error.detail, "type": error.type}
            if error is not None
            else None
        ),
        "simulated": exchange.simulated,
    }


def diagnosis_shape(diagnosis: Diagnosis) -> dict[str, Json]:
    """Give why a call failed and what to do."""
    return {
        "cause": str(diagnosis.cause),
        "says": diagnosis.says,
        "remedy": diagnosis.remedy,
        "because": diagnosis.because,
        "retry": str(diagnosis.retry),
    }
