"""One request and what came of it, kept as evidence: no key is in it, and its text may be shown."""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mimo_tui.core.secrets import safe
from mimo_tui.core.text import NOTHING, Clean

BODY_SHOWN = 4000
"""Characters of an answer that are kept as evidence."""


class Failure(StrEnum):
    """How a request ended without a whole answer."""

    TIME_OUT = "time-out"
    DNS = "no such host"
    REFUSED = "connection refused"
    TLS = "no trusted TLS"
    RESET = "connection broken"
    GARBLED = "no HTTP answer"
    TOO_LONG = "answer too long"
    OFFLINE = "offline"
    NOT_ALLOWED = "not allowed"


@dataclass(frozen=True, slots=True)
class ApiError:
    """The error that an answer's body holds (`mimo-api.md` §12). `detail` is its `param`; empty: not there."""

    code: Clean
    message: Clean
    detail: Clean
    type: Clean


@dataclass(frozen=True, slots=True)
class Exchange:
    """What was asked, of whom, and what came back.

    `status` is None where no answer came, and `failure` says why; both stand where an answer broke off in the
    middle. `reason` is the failure in the words of the system. `seconds` passed until the whole answer was there,
    retries included; `attempts` counts the requests. `body` is the answer's beginning, at most `BODY_SHOWN`
    characters, redacted and clean, with its line ends. `location` is where a redirect points, which is never
    followed with a key. `simulated`: the answer came from our simulator.
    """

    method: str
    url: Clean
    host: Clean
    at: datetime
    seconds: float
    status: int | None = None
    failure: Failure | None = None
    reason: Clean = NOTHING
    content_type: Clean = NOTHING
    location: Clean = NOTHING
    body: Clean = NOTHING
    error: ApiError | None = None
    attempts: int = 1
    simulated: bool = False

    @property
    def is_html(self) -> bool:
        """Whether a web page came where an answer of the API was expected."""
        return "html" in self.content_type.lower() or self.body.lstrip()[:9].lower() in ("<!doctype", "<html")


def read_error(body: str) -> ApiError | None:
    """Give the error in a body, in the flat envelope, Anthropic's or behind `data:`; None: there is none."""
    text = body.strip()
    text = text.removeprefix("data:").strip()
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError):
        return None
    error = parsed.get("error") if isinstance(parsed, dict) else None
    if isinstance(error, str):
        return ApiError(NOTHING, safe(error), NOTHING, NOTHING)
    if not isinstance(error, dict):
        return None

    def text_of(name: str) -> Clean:
        value = error.get(name)
        return safe(str(value)) if isinstance(value, str | int) else NOTHING

    return ApiError(text_of("code"), text_of("message"), text_of("param"), text_of("type"))
