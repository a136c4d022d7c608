"""Speech is what mimo-api.md §9 has it: three kinds of voices, their rules, and sound that can be listened to."""

import io
import json
import sys
import time
from itertools import combinations

import pytest
import soundfile

from mimo_tui.core.json_text import Json
from mimo_tui.simulator.accounts import CHINA
from mimo_tui.simulator.recordings import loudness, pitch, read_recording
from tests.simulator import files
from tests.simulator.asking import platform_at, post
from tests.simulator.speaking import (
    CLONE,
    DESIGN,
    PLATFORM,
    SPEECH,
    completion,
    deltas,
    events,
    listen,
    make_wav,
    read_wav,
    refused,
    sound_of,
    speak,
    speech_body,
    streamed_pieces,
)

LINE = "The harbour lights went out one by one, and nobody came to light them again that night."
CHINESE = "海港的灯一盏一盏地熄灭了那一夜再也没有人来点亮它们"
MODEL = PLATFORM.catalogue.model(SPEECH)
assert MODEL is not None
VOICES = [voice.id for voice in MODEL.voices if not voice.stands_for]


def tone(hertz: int, *, loud: int = 9000, seconds: float = 0.5, rate: int = 16_000) -> bytes:
    """Give a WAV with a sawtooth, which has a pitch as a voice has."""
    period = rate / hertz
    samples = (
        int(loud * (2 * (at % period) / period - 1)).to_bytes(2, "little", signed=True)
        for at in range(int(seconds * rate))
    )
    return make_wav(b"".join(samples), rate=rate)


def heard_pitch(data: bytes) -> float:
    found = pitch(read_recording(data))
    assert found is not None
    return found


# The sound.


async def test_a_wav_is_of_24_khz_mono_16_bit() -> None:
    sound = read_wav(await speak(LINE, voice="Mia", format="wav"))
    assert (sound.rate, sound.channels, sound.width) == (24_000, 1, 2)


async def test_without_a_format_it_is_a_wav() -> None:
    assert await speak(LINE) == await speak(LINE, format="wav")


@pytest.mark.parametrize("form", ["pcm", "pcm16"])
async def test_pcm_is_the_frames_of_the_wav(form: str) -> None:
    assert await speak(LINE, format=form) == read_wav(await speak(LINE)).frames


@pytest.mark.parametrize("voice", VOICES)
async def test_latin_text_lasts_as_long_as_it_is(voice: str) -> None:
    seconds = read_wav(await speak(LINE, voice=voice)).seconds
    assert 0.8 < seconds / (len(LINE) / 15) < 1.4


@pytest.mark.parametrize("voice", VOICES)
async def test_chinese_text_lasts_as_long_as_it_is(voice: str) -> None:
    seconds = read_wav(await speak(CHINESE, voice=voice)).seconds
    assert 0.8 < seconds / (len(CHINESE) / 4.5) < 1.4


async def test_the_same_request_twice_gives_the_same_bytes() -> None:
    body = speech_body(LINE, "warm", voice="Dean")
    assert await completion(body) == await completion(body)


async def test_every_two_voices_differ() -> None:
    sounds = {voice: await speak("Hello there, friend.", voice=voice) for voice in VOICES}
    assert not [pair for pair in combinations(VOICES, 2) if sounds[pair[0]] == sounds[pair[1]]]


async def test_women_speak_higher_than_men() -> None:
    assert heard_pitch(await speak(LINE, voice="Mia")) > 1.4 * heard_pitch(await speak(LINE, voice="Dean"))


async def test_sound_starts_and_ends_in_silence_and_is_never_too_loud() -> None:
    samples = read_recording(await speak(LINE, "shouting, angry", voice="Milo")).samples
    assert max(map(abs, samples[:400])) <= 1
    assert max(map(abs, samples[-400:])) <= 1
    assert 4000 < max(map(abs, samples)) <= 32_001


async def test_ten_seconds_are_made_in_far_less_than_one() -> None:
    text = f"{LINE} {LINE}"
    started = time.process_time()
    seconds = read_wav(await speak(text)).seconds
    assert seconds > 10
    assert time.process_time() - started < 0.6


# Style.


@pytest.mark.parametrize("slow", ["speak slowly", "unhurried", "语速放缓"])
async def test_a_style_of_the_user_makes_it_slower(slow: str) -> None:
    assert len(await speak(LINE, slow)) > 1.15 * len(await speak(LINE))


async def test_a_style_of_the_user_makes_it_quieter() -> None:
    quiet = read_recording(await speak(LINE, "whispering"))
    assert loudness(quiet) < 0.7 * loudness(read_recording(await speak(LINE)))


@pytest.mark.parametrize("tag", ["(fast)", "（快速）", "[fast]"])
async def test_a_tag_at_the_start_changes_the_tempo_and_is_not_spoken(tag: str) -> None:
    assert len(await speak(f"{tag}{LINE}")) < 0.9 * len(await speak(LINE))


async def test_a_cue_within_the_text_is_heard() -> None:
    assert len(await speak("Oh well. [sigh] So be it.")) > len(await speak("Oh well. So be it."))


async def test_a_remark_in_brackets_is_spoken() -> None:
    assert len(await speak("It was (they said) a long way.")) > len(await speak("It was a long way."))


@pytest.mark.parametrize("tag", ["(sing)", "(singing)", "（唱歌）"])
async def test_built_in_voices_sing(tag: str) -> None:
    assert len(await speak(f"{tag}{CHINESE}")) > 1.5 * len(await speak(CHINESE))


async def test_other_voices_do_not_sing() -> None:
    sample = files.data_url("audio/wav", tone(150))
    sung, said = [await speak(f"{tag}{CHINESE}", model=CLONE, voice=sample) for tag in ("(sing)", "")]
    assert len(sung) == len(said)


async def test_a_designed_voice_knows_no_tags() -> None:
    tagged, plain = [await speak(f"{tag}{LINE}", "a man", model=DESIGN) for tag in ("(fast)", "")]
    assert len(tagged) > len(plain)


# The three kinds of voices.


@pytest.mark.parametrize(
    ("key", "host", "voice"), [("", "", "Mia"), (CHINA, "token-plan-cn.xiaomimimo.com", "冰糖")]
)
async def test_the_default_voice_is_that_of_the_cluster(key: str, host: str, voice: str) -> None:
    at = {"host": host} if host else {}
    named = await speak(LINE, key=key, voice=voice, **at)
    assert await speak(LINE, key=key, voice="mimo_default", **at) == named
    assert await speak(LINE, key=key, **at) == named


async def test_a_description_makes_a_voice() -> None:
    deep = await speak(LINE, "Elderly man, deep and slow.", model=DESIGN)
    child = await speak(LINE, "an excited child", model=DESIGN)
    assert len(deep) > 1.2 * len(child)
    assert heard_pitch(child) > 1.8 * heard_pitch(deep)


async def test_a_designed_voice_may_write_its_own_line() -> None:
    body = speech_body(None, "a warm young woman", model=DESIGN, optimize_text_preview=True)
    message = json.loads(json.dumps(await completion(body)))["choices"][0]["message"]
    assert "a warm young woman" in message["final_text_preview"]


async def test_a_designed_voice_polishes_the_line() -> None:
    body = speech_body("sit down", "a man", model=DESIGN, optimize_text_preview=True)
    message = json.loads(json.dumps(await completion(body)))["choices"][0]["message"]
    assert message["final_text_preview"] == "Sit down."


async def test_without_being_asked_nothing_is_polished() -> None:
    answer = await completion(speech_body("sit down", "a man", model=DESIGN))
    assert "final_text_preview" not in json.dumps(answer)


@pytest.mark.parametrize("hertz", [90, 130, 220])
async def test_a_cloned_voice_has_the_pitch_of_its_sample(hertz: int) -> None:
    sample = files.data_url("audio/wav", tone(hertz))
    assert heard_pitch(await speak(LINE, model=CLONE, voice=sample)) == pytest.approx(hertz, rel=0.25)


async def test_a_cloned_voice_has_the_loudness_of_its_sample() -> None:
    quiet, loud = [
        await speak(LINE, model=CLONE, voice=files.data_url("audio/wav", tone(130, loud=level)))
        for level in (1500, 9000)
    ]
    assert loudness(read_recording(loud)) > 1.8 * loudness(read_recording(quiet))


@pytest.mark.parametrize("mime", ["audio/mpeg", "audio/mp3"])
async def test_a_sample_may_be_an_mp3(mime: str) -> None:
    assert await speak(LINE, model=CLONE, voice=files.data_url(mime, files.mp3()))


@pytest.mark.parametrize(("width", "channels"), [(1, 1), (1, 2), (2, 2), (3, 1), (4, 2)])
async def test_a_sample_may_be_of_any_width(width: int, channels: int) -> None:
    sample = make_wav(bytes(8000 * width * channels), rate=8000, channels=channels, width=width)
    assert await speak(LINE, model=CLONE, voice=files.data_url("audio/wav", sample))


async def test_a_silent_sample_gives_a_voice_too() -> None:
    sample = make_wav(bytes(16_000), rate=8000)
    assert (
        loudness(read_recording(await speak(LINE, model=CLONE, voice=files.data_url("audio/wav", sample))))
        > 0.01
    )


# The answer.


async def test_an_answer_has_the_documented_shape() -> None:
    answer = json.loads(json.dumps(await completion(speech_body(LINE))))
    assert answer["object"] == "chat.completion"
    assert answer["model"] == SPEECH
    [choice] = answer["choices"]
    assert choice["finish_reason"] == "stop"
    assert choice["message"]["content"] == ""
    assert set(choice["message"]["audio"]) == {"id", "data", "expires_at", "transcript"}
    usage = answer["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]


async def test_a_budget_that_is_used_up_ends_the_sound() -> None:
    answer = json.loads(json.dumps(await completion(speech_body(LINE, max_completion_tokens=10))))
    assert answer["choices"][0]["finish_reason"] == "length"
    assert answer["usage"]["completion_tokens"] <= 10
    assert read_wav(sound_of(answer)).seconds <= 1.6


async def test_a_stream_joined_is_the_frames_of_the_wav() -> None:
    pieces = streamed_pieces(await events(speech_body(LINE)))
    assert b"".join(pieces) == read_wav(await speak(LINE)).frames


async def test_a_streamed_wav_is_a_wav() -> None:
    pieces = streamed_pieces(await events(speech_body(LINE, format="wav")))
    assert b"".join(pieces) == await speak(LINE)


@pytest.mark.parametrize("model", [SPEECH, DESIGN])
async def test_an_mp3_has_the_length_of_the_wav_and_is_heard_again(model: str) -> None:
    said = await speak(LINE, "a man", model=model, format="mp3")
    assert soundfile.info(io.BytesIO(said)).format == "MP3"
    sound, rate = soundfile.read(io.BytesIO(said))
    wav = read_wav(await speak(LINE, "a man", model=model))
    assert (rate, sound.ndim) == (24_000, 1)
    assert len(sound) / rate == pytest.approx(wav.seconds, abs=0.1)
    assert await listen(said, "audio/mpeg") == LINE


async def test_a_streamed_mp3_is_the_same_file() -> None:
    pieces = streamed_pieces(await events(speech_body(LINE, format="mp3")))
    assert len(pieces) > 10
    assert b"".join(pieces) == await speak(LINE, format="mp3")


async def test_without_its_library_no_mp3_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "soundfile", None)
    error = await refused(speech_body(LINE, format="mp3"))
    assert str(error["param"]).startswith("audio.format: the simulator makes no MP3 here")


async def test_a_piece_of_a_stream_may_end_within_a_sample() -> None:
    pieces = streamed_pieces(await events(speech_body(LINE)))
    assert len(pieces) > 10
    assert {len(piece) % 2 for piece in pieces} == {0, 1}


async def test_a_stream_ends_with_finish_and_usage() -> None:
    found = await events(speech_body(LINE))
    assert deltas(found)[0]["role"] == "assistant"
    assert [json.loads(json.dumps(one))["choices"][0]["finish_reason"] for one in found[:-1]][-2:] == [
        None,
        "stop",
    ]
    assert found[-1]["choices"] == []
    assert found[-1]["usage"] == (await completion(speech_body(LINE)))["usage"]


async def test_designed_and_cloned_voices_come_all_at_the_end() -> None:
    sample = files.data_url("audio/wav", tone(150))
    assert len(streamed_pieces(await events(speech_body(LINE, "a man", model=DESIGN)))) == 1
    assert len(streamed_pieces(await events(speech_body(LINE, model=CLONE, voice=sample)))) == 1


@pytest.mark.parametrize("model", [SPEECH, DESIGN])
@pytest.mark.parametrize("stream", [False, True])
async def test_it_takes_as_long_as_its_pace_says(model: str, stream: bool) -> None:
    pauses: list[float] = []

    async def note(seconds: float) -> None:
        pauses.append(seconds)

    slow = platform_at(sleep=note, tokens_per_second=60)
    body = {**speech_body(LINE, "a man", model=model), "stream": stream}
    answer = await post("/chat/completions", body, platform=slow)
    spoken = (await completion(speech_body(LINE, "a man", model=model)))["usage"]
    assert isinstance(spoken, dict)
    assert sum(pauses) == pytest.approx(int(str(spoken["completion_tokens"])) / 60)
    # Only a stream of the built-in voices lets anything be heard before the end.
    assert (max(pauses) < 0.1) == (stream and model == SPEECH)
    assert answer.status_code == 200


async def test_a_stream_tells_the_line_that_was_written() -> None:
    found = await events(speech_body("sit down", "a man", model=DESIGN, optimize_text_preview=True))
    assert deltas(found)[-1]["final_text_preview"] == "Sit down."


async def test_fields_of_other_services_are_ignored() -> None:
    assert await speak(LINE, speed=3, seed=1) == await speak(LINE)


async def test_content_in_parts_is_spoken() -> None:
    body = speech_body(LINE)
    body["messages"] = [{"role": "assistant", "content": [{"type": "text", "text": LINE}]}]
    assert sound_of(await completion(body)) == await speak(LINE)


# What is refused.


def sample(mime: str, data: bytes) -> dict[str, Json]:
    return speech_body(LINE, model=CLONE, voice=files.data_url(mime, data))


REFUSED: dict[str, tuple[dict[str, Json], str]] = {
    "no text to speak": (speech_body(None, "warm"), "messages must contain an assistant role for TTS model"),
    "an empty text": (speech_body(" \n"), "the text to be spoken must not be empty"),
    "a system message": (
        {
            **speech_body(LINE),
            "messages": [{"role": "system", "content": "x"}, {"role": "assistant", "content": "y"}],
        },
        "system role is not allowed for TTS model",
    ),
    "a picture": (
        {**speech_body(LINE), "messages": [{"role": "assistant", "content": [{"type": "image_url"}]}]},
        "TTS model takes text content only",
    ),
    "an unknown voice": (
        speech_body(LINE, voice="Zoe"),
        "Unknown voice: Zoe. Available voices: [mimo_default, 冰糖, 茉莉, 苏打, 白桦, Mia, Chloe, Milo, Dean]",
    ),
    "a voice of V2": (speech_body(LINE, voice="default_zh"), "Unknown voice: default_zh"),
    "an unknown format": (speech_body(LINE, format="flac"), "format must be one of wav, mp3, pcm, pcm16"),
    "tools": (speech_body(LINE, tools=[{}]), "tools is not supported for TTS model"),
    "stop": (speech_body(LINE, stop=["x"]), "stop is not supported for TTS model"),
    "JSON": (speech_body(LINE, response_format={"type": "json_object"}), "response_format is not supported"),
    "thinking": (speech_body(LINE, thinking={"type": "enabled"}), "thinking is not supported"),
    "several answers": (speech_body(LINE, n=2), "n is not supported"),
    "heat": (speech_body(LINE, temperature=2), "temperature must be between"),
    "too many tokens": (
        speech_body(LINE, max_completion_tokens=8193),
        "max_completion_tokens must be between 1 and",
    ),
    "too long a text": (speech_body("好" * 13_000), "the prompt has 8671 tokens, the context takes 8192"),
    "a line to be written by a built-in voice": (
        speech_body(LINE, optimize_text_preview=True),
        "audio.optimize_text_preview is for voice design only",
    ),
    "a voice for voice design": (
        speech_body(LINE, "a man", model=DESIGN, voice="Mia"),
        "audio.voice must be absent for voice design model",
    ),
    "voice design without a description": (
        speech_body(LINE, model=DESIGN),
        "messages must contain a user role with the description of the voice",
    ),
    "cloning without a sample": (
        speech_body(LINE, model=CLONE),
        "audio.voice must be a data URL with a sample",
    ),
    "cloning a built-in voice": (
        speech_body(LINE, model=CLONE, voice="Mia"),
        "audio.voice must be a data URL",
    ),
    "a sample behind a URL": (
        speech_body(LINE, model=CLONE, voice="https://example.com/a.wav"),
        "audio.voice must be a data URL",
    ),
    "a sample of another format": (
        sample("audio/flac", files.flac()),
        "audio.voice must be one of audio/wav",
    ),
    "too large a sample": (sample("audio/wav", bytes(8_000_000)), "audio.voice exceeds 10 MB as base64"),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_the_platform_refuses(case: str) -> None:
    body, reason = REFUSED[case]
    error = await refused(body)
    assert error["message"] == "Param Incorrect"
    assert str(error["param"]).startswith((reason, f"audio.format: {reason}"))


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("mime", "data"),
    [
        ("audio/wav", b"RIFF and no more"),
        ("audio/wav", make_wav(b"")),
        ("audio/wav", files.flac()),
        ("audio/mpeg", b"\xff\xfb\x90\x00"),
        ("audio/wav", b""),
    ],
)
async def test_a_broken_sample_is_refused(mime: str, data: bytes, stream: bool) -> None:
    error = await refused({**sample(mime, data), "stream": stream})
    assert error["message"] == "Multimodal data is corrupted or cannot be processed."


@pytest.mark.parametrize("messages", [None, [], "hello", [1], [{"content": "x"}]])
async def test_messages_of_another_shape_are_refused(messages: Json) -> None:
    error = await refused({**speech_body(LINE), "messages": messages})
    assert error["message"] == "Invalid request parameters"
