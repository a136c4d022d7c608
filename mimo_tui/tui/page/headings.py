"""Which heading a place of a page stands under."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping

from mimo_tui.tui.page.blocks import Kind
from mimo_tui.tui.page.layout import Laid


class Headings:
    """The headings of a page as they are read; `anchors` gives that of the heading on each line of the source."""

    def __init__(self, anchors: Mapping[int, str]) -> None:
        self._anchors = anchors
        self._indexes: list[int] = []
        self._found: list[str] = []
        self._by_anchor: dict[str, int] = {}

    def look(self, laid: Iterable[Laid], first: int) -> None:
        """Note the headings among blocks; `first` is the number of the first."""
        for index, one in enumerate(laid, first):
            if one.block.kind is Kind.HEADING and (anchor := self._anchors.get(one.block.line)):
                self._indexes.append(index)
                self._found.append(anchor)
                self._by_anchor.setdefault(anchor, index)

    def index(self, anchor: str) -> int | None:
        """Give the block of a heading, None: it was not read (yet)."""
        return self._by_anchor.get(anchor)

    def above(self, index: int) -> str:
        """Give the anchor of the heading that a block stands under; empty: none."""
        at = bisect_right(self._indexes, index) - 1
        return self._found[at] if at >= 0 else ""
