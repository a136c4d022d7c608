"""The request of an answer as it may be shown: whole but for the key and the bulk of media."""

import json
from collections.abc import Mapping

from mimo_tui.core.echo import hide
from mimo_tui.core.exchange import Exchange
from mimo_tui.core.json_text import Json
from mimo_tui.core.secrets import Secret, redact
from mimo_tui.core.text import Clean, clean, clean_lines
from mimo_tui.services.playground.events import Raw

_LONGEST = 80
"""Characters of a data URL, or of plain base64, that are shown."""

_DATA_URL = "data:"
_BASE64 = "base64"


def raw_request(url: str, key: Secret, body: Mapping[str, Json], *, streamed: bool) -> Raw:
    """Give the request as it goes out, `body` being the whole one. Slow where it is long: call it in a thread."""
    accept = "text/event-stream" if streamed else "application/json"
    head = (
        f"POST {url}\nAuthorization: Bearer {key.masked}\nAccept: {accept}\nContent-Type: application/json\n"
    )
    text = json.dumps(_shortened(body), ensure_ascii=False, indent=2)
    return Raw(clean_lines(_without(key, head)), clean_lines(_without(key, text)))


def answer_head(exchange: Exchange) -> Clean:
    """Give the head of an answer in a few lines: its status, its type, and how it broke off."""
    lines = [f"HTTP {exchange.status}"] if exchange.status is not None else ["no answer"]
    lines += [f"Content-Type: {exchange.content_type}"] if exchange.content_type else []
    lines += [f"({exchange.failure}: {exchange.reason})"] if exchange.failure is not None else []
    lines += [f"({exchange.attempts} attempts)"] if exchange.attempts > 1 else []
    return Clean("\n".join(map(clean, lines)))


def _shortened(value: "Json | Mapping[str, Json]", *, is_base64: bool = False) -> Json:
    if isinstance(value, str):
        left = len(value) - _LONGEST
        if left > 0 and (is_base64 or value.startswith(_DATA_URL)):
            return f"{value[:_LONGEST]}… {left:,} characters left out …"
        return value
    if isinstance(value, list):
        return [_shortened(each) for each in value]
    if isinstance(value, Mapping):
        # The Anthropic surface takes the bytes apart from what they are.
        inside = value.get("type") == _BASE64
        return {name: _shortened(each, is_base64=inside and name == "data") for name, each in value.items()}
    return value


def _without(key: Secret, text: str) -> str:
    return redact(hide(text, key))
