"""Compressed sound made samples."""

import io
import random
import sys

import numpy
import pytest
import soundfile

from mimo_tui.core.media.boxes import Broken
from mimo_tui.sound.decoding import NoDecoder, decode

pytest.importorskip("miniaudio")
RATE = 24_000


def encoded(form: str, channels: int = 1, rate: int = RATE, seconds: float = 1.0) -> bytes:
    """Give a tone of 440 Hz in a form that soundfile writes."""
    time = numpy.arange(round(rate * seconds)) / rate
    tone = (0.5 * numpy.sin(2 * numpy.pi * 440 * time)).astype("float32")
    file = io.BytesIO()
    soundfile.write(file, numpy.repeat(tone[:, None], channels, axis=1), rate, format=form)
    return file.getvalue()


def loudest_frequency(samples: bytes, rate: int) -> float:
    """Give the tone that is heard."""
    numbers = numpy.frombuffer(samples, dtype="<i2")
    spectrum = numpy.abs(numpy.fft.rfft(numbers))
    return float(numpy.argmax(spectrum)) * rate / len(numbers)


@pytest.mark.parametrize("form", ["MP3", "FLAC", "OGG", "WAV"])
@pytest.mark.parametrize(("channels", "rate"), [(1, 24_000), (2, 44_100)])
def test_the_tone_is_heard_at_its_own_rate(form: str, channels: int, rate: int) -> None:
    decoded = decode(encoded(form, channels, rate))
    assert (decoded.rate, decoded.channels) == (rate, channels)
    # An MP3 has a little silence before and after.
    assert decoded.seconds == pytest.approx(1.0, abs=0.12)
    assert loudest_frequency(decoded.samples, rate) == pytest.approx(440, abs=3)
    peak = numpy.abs(numpy.frombuffer(decoded.samples, dtype="<i2").astype(int)).max()
    assert peak == pytest.approx(16_384, rel=0.1)


def test_an_mp3_that_is_cut_off_gives_what_is_there() -> None:
    whole = encoded("MP3", seconds=2.0)
    assert 0.5 < decode(whole[: len(whole) // 2]).seconds < 1.6


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"<html>" * 99, bytes(9999), b"RIFF\0\0\0\0WAVE", b"fLaC", b"OggS", b"ID3"]
)
def test_what_is_no_sound_is_broken(data: bytes) -> None:
    with pytest.raises(Broken):
        decode(data)


@pytest.mark.parametrize("count", [2, pytest.param(40, marks=pytest.mark.long)])
def test_random_damage_is_decoded_or_broken(count: int) -> None:
    chance = random.Random(6)
    for form in ("MP3", "FLAC", "OGG", "WAV"):
        whole = encoded(form, seconds=0.2)
        for _ in range(count):
            damaged = bytearray(whole[: chance.randrange(1, len(whole))])
            for _ in range(chance.randrange(12)):
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
            try:
                decoded = decode(bytes(damaged))
            except Broken:
                continue
            assert len(decoded.samples) % 2 == 0


def test_damage_that_ends_the_library_ends_nothing_else() -> None:
    whole = encoded("OGG", seconds=0.2)
    # A length of a segment, by which the library leaves its memory.
    with pytest.raises(Broken):
        decode(whole[:27] + b"\xff" * 40 + whole[67:])


def test_a_small_file_of_endless_silence_is_refused_before_it_is_decoded() -> None:
    file = io.BytesIO()
    soundfile.write(file, numpy.zeros(1000 * 7 * 3600, dtype="int16"), 1000, format="FLAC")
    with pytest.raises(Broken, match="longer than 6 hours"):
        decode(file.getvalue())


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "miniaudio", None)
    with pytest.raises(NoDecoder, match=r"install mimo-tui\[sound\]"):
        decode(b"ID3")
