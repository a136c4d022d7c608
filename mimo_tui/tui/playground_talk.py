"""A conversation as it stands on the screen: what was said, what is being said, and what goes with the next prompt."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from mimo_tui.core.conversation import Attachment, Conversation, Role, Turn
from mimo_tui.core.json_text import Json
from mimo_tui.core.secrets import safe
from mimo_tui.core.text import NOTHING, Clean
from mimo_tui.services.playground.events import Raw
from mimo_tui.services.playground.saying import answer_call, open_calls, say

_LONGEST_TITLE: Final = 40


@dataclass(frozen=True, slots=True)
class Consent:
    """That a key may go to a host. `key` is its fingerprint, `host` is named with its port."""

    key: str
    host: str


@dataclass(frozen=True, slots=True)
class Around:
    """What went with a question beside the conversation, and does not stand in its answer."""

    system: str = field(repr=False)
    tools: tuple[Mapping[str, Json], ...] = ()


@dataclass(slots=True)
class Growing:
    """An answer that was asked for, to be turn `turn` once it has begun.

    `is_asked`: it is certain that it can be asked. `is_beside`: it stands beside the one before. `stop` ends it, `done`
    is set once all that came of it is kept.
    """

    turn: int | None = None
    is_asked: bool = False
    is_beside: bool = False
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    done: asyncio.Event = field(default_factory=asyncio.Event)
    text: list[str] = field(default_factory=list)
    reasoning: list[str] = field(default_factory=list)

    def merged(self, turn: Turn) -> Turn:
        """Give the turn with all that has come."""
        return replace(turn, text="".join(self.text), reasoning="".join(self.reasoning))


@dataclass(frozen=True, slots=True)
class Draft:
    """What is written and not said yet, with the files that go along."""

    text: str = field(default="", repr=False)
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What is being said, and where, as it stood when the key was pressed.

    `parent` is the turn that it is said below, None: the first. `call` is the id of the call that it answers, None: it
    is a prompt. `is_edit`: it is an earlier prompt, changed.
    """

    draft: Draft
    parent: int | None
    call: str | None = None
    is_edit: bool = False

    def into(self, conversation: Conversation, at: datetime) -> Conversation:
        """Give the conversation with this said, standing there."""
        draft = self.draft
        if self.call is not None:
            return answer_call(conversation, self.call, draft.text, at, parent=self.parent)
        return say(conversation, draft.text, draft.attachments, at, parent=self.parent)


@dataclass(slots=True)
class Talk:
    """The state of a conversation that is open.

    `on_their_way` are the answers that were asked for and have not ended, `growing` those that have begun, by turn.
    `around` is what went with those that were asked for here. `editing` is the user's turn that the next prompt is said
    beside, `beside` the answer that is shown beside the one at which one stands, `unfolded` the turns whose reasoning
    is shown. `keeping` is held while its record is written, `told` is what was told last of a record that cannot be.
    `is_deleted`: its record was deleted, and what still comes is not missed.
    """

    conversation: Conversation = field(default_factory=Conversation)
    on_their_way: list[Growing] = field(default_factory=list)
    growing: dict[int, Growing] = field(default_factory=dict)
    raws: dict[int, Raw] = field(default_factory=dict)
    around: dict[int, Around] = field(default_factory=dict)
    unfolded: set[int] = field(default_factory=set)
    editing: int | None = None
    beside: int | None = None
    keeping: asyncio.Lock = field(default_factory=asyncio.Lock)
    told: Clean = NOTHING
    is_deleted: bool = False

    def turn(self, turn: int) -> Turn:
        """Give a turn, with what has come of it so far."""
        found = self.conversation.turns[turn]
        return self.growing[turn].merged(found) if turn in self.growing else found

    def path(self) -> tuple[Turn, ...]:
        """Give the turns from the first to where one stands, with what has come of them so far."""
        return tuple(self.turn(each.id) for each in self.conversation.path())

    @property
    def head(self) -> Turn | None:
        """Give the turn at which one stands."""
        at = self.conversation.head
        return self.conversation.turns[at] if at is not None else None

    @property
    def is_busy(self) -> bool:
        """Whether an answer is on its way."""
        return bool(self.on_their_way)

    @property
    def title(self) -> Clean:
        """Give the title of its record, or the beginning of what was said first."""
        first = next((turn.text for turn in self.conversation.turns.values() if turn.text.strip()), "")
        words = " ".join(safe(self.conversation.title or first[: 4 * _LONGEST_TITLE]).split())
        return Clean(words if len(words) <= _LONGEST_TITLE else f"{words[:_LONGEST_TITLE]}…")

    def stop(self) -> None:
        """Have every answer of it end; what came stays."""
        for growing in self.on_their_way:
            growing.stop.set()

    def saying(self, draft: Draft, here: Conversation) -> Said:
        """Give what it would be to say this, where one stands `here`."""
        if self.editing is not None:
            return Said(draft, self.conversation.turns[self.editing].parent, is_edit=True)
        call = next(iter(open_calls(here)), None)
        if call is None:
            return Said(draft, here.head)
        return Said(replace(draft, attachments=()), here.head, call.id)


def asked_by(conversation: Conversation, turn: int) -> int | None:
    """Give the turn to answer for an answer, or itself where it waits for one; None: there is nothing to answer."""
    found: Turn | None = conversation.turns.get(turn)
    while found is not None and found.role is Role.ASSISTANT:
        found = conversation.turns[found.parent] if found.parent is not None else None
    return found.id if found is not None else None


Values = Mapping[str, Json]
"""Parameters by the API's names, with a dot before inner ones."""
