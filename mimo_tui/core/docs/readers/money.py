"""Prices as cells hold them: the currency, what it is for, and what is free."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

from mimo_tui.core.docs.readers.amounts import amounts, only, without
from mimo_tui.core.docs.readers.words import plain, words

_CURRENCIES = {
    "USD": ("usd", "us dollar", "dollar", "美元", "美金"),
    "CNY": ("cny", "rmb", "yuan", "renminbi", "人民币"),
    "credits": ("credit", "积分", "点数"),
    "others": (
        "eur", "euro", "euros", "gbp", "pound", "pounds", "jpy", "yen", "hkd", "sgd", "twd", "krw", "inr", "rub",
        "欧元", "英镑", "日元", "港元", "港币", "新加坡元", "韩元",
    ),
}  # fmt: skip
_SIGNS = {
    "$": "USD",
    "¥": "CNY",
    "元": "CNY",
    "€": "others",
    "£": "others",
    "₩": "others",
    "₹": "others",
    "₽": "others",
}
_OTHER_YUAN = re.compile("(?:美|欧|日|港|新加坡|韩)元")
FREE_FOR_NOW = "free, limited time"
_FREE = ("free", "no charge", "免费")
_LIMITED = ("limited", "for now", "promotion", "限时", "暂时")
_FREE_WORDS = frozenset((
    "free", "no", "charge", "of", "for", "a", "limited", "time", "now", "currently", "promotion", "promotional",
    "免费", "限时免费", "暂时免费", "目前免费", "限时",
))  # fmt: skip

_PER_HOUR = re.compile(
    r"(?:/|\b(?:per|an?|for|every|each)\b|每|一)?\s?(?:1\s)?(?:个)?(?:hours?\b|小时)"
    r"(?: of)?(?: sound| audio| speech)?|/\s?h\b"
)
_PER_CALLS = re.compile(r"\b(?:calls?|requests|searches|queries|times)\b|次")
_PER_TOKENS = re.compile(
    r"\b(?P<one>(?:an?|per|each|every|1) token)\b|(?P<every>(?:每|一)\s?个?\s?token\b)|/\s?token\b|\btokens\b|token\b"
)
_FOR = re.compile(r"(?:/|\bper\b|\bfor\b|每).*$")
_SHORT = re.compile(r"(?:/|\bper) ?(?:1 ?)?(?P<unit>[mk])\b")
_TIER = re.compile(r"[≤≥<>^~]|\b(?:up to|above|below|over|under|first|beyond)\b|以内|以上|以下|超过")
_DIGITS = re.compile(r"[0-9.,]+ ?(?:[km]\b|million|百万)?")
_WORDS = frozenset((
    "cny", "rmb", "yuan", "renminbi", "usd", "us", "dollar", "dollars", "credit", "credits", "for", "per", "a", "an",
    "of", "the", "each", "every", "tokens", "token", "hour", "hours", "sound", "audio", "speech", "calls", "call",
    "m", "k", "million", "h",
    "元", "人民币", "美元", "积分", "每", "个", "百万", "小时", "音频", "次", "每小时", "每小时音频", "每百万", "每次",
))  # fmt: skip


class Per(Enum):
    """What a price is for."""

    TOKENS = auto()
    HOUR = auto()
    CALLS = auto()


@dataclass(frozen=True, slots=True)
class Unit:
    """What a price is for. `scale` makes of it the price of 1,000,000 tokens, of an hour, of 1,000 calls."""

    per: Per
    scale: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Price:
    """An amount of money, and what is said of it."""

    value: Decimal
    note: str = ""


def currencies_in(text: str) -> frozenset[str]:
    """Give the currencies that a text names."""
    said, flat = words(text), _OTHER_YUAN.sub("", plain(text))
    return frozenset(
        {currency for currency, names in _CURRENCIES.items() if said.say(names)}
        | {currency for sign, currency in _SIGNS.items() if sign in flat}
    )


def currency_of(text: str) -> str:
    """Give the one currency that a text names: CNY, USD, credits or "others"; empty: none, or several."""
    found = currencies_in(text)
    return next(iter(found)) if len(found) == 1 else ""


def unit_of(text: str) -> Unit | None:
    """Give what a text says a price is for; None: it does not say."""
    flat = plain(text)
    if _PER_HOUR.search(flat):
        return Unit(Per.HOUR)
    for form, per, whole in ((_PER_TOKENS, Per.TOKENS, 10**6), (_PER_CALLS, Per.CALLS, 10**3)):
        match = form.search(flat)
        if match is None:
            continue
        before = [
            one for one in amounts(flat[: match.start()]) if not flat[one.end : match.start()].strip(" 个")
        ]
        if before and before[-1].value > 0:
            return Unit(per, Decimal(whole) / before[-1].value)
        if flat[: match.start()].rstrip(" ").endswith(("million", "百万")):
            return Unit(per, Decimal(whole) / 10**6)
        if flat[: match.start()].rstrip(" ").endswith(("thousand", "千")):
            return Unit(per, Decimal(whole) / 10**3)
        if match[0] != "tokens" and (per is Per.CALLS or match[0] != "token"):
            return Unit(per, Decimal(whole))
    short = _SHORT.search(flat)
    return Unit(Per.TOKENS, Decimal(1 if short["unit"] == "m" else 1000)) if short is not None else None


def price_of(cell: str, currency: str) -> Price | None:
    """Read a price such as `¥3`, `30 M for an hour of sound`, `Free for a limited time`; None: not understood."""
    said = words(cell)
    flat = _FOR.sub(_unitless, plain(cell))
    found = amounts(flat)
    if _TIER.search(plain(cell)):
        return None
    if said.say(_FREE) and not found:
        if not only(flat, _FREE_WORDS):
            return None
        return Price(Decimal(0), FREE_FOR_NOW if said.say(_LIMITED) else "")
    if len(found) != 1 or not only(without(flat, found), _WORDS) or not currencies_in(cell) <= {currency}:
        return None
    # Only credits are counted in millions: "3 M" of money is not certain to be an amount.
    return None if found[0].unit and currency != "credits" else Price(found[0].value)


def _unitless(match: re.Match[str]) -> str:
    """Give what a price is for without its number: the `1M` of "¥3 / 1M tokens"."""
    return _DIGITS.sub(" ", match[0]) if unit_of(match[0]) is not None else match[0]
