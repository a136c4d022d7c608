"""What happens while something is spoken or heard. Each is kept before anybody sees it."""

from dataclasses import dataclass, field
from typing import TypeAlias

from mimo_tui.core.diagnosis import Diagnosis
from mimo_tui.core.exchange import Exchange
from mimo_tui.core.ledger import Cost
from mimo_tui.core.take import Take
from mimo_tui.core.text import NOTHING, Clean
from mimo_tui.core.usage import Usage
from mimo_tui.services.playground.events import Raw


@dataclass(frozen=True, slots=True)
class SpeechBegan:
    """The first request goes out; nothing of the take is there yet. `parts` is how many requests it takes."""

    take: Take
    parts: int = 1


@dataclass(frozen=True, slots=True)
class Sounded:
    """More sound of a take: samples of 16 bits, little-endian, mono, at the take's rate, whole ones only.

    `seconds` is its length so far, `part` which request it comes from, counted from 1. Of an MP3 none of these comes.
    """

    take: str
    samples: bytes = field(repr=False)
    seconds: float
    part: int = 1


@dataclass(frozen=True, slots=True)
class Spoken:
    """It has ended, in whatever way; `take` is as it is kept. Without `take.file` no sound came.

    `removed` are older takes that had to go, since the folder may hold only so much (`room.with_room` fills it in);
    `problem` says why it could not be kept. `words` are those that came in place of sound, or beside it: without keys,
    and what shows them cleans them. `raw` is the last exchange, redacted, with the bulk of sound left out.
    """

    take: Take
    raw: Raw
    exchange: Exchange
    diagnosis: Diagnosis | None = None
    removed: tuple[Take, ...] = ()
    problem: Clean = NOTHING
    words: str = field(default="", repr=False)


SpeechEvent: TypeAlias = SpeechBegan | Sounded | Spoken


@dataclass(frozen=True, slots=True)
class ListeningBegan:
    """The first request goes out. A recording that is too long for one is heard in `parts`."""

    parts: int = 1


@dataclass(frozen=True, slots=True)
class Heard:
    """More of what was heard, without any key; not clean yet, as a part may end anywhere."""

    text: str = field(repr=False)
    part: int = 1


@dataclass(frozen=True, slots=True)
class Transcript:
    """What a recording says.

    `text` is without keys; what shows it cleans it. `seconds` is the length that was charged, as the service says.
    `first_text` and `took` count seconds from sending.
    """

    text: str = field(repr=False)
    model: Clean
    host: Clean
    seconds: float | None = None
    usage: Usage | None = None
    cost: Cost | None = None
    first_text: float | None = None
    took: float | None = None
    complete: bool = False
    stopped: bool = False
    failure: Diagnosis | None = None
    simulated: bool = False
    notes: tuple[Clean, ...] = ()


@dataclass(frozen=True, slots=True)
class ListeningEnded:
    """It has ended, in whatever way."""

    transcript: Transcript
    raw: Raw
    exchange: Exchange
    diagnosis: Diagnosis | None = None


ListeningEvent: TypeAlias = ListeningBegan | Heard | ListeningEnded
