"""Speech: built-in, designed and cloned voices, whole and streamed (`mimo-api.md` §9)."""

import asyncio
import io
import wave
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from starlette.responses import Response

from mimo_tui.core.catalogue import ModelKind
from mimo_tui.core.json_text import Json
from mimo_tui.simulator import sse
from mimo_tui.simulator.call import Call
from mimo_tui.simulator.completion import Envelope, envelope
from mimo_tui.simulator.generation import Paced, stream_of
from mimo_tui.simulator.recordings import audio_tokens, seconds_of
from mimo_tui.simulator.speech_request import Order, read_speech
from mimo_tui.simulator.synthesis import Performance, perform
from mimo_tui.simulator.throat import RATE

_ODD = 3
"""Of so many pieces of a stream one ends in the middle of a sample (`mimo-api.md` §9.4)."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """A request, and what is heard in answer to it."""

    order: Order
    envelope: Envelope
    performance: Performance

    @property
    def finish(self) -> str:
        """Give the platform's word for why it ends."""
        return "stop" if self.performance.whole else "length"

    @property
    def usage(self) -> dict[str, Json]:
        """Count what was read, and what was spoken by its length."""
        spoken = audio_tokens(self.performance.seconds)
        read = self.order.prompt_tokens
        return {"prompt_tokens": read, "completion_tokens": spoken, "total_tokens": read + spoken}

    @property
    def preview(self) -> dict[str, Json]:
        """Give the text that the model wrote, where it was asked to."""
        return {} if self.order.preview is None else {"final_text_preview": self.order.preview}

    def pieces(self) -> Iterator[bytes]:
        """Give the bytes of the file that was asked for, as they are made."""
        if self.order.as_wav:
            yield _wav_header(self.performance.samples)
        yield from self.performance.pieces()

    def audio(self, data: bytes) -> dict[str, Json]:
        """Give the audio object of a message or a delta."""
        return {
            "id": f"audio_{self.envelope.id[:24]}",
            "data": b64encode(data).decode(),
            "expires_at": None,
            "transcript": None,
        }


async def answer(call: Call) -> Response:
    """Speak. Raises Refusal with the fault of the platform."""
    prepared = await asyncio.to_thread(_prepared, call)
    if not prepared.order.stream:
        whole = await asyncio.to_thread(_whole, prepared)
        return Response(whole, media_type="application/json")
    if call.model.kind.value is ModelKind.SPEECH:
        return stream_of(call, _events(prepared, prepared.pieces()))
    # Only the built-in voices come while they speak; the others come all at the end.
    whole = await asyncio.to_thread(lambda: b"".join(prepared.pieces()))
    return stream_of(call, _events(prepared, [whole]))


def _prepared(call: Call) -> _Answer:
    order = read_speech(call)
    performance = perform(order.script, order.timbre, seconds_of(order.budget))
    return _Answer(order, envelope(call), performance)


def _whole(prepared: _Answer) -> bytes:
    message: dict[str, Json] = {"role": "assistant", "content": ""}
    message["audio"] = prepared.audio(b"".join(prepared.pieces()))
    return prepared.envelope.whole(message | prepared.preview, prepared.finish, prepared.usage)


def _events(prepared: _Answer, pieces: Iterable[bytes]) -> Iterator[Paced]:
    whole = prepared.envelope
    yield sse.KEEP_ALIVE, 0
    yield whole.chunk(role="assistant", content="", audio=None), 0
    for piece in _oddly(pieces):
        yield whole.chunk(content=None, audio=prepared.audio(piece)), audio_tokens(len(piece) / 2 / RATE)
    yield whole.chunk(prepared.finish, content=None, **prepared.preview), 0
    yield whole.usage(prepared.usage), 0
    yield sse.DONE, 0


def _oddly(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Give the same bytes; now and then the last one of a piece comes with the next."""
    kept = b""
    for number, piece in enumerate(pieces):
        data = kept + piece
        end = len(data) - 1 if number % _ODD == 1 else len(data)
        yield data[:end]
        kept = data[end:]
    if kept:
        yield kept


def _wav_header(samples: int) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(RATE)
        written.writeframes(b"")
    header = bytearray(file.getvalue())
    size = 2 * samples
    header[4:8] = (len(header) - 8 + size).to_bytes(4, "little")
    header[-4:] = size.to_bytes(4, "little")
    return bytes(header)
