"""What a model might write: prose, and one long block of each kind, as tokens of about four characters."""

import re
from collections.abc import Callable, Iterator
from itertools import count, cycle, islice
from typing import Final

_SENTENCE: Final = (
    "the preset names a **slot** and not a key so that the file can be shared while the `endpoint` is told by its "
    "prefix and a request that goes to another cluster is refused there with [a clear reason](https://example.org/a) "
    "which says what can be done about it in *one* sentence or two"
)
WORDS: Final = tuple(_SENTENCE.split())
_TOKEN: Final = re.compile(r"\s*\S{1,4}|\s+")


def prose() -> Iterator[str]:
    words = cycle(WORDS)
    for number in count(1):
        if number % 8 == 1:
            yield f"## Part {number}\n\n"
        yield " ".join(islice(words, 60 + number % 40)).capitalize() + ".\n\n"


def fence() -> Iterator[str]:
    yield "```python\n"
    for number in count():
        yield f"def step_{number}(value: int, limit: int = {number * 7}) -> str:\n"
        yield f'    """Give what step {number} makes of a value."""\n'
        yield f"    result = [each * {number} for each in range(value) if each % 3]  # all but some\n"
        yield "    if len(result) > limit:\n        raise ValueError(f'too many: {len(result)}')\n"
        yield "    return ', '.join(map(str, result))\n\n\n"


def bullets() -> Iterator[str]:
    words = cycle(WORDS)
    for number in count(1):
        yield f"- **Step {number}** {' '.join(islice(words, 12 + number % 9))}\n"
        yield f"  - {' '.join(islice(words, 7))}\n  - {' '.join(islice(words, 9))}\n"


def table() -> Iterator[str]:
    yield "| Name | What it is | Price | Limit |\n|---|---|--:|:-:|\n"
    words = cycle(WORDS)
    for number in count(1):
        what = " ".join(islice(words, 3 + number % 4))
        yield f"| `model-{number}` | {what} | {number / 100:.2f} | {number * 1000:,} |\n"


SHAPES: Final[dict[str, Callable[[], Iterator[str]]]] = {
    "prose": prose,
    "code fence": fence,
    "list": bullets,
    "table": table,
}


def tokens(shape: str, first: int, number: int) -> list[str]:
    """Give tokens of a text, from the first on."""

    def whole() -> Iterator[str]:
        for part in SHAPES[shape]():
            yield from _TOKEN.findall(part)

    return list(islice(whole(), first, first + number))
