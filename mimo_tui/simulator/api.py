"""The API's hosts: paths, keys, models, and who answers a call (`mimo-api.md` §3, §11.3, §12)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mimo_tui.core.catalogue import Catalogue, Model, ModelKind, Surface, Wire
from mimo_tui.core.json_text import Json
from mimo_tui.simulator.call import Account, Call, Handler, SimulatedHost
from mimo_tui.simulator.fault import (
    ILLEGAL_ACCESS,
    INVALID_KEY,
    MODERATED,
    NO_BALANCE,
    NOT_FOUND,
    QUOTA_USED,
    TOO_MANY,
    Fault,
    Refusal,
    unsupported_model,
    wrong_parameter,
    wrong_schema,
)
from mimo_tui.simulator.platform import Platform

LARGEST = 100 * 1024 * 1024
"""Bytes of a body; more is refused."""

_NO_SUCH_MODEL_PAGE = Fault(400, "Invalid request", "404 NOT_FOUND")
_NOT_ALLOWED = Fault(405, "Method Not Allowed", None, "method_not_allowed")
_TOO_LARGE = Fault(413, "Request entity too large", None, "request_too_large")
_LONG_CONTEXT = "[1m]"


class _Offer(StrEnum):
    """What stands at a path."""

    MODELS = "/models"
    CHAT = "/chat/completions"
    RESPONSES = "/responses"
    MESSAGES = "/v1/messages"


_OFFERS = {
    Surface.OPENAI: (_Offer.MODELS, _Offer.CHAT, _Offer.RESPONSES),
    Surface.ANTHROPIC: (_Offer.MESSAGES,),
}
_WIRES = {
    _Offer.CHAT: Wire.CHAT_COMPLETIONS,
    _Offer.RESPONSES: Wire.RESPONSES,
    _Offer.MESSAGES: Wire.MESSAGES,
}
_CORS = {
    "access-control-allow-methods": "POST, GET, OPTIONS",
    "access-control-allow-headers": "*",
    "access-control-max-age": "1800",
}


@dataclass(frozen=True, slots=True)
class _Path:
    """A path on a host of the API: its surface (None: of neither), and the rest of it."""

    surface: Surface | None
    rest: str


def sent_key(headers: Mapping[str, str], *, anthropic: bool) -> str:
    """Give the key that decides: `api-key` before `Authorization`, `x-api-key` on the Anthropic path only (§3.2)."""
    if "api-key" in headers:
        return headers["api-key"]
    scheme, _, key = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and key.strip():
        return key.strip()
    return headers.get("x-api-key", "") if anthropic else ""


def is_anthropic(catalogue: Catalogue, host: str, path: str) -> bool:
    """Tell whether the path is of the host's Anthropic surface."""
    return _read(catalogue, host, path).surface is Surface.ANTHROPIC


async def answer(platform: Platform, request: Request, host: SimulatedHost, path: str) -> Response:
    """Answer a request to a host of the API. Raises Refusal."""
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=_CORS)
    found = _read(platform.catalogue, host.name, path)
    offers = _OFFERS[found.surface] if found.surface else ()
    offer = next((one for one in offers if one == found.rest), None)
    if offer is _Offer.MODELS:
        if request.method != "GET":
            raise Refusal(_NOT_ALLOWED)
        _authorized(platform, request, host, anthropic=False)
        return _models(platform, host)
    if found.surface is Surface.OPENAI and found.rest.startswith(f"{_Offer.MODELS}/"):
        _authorized(platform, request, host, anthropic=False)
        raise Refusal(_NO_SUCH_MODEL_PAGE)
    if offer is None or not _is_realtime(platform.catalogue, host):
        raise Refusal(NOT_FOUND)
    if request.method != "POST":
        raise Refusal(_NOT_ALLOWED)
    # The platform reads the JSON before it looks at the key (§3.2).
    body = _parsed(await _body(request))
    account = _authorized(platform, request, host, anthropic=offer is _Offer.MESSAGES)
    call = _call(platform, host, account, body, offer)
    try:
        return await _handler(offer, call.model)(call)
    except Refusal as refusal:
        raise _as_the_stream_has_it(refusal, body) from None


def _read(catalogue: Catalogue, host: str, path: str) -> _Path:
    found = catalogue.find_host(host)
    for surface, base in found[0].paths.items() if found else ():
        if f"{path}/".startswith(f"{base}/"):
            return _Path(surface, path.removeprefix(base))
    return _Path(None, path)


def _is_realtime(catalogue: Catalogue, host: SimulatedHost) -> bool:
    found = catalogue.find_host(host.name)
    return found is not None and found[0].realtime


def _authorized(platform: Platform, request: Request, host: SimulatedHost, *, anthropic: bool) -> Account:
    account = platform.account(sent_key(request.headers, anthropic=anthropic))
    if account is None or host.name not in account.hosts:
        raise Refusal(INVALID_KEY)
    if not account.allowed:
        raise Refusal(ILLEGAL_ACCESS)
    return account


def _models(platform: Platform, host: SimulatedHost) -> Response:
    data: list[Json] = [
        {"id": model.id, "object": "model", "owned_by": "xiaomi"} for model in platform.models(host)
    ]
    return JSONResponse({"object": "list", "data": data})


async def _body(request: Request) -> bytes:
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > LARGEST:
        raise Refusal(_TOO_LARGE)
    read = bytearray()
    async for piece in request.stream():
        read += piece
        if len(read) > LARGEST:
            raise Refusal(_TOO_LARGE)
    return bytes(read)


def _parsed(raw: bytes) -> dict[str, Json]:
    try:
        body: Json = json.loads(raw)
    except (ValueError, RecursionError):
        raise Refusal(wrong_schema()) from None
    if not isinstance(body, dict):
        raise Refusal(wrong_schema())
    return body


def _call(
    platform: Platform, host: SimulatedHost, account: Account, body: dict[str, Json], offer: _Offer
) -> Call:
    name = body.get("model")
    if not isinstance(name, str) or not name:
        raise Refusal(wrong_parameter("model is required"))
    wanted = name.removesuffix(_LONG_CONTEXT) if offer is _Offer.MESSAGES else name
    model = next((one for one in platform.models(host) if one.id == wanted), None)
    if model is None or not _speaks(model, offer):
        raise Refusal(unsupported_model(name))
    if not account.balance:
        raise Refusal(NO_BALANCE)
    if not account.quota:
        raise Refusal(QUOTA_USED)
    if not platform.within_rate(account, model):
        raise Refusal(TOO_MANY)
    return Call(
        host,
        account,
        platform.now(),
        platform.catalogue,
        model,
        body,
        tokens_per_second=platform.tokens_per_second,
        sleep=platform.sleep,
    )


def _speaks(model: Model, offer: _Offer) -> bool:
    known = model.wires.get(_WIRES[offer])
    return known.value if known is not None else offer is _Offer.CHAT or model.kind.value is ModelKind.CHAT


def _handler(offer: _Offer, model: Model) -> Handler:
    """Give who answers. Each is imported when it is first asked: most runs ask for one or two of them."""
    match offer, model.kind.value:
        case _Offer.MESSAGES, _:
            from mimo_tui.simulator import messages

            return messages.answer
        case _Offer.RESPONSES, _:
            from mimo_tui.simulator import responses

            return responses.answer
        case _, ModelKind.CHAT:
            from mimo_tui.simulator import chat

            return chat.answer
        case _, ModelKind.RECOGNITION:
            from mimo_tui.simulator import recognition

            return recognition.answer
        case _:
            from mimo_tui.simulator import speech

            return speech.answer


def _as_the_stream_has_it(refusal: Refusal, body: Mapping[str, Json]) -> Refusal:
    """A stream is refused for its content with 400, all else with 421 (§12)."""
    if refusal.fault.status == MODERATED.status and body.get("stream") is True:
        return Refusal(replace(refusal.fault, status=400, code=str(MODERATED.status)))
    return refusal
