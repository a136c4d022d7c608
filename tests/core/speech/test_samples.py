"""Samples come in pieces that may end in the middle of one (mimo-api.md §9.4)."""

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimo_tui.core.speech.samples import WholeSamples, as_bytes, as_samples


def test_samples_are_little_endian() -> None:
    assert as_samples(b"\x01\x00\xff\x7f\x00\x80") == array("h", [1, 32767, -32768])
    assert as_bytes(array("h", [1, 32767, -32768])) == b"\x01\x00\xff\x7f\x00\x80"


def test_half_a_sample_is_refused() -> None:
    with pytest.raises(ValueError, match="multiple"):
        as_samples(b"abc")


@given(st.lists(st.binary(max_size=7)))
def test_pieces_of_any_length_give_whole_samples_and_lose_nothing(pieces: list[bytes]) -> None:
    whole = WholeSamples()
    given_on = [whole.feed(piece) for piece in pieces]
    assert all(len(each) % 2 == 0 for each in given_on)
    assert b"".join(given_on) + whole.rest == b"".join(pieces)
    assert len(whole.rest) < 2
