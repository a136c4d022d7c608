"""The smallest request of each form: does the preset's model answer at all? It costs a few tokens."""

from collections.abc import Mapping

from mimo_tui.core.catalogue import Wire
from mimo_tui.core.exchange import Exchange
from mimo_tui.core.json_text import Json
from mimo_tui.core.secrets import Secret
from mimo_tui.wire.http import Client, Limits, Request

LIMITS = Limits(first_byte=30.0, silence=15.0, whole=40.0, size=1024 * 1024, tries=2)
"""A model may think for a while before the first byte."""

_PROMPT = "Answer with the single word: yes"
_MOST_TOKENS = 64


async def ask_smallest(
    client: Client, url: str, wire: Wire, model: str, key: Secret | None, *, named: str = ""
) -> Exchange:
    """Send the smallest request to `url`, which takes requests of the form `wire`, and give what came of it."""
    request = Request(url, method="POST", key=key, json=_body(wire, model), named=named)
    return (await client.fetch(request, LIMITS)).exchange


def _body(wire: Wire, model: str) -> Mapping[str, Json]:
    messages: Json = [{"role": "user", "content": _PROMPT}]
    match wire:
        case Wire.RESPONSES:
            return {"model": model, "input": _PROMPT, "max_output_tokens": _MOST_TOKENS}
        case Wire.MESSAGES:
            return {"model": model, "messages": messages, "max_tokens": _MOST_TOKENS}
        case _:
            return {"model": model, "messages": messages, "max_completion_tokens": _MOST_TOKENS}
