"""A key that comes back is hidden, however it is written."""

import base64
import html
import json
from collections.abc import Callable, Mapping
from time import perf_counter
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as some

from mimo_tui.core.echo import hide
from mimo_tui.core.secrets import Secret

KEY = 'odd"key\\9f8e/7d6c%41&amp;'

WRITERS: Mapping[str, Callable[[str], str]] = {
    "plain": lambda one: one,
    "unicode": lambda one: f"\\u{ord(one):04x}",
    "unicode in capitals, twice": lambda one: f"\\\\u{ord(one):04X}",
    "octet": lambda one: f"\\x{ord(one):02x}",
    "percent": lambda one: f"%{ord(one):02X}",
    "percent twice": lambda one: f"%25{ord(one):02x}",
    "html": lambda one: f"&#{ord(one)};",
    "html, hexadecimal": lambda one: f"&#x{ord(one):X};",
    "html, twice": lambda one: f"&amp;#{ord(one)};",
    "backslash": lambda one: f"\\{one}" if not one.isalnum() else one,
}


@pytest.mark.parametrize("writer", WRITERS)
def test_a_key_is_hidden_in_every_writing(writer: str) -> None:
    text = "".join(map(WRITERS[writer], KEY))
    assert hide(f"before {text} after", Secret(KEY)) == "before •••••• after"


@given(some.lists(some.sampled_from(sorted(WRITERS)), min_size=len(KEY), max_size=len(KEY)))
def test_a_key_is_hidden_though_each_character_is_written_in_its_own_way(writers: list[str]) -> None:
    text = "".join(WRITERS[writer](one) for writer, one in zip(writers, KEY, strict=True))
    assert "9f8e" not in hide(f"<{text}>", Secret(KEY))
    assert hide(f"<{text}>", Secret(KEY)).count("•") == 6


@pytest.mark.parametrize("around", ["", "a", "ab", "abc", "Bearer "])
def test_a_key_within_base64_is_hidden_wherever_it_begins(around: str) -> None:
    packed = base64.b64encode(f"{around}{KEY}{around}".encode()).decode()
    middle = packed[len(packed) // 3 : -len(packed) // 3]
    assert middle not in hide(packed, Secret(KEY))


@pytest.mark.parametrize(
    "form",
    [
        json.dumps(KEY),
        json.dumps(json.dumps(KEY)),
        quote(KEY, safe=""),
        quote(KEY),
        html.escape(KEY),
        repr(KEY),
        KEY.encode().hex(),
        KEY.upper(),
        json.dumps(KEY).replace("/", "\\/"),
    ],
)
def test_the_forms_of_libraries_are_hidden(form: str) -> None:
    assert "7d6c" not in hide(form, Secret(KEY)).lower()


def test_where_a_text_breaks_off_the_beginning_of_the_key_is_hidden() -> None:
    key = Secret("Zyxwvut-9f8e7d6c")
    assert hide("said: Zyxwvut-9f8", key) == "said: ••••••"
    assert hide("said: Zyx\\u0077vut", key) == "said: ••••••"
    assert hide("said: Zyxw", key) == "said: Zyxw"


def test_a_short_key_is_hidden_where_it_stands_alone() -> None:
    assert hide("on, tongue, 'on'", Secret("on")) == "••••••, tongue, '••••••'"
    assert hide("on", Secret("")) == "on"


@given(some.text(), some.text())
def test_any_text_is_taken_and_without_the_key_it_stays(text: str, key: str) -> None:
    shown = hide(text, Secret(key))
    assert shown == text or "•" in shown


@pytest.mark.parametrize(
    "text",
    ["\\u006f" * 2700, "%6f" * 5400, "&" + "amp;" * 4000, "%" + "25" * 8000, "\\" * 16_000, "odd" * 5400],
)
def test_a_hostile_text_takes_no_time(text: str) -> None:
    began = perf_counter()
    hide(text, Secret(KEY))
    assert perf_counter() - began < 0.1
