"""What answers cost: the tokens of `usage`, or the length of the sound, at the prices of the catalogue."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

from mimo_tui.core.diagnosis import Cause
from mimo_tui.core.facts import Fact, Scalar
from mimo_tui.core.model import Model, Price, both_sides, in_words
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.core.usage import Usage

if TYPE_CHECKING:
    from mimo_tui.core.conversation import Turn

CREDITS = "credits"
"""What plans are counted in, in place of a currency (`mimo-api.md` §13.3)."""

_PER = 1_000_000
_SECONDS_AN_HOUR = 3600
_AFTER_WORK = frozenset({Cause.BUDGET, Cause.REPETITION, Cause.BROKEN_OFF, Cause.MODERATION, Cause.NETWORK})
"""Why an answer failed of which nothing came, though the model may have worked on it."""

_NO_FACTS: Mapping[str, Fact[Scalar]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Cost:
    """An amount in `currency`: CNY, USD, or credits of a plan.

    `because` names the prices and their source. `is_bound`: it may have been less, since the service did not tell all.
    `is_least`: it may have been more, since something that it is the sum of is not known.
    """

    amount: Decimal
    currency: str
    because: Clean = NOTHING
    is_bound: bool = False
    is_least: bool = False


@dataclass(frozen=True, slots=True)
class _Part:
    amount: Decimal
    words: str
    is_bound: bool = False


def cost_of(
    usage: Usage, model: Model, *, currency: str, facts: Mapping[str, Fact[Scalar]] = _NO_FACTS
) -> Cost | None:
    """Give what an answer cost; None: it cannot be told, since a count or a price that it needs is not known.

    Reasoning is part of the completion. Input of which nobody said how much was cached is counted as not cached, which
    is the most that it can have been. `facts` are those of the catalogue, which hold the price of a search. A model
    that is priced by the hour of sound is counted by that alone (`mimo-api.md` §13.1).
    """
    fact = _price_of(model, currency)
    if fact is None:
        return None
    parts = _parts(usage, fact.value, currency, facts)
    counted = [part for part in parts if part is not None]
    if len(counted) < len(parts):
        return None
    words = ", ".join(part.words for part in counted if part.words) or "no tokens"
    dispute = f"; the sources disagree: {both_sides(fact)}" if fact.disputed else f"; {fact.source}"
    note = f" ({fact.value.note})" if fact.value.note else ""
    return Cost(
        sum((part.amount for part in counted), Decimal(0)),
        currency,
        clean(f"{words}, in {currency}{note}{dispute}"),
        any(part.is_bound for part in counted),
    )


def is_free(model: Model, currency: str) -> bool:
    """Tell whether nothing is owed for an answer, however long it is, by all prices of it that are known."""
    fact = _price_of(model, currency)
    amounts = () if fact is None or fact.disputed else fact.value.amounts.values()
    return bool(amounts) and not any(amounts)


def _parts(
    usage: Usage, price: Price, currency: str, facts: Mapping[str, Fact[Scalar]]
) -> tuple[_Part | None, ...]:
    """Give what it is the sum of; None in place of what cannot be told."""
    if price.audio_hour is not None:
        return (_sound_cost(price.audio_hour, usage.seconds),)
    if usage.prompt is None or usage.completion is None:
        return (None,)
    prompt, cached = _count(usage.prompt), usage.cached
    return (
        _input_cost(price, prompt, None if cached is None else min(_count(cached), prompt)),
        _tokens_cost(price.output, _count(usage.completion), "output"),
        _search_cost(_count(usage.searches or 0), currency, facts),
    )


def total(turns: Iterable["Turn"]) -> tuple[Cost, ...]:
    """Give what answers cost together, by currency; `because` says of how many it is known."""
    costs: list[Cost] = []
    unknown = 0
    for turn in turns:
        if turn.answer is not None and turn.answer.cost is not None:
            costs.append(turn.answer.cost)
        elif _may_have_cost(turn):
            unknown += 1
    missing = f"; of {unknown} more it is not known" if unknown else ""
    found: list[Cost] = []
    for currency in dict.fromkeys(cost.currency for cost in costs):
        those = [cost for cost in costs if cost.currency == currency]
        because = f"the sum of {len(those)} answer{'' if len(those) == 1 else 's'}{missing}"
        amount = sum((cost.amount for cost in those), Decimal(0))
        is_bound = any(cost.is_bound for cost in those)
        found.append(Cost(amount, currency, clean(because), is_bound, is_least=unknown > 0))
    return tuple(found)


def _may_have_cost(turn: "Turn") -> bool:
    """Tell whether something may be owed for an answer; for one that was refused before it began, nothing is."""
    answer = turn.answer
    if answer is None:
        return False
    has_come = turn.text or turn.reasoning or turn.calls or answer.usage is not None
    return bool(answer.failure is None or has_come or answer.failure.cause in _AFTER_WORK)


def _price_of(model: Model, currency: str) -> Fact[Price] | None:
    known = (model.price_cny, model.price_usd, model.price_credits)
    return next((fact for fact in known if fact is not None and fact.value.currency == currency), None)


def _input_cost(price: Price, prompt: int, cached: int | None) -> _Part | None:
    if cached and price.cached_input is not None:
        new = _tokens_cost(price.input, prompt - cached, "input")
        amount = price.cached_input * cached / _PER
        words = f"{cached:,} cached at {in_words(price.cached_input)} per 1M"
        return _Part(new.amount + amount, _joined(new.words, words)) if new is not None else None
    whole = _tokens_cost(price.input, prompt, "input")
    if whole is None:
        return None
    # Some of it may have been cached, which is cheaper: it was not told how much, or not what that costs.
    is_bound = whole.amount > 0 and (cached is None or cached > 0) and price.cached_input != price.input
    words = f"{whole.words}, none of it counted as cached" if is_bound else whole.words
    return _Part(whole.amount, words, is_bound)


def _tokens_cost(price: Decimal | None, tokens: int, name: str) -> _Part | None:
    if not tokens:
        return _Part(Decimal(0), "")
    if price is None:
        return None
    return _Part(price * tokens / _PER, f"{tokens:,} {name} at {in_words(price)} per 1M")


def _sound_cost(an_hour: Decimal, seconds: float | None) -> _Part | None:
    if seconds is None:
        return None
    words = f"{seconds:,.1f} s of sound at {in_words(an_hour)} per hour"
    return _Part(an_hour * Decimal(str(max(0.0, seconds))) / _SECONDS_AN_HOUR, words)


def _search_cost(searches: int, currency: str, facts: Mapping[str, Fact[Scalar]]) -> _Part | None:
    """Give what web searches cost: each keyword counts as one (`mimo-api.md` §13.1)."""
    if not searches:
        return _Part(Decimal(0), "")
    fact = facts.get(f"web_search_{currency.lower()}_per_1000")
    if fact is None or isinstance(fact.value, str | bool):
        return None
    plural = "" if searches == 1 else "es"
    words = f"{searches:,} search{plural} at {in_words(fact.value)} per 1,000"
    return _Part(Decimal(fact.value) * searches / 1000, words)


def _joined(*words: str) -> str:
    return ", ".join(each for each in words if each)


def _count(number: int) -> int:
    return max(0, number)
