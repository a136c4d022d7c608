"""A page that is being read: what of its text is blocks by now."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from mimo_tui.core.text import Clean
from mimo_tui.tui.page.blocks import Block
from mimo_tui.tui.page.headings import Headings
from mimo_tui.tui.page.layout import Laid, lay

if TYPE_CHECKING:
    from mimo_tui.tui.page.reading import Progress


class Part(NamedTuple):
    """Blocks that follow one another, and how far the text was read with them."""

    laid: Sequence[Laid]
    progress: "Progress"


class Opened:
    """A text, the blocks that were read of it, and their headings; `anchors` goes by the lines of the text."""

    def __init__(self, text: Clean, anchors: Mapping[int, str]) -> None:
        self.text = text
        self.blocks: list[Block] = []
        self.headings = Headings(anchors)
        self.progress: Progress | None = None
        self.is_read = not text
        self.is_told = False

    def take(self, part: Part) -> Sequence[Laid]:
        """Note what was read; gives its blocks again."""
        self.headings.look(part.laid, len(self.blocks))
        self.blocks += [laid.block for laid in part.laid]
        self.progress = part.progress
        self.is_read = part.progress.at >= len(self.text)
        return part.laid


def read_on(text: Clean, progress: "Progress | None", width: int) -> Part:
    """Read and lay out the next part of a text. Takes long, the first time longest: call it in a thread."""
    from mimo_tui.tui.page.reading import BlockReader, Progress

    blocks, progress = BlockReader().read_on(text, progress or Progress())
    return Part(lay_all(blocks, width), progress)


def lay_all(blocks: Sequence[Block], width: int) -> list[Laid]:
    """Lay out blocks."""
    return [lay(block, width) for block in blocks]
