"""The API's hosts: paths, keys, models, and who answers a call (`mimo-api.md` §3, §11.3, §12)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mimo_tui.core.catalogue import Catalogue, Family, Model, ModelKind, Surface, Wire
from mimo_tui.core.json_text import Json
from mimo_tui.simulator import parameters as read
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
    wrong_schema,
)
from mimo_tui.simulator.platform import Platform
from mimo_tui.simulator.request_body import read_object

_NO_SUCH_MODEL_PAGE = Fault(400, "Invalid request", "404 NOT_FOUND")
_NOT_ALLOWED = Fault(405, "Method Not Allowed", None, "method_not_allowed")
_LONG_CONTEXT = "[1m]"
_LIST_PATH = "model_list_path"


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
CORS = {
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "POST, GET, OPTIONS",
    "access-control-allow-headers": "*",
    "access-control-max-age": "1800",
}
"""Headers of every answer, of a refusal too (§3.2)."""


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
        return Response(status_code=204)
    if not _is_realtime(platform.catalogue, host):
        raise Refusal(NOT_FOUND)
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
    if offer is None:
        raise Refusal(NOT_FOUND)
    if request.method != "POST":
        raise Refusal(_NOT_ALLOWED)
    # The platform reads the JSON before it looks at the key (§3.2).
    body = await read_object(request)
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
    if found and _has_list_at_root(catalogue, found[0], path):
        return _Path(Surface.OPENAI, _Offer.MODELS)
    return _Path(None, path)


def _has_list_at_root(catalogue: Catalogue, family: Family, path: str) -> bool:
    """Tell whether a probe found the list of models here; none did on a host of plans (§11.3)."""
    fact = catalogue.facts.get(_LIST_PATH)
    paths = {claim.value for claim in fact.claims} if fact else set()
    return path in paths and not family.plan and not family.mount


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


def _call(
    platform: Platform, host: SimulatedHost, account: Account, body: dict[str, Json], offer: _Offer
) -> Call:
    if not isinstance(body.get("model"), str) or not body["model"]:
        raise Refusal(wrong_schema())
    name = read.text(body, "model")
    wanted = name.removesuffix(_LONG_CONTEXT) if offer is _Offer.MESSAGES else name
    model = _answering(platform, host, wanted)
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


def _answering(platform: Platform, host: SimulatedHost, wanted: str) -> Model | None:
    """Give the model of that id, or the one that its calls are forwarded to by now (§5.2); None: there is none."""
    model = next((one for one in platform.models(host) if one.id == wanted), None)
    if model is None or model.forwarded is None or model.successor is None:
        return model
    forwarded = model.forwarded.value <= platform.now()
    return platform.catalogue.model(model.successor.value) if forwarded else model


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
