"""Amounts, answers and moments as the cells of a table hold them, in English and Chinese."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from mimo_tui.core.docs.readers.words import plain, words
from mimo_tui.core.facts import Scalar

_NUMBER = re.compile(
    r"(?<![a-z0-9.,^])(?P<whole>[1-9][0-9]{0,2}(?:,[0-9]{3}){1,4}|[0-9]{1,15})(?P<part>\.[0-9]{1,9})?"
    r"\s?(?P<unit>million|billion|thousand|百万|千|万|亿|k|m|b)?(?![a-z0-9.,]*[a-z0-9])(?!\^)"
)
_UNITS = {
    "k": 10**3, "thousand": 10**3, "千": 10**3, "万": 10**4, "m": 10**6, "million": 10**6, "百万": 10**6,
    "亿": 10**8, "b": 10**9, "billion": 10**9,
}  # fmt: skip
_BINARY = {"k": 2**10, "thousand": 2**10, "m": 2**20, "million": 2**20, "b": 2**30, "billion": 2**30}
_REMARK = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_VAGUE = re.compile(r"[~≈±%+<>^→⇒]|-(?!\S)")
_WORD = re.compile(r"[a-z]+|[^\W\da-z_]+")

_NOTHING = frozenset(
    {"", "—", "-", "--", "---", "——", "/", "n/a", "na", "none", "n.a.", "无", "暂无", "未知", "tbd"}
)
_BY_CONTRACT = (
    "by contract", "contract", "by arrangement", "arrangement", "contact", "custom", "on request", "negotiable",
    "unlimited", "no limit", "按合同", "合同", "联系", "协商", "定制", "不限", "无限制",
)  # fmt: skip
_YES = frozenset((
    "yes", "y", "true", "✓", "✔", "√", "✅", "☑", "supported", "support", "supports", "available", "included",
    "支持", "是", "有", "可用", "已支持", "包含", "可",
))  # fmt: skip
_NO = frozenset((
    "no", "n", "false", "✗", "✘", "×", "✕", "✖", "x", "❌", "not supported", "unsupported", "unavailable",
    "not available", "not included", "不支持", "否", "没有", "不可用", "暂不支持", "不包含", "不可",
))  # fmt: skip
_ON = ("on", "enabled", "enable", "开", "开启", "启用", "默认开启")
_OFF = ("off", "disabled", "disable", "关", "关闭", "禁用", "默认关闭")
_OF_COUNTS = frozenset((
    "tokens", "token", "tok", "rpm", "tpm", "requests", "request", "calls", "call", "per", "minute", "minutes", "min",
    "a", "an", "up", "to", "max", "maximum", "at", "most", "total",
    "个", "次", "每分钟", "分钟", "次每分钟", "次分钟", "最多", "最大", "至多", "最高", "上限", "请求", "个请求",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of a text: its value, with K as 1000, and the unit that it was written with."""

    value: Decimal
    binary: Decimal
    unit: str
    start: int
    end: int


def amounts(text: str) -> list[Amount]:
    """Give the numbers of a plain text, in order."""
    return [_amount(match) for match in _NUMBER.finditer(text)]


def _amount(match: re.Match[str]) -> Amount:
    number = Decimal(match["whole"].replace(",", "").replace(" ", "") + (match["part"] or ""))
    unit = match["unit"] or ""
    scale = _UNITS.get(unit, 1)
    return Amount(number * scale, number * _BINARY.get(unit, scale), unit, match.start(), match.end())


def number(value: Decimal) -> Scalar:
    """Give the value as `catalogue.toml` writes it: whole where it is whole."""
    return int(value) if value == value.to_integral_value() else value.normalize()


def silent(cell: str) -> bool:
    """Tell whether a cell says nothing: empty, a dash."""
    return plain(cell) in _NOTHING


def by_contract(cell: str) -> bool:
    """Tell whether a cell of an amount gives none on purpose: by contract, unlimited."""
    return not amounts(plain(cell)) and words(cell).say(_BY_CONTRACT)


def without(text: str, parts: Iterable[Amount]) -> str:
    """Give the text without those numbers."""
    for part in sorted(parts, key=lambda one: -one.start):
        text = f"{text[: part.start]} {text[part.end :]}"
    return text


def only(text: str, allowed: frozenset[str]) -> bool:
    """Tell whether a plain text has no other words than these, and no sign that it is not exact."""
    return not _VAGUE.search(text) and all(word in allowed for word in _WORD.findall(text))


def count(cell: str, *, binary: bool) -> int | None:
    """Read a count such as `100`, `10M`, `128K`, `131,072`; None: not understood.

    `binary`: K is 1024 and M 1024 × 1024. An exact number beside a short one wins.
    """
    text = plain(cell)
    found = amounts(text)
    if not found or not only(without(text, found), _OF_COUNTS):
        return None
    exact = [one for one in found if not one.unit]
    if any("." in text[one.start : one.end] for one in exact):
        return None
    short = [one for one in found if one.unit]
    if exact and any(abs(one.value - exact[0].value) > one.value / 10 for one in short):
        return None
    values = {one.value for one in exact} or {one.binary if binary else one.value for one in short}
    if len(values) != 1:
        return None
    value = values.pop()
    return int(value) if value > 0 and value == value.to_integral_value() else None


def answer(cell: str) -> bool | None:
    """Read yes or no; None: neither. A remark in brackets and the mark of a footnote do not count."""
    text = _REMARK.sub(" ", plain(cell)).strip(" .;,。；0123456789^†‡")
    return True if text in _YES else False if text in _NO else None


def switched(cell: str) -> bool | None:
    """Read on or off; None: neither."""
    said = words(_REMARK.sub(" ", plain(cell)))
    on, off = said.say(_ON), said.say(_OFF)
    return on if on is not off else None
