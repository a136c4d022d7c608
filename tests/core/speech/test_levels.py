"""How loud a sound is, and the picture of its loudness."""

import time
from array import array
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mimo_tui.core.speech.levels import Waveform, level_of
from mimo_tui.core.speech.samples import Samples
from tests.core.speech.sounds import RATE, silence, tone

PIECE = RATE // 5
"""Samples of 0.2 s, as a stream brings them."""


def peaks_of(samples: Samples, size: int = PIECE, columns: int = 200) -> tuple[int, ...]:
    waveform = Waveform()
    for at in range(0, len(samples), size):
        waveform.feed(samples[at : at + size])
    return waveform.peaks(columns)


def test_the_loudest_tone_there_can_be_has_a_peak_of_0_db() -> None:
    level = level_of(tone(1, size=1.0))
    assert level.peak_db == pytest.approx(0.0, abs=0.01)
    assert level.level_db == pytest.approx(-3.01, abs=0.05)
    assert not level.clipped


def test_half_as_large_is_6_db_less() -> None:
    level = level_of(tone(1, size=0.5))
    assert level.peak_db == pytest.approx(-6.02, abs=0.01)
    assert level.level_db == pytest.approx(-9.03, abs=0.05)


def test_pauses_do_not_make_a_voice_quieter() -> None:
    voice = tone(1, size=0.25)
    with_pauses = silence(2, noise=20) + voice + silence(3, noise=20) + voice
    alone, among = level_of(voice).level_db, level_of(with_pauses).level_db
    assert alone is not None
    assert among == pytest.approx(alone, abs=0.3)


def test_a_quiet_voice_is_measured_as_such() -> None:
    level = level_of(tone(1, size=0.005))
    assert level.level_db == pytest.approx(-49.0, abs=0.3)


@pytest.mark.parametrize("samples", [array("h"), silence(1)])
def test_silence_has_no_level(samples: Samples) -> None:
    assert level_of(samples).peak_db is None
    assert level_of(samples).level_db is None


@pytest.mark.parametrize("sign", [1, -1])
def test_a_sound_that_was_recorded_too_loud_is_clipped(sign: int) -> None:
    loud = array("h", (sign * max(-32000, min(32767, 2 * each)) for each in tone(0.2, size=0.8)))
    assert level_of(loud).clipped
    assert not level_of(tone(0.2, size=0.99, hertz=1000.0)).clipped


@pytest.mark.parametrize("sign", [1, -1])
def test_what_was_cut_off_is_clipped_though_dither_or_a_new_rate_moved_it(sign: int) -> None:
    # What sox makes of a tone that it lifts by 20 dB.
    top = [25279, 32767, 32325, 32767, 32577, 32767, 32675, 32767, 32733, 32767, 32577, 32324, 25279]
    assert level_of(array("h", [0, *(sign * each for each in top), 0] * 200)).clipped
    dithered = [32765, 32767, 32766, 32767, 32765, 32766]
    assert level_of(array("h", [0, *(sign * each for each in dithered), 0])).clipped


@pytest.mark.parametrize("hertz", [100.0, 220.0, 3000.0])
def test_a_sound_that_just_reaches_the_top_is_not_clipped(hertz: float) -> None:
    assert not level_of(tone(0.5, size=1.0, hertz=hertz)).clipped


@given(st.lists(st.integers(-32768, 32767), max_size=3000))
@settings(max_examples=60)
def test_the_peak_is_that_of_the_greatest_sample(numbers: list[int]) -> None:
    level = level_of(array("h", numbers))
    greatest = max(map(abs, numbers), default=0)
    assert (level.peak_db is None) == (greatest == 0)
    if level.peak_db is not None and level.level_db is not None:
        assert 10 ** (level.peak_db / 20) * 32768 == pytest.approx(greatest)
        assert level.level_db <= level.peak_db + 1e-9


@given(
    samples=st.lists(st.integers(-32768, 32767), max_size=2000),
    size=st.integers(1, 500),
    columns=st.integers(1, 250),
)
@settings(max_examples=60, deadline=None)
def test_a_waveform_does_not_depend_on_the_pieces_it_comes_in(
    samples: list[int], size: int, columns: int
) -> None:
    sound = array("h", samples)
    found = peaks_of(sound, size, columns)
    assert found == peaks_of(sound, max(1, len(sound)), columns)
    assert len(found) <= columns
    assert all(0 <= peak <= 100 for peak in found)
    greatest = max(map(abs, samples), default=0)
    assert max(found, default=0) == pytest.approx(100 * greatest / 32768, abs=1.5)


def test_a_waveform_has_its_peaks_where_the_sound_is_loud() -> None:
    sound = tone(3, size=1.0) + silence(3) + tone(3, size=0.5) + silence(3)
    assert peaks_of(sound, columns=12)[1::3] == (100, 0, 50, 0)
    assert len(peaks_of(sound)) == 200


def test_a_waveform_grows_with_the_sound() -> None:
    waveform = Waveform()
    assert waveform.peaks() == ()
    waveform.feed(tone(0.1, size=1.0))
    waveform.feed(silence(0.1))
    assert waveform.peaks(2) == (100, 0)
    waveform.feed(silence(0.2))
    assert waveform.peaks(4) == (100, 0, 0, 0)


def test_a_long_waveform_still_tells_where_the_sound_is() -> None:
    two_seconds = tone(1, size=0.8) + silence(1)
    found = peaks_of(two_seconds * 200, columns=1600)
    assert {*found[1::8], *found[2::8]} == {80}
    assert {*found[5::8], *found[6::8]} == {0}


def waveform_costs(minutes: float) -> tuple[float, float]:
    """Give the CPU seconds of a waveform that grows by 0.2 s at a time, in all and for half of the pieces."""
    piece = tone(0.2, size=0.9)
    waveform, times = Waveform(), [time.process_time()]
    for _ in range(round(minutes * 300)):
        waveform.feed(piece)
        times.append(time.process_time())
    each = sorted(after - before for before, after in pairwise(times))
    return times[-1] - times[0], each[len(each) // 2]


def test_a_waveform_of_two_minutes_costs_little() -> None:
    total, usual = waveform_costs(2)
    assert total < 0.15
    assert usual < 0.001


@pytest.mark.long
def test_a_waveform_of_twenty_minutes_costs_little() -> None:
    total, usual = waveform_costs(20)
    assert total < 1.5
    assert usual < 0.001
