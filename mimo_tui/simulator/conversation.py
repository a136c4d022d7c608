"""A conversation as every surface of the platform understands it, and what it weighs."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from mimo_tui.simulator import tokens
from mimo_tui.simulator.media import Weight
from mimo_tui.simulator.tools import Tool, ToolCall, ToolResult

PER_MESSAGE = 4
"""Tokens that the frame of a message takes."""

CACHED_FROM, CACHED_BLOCK = 256, 64
"""Tokens: the shortest beginning that is counted as cached, and what it is rounded down to. Xiaomi documents no
minimum (`mimo-api.md` §13.1); these make a second turn show a hit and a first one none."""


class Role(StrEnum):
    """Who says it. A developer is a system; a tool's result is a turn of its own."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"


@dataclass(frozen=True, slots=True)
class Turn:
    """One message. `answers` is the id of the call that a tool's result belongs to."""

    role: Role
    text: str
    media: tuple[Weight, ...] = ()
    calls: tuple[ToolCall, ...] = ()
    reasoning: str = ""
    answers: str = ""

    @property
    def tokens(self) -> int:
        """Give what the message adds to the prompt."""
        called = sum(tokens.count(call.name + call.arguments) + PER_MESSAGE for call in self.calls)
        weights = sum(weight.tokens for weight in self.media)
        return PER_MESSAGE + tokens.count(self.text) + tokens.count(self.reasoning) + called + weights


@dataclass(frozen=True, slots=True)
class Conversation:
    """All that was said, oldest first, and the tools on offer with the tokens that their descriptions take."""

    turns: tuple[Turn, ...]
    tools: tuple[Tool, ...] = ()
    tool_tokens: int = 0
    _sizes: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_sizes", tuple(turn.tokens for turn in self.turns))

    @property
    def system(self) -> str:
        """Give what the system and the developer said."""
        return "\n\n".join(turn.text for turn in self.turns if turn.role is Role.SYSTEM)

    @property
    def last_user(self) -> Turn:
        """Give the user's last message, an empty one where there is none."""
        asked = (turn for turn in reversed(self.turns) if turn.role is Role.USER)
        return next(asked, Turn(Role.USER, ""))

    @property
    def user_turns(self) -> int:
        """Count the user's messages."""
        return sum(turn.role is Role.USER for turn in self.turns)

    @property
    def results(self) -> tuple[ToolResult, ...]:
        """Give what tools answered since the user's last message."""
        names = {call.id: call.name for turn in self.turns for call in turn.calls}
        found: list[ToolResult] = []
        for turn in self.turns:
            if turn.role is Role.USER:
                found.clear()
            elif turn.role is Role.TOOL:
                found.append(ToolResult(names.get(turn.answers, turn.answers), turn.text))
        return tuple(found)

    @property
    def prompt_tokens(self) -> int:
        """Give what the whole prompt weighs."""
        return self.tool_tokens + sum(self._sizes)

    @property
    def cached_tokens(self) -> int:
        """Give how much of it the platform has seen: all that stood before the last answer."""
        answers = [at for at, turn in enumerate(self.turns) if turn.role is Role.ASSISTANT]
        seen = self.tool_tokens + sum(self._sizes[: answers[-1]]) if answers else 0
        return seen - seen % CACHED_BLOCK if seen >= CACHED_FROM else 0

    @property
    def media(self) -> tuple[Weight, ...]:
        """Give every image, sound and film in it."""
        return tuple(weight for turn in self.turns for weight in turn.media)

    def digest(self, *more: str) -> str:
        """Give 32 hex digits that are the same for the same conversation."""
        made = hashlib.sha256()
        for text in (*more, *_texts(self.turns)):
            made.update(text.encode("utf-8", "surrogatepass") + b"\0")
        return made.hexdigest()[:32]


def _texts(turns: Iterable[Turn]) -> Iterable[str]:
    for turn in turns:
        yield turn.role
        yield turn.text
        for weight in turn.media:
            yield weight.words
        for call in turn.calls:
            yield from (call.id, call.arguments)
