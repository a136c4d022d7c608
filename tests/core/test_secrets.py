"""A key shows itself to nobody who does not ask for it by name."""

import base64
import json
import pickle
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mimo_tui.core.secrets import Secret, may_be_a_key, may_hold_a_key, redact

KEYS = st.text(min_size=1, max_size=60)


@given(KEYS)
@example("sk-abcdefghijkl")
def test_no_way_of_printing_a_key_prints_it(value: str) -> None:
    secret = Secret(value)
    for shown in (str(secret), repr(secret), f"{secret}", f"{secret:>20}", secret.masked, repr([secret])):
        assert len(value) < 5 or value not in shown


@given(KEYS)
def test_a_mask_shows_at_most_four_characters_and_none_of_a_short_key(value: str) -> None:
    shown = Secret(value).masked.replace("•", "")
    assert len(shown) <= 4
    assert len(value) >= 12 or shown == ""


def test_a_key_is_not_pickled() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(Secret("sk-abcdefghijkl"))


@given(st.text(min_size=6, max_size=40).filter(lambda text: "•" not in text))
def test_redacting_leaves_no_form_of_a_known_key(value: str) -> None:
    raw = value.encode("utf-8", "surrogatepass")
    forms = (value, json.dumps(value)[1:-1], quote(raw, safe=""), base64.b64encode(raw).decode())
    for form in forms:
        assert form not in redact(f"before|{form}|after", [Secret(value)])


@pytest.mark.parametrize(
    "text",
    [
        "sk-abcdef123456",
        "Bearer tp-ABCDEF12345",
        '{"k": "ttp-abcdefgh1j"}',
        "sk-abcdefghijklmnopqrstuvwx",
    ],
)
def test_what_looks_like_a_key_is_masked_though_nobody_named_it(text: str) -> None:
    assert "abcdef" not in redact(text).lower()


@pytest.mark.parametrize("text", ["tp-singapore", "sk-learn-agents", "https://token-plan-sgp.example/v1"])
def test_a_name_that_begins_as_keys_do_is_left_readable(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize("shown", ["//user:••••••@host", "//••••••@host"])
def test_who_is_named_in_an_address_before_its_host_is_hidden(shown: str) -> None:
    """A token may stand there alone, without a name before it."""
    assert redact(shown.replace("••••••", "not-like-any-key")) == shown


@pytest.mark.parametrize("word", ["x", "1", "abc", "none", "changeme", "placeholder", "", "今天"])
def test_a_word_that_only_fills_the_place_of_a_key_is_none(word: str) -> None:
    assert not may_be_a_key(Secret(word))
    assert not may_hold_a_key("MIMO_1_API_KEY", Secret(word))


@pytest.mark.parametrize("key", ["sk-fake0001", "Qz7#j", "a1b2c3d4", "abcdefghijklmnop", "AbCdEfGh"])
def test_what_is_written_as_keys_are_may_be_one(key: str) -> None:
    assert may_hold_a_key("MIMO_1_API_KEY", Secret(key))


@pytest.mark.parametrize(
    ("name", "value", "may_be"),
    [
        ("MIMO_BASE_URL", "https://api.example.com/v1", False),
        ("MIMO_MODEL", "mimo-v2.6-pro", False),
        ("LANG", "zh_CN.UTF-8", False),
        ("HOME_OF_ALL", "/home/me/Projects/Number1", False),
        ("GITHUB_PAT", "ghp_0123456789abcdefABCDEF", True),
        ("BEGINS_AS_KEYS_DO", "sk-0123456789abcdef", True),
        ("PROXY", "http://me:word@proxy.example", True),
    ],
)
def test_what_stands_beside_keys_is_one_only_if_it_looks_so(name: str, value: str, may_be: bool) -> None:
    assert may_hold_a_key(name, Secret(value)) is may_be
