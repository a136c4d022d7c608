"""A conversation in the playground: what was said, as a tree, since each turn can be said anew.

Nothing is taken away by editing or by asking again: that adds a turn beside the old one, below the same parent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from mimo_tui.core.diagnosis import Diagnosis
from mimo_tui.core.json_text import Json
from mimo_tui.core.ledger import Cost
from mimo_tui.core.model import Modality, Wire
from mimo_tui.core.text import NOTHING, Clean
from mimo_tui.core.usage import Usage


class Role(StrEnum):
    """Who speaks. A tool's turn is the answer to a call, which here the person types."""

    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"


@dataclass(frozen=True, slots=True)
class Attachment:
    """An image, a sound or a film that goes with a turn.

    `location` is the path or URL as the person gave it, `name` the end of it. `size` is in bytes and `digest` the
    SHA-256 of them; None and empty for a URL, of which nothing is fetched. `data` are the bytes; None for a URL, and
    where a record names a file that is not there any more. `width` and `height` are pixels; `seconds` the length of a
    sound or film, `sound_seconds` that of a film's sound track; None: not known. `frames_a_second` and `detailed` are
    of films (`mimo-api.md` §8). `tokens` is the estimate of what it costs; None: it cannot be told.
    """

    modality: Modality
    location: Clean
    name: Clean
    media_type: str
    size: int | None = None
    digest: str = ""
    data: bytes | None = field(default=None, repr=False, compare=False)
    width: int | None = None
    height: int | None = None
    seconds: float | None = None
    sound_seconds: float | None = None
    frames_a_second: float | None = None
    detailed: bool = False
    tokens: int | None = None

    @property
    def is_url(self) -> bool:
        """Whether the service fetches it itself."""
        return self.location.startswith(("https://", "http://"))


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call of a tool that the model wants made. `arguments` is text that should be JSON and may be none."""

    id: str = field(repr=False)
    name: str = field(repr=False)
    arguments: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Citation:
    """A page that a web search found (`mimo-api.md` §7.1)."""

    url: Clean
    title: Clean
    summary: Clean = NOTHING
    site: Clean = NOTHING
    published: Clean = NOTHING


@dataclass(frozen=True, slots=True)
class Thought:
    """A block of thinking of the Anthropic surface, which goes back unchanged after a call (`mimo-api.md` §10)."""

    text: str = field(repr=False)
    signature: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """How an assistant's turn came about.

    `preset` is its reference, empty for none. `parameters` are those that were sent, by the API's names with a dot
    before inner ones. `first_token` and `seconds` count from sending: to the first sign of an answer, and to its end.
    `finish` is the API's word for why it ended. `complete`: nothing of it is missing. `stopped`: the person stopped it.
    `failure` is what went wrong; None: nothing did. `notes` are what else is to be known of it, such as a web search
    that failed.
    """

    model: Clean
    wire: Wire
    host: Clean
    preset: Clean = NOTHING
    parameters: Mapping[str, Json] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    first_token: float | None = None
    seconds: float | None = None
    usage: Usage | None = None
    cost: Cost | None = None
    finish: Clean = NOTHING
    complete: bool = False
    stopped: bool = False
    failure: Diagnosis | None = None
    simulated: bool = False
    notes: tuple[Clean, ...] = ()

    @property
    def tokens_a_second(self) -> float | None:
        """Give how fast it was written once it had begun; None: it cannot be told."""
        written = self.usage.completion if self.usage is not None else None
        if written is None or self.seconds is None or self.first_token is None:
            return None
        return written / took if (took := self.seconds - self.first_token) > 0 else None


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn, below its `parent` (None: the first of a conversation).

    `text` and `reasoning` are verbatim, neither clean nor redacted, since they go back to the model as they are: what
    shows or keeps them cleans and redacts them. In those of an answer is no key, as in the pieces that they came in.
    `answers` is the id of the call that a tool's turn answers.
    """

    id: int
    parent: int | None
    role: Role
    at: datetime
    text: str = field(default="", repr=False)
    reasoning: str = field(default="", repr=False)
    attachments: tuple[Attachment, ...] = ()
    calls: tuple[ToolCall, ...] = ()
    answers: str = field(default="", repr=False)
    thoughts: tuple[Thought, ...] = field(default=(), repr=False)
    citations: tuple[Citation, ...] = ()
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """All turns of a conversation, by id, in the order in which they were said, and the one that it stands at.

    `id` is 0 until it is kept. `system` is the system prompt; empty: none.
    """

    turns: Mapping[int, Turn] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    head: int | None = None
    system: str = field(default="", repr=False)
    title: Clean = NOTHING
    id: int = 0

    @property
    def next_id(self) -> int:
        """Give the id of the turn that is said next."""
        return max(self.turns, default=0) + 1

    def path(self, head: int | None = None) -> tuple[Turn, ...]:
        """Give the turns from the first to `head` (default: where it stands)."""
        found: list[Turn] = []
        at = self.head if head is None else head
        while at is not None:
            turn = self.turns[at]
            found.append(turn)
            at = turn.parent
        return tuple(reversed(found))

    def beside(self, turn: int) -> tuple[Turn, ...]:
        """Give the turns below the same parent, that one among them: the ways in which it was said."""
        parent = self.turns[turn].parent
        return tuple(each for each in self.turns.values() if each.parent == parent)

    def below(self, turn: int) -> tuple[Turn, ...]:
        """Give the turns that follow on that one."""
        return tuple(each for each in self.turns.values() if each.parent == turn)

    def newest_below(self, turn: int) -> int:
        """Give the end of the newest way on from that turn: where one goes who turns to it."""
        while found := self.below(turn):
            turn = found[-1].id
        return turn

    def put(self, turn: Turn) -> "Conversation":
        """Give it with that turn, in place of the one with its id or added, standing where it stood."""
        return replace(self, turns=MappingProxyType({**self.turns, turn.id: turn}))

    def at(self, head: int | None) -> "Conversation":
        """Give it standing at that turn; None: before the first. Raises KeyError where there is no such turn."""
        if head is not None and head not in self.turns:
            raise KeyError(head)
        return replace(self, head=head)
