"""Lines of which some are replaced again and again: only what changed is painted, and the end stays in sight."""

from collections.abc import Sequence
from time import monotonic
from typing import Final

from textual.geometry import Region, Size
from textual.selection import Selection
from textual.widget import Widget

from mimo_tui.core.text import NOTHING, Clean
from mimo_tui.tui.page.blocks import Block, Kind
from mimo_tui.tui.page.colours import can_colour
from mimo_tui.tui.page.finding import Found, Hits
from mimo_tui.tui.page.layout import Flow, Laid
from mimo_tui.tui.widgets.page_lines import PageLines

_COLOURS_AFTER: Final = 0.6
"""Seconds between two colourings of code that grows."""


class GrowingLines(PageLines):
    """Shows a flow that changes. It follows the end until somebody scrolls up, and again once they are there."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 Textual's word
        super().__init__(id=id, classes=classes)
        self._follows = True
        self._words = ""
        self._code: dict[int, Block] = {}  # what was given to be coloured
        self._code_at: dict[int, float] = {}
        self._is_pale = False

    def find(self, words: str) -> int:
        """Mark where any of the words stands, and go to the first place from here on; gives how many there are."""
        self._words = words
        self._look()
        here = self._flow.place(round(self.scroll_y))
        self._reach(self._hits.first_from(Found(here.block, here.offset)))
        return len(self._hits.found)

    def step_found(self, by: int) -> None:
        """Go to the next hit (1) or the one before (-1), round at the ends."""
        at = self._hits.here
        self._look()
        if at is not None:
            self._hits.first_from(at)
        self._reach(self._hits.step(by))

    def _look(self) -> None:
        self._hits = Hits(self._words)
        self._hits.look(self._flow.laid, 0)

    def _reach(self, hit: Found | None) -> None:
        if hit is not None:
            y = self._flow.y(hit.block, self._flow.laid[hit.block].line_at(hit.start))
            if not self._is_in_sight(y):
                self._scroll(max(y - self.size.height // 3, 0))
        self._repaint()

    def _is_in_sight(self, y: int) -> bool:
        top = round(self.scroll_y)
        return top <= y < top + self.size.height

    # What changes.

    def _turn_to(self, flow: Flow, y: int | None) -> None:
        """Show other lines, from there on; None: their end."""
        self._flow = flow
        self._forget_colours()
        self._clear_selection()
        self._follows = y is None
        self._fit_height()
        self._go(self.max_scroll_y if y is None else y)
        self._repaint()

    def _splice(self, start: int, stop: int, laid: Sequence[Laid]) -> None:
        """Put blocks in the place of others, and have painted what changed. Who reads further up sees nothing move."""
        flow, top = self._flow, round(self.scroll_y)
        old, height, is_inside = flow.laid[start:stop], flow.height, stop < len(flow.laid)
        is_above = is_inside and flow.top(stop) <= top
        same = _same_lines(old[0], laid[0]) if old and laid else 0
        changed = flow.y(start, same) if same else flow.top(start)
        flow.replace(start, stop, laid)
        if is_inside and len(old) != len(laid):
            self._move_colours(start + len(laid), stop)
            self._clear_selection_from(changed)
        for y in [y for y in self._strips.keys() if y >= changed]:  # noqa: SIM118 it is no mapping
            self._strips.discard(y)
        self._fit_height()
        if self._follows and self.text_selection is None:
            self._go(self.max_scroll_y)
        elif is_above:
            self._go(top + flow.height - height)
        first = max(changed - round(self.scroll_y), 0)
        if first < self.size.height:
            self.refresh(Region(0, first, self.size.width, self.size.height - first))

    def _fit_height(self) -> None:
        """Tell how high it is. The screen is laid out again only where a scroll bar comes or goes."""
        size = Size(0, self._flow.height)
        if size == self.virtual_size:
            return
        if (size.height > self.container_size.height) != self.show_vertical_scrollbar:
            self.virtual_size = size
            return
        self.set_reactive(Widget.virtual_size, size)
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.window_virtual_size = size.height
        if self.scroll_y > self.max_scroll_y:
            self._go(self.max_scroll_y)

    def _go(self, y: int) -> None:
        if y != self.scroll_y:
            self.scroll_to(y=y, animate=False, force=True)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._follows = round(new_value) >= self.max_scroll_y

    # Colours of code.

    def _coloured(self, index: int, block: Block) -> Sequence[int] | None:
        """Give the colours of code; while it grows, those of what there was before, and not for each frame anew."""
        if not can_colour(block.language, len(block.text.plain)):
            return None
        known = self._code.get(index)
        goes_on = known is not None and block.text.plain.startswith(known.text.plain)
        colours = self._colours.get(index) if goes_on else None
        if known is block:
            return colours
        now = monotonic()
        if now >= self._code_at.get(index, 0.0) + _COLOURS_AFTER:
            self._code_at[index], self._code[index] = now, block
            self._ask_for_colours(index, block)
        else:
            self._is_pale = True
        return colours

    def _code_before(self, index: int) -> Clean:
        """Give the code that a block continues: a string may have begun in it."""
        laid = self._flow.laid
        if not 0 < index < len(laid) or laid[index].block.place.gap is not None:
            return NOTHING
        before = laid[index - 1].block
        return before.text.plain if before.kind is Kind.FENCE else NOTHING

    def _forget_colours(self) -> None:
        self._colours.clear()
        self._uncoloured.clear()
        self._code.clear()
        self._code_at.clear()

    def _move_colours(self, end: int, stop: int) -> None:
        """Keep the colours of blocks that have another number now: those from `stop` on begin at `end`."""

        def moved(index: int) -> int | None:
            return index + end - stop if index >= stop else index if index < end else None

        coloured = list(self._colours.keys())
        colours = {at: self._colours.get(index) for index in coloured if (at := moved(index)) is not None}
        self._colours.clear()
        for index, marks in colours.items():
            if marks is not None:
                self._colours[index] = marks
        for known in (self._code, self._uncoloured):
            kept = {at: block for index, block in known.items() if (at := moved(index)) is not None}
            known.clear()
            known.update(kept)
        self._code_at = {
            at: when for index, when in self._code_at.items() if (at := moved(index)) is not None
        }

    def _colour_the_rest(self) -> None:
        """Have code coloured now whose last lines have no colours yet."""
        if self._is_pale:
            self._colour_now()

    def _colour_now(self) -> None:
        self._is_pale = False
        self._code_at.clear()
        self._repaint()

    # Selection: while there is one, nothing moves away from under it.

    def selection_updated(self, selection: Selection | None) -> None:
        super().selection_updated(selection)
        if selection is None and self._follows:
            self._go(self.max_scroll_y)

    def _clear_selection(self) -> None:
        if self.is_attached and self.text_selection is not None:
            self.screen.clear_selection()

    def _clear_selection_from(self, y: int) -> None:
        selection = self.text_selection
        if selection is not None and (selection.end is None or selection.end.y >= y):
            self.screen.clear_selection()


def _same_lines(old: Laid, new: Laid) -> int:
    """Give how many lines at the beginning of a block are as they were before it grew."""
    before, after = old.block, new.block
    count = min(old.height, new.height) - 1
    marks, links = len(before.text.marks), len(before.text.links)
    is_same = (
        count > 0
        and old.drawn is None
        and new.drawn is None
        and (before.kind, before.place, before.level, before.language)
        == (after.kind, after.place, after.level, after.language)
        and after.text.plain.startswith(before.text.plain)
        and after.text.marks[:marks] == before.text.marks
        and after.text.links[:links] == before.text.links
        and new.lines[: 2 * count] == old.lines[: 2 * count]
    )
    return count if is_same else 0
