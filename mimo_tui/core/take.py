"""A take: what a model spoke once, and all that is known of it. Its sound is a file."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from mimo_tui.core.diagnosis import Diagnosis
from mimo_tui.core.ledger import Cost
from mimo_tui.core.model import ModelKind
from mimo_tui.core.text import NOTHING, Clean
from mimo_tui.core.usage import Usage


class SoundFormat(StrEnum):
    """What a sound comes as (`mimo-api.md` §9.1). Both PCM are the same: samples without a header."""

    WAV = "wav"
    MP3 = "mp3"
    PCM = "pcm"
    PCM16 = "pcm16"


@dataclass(frozen=True, slots=True)
class Take:
    """What was spoken.

    `id` names its files in the folder of takes. `kind` is that of the model: speech, voice design or voice cloning;
    `voice` the name of a built-in one (empty: the one of the cluster), the description of a designed one, or the name
    of the sample of a cloned one. `text` is what was to be spoken, `preview` what the model made of it where it was
    asked to; both may hold anything, so that what shows them cleans them. `format` is what was asked for.

    `file` is the name of the sound file, empty until it is whole; `size` its bytes, `seconds` its length (0: not
    known, as of an MP3 that nothing here decodes), `rate` samples a second. `waveform` are at most 200 peaks from 0 to
    100 over its whole length; none: not known. `joins` are the seconds at which parts of a long text were joined.

    `first_sound` and `took` count seconds from sending: to the first sound, and to the end. `complete`: nothing of it
    is missing; `stopped`: the person stopped it; `failure` is what went wrong. `kept`: no clean-up takes it away.
    """

    id: str
    at: datetime
    kind: ModelKind
    model: Clean
    text: str = field(repr=False)
    host: Clean = NOTHING
    preset: Clean = NOTHING
    voice: Clean = NOTHING
    style: str = field(default="", repr=False)
    format: SoundFormat = SoundFormat.WAV
    streamed: bool = True
    preview: str = field(default="", repr=False)
    file: str = ""
    size: int = 0
    seconds: float = 0.0
    rate: int = 0
    waveform: tuple[int, ...] = field(default=(), repr=False)
    joins: tuple[float, ...] = ()
    first_sound: float | None = None
    took: float | None = None
    usage: Usage | None = None
    cost: Cost | None = None
    complete: bool = False
    stopped: bool = False
    failure: Diagnosis | None = None
    simulated: bool = False
    kept: bool = False
    notes: tuple[Clean, ...] = ()
