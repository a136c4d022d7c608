"""A place where texts are spoken, one after the other: each is a take, which is heard while it still comes."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import aclosing
from typing import TYPE_CHECKING, Final

from textual import work

from mimo_tui.core.diagnosis import Diagnosis
from mimo_tui.core.meter import BETWEEN
from mimo_tui.core.take import SoundFormat
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.sound.track import Track
from mimo_tui.store.places import Places
from mimo_tui.tui.screens.takes_place import TakesPlace
from mimo_tui.tui.speech_offers import ends_all
from mimo_tui.tui.speech_rows import done_news, failed_news, voice_words
from mimo_tui.tui.speech_state import Growing, Queue
from mimo_tui.tui.widgets.news_line import News

if TYPE_CHECKING:
    from mimo_tui.services import Services
    from mimo_tui.services.playground.events import Raw
    from mimo_tui.services.speech.events import SpeechEvent, Spoken
    from mimo_tui.services.speech.orders import Speaking

_SETTLING: Final = 3.0
"""Seconds that leaving the program waits for what came of a take to be kept."""


class SpeakingPlace(TakesPlace):
    """Speaks what is ordered, and knows what waits for that. It goes on while one is elsewhere."""

    def __init__(
        self, home: Places, open_services: "Callable[[], Services]", *, simulated: bool, offline: bool = False
    ) -> None:
        super().__init__(home, open_services, simulated=simulated, offline=offline)
        self.queue = Queue()
        self.failure: Diagnosis | None = None
        self.last_raw: Raw | None = None

    async def on_unmount(self) -> None:
        """Stop what is spoken, and wait until what came of it is kept."""
        is_busy = self.queue.stop is not None
        self.queue.end()
        if is_busy:
            await asyncio.wait([asyncio.ensure_future(self.queue.done.wait())], timeout=_SETTLING)

    @property
    def has_unsaved(self) -> bool:
        """Whether quitting would lose a take that was, or is being, paid for."""
        return self.shelf.would_lose

    def enqueue(self, orders: Iterable["Speaking"], says: Clean = NOTHING) -> None:
        """Have these spoken, after what is spoken already; where nothing is, what plays falls silent for them.

        `says` is in a few words how much that is.
        """
        is_idle = not self.queue.is_busy
        self.queue.says = says
        self.queue.waiting.extend(orders)
        self.failure = None
        if is_idle:
            self.to_play.clear()
            self.desk.stop()
            self._speak_all()
        self.show_around()

    @work(group="speak", exit_on_error=False)
    async def _speak_all(self) -> None:
        while self.queue.waiting:
            await self._speak(self.queue.waiting.pop(0))

    async def _speak(self, order: "Speaking") -> None:
        from mimo_tui.services.refusals import NothingSent
        from mimo_tui.services.speech.speaking import speak

        self.queue.stop = stop = asyncio.Event()
        self.queue.done.clear()
        try:
            async with aclosing(speak(self.services, order, stop)) as events:
                async for event in events:
                    await self._happened(event)
        except NothingSent as problem:
            self.queue.waiting.clear()
            self.tell_unsent(str(problem))
            self.after_refusal(order)
        finally:
            if self.shelf.growing is not None:
                self.shelf.growing.end()
                self.shelf.growing = None
            self.queue.stop = None
            self.queue.done.set()
            if self.is_running:
                self.show_takes()
                self.show_around()

    async def _happened(self, event: "SpeechEvent") -> None:
        from mimo_tui.services.speech.events import Sounded, SpeechBegan
        from mimo_tui.services.speech.room import with_room
        from mimo_tui.services.speech.takes import is_nowhere, is_on_disk

        growing = self.shelf.growing
        match event:
            case SpeechBegan(take, parts):
                is_heard_meanwhile = take.rate > 0 and take.format is not SoundFormat.MP3
                track = Track(take.rate) if is_heard_meanwhile else None
                passes = not await asyncio.to_thread(is_on_disk, self.services, take)
                self.shelf.growing = Growing(take, parts, track, passes)
                self._tell_speaking(f"{voice_words(take)}: waiting for the first sound …")
                self.show_takes()
                if not self.desk.is_active:
                    self.follow(take.id)
                self.show_around()
            case Sounded(_, samples, seconds, part):
                if growing is None or growing.track is None:
                    return
                is_first = growing.track.length == 0
                growing.track.feed(samples)
                await asyncio.to_thread(growing.measure, samples)
                growing.seconds, growing.part = seconds, part
                if is_first:
                    self._tell_speaking(f"{voice_words(growing.take)} speaks …")
                    self._hear(growing.take.id)
                    self.show_takes()
            case _:
                event = await asyncio.to_thread(with_room, self.services, event)
                take = event.take
                has_sound = bool(take.file or take.seconds) and not is_nowhere(take)
                is_whole = bool(take.file) and await asyncio.to_thread(is_on_disk, self.services, take)
                self._ended(event, growing, has_sound=has_sound, passes=has_sound and not is_whole)

    def _tell_speaking(self, says: str) -> None:
        parts = (self.queue.says, says)
        self.news_line.news = News(clean(BETWEEN.join(filter(None, parts))))

    def _hear(self, take_id: str) -> None:
        """Have it played once nothing else is, where this machine plays anything."""
        if not self.desk.reason:
            self.to_play.append(take_id)

    def _ended(self, event: "Spoken", growing: Growing | None, *, has_sound: bool, passes: bool) -> None:
        take = event.take
        self.last_raw, self.failure = event.raw, event.diagnosis
        self.shelf.spoken.append(take)
        has_played = growing is not None and growing.track is not None and growing.track.length > 0
        if growing is not None:
            growing.end()
        # It is put there before it is let go as the one that grows: its mark stays.
        if has_sound:
            self.shelf.put(take)
        if passes:
            self.shelf.unsaved.add(take.id)
        self.shelf.growing = None
        self.shelf.remove(event.removed)
        if has_sound:
            self.shelf.raws[take.id] = event.raw
            if growing is not None and growing.track is not None and has_played:
                self.shelf.put_track(take.id, growing.track)
            elif not has_played:
                self._hear(take.id)
        dropped = 0
        if ends_all(event.diagnosis):
            dropped = len(self.queue.waiting)
            self.queue.waiting.clear()
        if event.diagnosis is not None:
            self.show_news(failed_news(event.diagnosis, take, dropped))
            self.after_failure(event.diagnosis)
        else:
            self.show_news(done_news(take, len(event.removed), event.problem))
        self.show_takes()
        if self.desk.reason:
            self.see_player()

    def after_failure(self, diagnosis: Diagnosis) -> None:
        """Take up what a failure taught."""

    def after_refusal(self, order: "Speaking") -> None:
        """Take up what an order lacks, of which nothing was sent."""

    def action_stop(self) -> None:
        """Stop what is spoken, and what plays; what came stays, and what waits is not asked for."""
        self.queue.end()
        self.action_silence()
