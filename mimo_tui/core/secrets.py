"""Keys. A key is a `Secret`: it shows itself masked, and only `reveal()` gives its text."""

import base64
import hashlib
import json
import re
from collections.abc import Iterable
from urllib.parse import quote

_SHOWN = 4
_SHORTEST_SHOWN = 12
_HIDDEN = "•" * 6

_KEY_LIKE = re.compile(r"\b(sk|tp|ttp)-[A-Za-z0-9_\-]{6,}")


class Secret:
    """A key, as text that only `reveal` gives away. Compares and hashes by its value."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Give the key itself."""
        return self._value

    @property
    def masked(self) -> str:
        """Give dots and the last 4 characters; only dots for a key shorter than 12 (promise 16)."""
        if len(self._value) < _SHORTEST_SHOWN:
            return _HIDDEN
        tail = self._value[-_SHOWN:]
        return _HIDDEN + (tail if tail.isascii() and tail.isprintable() else "")

    @property
    def fingerprint(self) -> str:
        """Give 12 hex digits that tell two keys apart without showing either."""
        return hashlib.sha256(self._value.encode("utf-8", "surrogatepass")).hexdigest()[:12]

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(("Secret", self._value))

    def __repr__(self) -> str:
        return f"Secret({self.masked})"

    def __str__(self) -> str:
        return self.masked

    def __format__(self, specification: str) -> str:
        return format(self.masked, specification)

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("a Secret is not pickled")


def redact(text: str, secrets: Iterable[Secret] = ()) -> str:
    """Give `text` without the given keys, in plain, JSON, URL or base64 form, and without anything key-like."""
    forms = {form for secret in secrets if secret for form in _forms(secret.reveal())}
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, _HIDDEN)
    return _KEY_LIKE.sub(lambda match: f"{match[1]}-{_HIDDEN}", text)


def _forms(value: str) -> Iterable[str]:
    raw = value.encode("utf-8", "surrogatepass")
    yield value
    yield json.dumps(value)[1:-1]
    yield json.dumps(value, ensure_ascii=False)[1:-1]
    yield quote(raw, safe="")
    yield base64.b64encode(raw).decode().rstrip("=")
    yield base64.urlsafe_b64encode(raw).decode().rstrip("=")
