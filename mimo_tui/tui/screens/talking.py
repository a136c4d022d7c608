"""A conversation on a screen: answers come in while one scrolls, copies and types, and each can be had anew."""

import asyncio
from abc import abstractmethod
from collections.abc import Callable, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.binding import Binding, BindingType
from textual.getters import app, query_one
from textual.screen import Screen
from textual.worker import Worker

from mimo_tui.core.conversation import Conversation, Turn
from mimo_tui.core.text import Clean, clean, clean_lines
from mimo_tui.services.playground.events import Answered, Began, Grew, PlaygroundEvent
from mimo_tui.tui.failures import tell_failure
from mimo_tui.tui.playground_offers import Where, is_offered, offers
from mimo_tui.tui.playground_talk import Around, Growing, Talk, asked_by
from mimo_tui.tui.playground_turns import shown_text, shown_turn, speaker
from mimo_tui.tui.type_ahead import TypeAhead
from mimo_tui.tui.widgets.compare_view import CompareView
from mimo_tui.tui.widgets.page_lines import PageLines
from mimo_tui.tui.widgets.stream_view import ShownTurn, StreamView

if TYPE_CHECKING:
    from mimo_tui.services import Services
    from mimo_tui.services.playground.asking import Asking

_SOON: Final = 1 / 30
SHORTLY: Final = 6.0
"""Seconds that news stays, since it lies over the prompt."""
_SETTLING: Final = 3.0
"""Seconds that leaving the program waits for what came of an answer to be kept."""


def binding(key: str, action: str, title: str, tooltip: str, *, show: bool = True) -> Binding:
    """Give a binding of the playground."""
    name = action.partition("(")[0] if "'" not in action else action.split("'")[1]
    return Binding(key, action, title, id=f"playground.{name}", tooltip=tooltip, show=show)


def escapes() -> tuple[Binding, ...]:
    """Give what escape does in a conversation. A class that binds a key to more than this has to bind all of it."""
    return (
        binding("escape", "stop", "Stop", "Stop the answer; what came stays"),
        binding(
            "escape",
            "close",
            "Close",
            "Go on with the answer that has the focus; the other one stays beside it",
        ),
    )


class TalkingScreen(Screen[None]):
    """Shows a conversation in a `StreamView`, and a second answer beside it where two models are compared."""

    HELP = """\
## Conversation

`r` has an answer given once more, and `[` and `]` go from one way in which a thing was said to the next. `escape` stops
an answer that is on its way; what came stays.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        binding(
            "ctrl+r,r", "again", "Ask again", "Have this answered once more; what was said stays beside it"
        ),
        Binding(
            "left_square_bracket",
            "way(-1)",
            "Way before",
            id="playground.way-before",
            tooltip="Show how this was said before",
            show=False,
        ),
        Binding(
            "right_square_bracket",
            "way(1)",
            "Next way",
            id="playground.way-after",
            tooltip="Show the next way in which this was said",
            show=False,
        ),
        binding("z", "fold", "Reasoning", "Show or fold the reasoning of this answer", show=False),
        binding("y", "copy", "Copy", "Copy this turn as it was written"),
    ]

    app = app(TypeAhead)
    stream = query_one("#talk", StreamView)
    second = query_one("#second", StreamView)
    compare_view = query_one(CompareView)

    def __init__(self, open_services: "Callable[[], Services]") -> None:
        super().__init__()
        self._open_services = open_services
        self.talk = Talk()
        self._on_their_way: list[tuple[Talk, Growing]] = []
        self._offered: tuple[str, ...] = ()
        self._width = 0

    @property
    def services(self) -> "Services":
        """The services; ask for them in a thread, or once they are there."""
        return self._open_services()

    @abstractmethod
    def where_around(self, where: Where) -> Where:
        """Add what only the screen knows of where one stands."""

    @abstractmethod
    def show_around(self) -> None:
        """Show what stands around the conversation and hangs on it, such as its cost."""

    async def on_unmount(self) -> None:
        """Have every answer stop, and wait until what came of it is kept."""
        for _, growing in self._on_their_way:
            growing.stop.set()
        waiting = [asyncio.ensure_future(growing.done.wait()) for _, growing in self._on_their_way]
        if waiting:
            _, late = await asyncio.wait(waiting, timeout=_SETTLING)
            for each in late:
                each.cancel()

    # What is shown.

    def show_talk(self) -> None:
        """Show all of the conversation where it stands."""
        self.stream.show([self._shown(turn) for turn in self.talk.path()])
        self._show_second()
        self._changed()

    def _show_second(self) -> None:
        beside = self.talk.turn(self.talk.beside) if self.talk.beside is not None else None
        self.second.show([self._shown(beside)] if beside is not None else [])
        head = self.talk.head
        if beside is None or head is None:
            self.compare_view.heads = None
        else:
            first, second = (clean(speaker(turn, self.talk.conversation)) for turn in (head, beside))
            self.compare_view.heads = (first, second)

    def _shown(self, turn: Turn) -> ShownTurn:
        talk = self.talk
        return shown_turn(
            turn,
            talk.conversation,
            width=max(self.stream.size.width - 4, 20),
            is_growing=turn.id in talk.growing,
            unfolded=turn.id in talk.unfolded,
        )

    def _put(self, turn: int) -> None:
        view = self._view_of(turn)
        if view is not None:
            view.put(self._shown(self.talk.turn(turn)))

    def _view_of(self, turn: int) -> StreamView | None:
        if turn == self.talk.beside:
            return self.second
        return self.stream if any(each.id == turn for each in self.talk.conversation.path()) else None

    def _changed(self) -> None:
        self.show_around()
        self.offer()

    def on_resize(self) -> None:
        """Fit the lines below the answers to another width."""
        self.call_after_refresh(self._refit)

    def _refit(self) -> None:
        if self.stream.size.width == self._width:
            return
        self._width = self.stream.size.width
        for turn in self.talk.conversation.path():
            if turn.answer is not None:
                self._put(turn.id)
        if self.talk.beside is not None:
            self._put(self.talk.beside)

    # Answers.

    def reserve(self, talk: Talk) -> Growing:
        """Note at once that an answer is asked for, so that nothing else is, and escape stops it."""
        growing = Growing()
        talk.on_their_way.append(growing)
        self._changed()
        return growing

    @contextmanager
    def reserved(self, talk: Talk, growing: Growing) -> Iterator[None]:
        """Take the note back at the end, if nothing was asked."""
        try:
            yield
        finally:
            if not growing.is_asked:
                self._release(talk, growing)

    def _release(self, talk: Talk, growing: Growing) -> None:
        talk.on_their_way.remove(growing)
        growing.begun.set()
        growing.done.set()
        if self.is_running:
            self._changed()

    async def ask(self, talk: Talk, asking: "Asking", growing: Growing) -> int | None:
        """Have a turn answered; gives the answer's turn as soon as it is asked, None: nothing was sent."""
        growing.is_asked = True
        self._on_their_way.append((talk, growing))
        if talk is self.talk:
            self.stream.chosen = None  # what is done next is about the answer that comes
        self._answer(talk, asking, growing)
        await growing.begun.wait()
        return growing.turn

    @work(group="answer", exit_on_error=False)
    async def _answer(self, talk: Talk, asking: "Asking", growing: Growing) -> None:
        from mimo_tui.services.playground.asking import answer
        from mimo_tui.services.refusals import NothingSent

        around = Around(asking.conversation.system, asking.tools)
        try:
            async with aclosing(answer(self.services, asking, growing.stop)) as events:
                async for event in events:
                    if isinstance(event, Began):
                        talk.around[event.turn.id] = around
                    self._happened(talk, event, growing)
        except NothingSent as problem:
            self.tell_unsent(clean(str(problem)))
        finally:
            self._on_their_way.remove((talk, growing))
            if growing.turn is not None:
                talk.growing.pop(growing.turn, None)
            self._release(talk, growing)

    def tell_unsent(self, problem: Clean) -> None:
        """Say why nothing was sent."""
        self.notify(problem, title="Nothing was sent", severity="error", timeout=SHORTLY, markup=False)

    def tell_unkept(self, talk: Talk, problem: Clean) -> None:
        """Say why a conversation is not kept; the same thing once, not with every answer."""
        if problem and problem != talk.told and not talk.is_deleted:
            self.notify(problem, title="Records", severity="warning", timeout=SHORTLY, markup=False)
        talk.told = problem

    def _happened(self, talk: Talk, event: PlaygroundEvent, growing: Growing) -> None:
        match event:
            case Began(turn, record):
                growing.turn = turn.id
                talk.growing[turn.id] = growing
                talk.conversation = replace(talk.conversation.put(turn), id=record)
                if growing.is_beside:
                    talk.beside = turn.id
                elif talk.conversation.head == turn.parent or talk.beside is None:
                    talk.conversation = talk.conversation.at(turn.id)
                growing.begun.set()
            case Grew(turn_id, text, reasoning):
                growing.text.append(text)
                growing.reasoning.append(reasoning)
                view = self._view_of(turn_id) if talk is self.talk else None
                if view is not None:
                    view.grow(turn_id, text, reasoning)
                return
            case Answered(turn, raw):
                talk.growing.pop(turn.id, None)
                talk.raws[turn.id] = raw
                talk.conversation = talk.conversation.put(turn)
                self.tell_unkept(talk, event.problem)
                if talk is not self.talk and not talk.is_deleted:
                    self._tell_ended(talk, turn)
        if talk is self.talk:
            self._put(event.turn.id)
        self._changed()

    def _tell_ended(self, talk: Talk, turn: Turn) -> None:
        """Say how an answer ended that is not in sight."""
        failure = turn.answer.failure if turn.answer is not None else None
        is_stopped = turn.answer is not None and turn.answer.stopped
        how = failure.says if failure is not None else "It was stopped." if is_stopped else "It is answered."
        self.notify(
            clean(f"“{talk.title}”: {how} ctrl+l opens it."),
            title="An answer elsewhere has ended",
            severity="error" if failure is not None else "information",
            timeout=SHORTLY,
            markup=False,
        )

    @property
    def living(self) -> tuple[Talk, ...]:
        """The conversations in which an answer is on its way, in sight or not."""
        return tuple({id(talk): talk for talk, _ in self._on_their_way}.values())

    @property
    def elsewhere(self) -> int:
        """How many answers are on their way that are not in sight."""
        return sum(talk is not self.talk for talk, _ in self._on_their_way)

    def action_stop(self) -> None:
        """Stop every answer of this conversation."""
        self.talk.stop()

    # The turn that an action is about.

    @property
    def chosen(self) -> Turn | None:
        """The turn under the cursor; without one, the last."""
        if self.talk.beside is not None and self.compare_view.is_second:
            return self.talk.turn(self.talk.beside)
        chosen = self.stream.chosen
        if chosen is not None and self._view_of(chosen) is self.stream:
            return self.talk.turn(chosen)
        head = self.talk.head
        return self.talk.turn(head.id) if head is not None else None

    @property
    def here(self) -> Conversation:
        """The conversation standing where one goes on: of two answers beside each other, at the marked one."""
        talk = self.talk
        is_second = talk.beside is not None and self.compare_view.is_second
        return talk.conversation.at(talk.beside) if is_second else talk.conversation

    @property
    def where(self) -> Where:
        """Where one stands, as far as the conversation knows."""
        chosen = self.chosen
        way = self._with_ways()
        found = Where(
            chosen,
            ways=len(self.talk.conversation.beside(way.id)) if way is not None else 0,
            is_busy=self.talk.is_busy,
            is_editing=self.talk.editing is not None,
            has_turns=bool(self.talk.conversation.turns),
            has_raw=chosen is not None and chosen.id in self.talk.raws,
            is_comparing=self.talk.beside is not None,
        )
        return self.where_around(found)

    def offer(self) -> None:
        """Have the footer show what can be done here. It is built anew, which takes long: only where that changed."""
        offered = offers(self.where)
        if offered != self._offered:
            self._offered = offered
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done where one stands."""
        if not self.is_mounted:
            return super().check_action(action, parameters)
        return is_offered(str(parameters[0]) if action == "act" else action, self.where)

    @on(StreamView.TurnChosen)
    def _turn_chosen(self) -> None:
        self.offer()

    @on(PageLines.LinkClicked)
    async def _follow(self, event: PageLines.LinkClicked) -> None:
        from mimo_tui.tui.browsing import open_in_browser

        await open_in_browser(self.app, event.href)

    # What is done with a turn.

    def _with_ways(self) -> Turn | None:
        """The turn whose other ways are shown: the chosen one, or the last before it that was said in several."""
        chosen, conversation = self.chosen, self.talk.conversation
        path = conversation.path(chosen.id) if chosen is not None else ()
        return next((turn for turn in reversed(path) if len(conversation.beside(turn.id)) > 1), None)

    def action_way(self, by: int) -> None:
        turn, conversation = self._with_ways(), self.talk.conversation
        if turn is None:
            return
        ways = conversation.beside(turn.id)
        at = ways[([each.id for each in ways].index(turn.id) + by) % len(ways)]
        self.stand_at(conversation.newest_below(at.id))
        self.stream.chosen = at.id
        self._bring(at.id)

    @work(group="bring", exclusive=True, exit_on_error=False)
    async def _bring(self, turn: int) -> None:
        """Bring a turn into sight, once it is known where it stands."""
        while not self.stream.is_settled:  # noqa: ASYNC110 it is laid out frame by frame, which tells nobody
            await asyncio.sleep(_SOON)
        self.stream.bring(turn)

    def stand_at(self, head: int) -> None:
        """Go to another turn of the conversation."""
        self.talk.conversation = self.talk.conversation.at(head)
        self.keep_head(self.talk)
        self.show_talk()

    @abstractmethod
    def keep_head(self, talk: Talk) -> object:
        """Keep where the conversation stands."""

    def action_fold(self) -> None:
        chosen = self.chosen
        if chosen is not None:
            self.talk.unfolded ^= {chosen.id}
            self._put(chosen.id)

    def action_copy(self) -> None:
        chosen = self.chosen
        if chosen is not None:
            self.app.copy_to_clipboard(clean_lines(shown_text(chosen)))
            told = f"Handed to the terminal's clipboard: {len(chosen.text):,} characters."
            self.notify(told, title="Copied", timeout=3, markup=False)

    @property
    def to_answer(self) -> int | None:
        """The turn that is answered anew: the one before the answer that is chosen."""
        chosen = self.chosen
        return asked_by(self.talk.conversation, chosen.id) if chosen is not None else None

    # Two answers side by side.

    async def compare(
        self,
        talk: Talk,
        asking: "Asking",
        other: "Callable[[Conversation], Asking]",
        growing: Growing,
        *,
        kept: int | None = None,
    ) -> None:
        """Ask twice, and show both answers beside each other; `kept` is an answer that stands in for the first."""
        if kept is not None:
            talk.conversation = talk.conversation.at(kept)
        elif await self.ask(talk, asking, growing) is None:
            return
        # Begun one after the other, so that the second knows the id of the first; answered at the same time.
        second = self.reserve(talk) if kept is None else growing
        with self.reserved(talk, second):
            if growing.stop.is_set():
                return
            second.is_beside = True
            await self.ask(talk, other(talk.conversation), second)
        if talk is self.talk:
            self.show_talk()

    def action_close(self) -> None:
        """Go on with the answer that is marked."""
        self._take(is_second=self.compare_view.is_second)

    @on(CompareView.Marked)
    def _marked(self) -> None:
        self._changed()

    @on(CompareView.Taken)
    def _taken(self, event: CompareView.Taken) -> None:
        if not self.talk.is_busy:
            self._take(is_second=event.is_second)

    def _take(self, *, is_second: bool) -> None:
        talk = self.talk
        taken = talk.beside if is_second else talk.conversation.head
        talk.beside = None
        self.stream.focus()
        if taken is not None:
            self.stand_at(taken)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        tell_failure(self.app, event)
