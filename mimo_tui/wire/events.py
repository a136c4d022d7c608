"""What a streamed answer says as it comes, the same for both surfaces."""

from dataclasses import dataclass, field
from typing import TypeAlias

from mimo_tui.core.conversation import Citation, Thought
from mimo_tui.core.exchange import Exchange
from mimo_tui.core.text import NOTHING, Clean
from mimo_tui.core.usage import Usage


@dataclass(frozen=True, slots=True)
class Delta:
    """More of the answer, exactly as the model wrote it, since reasoning goes back verbatim (§6.3).

    It is neither clean nor redacted: a part may end within an escape sequence or a key. Whoever shows it cleans
    what has come so far as a whole.
    """

    text: str = field(default="", repr=False)
    reasoning: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ToolFragment:
    """More of a tool call. `id` and `name` stand in its first fragment; `arguments` is JSON text to be joined."""

    index: int
    id: str = field(repr=False)
    name: str = field(repr=False)
    arguments: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Cited:
    """Pages that a web search found."""

    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class ThoughtEnded:
    """A block of thinking of the Anthropic surface has ended; its text came as `Delta.reasoning` before."""

    thought: Thought


@dataclass(frozen=True, slots=True)
class Told:
    """Usage as far as the service told it; a later one goes before an earlier one."""

    usage: Usage


@dataclass(frozen=True, slots=True)
class Warned:
    """What the service says beside the answer, such as a web search that failed (`error_message`)."""

    message: Clean


@dataclass(frozen=True, slots=True)
class Finished:
    """Why the model stopped, in the API's word."""

    reason: Clean


@dataclass(frozen=True, slots=True)
class Ended:
    """The last event. `complete`: the answer has its end mark or a reason to stop, and nothing of it is missing.

    `raw` is the body of the answer as it came, clean and redacted, its middle left out where it is very long.
    """

    exchange: Exchange
    complete: bool
    raw: Clean = NOTHING


@dataclass(frozen=True, slots=True)
class SoundPiece:
    """More sound, decoded from its base64, as it came: it may end in the middle of a sample (`mimo-api.md` §9.4).

    Pieces are as long as it suits the reader, not as the service cut them.
    """

    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Preview:
    """The text as a designed voice wrote or polished it, without the key; a later one goes before an earlier one.

    What shows it cleans it.
    """

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class BadSound:
    """Sound came that is no base64. What was good of it came before; of what comes after it nothing is given."""

    reason: Clean


StreamEvent: TypeAlias = Delta | ToolFragment | Cited | ThoughtEnded | Told | Warned | Finished | Ended
SpeechPiece: TypeAlias = SoundPiece | Preview | BadSound | Delta | Told | Warned | Finished | Ended
"""What speech comes as. A `Delta` holds words that came in place of sound, or beside it, such as a refusal."""
