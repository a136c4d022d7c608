"""WAVs of all widths are read as samples of 16 bits, and those that are written say what they hold."""

import shutil
import struct
import subprocess
from array import array
from io import BytesIO

import numpy
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from mimo_tui.core.media.boxes import Broken
from mimo_tui.core.speech.samples import Samples, as_bytes, as_samples
from mimo_tui.core.speech.waves import Wave, read_wave, wave_header
from tests.core.speech.sounds import RATE, tone

INTEGERS = ("PCM_U8", "PCM_16", "PCM_24", "PCM_32")
FLOATS = ("FLOAT", "DOUBLE")
SOUND = tone(0.05, size=0.9, hertz=440.0)

sox_only = pytest.mark.skipif(shutil.which("sox") is None, reason="sox is not on PATH")


def sox(*arguments: str, sound: bytes = b"") -> bytes:
    return subprocess.run(["sox", "-D", *arguments], input=sound, capture_output=True, check=True).stdout


def wav(samples: Samples = SOUND, rate: int = RATE) -> bytes:
    return wave_header(len(samples), rate) + as_bytes(samples)


def written(columns: list[list[float]], form: str, subtype: str, rate: int) -> bytes:
    file = BytesIO()
    soundfile.write(file, numpy.array(columns).T, rate, format=form, subtype=subtype)
    return file.getvalue()


def judged(data: bytes, subtype: str) -> list[int]:
    """Give the samples as an independent reader gives them, the channels as their mean."""
    if subtype in FLOATS:
        numbers, _ = soundfile.read(BytesIO(data), dtype="float64", always_2d=True)
        high = numpy.clip(numpy.rint(numbers * 32768), -32768, 32767).astype("int64")
    else:
        numbers, _ = soundfile.read(BytesIO(data), dtype="int32", always_2d=True)
        high = numbers.astype("int64") >> 16
    return [int(each) for each in high.sum(axis=1) // high.shape[1]]


@given(
    subtype=st.sampled_from([*INTEGERS, *FLOATS]),
    form=st.sampled_from(["WAV", "WAVEX"]),
    rate=st.sampled_from([8000, 16_000, 22_050, 24_000, 44_100, 48_000, 96_000]),
    columns=st.integers(1, 6).flatmap(
        lambda channels: st.integers(1, 40).flatmap(
            lambda length: st.lists(
                st.lists(st.floats(-1, 1, width=32), min_size=length, max_size=length),
                min_size=channels,
                max_size=channels,
            )
        )
    ),
)
@settings(max_examples=150, deadline=None)
def test_a_wav_of_any_width_and_channels_is_read_as_an_independent_reader_reads_it(
    subtype: str, form: str, rate: int, columns: list[list[float]]
) -> None:
    data = written(columns, form, subtype, rate)
    wave = read_wave(data)
    assert (wave.rate, wave.channels, wave.complete) == (rate, len(columns), True)
    assert wave.seconds == pytest.approx(soundfile.info(BytesIO(data)).duration)
    assert list(as_samples(wave.samples)) == judged(data, subtype)


@given(samples=st.lists(st.integers(-32768, 32767), max_size=50), rate=st.integers(1000, 192_000))
@settings(deadline=None)
def test_what_is_written_is_read_back_by_an_independent_reader(samples: list[int], rate: int) -> None:
    data = wav(array("h", samples), rate)
    said = soundfile.info(BytesIO(data))
    assert (said.samplerate, said.channels, said.frames, said.subtype) == (rate, 1, len(samples), "PCM_16")
    assert list(soundfile.read(BytesIO(data), dtype="int16")[0]) == samples
    assert read_wave(data) == Wave(rate, 1, as_bytes(array("h", samples)), complete=True)


@sox_only
@pytest.mark.parametrize(
    ("bits", "encoding"), [(8, "unsigned"), (16, "signed"), (24, "signed"), (32, "signed"), (32, "float")]
)
@pytest.mark.parametrize("channels", [1, 2])
def test_sox_and_we_read_the_same(bits: int, encoding: str, channels: int) -> None:
    form = [
        "-t",
        "wav",
        "-b",
        str(bits),
        "-e",
        f"{encoding}-integer" if encoding != "float" else "floating-point",
    ]
    made = sox("-t", "wav", "-", *form, "-c", str(channels), "-", sound=wav())
    wave = read_wave(made)
    assert (wave.rate, wave.channels, len(wave.samples)) == (RATE, channels, 2 * len(SOUND))
    # With 8 bits, sox rounds to the nearest step of 256; all else holds every bit.
    most = 128 if bits == 8 else 0
    assert max(abs(one - other) for one, other in zip(as_samples(wave.samples), SOUND, strict=True)) <= most


@sox_only
def test_sox_takes_a_wav_whose_length_was_not_known_when_it_began() -> None:
    told = sox("-t", "wav", "-", "-t", "raw", "-", sound=wave_header(None, RATE) + as_bytes(SOUND))
    assert as_samples(told) == SOUND


@sox_only
def test_a_wav_that_came_through_a_pipe_is_whole_though_it_does_not_say_its_length() -> None:
    piped = sox(
        "-t",
        "raw",
        "-r",
        str(RATE),
        "-e",
        "signed",
        "-b",
        "16",
        "-c",
        "1",
        "-",
        "-t",
        "wav",
        "-",
        sound=as_bytes(SOUND),
    )
    wave = read_wave(piped)
    assert (wave.samples, wave.complete) == (as_bytes(SOUND), True)


@pytest.mark.parametrize("size", [0xFFFF_FFFF, 0x7FFF_F000, 0])
def test_a_length_that_nobody_filled_in_means_all_that_is_there(size: int) -> None:
    data = bytearray(wav())
    struct.pack_into("<I", data, 4, size)
    struct.pack_into("<I", data, 40, size)
    assert read_wave(bytes(data)) == read_wave(wav())
    assert not read_wave(bytes(data[:-1])).complete


@pytest.mark.parametrize("said", [None, 0xFFFF_FFFF, 0])
def test_pieces_that_each_have_a_header_are_joined(said: int | None) -> None:
    pieces = [bytearray(wav(SOUND[at : at + 100])) for at in range(0, len(SOUND), 100)]
    for piece in pieces:
        if said is not None:
            struct.pack_into("<I", piece, 4, said)
            struct.pack_into("<I", piece, 40, said)
    assert read_wave(b"".join(pieces)) == read_wave(wav())
    assert not read_wave(b"".join(pieces)[:-100]).complete or said is not None


@pytest.mark.parametrize("more", [b"\1\2" * 300, wav()[:20], wav(rate=8000), b"RIFF\0\0\0\0WAVE"])
def test_what_stands_behind_a_wav_and_is_none_of_it_is_told(more: bytes) -> None:
    wave = read_wave(wav() + more)
    assert (wave.samples, wave.behind) == (as_bytes(SOUND), len(more))
    assert read_wave(wav()).behind == 0


@pytest.mark.parametrize("rate", [1, 999, 384_001, 2_000_000_000])
def test_a_rate_that_no_sound_has_is_refused(rate: int) -> None:
    with pytest.raises(Broken, match=f"{rate:,} samples a second"):
        read_wave(wav(rate=rate))


def test_a_wav_without_a_single_sample_is_read_as_such() -> None:
    assert read_wave(wav(array("h"))) == Wave(RATE, 1, b"", complete=True)


@given(st.integers(0, 44 + 2 * 60))
def test_a_wav_that_is_cut_off_anywhere_gives_what_is_there_and_is_not_complete(length: int) -> None:
    data = wav(SOUND[:60])
    try:
        wave = read_wave(data[:length])
    except Broken:
        assert length < 44
    else:
        assert data[44:].startswith(wave.samples)
        assert len(wave.samples) // 2 == (length - 44) // 2
        assert wave.complete == (length == len(data))


@given(st.data())
@settings(max_examples=300)
def test_whatever_the_bytes_are_they_are_read_or_called_broken(data: st.DataObject) -> None:
    content = bytearray(wav(SOUND[:30]))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(12, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(0, len(content)))]
    try:
        wave = read_wave(bytes(content))
    except Broken:
        return
    assert wave.rate > 0
    assert len(wave.samples) % 2 == 0


def test_numbers_that_are_none_are_silence_and_too_loud_ones_are_clipped() -> None:
    numbers = array("f", [float("nan"), float("inf"), -2.0, 2.0, 0.5])
    form = struct.pack("<HHIIHH", 3, 1, RATE, 4 * RATE, 4, 32)
    head = b"RIFF\0\0\0\0WAVEfmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", 20)
    assert list(as_samples(read_wave(head + numbers.tobytes()).samples)) == [0, 0, -32768, 32767, 16384]


def test_what_stands_before_the_samples_is_passed_over() -> None:
    data = wav()
    note = b"LIST" + struct.pack("<I", 5) + b"a note"[:5] + b"\0"
    assert read_wave(data[:36] + note + data[36:]) == read_wave(data)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "does not begin as a WAV"),
        (b"ID3\x04" + bytes(60), "does not begin as a WAV"),
        (wav()[:36], "without samples"),
        (wav()[:12] + wav()[36:], "without its format"),
        (wav()[:20] + struct.pack("<H", 6) + wav()[22:], r"not known \(form 6, 16 bits\)"),
        (wav()[:22] + struct.pack("<H", 0) + wav()[24:], "without channels"),
        (wav()[:24] + struct.pack("<I", 0) + wav()[28:], "without channels or without a rate"),
        (wav()[:16] + struct.pack("<I", 4) + wav()[20:24] + wav()[36:], "cut short"),
    ],
)
def test_what_is_no_wav_says_why(data: bytes, said: str) -> None:
    with pytest.raises(Broken, match=said):
        read_wave(data)


def test_more_than_a_wav_can_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="4 GB"):
        wave_header(1 << 31, RATE)
