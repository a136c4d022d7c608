"""Speech, however it comes and breaks off; and what is heard of a recording (mimo-api.md §9)."""

import asyncio
import base64
import json
import random
import time
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mimo_tui.core.catalogue import Catalogue
from mimo_tui.core.exchange import Failure
from mimo_tui.core.json_text import Json
from mimo_tui.core.media.data_url import url_of
from mimo_tui.core.model import ModelKind
from mimo_tui.core.secrets import Secret
from mimo_tui.core.speech.bodies import recognition_body, speech_body
from mimo_tui.core.take import SoundFormat
from mimo_tui.core.usage import Usage
from mimo_tui.simulator.accounts import PAY_AS_YOU_GO
from mimo_tui.simulator.server import serve
from mimo_tui.wire.chat import stream_chat
from mimo_tui.wire.events import BadSound, Ended, Finished, SpeechPiece, Told, Warned
from mimo_tui.wire.http import Client, Limits, Network
from mimo_tui.wire.sending import encoded as written
from mimo_tui.wire.speech import ChatRequest, Preview, SoundPiece, SpeechReader, stream_speech
from tests.wire.listening import KEY, hear_all, request_to, streaming
from tests.wire.servers import Connection, Server, serving

QUICK = Limits(connect=2.0, first_byte=0.3, silence=0.3, tries=1)
SOUND = random.Random(3).randbytes(9001)


@dataclass
class Spoken:
    """All that came."""

    sound: bytes = b""
    text: str = ""
    preview: str = ""
    bad: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    usage: Usage | None = None
    reason: str = ""
    ended: Ended | None = None

    @property
    def end(self) -> Ended:
        """The last piece."""
        assert self.ended is not None
        return self.ended

    def hear(self, piece: SpeechPiece) -> None:
        """Take one piece."""
        assert self.ended is None
        match piece:
            case SoundPiece(data):
                assert data
                self.sound += data
            case Preview(text):
                self.preview = text
            case BadSound(reason):
                self.bad.append(reason)
            case Warned(message):
                self.warnings.append(message)
            case Told(usage):
                self.usage = usage
            case Finished(reason):
                self.reason = reason
            case Ended():
                self.ended = piece
            case _:
                self.text += piece.text


async def spoken_all(pieces: AsyncIterator[SpeechPiece]) -> Spoken:
    """Listen to the end."""
    spoken = Spoken()
    async for piece in pieces:
        spoken.hear(piece)
    assert spoken.ended is not None
    return spoken


async def spoken(client: Client, server: Server, *, streamed: bool = True) -> Spoken:
    return await spoken_all(stream_speech(client, request_to(server, streamed=streamed), QUICK))


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def chunk(finish: str | None = None, **delta: Json) -> bytes:
    document = {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}
    return b"data: " + json.dumps(document, ensure_ascii=False).encode() + b"\n\n"


def sounding(data: bytes) -> bytes:
    return chunk(
        content=None, audio={"id": "a", "data": encoded(data), "expires_at": None, "transcript": None}
    )


USAGE: dict[str, Json] = {"prompt_tokens": 30, "completion_tokens": 120, "total_tokens": 150}
BEGIN = [b": PROCESSING\n\n", chunk(role="assistant", content="", audio=None)]
PIECES = [sounding(SOUND[:101]), sounding(SOUND[101:4000]), sounding(SOUND[4000:])]
END = [
    chunk("stop", content=None),
    b"data: " + json.dumps({"choices": [], "usage": USAGE}).encode() + b"\n\n",
    b"data: [DONE]\n\n",
]


async def test_sound_usage_and_reason_come_as_pieces(client: Client) -> None:
    async with serving(streaming(*BEGIN, *PIECES, *END)) as server:
        found = await spoken(client, server)
    assert (found.sound, found.reason, found.usage) == (SOUND, "stop", Usage(30, 120, 150))
    assert found.end.complete
    assert (found.text, found.bad, found.preview) == ("", [], "")


async def test_sound_that_is_not_streamed_gives_the_same_pieces(client: Client) -> None:
    audio: Json = {"id": "a", "data": encoded(SOUND), "expires_at": None, "transcript": None}
    message: Json = {"role": "assistant", "content": "", "audio": audio, "final_text_preview": "Sit down."}
    document = {"choices": [{"index": 0, "finish_reason": "stop", "message": message}], "usage": USAGE}

    async def answer(connection: Connection) -> None:
        await connection.answer(200, b"\n" + json.dumps(document, indent=1).encode())

    async with serving(answer) as server:
        for streamed in (True, False):
            found = await spoken(client, server, streamed=streamed)
            assert (found.sound, found.reason, found.usage) == (SOUND, "stop", Usage(30, 120, 150))
            assert (found.preview, found.end.complete) == ("Sit down.", True)


async def test_the_raw_body_holds_all_but_the_sound(client: Client) -> None:
    async with serving(streaming(*BEGIN, *PIECES, *END)) as server:
        found = await spoken(client, server)
    raw = found.end.raw
    assert "(sound 1: 5,200 characters of base64)" in raw
    assert encoded(SOUND[4000:])[:100] not in raw
    assert raw.endswith(b"".join(END).decode())
    assert len(raw) < 2000


async def test_the_line_that_the_model_wrote_comes_without_the_key(client: Client) -> None:
    preview = f"Sit \x1b[31mdown, {KEY.reveal()}."
    async with serving(streaming(*BEGIN, chunk("stop", final_text_preview=preview), *END)) as server:
        found = await spoken(client, server)
    assert found.preview.startswith("Sit ")
    assert KEY.reveal() not in repr(found) + found.preview


async def test_bad_base64_in_mid_stream_keeps_what_came(client: Client) -> None:
    bad = chunk(audio={"data": KEY.reveal() + "A" * 1000})
    async with serving(streaming(*BEGIN, *PIECES[:2], bad, *PIECES[2:], *END)) as server:
        found = await spoken(client, server)
    assert (found.sound, found.bad) == (SOUND[:4000], ["The sound is no base64."])
    assert (found.end.complete, found.reason) == (False, "stop")
    assert KEY.reveal() not in repr(found)


async def test_an_error_in_mid_stream_keeps_what_came(client: Client) -> None:
    error = b'data:{"error":{"code":"500","message":"Internal ' + KEY.reveal().encode() + b'"}}\n\n'
    async with serving(streaming(*BEGIN, *PIECES[:2], error)) as server:
        found = await spoken(client, server)
    assert (found.sound, found.end.complete) == (SOUND[:4000], False)
    assert found.end.exchange.error is not None
    assert found.end.exchange.error.message.startswith("Internal ")
    assert KEY.reveal() not in repr(found)


async def test_a_stream_that_breaks_off_within_a_piece_keeps_what_came_of_it(client: Client) -> None:
    last = PIECES[2][: len(PIECES[2]) // 2]

    async def answer(connection: Connection) -> None:
        await connection.begin()
        await connection.send(b"".join(BEGIN + PIECES[:2]) + last)
        await asyncio.sleep(0.02)
        connection.reset()

    async def silent(connection: Connection) -> None:
        await connection.begin()
        await connection.send(b"".join(BEGIN + PIECES[:2]) + last)
        await connection.hang()

    for handler, failure in ((answer, Failure.RESET), (silent, Failure.TIME_OUT)):
        async with serving(handler) as server:
            found = await spoken(client, server)
        assert SOUND.startswith(found.sound)
        assert len(found.sound) > 4000 + 1500
        assert (found.end.exchange.failure, found.end.complete, found.bad) == (failure, False, [])


async def test_a_stream_without_an_end_is_not_complete(client: Client) -> None:
    async with serving(streaming(*BEGIN, *PIECES)) as server:
        found = await spoken(client, server)
    assert (found.sound, found.end.complete, found.end.exchange.failure) == (SOUND, False, None)


async def test_words_in_place_of_sound_are_not_taken_for_speech(client: Client) -> None:
    words = [chunk(content="I am sorry, "), chunk(content="no.")]
    async with serving(streaming(*BEGIN, *words, *END)) as server:
        found = await spoken(client, server)
    assert (found.sound, found.text, found.reason) == (b"", "I am sorry, no.", "stop")
    assert not found.end.complete
    assert found.end.exchange.error is None


async def test_moderation_that_comes_as_words_is_told(client: Client) -> None:
    async with serving(streaming(*BEGIN, chunk("content_filter", content="Rejected."), *END[1:])) as server:
        found = await spoken(client, server)
    assert (found.reason, found.text, found.end.complete) == ("content_filter", "Rejected.", False)


@pytest.mark.parametrize("status", [200, 400])
async def test_an_error_in_place_of_sound_is_told(client: Client, status: int) -> None:
    body = b'{"error":{"code":"400","message":"Param Incorrect","param":"Unknown voice: X."}}'

    async def answer(connection: Connection) -> None:
        await connection.answer(status, body)

    async with serving(answer) as server:
        found = await spoken(client, server)
    assert found.end.exchange.error is not None
    assert (found.end.exchange.error.detail, found.end.complete) == ("Unknown voice: X.", False)
    assert found.end.raw == body.decode()


@pytest.mark.parametrize(
    "body",
    [
        b"<!doctype html><title>Sign in</title>",
        b"data: {not json}\n\n",
        b'data: {"choices":[{"delta":{"audio":"x","final_text_preview":7},"finish_reason":7}]}\n\n',
        b'data: {"choices":[{"delta":{"audio":[{"data":"AAAA"}]}}]}\n\n',
        b'data: {"choices":[{"index":1,"delta":{"audio":{"data":"AAAA"}}}]}\n\n',
        b'{"choices": [{"message": {"audio": {"data": "',
        b"RIFF....WAVEfmt ",
        b"",
    ],
)
async def test_garbage_ends_in_no_sound_and_never_raises(client: Client, body: bytes) -> None:
    async with serving(streaming(body)) as server:
        found = await spoken(client, server)
    assert (found.sound, found.end.complete, found.end.exchange.status) == (b"", False, 200)


async def test_a_person_who_stops_keeps_what_came(client: Client) -> None:
    async def answer(connection: Connection) -> None:
        await connection.begin()
        await connection.send(PIECES[0])
        await connection.hang()

    stop, found = asyncio.Event(), Spoken()
    async with serving(answer) as server:
        async for piece in stream_speech(client, request_to(server), stop=stop):
            found.hear(piece)
            stop.set()
        assert await asyncio.wait_for(server.ended.get(), 0.2)
        async with aclosing(stream_speech(client, request_to(server))) as pieces:
            assert await anext(pieces) == SoundPiece(SOUND[:101])
        assert await asyncio.wait_for(server.ended.get(), 0.2)
    assert (found.sound, found.end.complete, found.end.exchange.failure) == (SOUND[:101], False, None)


async def test_the_request_is_of_the_chat_form(client: Client) -> None:
    async with serving(streaming(*PIECES, *END)) as server:
        body = speech_body(ModelKind.SPEECH, "Hello.", voice="Mia", format=SoundFormat.PCM16)
        await spoken_all(stream_speech(client, ChatRequest(f"{server.url}/x", KEY, "m", body, server.place)))
    assert json.loads(server.requests[0].body) == {"model": "m", **body, "stream": True}


# Sizes.


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=8,
    ),
    st.text(min_size=1, max_size=7),
)
@settings(max_examples=30, deadline=None)
def test_a_body_with_long_texts_is_written_as_any_other(value: Json, text: str) -> None:
    long = text * (600_000 // len(text))
    body: dict[str, Json] = {"a": long, "b": [value, {"c": long[1:]}], "": value, "d": long[:262_144]}
    assert written(body) == json.dumps(body, separators=(",", ":")).encode()


@pytest.mark.parametrize("value", [float("nan"), [float("inf")]])
def test_what_json_cannot_hold_is_refused(value: Json) -> None:
    with pytest.raises(ValueError, match="JSON"):
        written({"a": value})


def one_event(megabytes: int) -> list[bytes]:
    unit = encoded(random.Random(4).randbytes(48 * 1024)).encode()
    count = megabytes * 1024 * 1024 // len(unit)
    begin, _, end = chunk(audio={"id": "a", "data": "|"}).partition(b"|")
    return [begin, *[unit] * count, end, *END]


def slowest_and_sound(answer: list[bytes]) -> tuple[float, int]:
    """Give the longest time, in ms of CPU, that a piece of the network's takes, and the bytes of sound."""
    reader, slowest, sound = SpeechReader(KEY), 0.0, 0
    for each in answer:
        started = time.thread_time()
        found = reader.feed(each)
        slowest = max(slowest, time.thread_time() - started)
        sound += sum(len(piece.data) for piece in found if isinstance(piece, SoundPiece))
    reader.close()
    assert reader.is_complete
    return 1000 * slowest, sound


def test_eight_megabytes_in_one_event_hold_nothing_up_and_take_no_memory() -> None:
    answer = one_event(8)
    slowest, sound = slowest_and_sound(answer)
    assert (slowest < 10, sound > 6_000_000) == (True, True)
    tracemalloc.start()
    slowest_and_sound(answer)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000


@pytest.mark.long
def test_the_longest_speech_in_one_event_holds_nothing_up() -> None:
    slowest, sound = slowest_and_sound(one_event(80))
    assert (slowest < 10, sound > 60_000_000) == (True, True)


# The simulated platform.


@pytest.fixture
async def simulated(catalogue: Catalogue) -> AsyncIterator[Client]:
    """A client whose official hosts are the simulated platform."""
    with serve() as served:
        made = Client(catalogue, Network(simulated=lambda: served.origin))
        yield made
        await made.aclose()


def asking(model: str, body: dict[str, Json], *, streamed: bool = True) -> ChatRequest:
    url = "https://api.xiaomimimo.com/v1/chat/completions"
    return ChatRequest(url, Secret(PAY_AS_YOU_GO), model, body, streamed=streamed)


LINE = "The harbour lights went out one by one."
SAMPLE = {
    ModelKind.SPEECH: "mimo-v2.5-tts",
    ModelKind.VOICE_DESIGN: "mimo-v2.5-tts-voicedesign",
    ModelKind.VOICE_CLONE: "mimo-v2.5-tts-voiceclone",
}


async def test_the_three_flavours_speak_and_are_heard_again(simulated: Client) -> None:
    sample = ""
    for kind, model in SAMPLE.items():
        body = speech_body(kind, LINE, description="an old man", sample_url=sample, format=SoundFormat.PCM16)
        streamed = await spoken_all(stream_speech(simulated, asking(model, body)))
        whole = await spoken_all(stream_speech(simulated, asking(model, body, streamed=False)))
        assert streamed.end.complete
        assert streamed.end.exchange.simulated
        assert streamed.sound == whole.sound
        assert len(streamed.sound) > 48_000
        wav = speech_body(kind, LINE, description="an old man", sample_url=sample, format=SoundFormat.WAV)
        file = await spoken_all(stream_speech(simulated, asking(model, wav, streamed=False)))
        assert file.sound.endswith(streamed.sound)
        sample = url_of("audio/wav", file.sound)
        for language in ("", "en"):
            heard = await hear_all(
                stream_chat(simulated, asking("mimo-v2.5-asr", recognition_body(sample, language)))
            )
            assert (heard.text, heard.complete) == (LINE, True)
            assert heard.usage is not None
            assert heard.usage.seconds == pytest.approx(len(streamed.sound) / 48_000, abs=1)


async def test_the_simulated_platform_polishes_a_line(simulated: Client) -> None:
    body = speech_body(ModelKind.VOICE_DESIGN, "", description="a warm young woman", polish=True)
    for streamed in (True, False):
        request = asking(SAMPLE[ModelKind.VOICE_DESIGN], body, streamed=streamed)
        found = await spoken_all(stream_speech(simulated, request))
        assert "a warm young woman" in found.preview
        assert found.end.complete
