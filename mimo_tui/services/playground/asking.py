"""Asks a model to go on with a conversation, and gives its answer as it comes. Each event is kept before it is seen."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from mimo_tui.core.answer_diagnosis import diagnose_answer
from mimo_tui.core.catalogue import Catalogue, Modality, Wire
from mimo_tui.core.chat_body import chat_body
from mimo_tui.core.conversation import Answer, Conversation, Role, Turn
from mimo_tui.core.diagnosis import Diagnosis
from mimo_tui.core.json_text import Json
from mimo_tui.core.ledger import CREDITS, Cost, cost_of
from mimo_tui.core.messages_body import messages_body
from mimo_tui.core.said_again import gone, said_again
from mimo_tui.core.secrets import safe
from mimo_tui.core.text import NOTHING, Clean
from mimo_tui.services import Services
from mimo_tui.services.observing import note_call
from mimo_tui.services.playground.coming import Coming, More
from mimo_tui.services.playground.events import Answered, Began, Grew, PlaygroundEvent, Raw
from mimo_tui.services.playground.keeping import Keeping
from mimo_tui.services.playground.raw_request import answer_head, raw_request
from mimo_tui.services.playground.saying import answer_call, open_calls, say
from mimo_tui.services.playground.used import used_by
from mimo_tui.services.presets.testing import Target
from mimo_tui.services.refusals import NothingSent
from mimo_tui.store import settings
from mimo_tui.store.settings import Settings
from mimo_tui.wire.answering import ChatRequest
from mimo_tui.wire.chat import stream_chat
from mimo_tui.wire.events import Ended
from mimo_tui.wire.messages import stream_messages

__all__ = ["Asking", "CannotAsk", "answer", "answer_call", "open_calls", "say"]

PACE: Final = 1 / 30
"""Seconds between two pieces of an answer at least: a screen paints no faster."""

_USUAL_CURRENCY = "CNY"
_NO_PARAMETERS: Mapping[str, Json] = MappingProxyType({})


class CannotAsk(NothingSent):
    """Nothing was sent, since the conversation cannot be sent as it is; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked: to go on below the turn `parent` of a conversation, by whom `target` names.

    To ask again is to ask below the same parent once more. The conversation stands at the answer then, if it stood at
    `parent`; elsewhere it stays, as with a second answer beside the first. `preset` is its reference, empty for none.
    `parameters` go by the API's names with a dot before inner ones; `tools` are written as either surface takes them.
    `currency` is that of the cost: empty is as the settings say, and on a plan it is credits in any case.
    """

    conversation: Conversation
    parent: int
    target: Target
    preset: Clean = NOTHING
    parameters: Mapping[str, Json] = field(default_factory=lambda: _NO_PARAMETERS, hash=False)
    tools: tuple[Mapping[str, Json], ...] = ()
    streamed: bool = True
    currency: str = ""


@dataclass(frozen=True, slots=True)
class _Prepared:
    request: ChatRequest
    raw: Raw
    sent: tuple[Turn, ...]
    catalogue: Catalogue
    currency: str
    own: Settings
    notes: tuple[Clean, ...]

    @property
    def media(self) -> frozenset[Modality]:
        return frozenset(each.modality for turn in self.sent for each in turn.attachments)


@dataclass(frozen=True, slots=True)
class _End:
    turn: Turn
    rest: More
    diagnosis: Diagnosis | None
    is_stopped: bool


async def answer(
    services: Services, asking: Asking, stop: asyncio.Event | None = None
) -> AsyncGenerator[PlaygroundEvent]:
    """Give `Began`, then the answer in pieces, `Answered` last, however it ends.

    Raises NothingSent before anything is sent, and nothing afterwards. Once `stop` is set, or where it is left early
    (`contextlib.aclosing`) or cancelled, what came is kept, as a turn that was stopped.
    """
    prepared = await asyncio.to_thread(_prepare, services, asking)
    target = asking.target
    keeping = Keeping(services, target.key, prepared.own)
    coming, begun = Coming(target.key), _begun(services, asking)
    number = asking.conversation.next_id
    turn = Turn(number, asking.parent, Role.ASSISTANT, services.now(), answer=begun)
    await keeping.begin(asking.conversation, turn)
    stream = stream_messages if target.wire is Wire.MESSAGES else stream_chat
    listening = asyncio.create_task(coming.listen(stream(services.client, prepared.request, stop=stop)))
    try:
        yield Began(turn, keeping.conversation)
        while not listening.done():
            await coming.news.wait()
            coming.news.clear()
            if more := await coming.more():
                await keeping.grow(turn.id, more.text, more.reasoning)
                yield Grew(turn.id, more.text, more.reasoning)
            await asyncio.wait({listening}, timeout=PACE)
        await listening
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await coming.settle()
        end = await asyncio.to_thread(_end, services, asking, prepared, coming, turn, stop)
        await keeping.end(end.turn)
    if coming.ended is None:
        return
    exchange, diagnosis = coming.ended.exchange, end.diagnosis
    if not end.is_stopped:
        used = used_by(end.turn, prepared.media, asking.parameters, target.wire, diagnosis)
        await note_call(services, exchange, diagnosis, target.model, target.wire, *used, usage=coming.usage)
    if end.rest:
        yield Grew(turn.id, end.rest.text, end.rest.reasoning)
    raw = replace(prepared.raw, answer_head=answer_head(exchange), answer_body=coming.ended.raw)
    yield Answered(end.turn, raw, exchange, diagnosis, keeping.told)


def _prepare(services: Services, asking: Asking) -> _Prepared:
    """Build the request. Raises CannotAsk."""
    conversation, target = asking.conversation, asking.target
    parent = conversation.turns.get(asking.parent)
    if parent is None or parent.role is Role.ASSISTANT:
        raise CannotAsk("There is nothing to answer: say something first.")
    path = conversation.path(parent.id)
    lost = [each for turn in path for each in gone(turn)]
    if not parent.text and len(gone(parent)) == len(parent.attachments) > 0:
        raise CannotAsk(f"{lost[-1].name} is not here any more: attach it again.")
    sent, names = said_again(path), dict.fromkeys(each.name for each in lost)
    build = messages_body if target.wire is Wire.MESSAGES else chat_body
    body = build(sent, conversation.system, asking.parameters, asking.tools)
    request = ChatRequest(target.url, target.key, target.model, body, target.named, asking.streamed)
    whole: dict[str, Json] = {"model": target.model, **body, "stream": asking.streamed}
    own = settings.load(services.places.settings)
    family = target.endpoint.family
    currency = CREDITS if family is not None and family.plan else asking.currency or own.currency
    return _Prepared(
        request,
        raw_request(target.url, target.key, whole, streamed=asking.streamed),
        sent,
        services.catalogue,
        currency or _USUAL_CURRENCY,
        own,
        tuple(Clean(f"{name} is not here any more and was left out.") for name in names),
    )


def _begun(services: Services, asking: Asking) -> Answer:
    target = asking.target
    return Answer(
        model=safe(target.model),
        wire=target.wire,
        host=safe(target.endpoint.host),
        preset=asking.preset,
        parameters=asking.parameters,
        simulated=services.simulated,
    )


def _end(
    services: Services,
    asking: Asking,
    prepared: _Prepared,
    coming: Coming,
    turn: Turn,
    stop: asyncio.Event | None,
) -> _End:
    rest, ended = coming.rest(), coming.ended
    is_stopped = _is_stopped(ended, stop)
    diagnosis = None
    if ended is not None and not is_stopped:
        worked = services.client.has_accepted(asking.target.endpoint.host, asking.target.key)
        asked = replace(asking.target.asked, model=asking.target.model, media=prepared.media, worked=worked)
        diagnosis = diagnose_answer(ended.exchange, asked, coming.came, prepared.catalogue, services.now())
    answer = replace(
        _begun(services, asking),
        first_token=coming.first_token if asking.streamed else None,  # all of it comes at once
        seconds=coming.seconds,
        usage=coming.usage,
        cost=_cost(asking, prepared, coming),
        finish=coming.finish,
        complete=ended is not None and ended.complete,
        stopped=is_stopped,
        failure=diagnosis,
        simulated=services.simulated or (ended is not None and ended.exchange.simulated),
        notes=(*prepared.notes, *_left_out(prepared, asking.target.wire), *coming.notes),
    )
    whole = replace(
        turn,
        text=coming.text,
        reasoning=coming.reasoning,
        calls=coming.calls,
        thoughts=coming.thoughts,
        citations=coming.citations,
        answer=answer,
    )
    return _End(whole, rest, diagnosis, is_stopped)


def _is_stopped(ended: Ended | None, stop: asyncio.Event | None) -> bool:
    if ended is None:
        return True
    is_set = stop is not None and stop.is_set()
    return is_set and not ended.complete and ended.exchange.failure is None and ended.exchange.error is None


def _cost(asking: Asking, prepared: _Prepared, coming: Coming) -> Cost | None:
    model = prepared.catalogue.model(asking.target.model)
    if model is None or coming.usage is None:
        return None
    return cost_of(coming.usage, model, currency=prepared.currency, facts=prepared.catalogue.facts)


def _left_out(prepared: _Prepared, wire: Wire) -> tuple[Clean, ...]:
    """Say what the Anthropic surface does not take, which it would drop in silence (`mimo-api.md` §8)."""
    lost = sorted(prepared.media & {Modality.AUDIO, Modality.VIDEO}) if wire is Wire.MESSAGES else []
    return (Clean(f"Left out, since this surface takes images only: {', '.join(lost)}."),) if lost else ()
