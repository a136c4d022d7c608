"""What happens while a turn is answered, for screens and commands alike. Each is kept before anybody sees it."""

from dataclasses import dataclass, field
from typing import TypeAlias

from mimo_tui.core.conversation import Turn
from mimo_tui.core.diagnosis import Diagnosis
from mimo_tui.core.exchange import Exchange
from mimo_tui.core.text import NOTHING, Clean


@dataclass(frozen=True, slots=True)
class Began:
    """The request goes out; `turn` is the assistant's, still empty.

    `conversation` is the id of its record, which those who go on with it take over; 0: nothing is kept.
    """

    turn: Turn
    conversation: int = 0


@dataclass(frozen=True, slots=True)
class Grew:
    """More of the answer to that turn, without any key, about thirty times a second at most.

    It is not clean yet: a part may end within an escape sequence, so that whoever shows it cleans what came so far.
    """

    turn: int
    text: str = field(default="", repr=False)
    reasoning: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Raw:
    """Request and answer as they were, redacted: head and body of each. Media are shortened to their beginning."""

    request_head: Clean
    request_body: Clean
    answer_head: Clean = NOTHING
    answer_body: Clean = NOTHING


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer has ended, in whatever way; `turn` holds all that came of it. `diagnosis`: what went wrong.

    `problem` says why it, or a part of it, could not be kept, or that it has another record than before; empty: it was
    kept, or nothing is to be.
    """

    turn: Turn
    raw: Raw
    exchange: Exchange
    diagnosis: Diagnosis | None = None
    problem: Clean = NOTHING


PlaygroundEvent: TypeAlias = Began | Grew | Answered
