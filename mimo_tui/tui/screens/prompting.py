"""A conversation with a prompt below it: written, brought back, changed, with files that go along."""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.getters import query_one
from textual.widgets import TextArea

from mimo_tui.core.conversation import Conversation, Role
from mimo_tui.core.text import clean_lines
from mimo_tui.tui.playground_offers import Where
from mimo_tui.tui.playground_written import WrittenBefore
from mimo_tui.tui.screens.talking import TalkingScreen, binding
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
        self.pictures: dict[str, Picture] = {}

    def compose_prompt(self) -> ComposeResult:
        """Give what stands below the conversation."""
        yield Paragraph(id="mode")
        yield AttachmentsRow(id="attachments")
        yield PromptArea(id="prompt")

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
        kept = [each for number, each in enumerate(self.talk.attachments) if number != event.number]
        self.talk.attachments = tuple(kept)
        if not kept:
            self.prompt.focus()
        self.show_around()

    def on_descendant_focus(self) -> None:
        self.offer()

    # Sending.

    @on(PromptArea.Sent)
    def _sent(self, event: PromptArea.Sent) -> None:
        if not self.is_settled:
            return
        if self.talk.is_busy:
            told = "An answer is on its way. Escape stops it; what you wrote stays here."
            self.notify(told, title="Not sent", severity="warning", timeout=5, markup=False)
        elif event.text.strip() or self.talk.attachments:
            self._send(event.text)
        elif self.talk.head is not None and self.talk.head.role is not Role.ASSISTANT:
            self.action_again()

    @work(group="send", exclusive=True, exit_on_error=False)
    async def _send(self, text: str) -> None:
        """Say it, and have it answered. What was written goes away once it is certain that it can be sent."""
        making = await self.target()
        if making is None:
            return
        self.say(text)
        talk = self.talk
        head = talk.conversation.head
        if head is not None and talk.open_call is None:
            await self.ask(making(talk.conversation, head))

    def say(self, text: str) -> None:
        """Add what was written to the conversation, as a prompt or as the answer to a call."""
        from mimo_tui.services.playground.asking import answer_call, say

        talk = self.talk
        call = talk.open_call if talk.editing is None else None
        at = self.services.now()
        if call is not None:
            talk.conversation = answer_call(talk.conversation, call.id, text, at)
        else:
            talk.conversation = say(talk.conversation, text, talk.attachments, at, parent=talk.parent)
        talk.attachments, talk.editing = (), None
        self._written.note(text)
        self.prompt.write("")
        self.show_talk()
        self.stream.action_edge(1)

    def action_again(self) -> None:
        """Have the chosen answer given once more."""
        parent = self.to_answer
        if parent is not None and not self.talk.is_busy:
            self._ask_again(parent)

    @work(group="send", exclusive=True, exit_on_error=False)
    async def _ask_again(self, parent: int) -> None:
        making = await self.target()
        if making is not None:
            self.talk.conversation = self.talk.conversation.at(parent)
            self.show_talk()
            await self.ask(making(self.talk.conversation, parent))

    @work(group="keep", exit_on_error=False)
    async def keep_head(self, conversation: Conversation) -> None:
        """Keep where the conversation stands, if it is kept at all."""
        from mimo_tui.tui.playground_records import keep_head

        await keep_head(self.app, self.services, conversation)

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
            self.talk.editing, self.talk.attachments = turn.id, turn.attachments
            self.prompt.write(clean_lines(turn.text))
            self.prompt.focus()
            self.show_around()

    def action_unedit(self) -> None:
        self.talk.editing, self.talk.attachments = None, ()
        self.prompt.write("")
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
