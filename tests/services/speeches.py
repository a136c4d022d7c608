"""Speech of the simulated platform, as its tests ask for it and follow it."""

import asyncio
import base64
import io
import json
import sys
from array import array
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from math import pi, sin
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import TypeAlias

import soundfile

from mimo_tui.core import endpoints
from mimo_tui.core.catalogue import Wire
from mimo_tui.core.diagnosis import Asked, Cause
from mimo_tui.core.facts import Fact, Scalar
from mimo_tui.core.json_text import Json
from mimo_tui.core.model import ModelKind
from mimo_tui.core.secrets import Secret
from mimo_tui.core.take import SoundFormat
from mimo_tui.services import Services, make_services
from mimo_tui.services.presets.testing import Target
from mimo_tui.services.speech.events import Sounded, SpeechBegan, SpeechEvent, Spoken
from mimo_tui.services.speech.orders import Sample, Speaking
from mimo_tui.services.speech.sampling import read_sample
from mimo_tui.services.speech.speaking import speak
from mimo_tui.services.speech.takes import read_take
from mimo_tui.simulator.accounts import PAY_AS_YOU_GO
from mimo_tui.wire.http import Client, Network
from tests.conftest import NOW
from tests.simulator.speaking import make_wav
from tests.wire.servers import Connection, Server, serving

SPEECH, DESIGN, CLONE = "mimo-v2.5-tts", "mimo-v2.5-tts-voicedesign", "mimo-v2.5-tts-voiceclone"
LINE = "The harbour lights went out one by one."
RATE = 24_000
BASE = "https://api.xiaomimimo.com/v1"
MODELS = {ModelKind.SPEECH: SPEECH, ModelKind.VOICE_DESIGN: DESIGN, ModelKind.VOICE_CLONE: CLONE}


@contextmanager
def bare(home: Path) -> Iterator[Services]:
    """Give services over an empty home, at the fixed time: speech needs no library."""
    made = make_services(home)
    with closing(made.sessions):
        yield replace(made, environment=MappingProxyType({}), now=lambda: NOW)


def speaking(
    services: Services, text: str = LINE, kind: ModelKind = ModelKind.SPEECH, **more: object
) -> Speaking:
    """Give the order to speak a line, with a key that the platform takes."""
    endpoint = endpoints.read(BASE, services.catalogue)
    key, model = Secret(PAY_AS_YOU_GO), MODELS.get(kind, SPEECH)
    asked = Asked(endpoint, endpoints.key_kind(key, services.catalogue), model)
    made = Speaking(text, Target(endpoint, model, key, Wire.CHAT_COMPLETIONS, asked), kind)
    return replace(made, **more)  # type: ignore[arg-type]


async def events(services: Services, order: Speaking, stop: asyncio.Event | None = None) -> list[SpeechEvent]:
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


def knowing(services: Services, facts: Mapping[str, Fact[Scalar]]) -> Services:
    """Give services that know of the single facts of the service only these."""
    known = replace(services.catalogue, facts=facts)
    return replace(services, knowledge=SimpleNamespace(catalogue=known))  # type: ignore[arg-type]


def in_parts(services: Services, characters: int = 60) -> None:
    """Have texts split above so many characters."""
    settings(services, f"[facts.facts]\nspeech_text_characters = {characters}\n")


def tone(seconds: float = 1.0, *, loudness: int = 8000, rate: int = RATE) -> bytes:
    """Give samples that can be heard, the same each time."""
    wave_length = rate // 220
    period = [round(loudness * sin(2 * pi * at / wave_length)) for at in range(wave_length)]
    count = int(seconds * rate)
    samples = array("h", (period * (count // wave_length + 1))[:count])
    if sys.byteorder == "big":
        samples.byteswap()
    return samples.tobytes()


def as_mp3(samples: bytes, rate: int = RATE) -> bytes:
    """Give samples as an MP3."""
    file = io.BytesIO()
    with soundfile.SoundFile(file, "w", rate, 1, "MPEG_LAYER_III", format="MP3") as written:
        written.buffer_write(samples, "int16")
    return file.getvalue()


def as_wave(samples: bytes, rate: int = RATE) -> bytes:
    """Give samples as a WAV, mono."""
    return make_wav(samples, rate=rate)


# Answers of a server, byte by byte (`mimo-api.md` §9.4).


def piece(data: bytes | str) -> bytes:
    """Give one event of a stream with this sound; text goes out as if it were base64."""
    text = data if isinstance(data, str) else base64.b64encode(data).decode()
    return chunk(content=None, audio={"id": "a", "data": text, "expires_at": None, "transcript": None})


def chunk(finish: str | None = None, **delta: Json) -> bytes:
    document = {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}
    return b"data: " + json.dumps(document, ensure_ascii=False).encode() + b"\n\n"


def end(finish: str = "stop") -> bytes:
    return chunk(finish, content=None) + b"data: [DONE]\n\n"


def whole(data: bytes | str, finish: str = "stop", **message: Json) -> bytes:
    """Give a whole answer that is not streamed."""
    text = data if isinstance(data, str) else base64.b64encode(data).decode()
    audio: Json = {"id": "a", "data": text, "expires_at": None, "transcript": None}
    said: Json = {"role": "assistant", "content": "", "audio": audio, **message}
    usage: Json = {"prompt_tokens": 30, "completion_tokens": 120, "total_tokens": 150}
    document = {"choices": [{"index": 0, "finish_reason": finish, "message": said}], "usage": usage}
    return json.dumps(document).encode()


Script: TypeAlias = Callable[[Connection], Awaitable[None]]


def streams(*events_: bytes) -> Script:
    """Answer with these events, and then leave."""

    async def respond(connection: Connection) -> None:
        await connection.begin()
        for event in events_:
            await connection.send(event)
        connection.writer.close()

    return respond


def answers(body: bytes) -> Script:
    """Answer with this JSON."""

    async def respond(connection: Connection) -> None:
        await connection.answer(body=body)

    return respond


def reached(services: Services) -> Services:
    """Give services with a client that goes to servers of this machine."""
    client = Client(services.catalogue, Network(), now=lambda: NOW)
    return replace(services, connect=lambda: client)


def towards(order: Speaking, server: Server) -> Speaking:
    """Give the order, to be sent to a server of this machine."""
    url, port = f"{server.url}/v1", server.port
    endpoint = replace(order.target.endpoint, url=url, host="127.0.0.1", port=port)
    return replace(order, target=replace(order.target, endpoint=endpoint))


async def spoken_by(services: Services, order: Speaking, respond: Script) -> list[SpeechEvent]:
    """Speak by a server that answers so."""
    local = reached(services)
    async with serving(respond) as server:
        found = await events(local, towards(order, server))
    await local.client.aclose()
    return found
