"""A conversation with a prompt below it: written, brought back, changed, with files that go along."""

import asyncio
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.getters import query_one
from textual.widgets import TextArea

from mimo_tui.core.conversation import Attachment, Conversation, Role, ToolCall
from mimo_tui.core.text import Clean, clean_lines
from mimo_tui.services.playground.saying import open_calls
from mimo_tui.tui.playground_offers import Where
from mimo_tui.tui.playground_talk import Draft, Growing, Said, Talk
from mimo_tui.tui.playground_written import LONGEST, WrittenBefore
from mimo_tui.tui.screens.talking import SHORTLY, TalkingScreen, binding
from mimo_tui.tui.widgets.attachments_row import AttachmentsRow, Picture, ShownAttachment
from mimo_tui.tui.widgets.paragraph import Paragraph
from mimo_tui.tui.widgets.prompt_area import PromptArea

if TYPE_CHECKING:
    from mimo_tui.services import Services
    from mimo_tui.services.playground.asking import Asking

MakeAsking: TypeAlias = "Callable[[Conversation, int], Asking]"
"""Gives what is asked: to answer that turn of that conversation."""


class PromptingScreen(TalkingScreen):
    """Adds the prompt, what is attached to it, and what it is for where it is not simply the next thing said."""

    HELP = """\
## Prompt

`enter` sends what is written. `e` changes an earlier prompt; sent, it stands beside the old one. `up` in the first line
brings back what was written before.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        binding("i,enter", "write", "Write", "Go to the prompt"),
        binding("e", "edit", "Edit", "Change this prompt; sending it begins a branch beside it"),
    ]

    prompt = query_one("#prompt", PromptArea)
    row = query_one("#attachments", AttachmentsRow)

    def __init__(self, open_services: "Callable[[], Services]") -> None:
        super().__init__(open_services)
        self._written = WrittenBefore()
        self._parked = Draft()
        self.attachments: tuple[Attachment, ...] = ()
        self.pictures: dict[str, Picture] = {}
        self.remarks: dict[str, tuple[Clean, ...]] = {}

    def compose_prompt(self) -> ComposeResult:
        """Give what stands below the conversation."""
        yield Paragraph(id="mode")
        yield AttachmentsRow(id="attachments")
        yield PromptArea(self.send, id="prompt")

    @property
    @abstractmethod
    def is_settled(self) -> bool:
        """Whether it is known who is asked."""

    @abstractmethod
    async def target(self, model: str = "") -> "MakeAsking | None":
        """Give how to ask the model in the head, or another one; None: nothing may be sent, and it was said why."""

    @abstractmethod
    async def attach_pasted(self, text: str) -> bool:
        """Attach the files whose paths these are; gives whether the text is nothing but those."""

    def where_around(self, where: Where) -> Where:
        """Add whether what is typed goes into the prompt, and whether something stands in it."""
        return replace(where, in_prompt=self.prompt.has_focus, has_text=bool(self.prompt.text.strip()))

    @property
    def written(self) -> tuple[str, ...]:
        """What was written in this run and looked up, the newest first."""
        return self._written.prompts

    def show_attachments(self, shown: tuple[ShownAttachment, ...]) -> None:
        """Show what goes with the next prompt."""
        self.row.attachments = shown
        self.row.display = bool(shown)

    @on(AttachmentsRow.Removed)
    def _take_away(self, event: AttachmentsRow.Removed) -> None:
        kept = [each for number, each in enumerate(self.attachments) if number != event.number]
        self.attachments = tuple(kept)
        if not kept:
            self.prompt.focus()
        self.show_around()

    def on_descendant_focus(self) -> None:
        self.offer()

    # Sending.

    @property
    def draft(self) -> Draft:
        """What is written, with what goes along."""
        return Draft(self.prompt.text, self.attachments)

    @property
    def call(self) -> ToolCall | None:
        """The first call of the last answer that nobody answered yet; None also while an earlier prompt is changed."""
        return next(iter(open_calls(self.here)), None) if self.talk.editing is None else None

    def send(self, text: str) -> None:
        """Say what is written in the conversation that is shown when the key is pressed."""
        talk, here = self.talk, self.here
        said = talk.saying(Draft(text, self.attachments), here)
        head = here.turns[here.head] if here.head is not None else None
        if not self.is_settled:
            return
        if talk.is_busy:
            told = "An answer is on its way. Escape stops it; what you wrote stays here."
            self.notify(told, title="Not sent", severity="warning", timeout=SHORTLY, markup=False)
        elif text.strip() or said.draft.attachments:
            self._send(talk, said, self.reserve(talk))
        elif head is not None and head.role is not Role.ASSISTANT and said.call is None:
            self.action_again()

    @work(group="send", exit_on_error=False)
    async def _send(self, talk: Talk, said: Said, growing: Growing) -> None:
        """Say it, and have it answered. What was written goes away once it is certain that it can be sent."""
        with self.reserved(talk, growing):
            making = await self.target()
            if making is None or growing.stop.is_set():
                return
            parent = await self.say(talk, said)
            if not open_calls(talk.conversation) and not growing.stop.is_set():
                await self.ask(talk, making(talk.conversation, parent), growing)

    async def say(self, talk: Talk, said: Said) -> int:
        """Add it to the conversation, keep it, and give its turn. Of two answers, the other one is shown no more."""
        turn = talk.conversation.next_id
        talk.conversation = said.into(talk.conversation, self.services.now())
        talk.beside = None
        self._written.note(said.draft.text)
        self._clear(talk, said)
        if talk is self.talk:
            self.show_talk()
            self.stream.action_edge(1)
        await self.keep(talk)
        return turn

    def _clear(self, talk: Talk, said: Said) -> None:
        """Take away what was said; what was written since stays, and what was there before an edit comes back."""
        if not self.prompt.text.startswith(said.draft.text):
            return
        rest = self.prompt.text.removeprefix(said.draft.text)
        attached = tuple(
            each for each in self.attachments if not any(each is sent for sent in said.draft.attachments)
        )
        if said.is_edit and talk.editing is not None and talk is self.talk:
            talk.editing, parked, self._parked = None, self._parked, Draft()
            rest, attached = f"{parked.text}{rest}", (*parked.attachments, *attached)
        self.attachments = attached
        self.prompt.write(rest)

    async def keep(self, talk: Talk) -> None:
        """Keep what was said so far, or say once why it cannot be kept."""
        from mimo_tui.services.playground.keeping import keep_said

        async with talk.keeping:
            record, problem = await asyncio.to_thread(keep_said, self.services, talk.conversation)
            talk.conversation = replace(talk.conversation, id=record)
        self.tell_unkept(talk, problem)

    def action_again(self) -> None:
        """Have the chosen answer given once more."""
        parent = self.to_answer
        if parent is not None and not self.talk.is_busy:
            self._ask_again(self.talk, parent, self.reserve(self.talk))

    @work(group="send", exit_on_error=False)
    async def _ask_again(self, talk: Talk, parent: int, growing: Growing) -> None:
        with self.reserved(talk, growing):
            making = await self.target()
            if making is None or growing.stop.is_set():
                return
            talk.conversation, talk.beside = talk.conversation.at(parent), None
            if talk is self.talk:
                self.show_talk()
            await self.ask(talk, making(talk.conversation, parent), growing)

    @work(group="keep", exit_on_error=False)
    async def keep_head(self, talk: Talk) -> None:
        """Keep where the conversation stands, if it is kept at all."""
        from mimo_tui.tui.playground_records import keep_head

        async with talk.keeping:
            await keep_head(self.app, self.services, talk.conversation)

    def take_paste(self, text: str) -> None:
        """Write what is pasted elsewhere on the screen into the prompt."""
        self.prompt.focus()
        self.prompt.paste(text)

    # Changing an earlier one.

    def action_write(self) -> None:
        self.prompt.focus()

    def action_leave(self) -> None:
        self.set_focus(self.stream if self.talk.conversation.turns else None)

    def action_edit(self) -> None:
        """Put the chosen prompt, or the last one, into the prompt's place."""
        chosen = self.chosen
        path = self.talk.conversation.path(chosen.id) if chosen is not None else ()
        turn = next((each for each in reversed(path) if each.role is Role.USER), None)
        if turn is not None:
            if self.talk.editing is None:
                self._parked = self.draft
            self.talk.editing, self.attachments = turn.id, turn.attachments
            self.prompt.write(clean_lines(turn.text))
            self.prompt.focus()
            self.show_around()

    def action_unedit(self) -> None:
        """Leave the earlier prompt as it is; what was being written comes back."""
        if self.talk.editing is not None:
            self.talk.editing, parked, self._parked = None, self._parked, Draft()
            self.attachments = parked.attachments
            self.prompt.write(parked.text)
            self._changed()

    # What was written before.

    @on(PromptArea.Recalled)
    async def _recall(self, event: PromptArea.Recalled) -> None:
        if event.by > 0 and self._written.is_at_front:
            self._look_up(event.by)
        else:
            self._show_recalled(event.by)

    @work(group="recall", exclusive=True, exit_on_error=False)
    async def _look_up(self, by: int) -> None:
        from mimo_tui.tui.playground_records import prompts_before

        self._written.know(await prompts_before(self.app, self.services))
        self._show_recalled(by)

    def _show_recalled(self, by: int) -> None:
        found = self._written.step(by, self.prompt.text)
        if self._written.passed:
            told = f"A prompt of more than {LONGEST:,} characters is passed over here; ctrl+s brings it back."
            self.notify(told, title="Too long", timeout=5, markup=False)
        if found is not None:
            self.prompt.write(clean_lines(found))

    @on(TextArea.Changed)
    def _typed(self) -> None:
        if not self.prompt.text:
            self._written.leave()
        self.offer()

    @on(PromptArea.Pasted)
    def _pasted(self, event: PromptArea.Pasted) -> None:
        self._attach_pasted(event)

    @work(group="attach", exit_on_error=False)
    async def _attach_pasted(self, event: PromptArea.Pasted) -> None:
        if await self.attach_pasted(event.text):
            self.prompt.take_back(event.start, event.end, clean_lines(event.text))
