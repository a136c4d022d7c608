"""Promises 6 and 7: an edit changes one value and no other byte; what is not strict JSON is refused."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mimo_tui.core.json_text import (
    Delete,
    EditError,
    Fault,
    Json,
    JsonTextError,
    Path,
    Rename,
    Set,
    apply,
    get,
    parse,
    read,
)


@dataclass(frozen=True)
class Written:
    """A piece of JSON as someone wrote it: text, and in it the pieces that have a place in the document."""

    pieces: tuple["str | tuple[str | int, Written]", ...]


@dataclass(frozen=True)
class Sample:
    """A document, and where in it each value was put: known from writing it, not from reading it."""

    text: str
    spans: dict[Path, tuple[int, int]]

    @property
    def value(self) -> Json:
        value: Json = json.loads(self.text)
        return value


BLANKS = st.sampled_from(["", "", "", " ", "  ", "\n", "\r\n", "\t", "\n    ", "\r\n\t", " \n\n  "])
ODD = [
    "1e3", "1E+03", "-0", "0.10", "1.0", "-1.5e-7", "123456789012345678901234567890", "9007199254740993",
    "1e999", "true", "false", "null", '""', '"\\u003cb\\u003e \\u0026"', '"<b> & \\"x\\""', '"灵台 预设"',
    '"\\u7075台"', '"\\ud800"', '"\\ud83d\\ude00 😀"', '"\\/\\b\\f\\n\\r\\t\\\\"',
    '"{\\"a\\": [1, 2]}, // x"', '"\u2028\\u2029\x7f"', '"1e3"', '"\\\\"', "[]", "{}", "[ ]", "{\r\n}",
]  # fmt: skip
# The last few only look like one another: to JSON they are different keys.
KEYS = ["a", "z", "name", "llm", "灵台", "a b", "", "\\u003c", "\\u0062", "name ", "Name", "a.b", "\\\\"]
SCALARS: st.SearchStrategy[Json] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12),
    st.sampled_from(
        ["", "mimo-v2.5", "<&>", "\ud800", "\u2028", "\x00\x1f\x7f", '"\\', "灵台", 10**40, 1000, 1]
    ),
)


def _list(elements: st.SearchStrategy[Written]) -> st.SearchStrategy[Written]:
    element = st.tuples(BLANKS, elements, BLANKS)

    def write(elements: list[tuple[str, Written, str]]) -> Written:
        pieces: list[str | tuple[str | int, Written]] = []
        for index, (before, value, after) in enumerate(elements):
            pieces += [("," if index else "") + before, (index, value), after]
        return Written(("[", *pieces, "]"))

    return st.lists(element, min_size=1, max_size=4).map(write)


def _object(values: st.SearchStrategy[Written]) -> st.SearchStrategy[Written]:
    member = st.tuples(st.sampled_from(KEYS), BLANKS, BLANKS, BLANKS, values, BLANKS)

    def write(members: list[tuple[str, str, str, str, Written, str]]) -> Written:
        pieces: list[str | tuple[str | int, Written]] = []
        for index, (key, one, two, three, value, four) in enumerate(members):
            name: str = json.loads(f'"{key}"')
            pieces += [("," if index else "") + f'{one}"{key}"{two}:{three}', (name, value), four]
        return Written(("{", *pieces, "}"))

    return st.lists(member, min_size=1, max_size=5, unique_by=lambda member: member[0]).map(write)


def _walk(written: Written, path: Path, at: int) -> Iterator[tuple[Path, int, str]]:
    for piece in written.pieces:
        if isinstance(piece, str):
            yield path, at, piece
            at += len(piece)
        else:
            for where, start, text in _walk(piece[1], (*path, piece[0]), at):
                yield where, start, text
                at = start + len(text)


def _sample(parts: tuple[str, Written, str]) -> Sample:
    lead, written, tail = parts
    spans: dict[Path, tuple[int, int]] = {}
    text = lead
    for path, start, piece in _walk(written, (), len(lead)):
        text += piece
        for depth in range(len(path) + 1):
            first, _ = spans.get(path[:depth], (start, 0))
            spans[path[:depth]] = (first, start + len(piece))
    return Sample(text + tail, spans)


WRITTEN = st.recursive(
    st.sampled_from(ODD).map(lambda text: Written((text,))),
    lambda children: st.one_of(_object(children), _object(children), _list(children)),
    max_leaves=8,
)
DOCUMENTS: st.SearchStrategy[Sample] = st.tuples(BLANKS, _object(WRITTEN), BLANKS).map(_sample)


def json_tokens(text: str) -> list[str]:
    """Give the tokens of a JSON text, as they are written, without the blanks."""
    return re.findall(r'"(?:\\.|[^"\\])*"|[\[\]{}:,]|[^\s\[\]{}:,"]+', text)


def is_one_piece_longer(longer: str, shorter: str) -> bool:
    """Tell whether one piece taken out of `longer` leaves `shorter`."""
    same = next(
        (n for n, (one, other) in enumerate(zip(longer, shorter, strict=False)) if one != other), len(shorter)
    )
    return len(longer) > len(shorter) and longer.endswith(shorter[same:])


def _same_json(left: Json, right: Json) -> bool:
    return json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)


def _check_one_field(sample: Sample, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(sample.spans, key=repr)))
    value = data.draw(SCALARS)
    start, end = sample.spans[path]
    after = apply(sample.text, [Set(path, value)])
    assert after.startswith(sample.text[:start])
    assert after.endswith(sample.text[end:])
    written = after[start : len(after) - (len(sample.text) - end)]
    was = get(sample.value, path)
    if was == value and isinstance(was, bool) is isinstance(value, bool):
        assert after == sample.text
    else:
        assert _same_json(json.loads(written), value)
        assert "\n" not in written
    after.encode("utf-8")
    read(after.encode("utf-8"))


Reached = Callable[[str, str], None]
PROMISED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("count", [1_000, pytest.param(10_000, marks=pytest.mark.long)])
def test_an_edit_of_one_field_changes_only_the_bytes_of_that_value(count: int, reached: Reached) -> None:
    seen = 0

    @settings(PROMISED, max_examples=count)
    @given(DOCUMENTS, st.data())
    def check(sample: Sample, data: st.DataObject) -> None:
        nonlocal seen
        _check_one_field(sample, data)
        seen += 1

    check()
    reached("6", f"{seen:,} one-field edits: only that value's bytes differed")


@settings(PROMISED, max_examples=80)
@given(DOCUMENTS)
def test_writing_each_value_again_as_it_is_changes_no_byte(sample: Sample) -> None:
    assert apply(sample.text, [Set(path, get(sample.value, path)) for path in sample.spans]) == sample.text


@settings(PROMISED, max_examples=120)
@given(DOCUMENTS, st.data(), SCALARS, SCALARS)
def test_setting_a_value_back_gives_the_same_bytes_back(
    sample: Sample, data: st.DataObject, first: Json, second: Json
) -> None:
    path = data.draw(st.sampled_from(sorted(sample.spans, key=repr)))
    # Emptied first, so that the value stands as we write it: an equal one would stay as its owner wrote it.
    once = apply(sample.text, [Set(path, []), Set(path, {}), Set(path, first)])
    assert apply(once, [Set(path, second), Set(path, []), Set(path, {}), Set(path, first)]) == once


@settings(PROMISED, max_examples=120)
@given(DOCUMENTS, st.data(), SCALARS)
def test_a_new_member_is_one_piece_put_in(sample: Sample, data: st.DataObject, value: Json) -> None:
    objects = [
        path for path in sample.spans if get(sample.value, path) and isinstance(get(sample.value, path), dict)
    ]
    path = data.draw(st.sampled_from(sorted(objects, key=repr)))
    after = apply(sample.text, [Set((*path, "new <key>"), value)])
    assert _same_json(get(json.loads(after), (*path, "new <key>")), value)
    assert is_one_piece_longer(after, sample.text)


@settings(PROMISED, max_examples=120)
@given(DOCUMENTS, st.data())
def test_deleting_takes_one_piece_out_and_leaves_every_other_token(
    sample: Sample, data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(sorted((path for path in sample.spans if path), key=repr)))
    start, end = sample.spans[path]
    after = apply(sample.text, [Delete(path)])
    assert is_one_piece_longer(sample.text, after)
    before, rest = json_tokens(sample.text[:start]), json_tokens(sample.text[end:])
    if isinstance(path[-1], str):
        before = before[:-2]
    if rest[0] == ",":
        rest = rest[1:]
    elif before[-1] == ",":
        before = before[:-1]
    assert json_tokens(after) == before + rest


@settings(PROMISED, max_examples=80)
@given(DOCUMENTS, st.data())
def test_a_rename_changes_only_the_key(sample: Sample, data: st.DataObject) -> None:
    paths = [path for path in sample.spans if path and isinstance(path[-1], str)]
    path = data.draw(st.sampled_from(sorted(paths, key=repr)))
    start = sample.spans[path][0]
    after = apply(sample.text, [Rename(path, "renamed")])
    key = json_tokens(sample.text[:start])[-2]
    at = sample.text.rindex(key, 0, start)
    assert after == sample.text[:at] + '"renamed"' + sample.text[at + len(key) :]


REFUSED = [
    ("the same key twice", b'{"name": "a",\n "name": "b"}', Fault.DUPLICATE_KEY, 2, 2),
    ("the same key twice, once escaped", b'{"manifest": {"a": 1, "\\u0061": 2}}', Fault.DUPLICATE_KEY, 1, 23),
    ("a byte-order mark", b'\xef\xbb\xbf{"name": "a"}', Fault.BOM, 1, 1),
    ("a comment on a line", b'{\r\n  // why\r\n  "name": "a"}', Fault.COMMENT, 2, 3),
    ("a comment after the end", b'{"name": "a"} # why', Fault.COMMENT, 1, 15),
    ("a comment in a block", b'{"name": /* why */ "a"}', Fault.COMMENT, 1, 10),
    ("a trailing comma in an object", b'{"name": "a",\n}', Fault.TRAILING_COMMA, 1, 13),
    ("a trailing comma in a list", b'{"name": ["a" , ]}', Fault.TRAILING_COMMA, 1, 15),
    ("NaN", b'{"name": NaN}', Fault.NOT_A_NUMBER, 1, 10),
    ("infinity", b'{"name": [1, -Infinity]}', Fault.NOT_A_NUMBER, 1, 14),
    ("Latin-1", '{\n"name": "灵é'.encode() + b'\xe9"}', Fault.NOT_UTF8, 2, 12),
    ("UTF-16", '{"name": "a"}'.encode("utf-16"), Fault.NOT_UTF8, 1, 1),
    ("a surrogate in UTF-8", b'{"name": "\xed\xa0\x80"}', Fault.NOT_UTF8, 1, 11),
    ("10,000 objects deep", b'{"a":' * 10_000 + b"1" + b"}" * 10_000, Fault.TOO_DEEP, 1, 1001),
    ("10,000 lists deep", b"[" * 10_000 + b"]" * 10_000, Fault.TOO_DEEP, 1, 201),
    ("10,000 lists deep and cut", b"[\n" * 10_000, Fault.TOO_DEEP, 201, 1),
    ("a number of 5,000 digits", b'{"name": -' + b"7" * 5_000 + b"}", Fault.HUGE_NUMBER, 1, 10),
    ("nothing", b"", Fault.EMPTY, 1, 1),
    ("blanks", b" \n\n ", Fault.EMPTY, 1, 1),
    ("a second document", b'{"name": "a"}\n{"name": "b"}', Fault.TRAILING_TEXT, 2, 1),
    ("a cut file", b'{"name": "a", "manifest": {', Fault.SYNTAX, 1, 28),
    ("a string that does not end", b'{"name": "a\n}', Fault.SYNTAX, 1, 10),
]


@pytest.mark.parametrize(
    ("raw", "fault", "line", "column"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_what_is_not_strict_json_is_refused_with_reason_and_place(
    raw: bytes, fault: Fault, line: int, column: int
) -> None:
    with pytest.raises(JsonTextError) as caught:
        read(raw)
    error = caught.value
    assert (error.fault, error.line, error.column) == (fault, line, column)
    assert f"line {line}, column {column}" in str(error)
    assert str(error).endswith(".")


def test_every_kind_of_broken_text_is_told_apart(reached: Reached) -> None:
    faults = set()
    for row in REFUSED:
        with pytest.raises(JsonTextError) as caught:
            read(row[1])
        faults.add(caught.value.fault)
    assert faults == set(Fault)
    reached(
        "7", f"{len(REFUSED)} broken texts of {len(faults)} kinds: each refused with reason, line and column"
    )


@pytest.mark.parametrize("raw", [row[1] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_is_not_strict_json_is_not_edited(raw: bytes) -> None:
    with pytest.raises(JsonTextError):
        apply(raw.decode("utf-8", "surrogateescape"), [Set(("name",), "b")])


@pytest.mark.parametrize("text", ["[]", '["name"]', '"name"', "1", "null", "true", " 1e3\n"])
def test_a_root_that_is_no_object_is_read_but_takes_no_member(text: str) -> None:
    assert not isinstance(parse(text).value, dict)
    for edit in (
        Set(("name",), "b"),
        Set(("manifest", "llm"), {}),
        Delete(("name",)),
        Rename(("name",), "b"),
    ):
        with pytest.raises(EditError):
            apply(text, [edit])
