"""What is listened to: the recording that was chosen, and each time that one was heard in this run."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from mimo_tui.core.ledger import Cost
from mimo_tui.core.secrets import safe
from mimo_tui.core.speech.differing import Difference
from mimo_tui.core.take import Take
from mimo_tui.core.text import NOTHING, Clean
from mimo_tui.services.speech.events import ListeningEnded
from mimo_tui.services.speech.orders import Sample

_LONGEST: Final = 40
"""Characters of a voice or a text by which a take is called."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording that was read. `location` is what the person named; `take` is the take that it is, None: a file."""

    location: str
    sample: Sample
    path: Path
    take: Take | None = None

    @property
    def name(self) -> Clean:
        """What it is called: a take by its voice and its text."""
        take = self.take
        if take is None:
            return self.sample.name
        said = " ".join((take.preview or take.text).split())
        return safe(f"{_shortened(take.voice) or 'take'} · {_shortened(said)}")


@dataclass(frozen=True, slots=True)
class Weighed:
    """What listening to a recording takes: `parts` requests, and by its length at least `cost`; None: not known.

    `rate` says by which price that is, and who says so; empty: not known. `problem` says why it cannot be listened to
    as it is.
    """

    parts: int = 1
    cost: Cost | None = None
    rate: Clean = NOTHING
    problem: Clean = NOTHING


@dataclass(slots=True)
class Hearing:
    """One time that a recording is heard. `stop` ends it; what came stays.

    `seconds` is the length of the recording, `take` what was to be said, None: that is not known. `unchecked` says why
    what was heard was not held against it. `taken` is what of it was saved or copied.
    """

    number: int
    name: Clean
    location: str
    seconds: float
    language: str
    take: Take | None = None
    text: list[str] = field(default_factory=list, repr=False)
    part: int = 1
    parts: int = 1
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    ended: ListeningEnded | None = None
    difference: Difference | None = None
    unchecked: Clean = NOTHING
    is_over: bool = False
    taken: str = field(default="", repr=False)

    @property
    def heard(self) -> str:
        """All that was heard so far, without keys; not clean."""
        return self.ended.transcript.text if self.ended is not None else "".join(self.text)

    @property
    def is_unsaved(self) -> bool:
        """Whether something was heard that is neither saved nor copied."""
        heard = self.heard
        return bool(heard.strip()) and heard != self.taken


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip(' ,;')}…"
