"""`GET /models`: the ids that a host offers (`mimo-api.md` §11.3)."""

import asyncio
import json
from dataclasses import dataclass, replace

from mimo_tui.core import endpoints
from mimo_tui.core.catalogue import Catalogue, Surface
from mimo_tui.core.exchange import Exchange
from mimo_tui.core.secrets import Secret, safe
from mimo_tui.core.text import Clean
from mimo_tui.wire.http import CHECK, Client, Limits, Reply, Request

_MOST_IDS = 10_000
_QUICKLY_PARSED = 64 * 1024


@dataclass(frozen=True, slots=True)
class ModelList:
    """What a host answered. `ids` are in its order; None: the answer is no list of models."""

    exchange: Exchange
    ids: tuple[Clean, ...] | None


async def list_models(
    client: Client, base_url: str, key: Secret | None, *, named: str = "", limits: Limits = CHECK
) -> ModelList:
    """Ask what models a base URL offers; free of charge, and nothing raises.

    A host of MiMo that answers 404 is asked once more where the list was also found, within the same limits. The
    Anthropic surface has no list, so its host is asked for that of the OpenAI surface.
    """
    first, *others = _addresses(base_url, client.catalogue)
    reply = await client.fetch(Request(first, key=key, named=named), limits)
    for address in others:
        if reply.exchange.status != 404:
            break
        left = (
            limits if limits.whole is None else replace(limits, whole=limits.whole - reply.exchange.seconds)
        )
        again = await client.fetch(Request(address, key=key, named=named), left)
        if again.exchange.failure is None and again.exchange.status != 404:
            reply = again
    return ModelList(reply.exchange, await _ids(reply))


def _addresses(base_url: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Give where the list is, then where else it was found: documented under the base, seen at the host's root."""
    base = base_url.partition("#")[0].rstrip("/")
    endpoint = endpoints.read(base, catalogue)
    found = catalogue.find_host(endpoint.host)
    if endpoint.family is None or found is None:
        anthropic = endpoint.surface is Surface.ANTHROPIC
        return (f"{base}/v1/models" if anthropic else f"{base}/models",)
    family, host = found
    if endpoint.surface is Surface.ANTHROPIC:
        base = family.base(host, Surface.OPENAI) or base
    first = f"{base}/models"
    if family.mount:
        return (first,)
    fact = catalogue.facts.get("model_list_path")
    claims = () if fact is None else fact.claims
    roots = (f"https://{host.name}{claim.value}" for claim in claims)
    return tuple(dict.fromkeys((first, *roots)))


async def _ids(reply: Reply) -> tuple[Clean, ...] | None:
    status = reply.exchange.status
    if reply.exchange.failure is not None or status is None or not 200 <= status < 300:
        return None
    if len(reply.data) > _QUICKLY_PARSED:
        return await asyncio.to_thread(_parse, reply.data)
    return _parse(reply.data)


def _parse(data: bytes) -> tuple[Clean, ...] | None:
    """Read a list of models in any of the shapes that platforms give it."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if isinstance(document, dict):
        document = document.get("data", document.get("models"))
    if not isinstance(document, list):
        return None
    ids: dict[Clean, None] = {}
    for entry in document[:_MOST_IDS]:
        found = entry.get("id", entry.get("name")) if isinstance(entry, dict) else entry
        if isinstance(found, str) and found:
            ids[safe(found)] = None
    return tuple(ids) if ids or not document else None
