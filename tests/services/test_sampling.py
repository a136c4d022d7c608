"""Samples of voices and recordings: read, checked and measured before a byte is sent."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile

from mimo_tui.core.media.kinds import Format
from mimo_tui.services import Services
from mimo_tui.services.speech.sampling import (
    LONGEST_RECORDING,
    CannotAttach,
    fits_one_request,
    most_bytes,
    read_sample,
    sample_url,
)
from tests.services.speeches import RATE, as_mp3, as_wave, bare, knowing, settings, tone

VOICE = tone(3.0)


@pytest.fixture
def services(home: Path) -> Iterator[Services]:
    """Services without a library."""
    with bare(home) as made:
        yield made


def written(folder: Path, name: str, data: bytes) -> str:
    path = folder / name
    path.write_bytes(data)
    return str(path)


def test_a_wav_is_measured_as_it_is(services: Services, tmp_path: Path) -> None:
    sample = read_sample(services, written(tmp_path, "me.wav", as_wave(VOICE)))
    assert (sample.name, sample.media_type, sample.size) == ("me.wav", "audio/wav", 44 + len(VOICE))
    assert (sample.rate, sample.channels, sample.decoded, sample.warnings) == (RATE, 1, True, ())
    assert sample.seconds == pytest.approx(3.0)
    # A sine has its mean 3 dB below its peak, which is a quarter of the loudest there can be.
    assert sample.peak == pytest.approx(-12.2, abs=0.1)
    assert sample.level == pytest.approx(-15.3, abs=0.2)
    assert len(sample.waveform) == 200
    assert sample_url(sample).startswith("data:audio/wav;base64,UklGR")


@pytest.mark.parametrize("subtype", ["PCM_24", "PCM_32", "FLOAT", "PCM_U8"])
def test_a_wav_of_any_width_and_in_stereo_is_decoded(
    services: Services, tmp_path: Path, subtype: str
) -> None:
    file = io.BytesIO()
    with soundfile.SoundFile(file, "w", 44_100, 2, subtype, format="WAV") as written_:
        written_.buffer_write(b"".join(VOICE[at : at + 2] * 2 for at in range(0, len(VOICE), 2)), "int16")
    sample = read_sample(services, written(tmp_path, "me.wav", file.getvalue()))
    assert (sample.rate, sample.channels, sample.decoded) == (44_100, 2, True)
    assert sample.seconds == pytest.approx(3 * RATE / 44_100)


def test_an_mp3_is_decoded(services: Services, tmp_path: Path) -> None:
    sample = read_sample(services, written(tmp_path, "me.mp3", as_mp3(VOICE)))
    assert (sample.media_type, sample.decoded, sample.warnings) == ("audio/mpeg", True, ())
    assert sample.seconds == pytest.approx(3.0, abs=0.2)
    assert sample.peak == pytest.approx(-12, abs=1)


def test_what_is_piped_in_is_checked_as_a_file_is(services: Services) -> None:
    sample = read_sample(services, "-", data=as_wave(VOICE))
    assert (sample.name, sample.decoded) == ("standard input", True)


@pytest.mark.parametrize(
    ("samples", "word"),
    [
        (tone(3.0, loudness=120), "very quiet"),
        (bytes(len(VOICE)), "silent"),
        (b"\xff\x7f" * 4 * RATE, "clipped"),
        (tone(1.2), "lasts 1.2 s; a voice is better caught by 2 s or more"),
        (tone(61.0), "lasts 61 s"),
    ],
)
def test_the_person_is_warned_of_a_poor_sample(
    services: Services, tmp_path: Path, samples: bytes, word: str
) -> None:
    sample = read_sample(services, written(tmp_path, "me.wav", as_wave(samples)))
    (warning,) = sample.warnings
    assert word in warning


def test_a_recording_may_be_short_or_long(services: Services, tmp_path: Path) -> None:
    for seconds in (0.5, 61.0):
        path = written(tmp_path, "me.wav", as_wave(tone(seconds)))
        assert read_sample(services, path, for_recognition=True).warnings == ()


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("me.wav", b"", "me.wav is empty."),
        ("me.wav", b"RIFF\0\0\0\0WAVEnothing", "begins as WAV but cannot be read"),
        ("me.wav", as_wave(b""), "begins as WAV but cannot be read: there is no sound in it"),
        ("me.mp3", b"ID3\4\0\0\0\0\0\0" + b"nothing " * 99, "begins as MP3 but cannot be read"),
        ("me.wav", b"Hello, this is me.", "me.wav is text, and a sample of a voice has to be"),
        ("me.wav", b"%PDF-1.7\n\xff\0", "me.wav is a PDF"),
        ("me.flac", b"fLaC\0\0\0\x22" + bytes(99), "me.flac is FLAC by its bytes, .* WAV or MP3. Convert it"),
        ("me.wav", b"\x89PNG\r\n\x1a\n" + bytes(99), "PNG by its bytes"),
        ("me.wav", b"\0\1\2\3" * 500, "of no kind that is known"),
    ],
)
def test_what_is_no_sample_is_refused_in_a_sentence(
    services: Services, tmp_path: Path, name: str, data: bytes, why: str
) -> None:
    with pytest.raises(CannotAttach, match=why):
        read_sample(services, written(tmp_path, name, data))


def test_a_name_that_lies_is_told(services: Services, tmp_path: Path) -> None:
    sample = read_sample(services, written(tmp_path, "me.mp3", as_wave(VOICE)))
    assert sample.media_type == "audio/wav"
    assert "me.mp3 is WAV by its bytes" in sample.warnings[0]


def test_a_wav_that_is_cut_short_is_told(services: Services, tmp_path: Path) -> None:
    sample = read_sample(services, written(tmp_path, "me.wav", as_wave(VOICE)[:-2000]))
    assert "me.wav is cut short" in sample.warnings[0]


def test_an_mp3_that_is_cut_short_is_told(services: Services, tmp_path: Path) -> None:
    sample = read_sample(services, written(tmp_path, "me.mp3", as_mp3(VOICE)[:-100]))
    assert sample.warnings == ("me.mp3 is cut short: its last frame is not whole.",)


def test_a_take_may_be_heard_again_however_long_it_is(services: Services) -> None:
    data = as_wave(bytes(LONGEST_RECORDING))
    with pytest.raises(CannotAttach, match="may have"):
        read_sample(services, "-", for_recognition=True, data=data)
    sample = read_sample(services, "take.wav", for_recognition=True, data=data, is_take=True)
    assert sample.size > LONGEST_RECORDING


def test_a_sample_that_is_too_large_is_refused_before_it_is_read(services: Services, tmp_path: Path) -> None:
    path = tmp_path / "me.wav"
    with path.open("wb") as file:
        file.write(as_wave(VOICE))
        file.truncate(50 << 20)
    with pytest.raises(CannotAttach, match=r"me.wav has 52\.4 MB, .* may have 7\.9 MB"):
        read_sample(services, str(path))
    with pytest.raises(CannotAttach, match=r"a recording may have 47\.2 MB"):
        read_sample(services, str(path), for_recognition=True)


def test_the_largest_sample_is_as_long_in_base64_as_it_may_be(services: Services, tmp_path: Path) -> None:
    most = most_bytes(services)
    sample = read_sample(services, written(tmp_path, "me.wav", as_wave(bytes((most - 44) // 2 * 2))))
    assert 10_485_760 - 8 < len(sample_url(sample)) <= 10_485_760
    with pytest.raises(CannotAttach, match="may have"):
        read_sample(services, written(tmp_path, "me.wav", as_wave(bytes(most))))


def test_a_recording_may_be_longer_than_one_request_takes(services: Services, tmp_path: Path) -> None:
    short = read_sample(services, written(tmp_path, "a.wav", as_wave(VOICE)), for_recognition=True)
    long = read_sample(services, written(tmp_path, "b.wav", as_wave(bytes(8 << 20))), for_recognition=True)
    assert fits_one_request(services, short)
    assert not fits_one_request(services, long)


@pytest.mark.parametrize(
    ("location", "why"),
    [
        ("", "No file is named."),
        ("/nowhere/me.wav", "There is no file /nowhere/me.wav."),
        ("https://example.com/me.wav", "has to be a file: nothing is fetched from a URL"),
    ],
)
def test_what_is_no_file_is_refused(services: Services, location: str, why: str) -> None:
    with pytest.raises(CannotAttach, match=why):
        read_sample(services, location)


def test_a_folder_is_refused(services: Services, tmp_path: Path) -> None:
    with pytest.raises(CannotAttach, match="is a folder"):
        read_sample(services, str(tmp_path))


def test_which_formats_are_taken_is_said_by_the_catalogue(services: Services, tmp_path: Path) -> None:
    settings(services, '[facts.facts]\nspeech_sample_formats = "wav"\n')
    with pytest.raises(CannotAttach, match=f"has to be {Format.WAV.upper()}. Convert"):
        read_sample(services, written(tmp_path, "me.mp3", as_mp3(VOICE)))


def test_what_nobody_says_of_the_largest_sample_is_told_as_unknown(
    services: Services, tmp_path: Path
) -> None:
    path = written(tmp_path, "me.wav", as_wave(VOICE))
    known = services.catalogue.facts
    lost = {name: fact for name, fact in known.items() if not name.startswith("speech_sample")}
    sample = read_sample(knowing(services, lost), path)
    assert any("is not known" in each for each in sample.warnings)
