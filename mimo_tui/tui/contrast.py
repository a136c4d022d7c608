"""Colours of text that can be read: some themes have them too near to the ground that they stand on."""

from collections.abc import Iterable, Mapping
from typing import Final

from textual.color import BLACK, WHITE, Color, ColorParseError

LEAST: Final = 4.5
"""How many times lighter the one must be than the other (WCAG 2.1, success criterion 1.4.3)."""

_INKS: Final = (
    "text-primary",
    "text-secondary",
    "text-warning",
    "text-error",
    "text-success",
    "text-accent",
    "footer-key-foreground",
)
_GROUNDS: Final = ("background", "surface", "panel")
_STEP: Final = 0.05


def readable(variables: Mapping[str, str]) -> dict[str, str]:
    """Give the variables of a theme, with colours of text that stand out from each of its grounds.

    Those of the terminal's own palette stay: nobody knows what they look like.
    """
    grounds = [ground for name in _GROUNDS if (ground := _colour(variables.get(name, ""))) is not None]
    inks = {name: ink for name in _INKS if (ink := _colour(variables.get(name, ""))) is not None}
    return {**variables, **{name: _darkened(ink, grounds).hex for name, ink in inks.items()}}


def contrast(one: Color, other: Color) -> float:
    """Give how far two opaque colours are apart, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _darkened(ink: Color, grounds: Iterable[Color]) -> Color:
    """Give the colour, towards black or white by so much as it takes; on dark grounds that is lighter."""
    found = list(grounds)
    end = max((BLACK, WHITE), key=lambda each: min((contrast(each, ground) for ground in found), default=0))
    best, part = ink, 0.0
    while part < 1 and any(contrast(best, ground) < LEAST for ground in found):
        part += _STEP
        best = ink.blend(end, min(part, 1))
    return best


def _colour(value: str) -> Color | None:
    """Read an opaque colour; None: it is of the palette, or depends on what is below it."""
    try:
        found = Color.parse(value)
    except ColorParseError:
        return None
    return found if found.ansi is None and not found.auto and found.a == 1 else None


def _luminance(colour: Color) -> float:
    red, green, blue = map(_linear, colour.normalized)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
