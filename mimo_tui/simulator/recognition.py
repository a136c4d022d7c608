"""Speech recognition: the text of what the simulator itself spoke (`mimo-api.md` §9.5)."""

import asyncio
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from starlette.responses import Response

from mimo_tui.core.json_text import Json
from mimo_tui.simulator import parameters as read
from mimo_tui.simulator import sse, tokens
from mimo_tui.simulator.call import Call
from mimo_tui.simulator.chat_request import check_sampling, check_single
from mimo_tui.simulator.completion import Envelope, envelope
from mimo_tui.simulator.conversation import PER_MESSAGE
from mimo_tui.simulator.fault import Refusal, wrong_parameter, wrong_schema
from mimo_tui.simulator.generation import Paced, output_limit, stream_of
from mimo_tui.simulator.hearing import spoken
from mimo_tui.simulator.recordings import audio_tokens, from_data_url

_AUDIO_MISSING = "ASR request requires a user message with input_audio content"
_ONLY_AUDIO = "ASR request takes one user message whose content is one input_audio part"
_LANGUAGES = ("auto", "zh", "en")


@dataclass(frozen=True, slots=True)
class _Heard:
    """A recording's text, whole or as much of it as was wanted, and its length."""

    envelope: Envelope
    text: str
    finish: str
    seconds: float

    @property
    def usage(self) -> dict[str, Json]:
        """Count the sound and the text."""
        sound, written = audio_tokens(self.seconds), tokens.count(self.text)
        return {
            "prompt_tokens": sound + PER_MESSAGE,
            "completion_tokens": written,
            "total_tokens": sound + PER_MESSAGE + written,
            "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": sound},
            "seconds": math.ceil(self.seconds),
        }


async def answer(call: Call) -> Response:
    """Give the text of a recording. Raises Refusal with the fault of the platform."""
    stream = read.flag(call.body, "stream")
    heard = await asyncio.to_thread(_heard, call)
    if stream:
        return stream_of(call, _events(heard))
    message: dict[str, Json] = {"role": "assistant", "content": heard.text}
    return Response(heard.envelope.whole(message, heard.finish, heard.usage), media_type="application/json")


def _heard(call: Call) -> _Heard:
    url = _data(call.body.get("messages"))
    check_single(call.body)
    check_sampling(call.body)
    language = read.one_of(read.table(call.body, "asr_options"), "language", *_LANGUAGES)
    limit = output_limit(call)
    budget = read.whole(call.body, "max_completion_tokens", 1, limit) or limit
    recording = from_data_url(url, "input_audio.data")
    sound = audio_tokens(recording.seconds)
    if call.model.context is not None and sound > call.model.context.value:
        raise Refusal(
            wrong_parameter(f"the sound has {sound} tokens, the context takes {call.model.context.value}")
        )
    text = spoken(recording)
    if text is None:
        text = _foreign(recording.seconds, language)
    written = tokens.cut(text, budget)
    finish = "stop" if written == text else "length"
    return _Heard(envelope(call), written, finish, recording.seconds)


def _foreign(seconds: float, language: str) -> str:
    if language == "zh":
        return f"[模拟] {seconds:.1f} 秒的声音，不是模拟器说的。"
    return f"[simulated] {seconds:.1f} seconds of sound that the simulator did not speak."


def _data(messages: Json) -> str:
    """Give the address of the only part of the only message."""
    if not isinstance(messages, list) or not all(isinstance(message, dict) for message in messages):
        raise Refusal(wrong_schema())
    users = [one for one in messages if isinstance(one, dict) and one.get("role") == "user"]
    parts = [part for user in users for part in _parts(user)]
    sounds = [part for part in parts if part.get("type") == "input_audio"]
    if not sounds:
        raise Refusal(wrong_parameter(_AUDIO_MISSING))
    if len(messages) != 1 or len(parts) != 1:
        raise Refusal(wrong_parameter(_ONLY_AUDIO))
    return read.text(read.table(sounds[0], "input_audio"), "data", required=True)


def _parts(message: Mapping[str, Json]) -> list[Mapping[str, Json]]:
    content = message.get("content")
    if not isinstance(content, list):
        return []
    return [part if isinstance(part, dict) else {} for part in content]


def _events(heard: _Heard) -> Iterator[Paced]:
    whole = heard.envelope
    yield sse.KEEP_ALIVE, 0
    yield whole.chunk(role="assistant", content=""), 0
    for piece in tokens.pieces(heard.text):
        yield whole.chunk(content=piece), tokens.count(piece)
    yield whole.chunk(heard.finish, content=None), 0
    yield whole.usage(heard.usage), 0
    yield sse.DONE, 0
