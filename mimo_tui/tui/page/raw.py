"""A text as it was sent, as blocks: in pieces, so that what is not in sight is neither wrapped twice nor coloured."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from mimo_tui.core.text import NOTHING, Clean
from mimo_tui.tui.page.blocks import MUTED, Block, Kind, Place, Text
from mimo_tui.tui.page.layout import Laid, lay

_LINES: Final = 100
"""Lines of a block."""
_LEVEL: Final = 2
_CLOSE: Final = Place(gap=None)
_JSON: Final = Clean("json")


@dataclass(frozen=True, slots=True)
class RawPart:
    """A request or an answer: what stands above it, its head, and its body, each clean."""

    title: Clean
    head: Clean
    body: Clean


def raw_blocks(part: RawPart) -> Iterator[Block]:
    """Give the blocks of a part: the title, the head, the body in pieces of so many lines."""
    yield Block(Kind.HEADING, Text(part.title), Place(), 0, _LEVEL)
    yield from (Block(Kind.PARAGRAPH, Text(Clean(line)), _CLOSE, 0) for line in part.head.splitlines())
    language = _JSON if part.body.lstrip()[:1] in ("{", "[") else NOTHING
    lines = part.body.rstrip("\n").split("\n")
    if not part.body.strip():
        told = Clean("(no body)")
        yield Block(Kind.PARAGRAPH, Text(told, (0, len(told), MUTED)), Place(), 0)
        return
    for at in range(0, len(lines), _LINES):
        text = Clean("\n".join(lines[at : at + _LINES]))
        place = _CLOSE if at else Place()
        yield Block(Kind.FENCE, Text(text), place, at, language=language)


def lay_raw(parts: tuple[RawPart, ...], width: int) -> list[Laid]:
    """Lay out the parts below one another. Takes long: call it in a thread."""
    return [lay(block, width) for part in parts for block in raw_blocks(part)]
