"""How a page writes numbers of tokens: `128K` is 131,072, unless it says otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from mimo_tui.core.docs.page import Page, Paragraph
from mimo_tui.core.docs.readers.amounts import Amount, amounts, count
from mimo_tui.core.docs.readers.words import plain, sentences


@dataclass(frozen=True, slots=True)
class Sizes:
    """What short numbers of tokens stand for on a page: those that it explains, and the others in powers of two."""

    exact: Mapping[Decimal, int] = field(default_factory=dict)
    binary: bool = True

    def read(self, cell: str) -> int | None:
        """Read a number of tokens; None: not understood."""
        found = amounts(plain(cell))
        if len(found) == 1 and found[0].unit and found[0].value in self.exact:
            return self.exact[found[0].value] if count(cell, binary=self.binary) is not None else None
        return count(cell, binary=self.binary)


def sizes_of(page: Page) -> Sizes:
    """Learn from sentences such as "1M of context is 1,048,576 tokens" what the short numbers of a page stand for."""
    exact: dict[Decimal, int] = {}
    for block in page.blocks:
        if isinstance(block, Paragraph):
            for sentence in sentences(block.text):
                found = amounts(plain(sentence))
                exact |= {
                    short.value: int(long.value) for short, long in pairwise(found) if _explains(short, long)
                }
    return Sizes(exact, binary=not any(value == short for short, value in exact.items()))


def _explains(short: Amount, long: Amount) -> bool:
    return (
        bool(short.unit)
        and not long.unit
        and long.value >= 1000
        and long.value in {short.value, short.binary}
    )
