"""What is being spoken on the Speech screen, what waits for it, and the takes that there are."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mimo_tui.core.speech.levels import Waveform
from mimo_tui.core.speech.samples import as_samples
from mimo_tui.core.take import Take
from mimo_tui.core.text import NOTHING, Clean
from mimo_tui.sound.track import Track

if TYPE_CHECKING:
    from mimo_tui.services.playground.events import Raw
    from mimo_tui.services.speech.orders import Sample, Speaking


@dataclass(frozen=True, slots=True)
class ReadSample:
    """A sample of a voice, read from `location`; without one, `problem` says why not."""

    location: str
    sample: "Sample | None" = None
    problem: Clean = NOTHING


@dataclass(slots=True)
class Growing:
    """A take that is being spoken. `track` is what can be heard of it; None: nothing before all of it is there.

    `passes`: it goes with this run of the program.
    """

    take: Take
    parts: int
    track: Track | None
    passes: bool = False
    part: int = 1
    seconds: float = 0.0
    peaks: tuple[int, ...] = ()
    _waveform: Waveform = field(default_factory=Waveform)

    def measure(self, samples: bytes) -> None:
        """Take samples into the waveform. Slow: call it in a thread."""
        self._waveform.feed(as_samples(samples))
        self.peaks = self._waveform.peaks()

    def end(self) -> None:
        """Say that no more of it comes."""
        if self.track is not None and not self.track.is_ended:
            self.track.end()


@dataclass(slots=True)
class Shelf:
    """The takes by their ids, the newest first, what is marked on them, and what is known of those of this run.

    `unsaved` are the ids of those that go with this run of the program, and were not saved.
    """

    takes: dict[str, Take] = field(default_factory=dict)
    growing: Growing | None = None
    marks: dict[str, str] = field(default_factory=dict)
    raws: "dict[str, Raw]" = field(default_factory=dict)
    tracks: dict[str, Track] = field(default_factory=dict)
    spoken: list[Take] = field(default_factory=list)
    unsaved: set[str] = field(default_factory=set)

    def fill(self, takes: Iterable[Take]) -> None:
        """Have these be all that are there, beside those that no disk took, which nobody lists."""
        held = [take for take in self.takes.values() if not take.file]
        self.takes = dict(sorted(((take.id, take) for take in (*held, *takes)), reverse=True))
        self._forget()

    @property
    def would_lose(self) -> bool:
        """Whether sound is lost with the program, of a take that is spoken or of one that was."""
        return bool(self.unsaved) or (self.growing is not None and self.growing.passes)

    def put(self, take: Take) -> None:
        """Add a take, or have it be as it is now. Later ids sort later."""
        self.takes = dict(sorted({**self.takes, take.id: take}.items(), reverse=True))

    def remove(self, takes: Iterable[Take]) -> None:
        """Take these away."""
        for take in takes:
            self.takes.pop(take.id, None)
        self._forget()

    def mark(self, letter: str, take_id: str) -> None:
        """Mark a take as A or B; the same again takes the mark away."""
        if self.marks.get(letter) == take_id:
            del self.marks[letter]
            return
        self.marks = {each: marked for each, marked in self.marks.items() if marked != take_id}
        self.marks[letter] = take_id

    def mark_of(self, take_id: str) -> str:
        """Give the letter by which it is marked; empty: by none."""
        return next((letter for letter, marked in self.marks.items() if marked == take_id), "")

    @property
    def pair(self) -> tuple[str, str] | None:
        """The ids of A and B; None: not both are marked."""
        return (self.marks["A"], self.marks["B"]) if len(self.marks) == 2 else None

    @property
    def all(self) -> tuple[Take, ...]:
        """All that is shown, the newest first, also the one that still grows."""
        growing = (self.growing.take,) if self.growing is not None else ()
        return (*growing, *self.takes.values())

    def put_track(self, take_id: str, track: Track, *, most: int = 4) -> None:
        """Hold what was read, so that one can go from one to another at once; the marked ones stay longest."""
        self.tracks.pop(take_id, None)
        self.tracks[take_id] = track
        spare = [each for each in self.tracks if each not in (take_id, *self.marks.values())]
        for each in spare[: max(len(self.tracks) - most, 0)]:
            del self.tracks[each]

    def _forget(self) -> None:
        shown = {take.id for take in self.all}
        self.marks = {letter: each for letter, each in self.marks.items() if each in shown}
        self.unsaved &= shown
        self.tracks = {each: track for each, track in self.tracks.items() if each in shown}


@dataclass(slots=True)
class Queue:
    """What is to be spoken, one after the other, and in a few words how much that is.

    `stop` ends what is spoken now.
    """

    waiting: "list[Speaking]" = field(default_factory=list)
    says: Clean = NOTHING
    stop: asyncio.Event | None = None
    done: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def is_busy(self) -> bool:
        """Whether something is spoken, or waits for that."""
        return self.stop is not None or bool(self.waiting)

    def end(self) -> None:
        """Let what waits go, and stop what is spoken; what came of it stays."""
        self.waiting.clear()
        if self.stop is not None:
            self.stop.set()
