"""Server-sent events, as the platform writes them (`mimo-api.md` §7.2, §10)."""

import json
from collections.abc import Mapping

from mimo_tui.core.json_text import Json

DONE = b"data: [DONE]\n\n"
KEEP_ALIVE = b": PROCESSING\n\n"


def event(data: Mapping[str, Json], name: str = "") -> bytes:
    """Give one event; `name` is the line that the Anthropic and Responses forms have before the data."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {text}\n\n".encode()
