"""Speaks and listens through the simulated platform, without a socket."""

import io
import json
import wave
from base64 import b64decode
from dataclasses import dataclass

from mimo_tui.core.json_text import Json
from mimo_tui.simulator.platform import Platform
from tests.simulator import files
from tests.simulator.asking import PAY_AS_YOU_GO_HOST, error_of, platform_at, post

SPEECH = "mimo-v2.5-tts"
DESIGN = "mimo-v2.5-tts-voicedesign"
CLONE = "mimo-v2.5-tts-voiceclone"
RECOGNITION = "mimo-v2.5-asr"
PATH = "/chat/completions"

PLATFORM: Platform = platform_at()


@dataclass(frozen=True, slots=True)
class Sound:
    """A WAV that was read back."""

    rate: int
    channels: int
    width: int
    frames: bytes

    @property
    def seconds(self) -> float:
        return len(self.frames) / self.rate / self.channels / self.width


def read_wav(data: bytes) -> Sound:
    """Read a WAV with the standard library."""
    with wave.open(io.BytesIO(data)) as file:
        frames = file.readframes(file.getnframes())
        return Sound(file.getframerate(), file.getnchannels(), file.getsampwidth(), frames)


def make_wav(frames: bytes, *, rate: int = 24_000, channels: int = 1, width: int = 2) -> bytes:
    """Write a WAV with the standard library."""
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(channels)
        written.setsampwidth(width)
        written.setframerate(rate)
        written.writeframes(frames)
    return file.getvalue()


def speech_body(text: str | None, style: str | None = None, **fields: Json) -> dict[str, Json]:
    """Give the body of a request for speech; `voice` and `format` go to where they belong."""
    said: list[Json] = []
    if style is not None:
        said.append({"role": "user", "content": style})
    if text is not None:
        said.append({"role": "assistant", "content": text})
    audio: dict[str, Json] = {
        name: fields.pop(name) for name in ("voice", "format", "optimize_text_preview") if name in fields
    }
    return {"model": SPEECH, "messages": said, "audio": audio, **fields}


async def completion(
    body: dict[str, Json], *, key: str = "", host: str = PAY_AS_YOU_GO_HOST
) -> dict[str, Json]:
    """Ask, and give the answer that came in one piece."""
    keys = {"key": key} if key else {}
    response = await post(PATH, body, platform=PLATFORM, host=host, **keys)
    assert response.status_code == 200, response.text
    answer: dict[str, Json] = response.json()
    return answer


async def speak(
    text: str | None,
    style: str | None = None,
    *,
    key: str = "",
    host: str = PAY_AS_YOU_GO_HOST,
    **fields: Json,
) -> bytes:
    """Have a text spoken, and give the bytes of the sound."""
    return sound_of(await completion(speech_body(text, style, **fields), key=key, host=host))


def sound_of(answer: dict[str, Json]) -> bytes:
    """Give the bytes in an answer."""
    choices = answer["choices"]
    assert isinstance(choices, list)
    data = json.loads(json.dumps(choices[0]))["message"]["audio"]["data"]
    return b64decode(data, validate=True)


def recognition_body(data: bytes, mime: str = "audio/wav", **fields: Json) -> dict[str, Json]:
    """Give the body of a request to listen to a file."""
    part: Json = {"type": "input_audio", "input_audio": {"data": files.data_url(mime, data)}}
    return {"model": RECOGNITION, "messages": [{"role": "user", "content": [part]}], **fields}


async def listen(data: bytes, mime: str = "audio/wav", **fields: Json) -> str:
    """Have a file listened to, and give its text."""
    answer = json.loads(json.dumps(await completion(recognition_body(data, mime, **fields))))
    text: str = answer["choices"][0]["message"]["content"]
    return text


async def refused(body: dict[str, Json]) -> dict[str, Json]:
    """Ask for what is not to be had, and give the error."""
    response = await post(PATH, body, platform=PLATFORM)
    assert response.status_code == 400, response.text
    return error_of(response)


async def events(body: dict[str, Json]) -> list[dict[str, Json]]:
    """Ask for a stream, and give its events; the last line was `[DONE]`."""
    response = await post(PATH, {**body, "stream": True}, platform=PLATFORM)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("text/event-stream")
    lines = [line for line in response.text.split("\n\n") if line and not line.startswith(":")]
    assert lines.pop() == "data: [DONE]"
    return [json.loads(line.removeprefix("data: ")) for line in lines]


def deltas(found: list[dict[str, Json]]) -> list[dict[str, Json]]:
    """Give what each event adds."""
    return [json.loads(json.dumps(event["choices"]))[0]["delta"] for event in found if event["choices"]]


def streamed_pieces(found: list[dict[str, Json]]) -> list[bytes]:
    """Give the pieces of sound in a stream, each decoded by itself."""
    carried = [delta["audio"] for delta in deltas(found) if delta.get("audio")]
    return [b64decode(str(audio["data"]), validate=True) for audio in carried if isinstance(audio, dict)]
