"""A conversation as it stands on the screen: what was said, what is being said, and what goes with the next prompt."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from mimo_tui.core.conversation import Attachment, Conversation, Role, ToolCall, Turn
from mimo_tui.core.json_text import Json
from mimo_tui.services.playground.events import Raw
from mimo_tui.services.playground.saying import open_calls


@dataclass(slots=True)
class Growing:
    """An answer that is being written, to be turn `turn` once it has begun.

    `stop` ends it, `done` is set once all that came of it is kept.
    """

    turn: int | None = None
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    done: asyncio.Event = field(default_factory=asyncio.Event)
    text: list[str] = field(default_factory=list)
    reasoning: list[str] = field(default_factory=list)

    def merged(self, turn: Turn) -> Turn:
        """Give the turn with all that has come."""
        return replace(turn, text="".join(self.text), reasoning="".join(self.reasoning))


@dataclass(slots=True)
class Talk:
    """The state of a conversation that is open.

    `on_their_way` are the answers that were asked for and have not ended, `growing` those that have begun, by turn.
    `editing` is the user's turn that the next prompt is said beside, `unfolded` the turns whose reasoning is shown.
    """

    conversation: Conversation = field(default_factory=Conversation)
    on_their_way: list[Growing] = field(default_factory=list)
    growing: dict[int, Growing] = field(default_factory=dict)
    raws: dict[int, Raw] = field(default_factory=dict)
    unfolded: set[int] = field(default_factory=set)
    attachments: tuple[Attachment, ...] = ()
    editing: int | None = None

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
    def parent(self) -> int | None:
        """Give the turn below which the next prompt is said."""
        if self.editing is not None:
            return self.conversation.turns[self.editing].parent
        return self.conversation.head

    @property
    def open_call(self) -> ToolCall | None:
        """Give the first call of the last answer that nobody answered yet."""
        return next(iter(open_calls(self.conversation)), None)

    @property
    def is_busy(self) -> bool:
        """Whether an answer is on its way."""
        return bool(self.on_their_way)


def asked_by(conversation: Conversation, turn: int) -> int | None:
    """Give the turn to answer for an answer, or itself where it waits for one; None: there is nothing to answer."""
    found: Turn | None = conversation.turns.get(turn)
    while found is not None and found.role is Role.ASSISTANT:
        found = conversation.turns[found.parent] if found.parent is not None else None
    return found.id if found is not None else None


Values = Mapping[str, Json]
"""Parameters by the API's names, with a dot before inner ones."""
