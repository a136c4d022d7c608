"""Request and answer as they were: any length, with words found in it, and nothing of it read as anything."""

import asyncio

from textual import work

from mimo_tui.tui.page.layout import Flow
from mimo_tui.tui.page.raw import RawPart, lay_raw
from mimo_tui.tui.widgets.growing_lines import GrowingLines


class RawView(GrowingLines):
    """Shows parts below one another."""

    HELP = """\
## Request and answer

- `up`, `down`, `pageup`, `pagedown`, `space`, `home`, `end` scroll, and so does the wheel
- what the mouse selects, `ctrl+c` copies, with the breaks of lines undone
"""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 Textual's word
        super().__init__(id=id)
        self._parts: tuple[RawPart, ...] = ()
        self._width = 0
        self._starts: tuple[int, ...] = ()

    def show(self, parts: tuple[RawPart, ...]) -> None:
        """Show these, from the top."""
        self._parts = parts
        if self._width:
            self._fill(None)

    def go_to(self, number: int) -> None:
        """Bring the beginning of that part, from 0, to the top."""
        if number < len(self._starts):
            self._scroll(self._flow.y(self._starts[number]))

    def on_resize(self) -> None:
        width = self.scrollable_content_region.width
        if width and width != self._width:
            self._width = width
            self._fill(round(self.scroll_y) if self._flow.height else None)

    @work(exclusive=True, group="lay-out", exit_on_error=False)
    async def _fill(self, y: int | None) -> None:
        parts, width = self._parts, self._width
        laid = [await asyncio.to_thread(lay_raw, (part,), width) for part in parts]
        place = self._flow.place(y) if y is not None else None
        flow = Flow(width)
        starts: list[int] = []
        for each in laid:
            starts.append(len(flow.laid))
            flow.add(each)
        self._starts = tuple(starts)
        self._turn_to(flow, flow.y_of(place) if place is not None else 0)
        if self._words:
            self._look()
