"""The raw body of an answer: as it came, but for keys, what a terminal would obey, and the middle of a long one."""

import json

from mimo_tui.core.secrets import Secret
from mimo_tui.wire.raw import RawBody

KEY = Secret("sk-not-a-real-key-0123456789")


def raw(*chunks: bytes, kept: int = 1024 * 1024, content_type: str = "") -> str:
    body = RawBody(kept)
    for chunk in chunks:
        body.feed(chunk)
    return body.shown(KEY, content_type)


def test_a_short_body_is_shown_as_it_came() -> None:
    assert (
        raw(b'data: {"a": "\xe5', b'\x86\xb0"}\n\n', b"data: [DONE]\n")
        == 'data: {"a": "冰"}\n\ndata: [DONE]\n'
    )
    assert raw() == ""


def test_a_long_body_is_shown_without_its_middle() -> None:
    lines = [f"line {number:06}\n".encode() for number in range(20_000)]
    shown = raw(*lines, kept=100_000)
    assert shown.startswith("line 000000\nline 000001\n")
    assert shown.endswith("line 019998\nline 019999\n")
    assert "\n… 140,000 bytes left out …\n" in shown
    assert len(shown) < 100_000
    assert raw(b"".join(lines), kept=100_000) == shown


def test_neither_a_key_nor_an_escape_sequence_is_shown() -> None:
    key = KEY.reveal()
    escaped = "".join(f"\\u{ord(each):04x}" for each in key)
    shown = raw(
        f"\x1b]52;c;x\x07 {key[:9]}".encode(), f"{key[9:]} {escaped} tp-other-key-1234567890".encode()
    )
    assert key not in shown
    assert escaped not in shown
    assert "1234567890" not in shown
    assert "\x1b" not in shown
    assert shown.startswith("␛]52;c;x␇ ")


def test_a_key_that_comes_in_pieces_is_not_shown_either() -> None:
    key = KEY.reveal()
    events = [
        f"data: {json.dumps({'content': key[at : at + 3]})}\n\n".encode() for at in range(0, len(key), 3)
    ]
    assert raw(b'data: {"content": "It is "}\n\n', *events) == (
        "(a stream that holds the key in pieces, so that it is not shown)"
    )


def test_a_key_where_a_long_body_was_cut_is_not_shown() -> None:
    key = KEY.reveal()
    for offset in range(len(key) + 1):
        body = (
            b"x" * (50_000 - offset) + key.encode() + b"y" * 200_000 + key.encode() + b"z" * (50_000 - offset)
        )
        shown = raw(body, kept=100_000)
        assert not any(key[at : at + 6] in shown for at in range(len(key) - 5))


def test_a_body_in_another_charset_is_read_by_it() -> None:
    assert raw("冰糖".encode("gb18030"), content_type="text/html; charset=GB18030") == "冰糖"
    assert raw("冰糖".encode(), content_type="text/html; charset=nonsense") == "冰糖"
