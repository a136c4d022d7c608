"""What every part of the simulated platform is handed: who calls which host, when, and with what."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from starlette.responses import Response

from mimo_tui.core.catalogue import Catalogue, Model
from mimo_tui.core.json_text import Json

Sleep: TypeAlias = Callable[[float], Awaitable[None]]
"""Waits for so many seconds; tests hand in one that does not."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who a key belongs to. `hosts` take the key, and no others.

    `balance`: without it every completion answers 402 (the model list still works). `quota`: without it 429.
    `web_search`: the plugin is enabled (never for a plan's key). `allowed`: else 403. `fault` is a script of faults
    that every call of this key meets (see `faults`), "" none.
    """

    key: str = field(repr=False)
    title: str
    hosts: frozenset[str]
    plan: bool = False
    balance: bool = True
    quota: bool = True
    web_search: bool = False
    allowed: bool = True
    fault: str = ""


@dataclass(frozen=True, slots=True)
class SimulatedHost:
    """A host of the API. `cluster` is empty for pay-as-you-go; `extra` and `missing` change its list of models."""

    name: str
    cluster: str
    plan: bool
    extra: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the API, after host, key and JSON were looked at. `model` is offered on this host at `at`.

    `tokens_per_second` is how fast a stream comes, 0 as fast as it can; its pauses go through `sleep`.
    """

    host: SimulatedHost
    account: Account
    at: datetime
    catalogue: Catalogue
    model: Model
    body: Mapping[str, Json]
    tokens_per_second: float = 0.0
    sleep: Sleep = asyncio.sleep


Handler: TypeAlias = Callable[[Call], Awaitable[Response]]
"""Answers a call, or raises Refusal."""
