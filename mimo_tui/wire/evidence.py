"""What is kept of an answer as evidence: redacted, clean and short."""

from collections.abc import Mapping

from mimo_tui.core.exchange import BODY_SHOWN, ApiError, read_error
from mimo_tui.core.secrets import Secret, redact
from mimo_tui.core.text import Clean, clean, clean_lines

HEAD = 16 * 1024
"""Bytes of an answer that are looked at for its evidence."""

_LONGEST_KEY = 2000
_LONGEST_HEADER = 500


def line(text: str, key: Secret | None) -> Clean:
    """Give a header or a reason as one line that may be shown."""
    return Clean(clean(redact(text, _secrets(key)))[:_LONGEST_HEADER])


def body(data: bytes, key: Secret | None, charset: str = "") -> tuple[Clean, ApiError | None]:
    """Give the beginning of a body as text that may be shown, and the error that the body holds, if any."""
    text = redact(_decoded(data[:HEAD], charset), _secrets(key))
    if len(data) > HEAD:
        # Where the text was cut, part of a key may stand, which is no key to `redact` any more.
        text = text[:-_LONGEST_KEY]
    return Clean(clean_lines(text)[:BODY_SHOWN]), error_in(text, key)


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


def _decoded(data: bytes, charset: str) -> str:
    try:
        return data.decode(charset or "utf-8", "replace")
    except (LookupError, UnicodeError):
        return data.decode("utf-8", "replace")


def _secrets(key: Secret | None) -> tuple[Secret, ...]:
    return () if key is None else (key,)
