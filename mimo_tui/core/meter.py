"""What an answer took, in words: model, speed, tokens, cost and why it ended."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from mimo_tui.core.conversation import Answer
from mimo_tui.core.ledger import Cost
from mimo_tui.core.text import Clean, clean
from mimo_tui.core.usage import Usage

BETWEEN: Final = " · "
"""What stands between two parts of the line."""

_SIGNS: Final = {"CNY": "¥", "USD": "$"}
_DIGITS: Final = 2
"""Digits of a small amount that say something."""

_LONGEST: Final = 32
"""Characters of the reason why an answer ended, which may be any text: the rest of the line says more."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the line; one of a greater `weight` stays longer. `short` is said where there is little room."""

    weight: int
    text: str
    short: str = ""


def meter_parts(answer: Answer) -> tuple[Part, ...]:
    """Give the parts of the line, in their order."""
    return (
        Part(9, answer.model),
        *_speed(answer),
        *(_tokens(answer.usage) if answer.usage is not None else ()),
        *([Part(7, cost_text(answer.cost))] if answer.cost is not None else []),
        *([Part(8, end)] if (end := ending(answer)) else []),
    )


def meter_line(answer: Answer) -> Clean:
    """Give all of it in one line."""
    return clean(BETWEEN.join(part.text for part in meter_parts(answer)))


def ending(answer: Answer) -> Clean:
    """Say why the answer ended: `stopped` by the person, `broke off`, or the API's own word."""
    if answer.stopped:
        return clean("stopped")
    if not answer.complete:
        return clean("broke off" if answer.failure is None else "failed")
    return answer.finish if len(answer.finish) <= _LONGEST else clean(f"{answer.finish[:_LONGEST]}…")


def cost_text(cost: Cost) -> Clean:
    """Give an amount as people write it: `¥0.0012`, `≤ $0.03`, `≥ 12 credits`; `about` where it may be either."""
    sign = _SIGNS.get(cost.currency)
    amount = _amount(cost.amount)
    told = f"{sign}{amount}" if sign is not None else f"{amount} {cost.currency}"
    if cost.is_bound and cost.is_least:
        return clean(f"about {told}")
    return clean(f"≤ {told}" if cost.is_bound else f"≥ {told}" if cost.is_least else told)


def costs_text(costs: Iterable[Cost]) -> Clean:
    """Give amounts of several currencies; empty: none is known."""
    return clean(" + ".join(cost_text(cost) for cost in costs))


def _amount(amount: Decimal) -> str:
    if not amount:
        return "0"
    places = max(2, _DIGITS - 1 - amount.adjusted())
    text = f"{amount:,.{places}f}"
    return text.rstrip("0").rstrip(".") if places > 2 or amount == amount.to_integral_value() else text


def _speed(answer: Answer) -> Iterable[Part]:
    if answer.first_token is not None:
        yield Part(4, f"first token {answer.first_token:.2f} s", f"first {answer.first_token:.2f} s")
    rate = answer.tokens_a_second
    if rate is not None:
        yield Part(3, f"{rate:,.0f} tokens/s")


def _tokens(usage: Usage) -> Iterable[Part]:
    if usage.prompt is not None:
        yield Part(5, f"{usage.prompt:,} in{_details(_of_prompt(usage))}", f"{usage.prompt:,} in")
    if usage.completion is not None:
        details = [f"{usage.reasoning:,} reasoning"] if usage.reasoning else []
        yield Part(6, f"{usage.completion:,} out{_details(details)}", f"{usage.completion:,} out")
    if usage.searches:
        yield Part(2, f"{usage.searches:,} search{'es' if usage.searches > 1 else ''}")


def _of_prompt(usage: Usage) -> list[str]:
    counted = {"cached": usage.cached, "image": usage.image, "audio": usage.audio, "video": usage.video}
    return [f"{count:,} {name}" for name, count in counted.items() if count]


def _details(details: list[str]) -> str:
    return f" ({', '.join(details)})" if details else ""
