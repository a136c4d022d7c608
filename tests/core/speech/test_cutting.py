"""A long recording is cut where nobody speaks."""

import random
from array import array

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mimo_tui.core.speech.cutting import cut_recording
from tests.core.speech.sounds import silence, tone

RATE = 8000


@given(length=st.integers(0, 5000), rate=st.integers(1, 400), seconds=st.floats(0.01, 30))
@settings(max_examples=100, deadline=None)
def test_the_parts_are_the_whole_recording_and_none_is_too_long(
    length: int, rate: int, seconds: float
) -> None:
    samples = array("h", (at * 7919 % 20_000 - 10_000 for at in range(length)))
    most = int(seconds * rate)
    if not most:
        with pytest.raises(ValueError, match="at least one sample"):
            cut_recording(samples, rate, seconds)
        return
    parts = cut_recording(samples, rate, seconds)
    assert [start for start, _ in parts] == [0, *(end for _, end in parts[:-1])][: len(parts)]
    assert (parts[-1][1] if parts else 0) == length
    assert all(0 < end - start <= most for start, end in parts)


def test_a_recording_that_is_short_enough_is_one_part() -> None:
    assert cut_recording(tone(1, rate=RATE), RATE, 1.0) == ((0, RATE),)


@pytest.mark.parametrize(
    ("loud", "quiet", "away"), [(0.5, 0, 0), (0.5, 300, 0), (0.01, 20, 0), (0.2, 20, 3000)]
)
def test_every_cut_lies_in_a_pause_also_of_a_quiet_recording_and_of_one_that_is_off_the_middle(
    loud: float, quiet: int, away: int
) -> None:
    chance = random.Random(quiet)
    sound, pauses = array("h"), list[tuple[float, float]]()
    while len(sound) < 60 * RATE:
        sound += tone(chance.uniform(0.5, 2.5), size=loud, rate=RATE)
        start = len(sound) / RATE
        sound += silence(chance.uniform(0.25, 0.6), noise=quiet, rate=RATE)
        pauses.append((start, len(sound) / RATE))
    sound = array("h", (each + away for each in sound))
    parts = cut_recording(sound, RATE, 12.0)
    assert 5 <= len(parts) <= 10
    for _, end in parts[:-1]:
        assert any(first <= end / RATE <= last for first, last in pauses)
