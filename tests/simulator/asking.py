"""Asks the simulated platform on its OpenAI surface, without a socket."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import httpx2

from mimo_tui.core.json_text import Json
from mimo_tui.simulator.accounts import PAY_AS_YOU_GO
from mimo_tui.simulator.app import application
from mimo_tui.simulator.call import Sleep
from mimo_tui.simulator.platform import Platform

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MODEL = "mimo-v2.6-flash"
PAY_AS_YOU_GO_HOST = "api.xiaomimimo.com"


async def at_once(seconds: float) -> None:
    """Stand in for a pause."""


def platform_at(at: datetime = NOW, *, sleep: Sleep = at_once, tokens_per_second: float = 0.0) -> Platform:
    """Give a platform whose time stands still."""
    clock: Callable[[], datetime] = lambda: at  # noqa: E731
    return Platform(clock=clock, sleep=sleep, tokens_per_second=tokens_per_second, rate_limited=False)


async def post(
    path: str,
    body: object,
    *,
    key: str = PAY_AS_YOU_GO,
    host: str = PAY_AS_YOU_GO_HOST,
    platform: Platform | None = None,
) -> httpx2.Response:
    """Send a request, and give the whole answer."""
    transport = httpx2.ASGITransport(application(platform or platform_at()))
    async with httpx2.AsyncClient(transport=transport) as client:
        headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
        return await client.post(f"https://{host}/v1{path}", content=json.dumps(body), headers=headers)


def user(text: Json) -> dict[str, Json]:
    """Give a message of the user."""
    return {"role": "user", "content": text}


def chat_body(said: Json, **fields: Json) -> dict[str, Json]:
    """Give the body of a chat completion: what the user says, or all messages."""
    return {"model": MODEL, "messages": said if isinstance(said, list) else [user(said)], **fields}


def error_of(response: httpx2.Response) -> dict[str, Json]:
    """Give the error in an answer, which is the platform's envelope and no more."""
    document = response.json()
    assert set(document) == {"error"}
    error: dict[str, Json] = document["error"]
    return error
