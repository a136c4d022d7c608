"""A parameter on offer, and the reader of its values as a person types them."""

import json
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from types import MappingProxyType

from mimo_tui.core.facts import Scalar
from mimo_tui.core.json_text import Json
from mimo_tui.core.model import in_words
from mimo_tui.core.secrets import safe
from mimo_tui.core.text import NOTHING, Clean, clean

_OF_TOOLS = "tools."
_MOST_DIGITS = 18
_LONGEST_TEXT = 10_000
_YES, _NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


class ValueType(StrEnum):
    """What a value is."""

    INTEGER = "whole number"
    NUMBER = "number"
    FLAG = "yes or no"
    CHOICE = "choice"
    TEXT = "text"
    TEXTS = "texts"


@dataclass(frozen=True, slots=True)
class Offer:
    """A parameter that the model takes, its name with a dot before each inner one.

    `source` says all of where it is from, `source_title` only what that is called.
    `lowest` and `highest` are its range, both within it; `most` the members of a list. `default` is what holds where
    it is left out, `while_thinking` what the service takes instead of any value while the model thinks; None: not
    known. `remark` is what else is to be known, such as that it is not documented. With a `why_not` it cannot be set,
    and that says why.
    """

    name: str
    type: ValueType
    source: Clean
    lowest: Decimal | None = None
    highest: Decimal | None = None
    most: int | None = None
    default: "Scalar | None" = None
    choices: tuple[str, ...] = ()
    while_thinking: "Scalar | None" = None
    documented: bool = True
    remark: Clean = NOTHING
    why_not: Clean = NOTHING
    source_title: Clean = NOTHING

    @property
    def said(self) -> str:
        """The name as people are told it and may write it."""
        return said_name(self.name)

    @property
    def expects(self) -> Clean:
        """Say what a value may be: `a number between 0 and 1.5`."""
        match self.type:
            case ValueType.INTEGER | ValueType.NUMBER:
                return clean(f"a {self.type}{_range_words(self.lowest, self.highest)}")
            case ValueType.CHOICE:
                return clean(f"one of {', '.join(self.choices)}")
            case ValueType.TEXTS:
                most = f" up to {self.most}" if self.most is not None else ""
                return clean(f"a text, or a JSON list of{most} texts")
            case ValueType.FLAG:
                return Clean("true or false")
            case ValueType.TEXT:
                return Clean("a text")


class ParameterError(ValueError):
    """A parameter or a value that is not taken. The sentence says which, what would be, and who says so."""


def said_name(name: str) -> str:
    """Give a parameter's name as people are told it: `web_search.limit` for what stands in one of the `tools`."""
    return name.removeprefix(_OF_TOOLS)


def read_value(offer: Offer, text: str) -> Json:
    """Read a value as a person types it. Raises ParameterError, which names what is taken and who says so."""
    text = text if offer.type in (ValueType.TEXT, ValueType.TEXTS) else text.strip()
    value = _READERS[offer.type](offer, text) if text else None
    if value is None:
        raise ParameterError(f"{offer.said} is {offer.expects}, not “{safe(text[:100])}” ({offer.source}).")
    return value


def _range_words(lowest: Decimal | None, highest: Decimal | None) -> str:
    if lowest is not None and highest is not None:
        return f" between {in_words(lowest)} and {in_words(highest)}"
    if lowest is not None:
        return f" from {in_words(lowest)}"
    return f" up to {in_words(highest)}" if highest is not None else ""


def _as_integer(offer: Offer, text: str) -> Json:
    plain = text.replace("_", "").replace(",", "")
    if re.fullmatch(rf"[+-]?[0-9]{{1,{_MOST_DIGITS}}}", plain) is None:
        return None
    return int(plain) if _is_within(offer, Decimal(plain)) else None


def _as_number(offer: Offer, text: str) -> Json:
    try:
        number = Decimal(text) if text.isascii() and len(text) <= _MOST_DIGITS else None
    except InvalidOperation:
        return None
    if number is None or not number.is_finite() or not _is_within(offer, number):
        return None
    return int(number) if number == number.to_integral_value() else float(number)


def _is_within(offer: Offer, number: Decimal) -> bool:
    return (offer.lowest is None or offer.lowest <= number) and (
        offer.highest is None or number <= offer.highest
    )


def _as_flag(offer: Offer, text: str) -> Json:  # noqa: ARG001
    lowered = text.lower()
    return True if lowered in _YES else False if lowered in _NO else None


def _as_choice(offer: Offer, text: str) -> Json:
    return text if text in offer.choices else None


def _as_text(offer: Offer, text: str) -> Json:  # noqa: ARG001
    return text if len(text) <= _LONGEST_TEXT else None


def _as_texts(offer: Offer, text: str) -> Json:
    try:
        read: Json = json.loads(text)
    except (ValueError, RecursionError):
        read = text
    listed = read if isinstance(read, list) else [read if isinstance(read, str) else text]
    texts: list[Json] = [each for each in listed if isinstance(each, str) and 0 < len(each) <= _LONGEST_TEXT]
    if not texts or len(texts) != len(listed) or (offer.most is not None and len(texts) > offer.most):
        return None
    return texts


_READERS = MappingProxyType(
    {
        ValueType.INTEGER: _as_integer,
        ValueType.NUMBER: _as_number,
        ValueType.FLAG: _as_flag,
        ValueType.CHOICE: _as_choice,
        ValueType.TEXT: _as_text,
        ValueType.TEXTS: _as_texts,
    }
)
