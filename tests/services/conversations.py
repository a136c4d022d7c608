"""Conversations with the simulated platform, as its tests begin and follow them."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from mimo_tui.core import preset as at
from mimo_tui.core.conversation import Conversation, Turn
from mimo_tui.core.diagnosis import Cause
from mimo_tui.core.json_text import Json, Set
from mimo_tui.services import Services
from mimo_tui.services.playground.asking import Asking, answer, say
from mimo_tui.services.playground.events import Answered, PlaygroundEvent
from mimo_tui.services.playground.targets import target_for
from mimo_tui.services.presets import changing, planning
from mimo_tui.services.presets.listing import PresetView, find, list_presets
from mimo_tui.store.sessions import Record
from tests.conftest import NOW

PRO, FLASH = "mimo-v2.6-pro", "mimo-v2.6-flash"
SURFACES = ("openai", "anthropic")
WEATHER: Mapping[str, Json] = {
    "type": "function",
    "function": {
        "name": "get_temp",
        "description": "Current temperature of a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


def changed(services: Services, name: str, **fields: str) -> PresetView:
    """Give the preset after these values were written into it."""
    listing = list_presets(services)
    edits = [Set((*at.MANIFEST, "llm", field), value) for field, value in fields.items()]
    plan = planning.plan_edit(services, listing, find(listing, name), edits)
    changing.apply(services, plan, force=True)
    return find(list_presets(services), name)


def a_preset(services: Services, surface: str = "openai") -> PresetView:
    """Give a preset whose key the platform takes, on that surface."""
    if surface == "openai":
        return changed(services, "unknown", model=PRO)
    base = "https://api.xiaomimimo.com/anthropic"
    return changed(services, "unknown", model=PRO, provider="custom", api_compat="anthropic", base_url=base)


def asking(services: Services, text: str, surface: str = "openai", **more: object) -> Asking:
    """Give the question that begins a conversation."""
    view = a_preset(services, surface)
    conversation = say(Conversation(), text, (), NOW, parent=None)
    made = Asking(conversation, conversation.next_id - 1, target_for(services, view), view.reference)
    return replace(made, **more)  # type: ignore[arg-type]


async def events(
    services: Services, asked: Asking, stop: asyncio.Event | None = None
) -> list[PlaygroundEvent]:
    return [event async for event in answer(services, asked, stop)]


async def answered(services: Services, asked: Asking) -> Answered:
    last = (await events(services, asked))[-1]
    assert isinstance(last, Answered)
    return last


def cause(ended: Answered) -> Cause | None:
    return ended.diagnosis.cause if ended.diagnosis is not None else None


def following(asked: Asking, turn: Turn) -> Conversation:
    """Give the conversation after that answer."""
    return asked.conversation.put(turn).at(turn.id)


def records(services: Services) -> tuple[Record, ...]:
    return services.sessions.records()
