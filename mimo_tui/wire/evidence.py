"""What is kept of an answer as evidence: redacted, clean and short."""

import re
from collections.abc import Mapping, Sequence

from mimo_tui.core.echo import hide
from mimo_tui.core.exchange import BODY_SHOWN, ApiError, read_error
from mimo_tui.core.secrets import Secret, redact
from mimo_tui.core.text import Clean, clean, clean_lines

HEAD = 16 * 1024
"""Bytes of an answer that are looked at for its evidence."""

LONGEST_KEY = 2000
"""Characters of which, where a text was cut, none is shown: part of a key may stand there."""

_IN_PIECES = "(a stream that holds the key in pieces, so that it is not shown)"
_STREAMED = re.compile(r"^(?:data|event):", re.MULTILINE)
_MEMBER = re.compile(r'"(\w+)"\s*:\s*"((?:[^"\\\n]|\\.)*)"')
_LONGEST_HEADER = 500


def line(text: str, key: Secret | None) -> Clean:
    """Give a header or a reason as one line that may be shown."""
    return Clean(clean(without(key, text))[:_LONGEST_HEADER])


def words(texts: Sequence[str], key: Secret | None) -> tuple[Clean, ...]:
    """Give many short texts as lines that may be shown, at once: a list may hold thousands."""
    # No line end is left in a clean text, so that each stays a line of its own.
    return tuple(map(Clean, without(key, "\n".join(map(clean, texts))).split("\n"))) if texts else ()


def body(data: bytes, key: Secret | None, charset: str = "") -> tuple[Clean, ApiError | None]:
    """Give the beginning of a body as text that may be shown, and the error that the body holds, if any."""
    text = without(key, decoded(data[:HEAD], charset))
    if len(data) > HEAD:
        # Where the text was cut, part of a key may stand, which is no key to `redact` any more.
        text = text[:-LONGEST_KEY]
    text = unless_in_pieces(text, key)
    return Clean(clean_lines(text)[:BODY_SHOWN]), error_in(text, key)


def decoded(data: bytes, charset: str) -> str:
    """Give bytes as text; UTF-8 where the charset is none that is known."""
    try:
        return data.decode(charset or "utf-8", "replace")
    except (LookupError, UnicodeError):
        return data.decode("utf-8", "replace")


def unless_in_pieces(text: str, key: Secret | None) -> str:
    """Give the text; or what stands in its place where the events of a stream hold the key together, a part each."""
    return _IN_PIECES if key is not None and _is_in_pieces(text, key) else text


def without(key: Secret | None, text: str) -> str:
    """Give the text without the key, however it is written, and without anything key-like."""
    # What merely looks like a key comes second: it would leave the rest of one that is written in escapes.
    return redact(hide(text, key)) if key is not None else redact(text)


def error_in(text: str, key: Secret | None) -> ApiError | None:
    """Give the error that a body or an event holds, without the key; None: there is none."""
    error = read_error(text)
    if error is None:
        return None
    # What JSON wrote as escapes is plain only now.
    return ApiError(
        line(error.code, key), line(error.message, key), line(error.detail, key), line(error.type, key)
    )


def charset_of(headers: Mapping[str, str]) -> str:
    """Give the charset that the answer says it has; empty: none."""
    _, _, after = headers.get("content-type", "").lower().partition("charset=")
    return after.partition(";")[0].strip(" \"'")


def _is_in_pieces(text: str, key: Secret) -> bool:
    """Tell whether the events of a stream hold the key together, each a part of it."""
    if _STREAMED.search(text) is None:
        return False
    joined: dict[str, list[str]] = {}
    for match in _MEMBER.finditer(text):
        joined.setdefault(match[1], []).append(match[2])
    return any(hide(whole, key) != whole for whole in map("".join, joined.values()))
