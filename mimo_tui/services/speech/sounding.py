"""The sound of a take as it comes: pieces of any length, of what was asked for or of something else."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final

from mimo_tui.core.media.boxes import Broken, Unmeasured
from mimo_tui.core.media.kinds import HEAD, Format, format_of, other_kind
from mimo_tui.core.media.sounds import begins_as_mp3, mp3_is_whole, read_sound
from mimo_tui.core.speech.joining import Joiner
from mimo_tui.core.speech.levels import Waveform
from mimo_tui.core.speech.samples import WholeSamples, as_samples
from mimo_tui.core.speech.waves import read_wave
from mimo_tui.core.take import SoundFormat
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.services.speech.beginnings import (
    begins_as_file,
    begins_as_wave,
    is_text,
    may_be_mp3,
    may_be_samples,
)

_WIDTH: Final = 2
_SIGN: Final = 12
"""Bytes that tell whether it may be anything else than samples without a header."""

_SHORTEST: Final = 0.05
"""Seconds below which it is no speech: it is shown as 0.0 s."""

_AT_ONCE: Final = 1 << 18
"""Bytes that are worked on in one go: it gives way to no other thread."""


_SECOND_HEADER: Final = Clean("A WAV came in the middle of samples: its header is heard as a click.")


class _Form(Enum):
    UNDECIDED = auto()
    SAMPLES = auto()
    FILE = auto()


@dataclass(frozen=True, slots=True)
class Sounds:
    """What came of a part: `samples` at the rate of the take, or `whole`, a file that is kept as it is.

    `problem` says why it is not what it should be, or is not all.
    """

    samples: bytes = b""
    whole: bytes = b""
    problem: Clean = NOTHING


class Sounding:
    """All sound of one take, part after part. Plain and slow: call it in a thread, one call at a time.

    `rate` is that of the samples, 0 where it is not known before they come. Samples come at once only where they were
    asked for as such; a file is looked at when it is whole. `part` is the number of the part that is coming, and
    `last_part` that of the last one that brought sound, 0: none did.
    """

    def __init__(self, asked: SoundFormat, rate: int, parts: int) -> None:
        self.rate = rate
        self.notes: list[Clean] = []
        self.whole = b""
        self.part = 1
        self.last_part = 0
        self._asked = asked
        self._parts = parts
        self._joiner: Joiner | None = None
        self._waveform = Waveform()
        self._given = 0
        self._came = 0
        self._second_header = False
        self._seconds_of_file = 0.0
        self._form = _Form.UNDECIDED
        self._waiting = bytearray()
        self._even = WholeSamples()

    def begin_part(self) -> bytes:
        """Go on to the next part, and give the samples that were held back for it."""
        self._form, self._even = _Form.UNDECIDED, WholeSamples()
        self._waiting.clear()
        self.part += 1
        self._came = 0
        self._second_header = False
        return self._given_out(self._joiner.next_part()) if self._joiner is not None else b""

    def feed(self, data: bytes) -> bytes:
        """Take a piece as it came, and give the samples that can be given on."""
        if self._form is _Form.SAMPLES:
            self._second_header = self._second_header or begins_as_wave(data)
            return self._sounded(self._even.feed(data))
        self._waiting += data
        if self._form is _Form.UNDECIDED:
            self._form = self._decided(is_all=False)
        return self._released() if self._form is _Form.SAMPLES else b""

    def end_part(self, *, is_whole: bool) -> Sounds:
        """Give the rest of a part, of which there is no more. `is_whole`: nothing of the answer is missing."""
        if self._form is _Form.UNDECIDED:
            self._form = self._decided(is_all=True)
        if self._form is _Form.SAMPLES:
            samples = self._released()
            if self._even.rest and is_whole:
                self.notes.append(Clean("The sound ends in the middle of a sample, which is left out."))
            problem = _SECOND_HEADER if self._second_header else NOTHING
            return Sounds(samples, problem=problem or self._too_short())
        data = bytes(self._waiting)
        self._waiting.clear()
        if not data:
            return Sounds()
        sounds = self._read(data)
        return sounds if sounds.problem else replace(sounds, problem=self._too_short())

    def close(self) -> bytes:
        """Give what was held back for a part that does not come any more."""
        return self._given_out(self._joiner.close()) if self._joiner is not None else b""

    @property
    def has_sound(self) -> bool:
        """Whether anything came that can be heard."""
        return self._given > 0 or bool(self.whole)

    @property
    def seconds(self) -> float:
        """Give its length so far."""
        return self._given / _WIDTH / self.rate if self._given and self.rate else self._seconds_of_file

    @property
    def peaks(self) -> tuple[int, ...]:
        """Give the waveform so far; empty: not known."""
        return self._waveform.peaks() if self._given or self._seconds_of_file else ()

    @property
    def joins(self) -> tuple[float, ...]:
        """Give the seconds at which parts were joined."""
        return self._joiner.joins if self._joiner is not None else ()

    def _too_short(self) -> Clean:
        """Say that what came of a part is as good as nothing; empty: it is not."""
        seconds = self._came / _WIDTH / self.rate if self._came and self.rate else self._seconds_of_file
        if self.last_part != self.part or seconds >= _SHORTEST:
            return NOTHING
        return Clean("The sound that came lasts less than 0.1 s: it cannot be all.")

    def _decided(self, *, is_all: bool) -> _Form:
        """Tell what it is that comes. Samples have no sign of their own; a file begins with one."""
        head = bytes(self._waiting[:HEAD])
        if self._asked in (SoundFormat.WAV, SoundFormat.MP3):
            return _Form.FILE
        if len(head) < _SIGN and not is_all:
            return _Form.UNDECIDED
        if begins_as_file(head) or is_text(head):
            return _Form.FILE
        # Loud samples may begin as an MP3 does: that a second frame follows the first is no chance.
        if may_be_mp3(head) and not is_all and len(head) < HEAD:
            return _Form.UNDECIDED
        return _Form.FILE if may_be_mp3(head) and begins_as_mp3(head) else _Form.SAMPLES

    def _released(self) -> bytes:
        data = bytes(self._waiting)
        self._waiting.clear()
        return self._sounded(self._even.feed(data)) if data else b""

    def _read(self, data: bytes) -> Sounds:
        """Read a file that has come, whatever it is."""
        form = format_of(data[:HEAD])
        if form is not None and form.value != self._asked.value:
            self.notes.append(clean(f"{form.upper()} came where {self._asked.upper()} was asked for."))
        readers: dict[Format | None, Callable[[bytes], Sounds]] = {
            Format.WAV: self._wave,
            Format.MP3: self._mp3,
            Format.FLAC: self._decoded,
            Format.OGG: self._decoded,
            Format.M4A: self._decoded,
        }
        reader = readers.get(form)
        if form is None and self._asked is SoundFormat.WAV and self.rate and may_be_samples(data[:HEAD]):
            return self._bare(data)
        if reader is None:
            what = f"a file of the kind {form.upper()}" if form is not None else other_kind(data[:HEAD])
            return Sounds(problem=clean(f"What came is no sound but {what}."))
        try:
            return reader(data)
        except Broken as error:
            name = form.upper() if form is not None else ""
            return Sounds(problem=clean(f"The {name} that came cannot be read: {error}."))

    def _bare(self, data: bytes) -> Sounds:
        """Keep what has no header and is nothing that is known, since it was paid for."""
        note = f"What came is kept as samples of 16 bits, {self.rate:,} a second: whether it is that, it does not say."
        self.notes.append(clean(note))
        return self._at_rate(
            data[: len(data) // _WIDTH * _WIDTH], self.rate, Clean("What came is no WAV: it has no header.")
        )

    def _wave(self, data: bytes) -> Sounds:
        wave = read_wave(data)
        if wave.channels > 1:
            self.notes.append(clean(f"It came in {wave.channels} channels, and is kept as one."))
        problem = NOTHING
        if not wave.complete:
            problem = Clean("The WAV is cut short: it holds less sound than it says.")
        elif wave.behind:
            problem = clean(f"Behind the WAV stand {wave.behind:,} bytes that are none: they are left out.")
        return self._at_rate(wave.samples, wave.rate, problem)

    def _mp3(self, data: bytes) -> Sounds:
        if self._parts > 1:
            return self._decoded(data)
        problem = NOTHING
        try:
            self._seconds_of_file = read_sound(data).seconds
        except Unmeasured as error:
            raise Broken("it has no sound") from error
        self.whole = data
        self.last_part = self.part
        if not mp3_is_whole(data):
            problem = Clean("The MP3 is cut short: its last frame is not whole.")
        self._measure(data)
        return Sounds(whole=data, problem=problem)

    def _measure(self, data: bytes) -> None:
        """Take the waveform of a file that is kept as it is, where something here decodes it."""
        from mimo_tui.sound.decoding import NoDecoder, decode

        try:
            decoded = decode(data)
        except (NoDecoder, Broken):
            return
        self.rate = decoded.rate
        self._seconds_of_file = len(decoded.samples) / _WIDTH / decoded.rate
        self._waveform.feed(as_samples(decoded.samples))

    def _decoded(self, data: bytes) -> Sounds:
        from mimo_tui.sound.decoding import NoDecoder, decode

        try:
            decoded = decode(data)
        except NoDecoder as error:
            return Sounds(problem=clean(str(error)))
        return self._at_rate(decoded.samples, decoded.rate)

    def _at_rate(self, samples: bytes, rate: int, problem: Clean = NOTHING) -> Sounds:
        if self._given and rate != self.rate:
            said = f"The parts do not fit together: {rate:,} samples a second after {self.rate:,}."
            return Sounds(problem=clean(said))
        if rate != self.rate:
            if self.rate:
                self.notes.append(
                    clean(f"It has {rate:,} samples a second, where {self.rate:,} were expected.")
                )
            self.rate = rate
        if not samples:
            return Sounds(problem=problem or Clean("The file that came holds no sound."))
        return Sounds(self._sounded(samples), problem=problem)

    def _sounded(self, samples: bytes) -> bytes:
        if samples:
            self._came += len(samples)
            self.last_part = self.part
        if self._parts > 1 and self._joiner is None:
            self._joiner = Joiner(self.rate)
        joiner = self._joiner
        if joiner is None:
            return self._given_out(samples)
        pieces = (samples[at : at + _AT_ONCE] for at in range(0, len(samples), _AT_ONCE))
        return self._given_out(b"".join(map(joiner.feed, pieces)))

    def _given_out(self, samples: bytes) -> bytes:
        self._given += len(samples)
        for at in range(0, len(samples), _AT_ONCE):
            self._waveform.feed(as_samples(samples[at : at + _AT_ONCE]))
        return samples
