"""Text that grows at its end. Only what may still change is read again, so that cost is flat with length.

A text of short blocks stands at any time as it would if it was read as a whole. A block that is long, be it code, a
list or a table, is shown as it comes too, but what was shown stays: a list that turns out to have blank lines between
its items, or a column that must be wider, makes a difference. `is_rough` tells that, and who shows it reads the whole
once nothing more comes.
"""

from typing import TYPE_CHECKING, Final, Protocol

from mimo_tui.core.text import Clean, clean_lines
from mimo_tui.tui.page.blocks import BAR, MUTED, Block, Kind, Place, Text
from mimo_tui.tui.page.growing_blocks import GrowingFence, GrowingList, GrowingTable, Step, offset_of
from mimo_tui.tui.page.layout import Laid, lay
from mimo_tui.tui.page.opened import lay_all
from mimo_tui.tui.page.tables import Fit

if TYPE_CHECKING:
    from mimo_tui.tui.page.reading import BlockReader

LONG: Final = 1_500
"""Characters. A block that is longer is not read again as a whole."""
_CERTAIN: Final = 2
"""Whole lines of a block after which those before it stay as they are: a table is known by its second."""
_QUOTED: Final = Place(Clean(BAR), Clean(BAR), gap=None)
_ALONE: Final = Place(gap=None)


class Growing(Protocol):
    """A text that grows. `laid` are all of its blocks; they are changed in place, so copy what is to last."""

    laid: list[Laid]
    is_rough: bool

    def feed(self, more: Clean) -> int:
        """Add text; gives the number of the first block that is another now."""
        ...


class GrowingPlain:
    """Text without markdown, a block for each line; `quoted` makes it muted, with a bar before it."""

    def __init__(self, width: int, *, quoted: bool = False) -> None:
        self.laid: list[Laid] = []
        self.is_rough = False
        self._width = width
        self._quoted = quoted
        self._kept = 0
        self._tail = ""

    def feed(self, more: Clean) -> int:
        """Add text; gives the number of the first block that is another now."""
        first = self._kept
        del self.laid[first:]
        *whole, self._tail = (self._tail + more).split("\n")
        self.laid += [self._lay(line) for line in whole]
        self._kept = len(self.laid)
        if self._tail:
            self.laid.append(self._lay(self._tail))
        return first

    def _lay(self, line: str) -> Laid:
        marks = (0, len(line), MUTED) if self._quoted and line else ()
        text = Text(Clean(line), marks)
        return lay(Block(Kind.PARAGRAPH, text, _QUOTED if self._quoted else _ALONE, 0), self._width)


class GrowingMarkdown:
    """Markdown that grows."""

    def __init__(self, reader: "BlockReader", width: int) -> None:
        self.laid: list[Laid] = []
        self.is_rough = False
        self._reader = reader
        self._width = width
        self._kept = 0  # blocks that stay as they are
        self._tail = ""  # the text of the others
        self._line = 0  # where that begins
        self._long: GrowingFence | GrowingList | GrowingTable | None = None
        self._table_at = 0
        self._as_it_is = False  # the tail is no block that could be long, whatever it looks like

    def feed(self, more: Clean) -> int:
        """Add text; gives the number of the first block that is another now."""
        self._tail += more
        first = self._kept
        del self.laid[first:]
        going = True
        while going and self._tail:
            going = self._advance()
        return first

    @property
    def outgrown(self) -> GrowingTable | None:
        """The table whose columns have become too narrow, where it is time to make them wider; see `refit`."""
        long = self._long
        return long if isinstance(long, GrowingTable) and long.is_outgrown else None

    def refit(self, table: GrowingTable, count: int, whole: Laid, fit: Fit) -> int | None:
        """Show the first blocks of a table as `whole`, which was read of them, and its other rows like that.

        Gives the number of the first block that is another now; None: the table is complete.
        """
        if self._long is not table:
            return None
        start = self._table_at
        others = table.refit(count, whole, fit)
        open_rows = self.laid[self._kept :]
        self.laid[start:] = [whole, *others, *open_rows]
        self._kept = start + 1 + len(others)
        return start

    def _advance(self) -> bool:
        """Take a step; True: it may be followed by another."""
        step = self._long.step(self._tail, self._line) if self._long else self._read()
        self.laid += step.kept
        self._kept = len(self.laid)
        if step.used:
            self._line += self._tail.count("\n", 0, step.used)
            self._tail = self._tail[step.used :]
            self._as_it_is = False
        if step.ended:
            self._as_it_is = not step.used
            self._long = None
            return True
        if self._long is None and len(self._tail) > LONG and step.long is not None and not self._as_it_is:
            self._long, self._table_at, self.is_rough = step.long, self._kept, True
            return True
        self.laid += step.open
        return False

    def _read(self) -> Step:
        """Read the tail; all of its blocks but the last stay as they are."""
        tokens = self._reader.parse(self._tail)
        complete = self._tail.count("\n")
        starts = [(at, token.map[0]) for at, token in enumerate(tokens) if not token.level and token.map]
        if not starts:
            return Step()
        at, line = next(
            ((at, line) for at, line in reversed(starts) if line + _CERTAIN <= complete), starts[0]
        )
        at, used = (at, offset_of(self._tail, line)) if at else (0, 0)
        reading = self._reader.begin(self._line)
        kept = lay_all(list(reading.blocks(tokens[:at])), self._width)
        opened = lay_all(list(reading.blocks(tokens[at:])), self._width)
        long: GrowingFence | GrowingList | GrowingTable | None = None
        if at == starts[-1][0] and len(self._tail) - used > LONG and complete >= line + _CERTAIN:
            match tokens[at].type:
                case "fence":
                    long = GrowingFence(tokens[at], self._width)
                case "bullet_list_open" | "ordered_list_open":
                    long = GrowingList(self._reader, tokens[at].type, self._width)
                case "table_open":
                    long = GrowingTable(self._reader, self._width)
        return Step(kept, opened, used, long=long)


def lay_markdown(text: str, reader: "BlockReader", width: int) -> list[Laid]:
    """Lay out a text as a whole. Takes long: call it in a thread, unless it is short."""
    return lay_all(reader.read(clean_lines(text)), width)


def lay_plain(text: str, width: int, *, quoted: bool = False) -> list[Laid]:
    """Lay out a text without markdown as a whole."""
    growing = GrowingPlain(width, quoted=quoted)
    growing.feed(clean_lines(text))
    return growing.laid
