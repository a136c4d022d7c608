"""A track grows while it is played."""

from threading import Thread

import pytest

from mimo_tui.sound.track import Track


def test_half_a_sample_is_refused() -> None:
    with pytest.raises(ValueError, match="half a sample"):
        Track(24_000).feed(b"\1\2\3")


def test_nothing_comes_after_the_end() -> None:
    track = Track(24_000, b"\1\2", is_ended=True)
    with pytest.raises(ValueError, match="has ended"):
        track.feed(b"\1\2")


def test_it_is_read_from_any_sample_on_and_no_further_than_it_is_there() -> None:
    track = Track(2, b"\1\2\3\4\5\6")
    assert (track.read(1, 1), track.read(1, 9), track.read(3, 9)) == (b"\3\4", b"\3\4\5\6", b"")
    assert (track.length, track.seconds) == (3, 1.5)


def test_it_is_fed_in_one_thread_while_another_reads() -> None:
    track = Track(24_000)
    pieces = [bytes([number % 256, 0]) * 50 for number in range(2000)]

    def feed() -> None:
        for piece in pieces:
            track.feed(piece)
        track.end()

    feeding = Thread(target=feed)
    feeding.start()
    read = b""
    while True:
        was_ended = track.is_ended
        read += (piece := track.read(len(read) // 2, 700))
        if was_ended and not piece:
            break
    feeding.join()
    assert read == b"".join(pieces)


def test_half_an_hour_is_held_once() -> None:
    track = Track(24_000)
    minute = bytes(24_000 * 2 * 60)
    for _ in range(30):
        track.feed(minute)
    assert track.seconds == 1800
    assert track._samples.__sizeof__() < 1.15 * 30 * len(minute)
