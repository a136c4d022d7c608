"""What the simulator spoke it hears again, from a file of any age (mimo-api.md §9.5)."""

import json
import random
import struct
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mimo_tui.core.json_text import Json
from mimo_tui.core.speech.cutting import cut_recording
from mimo_tui.core.speech.joining import Joiner
from mimo_tui.core.speech.samples import as_samples
from mimo_tui.core.speech.splitting import split_text
from mimo_tui.simulator.script import as_written
from mimo_tui.simulator.synthesis import perform
from mimo_tui.simulator.voices import designed
from mimo_tui.simulator.watermark import Passage, passages, watermark
from tests.simulator import files
from tests.simulator.speaking import (
    CLONE,
    DESIGN,
    completion,
    deltas,
    events,
    listen,
    make_wav,
    read_wav,
    recognition_body,
    refused,
    speak,
)

LINE = "The harbour lights went out one by one."
PART: Json = {"type": "input_audio", "input_audio": {"data": files.data_url("audio/wav", files.wav())}}


# What it hears.


@pytest.mark.parametrize(
    "text",
    [
        LINE,
        "你好，世界！今天的天气怎么样？",
        "粵語都得。",
        "a",
        "好",
        "?",
        "😀",
        "👩‍👩‍👧‍👦 the whole family 🎉",
        "Zażółć gęślą jaźń; こんにちは; 안녕하세요; مرحبا",
        "one\ntwo\n\nthree",
        "3.14159 × 2 = 6.28318",
    ],
)
async def test_what_was_spoken_is_heard(text: str) -> None:
    assert await listen(await speak(text)) == text


async def test_two_thousand_characters_are_heard() -> None:
    text = (LINE + " ") * 50
    text = text[:1999] + "."
    assert await listen(await speak(text)) == text


@pytest.mark.long
def test_two_thousand_chinese_characters_are_found_though_the_file_is_too_large_to_send() -> None:
    performance = perform(as_written("好" * 2000), designed("a man"), longest=1000)
    assert performance.seconds > 400
    [found] = passages(b"".join(performance.pieces()))
    assert found == Passage("好" * 2000, performance.samples, 0)


async def test_tags_and_cues_are_not_heard() -> None:
    spoken = await speak("(whispering) Oh well. [sigh] So (they said) be it (sudden laugh).")
    assert await listen(spoken) == "Oh well. So (they said) be it ."


async def test_a_remark_in_brackets_is_heard_whatever_its_words() -> None:
    assert await listen(await speak("He (an old friend of mine) left.")) == "He (an old friend of mine) left."


async def test_a_song_is_heard() -> None:
    assert await listen(await speak("(唱歌)一闪一闪亮晶晶")) == "一闪一闪亮晶晶"


async def test_what_a_designed_and_a_cloned_voice_say_is_heard() -> None:
    designed = await speak(LINE, "an old man", model=DESIGN)
    sample = files.data_url("audio/wav", await speak("My own voice.", voice="Dean"))
    assert await listen(designed) == LINE
    assert await listen(await speak(LINE, model=CLONE, voice=sample)) == LINE


async def test_raw_samples_put_into_a_wav_are_heard() -> None:
    assert await listen(make_wav(await speak(LINE, format="pcm16"))) == LINE


async def test_a_cut_recording_is_heard_while_a_whole_copy_is_left() -> None:
    frames = read_wav(await speak(LINE)).frames
    assert await listen(make_wav(frames[5001 * 2 : -7003 * 2])) == LINE


async def test_recordings_that_were_joined_are_heard_in_their_order() -> None:
    texts = (LINE, "Something else.", LINE, "Something else.")
    frames = {text: read_wav(await speak(text)).frames for text in texts}
    # Where recordings are joined, the silence at their ends is not kept as it was.
    joined = b"".join(frames[text][700:-2000] + bytes(3000) for text in texts)
    assert await listen(make_wav(joined)) == " ".join(texts)


async def test_joined_sentences_of_chinese_have_no_blank_between_them() -> None:
    frames = [read_wav(await speak(text)).frames for text in ("你好，世界！", "今天的天气怎么样？")]
    assert await listen(make_wav(b"".join(frames))) == "你好，世界！今天的天气怎么样？"


@pytest.mark.parametrize(
    "text", [f"{LINE} Was it the wind? " * 3, "海港的灯熄灭了。没有人来点亮它们！是风吗？" * 3]
)
async def test_a_long_text_is_heard_again_from_its_joined_parts_whole_or_cut(text: str) -> None:
    joiner, text = Joiner(24_000), text.strip()
    pieces: list[bytes] = []
    for part in split_text(text, 50):
        pieces += [joiner.next_part(), joiner.feed(read_wav(await speak(part)).frames)]
    sound = b"".join(pieces) + joiner.close()
    assert await listen(make_wav(sound)) == text
    cuts = cut_recording(as_samples(sound), 24_000, 6)
    heard = [await listen(make_wav(sound[2 * start : 2 * end])) for start, end in cuts]
    assert len(heard) > 1
    assert ("" if "灯" in text else " ").join(filter(None, heard)) == text


@pytest.mark.parametrize("text", [f"{LINE} Nobody came to light them again, and so it stayed.", "好" * 40])
async def test_the_parts_of_a_recording_that_was_cut_make_the_whole_text(text: str) -> None:
    frames = read_wav(await speak(text)).frames
    cuts = [0, len(frames) // 6 * 2, len(frames) // 4 * 2, len(frames)]
    parts = [await listen(make_wav(frames[start:end])) for start, end in pairwise(cuts)]
    assert ("" if "好" in text else " ").join(parts) == text
    assert all(len(part) > len(text) / 12 for part in parts)


@pytest.mark.parametrize("width", [3, 4])
async def test_a_recording_saved_with_more_bits_is_heard(width: int) -> None:
    frames = read_wav(await speak(LINE)).frames
    wide = b"".join(bytes(width - 2) + frames[at : at + 2] for at in range(0, len(frames), 2))
    assert await listen(make_wav(wide, width=width)) == LINE


async def test_a_recording_saved_in_stereo_is_heard() -> None:
    frames = read_wav(await speak(LINE)).frames
    both = b"".join(frames[at : at + 2] * 2 for at in range(0, len(frames), 2))
    assert await listen(make_wav(both, channels=2)) == LINE


async def test_a_file_with_other_chunks_is_heard() -> None:
    written = await speak(LINE)
    listed = b"LIST" + struct.pack("<I", 10) + b"INFOISFT\0\0"
    assert await listen(written[:36] + listed + written[36:]) == LINE


@pytest.mark.parametrize("language", ["auto", "zh", "en"])
async def test_a_language_may_be_named(language: str) -> None:
    assert await listen(await speak(LINE), asr_options={"language": language}) == LINE


async def test_sound_of_somebody_else_is_told_by_its_length() -> None:
    noise = random.Random(1).randbytes(24_000 * 2)
    expected = "[simulated] 1.0 seconds of sound that the simulator did not speak."
    assert await listen(make_wav(noise)) == expected
    assert await listen(files.wav(1)) == expected
    assert "秒" in await listen(files.wav(1), asr_options={"language": "zh"})


@pytest.mark.parametrize("mime", ["audio/mpeg", "audio/mp3"])
async def test_an_mp3_is_told_by_its_length(mime: str) -> None:
    assert await listen(files.mp3(), mime) == (
        "[simulated] 2.6 seconds of sound that the simulator did not speak."
    )


# The answer.


async def test_usage_counts_the_sound() -> None:
    answer = json.loads(json.dumps(await completion(recognition_body(files.wav(4)))))
    assert answer["choices"][0]["finish_reason"] == "stop"
    usage = answer["usage"]
    assert usage["seconds"] == 4
    assert usage["prompt_tokens_details"]["audio_tokens"] == 25
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]


async def test_a_budget_that_is_used_up_ends_the_text() -> None:
    body = recognition_body(await speak(LINE), max_completion_tokens=3)
    answer = json.loads(json.dumps(await completion(body)))
    assert answer["choices"][0]["finish_reason"] == "length"
    assert LINE.startswith(answer["choices"][0]["message"]["content"])
    assert answer["usage"]["completion_tokens"] <= 3


async def test_the_text_can_be_streamed() -> None:
    body = recognition_body(await speak(LINE))
    found = await events(body)
    said = [str(delta.get("content") or "") for delta in deltas(found)]
    assert len(said) > 5
    assert "".join(said) == LINE
    assert found[-1]["usage"] == (await completion(body))["usage"]


# What is refused.


def asked(*parts: Json, **fields: Json) -> dict[str, Json]:
    return {**recognition_body(files.wav()), "messages": [{"role": "user", "content": list(parts)}], **fields}


def heard(mime: str, data: bytes) -> dict[str, Json]:
    return recognition_body(data, mime)


TEXT: Json = {"type": "text", "text": "What is said?"}
AUDIO_MISSING = "ASR request requires a user message with input_audio content"
ONLY_AUDIO = "ASR request takes one user message whose content is one input_audio part"
REFUSED: dict[str, tuple[dict[str, Json], str]] = {
    "no message": (asked() | {"messages": []}, AUDIO_MISSING),
    "no part": (asked(), AUDIO_MISSING),
    "a text alone": (asked(TEXT), AUDIO_MISSING),
    "a string": (asked() | {"messages": [{"role": "user", "content": "hello"}]}, AUDIO_MISSING),
    "sound of the assistant": (
        asked() | {"messages": [{"role": "assistant", "content": [PART]}]},
        AUDIO_MISSING,
    ),
    "a question beside the sound": (asked(PART, TEXT), ONLY_AUDIO),
    "two sounds": (asked(PART, PART), ONLY_AUDIO),
    "a system message": (
        asked() | {"messages": [{"role": "system", "content": "x"}, {"role": "user", "content": [PART]}]},
        ONLY_AUDIO,
    ),
    "a sound behind a URL": (
        asked({"type": "input_audio", "input_audio": {"data": "https://example.com/a.wav"}}),
        "input_audio.data must be a data URL",
    ),
    "bare base64": (
        asked({"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}}),
        "input_audio.data must be a data URL",
    ),
    "no data": (asked({"type": "input_audio", "input_audio": {}}), "data must be a string"),
    "another format": (heard("audio/ogg", files.ogg()), "input_audio.data must be one of audio/wav"),
    "too large a file": (heard("audio/wav", bytes(8_000_000)), "input_audio.data exceeds 10 MB as base64"),
    "several answers": (asked(PART, n=1), "n is not supported"),
    "a temperature out of range": (asked(PART, temperature=1.6), "temperature must be between 0 and 1.5"),
    "an unknown language": (
        asked(PART, asr_options={"language": "fr"}),
        "language must be one of auto, zh, en",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_the_platform_refuses(case: str) -> None:
    body, reason = REFUSED[case]
    error = await refused(body)
    assert error["message"] == "Param Incorrect"
    assert str(error["param"]).startswith(reason)


async def test_a_sound_longer_than_the_context_is_refused() -> None:
    error = await refused(recognition_body(make_wav(bytes(1_400_000), rate=1000, width=1)))
    assert error["param"] == "the sound has 8750 tokens, the context takes 8192"


@pytest.mark.parametrize("data", [b"RIFF and no more", make_wav(b""), files.flac(), b"", bytes(1000)])
async def test_a_broken_sound_is_refused(data: bytes) -> None:
    error = await refused(heard("audio/wav", data))
    assert error["message"] == "Multimodal data is corrupted or cannot be processed."


async def test_base64_that_is_none_is_refused() -> None:
    error = await refused(asked({"type": "input_audio", "input_audio": {"data": "data:audio/wav;base64,?!"}}))
    assert error["message"] == "Multimodal data is corrupted or cannot be processed."


@pytest.mark.parametrize("messages", [None, "hello", [1]])
async def test_messages_of_another_shape_are_refused(messages: Json) -> None:
    error = await refused({**asked(PART), "messages": messages})
    assert error["message"] == "Invalid request parameters"


# The mark.


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    st.integers(0, 5000),
    st.binary(max_size=64),
)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_is_found_in_any_sound(text: str, start: int, noise: bytes) -> None:
    mark = watermark(text, 123_456)
    sound = (noise + b"\x10\x27") * 40
    sound = (sound * (4 * mark.samples // len(sound) + 2))[: 4 * mark.samples]
    marked = mark.hide(sound, start)
    assert passages(marked) == (Passage(text, 123_456, -start),)
    assert all(abs(one - other) <= 1 for one, other in zip(sound[::2], marked[::2], strict=True))
    assert sound[1::2] == marked[1::2]


@given(st.binary(max_size=4000))
@settings(max_examples=50, deadline=None)
def test_sound_without_a_mark_says_nothing(sound: bytes) -> None:
    assert passages(sound) == ()


@pytest.mark.parametrize("damaged_at", [-2, 2 * 40, 2 * 70, 2 * 100])
async def test_a_mark_that_was_damaged_is_not_believed(damaged_at: int) -> None:
    mark = watermark("hello", 500)
    damaged = bytearray(mark.hide(bytes(2 * mark.samples), 0))
    damaged[damaged_at] ^= 1
    assert passages(bytes(damaged)) == ()


@pytest.mark.long
@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="()（）[]"), min_size=1, max_size=200)
)
@settings(max_examples=300, deadline=None)
async def test_any_text_that_is_spoken_is_heard(text: str) -> None:
    if text.strip():
        assert await listen(await speak(text)) == text.strip()
