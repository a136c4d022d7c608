"""A page of markdown: 2 MB open as fast as a line, where a widget a block takes minutes (`textual.md` §C4).

What is read and wrapped in a thread comes in small pieces; the first is on the screen before the next is read.
"""

import asyncio
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Final

from textual import work
from textual.geometry import Size
from textual.message import Message

from mimo_tui.core.text import NOTHING
from mimo_tui.tui.page.finding import Found, Hits
from mimo_tui.tui.page.layout import Flow, Reached
from mimo_tui.tui.page.opened import Opened, lay_all, read_on
from mimo_tui.tui.widgets.page_lines import PageLines

if TYPE_CHECKING:
    from mimo_tui.core.docs.page import Markdown

_AT_ONCE: Final = 500
"""Blocks that are wrapped anew in one go."""
_LOOKED_AT_ONCE: Final = 1000
"""Blocks in which words are looked for in one go, which takes less than 5 ms."""
_GROW_AFTER: Final = 0.1
"""Seconds between two changes of the scroll bar while more is read: each lays out the screen."""
_WAIT_FOR_PLACE: Final = 0.15
"""Seconds for which what was shown stays, where the place to go to comes late in a page."""


class PageView(PageLines):
    """Shows the page that `show` gives it, while it is read and when the width changes."""

    HELP = """\
## Page

- `up`, `down`, `pageup`, `pagedown`, `space`, `home`, `end` scroll, and so does the wheel
- `tab` and `shift+tab` choose a link that is in sight, `enter` or a click follows it
- what the mouse selects, `ctrl+c` copies, with the breaks of lines undone
"""

    @dataclass
    class Ready(Message):
        """All of the page is laid out."""

    @dataclass
    class HeadingChanged(Message):
        """The top of the screen stands under another heading; an empty anchor: above the first."""

        anchor: str

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 Textual's word
        super().__init__(id=id, classes=classes)
        self._page = Opened(NOTHING, {})
        self._page.is_told = True
        self._shown = self._page  # what the lines are of, until those of the page are there
        self._width = 0
        self._looked = 0
        self._looks = False
        self._kept_hit: Found | None = None  # the one gone to, while it is looked for at another width
        self._words = ""
        self._goal: str | None = None  # the anchor to go to once it is read
        self._wants_hit = False
        self._heading = ""
        self._grown_at = 0.0

    @property
    def heading(self) -> str:
        """The anchor of the heading that the top of the screen stands under; empty: none."""
        return self._heading

    @property
    def hits(self) -> tuple[int, int]:
        """The number of the hit gone to last, from 1 (0: none), and how many there are in what was read."""
        at = self._hits.at
        return 0 if at is None else at + 1, len(self._hits.found)

    def show(self, markdown: "Markdown", *, anchor: str = "", find: str = "") -> None:
        """Show a page from its top, from a heading, or with its first hit in sight; what was there stays until then."""
        self._words, self._goal, self._wants_hit = find, anchor or None, bool(find.split())
        self._page = Opened(markdown.text, {heading.line: heading.anchor for heading in markdown.headings})
        if self._width:
            self._fill(self._page, self._width, None)

    def show_more(self, markdown: "Markdown") -> None:
        """Show a page of which what is shown now is the beginning; nothing moves."""
        place = self._flow.place(round(self.scroll_y)) if self._flow.height else None
        self._page = Opened(markdown.text, {heading.line: heading.anchor for heading in markdown.headings})
        if self._width:
            self._fill(self._page, self._width, place)

    def go_to(self, anchor: str) -> bool:
        """Bring a heading to the top, now or when it is read; empty: the top. False: the page has none such."""
        self._goal, self._wants_hit = anchor or None, False
        if not anchor:
            self._scroll(0)
        self._reach_goal()
        return self._goal is None or not self._page.is_read

    def find(self, words: str) -> int:
        """Mark where any of the words stands, and go to the first place from here on.

        Gives how many there are; in a very long page it is looked on afterwards, and `hits` tells.
        """
        self._words, self._wants_hit = words, True
        self._hits, self._looked, self._kept_hit = Hits(words), 0, None
        self._look()
        self._reach_goal()
        self._repaint()
        return len(self._hits.found)

    def unmark(self) -> None:
        """Mark no words any more; nothing moves."""
        self._words, self._wants_hit = "", False
        self._hits, self._kept_hit = Hits(""), None
        self._repaint()

    def next_found(self) -> None:
        """Go to the next hit, after the last to the first."""
        self._reach(self._hits.step(1))

    def previous_found(self) -> None:
        """Go to the hit before, from the first to the last."""
        self._reach(self._hits.step(-1))

    def on_resize(self) -> None:
        width = self.scrollable_content_region.width
        if width and width != self._width:
            self._width = width
            kept = self._shown is self._page and self._flow.height > 0
            self._fill(self._page, width, self._flow.place(round(self.scroll_y)) if kept else None)

    def on_mouse_scroll_down(self) -> None:
        self._stay()

    def on_mouse_scroll_up(self) -> None:
        self._stay()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._tell_heading()

    def _scroll(self, y: int) -> None:
        self._stay()
        super()._scroll(y)

    def _stay(self) -> None:
        """Who scrolls while a page is read is not taken elsewhere."""
        self._goal, self._wants_hit = None, False

    @work(exclusive=True, group="page", exit_on_error=False)
    async def _fill(self, page: Opened, width: int, place: Reached | None) -> None:
        """Lay out what was read of a page, and read the rest; `place` is to stand at the top."""
        flow, until = Flow(width), monotonic() + _WAIT_FOR_PLACE
        for at in range(0, len(page.blocks), _AT_ONCE):
            flow.add(await asyncio.to_thread(lay_all, page.blocks[at : at + _AT_ONCE], width))
            self._grow(page, flow, place, patient=True)
        while not page.is_read:
            flow.add(page.take(await asyncio.to_thread(read_on, page.text, page.progress, width)))
            self._grow(page, flow, place, patient=monotonic() < until)
        self._grow(page, flow, place, patient=False)
        self._goal = None
        self._reach_goal()
        if not page.is_told:
            page.is_told = True
            self.post_message(self.Ready())

    def _grow(self, page: Opened, flow: Flow, place: Reached | None, *, patient: bool) -> None:
        """Show what was laid out: the first time when the place to go to is there, or patience is at an end."""
        if flow is not self._flow:
            if patient and not self._is_enough(page, flow, place):
                return
            self._turn_to(page, flow, place)
        elif not self._is_filled or page.is_read or monotonic() > self._grown_at + _GROW_AFTER:
            self._grown_at = monotonic()
            self.virtual_size = Size(0, flow.height)
        self._look()
        self._reach_goal()

    def _is_enough(self, page: Opened, flow: Flow, place: Reached | None) -> bool:
        index = place.block if place else page.headings.index(self._goal) if self._goal else 0
        if index is None or index >= len(flow.laid):
            return False
        return flow.height >= flow.y(index) + self.size.height

    @property
    def _is_filled(self) -> bool:
        return self.virtual_size.height >= round(self.scroll_y) + self.size.height

    def _turn_to(self, page: Opened, flow: Flow, place: Reached | None) -> None:
        """Show another flow: of the same page at another width, or of another page."""
        self._kept_hit = self._hits.here if place is not None else None
        self._shown, self._flow, self._hits, self._looked = page, flow, Hits(self._words), 0
        if place is None:
            self._chosen = None
            self._colours.clear()
            self._uncoloured.clear()
        if self.text_selection is not None:
            self.screen.clear_selection()
        self.virtual_size = Size(0, flow.height)
        self.scroll_to(y=flow.y_of(place) if place else 0, animate=False, force=True)
        self._tell_heading()
        self._repaint()

    def _look(self) -> None:
        """Look for the words in what was not looked in yet, a part of it now and the rest a moment later."""
        more = self._flow.laid[self._looked : self._looked + _LOOKED_AT_ONCE]
        self._hits.look(more, self._looked)
        self._looked += len(more)
        if self._kept_hit is not None and self._kept_hit.block < self._looked:
            self._hits.first_from(self._kept_hit)
            self._kept_hit = None
        if self._looked < len(self._flow.laid) and not self._looks:
            self._looks = True
            self.call_later(self._look_on)

    def _look_on(self) -> None:
        self._looks = False
        self._look()
        self._reach_goal()

    def _reach_goal(self) -> None:
        """Go where `show` or `go_to` wanted to go, if all that is read by now."""
        if self._shown is not self._page:
            return
        if self._goal is not None:
            index = self._page.headings.index(self._goal)
            if index is None or index >= len(self._flow.laid):
                return
            y = self._flow.y(index)
            if not self._page.is_read and self._flow.height < y + self.size.height:
                return
            wants_hit = self._wants_hit
            self.virtual_size = Size(0, self._flow.height)
            self._scroll(y)
            self._wants_hit = wants_hit
        if self._wants_hit:
            here = self._flow.place(round(self.scroll_y))
            looked_all = self._page.is_read and self._looked == len(self._flow.laid)
            if looked_all or self._hits.found[-1:] >= [Found(here.block, here.offset)]:
                self._wants_hit = False
                self._reach(self._hits.first_from(Found(here.block, here.offset)))

    def _reach(self, hit: Found | None) -> None:
        """Bring a hit into sight, with lines above it that say what it is about."""
        if hit is not None:
            laid = self._flow.laid[hit.block]
            y, top = self._flow.y(hit.block, laid.line_at(hit.start)), round(self.scroll_y)
            if not top <= y < top + self.size.height:
                self._scroll(max(y - self.size.height // 3, 0))
        self._repaint()

    def _tell_heading(self) -> None:
        height = self._flow.height
        anchor = ""
        if height:
            spot = self._flow.spot(min(round(self.scroll_y), height - 1))
            anchor = self._shown.headings.above(spot.block)
        if anchor != self._heading:
            self._heading = anchor
            self.post_message(self.HeadingChanged(anchor))
