"""Has a recording recognised, and gives its text as it comes."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from time import monotonic
from typing import Final
from unicodedata import east_asian_width

from mimo_tui.core.answer_diagnosis import diagnose_answer
from mimo_tui.core.catalogue import Modality, Wire
from mimo_tui.core.diagnosis import Cause, Diagnosis, Retry
from mimo_tui.core.json_text import Json
from mimo_tui.core.ledger import CREDITS, Cost, cost_of
from mimo_tui.core.meter import cost_text
from mimo_tui.core.model import both_sides
from mimo_tui.core.secrets import safe
from mimo_tui.core.speech.bodies import recognition_body
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.core.usage import Usage
from mimo_tui.services import Services
from mimo_tui.services.observing import note_call
from mimo_tui.services.playground.asking import PACE
from mimo_tui.services.playground.coming import Coming
from mimo_tui.services.playground.events import Raw
from mimo_tui.services.playground.raw_request import answer_head, raw_request
from mimo_tui.services.speech.events import Heard, ListeningBegan, ListeningEnded, ListeningEvent, Transcript
from mimo_tui.services.speech.orders import Listening
from mimo_tui.services.speech.recording import CannotListen, Recording, recording_of
from mimo_tui.services.speech.spent import spent
from mimo_tui.store import settings
from mimo_tui.wire.answering import ChatRequest
from mimo_tui.wire.chat import stream_chat

__all__ = ["CannotListen", "estimate", "languages", "listen", "rate"]

_LANGUAGE: Final = "asr_options.language"
_USUAL_CURRENCY: Final = "CNY"
_OUT_OF_BUDGET: Final = ("length", "max_tokens")


def languages(services: Services) -> tuple[str, ...]:
    """Give the languages that may be named (`mimo-api.md` §9.5); none: they are not known."""
    parameter = services.catalogue.parameter(Wire.CHAT_COMPLETIONS, _LANGUAGE)
    return parameter.options.value if parameter is not None and parameter.options is not None else ()


def estimate(services: Services, listening: Listening) -> Cost | None:
    """Give what it will cost at least, by the length of the recording; None: it is not known. Blocks.

    How the service counts the seconds of a request is told only afterwards, in its usage (`mimo-api.md` §9.5).
    """
    model = services.catalogue.model(listening.target.model)
    if model is None:
        return None
    return cost_of(Usage(seconds=listening.sample.seconds), model, currency=_currency(services, listening))


def rate(services: Services, listening: Listening) -> Clean:
    """Say what an hour costs, and by which page; empty: it is not known. Blocks."""
    model = services.catalogue.model(listening.target.model)
    currency = _currency(services, listening)
    prices = (model.price_cny, model.price_usd, model.price_credits) if model is not None else ()
    for fact in prices:
        if fact is not None and fact.value.currency == currency and fact.value.audio_hour is not None:
            an_hour = cost_text(Cost(fact.value.audio_hour, currency))
            where = f"the sources disagree: {both_sides(fact)}" if fact.disputed else fact.source.title
            return clean(
                f"{an_hour} per hour of sound; {where}{', SIMULATED' if fact.source.simulated else ''}"
            )
    return NOTHING


async def listen(
    services: Services, listening: Listening, stop: asyncio.Event | None = None
) -> AsyncGenerator[ListeningEvent]:
    """Give `ListeningBegan`, then the text in pieces, `ListeningEnded` last, however it ends.

    Raises NothingSent before anything is sent, and nothing afterwards. A recording that is too long for one request is
    heard in parts, one after the other; the first that fails is the last. Once `stop` is set nothing more is sent.
    """
    hearing = _Hearing(services, listening, await asyncio.to_thread(_prepared, services, listening))
    yield ListeningBegan(hearing.recording.parts)
    for number in range(1, hearing.recording.parts + 1):
        part = hearing.begin(await asyncio.to_thread(hearing.request, number))
        reading = asyncio.create_task(
            part.coming.listen(stream_chat(services.client, part.request, stop=stop))
        )
        try:
            while not reading.done():
                await part.coming.news.wait()
                part.coming.news.clear()
                if heard := hearing.take((await part.coming.more()).text):
                    yield Heard(heard, number)
                await asyncio.wait({reading}, timeout=PACE)
            await reading
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
            await part.coming.settle()
        rest = await asyncio.to_thread(part.coming.rest)
        if heard := hearing.take(rest.text):
            yield Heard(heard, number)
        if not await hearing.end(part, is_stopped=stop is not None and stop.is_set()):
            break
    ended = await asyncio.to_thread(hearing.ended)
    if ended is not None:
        yield ended


@dataclass(frozen=True, slots=True)
class _Part:
    """One request, and what comes of it. `at` is when it was sent, in seconds since the first one."""

    request: ChatRequest
    raw: Raw
    coming: Coming
    at: float


class _Hearing:
    """All that is heard of one recording, part after part."""

    def __init__(self, services: Services, listening: Listening, recording: Recording) -> None:
        self.recording = recording
        self._services = services
        self._listening = listening
        self._started: float | None = None
        self._parts: list[_Part] = []
        self._given: list[str] = []
        self._is_between = False
        self._is_stopped = False
        self._is_complete = False
        self._diagnosis: Diagnosis | None = None

    def request(self, number: int) -> tuple[ChatRequest, Raw]:
        """Give the request of a part, and as it may be shown. Slow: call it in a thread."""
        target, listening = self._listening.target, self._listening
        body = recognition_body(self.recording.url(number), listening.language)
        request = ChatRequest(target.url, target.key, target.model, body, target.named, listening.streamed)
        whole: dict[str, Json] = {"model": target.model, **body, "stream": listening.streamed}
        return request, raw_request(target.url, target.key, whole, streamed=listening.streamed)

    def begin(self, prepared: tuple[ChatRequest, Raw]) -> _Part:
        """Go on to the next part."""
        now = monotonic()
        self._started = now if self._started is None else self._started
        self._is_between = bool(self._given)
        part = _Part(*prepared, Coming(self._listening.target.key), now - self._started)
        self._parts.append(part)
        return part

    def take(self, text: str) -> str:
        """Give a piece as it goes on from what was heard before it."""
        if not text:
            return ""
        if self._is_between:
            self._is_between = False
            text = f"{_between(self._given[-1], text)}{text}"
        self._given.append(text)
        return text

    async def end(self, part: _Part, *, is_stopped: bool) -> bool:
        """Judge a part that has ended, and tell whether the next one is to be sent."""
        ended = part.coming.ended
        if ended is None:
            self._is_stopped = True
            return False
        exchange = ended.exchange
        is_broken = exchange.failure is not None or exchange.error is not None
        if is_stopped and not ended.complete and not is_broken:
            self._is_stopped = True
            return False
        self._diagnosis = await asyncio.to_thread(self._judged, part)
        await self._note(part)
        is_last = len(self._parts) == self.recording.parts
        self._is_complete = is_last and self._diagnosis is None and ended.complete
        self._is_stopped = is_stopped and not is_last and self._diagnosis is None
        return not is_stopped and self._diagnosis is None

    def ended(self) -> ListeningEnded | None:
        """Give all of it; None: the last request has no end. Slow: call it in a thread."""
        target, last = self._listening.target, self._parts[-1]
        ended = last.coming.ended
        if ended is None:
            return None
        usages = [part.coming.usage for part in self._parts]
        sum_of = spent(
            usages, target.model, _currency(self._services, self._listening), self._services.catalogue
        )
        first = next((part for part in self._parts if part.coming.first_token is not None), None)
        waited = first.coming.first_token if first is not None and self._listening.streamed else None
        notes = dict.fromkeys(note for part in self._parts for note in part.coming.notes)
        transcript = Transcript(
            "".join(self._given),
            safe(target.model),
            safe(target.endpoint.host),
            seconds=sum_of.usage.seconds if sum_of.usage is not None else None,
            usage=sum_of.usage,
            cost=sum_of.cost,
            first_text=first.at + waited if first is not None and waited is not None else None,
            took=last.at + (last.coming.seconds or 0.0),
            complete=self._is_complete,
            stopped=self._is_stopped,
            failure=self._diagnosis,
            simulated=self._services.simulated or any(map(_is_simulated, self._parts)),
            notes=tuple(notes),
        )
        raw = replace(last.raw, answer_head=answer_head(ended.exchange), answer_body=ended.raw)
        return ListeningEnded(transcript, raw, ended.exchange, self._diagnosis)

    def _judged(self, part: _Part) -> Diagnosis | None:
        services, target = self._services, self._listening.target
        ended = part.coming.ended
        if ended is None:
            return None
        worked = services.client.has_accepted(target.endpoint.host, target.key)
        media = frozenset({Modality.AUDIO})
        asked = replace(target.asked, model=target.model, media=media, worked=worked)
        found = diagnose_answer(ended.exchange, asked, part.coming.came, services.catalogue, services.now())
        return _CUT_SHORT if found is None and part.coming.finish in _OUT_OF_BUDGET else found

    async def _note(self, part: _Part) -> None:
        ended, usage = part.coming.ended, part.coming.usage
        if ended is None:
            return
        diagnosis = None if self._diagnosis is _CUT_SHORT else self._diagnosis
        tells = (
            diagnosis.cause is Cause.INPUT
            if diagnosis is not None
            else bool(usage is not None and usage.audio)
        )
        what = str(Modality.AUDIO) if tells else ""
        model, wire = self._listening.target.model, Wire.CHAT_COMPLETIONS
        await note_call(self._services, ended.exchange, diagnosis, model, wire, what, usage=usage)


def _prepared(services: Services, listening: Listening) -> Recording:
    """Raise CannotListen where the service would refuse it; else give what is to be sent."""
    known = languages(services)
    if listening.language and known and listening.language not in known:
        named = ", ".join(map(safe, known))
        raise CannotListen(
            f"{safe(listening.language)} is no language that is recognised. Say one of: {named}."
        )
    return recording_of(services, listening.sample, listening.target.model)


def _currency(services: Services, listening: Listening) -> str:
    family = listening.target.endpoint.family
    if family is not None and family.plan:
        return CREDITS
    return listening.currency or settings.load(services.places.settings).currency or _USUAL_CURRENCY


def _between(before: str, after: str) -> str:
    """Give what stands between the texts of two parts: a blank, unless the script needs none."""
    signs = (before[-1], after[0])
    is_apart = any(sign.isspace() or east_asian_width(sign) in "WF" for sign in signs)
    return "" if is_apart else " "


def _is_simulated(part: _Part) -> bool:
    return part.coming.ended is not None and part.coming.ended.exchange.simulated


_CUT_SHORT: Final = Diagnosis(
    Cause.BUDGET,
    Clean("The text is cut short: the output of the model was used up before the recording was at its end."),
    Clean("Cut the recording into shorter ones. What was heard stays."),
    "the reason that the service gives for the end of an answer (mimo-api.md §7.1, §9.5)",
    Retry.NO,
)
