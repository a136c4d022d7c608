"""Speech: built-in, designed and cloned voices, whole and streamed (`mimo-api.md` §9)."""

import asyncio
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from starlette.responses import Response

from mimo_tui.core.catalogue import ModelKind
from mimo_tui.core.json_text import Json
from mimo_tui.core.speech.waves import wave_header
from mimo_tui.simulator import sse
from mimo_tui.simulator.call import Call
from mimo_tui.simulator.completion import Envelope, envelope
from mimo_tui.simulator.generation import Paced, stream_of
from mimo_tui.simulator.mp3 import as_mp3
from mimo_tui.simulator.recordings import audio_tokens, seconds_of
from mimo_tui.simulator.speech_request import MP3, WAV, Order, read_speech
from mimo_tui.simulator.synthesis import Performance, perform
from mimo_tui.simulator.throat import RATE

_ODD = 3
"""Of so many pieces of a stream one ends in the middle of a sample (`mimo-api.md` §9.4)."""

_Piece: TypeAlias = tuple[bytes, float]


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
        read, spoken = self.order.prompt_tokens, self.tokens
        return {"prompt_tokens": read, "completion_tokens": spoken, "total_tokens": read + spoken}

    @property
    def tokens(self) -> int:
        """Count what was spoken, by its length."""
        return audio_tokens(self.performance.seconds)

    @property
    def preview(self) -> dict[str, Json]:
        """Give the text that the model wrote, where it was asked to."""
        return {} if self.order.preview is None else {"final_text_preview": self.order.preview}

    def pieces(self) -> Iterator[_Piece]:
        """Give the bytes of the file that was asked for, as they are made, each with the seconds that it lasts."""
        if self.order.form == MP3:
            yield from self._mp3()
            return
        head = wave_header(self.performance.samples, RATE) if self.order.form == WAV else b""
        for piece in self.performance.pieces():
            yield head + piece, len(piece) / 2 / RATE
            head = b""

    def _mp3(self) -> Iterator[_Piece]:
        """Give an MP3 in as many pieces as the same sound has in another format; none comes before it is whole."""
        pieces = list(self.performance.pieces())
        whole = as_mp3(b"".join(pieces), RATE, self.performance.words)
        size = -(-len(whole) // len(pieces))
        second = len(whole) / self.performance.seconds
        for at in range(0, len(whole), size):
            yield whole[at : at + size], len(whole[at : at + size]) / second

    def whole(self) -> bytes:
        """Give the file that was asked for."""
        return b"".join(data for data, _ in self.pieces())

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
        document = await asyncio.to_thread(_document, prepared)
        if call.tokens_per_second:
            await call.sleep(prepared.tokens / call.tokens_per_second)
        return Response(document, media_type="application/json")
    if call.model.kind.value is ModelKind.SPEECH:
        return stream_of(call, _events(prepared, prepared.pieces()))
    # Only the built-in voices come while they speak; the others come all at the end.
    whole = await asyncio.to_thread(prepared.whole)
    return stream_of(call, _events(prepared, [(whole, 0.0)], prepared.tokens))


def _prepared(call: Call) -> _Answer:
    order = read_speech(call)
    performance = perform(order.script, order.timbre, seconds_of(order.budget))
    return _Answer(order, envelope(call), performance)


def _document(prepared: _Answer) -> bytes:
    message: dict[str, Json] = {"role": "assistant", "content": ""}
    message["audio"] = prepared.audio(prepared.whole())
    return prepared.envelope.whole(message | prepared.preview, prepared.finish, prepared.usage)


def _events(prepared: _Answer, pieces: Iterable[_Piece], before: int = 0) -> Iterator[Paced]:
    """Give the stream; `before` are the tokens that are spoken before any sound comes."""
    whole, spoken = prepared.envelope, 0.0
    yield sse.KEEP_ALIVE, 0
    yield whole.chunk(role="assistant", content="", audio=None), before
    for data, seconds in _oddly(pieces):
        carried = audio_tokens(spoken + seconds) - audio_tokens(spoken)
        yield whole.chunk(content=None, audio=prepared.audio(data)), carried
        spoken += seconds
    yield whole.chunk(prepared.finish, content=None, **prepared.preview), 0
    yield whole.usage(prepared.usage), 0
    yield sse.DONE, 0


def _oddly(pieces: Iterable[_Piece]) -> Iterator[_Piece]:
    """Give the same bytes; now and then the last one of a piece comes with the next."""
    kept = b""
    for number, (piece, seconds) in enumerate(pieces):
        data = kept + piece
        end = len(data) - 1 if number % _ODD == 1 else len(data)
        yield data[:end], seconds
        kept = data[end:]
    if kept:
        yield kept, 0.0
