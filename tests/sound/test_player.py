"""Playing by a program that takes samples on its standard input."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from statistics import median

import pytest

from mimo_tui.sound.player import Player, PlayerState
from mimo_tui.sound.track import Track
from tests.sound.programs import (
    ENVIRONMENT,
    RATE,
    RECORDS,
    is_alive,
    player_program,
    recorded,
    sound,
    until,
)

STOPPED, PLAYING, WAITING, PAUSED = PlayerState


@pytest.fixture
def player(tmp_path: Path) -> Iterator[Player]:
    """A player whose program records what it is given."""
    with closing(Player(player_program(tmp_path), ENVIRONMENT)) as made:
        yield made


def test_all_of_a_track_is_heard_once_and_it_ends_by_itself(player: Player, tmp_path: Path) -> None:
    samples = sound(0.3)
    player.play(Track(RATE, samples, is_ended=True))
    assert player.state is PLAYING
    assert player.wait(10)
    assert (player.state, player.position, player.problem) == (STOPPED, 0.0, "")
    assert recorded(tmp_path) == [samples]


def test_a_track_that_grows_slower_than_it_plays_is_waited_for_and_loses_nothing(
    player: Player, tmp_path: Path
) -> None:
    track = Track(RATE)
    samples = sound(0.8)
    player.play(track)
    until(lambda: player.state is WAITING)
    track.feed(samples[:4800])
    until(lambda: player.state is PLAYING)
    until(lambda: player.state is WAITING)
    assert player.position == pytest.approx(0.1)
    track.feed(samples[4800:])
    track.end()
    until(lambda: player.state is PLAYING)
    assert player.wait(10)
    assert recorded(tmp_path) == [samples]


def test_after_it_ran_dry_it_goes_on_when_there_is_enough_not_to_stutter(player: Player) -> None:
    track = Track(RATE)
    track.feed(sound(0.05))
    player.play(track)
    until(lambda: player.state is WAITING)
    track.feed(sound(0.1))
    time_of_several_looks = time.monotonic() + 0.1
    until(lambda: time.monotonic() > time_of_several_looks)
    assert player.state is WAITING
    track.feed(sound(0.5))
    until(lambda: player.state is PLAYING)


def test_a_pause_keeps_the_place_to_the_sample(player: Player, tmp_path: Path) -> None:
    samples = sound(1.0)
    player.play(Track(RATE, samples, is_ended=True))
    until(lambda: player.position > 0.1)
    player.pause()
    place = player.position
    assert player.state is PAUSED
    assert 0.1 < place < 0.6
    player.resume()
    assert player.wait(10)
    first, second = recorded(tmp_path)
    assert samples.startswith(first)
    assert second == samples[round(place * RATE) * 2 :]


def test_a_pause_ends_the_program_at_once(player: Player, tmp_path: Path) -> None:
    player.play(Track(RATE, sound(2.0), is_ended=True))
    until(lambda: list(tmp_path.glob("*.raw")))
    process = int(next(tmp_path.glob("*.raw")).stem)
    began = time.monotonic()
    player.pause()
    until(lambda: not is_alive(process))
    assert time.monotonic() - began < 0.5


def test_seeking_plays_from_there_and_while_paused_is_silent(player: Player, tmp_path: Path) -> None:
    samples = sound(1.0)
    player.play(Track(RATE, samples, is_ended=True))
    player.pause()
    player.seek(0.8)
    assert (player.state, player.position) == (PAUSED, 0.8)
    player.resume()
    assert player.position >= 0.8
    assert player.wait(10)
    assert recorded(tmp_path)[-1] == samples[round(0.8 * RATE) * 2 :]


def test_seeking_beyond_what_is_there_waits_for_more_at_its_end(player: Player, tmp_path: Path) -> None:
    track = Track(RATE, sound(0.2))
    player.play(track)
    player.seek(9.0)
    assert player.position == pytest.approx(0.2)
    until(lambda: player.state is WAITING)
    track.feed(sound(0.1, 7))
    track.end()
    assert player.wait(10)
    assert recorded(tmp_path)[-1] == sound(0.1, 7)


def test_seeking_beyond_the_end_ends_it_and_before_the_beginning_begins_it(player: Player) -> None:
    player.play(Track(RATE, sound(0.5), is_ended=True))
    player.seek(-3)
    assert player.position < 0.5
    player.seek(9.0)
    assert player.wait(10)
    assert (player.state, player.problem) == (STOPPED, "")


def test_two_takes_are_swapped_at_the_same_place(player: Player, tmp_path: Path) -> None:
    first, second = sound(1.0), sound(1.0, 5)
    player.play(Track(RATE, first, is_ended=True))
    until(lambda: player.position > 0.05)
    place = player.position
    player.play(Track(RATE, second, is_ended=True), at=place)
    assert player.wait(10)
    assert recorded(tmp_path)[-1] == second[round(place * RATE) * 2 :]


def test_stop_goes_to_the_beginning(player: Player) -> None:
    player.play(Track(RATE, sound(1.0), is_ended=True))
    until(lambda: player.position > 0)
    player.stop()
    assert (player.state, player.position) == (STOPPED, 0.0)
    assert player.track is not None


def test_the_place_is_that_of_the_clock_within_a_tenth_of_a_second(player: Player) -> None:
    player.play(Track(RATE, sound(1.0), is_ended=True))
    until(lambda: player.position > 0)
    began, apart = time.monotonic() - player.position, []
    while player.state is PLAYING and player.position < 0.6:
        apart.append(abs(time.monotonic() - began - player.position))
    assert median(apart) < 0.1


def test_no_call_keeps_the_screen_waiting(player: Player) -> None:
    track = Track(RATE, sound(5.0), is_ended=True)
    calls: list[Callable[[], None]] = [
        partial(player.play, track),
        player.pause,
        player.resume,
        partial(player.seek, 2.0),
    ]
    took = []
    for call in calls * 12:
        began = time.perf_counter()
        call()
        took.append(time.perf_counter() - began)
    assert median(took) < 0.01


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("head -c 4800 > /dev/null; echo 'the card is gone' >&2; exit 3", "exit code 3): the card is gone"),
        ("exit 0", "fake ended too early (exit code 0)."),
        ("exec <&-; exec sleep 60", "fake takes no more sound."),
        ("exec sleep 60", "it hangs"),
        ("head -c 100000 /dev/urandom >&2; printf '\\033[2J\\n' >&2; exit 1", "fake ended too early"),
    ],
    ids=["dies", "ends too early", "closes its input", "hangs", "prints garbage and dies"],
)
def test_a_program_that_fails_is_told_of_with_the_place_kept(tmp_path: Path, script: str, says: str) -> None:
    loudspeaker = player_program(tmp_path, script)
    with closing(Player(loudspeaker, ENVIRONMENT, patience=0.3)) as player:
        player.play(Track(RATE, sound(3.0), is_ended=True))
        assert player.wait(10)
        assert player.state is STOPPED
        assert says in player.problem
        assert "\033" not in player.problem
        assert player.position < 1.0


def test_after_a_problem_it_goes_on_where_it_was(tmp_path: Path) -> None:
    loudspeaker = player_program(tmp_path, "head -c 9600 > /dev/null; exit 3")
    with closing(Player(loudspeaker, ENVIRONMENT)) as player:
        samples = sound(0.6)
        player.play(Track(RATE, samples, is_ended=True))
        assert player.wait(10)
        place = player.position
        player_program(tmp_path, RECORDS)
        player.resume()
        assert player.problem == ""
        assert player.wait(10)
        assert recorded(tmp_path) == [samples[round(place * RATE) * 2 :]]


def test_a_program_that_cannot_be_started_is_told_of(tmp_path: Path) -> None:
    loudspeaker = player_program(tmp_path)
    Path(loudspeaker.command[0]).chmod(0o644)
    with closing(Player(loudspeaker, ENVIRONMENT)) as player:
        player.play(Track(RATE, sound(0.1), is_ended=True))
        assert player.wait(10)
        assert player.problem == "fake cannot be started: Permission denied."


def test_garbage_that_a_program_prints_disturbs_nothing(tmp_path: Path) -> None:
    loudspeaker = player_program(tmp_path, f"head -c 200000 /dev/urandom >&2; {RECORDS}")
    samples = sound(0.2)
    with closing(Player(loudspeaker, ENVIRONMENT)) as player:
        player.play(Track(RATE, samples, is_ended=True))
        assert player.wait(10)
        assert player.problem == ""
    assert recorded(tmp_path) == [samples]


def test_a_program_that_never_ends_is_ended_when_the_sound_is_over(tmp_path: Path) -> None:
    loudspeaker = player_program(tmp_path, 'cat > "{folder}/$$.raw"; exec sleep 60')
    with closing(Player(loudspeaker, ENVIRONMENT)) as player:
        player.play(Track(RATE, sound(0.1), is_ended=True))
        assert player.wait(10)
        assert player.problem == ""
    assert not is_alive(int(next(tmp_path.glob("*.raw")).stem))


def test_what_a_script_started_ends_with_it(tmp_path: Path) -> None:
    loudspeaker = player_program(tmp_path, 'sleep 60 & echo $! > "{folder}/inner"; cat > /dev/null')
    inner = tmp_path / "inner"
    with closing(Player(loudspeaker, ENVIRONMENT)) as player:
        player.play(Track(RATE, sound(3.0), is_ended=True))
        until(lambda: inner.exists() and inner.read_text().strip())
    until(lambda: not is_alive(int(inner.read_text())))


def test_a_closed_player_plays_no_more(player: Player, tmp_path: Path) -> None:
    player.close()
    player.play(Track(RATE, sound(0.1), is_ended=True))
    assert player.state is STOPPED
    assert recorded(tmp_path) == []


async def test_it_is_closed_without_blocking_the_loop(player: Player) -> None:
    player.play(Track(RATE, sound(3.0), is_ended=True))
    await player.aclose()
    assert player.state is STOPPED


def test_an_idle_player_lets_its_thread_go_and_plays_again(tmp_path: Path) -> None:
    samples = sound(0.05)
    with closing(Player(player_program(tmp_path), ENVIRONMENT, idle=0.01)) as player:
        player.play(Track(RATE, samples, is_ended=True))
        assert player.wait(10)
        until(lambda: player._thread is None)
        player.play(Track(RATE, samples, is_ended=True))
        assert player.wait(10)
    assert recorded(tmp_path) == [samples, samples]


def test_no_key_stands_in_the_environment_of_a_player(tmp_path: Path) -> None:
    key = "sk-" + "c4n4ry" * 6
    environment = ENVIRONMENT | {"MIMO_API_KEY": key, "OTHER": key, "PULSE_SERVER": key, "LANG": "C"}
    loudspeaker = player_program(tmp_path, 'env > "{folder}/environment"; cat > /dev/null')
    with closing(Player(loudspeaker, environment)) as player:
        player.play(Track(RATE, sound(0.05), is_ended=True))
        assert player.wait(10)
    told = (tmp_path / "environment").read_text()
    assert "LANG=C" in told
    assert "c4n4ry" not in told
    assert "MIMO_API_KEY" not in told
