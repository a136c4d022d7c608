"""Text in pieces: no key comes out of it, however it is cut, and nothing else is kept back for long."""

import base64
import json
from collections.abc import Sequence
from time import perf_counter
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mimo_tui.core.echo import hide
from mimo_tui.core.secrets import Secret, redact
from mimo_tui.core.veil import Veil

KEYS = (
    "sk-canary-0123456789",
    "tp-Kanarienvogel00042",
    "ttp-c4nary",
    "k7",
    "sk-a.b*c+(d)[e]|f?1",
    "schlüssel-№-4711",
    "sk-ab%28cd&amp;9x",
    'sk-"quoted"\\slash9',
    "sk-with blank 77",
)
PIECES = st.sampled_from(
    (
        *(
            " ",
            "\n",
            "\u3000",
            "(",
            ")",
            ",",
            "/",
            "//",
            "?",
            "&",
            "=",
            "@",
            "#",
            "%",
            "\\",
            '"',
            "'",
            "-",
            "•",
        ),
        *(
            "the key is ",
            "请看这里。",
            "（钥匙）",
            "https://user:",
            "pass@host",
            "?api_key=",
            "&token=",
            "s",
            "sk",
            "t",
        ),
        *(
            "sk-",
            "tp-",
            "ttp-",
            "abc123",
            "一二三@四",
            "//用户:密码@主机 ",
            "%73",
            "\\u0073",
            "&#115;",
            "word",
            "密",
        ),
    )
)


def forms(key: str) -> tuple[str, ...]:
    raw = key.encode()
    return (
        key,
        json.dumps(key)[1:-1],
        quote(raw, safe=""),
        base64.b64encode(b"Bearer " + raw).decode(),
        raw.hex(),
        "".join(f"\\u{ord(each):04x}" for each in key),
        "".join(f"&#{ord(each)};" for each in key),
    )


def whole(text: str, key: str) -> str:
    secret = Secret(key)
    return redact(hide(text, secret))


def fed(pieces: Sequence[str], key: str) -> list[str]:
    veil = Veil(Secret(key))
    return [*(veil.feed(piece) for piece in pieces), veil.close()]


@st.composite
def cut_texts(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A text with a key in some form among words and signs, cut anywhere."""
    key = draw(st.sampled_from(KEYS))
    inside = draw(st.sampled_from(forms(key)))
    before, after = (draw(st.lists(PIECES, max_size=12)) for _ in range(2))
    text = "".join((*before, inside, *after))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=12)))
    return key, [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]


@settings(max_examples=400, deadline=None, derandomize=True)
@given(cut_texts())
@example(
    ("sk-canary-0123456789", list("so https://u:sk-canary-0123456789@host/ and 钥匙sk-canary-0123456789"))
)
@example(('sk-"quoted"\\slash9', ['    ?api_key=sk-\\"quoted\\"\\\\slash9(', "("]))
@example(("sk-canary-0123456789", ["?api_key=(&", forms("sk-canary-0123456789")[-1][1:]]))
def test_what_comes_out_is_the_whole_text_without_its_keys_however_it_was_cut(
    case: tuple[str, list[str]],
) -> None:
    key, pieces = case
    assert "".join(fed(pieces, key)) == whole("".join(pieces), key)


@pytest.mark.long
@settings(max_examples=20_000, deadline=None, derandomize=True)  # CI looks at the same texts each time
@given(cut_texts())
def test_what_comes_out_is_the_whole_text_without_its_keys_many_times(case: tuple[str, list[str]]) -> None:
    key, pieces = case
    assert "".join(fed(pieces, key)) == whole("".join(pieces), key)


@pytest.mark.parametrize("key", KEYS[:3])
@pytest.mark.parametrize("size", [1, 2, 3, 5, 8])
def test_at_no_moment_more_of_a_key_is_out_than_its_prefix_and_three_signs(key: str, size: int) -> None:
    prefix = key.partition("-")[0] + "-"
    for text in (f"Your key: {key}.", f"钥匙是{key}，请保密", f"({key})", key, f"x={key}&y"):
        veil, out = Veil(Secret(key)), ""
        for start in range(0, len(text), size):
            out += veil.feed(text[start : start + size])
            assert key[: len(prefix) + 4] not in out
        assert key[: len(prefix) + 4] not in out + veil.close()


@pytest.mark.parametrize("end", range(1, 20))
def test_a_text_that_breaks_off_within_the_key_does_not_give_its_beginning_away(end: int) -> None:
    key = "sk-canary-0123456789"
    assert key[:5] not in "".join(fed(["It is ", key[:end]], key))


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("Some quite ordinary English prose, with commas (and brackets), and a dash - here and there. ", 10),
        ("这是一段很长的中文文本，里面没有空格，也没有任何钥匙，所以应该马上显示出来。", 2),
        ('{"a":[1,2,3],"b":{"c":"d"}}', 4),
        ("见https://example.com/path，然后继续说很多很多别的话，都没有问题。", 30),
    ],
)
def test_a_text_without_a_key_is_never_more_than_a_word_behind(text: str, most: int) -> None:
    veil, out = Veil(Secret("sk-canary-0123456789")), ""
    for end, sign in enumerate(text, 1):
        out += veil.feed(sign)
        assert end - len(out) <= most
    assert out + veil.close() == text


def test_without_a_key_what_looks_like_one_is_hidden_all_the_same() -> None:
    veil = Veil(None)
    assert veil.feed("try sk-12") + veil.feed("345678 now") + veil.close() == "try sk-•••••• now"


@pytest.mark.parametrize("unit", ["a", "sk-", "?key=", "//a", "&key=1", "密", "\\u0073", "/"])
def test_a_long_text_without_any_blank_takes_no_time_to_speak_of(unit: str) -> None:
    veil = Veil(Secret("sk-canary-0123456789"))
    text = unit * (200_000 // len(unit))
    started = perf_counter()
    out = "".join(veil.feed(text[at : at + 1000]) for at in range(0, len(text), 1000)) + veil.close()
    assert perf_counter() - started < 3
    assert out
