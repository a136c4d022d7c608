"""Text from outside, made safe for a terminal. Only `clean` makes a `Clean`."""

import re
from typing import Final, NewType

Clean = NewType("Clean", str)
"""Text in which no character can move the cursor, write the clipboard or turn the reading direction."""

NOTHING: Final = Clean("")

_UNSAFE = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # C0, DEL, C1
    "\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # bidi and invisible marks
    "\ud800-\udfff"  # lone surrogates, which no terminal encoding can hold
    "\U000e0000-\U000e007f"  # tag characters
    "]"
)
_UNSAFE_IN_LINES = re.compile(rf"(?!\n){_UNSAFE.pattern}")


def clean(text: str) -> Clean:
    """Give `text` as one line in which every unsafe character is replaced by a visible sign for it.

    Nothing vanishes: control codes become their Unicode pictures (`␛`, `␊`), the rest `⟨U+202E⟩`.
    """
    return Clean(text) if text.isascii() and text.isprintable() else Clean(_UNSAFE.sub(_sign, text))


def clean_lines(text: str, *, tab_size: int = 4) -> Clean:
    """Give `text` with its line ends kept (as `\\n`) and tabs expanded, and each line cleaned as by `clean`."""
    lines = text.replace("\r\n", "\n").expandtabs(tab_size)
    return Clean(_UNSAFE_IN_LINES.sub(_sign, lines))


def _sign(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"⟨U+{code:04X}⟩"


def escape_json(text: str) -> str:
    """Give JSON text in which every unsafe character of a string is written as an escape: the same document."""
    return _UNSAFE.sub(lambda match: match[0] if match[0] == "\n" else _json_escape(match[0]), text)


def _json_escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at] << 8 | units[at + 1]:04x}" for at in range(0, len(units), 2))
