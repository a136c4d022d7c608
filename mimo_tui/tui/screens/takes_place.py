"""A place with takes: listed, drawn, played, and kept at the same place while one goes from A to B."""

import asyncio
from abc import abstractmethod
from collections import deque
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from textual import on, work
from textual.getters import query_one
from textual.notifications import SeverityLevel
from textual.timer import Timer

from mimo_tui.core.take import Take
from mimo_tui.core.text import clean
from mimo_tui.sound.player import PlayerState
from mimo_tui.store.places import Places
from mimo_tui.tui.places import SPEECH
from mimo_tui.tui.player_desk import PlayerDesk, Playing
from mimo_tui.tui.screens.asking_place import AskingPlace
from mimo_tui.tui.speech_rows import about_text, growing_row, row_of, voice_words
from mimo_tui.tui.speech_state import Shelf
from mimo_tui.tui.widgets.news_line import News, NewsLine, Tone
from mimo_tui.tui.widgets.paragraph import Paragraph
from mimo_tui.tui.widgets.player_line import PlayerLine, PlayerShown
from mimo_tui.tui.widgets.table import Table
from mimo_tui.tui.widgets.take_table import TakeRow, TakeTable

if TYPE_CHECKING:
    from mimo_tui.services import Services

NOTHING_SPOKEN: Final = "Nothing was spoken yet. Write a line above; enter has it spoken."
_TICK: Final = 0.1
"""Seconds between two looks at how far the player and the take that is spoken are."""
_TONES: Final[dict[SeverityLevel, Tone]] = {"information": "plain", "warning": "warning", "error": "error"}


class TakesPlace(AskingPlace):
    """Holds the takes and the player. What is to be played one after the other goes on while one is elsewhere."""

    table = query_one("#takes", TakeTable)
    news_line = query_one(NewsLine)

    def __init__(
        self, home: Places, open_services: "Callable[[], Services]", *, simulated: bool, offline: bool = False
    ) -> None:
        super().__init__(home, open_services, simulated=simulated, offline=offline)
        self.shelf = Shelf()
        self.desk = PlayerDesk(open_services)
        self.to_play: deque[str] = deque()
        self._is_starting = False
        self._is_noticed = False
        self._rows: dict[str, tuple[Take, str, bool, TakeRow]] = {}
        self._ticking: Timer | None = None

    def on_mount(self) -> None:
        self._ticking = self.set_interval(_TICK, self._tick, pause=True)

    async def on_unmount(self) -> None:
        await self.desk.aclose()

    # News, which stands below the form: nothing may lie over what one writes.

    def tell(self, title: str, told: str, severity: SeverityLevel = "information") -> None:
        """Say something; where one is elsewhere, in passing."""
        self.show_news(News(clean(told), _TONES[severity]), title)

    def tell_unsent(self, problem: str) -> None:
        """Say why nothing was sent."""
        self.show_news(News(clean(f"Nothing was sent. {problem}"), "error"), "Speech")

    def show_news(self, news: News, title: str = "Speech") -> None:
        """Show what happened last."""
        self.news_line.news = news
        if self.app.current_mode != SPEECH.id and news.tone != "plain":
            super().tell(title, news.says, "error" if news.tone == "error" else "information")

    # The takes.

    @work(exclusive=True, group="takes", exit_on_error=False)
    async def load_takes(self) -> None:
        """Read what is there, which other programs may have changed."""
        from mimo_tui.services.speech.takes import TakesProblem, list_takes

        known = set(self.shelf.takes)
        try:
            takes = await asyncio.to_thread(list_takes, self.services)
        except TakesProblem as problem:
            self.table.empty = "The takes could not be read."
            self.tell("Takes", str(problem), "error")
            return
        self.table.empty = NOTHING_SPOKEN
        come = [take for name, take in self.shelf.takes.items() if name not in known]
        self.shelf.fill((*takes, *come))
        self.show_takes()
        self.see_player()
        self.show_around()

    @property
    def chosen(self) -> Take | None:
        """The take under the cursor, as far as it is known; None: there is none."""
        row = self.table.cursor_row
        return next((take for take in self.shelf.all if row is not None and take.id == row.key), None)

    @property
    def chosen_is_over(self) -> bool:
        """Whether the take under the cursor has come to its end."""
        chosen = self.chosen
        return chosen is not None and chosen.id in self.shelf.takes

    def show_takes(self) -> None:
        """Show all takes as they are now."""
        self._forget_played()
        self.table.takes = tuple(self._made())
        self._show_about()
        self.show_player()
        if self._ticking is not None and self.is_moving:
            self._ticking.resume()

    def _forget_played(self) -> None:
        """Name nothing as played last that is not there any more."""
        playing = self.desk.playing
        is_over = self.desk.state is PlayerState.STOPPED
        if playing is not None and is_over and all(take.id != playing.key for take in self.shelf.all):
            self.desk.playing = None

    def _made(self) -> Iterable[TakeRow]:
        playing = self.desk.playing.key if self.desk.playing is not None else ""
        is_heard = self.desk.state is not PlayerState.STOPPED
        growing = self.shelf.growing
        if growing is not None:
            name = growing.take.id
            yield growing_row(
                growing,
                mark=self.shelf.mark_of(name),
                is_playing=self.desk.is_active and playing == name,
                played=self.desk.played(name) if is_heard else 0.0,
            )
        kept: dict[str, tuple[Take, str, bool, TakeRow]] = {}
        for take in self.shelf.takes.values():
            mark = self.shelf.mark_of(take.id)
            if is_heard and playing == take.id:
                yield self._row(take, mark, is_playing=self.desk.is_active, played=self.desk.played(take.id))
                continue
            known, passes = self._rows.get(take.id), take.id in self.shelf.unsaved
            if known is None or known[0] is not take or known[1:3] != (mark, passes):
                known = (take, mark, passes, self._row(take, mark, is_playing=False, played=0.0))
            kept[take.id] = known
            yield known[3]
        self._rows = kept

    def _row(self, take: Take, mark: str, *, is_playing: bool, played: float) -> TakeRow:
        return row_of(
            take,
            mark=mark,
            is_playing=is_playing,
            played=played,
            says_simulated=not self.is_simulated,
            is_passing=take.id in self.shelf.unsaved,
        )

    def _show_about(self) -> None:
        about, chosen = self.query_one("#about", Paragraph), self.chosen
        about.set_class(chosen is None, "-gone")
        if chosen is not None:
            about.update(about_text(chosen).truncate(max(about.content_size.width, 20), ellipsis=True))

    @on(Table.Highlighted, "#takes")
    def _moved(self) -> None:
        self._show_about()
        if self.desk.reason:
            self.see_player()
        self.show_around()

    # Playing.

    @property
    def is_moving(self) -> bool:
        """Whether something of what is shown changes by itself."""
        return self.shelf.growing is not None or self.desk.is_active or bool(self.to_play)

    def _tick(self) -> None:
        is_free = self.desk.state is PlayerState.STOPPED and not self._is_starting
        if self.to_play and is_free:
            self._is_starting = True
            self._play_by_itself(self.to_play.popleft())
        if self.app.current_mode == SPEECH.id:
            self.show_takes()
        if self._ticking is not None and not self.is_moving and not self._is_starting:
            self._ticking.pause()
            self.show_around()

    @work(group="play", exit_on_error=False)
    async def _play_by_itself(self, take_id: str) -> None:
        try:
            if self.desk.reason:
                self.to_play.clear()
            elif (playing := await self.playing_of(take_id)) is not None:
                await self.desk.play(playing)
                self.follow(take_id)
        finally:
            self._is_starting = False
        self.show_takes()
        self.show_around()

    async def play(self, take_id: str, *, at: float | None = None) -> None:
        """Play a take, or pause or go on where it is what plays; `at`: from that second on, whatever it does."""
        playing = await self.playing_of(take_id)
        if playing is None:
            return
        if self.desk.playing is None or self.desk.playing.key != take_id:
            self.to_play.clear()
        if at is None:
            await self.desk.toggle(playing)
        else:
            await self.desk.play(playing, at)
        self.show_takes()
        self.show_around()

    async def playing_of(self, take_id: str) -> Playing | None:
        """Give what can be heard of a take, read in a thread; None: nothing, and it was said why."""
        from mimo_tui.core.media.boxes import Broken
        from mimo_tui.services.speech.takes import TakesProblem, take_path
        from mimo_tui.sound.decoding import NoDecoder
        from mimo_tui.tui.speech_playing import track_of

        growing = self.shelf.growing
        if growing is not None and growing.take.id == take_id:
            if growing.track is None:
                self.tell("Speech", "An MP3 can be heard once all of it has come.", "warning")
                return None
            return Playing(take_id, voice_words(growing.take), growing.track)
        take = self.shelf.takes.get(take_id)
        if take is None:
            return None
        services = self.services
        try:
            path = await asyncio.to_thread(take_path, services, take) if take.file else None
            track = self.shelf.tracks.get(take_id)
            if track is None:
                track = await asyncio.to_thread(track_of, services, take)
        except (TakesProblem, NoDecoder, Broken) as problem:
            self.tell("Not played", f"{voice_words(take)} is not played: {problem}", "error")
            return None
        self.shelf.put_track(take_id, track)
        return Playing(take_id, voice_words(take), track, path)

    def follow(self, take_id: str) -> None:
        """Have the cursor go to a take that begins, or plays by itself, unless one works in the list."""
        if self.in_form:
            self.table.move_to(take_id)

    def action_silence(self) -> None:
        """Stop playing."""
        self.to_play.clear()
        self.desk.stop()
        self.show_takes()
        self.show_around()

    def action_seek(self, by: float) -> None:
        self.desk.seek(by)
        self.show_takes()

    @work(exclusive=True, group="see-player", exit_on_error=False)
    async def see_player(self) -> None:
        """Say at once where nothing can be heard, and how to get at the take under the cursor."""
        from mimo_tui.services.speech.takes import TakesProblem, take_path

        take = self.chosen if self.chosen_is_over else None
        has_file = take is not None and bool(take.file)
        try:
            path = await asyncio.to_thread(take_path, self.services, take) if take and has_file else None
        except TakesProblem:
            path = None  # there is no file to be fetched
        await self.desk.look(path)
        self.show_player()
        if self.desk.notice and not self._is_noticed:
            self._is_noticed = True
            self.tell("Sound", self.desk.notice, "warning")

    @property
    @abstractmethod
    def in_form(self) -> bool:
        """Whether what is typed goes into the form."""

    def show_player(self) -> None:
        """Show what the player does; why it does nothing in full where one is at the takes."""
        shown = self.desk.shown
        if self.desk.reason and self.in_form:
            first, _, _ = self.desk.reason.partition(". ")
            shown = PlayerShown(problem=clean(f"{first.rstrip('.')}."))
        self.query_one(PlayerLine).shown = shown
