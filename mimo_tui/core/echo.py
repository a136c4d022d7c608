"""A key that the other side sends back, however it writes it."""

import base64
import re
from collections.abc import Iterator, Sequence
from string import ascii_lowercase, ascii_uppercase

from mimo_tui.core.secrets import Secret

_HIDDEN = Secret("").masked
_LONG_ENOUGH = 6
_SHORTEST_BEGINNING = 5
"""One more than the characters that a mask may show (promise 16)."""

_PASSES = 3
_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_ESCAPE = re.compile(
    r"\\+(?:u(?P<unit>[0-9a-f]{4})|x(?P<octet>[0-9a-f]{2}))"
    r"|%(?:25)*(?P<percent>[0-9a-f]{2})"
    r"|&(?:amp;)*(?:#0*(?P<decimal>[0-9]{1,7})|#x0*(?P<hexadecimal>[0-9a-f]{1,6})|(?P<name>amp|lt|gt|quot|apos));"
    r"|\\+",
    re.IGNORECASE,
)


def hide(text: str, key: Secret) -> str:
    """Give `text` without the key: plain, in escapes of JSON, URLs or HTML, in hexadecimal or in base64.

    Each character may be written in its own way, in either case, and escaped more than once. Where the text breaks
    off within the key, its beginning is hidden too. A key of fewer than 6 characters is hidden where it stands alone.
    """
    value = key.reveal()
    if not value:
        return text
    for form in _packed(value):
        text = text.replace(form, _HIDDEN)
    wanted, _ = _read(value)
    said, starts = _read(text)
    parts, shown = [], 0
    for begin, end in _found(said, wanted):
        parts += [text[shown : starts[begin]], _HIDDEN]
        shown = starts[end]
    return "".join((*parts, text[shown:]))


def signs_of(key: Secret) -> str:
    """Give every character that the key may be written with where no escape stands for it."""
    value = key.reveal()
    return value + _read(value)[0]


def _packed(value: str) -> Iterator[str]:
    """Give the key as it stands within base64 or hexadecimal, whatever was before and after it in the same text."""
    raw = value.encode("utf-8", "surrogatepass")
    for offset in range(3):
        first, last = (8 * offset + 5) // 6, 8 * (offset + len(raw)) // 6
        if last - first >= _LONG_ENOUGH:
            for encode in (base64.b64encode, base64.urlsafe_b64encode):
                yield encode(b"\0" * offset + raw).decode()[first:last]
    yield raw.hex()
    yield raw.hex().upper()


def _read(text: str) -> tuple[str, Sequence[int]]:
    """Give the text without its escapes, in lower case and without any backslash; and where each character began.

    What was escaped may be an escape again, and so may a part of the key itself.
    """
    starts: Sequence[int] = range(len(text) + 1)
    for _ in range(_PASSES):
        plain, at = _unescaped(text)
        if plain == text:
            break
        text, starts = plain, [starts[each] for each in at]
    return text.translate(_LOWER), starts


def _unescaped(text: str) -> tuple[str, Sequence[int]]:
    if not any(sign in text for sign in "\\%&"):
        return text, range(len(text) + 1)
    pieces, starts, position = list[str](), list[int](), 0
    for match in _ESCAPE.finditer(text):
        pieces.append(text[position : match.start()])
        starts += range(position, match.start())
        if (character := _meant(match)) != "\\":
            pieces.append(character)
            starts.append(match.start())
        position = match.end()
    starts += range(position, len(text) + 1)
    return "".join((*pieces, text[position:])), starts


def _meant(match: re.Match[str]) -> str:
    if match["name"]:
        return _NAMED[match["name"].lower()]
    if match["decimal"]:
        code = int(match["decimal"])
    else:
        digits = match["unit"] or match["octet"] or match["percent"] or match["hexadecimal"]
        code = int(digits, 16) if digits else ord("\\")
    return chr(code) if code <= 0x10FFFF else "\N{REPLACEMENT CHARACTER}"


def _found(said: str, wanted: str) -> Iterator[tuple[int, int]]:
    """Give where the key stands, and the beginning of it at the end."""
    if not wanted:
        return
    begin, end = said.find(wanted), 0
    while begin >= 0:
        end = begin + len(wanted)
        if len(wanted) >= _LONG_ENOUGH or _is_alone(said, begin, end):
            yield begin, end
        else:
            end = begin + 1
        begin = said.find(wanted, end)
    for length in range(min(len(wanted) - 1, len(said) - end), _SHORTEST_BEGINNING - 1, -1):
        if said.endswith(wanted[:length]):
            yield len(said) - length, len(said)
            return


def _is_alone(said: str, begin: int, end: int) -> bool:
    """Tell whether no letter or digit stands beside it; else half of all words would go with a short key."""
    return (
        re.match(r"\w", said[end : end + 1]) is None
        and re.match(r"\w", said[max(0, begin - 1) : begin]) is None
    )
