"""Server-sent events, cut anywhere and in every form that the standard allows."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mimo_tui.wire.sse import ServerEvent, SseDecoder


def decoded(*chunks: bytes, longest: int = 1000) -> list[ServerEvent]:
    decoder = SseDecoder(longest)
    events = [event for chunk in chunks for event in decoder.feed(chunk)]
    return events + decoder.close()


def data(*chunks: bytes) -> list[str]:
    return [event.data for event in decoded(*chunks)]


@pytest.mark.parametrize(
    ("stream", "events"),
    [
        (b"data: a\n\ndata: b\n\n", ["a", "b"]),
        (b"data:a\n\ndata:  b\n\n", ["a", " b"]),
        (b"data: a\r\n\r\ndata: b\r\r\ndata: c\n\r\n", ["a", "b", "c"]),
        (b"\xef\xbb\xbfdata: a\n\n", ["a"]),
        (b"\xef\xbb\xbf\xef\xbb\xbfdata: a\n\n", []),
        (b": PROCESSING\n\ndata: a\n: x\n\n", ["a"]),
        (b"data: a\ndata:\ndata: b\n\n", ["a\n\nb"]),
        (b"data\n\n", [""]),
        (b"event: ping\n\n", []),
        (b"unknown: x\ndata: a\ndatax: b\n\n", ["a"]),
        (b"data: a", ["a"]),
        (b"data: a\n", ["a"]),
        (b'data:{"error":1}', ['{"error":1}']),
        (b"", []),
        (b"\n\n\n", []),
        (b"data: \xff\xc3\n\n", ["��"]),
        ("data: 冰\u2028糖\x85\n\n".encode(), ["冰\u2028糖\x85"]),
    ],
)
def test_events_are_read_by_the_standard(stream: bytes, events: list[str]) -> None:
    assert data(stream) == events
    assert data(*(bytes([one]) for one in stream)) == events


def test_the_other_fields_are_kept() -> None:
    stream = b"event: delta\nid: 7\nretry: 3000\ndata: a\n\ndata: b\n\nid: x\0y\nretry: 1s\nid\ndata: c\n\n"
    assert decoded(stream) == [
        ServerEvent("a", "delta", "7", 3000),
        ServerEvent("b", "message", "7"),
        ServerEvent("c", "message", ""),
    ]


def test_an_event_that_is_too_long_is_marked_and_the_next_one_is_whole() -> None:
    long = [b"data: ", *[b"x" * 100] * 50, b"\ndata: more\n\n"]
    first, second = decoded(*long, b"event: e\ndata: a\n\n", longest=1000)
    assert (first.too_long, first.data) == (True, "")
    assert second == ServerEvent("a", "e")
    many = decoded(*[b"data: x\n"] * 500, b"\ndata: a\n\n")
    assert [event.too_long for event in many] == [True, False]


def test_comments_and_unknown_fields_never_make_an_event_too_long() -> None:
    assert data(*[b": PROCESSING\nunknown: x\nevent: y\n"] * 1000, b"data: a\n\n") == ["a"]


@pytest.mark.parametrize(
    ("unit", "times", "size", "events"),
    [
        (b"data: " + b"x" * 10_000_000 + b"\n\n", 1, 100, 1),
        (b"data: " + b"x" * 1000 + b"\n\n", 10_000, 65_536, 10_000),
        (b"data: x\n\n", 200_000, 65_536, 200_000),
        (b"\n", 2_000_000, 65_536, 0),
        (b": PROCESSING\n\n", 100_000, 7, 0),
    ],
)
def test_long_streams_take_linear_time(unit: bytes, times: int, size: int, events: int) -> None:
    stream, decoder = unit * times, SseDecoder()
    began = time.process_time()
    found = sum(len(decoder.feed(stream[start : start + size])) for start in range(0, len(stream), size))
    assert time.process_time() - began < 4
    assert found == events


pieces = st.sampled_from(
    [
        b"data:",
        b"data: ",
        b"event: e",
        b"id: 1",
        b"retry: 5",
        b":",
        b"\n",
        b"\r",
        b"\r\n",
        b"\n\n",
        b"\xef\xbb\xbf",
    ]
)
streams = st.lists(st.one_of(pieces, st.binary(max_size=8), st.text(max_size=4).map(str.encode))).map(
    b"".join
)


@settings(max_examples=200)
@given(streams, st.lists(st.integers(0, 200), max_size=5))
def test_where_a_stream_is_cut_changes_nothing(stream: bytes, cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(stream)]
    chunks = [stream[start:end] for start, end in pairwise(edges)]
    assert decoded(*chunks) == decoded(stream)


def by_the_standard(stream: bytes) -> list[tuple[str, str, str]]:
    """Read a whole stream as the standard's text says it, the slow way; the last event needs no end."""
    text = stream.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    events, last, name, lines = [], "", "", list[str]()
    for line in [*text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), "", ""]:
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line:
            if lines:
                events.append(("\n".join(lines), name or "message", last))
            name, lines = "", []
        elif field == "data":
            lines.append(value)
        elif field == "event":
            name = value
        elif field == "id" and "\0" not in value:
            last = value
    return events


@settings(max_examples=200)
@given(streams)
def test_the_decoder_agrees_with_the_standard_read_the_slow_way(stream: bytes) -> None:
    found = [(event.data, event.name, event.id) for event in decoded(stream, longest=10**6)]
    assert found == by_the_standard(stream)
