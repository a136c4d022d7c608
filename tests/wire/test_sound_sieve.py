"""Sound is taken out of an answer while it comes, wherever the network cuts it."""

import base64
import json
import random
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mimo_tui.core.secrets import Secret
from mimo_tui.wire.events import BadSound, SoundPiece, SpeechPiece
from mimo_tui.wire.sound_sieve import SHORTEST, Base64Decoder, Sifted, SoundSieve
from mimo_tui.wire.speech import SpeechReader

KEY = Secret("sk-not-a-real-key-0123456789")


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    places = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[start:end] for start, end in pairwise(places)]


def sifted(chunks: list[bytes]) -> tuple[bytes, bytes, int]:
    """Give the text, the sound, and how often it was bad."""
    sieve, text, sound, bad = SoundSieve(), b"", b"", 0
    found = [part for chunk in chunks for part in sieve.feed(chunk)] + list(sieve.close())
    for part in found:
        match part:
            case Sifted(piece=SoundPiece(data)):
                sound += data
            case Sifted():
                bad += 1
            case bytes():
                text += part
    return text, sound, bad


def read(chunks: list[bytes]) -> tuple[bytes, list[SpeechPiece], bool]:
    """Give all sound, everything else, and whether it was complete."""
    reader, sound, others = SpeechReader(KEY), b"", list[SpeechPiece]()
    for found in [*(reader.feed(chunk) for chunk in chunks), reader.close()]:
        for piece in found:
            if isinstance(piece, SoundPiece):
                sound += piece.data
            else:
                others.append(piece)
    return sound, others, reader.is_complete


def event(data: str, **more: str) -> bytes:
    document = {"choices": [{"index": 0, "delta": {"audio": {"id": "a", "data": data}, **more}}]}
    return b"data: " + json.dumps(document).encode() + b"\n\n"


END = b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'


@given(
    st.lists(st.binary(max_size=2000) | st.integers(190, 2000).map(bytes), max_size=8),
    st.lists(st.integers(0, 50_000), max_size=60),
)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_sound_is_the_same_however_it_is_cut(sounds: list[bytes], cuts: list[int]) -> None:
    answer = b": hi\n\n" + b"".join(event(base64.b64encode(each).decode()) for each in sounds) + END
    sound, others, complete = read(pieces(answer, cuts))
    assert sound == b"".join(sounds)
    assert complete == bool(sound)
    assert not [each for each in others if isinstance(each, BadSound)]


@pytest.mark.parametrize("good", [0, 8, 400, 401, 402, 403])
def test_every_single_cut_gives_the_same(good: int) -> None:
    sound = random.Random(good).randbytes(good)
    answer = event(base64.b64encode(sound).decode(), final_text_preview='A "data": "line".') + END
    whole = read([answer])
    assert whole[0] == sound
    for cut in range(len(answer) + 1):
        assert read([answer[:cut], answer[cut:]]) == whole
    assert read([answer[at : at + 1] for at in range(len(answer))]) == whole


def bad(text: str) -> list[str]:
    good = base64.b64encode(bytes(range(256)) * 3).decode()
    return [good[:at] + text + good[at:] for at in (0, 3, 300, 800)]


@pytest.mark.parametrize("text", ["?", "====", "=", "=A==", " ", "-_", "\\\\", '"', "冰", "\\\\u00e9", "\n"])
def test_bad_base64_is_said_once_and_nothing_after_it_is_given(text: str) -> None:
    for value in bad(text):
        answer = event("AAAA") + event(value) + event("BBBB") + END
        sound, others, complete = read([answer])
        expected = b"\0\0\0" + bytes(range(256)) * 3
        assert expected.startswith(sound)
        assert len(sound) >= 3
        assert [type(each) for each in others].count(BadSound) == 1
        assert not complete
        for step in (1, 7):
            assert read([answer[at : at + step] for at in range(0, len(answer), step)]) == (
                sound,
                others,
                False,
            )


@pytest.mark.parametrize("end", ["=", "A", "AA", "AAA", "A===", "AA=A"])
def test_a_piece_without_its_proper_end_is_bad(end: str) -> None:
    for length in (0, 4, SHORTEST, 4 * SHORTEST):
        _, others, complete = read([event("A" * length + end) + END])
        assert [type(each) for each in others].count(BadSound) == 1
        assert not complete


@pytest.mark.parametrize("data", [5, 0, True, [], {}, "data:audio/wav;base64,AAAA", "\x1b[2J", KEY.reveal()])
def test_what_is_no_text_of_base64_is_bad_and_never_shown(data: object) -> None:
    document = {"choices": [{"delta": {"audio": {"data": data}}}]}
    sound, others, complete = read([b"data: " + json.dumps(document).encode() + b"\n\n" + END])
    assert (sound, complete) == (b"", False)
    assert [each for each in others if isinstance(each, BadSound)]
    assert KEY.reveal() not in repr(others)


@pytest.mark.parametrize("data", [None, ""])
def test_an_empty_piece_is_no_sound(data: str | None) -> None:
    document = {"choices": [{"delta": {"audio": {"data": data}}}]}
    sound, others, complete = read([b"data: " + json.dumps(document).encode() + b"\n\n" + END])
    assert (sound, complete) == (b"", False)
    assert not [each for each in others if isinstance(each, BadSound)]


def test_signs_that_a_service_writes_as_escapes_are_read() -> None:
    sound = random.Random(1).randbytes(5000)
    text = json.dumps(base64.b64encode(sound).decode()).encode()
    for sign, escape in ((b"/", b"\\/"), (b"=", b"\\u003d"), (b"+", b"\\u002B")):
        text = text.replace(sign, escape)
    answer = b'{"choices":[{"message":{"audio":{"data":' + text + b'}},"finish_reason":"stop"}]}'
    for step in (1, 5, 64, 10_000):
        assert read([answer[at : at + step] for at in range(0, len(answer), step)])[0] == sound


def test_in_the_text_a_remark_stands_for_the_sound() -> None:
    text, sound, bad_ones = sifted([event("A" * 4000) + END])
    assert text == event("(sound 1: 4,000 characters of base64)") + END
    assert (sound, bad_ones) == (bytes(3000), 0)


def test_a_remark_that_the_service_writes_itself_is_no_sound() -> None:
    remark = "(sound 1: 4,000 characters of base64)"
    _, others, complete = read([event("A" * 4000) + event(remark) + END])
    assert [each for each in others if isinstance(each, BadSound)]
    assert not complete


def test_sound_that_breaks_off_is_given_as_far_as_it_came() -> None:
    sound = random.Random(2).randbytes(3000)
    answer = event(base64.b64encode(sound).decode())
    for end in (500, 1001, 2002, len(answer) - 30):
        came, others, complete = read([answer[:end]])
        assert sound.startswith(came)
        assert len(came) >= (end - 80) * 3 // 4 - 3
        assert (others, complete) == ([], False)


def test_all_that_has_come_is_given_at_once() -> None:
    reader = SpeechReader(KEY)
    assert reader.feed(event("AAAA")) == [SoundPiece(bytes(3))]
    assert (
        sum(len(each.data) for each in reader.feed(event("A" * 4000)) if isinstance(each, SoundPiece)) == 3000
    )


def test_after_the_end_mark_nothing_comes() -> None:
    assert read([END + event("A" * 4000) + event("AAAA")])[0] == b""
    reader = SpeechReader(KEY)
    assert [*reader.feed(END), *reader.feed(event("A" * 4000))] == list(SpeechReader(KEY).feed(END))


@given(st.binary(max_size=900), st.lists(st.integers(0, 2000), max_size=10))
@settings(max_examples=100, deadline=None)
def test_a_decoder_gives_the_bytes_however_the_text_is_cut(data: bytes, cuts: list[int]) -> None:
    decoder = Base64Decoder()
    assert b"".join(map(decoder.feed, pieces(base64.b64encode(data), cuts))) == data
    decoder.close()
    assert not decoder.is_bad


@given(st.lists(st.binary(max_size=300) | st.sampled_from([b'"data":"', b"A" * 300, b'"', b"\\", b"\n"])))
@settings(max_examples=200, deadline=None)
def test_garbage_never_raises_and_without_sound_nothing_is_lost(chunks: list[bytes]) -> None:
    text, sound, bad_ones = sifted(chunks)
    read(chunks)
    if not sound and not bad_ones:
        assert text == b"".join(chunks)


# Where sound stands.

LONG = random.Random(5).randbytes(3000)
OTHER = base64.b64encode(bytes(3000)).decode()
TEXT = base64.b64encode(LONG).decode()
HUGE = base64.b64encode(LONG * 150).decode()


def said(document: str) -> bytes:
    return b"data: " + document.encode() + b"\n\n"


def choice(data: str, part: str = "delta", before: str = "", after: str = "") -> str:
    return f'{{{before}"{part}":{{"audio":{{"data":"{data}"}}}}{after}}}'


@pytest.mark.parametrize(
    "document",
    [
        f'{{"choices":[{{"delta":{{}}}},{choice(OTHER)}]}}',
        f'{{"choices":[{choice(OTHER, before=chr(34) + "index" + chr(34) + ":1,")}]}}',
        f'{{"choices":[{choice(OTHER, after="," + chr(34) + "index" + chr(34) + ":12")}]}}',
        f'{{"foo":{{"data":"{OTHER}"}}}}',
        f'{{"data":"{OTHER}"}}',
        f'{{"choices":[{{"delta":{{"audio":{{"x":{{"data":"{OTHER}"}}}}}}}}]}}',
        f'{{"choices":[{{"delta":{{"image":{{"data":"{OTHER}"}}}}}}]}}',
        f'{{"choices":[{{"audio":{{"data":"{OTHER}"}}}}]}}',
        f'[{{"choices":[{choice(OTHER)}]}}]',
    ],
)
@pytest.mark.parametrize("step", [1, 100_000])
def test_only_the_sound_of_the_first_choice_is_heard(document: str, step: int) -> None:
    answer = event(TEXT) + said(document) + event(TEXT) + END
    sound, others, _ = read([answer[at : at + step] for at in range(0, len(answer), step)])
    assert sound == LONG * 2
    assert not [each for each in others if isinstance(each, BadSound)]


def test_what_stands_twice_is_heard_once() -> None:
    twice = f'{{"choices":[{{"delta":{{"audio":{{"data":"{OTHER}","data":"{TEXT}"}}}}}}]}}'
    assert read([said(twice) + END])[::2] == (LONG, True)
    both = f'{{"choices":[{{"delta":{{"audio":{{"data":"{TEXT}"}}}},"message":{{"audio":{{"data":"{OTHER}"}}}}}}]}}'
    assert read([said(both) + END])[::2] == (LONG, True)


@pytest.mark.parametrize("long", [TEXT, HUGE, TEXT[:100]])
def test_a_message_at_the_end_does_not_repeat_what_was_streamed(long: str) -> None:
    repeated = f'{{"choices":[{{"index":0,"delta":{{}},"message":{{"audio":{{"data":"{long}"}}}}}}]}}'
    answer = event(TEXT) + event(TEXT) + said(repeated) + END
    for step in (977, 10_000_000):
        sound, _, complete = read([answer[at : at + step] for at in range(0, len(answer), step)])
        assert (sound, complete) == (LONG * 2, True)
    assert read([said(repeated) + END])[0] == base64.b64decode(long)


def test_a_long_sound_that_turns_out_to_be_another_ones_is_not_called_whole() -> None:
    of_another = f'{{"choices":[{choice(HUGE, after="," + chr(34) + "index" + chr(34) + ":1")}]}}'
    _, others, complete = read([said(of_another) + END])
    assert [type(each) for each in others].count(BadSound) == 1
    assert not complete


def test_sound_in_an_event_that_is_no_json_is_kept_by_its_place() -> None:
    broken = f'{{"choices":[{choice(TEXT)}],,}}'
    sound, _, complete = read([said(broken) + event(TEXT) + END])
    assert (sound, complete) == (LONG * 2, False)


@given(st.binary(max_size=60), st.integers(0, 5000))
@settings(max_examples=60, deadline=None)
def test_what_stands_before_a_document_does_not_hide_its_sound(garbage: bytes, cut: int) -> None:
    answer = b": " + garbage.translate(None, b"\r\n") + b"\n\n" + event(TEXT) + END
    sound, _, _ = read([answer[:cut], answer[cut:]])
    assert sound == LONG
