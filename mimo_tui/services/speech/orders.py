"""What is asked for: a text to be spoken, or a recording to be listened to."""

from dataclasses import dataclass, field

from mimo_tui.core.model import ModelKind
from mimo_tui.core.take import SoundFormat
from mimo_tui.core.text import NOTHING, Clean
from mimo_tui.services.presets.testing import Target


@dataclass(frozen=True, slots=True)
class Sample:
    """A sound that was read, checked and measured before anything is sent: of a voice to be cloned, or to be heard.

    `media_type` is what it is sent as. `peak` and `level` (the root mean square) are in dB below the loudest that there
    can be; None: it was not decoded. `decoded`: its samples were really read, not only its headers. `warnings` are
    what the person should know before sending it: too quiet, too short, clipped.
    """

    name: Clean
    location: Clean
    media_type: str
    data: bytes = field(repr=False)
    seconds: float
    size: int
    rate: int | None = None
    channels: int | None = None
    peak: float | None = None
    level: float | None = None
    decoded: bool = False
    waveform: tuple[int, ...] = field(default=(), repr=False)
    warnings: tuple[Clean, ...] = ()


@dataclass(frozen=True, slots=True)
class Speaking:
    """What is to be spoken, by whom, and how.

    `target` holds URL, key and model; `kind` is that of the model and says which of the next three counts: `voice` of
    speech (empty: the default), `description` of voice design, `sample` of voice cloning. `style` is direction in
    words. `polish`: voice design may write or polish the text (`mimo-api.md` §9.1). `currency` empty: as set.
    """

    text: str = field(repr=False)
    target: Target
    kind: ModelKind = ModelKind.SPEECH
    voice: str = ""
    description: str = field(default="", repr=False)
    sample: Sample | None = None
    style: str = field(default="", repr=False)
    format: SoundFormat = SoundFormat.WAV
    streamed: bool = True
    polish: bool = False
    preset: Clean = NOTHING
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Listening:
    """What is to be heard, by whom. `language` is `auto` or one that the catalogue names (`mimo-api.md` §9.5)."""

    sample: Sample
    target: Target
    language: str = ""
    streamed: bool = True
    preset: Clean = NOTHING
    currency: str = ""
