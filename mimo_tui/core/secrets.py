"""Keys. A key is a `Secret`: it shows itself masked, and only `reveal()` gives its text."""

import base64
import hashlib
import json
import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

from mimo_tui.core.text import Clean, clean

_SHOWN = 4
_SHORTEST_SHOWN = 12
HIDDEN: Final = "•" * 6
"""What stands in place of a key."""

# A digit or a great length tells a key from a name that someone gave a preset, such as tp-singapore.
_KEY_LIKE = re.compile(r"\b(sk|tp|ttp)-(?:(?=[A-Za-z_\-]*[0-9])[A-Za-z0-9_\-]{6,}|[A-Za-z0-9_\-]{20,})")
_USER_INFO = re.compile(r"(//(?:[^/\s\"'@:]*:)?)[^/\s\"'@•]+(?=@)")
_QUERY_KEY = re.compile(
    r"([?&][^=&\s]{0,40}(?:key|token|secret|password)[^=&\s]{0,40}=)[^&#\s\"']+", re.IGNORECASE
)

_KEY_NAMES = ("key", "token", "secret", "password", "authorization", "credential", "cookie")
_WRITTEN = re.compile(
    rf"""(?P<name>(?:{"|".join(_KEY_NAMES)})[\w.\-]{{0,60}})["']?\s{{0,200}}[:=]\s{{0,200}}"""
    r"""(?:"(?P<double>(?:[^"\\\n]|\\.)*)|'(?P<single>(?:[^'\\\n]|\\.)*)|(?P<bare>[^\s"',{}\[\]]+))""",
    re.IGNORECASE,
)
_NO_KEY = re.compile(r"null|true|false|none|[+\-\d.eE]+", re.IGNORECASE)
_LONG_ENOUGH = 6

_RANDOM = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])[\w+=\-]{20,}", re.ASCII)
_KINDS = tuple(map(re.compile, ("[a-z]", "[A-Z]", "[0-9]", "[^a-zA-Z0-9]")))
_NO_WORD = (16, 8, 5)
"""Characters that make no word that people write: of one kind, of two, and of more."""


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
            return HIDDEN
        tail = self._value[-_SHOWN:]
        return HIDDEN + (tail if tail.isascii() and tail.isprintable() else "")

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


def redact(text: str, secrets: Iterable[Secret] = (), *, tails: bool = False) -> str:
    """Give `text` without the given keys, in plain, JSON, URL or base64 form, and without anything key-like.

    A form of fewer than 6 characters is hidden where it stands alone, else half of all words would go with it.
    With `tails` a plain key is masked as `Secret.masked` does, so that two of them can be told apart.
    """
    given = tuple(secret for secret in secrets if secret)
    masks = {form: HIDDEN for secret in given for form in _forms(secret.reveal())}
    if tails:
        masks |= {secret.reveal(): secret.masked for secret in given}
    for form in sorted(masks, key=len, reverse=True):
        if form in text:
            text = text.replace(form, masks[form]) if len(form) >= _LONG_ENOUGH else _without_word(text, form)
    for pattern in (_USER_INFO, _QUERY_KEY):
        text = pattern.sub(lambda match: f"{match[1]}{HIDDEN}", text)
    return _KEY_LIKE.sub(lambda match: f"{match[1]}-{HIDDEN}", text)


def safe(text: str) -> Clean:
    """Give text from outside as one line that may be shown: cleaned, and without anything key-like.

    A person may have pasted a key into any field.
    """
    return clean(redact(text))


def looks_like_a_key(text: str) -> bool:
    """Tell whether something in the text begins as keys do, or is one of a URL."""
    return any(pattern.search(text) for pattern in (_KEY_LIKE, _USER_INFO, _QUERY_KEY))


def names_a_key(name: str) -> bool:
    """Tell whether a member of this name holds a key; `api_key_env` holds the name of one."""
    lowered = name.lower()
    return not lowered.endswith("_env") and any(word in lowered for word in _KEY_NAMES)


def may_be_a_key(secret: Secret) -> bool:
    """Tell whether what stands where a key belongs may be one; `x`, `abc` and `changeme` only fill the place.

    As a key such a word would be hidden in every text that holds it.
    """
    value = secret.reveal()
    kinds = sum(kind.search(value) is not None for kind in _KINDS)
    return kinds > 0 and len(value) >= _NO_WORD[min(kinds, len(_NO_WORD)) - 1]


def may_hold_a_key(name: str, secret: Secret) -> bool:
    """Tell whether a value may be a key by its name, or by itself as far as that says nothing: `MODEL=a-model-2`."""
    value = secret.reveal()
    if names_a_key(name):
        return may_be_a_key(secret)
    return looks_like_a_key(value) or _RANDOM.fullmatch(value) is not None


def written_secrets(text: str) -> tuple[Secret, ...]:
    """Give what stands behind a name that says that it is a key, as it is written: also where nothing parses."""
    found: list[Secret] = []
    for match in _WRITTEN.finditer(text):
        value = match["double"] or match["single"] or match["bare"]
        if value and names_a_key(match["name"]) and not (match["bare"] and _NO_KEY.fullmatch(value)):
            found += parts(value)
    return tuple(found)


def parts(value: str) -> tuple[Secret, ...]:
    """Give a key as the secrets that it is made of: of `Bearer <key>` the whole, and the key alone."""
    words = value.split()
    alone = (Secret(words[-1]),) if len(words) > 1 and len(words[-1]) >= _LONG_ENOUGH else ()
    return (Secret(value), *alone)


def _without_word(text: str, word: str) -> str:
    before = r"(?<!\w)" if re.match(r"\w", word) else ""
    after = r"(?!\w)" if re.search(r"\w\Z", word) else ""
    return re.sub(f"{before}{re.escape(word)}{after}", lambda _: HIDDEN, text)


def _forms(value: str) -> Iterable[str]:
    raw = value.encode("utf-8", "surrogatepass")
    yield value
    yield json.dumps(value)[1:-1]
    yield json.dumps(value, ensure_ascii=False)[1:-1]
    yield quote(raw, safe="")
    yield base64.b64encode(raw).decode().rstrip("=")
    yield base64.urlsafe_b64encode(raw).decode().rstrip("=")
