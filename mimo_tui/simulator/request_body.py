"""The body of a request, as the platform's gateway reads it (`mimo-api.md` §3.2, §12)."""

import json
from math import isfinite

from starlette.requests import Request

from mimo_tui.core.json_text import Json
from mimo_tui.simulator.fault import Fault, Refusal, wrong_schema

LARGEST = 100 * 1024 * 1024
"""Bytes of a body; more is refused."""

_TOO_LARGE = Fault(413, "Request entity too large", None, "request_too_large")


async def read_object(request: Request) -> dict[str, Json]:
    """Read a JSON object in UTF-8. Raises Refusal where it is none, or too large."""
    try:
        body: Json = json.loads((await _bytes(request)).decode(), parse_float=_number, parse_constant=_number)
    except (ValueError, RecursionError):
        raise Refusal(wrong_schema()) from None
    if not isinstance(body, dict):
        raise Refusal(wrong_schema())
    return body


async def _bytes(request: Request) -> bytes:
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > LARGEST:
        raise Refusal(_TOO_LARGE)
    read = bytearray()
    async for piece in request.stream():
        read += piece
        if len(read) > LARGEST:
            raise Refusal(_TOO_LARGE)
    return bytes(read)


def _number(text: str) -> float:
    """Read a number; raises ValueError for NaN and infinity, which Python takes and JSON does not have."""
    number = float(text)
    if not isfinite(number):
        raise ValueError("no number of JSON")
    return number
