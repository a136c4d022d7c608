"""JSON as text that belongs to someone: read strictly, changed by path, every other byte kept."""

import json
import pickle
import sys
import time
from collections.abc import Iterator
from enum import StrEnum
from itertools import pairwise
from pathlib import Path as FilePath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mimo_tui.core.json_text import (
    DEPTH_LIMIT,
    Delete,
    Edit,
    EditError,
    Fault,
    Json,
    JsonTextError,
    MissingPath,
    Path,
    Rename,
    Set,
    _read_slowly,
    apply,
    decode,
    format_path,
    get,
    parse,
    parse_path,
    read,
)
from tests.promises.test_p06_p07_json import DOCUMENTS, Sample

# As Lingtai writes it: lingtai-presets.md §2.2.
PRESET = """{
  "name": "mimo-1",
  "description": {
    "gains": "中文 — fast",
    "summary": "a \\u003cb\\u003e \\u0026 c"
  },
  "manifest": {
    "capabilities": {
      "skills": {
        "paths": [
          "../.library_shared",
          "~/.lingtai-tui/utilities"
        ]
      },
      "vision": null,
      "web_search": {}
    },
    "llm": {
      "api_key": null,
      "api_key_env": "MIMO_1_API_KEY",
      "context_limit": 9007199254740993,
      "model": "mimo-v2.5",
      "ratio": 1e3,
      "seed": 123456789012345678901234567890
    }
  }
}"""


def lines_changed(before: str, after: str) -> tuple[list[str], list[str]]:
    """Give the lines that went and those that came, stripped."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    return [line.strip() for line in old if line not in new], [
        line.strip() for line in new if line not in old
    ]


# Edits of a preset


def test_switching_the_model_changes_one_line() -> None:
    after = apply(PRESET, [Set(("manifest", "llm", "model"), "mimo-v2.5-pro")])
    assert lines_changed(PRESET, after) == (['"model": "mimo-v2.5",'], ['"model": "mimo-v2.5-pro",'])


def test_a_new_key_goes_to_its_sorted_place_among_sorted_ones() -> None:
    after = apply(PRESET, [Set(("manifest", "llm", "base_url"), "https://api.xiaomimimo.com/v1")])
    assert after == PRESET.replace(
        '"MIMO_1_API_KEY",\n', '"MIMO_1_API_KEY",\n      "base_url": "https://api.xiaomimimo.com/v1",\n'
    )


def test_a_new_key_goes_to_the_end_of_unsorted_ones() -> None:
    after = apply(PRESET, [Set(("$schema",), 1)])
    assert after == PRESET.removesuffix("\n}") + ',\n  "$schema": 1\n}'


def test_what_is_written_into_a_preset_is_what_lingtai_would_write() -> None:
    value: dict[str, Json] = {"api_key_env": "灵台 <&>\u2028", "list": ["a", {}, []], "model": 1.5}
    edited = apply(PRESET, [Set(("manifest", "capabilities", "vision"), value)])
    expected = json.loads(PRESET)
    expected["manifest"]["capabilities"]["vision"] = value
    go = json.dumps(expected, indent=2, ensure_ascii=False)
    for raw, escape in (("<", "003c"), (">", "003e"), ("&", "0026"), ("\u2028", "2028")):
        go = go.replace(raw, f"\\u{escape}")
    assert edited == go.replace("1000.0", "1e3")


def test_several_edits_are_made_in_order() -> None:
    edits: list[Edit] = [
        Rename(("manifest", "llm", "api_key_env"), "slot"),
        Set(("manifest", "llm", "slot"), "MIMO_2_API_KEY"),
        Delete(("manifest", "llm", "seed")),
        Set(("manifest", "capabilities", "vision"), {}),
        Set(("manifest", "capabilities", "vision", "model"), "mimo-v2.5"),
    ]
    expected = PRESET.replace('"api_key_env": "MIMO_1_API_KEY"', '"slot": "MIMO_2_API_KEY"')
    expected = expected.replace(',\n      "seed": 123456789012345678901234567890', "")
    expected = expected.replace('"vision": null', '"vision": {\n        "model": "mimo-v2.5"\n      }')
    assert apply(PRESET, edits) == expected


def test_no_edits_and_edits_to_what_is_there_change_nothing() -> None:
    assert apply(PRESET, []) == PRESET
    paths: list[Path] = [("manifest",), ("manifest", "llm", "seed"), ("description", "summary"), ()]
    assert apply(PRESET, [Set(path, get(parse(PRESET).value, path)) for path in paths]) == PRESET


def test_an_iterator_of_edits_will_do() -> None:
    def edits() -> Iterator[Edit]:
        yield Set(("a",), 2)
        yield Set(("b",), 3)

    assert apply('{"a": 1}', edits()) == '{"a": 2, "b": 3}'


def test_a_value_handed_in_is_not_changed_by_later_edits() -> None:
    value: dict[str, Json] = {}
    assert apply("{}", [Set(("a",), value), Set(("a", "b"), 1)]) == '{\n  "a": {\n    "b": 1\n  }\n}'
    assert value == {}


# Where and how new things are written

NEW: list[tuple[str, Path, Json, str]] = [
    ("{}", ("a",), 1, '{\n  "a": 1\n}'),
    (" { }\n", ("a",), 1, ' {\n   "a": 1\n }\n'),
    ("{\r\n}\r\n", ("a",), 1, '{\r\n  "a": 1\r\n}\r\n'),
    ("{}", ("a", "b", "c"), 1, '{\n  "a": {\n    "b": {\n      "c": 1\n    }\n  }\n}'),
    ("{}", ("a",), [], '{\n  "a": []\n}'),
    ('{"z": 1}', ("a",), 2, '{"z": 1, "a": 2}'),
    ('{"z":1}', ("a",), {"b": [1, 2]}, '{"z":1,"a":{"b":[1,2]}}'),
    ('{ "z" : 1 }', ("a",), {"b": 1, "c": 2}, '{ "z" : 1, "a" : {"b" : 1, "c" : 2} }'),
    ('{"b": 1, "d": 2}', ("c",), 3, '{"b": 1, "c": 3, "d": 2}'),
    ('{"b": 1, "d": 2}', ("a",), 3, '{"a": 3, "b": 1, "d": 2}'),
    ('{"b": 1, "d": 2}', ("灵",), 3, '{"b": 1, "d": 2, "灵": 3}'),
    ('{"d": 1, "b": 2}', ("c",), 3, '{"d": 1, "b": 2, "c": 3}'),
    ('{"a": {}}', ("a", "b"), 1, '{"a": {"b": 1}}'),
    ('{\n\t"a": {}\n}', ("a", "b"), 1, '{\n\t"a": {\n\t\t"b": 1\n\t}\n}'),
    (
        '{\r\n    "a": 1\r\n}',
        ("b",),
        {"c": 1},
        '{\r\n    "a": 1,\r\n    "b": {\r\n        "c": 1\r\n    }\r\n}',
    ),
    ('{\n"a": 1\n}', ("b",), [1], '{\n"a": 1,\n"b": [\n1\n]\n}'),
    ('{\n  "a": 1\n, "c": 2\n}', ("d",), 3, '{\n  "a": 1\n, "c": 2\n, "d": 3\n}'),
    ('{\n  "x": {"a": 1},\n  "y": {}\n}', ("y", "b"), 2, '{\n  "x": {"a": 1},\n  "y": {"b": 2}\n}'),
    ('{\n  "x": {"a": 1},\n  "y": 1\n}', ("y",), {"b": 2}, '{\n  "x": {"a": 1},\n  "y": {"b": 2}\n}'),
    ('{\n  "x": [1, 2],\n  "y": 1\n}', ("x",), [3], '{\n  "x": [3],\n  "y": 1\n}'),
    ('{\n  "x": [1, 2],\n  "y": 1\n}', ("y",), {"b": 2}, '{\n  "x": [1, 2],\n  "y": {\n    "b": 2\n  }\n}'),
    ('{\n  "x": [1],\n  "y": [\n    2\n  ]\n}', ("y",), [3], '{\n  "x": [1],\n  "y": [\n    3\n  ]\n}'),
    ('{\n  "x": [1],\n  "y": [\n    2\n  ]\n}', ("x",), [3], '{\n  "x": [3],\n  "y": [\n    2\n  ]\n}'),
    ("[]", (0,), 1, "[\n  1\n]"),
    ("[1]", (1,), 2, "[1, 2]"),
    ("[1, 2]", (2,), 3, "[1, 2, 3]"),
    ('{"a": ["x"]}', ("a", 1), "y", '{"a": ["x", "y"]}'),
    ('{\n  "a": [\n    "x"\n  ]\n}', ("a", 1), "y", '{\n  "a": [\n    "x",\n    "y"\n  ]\n}'),
    ('{\r  "a": 1\r}', ("b",), {"c": 1}, '{\r  "a": 1,\r  "b": {\r    "c": 1\r  }\r}'),
    ("1", (), {"a": 1}, '{\n  "a": 1\n}'),
    ('\n{"a": 1}\n', (), {"b": 1}, '\n{"b": 1}\n'),
]


@pytest.mark.parametrize(("before", "path", "value", "after"), NEW)
def test_a_new_value_is_written_as_its_neighbours_are(
    before: str, path: Path, value: Json, after: str
) -> None:
    assert apply(before, [Set(path, value)]) == after


DELETED: list[tuple[str, Path, str]] = [
    ('{"a": 1}', ("a",), "{}"),
    ('{\n  "a": 1\n}\n', ("a",), "{}\n"),
    ('{\n  "a": 1,\n  "b": 2,\n  "c": 3\n}', ("a",), '{\n  "b": 2,\n  "c": 3\n}'),
    ('{\n  "a": 1,\n  "b": 2,\n  "c": 3\n}', ("b",), '{\n  "a": 1,\n  "c": 3\n}'),
    ('{\r\n  "a": 1,\r\n  "b": 2,\r\n  "c": 3\r\n}', ("c",), '{\r\n  "a": 1,\r\n  "b": 2\r\n}'),
    ('{ "a": 1, "b": 2 }', ("a",), '{ "b": 2 }'),
    ('{ "a": 1, "b": 2 }', ("b",), '{ "a": 1 }'),
    ('{\n "a": 1, "b": 2,\n "c": 3\n}', ("b",), '{\n "a": 1,\n "c": 3\n}'),
    ('{\n "a": 1,\n "b": 2, "c": 3\n}', ("b",), '{\n "a": 1,\n "c": 3\n}'),
    ('{\n "a": 1,\n\n "b": 2,\n "c": 3\n}', ("b",), '{\n "a": 1,\n\n "c": 3\n}'),
    ('{\n  "a": 1\n, "b": 2\n, "c": 3\n}', ("b",), '{\n  "a": 1\n, "c": 3\n}'),
    ("[1, [2], 3]", (1,), "[1, 3]"),
    ('{"a": ["x"]}', ("a", 0), '{"a": []}'),
]


@pytest.mark.parametrize(("before", "path", "after"), DELETED)
def test_what_is_left_after_a_delete_is_what_a_person_would_have_left(
    before: str, path: Path, after: str
) -> None:
    assert apply(before, [Delete(path)]) == after


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ('{"a": "\\u003c灵"}', "<&>\u2028台", '{"a": "\\u003c\\u0026\\u003e\\u2028台"}'),
        ('{"a": "", "b": "\\u003C", "c": "<"}', "<&>", '{"a": "<&>", "b": "\\u003C", "c": "<"}'),
        ('{"a": "", "b": "\\\\u003c"}', "<&>", '{"a": "<&>", "b": "\\\\u003c"}'),
        ('{"a": "", "b": "\\\\\\u0026"}', "<", '{"a": "\\u003c", "b": "\\\\\\u0026"}'),
        ('{"a": ""}', "<灵\u2028😀", '{"a": "<灵\u2028😀"}'),
        ('{"a": "", "b": "\\u7075"}', "灵台😀", '{"a": "\\u7075\\u53f0\\ud83d\\ude00", "b": "\\u7075"}'),
        ('{"a": "", "b": "\\u7075", "c": "台"}', "灵", '{"a": "灵", "b": "\\u7075", "c": "台"}'),
        ('{"a": "", "b": "\\u2028"}', "灵", '{"a": "灵", "b": "\\u2028"}'),
        ('{"a": ""}', "\ud800", '{"a": "\\ud800"}'),
        ('{"a": ""}', '\n\x00"\\/', '{"a": "\\n\\u0000\\"\\\\/"}'),
    ],
)
def test_a_string_is_escaped_as_the_document_escapes(before: str, value: str, after: str) -> None:
    edited = apply(before, [Set(("a",), value)])
    assert edited == after
    assert get(read(edited.encode()).value, ("a",)) == value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1e3", 1000), ("1e3", 1000.0), ("1000", 1000.0), ("-0", 0), ("0.10", 0.1), ("1e999", float("inf")),
        ("9007199254740993", 9007199254740993), ('"\\u0061"', "a"), ('"\\ud800"', "\ud800"),
        ("[1, 2 ]", [1, 2.0]), ('{"a":1,  "b":2}', {"b": 2, "a": 1}), ("true", True), ("null", None),
    ],
)  # fmt: skip
def test_an_equal_value_leaves_the_text_as_its_owner_wrote_it(written: str, value: Json) -> None:
    text = f'{{"a" :  {written} }}'
    assert apply(text, [Set(("a",), value)]) == text


@pytest.mark.parametrize(
    ("written", "value", "after"),
    [
        ("1", True, "true"),
        ("true", 1, "1"),
        ("0", False, "false"),
        ("false", 0, "0"),
        ("1.0", True, "true"),
        ("[1]", [True], "[true]"),
        ('{"b": false}', {"b": 0}, '{"b": 0}'),
        ("null", False, "false"),
        ('"1"', 1, "1"),
        ("9007199254740992", 9007199254740993, "9007199254740993"),
        ("9007199254740993", float(2**53), "9007199254740992.0"),
        ("{}", [], "[]"),
    ],
)
def test_values_that_python_takes_for_equal_are_told_apart(written: str, value: Json, after: str) -> None:
    assert apply(f'{{"a": {written}}}', [Set(("a",), value)]) == f'{{"a": {after}}}'


def test_a_number_can_be_written_anew_in_two_steps() -> None:
    assert apply('{"a": 1e6}', [Set(("a",), None), Set(("a",), 1000000)]) == '{"a": 1000000}'


def test_a_name_of_ours_is_written_as_its_text() -> None:
    class Surface(StrEnum):
        OPENAI = "openai"

    assert apply('{"a": ""}', [Set(("a",), Surface.OPENAI)]) == '{"a": "openai"}'


def test_a_rename_keeps_place_and_value() -> None:
    assert apply('{"a" : 1e3, "b":2}', [Rename(("a",), '灵 "<')]) == '{"灵 \\"<" : 1e3, "b":2}'
    assert apply('{"\\u0061": 1}', [Rename(("a",), "a")]) == '{"\\u0061": 1}'


# Edits that cannot be made

IMPOSSIBLE: list[tuple[str, Edit, str]] = [
    ('{"a": 1}', Set(("a", "b"), 1), "a is not an object"),
    ('{"a": null}', Set(("a", "b", "c"), 1), "a.b"),
    ('{"a": []}', Set(("a", "b"), 1), "a is not an object"),
    ('{"a": {}}', Set(("a", 0), 1), "a is not a list"),
    ('{"a": "text"}', Set(("a", 0), "x"), "a is not a list"),
    ('{"a": [1]}', Set(("a", 2), 1), "1 element"),
    ('{"a": [1]}', Set(("a", -1), 1), "1 element"),
    ('{"a": [1]}', Set(("a", 1, "b"), 1), "no a[1]"),
    ("{}", Set(("a", 0), 1), "a is not a list"),
    ("{}", Set(("a", 0, "b"), 1), "no a[0]"),
    ("{}", Delete(("a",)), "a"),
    ('{"a": {}}', Delete(("a", "b", "c")), "no a.b"),
    ('{"a": [1]}', Delete(("a", 1)), "1 element"),
    ("{}", Delete(()), "the document"),
    ("{}", Rename((), "a"), "the document"),
    ("{}", Rename(("a",), "b"), "a"),
    ('{"a": 1, "b": 2}', Rename(("a",), "b"), "already a b"),
    ("[1]", Rename((0,), "b"), "no name"),
    ("{}", Set(("a",), float("nan")), "JSON"),
    ("{}", Set(("a",), [float("inf")]), "JSON"),
    ("{}", Set(("a",), 10**5000), "JSON"),
    ("{}", Set(("a",), "\ud83d\ude00"), "same value"),
    ("{}", Set(("\x1b]0;", 0), 1), "u001b"),
]


@pytest.mark.parametrize(("text", "edit", "reason"), IMPOSSIBLE)
def test_an_edit_that_cannot_be_made_says_where_and_why(text: str, edit: Edit, reason: str) -> None:
    with pytest.raises(EditError) as caught:
        apply(text, [Set(("first",), 1), edit] if text.startswith("{") and edit.path else [edit])
    assert reason in str(caught.value)
    assert (format_path(edit.path) or "the document") in str(caught.value)
    assert "\x1b" not in str(caught.value)
    assert caught.value.path == edit.path


def test_a_value_that_no_json_can_hold_is_refused() -> None:
    circle: list[Json] = []
    circle.append(circle)
    deep: Json = 1
    for _ in range(5_000):
        deep = [deep]
    strange: list[object] = [circle, deep, {1: "a"}, (1, 2), {"a": {1, 2}}, object()]
    for value in strange:
        with pytest.raises(EditError):
            apply("{}", [Set(("a",), value)])  # type: ignore[arg-type]


# Reading


def test_presets_with_odd_but_legal_content_are_read() -> None:
    assert parse('\r\n\t {"a": [1e3, -0, 1E-2, true, null, "\\ud800\\u0000"]} \n').value == {
        "a": [1000.0, 0, 0.01, True, None, "\ud800\x00"]
    }
    assert parse("1e999").value == float("inf")
    assert parse('{"Name": 1, "name": 2, "a": {"name": 3}}').value == {"Name": 1, "name": 2, "a": {"name": 3}}


def test_a_lone_surrogate_stays_in_the_text_and_can_be_written() -> None:
    text = '{"a": "\\ud800", "b": 1}'
    assert apply(text, [Set(("b",), 2)]).encode() == b'{"a": "\\ud800", "b": 2}'
    with pytest.raises(JsonTextError) as caught:
        parse('{"a": "\ud800"}')
    assert caught.value.fault is Fault.NOT_UTF8


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a": ', "}"), ("[1, ", ", 1]")])
def test_nesting_is_allowed_to_its_limit_and_no_deeper(opening: str, closing: str) -> None:
    def nest(depth: int) -> str:
        return opening * (depth - 1) + "[]" + closing * (depth - 1)

    parse(nest(DEPTH_LIMIT))
    with pytest.raises(JsonTextError) as caught:
        parse(nest(DEPTH_LIMIT + 1))
    assert caught.value.fault is Fault.TOO_DEEP
    assert caught.value.column == len(opening) * DEPTH_LIMIT + 1


@pytest.mark.parametrize("limit", [120, 1_000, 1_000_000])
def test_the_limit_is_the_same_whatever_python_allows(limit: int) -> None:
    usual = sys.getrecursionlimit()
    depth = 0
    frame = sys._getframe()
    while frame.f_back:
        depth, frame = depth + 1, frame.f_back
    sys.setrecursionlimit(depth + limit)
    try:
        text = "[" * DEPTH_LIMIT + "]" * DEPTH_LIMIT
        parse(text)
        path: Path = (0,) * (DEPTH_LIMIT - 1)
        assert apply(text, [Set((*path, 0), 1)]) == "[" * DEPTH_LIMIT + "1" + "]" * DEPTH_LIMIT
        for deep in ("[" * 100_000, '{"a":' * 100_000, "[" * 100_000 + "]" * 100_000):
            with pytest.raises(JsonTextError, match="200 levels"):
                parse(deep)
    finally:
        sys.setrecursionlimit(usual)


def test_brackets_in_strings_are_no_nesting() -> None:
    text = json.dumps({"a": "[{" * 5_000, "b": '"[' * 5_000})
    assert apply(text, [Set(("c",), 1)]) == text.removesuffix("}") + ', "c": 1}'


def test_a_list_of_many_values_is_read_to_its_fault() -> None:
    tails = {Fault.HUGE_NUMBER: "9" * 5_000, Fault.TRAILING_COMMA: "", Fault.NOT_A_NUMBER: "NaN"}
    for fault, tail in tails.items():
        text = "[\n" + "[1, {}],\n1,\n" * 3_000 + tail + "]"
        with pytest.raises(JsonTextError) as caught:
            parse(text)
        assert caught.value.fault is fault
        assert caught.value.line == 6_002 - (fault is Fault.TRAILING_COMMA)


def test_a_key_repeated_after_thousands_of_others_is_found_where_it_stands() -> None:
    members = [f'"k{number}": {number}' for number in range(2_500)]
    for repeated in (0, 700, 1_999, 2_400):
        with pytest.raises(JsonTextError) as caught:
            parse("{\n" + ",\n".join([*members, f'"k{repeated}": 1', '"z": 1']) + "\n}")
        assert (caught.value.fault, caught.value.line) == (Fault.DUPLICATE_KEY, 2_502)


@pytest.mark.parametrize("text", ["{},", "1,2", "[1],[2]", '"a","b"', "1,", "{}]"])
def test_there_is_one_value_in_a_document(text: str) -> None:
    with pytest.raises(JsonTextError) as caught:
        parse(text)
    assert caught.value.fault is Fault.TRAILING_TEXT


@pytest.mark.parametrize(
    "text",
    ["01", "[01]", "[1.]", "[.5]", "[+1]", "[-]", "[1e]", "['a']", "[1 2]", "[1}", '{"a" 1}', '{"a":}',
     "{a: 1}", "[nul]", "[,]", "{,}", "[1,,2]", '["\\x"]', '["\\u12"]', '["\t"]', "[\x0b1]", "[\xa01]",
     "[１]", "[tru e]"],
)  # fmt: skip
def test_what_only_some_reader_would_take_is_refused(text: str) -> None:
    with pytest.raises(JsonTextError):
        parse(text)
    with pytest.raises(JsonTextError):
        apply(text, [])


def test_a_message_holds_no_control_code_of_the_file() -> None:
    for text in ("[\x1b]0;x]", '{"\\u001b]0;": 1, "\\u001b]0;": 2}', "[\u202e]"):
        with pytest.raises(JsonTextError) as caught:
            parse(text)
        assert not set(str(caught.value)) & {"\x1b", "\u202e"}


def test_an_error_can_be_sent_to_another_process() -> None:
    error = JsonTextError(Fault.BOM, 1, 2, "There is one")
    copy = pickle.loads(pickle.dumps(error))
    assert (str(copy), copy.fault, copy.line, copy.column) == (str(error), Fault.BOM, 1, 2)
    assert str(pickle.loads(pickle.dumps(EditError(("a",), "no")))) == "Cannot edit a: no."


def test_the_text_of_a_file_comes_back_byte_for_byte(tmp_path: FilePath) -> None:
    file = tmp_path / "灵台 预设.json"
    file.write_bytes('{"名": "\\u003c😀",\r\n\t"n": 1e3 }\r'.encode())
    assert decode(file.read_bytes()).encode() == file.read_bytes()


def test_a_byte_order_mark_is_found_when_the_bytes_become_text() -> None:
    with pytest.raises(JsonTextError, match="byte-order mark"):
        decode(b"\xef\xbb\xbf{}")


@pytest.mark.parametrize("text", ["[1, x]", "[1,,2]", "{,}", '{"a": 1, b: 2}'])
def test_a_comma_with_something_after_it_is_no_trailing_comma(text: str) -> None:
    with pytest.raises(JsonTextError) as caught:
        parse(text)
    assert caught.value.fault is Fault.SYNTAX


# Promise 23: whatever comes in, an answer comes out

ARBITRARY = st.one_of(
    st.text(st.characters(codec=None), max_size=40),
    st.text(st.sampled_from('{}[]",:\\u00e1 \n\r\t-+.0123456789eEtruefalsn/*#\ufeffNIy灵'), max_size=40),
)
KNOWN_TO_PYTHON = {Fault.DUPLICATE_KEY, Fault.NOT_A_NUMBER, Fault.TOO_DEEP, Fault.NOT_UTF8}


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """Give a document with one piece replaced by another text."""
    text = draw(DOCUMENTS).text
    start = draw(st.integers(0, len(text)))
    length = draw(st.integers(0, 4))
    return (
        text[:start]
        + draw(st.one_of(st.sampled_from(["", ",", "//", "NaN", '"', "}"]), ARBITRARY))
        + text[start + length :]
    )


def fault_of(source: str | bytes) -> JsonTextError | None:
    """Give the error that reading this ends in, if it does; any other one is the test's end."""
    try:
        parse(source) if isinstance(source, str) else read(source)
    except JsonTextError as error:
        return error
    return None


def python_reads(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _check_reading(text: str) -> None:
    error = fault_of(text)
    if error is None:
        assert json.dumps(json.loads(text)) == json.dumps(parse(text).value)
        text.encode("utf-8")
        return
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert 1 <= error.line <= len(lines)
    assert 1 <= error.column <= len(lines[error.line - 1]) + 1
    assert not set(map(ord, str(error))) & {*range(32), *range(127, 160), 0x202E}
    assert error.fault in KNOWN_TO_PYTHON or not python_reads(text)


def _check_bytes(raw: bytes) -> None:
    error = fault_of(raw)
    assert error is None or str(error)


QUICK = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
TEXTS = st.one_of(ARBITRARY, damaged())
BYTES = st.one_of(st.binary(max_size=60), TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass")))


@settings(QUICK, max_examples=1_400)
@given(TEXTS)
def test_any_text_is_read_or_refused_with_a_reason(text: str) -> None:
    _check_reading(text)


@settings(QUICK, max_examples=600)
@given(BYTES)
def test_any_bytes_are_read_or_refused_with_a_reason(raw: bytes) -> None:
    _check_bytes(raw)


@pytest.mark.long
@settings(QUICK, max_examples=70_000)
@given(TEXTS)
def test_70_000_texts_are_read_or_refused_with_a_reason(text: str) -> None:
    _check_reading(text)


@pytest.mark.long
@settings(QUICK, max_examples=30_000)
@given(BYTES)
def test_30_000_byte_strings_are_read_or_refused_with_a_reason(raw: bytes) -> None:
    _check_bytes(raw)


@settings(QUICK, max_examples=100)
@given(DOCUMENTS)
def test_a_short_stack_changes_no_answer(sample: Sample) -> None:
    assert json.dumps(_read_slowly(sample.text)) == json.dumps(sample.value)


MEGABYTE = {
    "presets": "[" + ",\n".join([PRESET] * 1_500) + "]",
    "presets and a last comma": "[" + ",\n".join([PRESET] * 1_500) + ",]",
    "presets and a key twice": "[" + ",\n".join([PRESET] * 1_500) + ',{"a": 1, "a": 2}]',
    "numbers and a last comma": "[" + "1," * 500_000 + "]",
    "keys and a last comma": "{" + "".join(f'"key {number}": {number},' for number in range(50_000)) + "}",
    "an open end": "[" * 1_000_000,
    "quotes": '"\\"' * 330_000,
    "blanks": "[1" + " \n" * 500_000,
    "one string": '"' + "灵" * 350_000,
}


@pytest.mark.long
@pytest.mark.parametrize("text", MEGABYTE.values(), ids=MEGABYTE)
def test_a_megabyte_is_read_or_refused_in_200_ms(text: str) -> None:
    def seconds() -> float:
        started = time.process_time()
        fault_of(text)
        return time.process_time() - started

    assert min(seconds() for _ in range(3)) < 0.2


# Paths


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), ""),
        (("manifest", "llm", "model"), "manifest.llm.model"),
        (("a", "b.c", 0), 'a."b.c"[0]'),
        ((0, "a", 12, 3), "[0].a[12][3]"),
        (("$schema", "web-search", "灵台", "0"), "$schema.web-search.灵台.0"),
        (("", "a b", 'c"d'), '""."a b"."c\\"d"'),
        (("\x1b", "\u202e"), '"\\u001b"."\\u202e"'),
    ],
)
def test_a_path_is_written_as_a_person_would(path: Path, text: str) -> None:
    assert format_path(path) == text
    assert parse_path(text) == path


@settings(QUICK, max_examples=200)
@given(st.lists(st.one_of(st.text(max_size=5), st.integers(0, 999_999_999))).map(tuple))
def test_every_path_is_read_as_it_was_written(path: Path) -> None:
    assert parse_path(format_path(path)) == path
    assert format_path(path).isprintable()


@pytest.mark.parametrize(
    "text",
    [".", ".a", "a.", "a..b", "a b", 'a"b"', "a[", "a[-1]", "a[x]", "a]", '"a', "[0]a", "a.[0]", '"\\x"'],
)
def test_what_is_no_path_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="is not a path") as caught:
        parse_path(text)
    assert str(caught.value).endswith(".")


def test_a_missing_value_is_reported_by_its_path() -> None:
    value: Json = {"a": [{"b": None}]}
    assert get(value, ("a", 0, "b")) is None
    assert get(value, ()) == value
    wrong: list[Path] = [("b",), ("a", 1), ("a", -1), ("a", "0"), ("a", 0, "b", "c"), (0,)]
    for path in wrong:
        with pytest.raises(MissingPath) as caught:
            get(value, path)
        assert caught.value.path == path
        assert format_path(path) in str(caught.value)


def test_sorted_keys_stay_sorted_however_many_are_added() -> None:
    text = '{"b": 1, "m": 2}'
    for key in ("z", "a", "n", "c", "B", "é"):
        text = apply(text, [Set((key,), 0)])
    assert all(one < other for one, other in pairwise(json.loads(text)))
