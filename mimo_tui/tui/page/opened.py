"""A page that is being read: what of its text is blocks by now."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from mimo_tui.core.text import Clean
from mimo_tui.tui.page.blocks import Block
from mimo_tui.tui.page.cutting import Piece, first_piece, next_piece
from mimo_tui.tui.page.headings import Headings
from mimo_tui.tui.page.layout import Laid, lay


class Batch(NamedTuple):
    """Blocks that follow one another, and the piece that they are; None: the text is at its end."""

    laid: Sequence[Laid]
    piece: Piece | None


class Opened:
    """A text, the blocks that were read of it, and their headings; `anchors` goes by the lines of the text."""

    def __init__(self, text: Clean, anchors: Mapping[int, str]) -> None:
        self.text = text
        self.blocks: list[Block] = []
        self.headings = Headings(anchors)
        self.piece: Piece | None = None
        self.is_read = False
        self.is_told = False

    def take(self, batch: Batch) -> Sequence[Laid]:
        """Note what was read; gives it again."""
        if batch.piece is None:
            self.is_read = True
        else:
            self.piece = batch.piece
            self.headings.look(batch.laid, len(self.blocks))
            self.blocks += [laid.block for laid in batch.laid]
            self.is_read = batch.piece.end >= len(self.text)
        return batch.laid


def read_next(text: Clean, piece: Piece | None, width: int) -> Batch:
    """Read and lay out the piece after that one. Takes long, the first time longest: call it in a thread."""
    from mimo_tui.tui.page.reading import BlockReader

    piece = first_piece(text) if piece is None else next_piece(text, piece)
    if piece is None:
        return Batch((), None)
    blocks = BlockReader().read(text[piece.start : piece.end], piece.line)
    return Batch(lay_all(blocks, width), piece)


def lay_all(blocks: Sequence[Block], width: int) -> list[Laid]:
    """Lay out blocks."""
    return [lay(block, width) for block in blocks]
