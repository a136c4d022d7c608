"""Parts become one sound: a pause between them, no gap, no click, and nothing changed anywhere else."""

from array import array
from io import BytesIO
from itertools import accumulate

import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from mimo_tui.core.speech.joining import FADE, PAUSE, SILENCE, Joiner
from mimo_tui.core.speech.samples import as_bytes, as_samples
from mimo_tui.core.speech.splitting import split_text
from mimo_tui.core.speech.waves import read_wave, wave_header
from tests.core.speech.sounds import RATE, largest_step, longest_run, silence, spoken, tone
from tests.simulator import speaking

LEAST_RATE = 1000


def joined(parts: list[bytes], size: int = 9600, rate: int = RATE) -> tuple[bytes, tuple[float, ...]]:
    joiner, given_on = Joiner(rate), b""
    for number, part in enumerate(parts):
        if number:
            given_on += joiner.next_part()
        for at in range(0, len(part), size):
            given_on += joiner.feed(part[at : at + size])
    return given_on + joiner.close(), joiner.joins


def test_between_two_parts_is_one_pause_whatever_silence_they_had() -> None:
    for after, before in ((0.0, 0.0), (0.05, 0.02), (0.3, 0.0), (0.0, 1.5), (2.0, 2.0)):
        parts = [spoken(0.5, 0.02, after), spoken(0.5, before, 0.02)]
        sound, joins = joined(parts)
        pause = longest_run(as_samples(sound), SILENCE) / RATE
        assert PAUSE <= pause <= PAUSE + 2 * FADE
        assert len(sound) / 2 / RATE == pytest.approx(0.02 + 0.5 + PAUSE + 0.5 + 0.02, abs=0.003)
        assert len(joins) == 1
        assert joins[0] == pytest.approx(0.02 + 0.5 + PAUSE / 2, abs=0.003)


@pytest.mark.parametrize("phase", [0.0, 0.25])
def test_a_part_that_breaks_off_at_its_loudest_does_not_click(phase: float) -> None:
    cut = RATE * 4 // 220 // 4 + round(phase * RATE / 220)
    loud = tone(0.3, size=0.99)
    parts = [as_bytes(loud[: len(loud) - cut]), as_bytes(loud[cut:])]
    sound = as_samples(joined(parts)[0])
    fading = round(32768 / (FADE * RATE)) + 1
    assert largest_step(sound) <= largest_step(loud) + fading


def test_the_first_part_begins_and_the_last_ends_as_it_came_and_the_midst_stays_to_the_bit() -> None:
    parts = [spoken(0.4, 0.7, 0.6) for _ in range(3)]
    sound, joins = joined(parts)
    assert len(joins) == 2
    half = round(PAUSE / 2 * RATE) * 2
    first, last = parts[0], parts[-1]
    kept = round((0.7 + 0.4) * RATE) * 2 + half // 2
    assert sound.startswith(first[:kept])
    assert sound.endswith(last[-round((0.4 + 0.6) * RATE) * 2 - half // 2 :])
    middle = as_bytes(tone(0.4))
    assert sound.count(middle) == 3


def test_a_pause_within_a_part_stays_as_long_as_it_is() -> None:
    part = as_bytes(tone(0.2) + silence(3, noise=50) + tone(0.2))
    sound, _ = joined([part, part])
    assert sound.count(as_bytes(silence(3, noise=50))) == 2


def test_what_comes_is_given_on_at_once_but_for_some_milliseconds() -> None:
    joiner, held = Joiner(RATE), 0
    for number in range(2):
        if number:
            held -= len(joiner.next_part())
        for _ in range(20):
            piece = as_bytes(tone(0.2))
            held += len(piece) - len(joiner.feed(piece))
            assert held <= 0.006 * RATE * 2


def test_silence_is_given_on_too_as_long_as_it_belongs_to_the_pause_in_any_case() -> None:
    joiner = Joiner(RATE)
    joiner.feed(as_bytes(tone(0.2)))
    given_on = len(joiner.feed(as_bytes(silence(1)))) / 2 / RATE
    assert given_on == pytest.approx(PAUSE / 2, abs=0.001)


def test_a_part_without_any_sound_adds_nothing_and_no_second_pause() -> None:
    one = spoken(0.3)
    assert joined([one, b"", one]) == joined([one, one])
    assert joined([one, as_bytes(silence(2, noise=90)), one]) == joined([one, one])
    assert joined([b"", one])[1] == ()
    assert joined([b"", one])[0] == one


def test_a_part_that_never_comes_leaves_what_was_there() -> None:
    one = spoken(0.3, 0.05, 0.5)
    joiner = Joiner(RATE)
    sound = joiner.feed(one) + joiner.next_part() + joiner.close()
    assert len(sound) / 2 / RATE == pytest.approx(0.05 + 0.3 + PAUSE / 2, abs=0.003)
    assert joiner.joins == ()


def test_half_a_sample_is_refused() -> None:
    with pytest.raises(ValueError, match="multiple"):
        Joiner(RATE).feed(b"abc")


async def test_parts_that_the_simulated_platform_spoke_become_one_sound_in_which_all_is_heard() -> None:
    text = "The harbour lights went out. Then the sea was dark, and a bell rang."
    waves = [read_wave(await speaking.speak(part)) for part in split_text(text, 45)]
    sound, joins = joined([wave.samples for wave in waves])
    whole = wave_header(len(sound) // 2, RATE) + sound
    numbers, rate = soundfile.read(BytesIO(whole), dtype="int16")
    assert (rate, numbers.shape) == (RATE, (len(sound) // 2,))
    (middle,) = [round(join * RATE) for join in joins]
    around = as_samples(sound[2 * (middle - RATE // 2) : 2 * (middle + RATE // 2)])
    assert PAUSE <= longest_run(around, SILENCE) / RATE <= PAUSE + 2 * FADE
    assert largest_step(as_samples(sound)) <= max(largest_step(as_samples(wave.samples)) for wave in waves)
    assert await speaking.listen(whole) == text


# At a low rate a pause has few samples: what is drawn goes through every state.
PARTS = st.lists(
    st.lists(
        st.tuples(st.integers(0, 300), st.sampled_from([0, 30, SILENCE, SILENCE + 1, 9000, 32767])),
        max_size=4,
    ).map(
        lambda stretches: as_bytes(
            array("h", (size * (-1) ** at for count, size in stretches for at in range(count)))
        )
    ),
    min_size=1,
    max_size=4,
)


@given(parts=PARTS, size=st.integers(1, 400))
@settings(max_examples=150, deadline=None)
def test_the_sound_does_not_depend_on_the_pieces_it_comes_in(parts: list[bytes], size: int) -> None:
    assert joined(parts, 2 * size, LEAST_RATE) == joined(parts, 1 << 20, LEAST_RATE)


@given(PARTS)
@settings(max_examples=150, deadline=None)
def test_a_single_part_stays_as_it_is_and_more_lose_nothing_but_silence(parts: list[bytes]) -> None:
    assert joined(parts[:1], rate=LEAST_RATE) == (parts[0], ())
    sound, joins = joined(parts, rate=LEAST_RATE)
    heard = [max(map(abs, as_samples(part)), default=0) > SILENCE for part in parts]
    ahead = [len(before) > 0 for before in accumulate(parts)]
    assert len(joins) == sum(each and any(ahead[:number]) for number, each in enumerate(heard))
    assert all(0 < join < len(sound) / 2 / LEAST_RATE for join in joins)
    assert list(joins) == sorted(joins)
    fades = 2 * len(parts) * max(1, int(FADE * LEAST_RATE))
    loud = sum(abs(each) > SILENCE for part in parts for each in as_samples(part))
    assert loud - fades <= sum(abs(each) > SILENCE for each in as_samples(sound)) <= loud
