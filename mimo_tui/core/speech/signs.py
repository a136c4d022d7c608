"""Where one sign ends and the next begins, as a reader sees them."""

from typing import Final
from unicodedata import category

_ATTACHED: Final = frozenset({"Mn", "Mc", "Me", "Cf"})
_JOINER: Final = "\u200d"
_SKINS: Final = ("\U0001f3fb", "\U0001f3ff")
_FLAG_LETTERS: Final = ("\U0001f1e6", "\U0001f1ff")
_VOWELS_BEHIND: Final = frozenset("\u0e33\u0eb3")
_LATER_JAMO: Final = ("\u1160", "\u11ff")


def is_joined(text: str, at: int) -> bool:
    """Tell whether the character there belongs to the sign of the one before: an accent, half of a flag, a skin.

    Made for cuts, and simpler than all of Unicode's rules (UAX #29), of which it takes those that signs in use need.
    """
    if not 0 < at < len(text):
        return False
    before, here = text[at - 1], text[at]
    if here.isascii():
        return before == _JOINER
    return (
        before == _JOINER
        or category(here) in _ATTACHED
        or here in _VOWELS_BEHIND
        or _within(here, _SKINS)
        or _within(here, _LATER_JAMO)
        or ("\ud800" <= before <= "\udbff" and "\udc00" <= here <= "\udfff")
        or (_within(here, _FLAG_LETTERS) and _flag_letters_before(text, at) % 2 == 1)
    )


def _within(character: str, ends: tuple[str, str]) -> bool:
    return ends[0] <= character <= ends[1]


def _flag_letters_before(text: str, at: int) -> int:
    first = at
    while first > 0 and _within(text[first - 1], _FLAG_LETTERS):
        first -= 1
    return at - first
