"""What `mimo-tui speak` says: the sound or the path on standard output, all else on standard error."""

import argparse
from pathlib import Path

from mimo_tui.cli import output
from mimo_tui.cli.errors import murmur, progress, say
from mimo_tui.cli.evidence import SIMULATED
from mimo_tui.cli.remedies import commands_for
from mimo_tui.cli.takes_text import length_text, take_line
from mimo_tui.core.media.sizes import size_text
from mimo_tui.core.speech.waves import wave_header
from mimo_tui.core.take import SoundFormat, Take
from mimo_tui.core.text import NOTHING, Clean, clean, clean_lines
from mimo_tui.services.presets.listing import PresetView
from mimo_tui.services.speech.events import Sounded, SpeechBegan, Spoken


class Teller:
    """Says takes, one after the other; `said` was said before them.

    All of it blocks, and raises BrokenPipeError and CannotWrite.
    """

    def __init__(self, arguments: argparse.Namespace, view: PresetView, said: Clean = NOTHING) -> None:
        self._arguments = arguments
        self._view = view
        self._parts = 1
        self._told = {said}
        self._said_simulated = False

    def begin(self, began: SpeechBegan) -> None:
        """Say what is worth knowing before the first sound."""
        self._parts = began.parts
        self.say_simulated(began.take)
        self._note(began.take.notes)
        progress(f"{began.take.model} is asked …")

    def grow(self, sounded: Sounded) -> None:
        """Say how far it is."""
        part = f", part {sounded.part} of {self._parts}" if self._parts > 1 else ""
        progress(f"{length_text(sounded.seconds)}{part} …")

    def end(self, ended: Spoken, path: Path | None) -> None:
        """Say what came of it. `path` is where it lies among the takes; None: nothing could be kept."""
        progress("")
        take = ended.take
        self.say_simulated(take)
        self._note(take.notes)
        if not (self._arguments.quiet or self._arguments.json):
            murmur(Clean(f"{take_line(take)}\n"))
            if take.preview.strip() not in ("", take.text.strip()):
                say(f"Spoken as: {clean_lines(take.preview)}")
        self._note((ended.problem,) if ended.problem else ())
        if ended.diagnosis is not None:
            say(f"{ended.diagnosis.says} {ended.diagnosis.remedy}")
            for command in commands_for(ended.diagnosis, self._view, of_its_model=False):
                say(f"  {command}")
        if not take.complete and ended.words.strip():
            say(f"It said: {clean_lines(ended.words.strip())}")
        if path is not None and not take.complete:
            say(f"What came of it is kept: {clean(str(path))}")

    def room(self, ended: Spoken) -> None:
        """Say what had to go for it."""
        if ended.removed:
            say(_removed(ended.removed))
        self._note((ended.problem,) if ended.problem else ())

    def say_simulated(self, take: Take) -> None:
        """Say once that none of it is real."""
        if take.simulated and not self._said_simulated:
            self._said_simulated = True
            say(SIMULATED)

    def _note(self, notes: tuple[Clean, ...]) -> None:
        for note in notes:
            if note not in self._told:
                self._told.add(note)
                say(note)


def _removed(takes: tuple[Take, ...]) -> str:
    size = size_text(sum(each.size for each in takes))
    many = "1 take" if len(takes) == 1 else f"{len(takes)} takes"
    first = min(takes, key=lambda each: each.at)
    return (
        f"Removed {many} ({size}) to make room, the oldest of {first.at:%Y-%m-%d}, {first.id}; "
        "`mimo-tui takes keep` protects one."
    )


class SoundPipe:
    """Writes sound to standard output as it comes. `has_begun`: some of it was written. All blocks."""

    def __init__(self, form: SoundFormat) -> None:
        self._form = form
        self.has_begun = False

    def feed(self, samples: bytes, rate: int) -> None:
        """Write more samples, behind a header that leaves open how many there will be."""
        if self._form is SoundFormat.WAV and not self.has_begun:
            output.write_bytes(wave_header(None, rate))
        self.has_begun = True
        output.write_bytes(samples)
