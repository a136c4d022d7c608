"""`GET /models`: the ids that a host offers (`mimo-api.md` §11.3)."""

import asyncio
import json
from dataclasses import dataclass, replace

from mimo_tui.core import endpoints
from mimo_tui.core.catalogue import Catalogue, Surface
from mimo_tui.core.exchange import Exchange
from mimo_tui.core.json_text import Json
from mimo_tui.core.secrets import Secret
from mimo_tui.core.text import Clean
from mimo_tui.wire.evidence import words
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
    return ModelList(reply.exchange, await _ids(reply, _Shape(key, _is_mimo(first, client.catalogue))))


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


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a list is read. `documented`: only as MiMo's documents write it, since a verdict rests on it."""

    key: Secret | None
    documented: bool


def _is_mimo(url: str, catalogue: Catalogue) -> bool:
    family = endpoints.read(url, catalogue).family
    return family is not None and bool(family.key_prefixes)


async def _ids(reply: Reply, shape: _Shape) -> tuple[Clean, ...] | None:
    status = reply.exchange.status
    if reply.exchange.failure is not None or status is None or not 200 <= status < 300:
        return None
    if len(reply.data) > _QUICKLY_PARSED:
        return await asyncio.to_thread(_parse, reply.data, shape)
    return _parse(reply.data, shape)


def _parse(data: bytes, shape: _Shape) -> tuple[Clean, ...] | None:
    """Read a list of models in any of the shapes that platforms give it, or in the documented one alone."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if shape.documented:
        entries = document.get("data") if isinstance(document, dict) else None
    elif isinstance(document, dict):
        entries = document.get("data", document.get("models"))
    else:
        entries = document
    if not isinstance(entries, list):
        return None
    named = (_id(entry, shape) for entry in entries[:_MOST_IDS])
    found = list(dict.fromkeys(each for each in named if each))
    return tuple(dict.fromkeys(words(found, shape.key))) if found or not entries else None


def _id(entry: Json, shape: _Shape) -> str:
    if isinstance(entry, dict):
        entry = entry.get("id", None if shape.documented else entry.get("name"))
    elif shape.documented:
        return ""
    return entry if isinstance(entry, str) else ""
