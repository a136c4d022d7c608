"""Text from outside reaches the terminal harmless, and whole."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimo_tui.core.text import clean, clean_lines, escape_json

HOSTILE = (
    *("\x1b]52;c;aGk=\x07", "\x9b2J", "\u202egnp.exe", "a\x00b"),
    *("\u2066x\u2069", "\ud800", "\ufeffx", "\U000e0041"),
)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_could_steer_a_terminal_becomes_a_visible_sign(text: str) -> None:
    cleaned = clean(text)
    assert cleaned.isprintable()
    assert len(cleaned) >= len(text)


@given(st.text())
def test_cleaned_text_prints_and_loses_no_visible_character(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode()
    assert not any(ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0 for character in cleaned)
    rest = iter(cleaned)
    assert all(character in rest for character in text if character.isprintable())


@given(st.text(alphabet="abc 中文é", max_size=40))
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert clean(text) == text


def test_lines_are_kept_and_tabs_expanded() -> None:
    assert clean_lines("a\tb\r\nc\x1b") == "a   b\nc␛"


@given(st.text())
def test_json_stays_the_same_document_without_raw_control_characters(text: str) -> None:
    written = escape_json(json.dumps({"value": text}, ensure_ascii=False))
    assert json.loads(written) == {"value": text}
    written.encode()
    assert not any(character in written for character in "\x1b\x7f\x9b\u202e\u2066\ud800")
