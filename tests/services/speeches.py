"""Speech of the simulated platform, as its tests ask for it and follow it."""

import asyncio
from dataclasses import replace
from pathlib import Path

from mimo_tui.core.diagnosis import Cause
from mimo_tui.core.model import ModelKind
from mimo_tui.core.take import SoundFormat
from mimo_tui.services import Services
from mimo_tui.services.presets.listing import PresetView
from mimo_tui.services.speech.events import Sounded, SpeechBegan, SpeechEvent, Spoken
from mimo_tui.services.speech.orders import Sample, Speaking
from mimo_tui.services.speech.sampling import read_sample
from mimo_tui.services.speech.speaking import speak
from mimo_tui.services.speech.takes import read_take
from mimo_tui.services.speech.targets import speech_target
from tests.services.conversations import a_preset

SPEECH, DESIGN, CLONE = "mimo-v2.5-tts", "mimo-v2.5-tts-voicedesign", "mimo-v2.5-tts-voiceclone"
LINE = "The harbour lights went out one by one."
RATE = 24_000


def speaking(
    services: Services, text: str = LINE, kind: ModelKind = ModelKind.SPEECH, **more: object
) -> Speaking:
    """Give the order to speak a line, by a preset whose key the platform takes."""
    view: PresetView = a_preset(services)
    made = Speaking(text, speech_target(services, view, kind), kind, preset=view.reference)
    return replace(made, **more)  # type: ignore[arg-type]


async def events(
    services: Services, order: Speaking, stop: asyncio.Event | None = None
) -> list[SpeechEvent]:
    return [event async for event in speak(services, order, stop)]


async def spoken(services: Services, order: Speaking, stop: asyncio.Event | None = None) -> Spoken:
    last = (await events(services, order, stop))[-1]
    assert isinstance(last, Spoken)
    return last


def heard(all_events: list[SpeechEvent]) -> bytes:
    """Give all samples that were given on while they came."""
    return b"".join(event.samples for event in all_events if isinstance(event, Sounded))


def parts(all_events: list[SpeechEvent]) -> int:
    began = all_events[0]
    assert isinstance(began, SpeechBegan)
    return began.parts


def cause(ended: Spoken) -> Cause | None:
    return ended.diagnosis.cause if ended.diagnosis is not None else None


def files(services: Services) -> list[Path]:
    """Give the sound files among the takes, also those that are not whole yet."""
    folder = services.places.takes
    return sorted(each for each in folder.iterdir() if each.suffix != ".json") if folder.is_dir() else []


async def a_voice(services: Services, folder: Path, text: str = LINE) -> Sample:
    """Give a sample of a voice, as a WAV that was spoken before."""
    take = (await spoken(services, speaking(services, text, format=SoundFormat.WAV))).take
    path = folder / "voice.wav"
    path.write_bytes(read_take(services, take))
    return read_sample(services, str(path))


def settings(services: Services, text: str) -> None:
    """Have the person's own settings say this."""
    services.places.settings.parent.mkdir(parents=True, exist_ok=True)
    services.places.settings.write_text(text)
    services.knowledge.renew()


def in_parts(services: Services, characters: int = 60) -> None:
    """Have texts split above so many characters."""
    settings(services, f"[facts.facts]\nspeech_text_characters = {characters}\n")
