"""What all requests of a take used together, and what they cost."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeVar

from mimo_tui.core.catalogue import Catalogue
from mimo_tui.core.ledger import Cost, cost_of, is_free
from mimo_tui.core.usage import Usage

N = TypeVar("N", int, float)


@dataclass(frozen=True, slots=True)
class Spent:
    """None: nobody told."""

    usage: Usage | None = None
    cost: Cost | None = None


def spent(usages: Sequence[Usage | None], model: str, currency: str, catalogue: Catalogue) -> Spent:
    """Add up what each request used. Where one did not tell, the sum is the least that it can have been."""
    told = [usage for usage in usages if usage is not None]
    if not told:
        return Spent()
    usage = Usage(
        **{
            each.name: _sum([getattr(one, each.name) for one in told])
            for each in fields(Usage)
            if each.name != "seconds"
        },
        seconds=_sum([one.seconds for one in told]),
    )
    known = catalogue.model(model)
    cost = cost_of(usage, known, currency=currency, facts=catalogue.facts) if known is not None else None
    is_least = len(told) < len(usages) and not (known is not None and is_free(known, currency))
    return Spent(usage, replace(cost, is_least=True) if cost is not None and is_least else cost)


def _sum(counts: Sequence[N | None]) -> N | None:
    """Give the sum of what was told; None: nobody did."""
    told = [each for each in counts if each is not None]
    return sum(told[1:], start=told[0]) if told else None
