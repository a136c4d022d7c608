"""Blocks as lines of a width, and many of them below one another."""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from mimo_tui.core.text import Clean
from mimo_tui.tui.page.blocks import BAR, MUTED, Block, Kind, Link, Text, links
from mimo_tui.tui.page.tables import RULE, Fit, draw, draw_rows
from mimo_tui.tui.page.wrapping import width_of, wrap, wrap_code

_PROSE: Final = 100
"""Cells. Longer lines are hard to read; tables and code use all the width."""
_FENCE_INDENT: Final = "  "
_LEAST: Final = 4


@dataclass(frozen=True, slots=True)
class Drawn:
    """Text that was made for a width, such as that of a table. Bytes: one wide sign doubles a `str`."""

    plain: bytes
    marks: Sequence[int]
    links: tuple[Link, ...]

    @classmethod
    def of(cls, text: Text) -> "Drawn":
        """Pack a text."""
        return cls(text.plain.encode(), text.marks, text.links)


@dataclass(frozen=True, slots=True)
class Laid:
    """A block at a width. `lines` are start and end of each line in `text`, in turn; empty: it is one line.

    `drawn` is None where the text is the block's own.
    """

    block: Block
    lines: Sequence[int] = ()
    drawn: Drawn | None = None

    @property
    def text(self) -> Text:
        """The text that the lines are of. That of a long table takes a moment to unpack: ask once a line."""
        if self.drawn is None:
            return self.block.text
        return Text(Clean(self.drawn.plain.decode()), self.drawn.marks, self.drawn.links)

    @property
    def height(self) -> int:
        """How many lines it takes, without the blank one above."""
        return len(self.lines) // 2 or 1

    def span(self, line: int) -> tuple[int, int]:
        """Give start and end of a line in the text."""
        return (self.lines[2 * line], self.lines[2 * line + 1]) if self.lines else (0, len(self.text.plain))

    def line_at(self, offset: int) -> int:
        """Give the line that a place in the text stands on."""
        if self.block.kind is not Kind.TABLE:
            return max(bisect_right(self.lines[::2], offset) - 1, 0)
        # The rules of a table are all the same place in its text.
        return next((line for line in range(self.height) if self.lines[2 * line + 1] >= offset), 0)


def prefix(block: Block, width: int, *, first: bool) -> Clean:
    """Give what stands before a line of a block; at most half of the width."""
    before = block.place.lead if first else block.place.hang
    if block.kind is Kind.FENCE:
        before = Clean(before + _FENCE_INDENT)
    if len(before) > width // 2:
        before = Clean(before[-(width // 2) :] if width > 1 else "")
    return before


def lay(block: Block, width: int) -> Laid:
    """Break a block into lines of `width` cells at most."""
    room = max(width - width_of(prefix(block, width, first=True)), _LEAST)
    plain = block.text.plain
    match block.kind:
        case Kind.TABLE:
            text, lines = draw(block, room)
            return Laid(block, lines, Drawn.of(text))
        case Kind.RULE:
            return Laid(block, (), Drawn.of(Text(Clean(RULE * room), (0, room, MUTED))))
        case Kind.FENCE:
            spans = wrap_code(plain, room)
        case _:
            room = min(room, _PROSE)
            if len(plain) <= room and plain.isascii() and "\n" not in plain:
                return Laid(block)
            spans = wrap(plain, 0, len(plain), room)
    lines = array("I")
    for span in spans:
        lines.extend(span)
    return Laid(block, lines[:])


def lay_rows(block: Block, width: int, fit: Fit) -> Laid:
    """Lay out the rows of a table, without its heads, below others that stand in these columns."""
    text, lines = draw_rows(block, max(width, _LEAST), fit)
    return Laid(block, lines, Drawn.of(text))


class Spot(NamedTuple):
    """A line of a flow: the block, and which of its lines; -1 is the blank line above it."""

    block: int
    line: int


class Reached(NamedTuple):
    """A place in a text: the block, where in its text, and how far down it."""

    block: int
    offset: int
    share: float


class Flow:
    """Blocks that stand below one another at one width. It grows at its end, and can be cut back there."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.height = 0
        self.laid: list[Laid] = []
        self._tops = array("I")

    def add(self, more: Iterable[Laid]) -> None:
        """Put blocks below the others."""
        for laid in more:
            self._tops.append(self.height)
            self.height += laid.height + (self._gap(len(self.laid), laid) is not None)
            self.laid.append(laid)

    def keep(self, count: int) -> None:
        """Take away all blocks but the first ones: the last is read again when its text has grown."""
        if count < len(self.laid):
            self.height = self._tops[count]
            del self.laid[count:], self._tops[count:]

    def replace(self, start: int, stop: int, more: Iterable[Laid]) -> None:
        """Put blocks in the place of those from `start` to before `stop`."""
        rest = self.laid[stop:]
        self.keep(start)
        self.add(more)
        self.add(rest)

    def top(self, index: int) -> int:
        """Give the first line of a block, the blank one above it included; of none: where the next one would begin."""
        return self._tops[index] if index < len(self.laid) else self.height

    def spot(self, y: int) -> Spot:
        """Give what stands on a line from 0 to below `height`."""
        index = bisect_right(self._tops, y) - 1
        line = y - self._tops[index]
        return Spot(index, line - (self._gap(index, self.laid[index]) is not None))

    def y(self, index: int, line: int = 0) -> int:
        """Give where a line of a block stands."""
        return self._tops[index] + line + (self._gap(index, self.laid[index]) is not None)

    def place(self, y: int) -> Reached:
        """Give what stands on a line, to be found again at another width."""
        if not self.laid:
            return Reached(0, 0, 0.0)
        spot = self.spot(max(min(y, self.height - 1), 0))
        laid = self.laid[spot.block]
        offset = -1 if spot.line < 0 else laid.span(spot.line)[0]
        return Reached(spot.block, offset, spot.line / max(laid.height, 1))

    def y_of(self, place: Reached) -> int:
        """Give where that stands now."""
        if place.block >= len(self.laid):
            return 0
        laid = self.laid[place.block]
        if place.offset < 0:
            return self._tops[place.block]
        # A table is drawn anew for each width.
        is_drawn = laid.drawn is not None
        return self.y(place.block, int(place.share * laid.height) if is_drawn else laid.line_at(place.offset))

    def before(self, spot: Spot) -> Clean:
        """Give what stands before the text of a line."""
        block = self.laid[spot.block].block
        if spot.line < 0:
            gap = block.place.gap or ""
            return Clean(gap[-(self.width // 2) :])
        return prefix(block, self.width, first=spot.line == 0)

    def links(self, spot: Spot) -> Iterator[Link]:
        """Give the links of a line, from and to places in the text of its block."""
        laid = self.laid[spot.block]
        if spot.line >= 0 and (laid.drawn or laid.block.text).links:
            yield from links(laid.text, *laid.span(spot.line))

    def copied(self, top: int, left: int, bottom: int, right: int | None) -> str:
        """Give the text from one place to another as it was written: with the breaks of lines undone.

        `left` and `right` count characters of the lines as they are shown; None is the end of the line.
        """
        parts: list[str] = []
        last: Spot | None = None
        for y in range(max(top, 0), min(bottom + 1, self.height)):
            spot = self.spot(y)
            laid = self.laid[spot.block]
            if last is not None:
                parts.append(_joint(laid, spot, last))
            last = spot
            if spot.line < 0:
                continue
            before = self.before(spot)
            start, end = laid.span(spot.line)
            shown = laid.text.plain[start:end]
            first = left if y == top else 0
            final = len(before) + len(shown) if right is None or y < bottom else right
            if spot.line == 0 and laid.block.kind is not Kind.FENCE:
                parts.append(before[first:final].replace(BAR, ""))
            text = shown[max(first - len(before), 0) : max(final - len(before), 0)]
            parts.append(text.rstrip() if laid.block.kind is Kind.TABLE else text)
        return "".join(parts)

    def _gap(self, index: int, laid: Laid) -> Clean | None:
        return laid.block.place.gap if index else None


def _joint(laid: Laid, spot: Spot, last: Spot) -> str:
    """Give what stands between two lines in the text that was wrapped; between two blocks, a line end."""
    if spot.block != last.block or spot.line == 0 or laid.block.kind is Kind.TABLE:
        return "\n"
    return laid.text.plain[laid.span(last.line)[1] : laid.span(spot.line)[0]]
