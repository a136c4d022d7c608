"""Has a text spoken, and gives its sound as it comes. Each event is kept before it is seen."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Final

from mimo_tui.core.catalogue import Wire
from mimo_tui.core.diagnosis import Cause, Diagnosis
from mimo_tui.core.secrets import redact
from mimo_tui.core.speech.splitting import leading_tag
from mimo_tui.core.take import Take
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.services import Services
from mimo_tui.services.observing import note_call, note_voices
from mimo_tui.services.playground.asking import PACE
from mimo_tui.services.playground.raw_request import answer_head
from mimo_tui.services.speech.advising import CannotSpeak, advice
from mimo_tui.services.speech.events import Sounded, SpeechBegan, SpeechEvent, Spoken
from mimo_tui.services.speech.failing import failure_of
from mimo_tui.services.speech.keeping import Keeping
from mimo_tui.services.speech.orders import Speaking
from mimo_tui.services.speech.part import Part
from mimo_tui.services.speech.preparing import Prepared, prepare, raw_of
from mimo_tui.services.speech.sounding import Sounding
from mimo_tui.services.speech.spent import spent
from mimo_tui.wire.speech import stream_speech

__all__ = ["CannotSpeak", "advice", "speak"]

_QUOTED: Final = 8
_LONGEST_QUOTE: Final = 60
"""Words, and characters where none stand apart, that tell a place in a text."""


async def speak(
    services: Services, speaking: Speaking, stop: asyncio.Event | None = None
) -> AsyncGenerator[SpeechEvent]:
    """Give `SpeechBegan`, then the sound in pieces, `Spoken` last, however it ends.

    Raises NothingSent before anything is sent, and nothing afterwards. A long text is spoken in parts, one request
    after the other, and the first that fails is the last. Once `stop` is set, or where it is left early
    (`contextlib.aclosing`) or cancelled, what came is kept, as a take that was stopped.
    """
    prepared = await asyncio.to_thread(prepare, services, speaking)
    speech = _Speech(services, speaking, prepared, stop)
    try:
        speech.take = await speech.keeping.begin(prepared.take)
        yield SpeechBegan(speech.take, len(prepared.requests))
        for number in range(1, len(prepared.requests) + 1):
            async with aclosing(speech.part(number)) as pieces:
                async for sounded in pieces:
                    yield sounded
            if not speech.goes_on:
                break
    finally:
        await speech.end()
    if speech.rest:
        yield speech.rest
    if (spoken := await asyncio.to_thread(speech.spoken)) is not None:
        yield spoken


@dataclass(slots=True)
class _Speech:
    """All requests of one take, and what came of them so far.

    `rest` is the sound that was given out at the very end.
    """

    services: Services
    speaking: Speaking
    prepared: Prepared
    stop: asyncio.Event | None
    take: Take = field(init=False)
    sounding: Sounding = field(init=False)
    keeping: Keeping = field(init=False)
    parts: list[Part] = field(default_factory=list)
    rest: Sounded | None = None
    _started: float = 0.0
    _first: float | None = None
    _took: float | None = None
    _is_open: bool = False
    _is_stopped: bool = False
    _diagnosis: Diagnosis | None = None
    _problem: Clean = NOTHING

    def __post_init__(self) -> None:
        prepared = self.prepared
        self.take = prepared.take
        self.sounding = Sounding(prepared.format, prepared.take.rate, len(prepared.requests))
        self.keeping = Keeping(self.services, prepared.own, self.speaking.target.key, self.sounding)
        self._started = monotonic()

    @property
    def goes_on(self) -> bool:
        """Whether nothing is in the way of the next request."""
        is_asked_to_stop = self.stop is not None and self.stop.is_set()
        return not self._is_stopped and not is_asked_to_stop and self._diagnosis is None

    async def part(self, number: int) -> AsyncGenerator[Sounded]:
        """Send a request, and give its sound as it comes."""
        part = Part()
        self.parts.append(part)
        self._is_open = True
        events = stream_speech(self.services.client, self.prepared.requests[number - 1], stop=self.stop)
        listening = asyncio.create_task(part.listen(events))
        try:
            if number > 1 and (sounded := self._sounded(await self.keeping.begin_part(), number - 1)):
                yield sounded
            while not listening.done():
                await part.news.wait()
                part.news.clear()
                if (data := part.taken()) and (
                    sounded := self._sounded(await self.keeping.feed(data), number)
                ):
                    yield sounded
                await asyncio.wait({listening}, timeout=PACE)
            await listening
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
        if sounded := self._sounded(await self._end_part(part), number):
            yield sounded
        await self._note(part)

    async def end(self) -> None:
        """Keep all that came."""
        await self.keeping.settle()
        if self._is_open:
            await self._end_part(self.parts[-1])
        self._took = monotonic() - self._started
        self.rest = self._sounded(await self.keeping.close(), len(self.parts) or 1)
        self.take = await self.keeping.end(self._ended)
        if not self.take.file and self._diagnosis is not None:
            # It was said while there was sound, before no disk took it.
            self._diagnosis = await self._judged(self.parts[-1], is_kept=False)
            self.take = replace(self.take, failure=self._diagnosis)

    def spoken(self) -> Spoken | None:
        """Give the last event; None: the last request has no end. Slow: call it in a thread."""
        ended = self.parts[-1].ended if self.parts else None
        if ended is None:
            return None
        raw = raw_of(self.prepared.requests[len(self.parts) - 1])
        raw = replace(raw, answer_head=answer_head(ended.exchange), answer_body=ended.raw)
        keeping = self.keeping
        said = (part.words for part in self.parts if part.has_words)
        words = redact("\n".join(said), (self.speaking.target.key,))
        return Spoken(self.take, raw, ended.exchange, self._diagnosis, problem=keeping.problem, words=words)

    def _sounded(self, samples: bytes, number: int) -> Sounded | None:
        if self._first is None and self.sounding.has_sound:
            self._first = monotonic()
        # What has another rate than was said at the beginning is heard from its file.
        if not samples or self.sounding.rate != self.take.rate:
            return None
        return Sounded(self.take.id, samples, self.sounding.seconds, number)

    async def _end_part(self, part: Part) -> bytes:
        """Take what is left of a part, and judge it."""
        is_whole = part.ended is not None and part.ended.complete
        sounds = await self.keeping.end_part(part.taken(), is_whole=is_whole)
        self._is_open = False
        self._is_stopped = self._was_stopped(part)
        self._problem = sounds.problem
        if not self._is_stopped:
            self._diagnosis = await self._judged(part, is_kept=self.sounding.has_sound)
        return sounds.samples

    async def _judged(self, part: Part, *, is_kept: bool) -> Diagnosis | None:
        judged = (self.services, self.speaking.target, part, self._problem)
        return await asyncio.to_thread(failure_of, *judged, is_kept=is_kept)

    def _was_stopped(self, part: Part) -> bool:
        ended = part.ended
        if ended is None:
            return True
        is_set = self.stop is not None and self.stop.is_set()
        return (
            is_set and not ended.complete and ended.exchange.failure is None and ended.exchange.error is None
        )

    async def _note(self, part: Part) -> None:
        """Have what the call said of its model, and of its voices, known from here on."""
        if part.ended is None or self._is_stopped:
            return
        exchange, model, diagnosis = part.ended.exchange, self.speaking.target.model, self._diagnosis
        if diagnosis is not None and diagnosis.cause is Cause.VOICE:
            await note_voices(self.services, exchange, model)
        await note_call(self.services, exchange, diagnosis, model, Wire.CHAT_COMPLETIONS, usage=part.usage)

    def _ended(self) -> Take:
        """Give the take as it has become."""
        sounding, last, first = self.sounding, self.parts[-1] if self.parts else None, self._first
        is_all = last is not None and len(self.parts) == len(self.prepared.requests)
        is_whole = is_all and last is not None and last.ended is not None and last.ended.complete
        used = spent(
            [part.usage for part in self.parts],
            self.speaking.target.model,
            self.prepared.currency,
            self.services.catalogue,
        )
        return replace(
            self.take,
            preview=" ".join(part.preview for part in self.parts if part.preview),
            seconds=sounding.seconds,
            rate=sounding.rate,
            waveform=sounding.peaks,
            joins=sounding.joins,
            first_sound=first - self._started if first is not None else None,
            took=self._took,
            usage=used.usage,
            cost=used.cost,
            complete=is_whole and self._diagnosis is None and sounding.has_sound,
            stopped=self._is_stopped or (self._diagnosis is None and not is_all),
            failure=self._diagnosis,
            simulated=self.services.simulated or any(map(_is_simulated, self.parts)),
            notes=tuple(dict.fromkeys((*self.take.notes, *sounding.notes, *self._warnings()))),
        )

    def _warnings(self) -> tuple[Clean, ...]:
        said = [warning for part in self.parts for warning in part.warnings]
        return (*said, place) if (place := self._place_of_end()) else tuple(said)

    def _place_of_end(self) -> Clean:
        """Say where in a long text the sound ends, so that a person can go on there; empty: at its end, or nowhere."""
        last, total = self.sounding.last_part, len(self.prepared.requests)
        is_whole = self._diagnosis is None and not self._is_stopped
        if not last or total == 1 or (last == total and is_whole):
            return NOTHING
        # A key that is cut in two is known no longer as one.
        text = redact(self.prepared.texts[last - 1], (self.speaking.target.key,))
        words = leading_tag(text)[1].split()
        if last == len(self.parts) and not is_whole:
            begin = " ".join(words[:_QUOTED])[:_LONGEST_QUOTE]
            return clean(f"It ends within part {last} of {total}, which begins with “{begin}”.")
        end = " ".join(words[-_QUOTED:])[-_LONGEST_QUOTE:]
        return clean(f"It ends with part {last} of {total}, whose last words are “{end}”.")


def _is_simulated(part: Part) -> bool:
    return part.ended is not None and part.ended.exchange.simulated
