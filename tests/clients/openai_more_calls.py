"""What the openai package does with the platform: speech, recognition, and the Responses API."""

import io
import json
import wave
from base64 import b64decode
from typing import cast

from openai.types.chat import ChatCompletionAudioParam
from openai.types.responses import FunctionToolParam, ResponseInputParam

from tests.clients.call import MODEL
from tests.clients.openai_calls import asynchronous, client, said, user
from tests.simulator import files
from tests.simulator.files import data_url

SPEECH, DESIGN, CLONE, RECOGNITION = (
    "mimo-v2.5-tts",
    "mimo-v2.5-tts-voicedesign",
    "mimo-v2.5-tts-voiceclone",
    "mimo-v2.5-asr",
)
LINE = "The harbour lights went out one by one."
GET_TEMP: FunctionToolParam = {
    "type": "function",
    "name": "get_temp",
    "description": "Current temperature of a city",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    "strict": False,
}


def audio(**fields: str) -> ChatCompletionAudioParam:
    """Give an `audio` field; a voice is not always needed here."""
    return cast("ChatCompletionAudioParam", fields)


def _spoken(origin: str, model: str, style: str, **fields: str) -> bytes:
    with client(origin) as mimo:
        answer = mimo.chat.completions.create(
            model=model,
            messages=said({"role": "user", "content": style}, {"role": "assistant", "content": LINE}),
            audio=audio(**fields),
        )
    sound = answer.choices[0].message.audio
    assert sound is not None
    return b64decode(sound.data)


def _check_wav(data: bytes) -> None:
    with wave.open(io.BytesIO(data)) as read:
        assert (read.getframerate(), read.getnchannels(), read.getsampwidth()) == (24_000, 1, 2)
        assert read.getnframes() > 24_000


def speech(origin: str) -> None:
    """Speak a line in a voice, as WAV."""
    _check_wav(_spoken(origin, SPEECH, "Warm, unhurried.", format="wav", voice="Mia"))


def designed(origin: str) -> None:
    """Speak in a voice by its description."""
    _check_wav(_spoken(origin, DESIGN, "Elderly man, gravelly, slow.", format="wav"))


def cloned(origin: str) -> None:
    """Speak in the voice of a sample."""
    sample = _spoken(origin, SPEECH, "Warm.", format="wav", voice="Mia")
    _check_wav(_spoken(origin, CLONE, "Warm.", format="wav", voice=data_url("audio/wav", sample)))


def speech_streamed(origin: str) -> None:
    """Read a stream of sound, which is raw samples."""
    samples = b""
    with client(origin) as mimo:
        for chunk in mimo.chat.completions.create(
            model=SPEECH,
            messages=said({"role": "assistant", "content": LINE}),
            audio=audio(format="pcm16", voice="Mia"),
            stream=True,
        ):
            for choice in chunk.choices:
                if choice.delta.audio is not None:
                    samples += b64decode(choice.delta.audio.data or "")
    assert len(samples) > 24_000
    assert len(samples) % 2 == 0


def heard(origin: str) -> None:
    """Turn a recording into text."""
    recording = _spoken(origin, SPEECH, "Warm.", format="wav", voice="Mia")
    part = {"type": "input_audio", "input_audio": {"data": data_url("audio/wav", recording)}}
    with client(origin) as mimo:
        answer = mimo.chat.completions.create(
            model=RECOGNITION, messages=user([part]), extra_body={"asr_options": {"language": "en"}}
        )
    assert LINE in (answer.choices[0].message.content or "")


def response(origin: str) -> None:
    """Ask by the Responses API."""
    with client(origin) as mimo:
        answer = mimo.responses.create(model=MODEL, input="What is a harbour?")
    assert answer.status == "completed"
    assert "harbour" in answer.output_text
    assert [item.type for item in answer.output] == ["reasoning", "message"]
    assert answer.usage is not None
    assert answer.usage.total_tokens > 0


def response_streamed(origin: str) -> None:
    """Read a response as a stream of events."""
    with client(origin) as mimo:
        events = list(mimo.responses.create(model=MODEL, input="What is a harbour?", stream=True))
    assert [event.sequence_number for event in events] == list(range(len(events)))
    assert (events[0].type, events[-1].type) == ("response.created", "response.completed")
    text = "".join(event.delta for event in events if event.type == "response.output_text.delta")
    assert events[-1].type == "response.completed"
    assert text == events[-1].response.output_text


def response_accumulated(origin: str) -> None:
    """Read a stream by `responses.stream`, which puts the response together."""
    with client(origin) as mimo, mimo.responses.stream(model=MODEL, input="Hello") as stream:
        deltas = "".join(event.delta for event in stream if event.type == "response.output_text.delta")
        assert deltas == stream.get_final_response().output_text


def response_tools(origin: str) -> None:
    """Call a function by the Responses API, and replay all of it with the result."""
    history: list[object] = [{"role": "user", "content": "How warm is it in Oslo?"}]
    with client(origin) as mimo:
        called = mimo.responses.create(model=MODEL, input=_input(history), tools=[GET_TEMP])
        call = next(item for item in called.output if item.type == "function_call")
        assert json.loads(call.arguments) == {"city": "Oslo"}
        history += [item.model_dump(exclude_none=True) for item in called.output]
        history.append({"type": "function_call_output", "call_id": call.call_id, "output": "4 degrees"})
        answer = mimo.responses.create(model=MODEL, input=_input(history), tools=[GET_TEMP])
    assert "4 degrees" in answer.output_text


def response_image(origin: str) -> None:
    """Show an image by the Responses API."""
    parts = [
        {"type": "input_text", "text": "What is it?"},
        {"type": "input_image", "image_url": data_url("image/png", files.picture(size=(640, 480)))},
    ]
    with client(origin) as mimo:
        answer = mimo.responses.create(model=MODEL, input=_input([{"role": "user", "content": parts}]))
    assert "640×480" in answer.output_text


async def response_async(origin: str) -> None:
    """Ask by the Responses API and the asynchronous client."""
    async with asynchronous(origin) as mimo:
        answer = await mimo.responses.create(
            model=MODEL, input="Hello", reasoning={"effort": "none"}, max_output_tokens=500
        )
    assert [item.type for item in answer.output] == ["message"]


def _input(items: list[object]) -> ResponseInputParam:
    return cast("ResponseInputParam", items)
