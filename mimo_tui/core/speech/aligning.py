"""The shortest way from one row of words to another, by whole numbers that hold a row of the table each."""

from collections.abc import Iterator, Sequence
from enum import Enum, auto
from itertools import islice
from typing import Final


class Step(Enum):
    """What is done with the next word: it stays, is another one, is left out, or is put in."""

    SAME = auto()
    OTHER = auto()
    LEFT_OUT = auto()
    PUT_IN = auto()


_WINDOW: Final = 8192
"""Words that are compared at once, in a table of 16 MB. Longer rows are compared in windows that overlap."""

_SURE: Final = _WINDOW * 3 // 4


def align(before: Sequence[str], after: Sequence[str]) -> Iterator[Step]:
    """Give the fewest steps from one row to the other; of very long rows nearly the fewest."""
    at, other = 0, 0
    while at < len(before) and other < len(after):
        first, second = before[at : at + _WINDOW], after[other : other + _WINDOW]
        is_last = at + len(first) == len(before) and other + len(second) == len(after)
        end, other_end = at + _SURE, other + _SURE
        for step in _steps(first, second):
            if not is_last and (at >= end or other >= other_end):
                break
            at += step is not Step.PUT_IN
            other += step is not Step.LEFT_OUT
            yield step
    yield from islice(iter(lambda: Step.LEFT_OUT, None), len(before) - at)
    yield from islice(iter(lambda: Step.PUT_IN, None), len(after) - other)


def _steps(before: Sequence[str], after: Sequence[str]) -> list[Step]:
    """Walk back through the table, of which each row tells where it rises and where it falls."""
    rows = list(_rows(before, after))
    at, other = len(before), len(after)
    steps: list[Step] = []
    while at and other:
        if rows[other - 1][0] >> (at - 1) & 1:
            at -= 1
            steps.append(Step.LEFT_OUT)
            continue
        other -= 1
        if other and rows[other - 1][1] >> (at - 1) & 1:
            steps.append(Step.PUT_IN)
            continue
        at -= 1
        steps.append(Step.SAME if before[at] == after[other] else Step.OTHER)
    steps += [Step.LEFT_OUT] * at + [Step.PUT_IN] * other
    steps.reverse()
    return steps


def _rows(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Give for each word of `after` where its row of edit distances rises by one, and where it falls.

    The bits of one whole number are a row: G. Myers, "A fast bit-vector algorithm for approximate string matching"
    (1999), in the form that H. Hyyrö gave it (2003).
    """
    places: dict[str, int] = {}
    for at, word in enumerate(before):
        places[word] = places.get(word, 0) | 1 << at
    all_bits = (1 << len(before)) - 1
    rises, falls = all_bits, 0
    for word in after:
        found = places.get(word, 0)
        diagonal = ((found & rises) + rises ^ rises) | found | falls
        up = falls | ~(diagonal | rises)
        up, down = up << 1 | 1, (diagonal & rises) << 1
        rises, falls = (down | ~(diagonal | up)) & all_bits, up & diagonal & all_bits
        yield rises, falls
