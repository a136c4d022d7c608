"""Turns of which more comes, laid out in frames, and what takes long in threads, one thing after another."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic, perf_counter
from typing import TYPE_CHECKING, Final, TypeVar

from textual import work
from textual.reactive import reactive

from mimo_tui.tui.page.growing import GrowingMarkdown
from mimo_tui.tui.page.growing_blocks import refitted
from mimo_tui.tui.page.layout import Flow, Laid
from mimo_tui.tui.page.turn_lines import GROWING, Begun, Grown, Part, TurnLines, begun
from mimo_tui.tui.widgets.growing_lines import GrowingLines

if TYPE_CHECKING:
    from mimo_tui.tui.page.reading import BlockReader

Made = TypeVar("Made")

_FRAME: Final = 1 / 30
_UNSEEN_FRAME: Final = 0.2
_WORK: Final = 0.008
"""Seconds that a frame may take to lay out what came."""
_AT_ONCE: Final = 2_000
_LEAST_AT_ONCE: Final = 200
_MOST_AT_ONCE: Final = 8_000
SHORT: Final = 2_000
"""Characters that are laid out at once; more goes to a thread."""
_REST: Final = 0.3
"""Seconds without more of a text, after which it is laid out as a whole where that makes a difference."""


class StreamLines(GrowingLines):
    """Shows turns, and what comes of them."""

    chosen: reactive[int | None] = reactive(None, init=False)
    """The turn that is chosen, by its id."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 Textual's word
        super().__init__(id=id, classes=classes)
        self._turns: dict[int, TurnLines] = {}
        self._reader: BlockReader | None = None
        self._width = 0
        self._at_once = _AT_ONCE
        self._is_timed = self._is_working = self._is_held = self._rests = False
        self._painted_at = self._grown_at = self._took = 0.0

    @property
    def waits(self) -> bool:
        """Whether something was given that is not laid out yet."""
        return any(lines.waits or not lines.is_laid for lines in self._turns.values())

    @property
    def is_settled(self) -> bool:
        """Whether all that was given is laid out as it will stay."""
        return not self._is_working and all(
            grown.is_laid and grown.is_settled and not grown.waits
            for lines in self._turns.values()
            for grown in (lines.text, lines.reasoning)
        )

    # Frames.

    def _time_frame(self) -> None:
        if self._is_timed or self._is_held or not self.is_attached:
            return
        self._is_timed = True
        is_seen = self.screen.is_current and self.is_on_screen
        pause = max(_FRAME if is_seen else _UNSEEN_FRAME, 3 * self._took)
        self.set_timer(max(self._painted_at + pause - monotonic(), 0.001), self._frame)

    def _frame(self) -> None:
        """Lay out as much of what came as there is time for."""
        self._is_timed = False
        if self._reader is None or not self._width or self._is_held:
            self._work_on()
            return
        started, left = perf_counter(), self._at_once
        for lines in self._turns.values():
            if lines.waits and left > 0:
                left -= self._take(lines, left)
        self._took, self._painted_at = perf_counter() - started, monotonic()
        if self._took > _WORK:
            self._at_once = max(int(self._at_once * _WORK / self._took), _LEAST_AT_ONCE)
        elif left <= 0 and self._took < _WORK / 2:
            self._at_once = min(self._at_once * 2, _MOST_AT_ONCE)
        if left <= 0:
            self._time_frame()
        if not self._rests:
            self._rests = True
            self.set_timer(_REST, self._rest)

    def _take(self, lines: TurnLines, most: int) -> int:
        """Lay out what waits of a turn; gives how many characters that were."""
        used = 0
        if lines.reasoning.waits:
            used += self._take_part(lines, Part.REASONING, most)
            self._lay_fold(lines)
        if lines.text.waits and used < most:
            used += self._take_part(lines, Part.TEXT, most - used)
        return used

    def _take_part(self, lines: TurnLines, part: Part, most: int) -> int:
        grown = lines.grown(part)
        if part is Part.REASONING and lines.turn.folded:
            return grown.skip()
        if not grown.is_laid or (grown.growing is None and not self._begin(lines, part)):
            self._work_on()
            return 0
        growing, first, used = grown.grow(most)
        self._replace(lines, part, first, growing.laid[first:])
        if isinstance(growing, GrowingMarkdown) and growing.outgrown and not grown.waits:
            self._work_on()
        return used

    def _begin(self, lines: TurnLines, part: Part) -> bool:
        """Make a part ready to grow; False: there is so much of it that it needs a thread."""
        grown, reader = lines.grown(part), self._reader
        if reader is None or len(grown.taken) > SHORT:
            return False
        self._go_on(lines, part, grown, begun(lines.maker(part, self._width), reader, grown.taken))
        return True

    def _go_on(self, lines: TurnLines, part: Part, grown: Grown, how: Begun) -> None:
        if grown.begin(how):
            self._replace(lines, part, 0, how.growing.laid)

    def _rest(self) -> None:
        """Once nothing more comes, have the text laid out as a whole."""
        self._rests = False
        if monotonic() - self._grown_at < _REST * 0.9:
            self._rests = True
            self.set_timer(_REST, self._rest)
        else:
            self._colour_the_rest()
            self._work_on()

    # What takes long, one after another.

    def _work_on(self) -> None:
        if not self._is_working and self.is_attached:
            self._is_working = True
            self._work_off()

    @work(group="lay-out", exit_on_error=False)
    async def _work_off(self) -> None:
        try:
            while (task := self._next_task()) is not None:
                await task
        finally:
            self._is_working = self._is_held = False
        if self.waits:
            self._time_frame()

    def _next_task(self) -> Awaitable[None] | None:
        if self._reader is None:
            return self._import()
        if not self._width:
            return None
        if self._flow.width != self._width:
            return self._lay_anew()
        parts = [(lines, part) for lines in reversed(self._turns.values()) for part in reversed(GROWING)]
        for lines, part in parts:
            if not lines.grown(part).is_laid:
                return self._lay_out(lines, part)
        is_quiet = monotonic() - self._grown_at >= _REST * 0.9
        for lines, part in parts:
            grown = lines.grown(part)
            if grown.waits and grown.growing is None and not (part is Part.REASONING and lines.turn.folded):
                return self._begin_long(lines, part)
            if isinstance(grown.growing, GrowingMarkdown) and grown.growing.outgrown and not grown.waits:
                return self._widen(lines, grown.growing)
            if is_quiet and not grown.is_settled and not grown.waits:
                return self._settle(lines, part)
        return None

    async def _import(self) -> None:
        self._reader = await asyncio.to_thread(_new_reader)

    async def _lay_out(self, lines: TurnLines, part: Part) -> None:
        """Lay out a text that came as a whole."""
        grown, width = lines.grown(part), self._width
        laid = await _in_thread(lines.layer(part, width))
        if grown is lines.grown(part) and width == self._width and self._has(lines):
            self._lay_whole(lines, part, laid)
            self._lay_frame(lines)

    async def _begin_long(self, lines: TurnLines, part: Part) -> None:
        """Make a text ready to grow of which there is much already."""
        grown, width = lines.grown(part), self._width
        make, taken = lines.maker(part, width), grown.taken
        how = await _in_thread(lambda reader: begun(make, reader, taken))
        if grown is lines.grown(part) and width == self._width and self._has(lines):
            self._go_on(lines, part, grown, how)

    async def _widen(self, lines: TurnLines, growing: GrowingMarkdown) -> None:
        """Make the columns of a table wider which grows."""
        if (table := growing.outgrown) is None:
            return
        width, refitting = self._width, table.refitting()
        whole, fit = await _in_thread(lambda reader: refitted(refitting, reader, width))
        if lines.text.growing is growing and self._has(lines):
            first = growing.refit(table, refitting.blocks, whole, fit)
            if first is not None:
                self._replace(lines, Part.TEXT, first, growing.laid[first:])

    async def _settle(self, lines: TurnLines, part: Part) -> None:
        """Show a text as it stands when it is read as a whole."""
        grown, width, length = lines.grown(part), self._width, lines.grown(part).length
        if grown.is_rough:
            laid = await _in_thread(lines.layer(part, width))
            if grown is not lines.grown(part) or grown.length != length or width != self._width:
                return
            if not self._has(lines):
                return
            grown.growing = None
            self._replace(lines, part, 0, laid)
            self._colour_now()
        grown.is_settled = True

    async def _lay_anew(self) -> None:
        """Lay out everything at another width; what comes meanwhile waits."""
        self._is_held = True
        width, turns = self._width, list(self._turns.values())
        layers = [
            (lines, part, lines.grown(part), lines.layer(part, width)) for lines in turns for part in GROWING
        ]
        anew = await _in_thread(lambda reader: [layer(reader) for *_, layer in layers])
        self._is_held = False
        is_same = all(lines.grown(part) is grown for lines, part, grown, _ in layers)
        if width != self._width or list(self._turns.values()) != turns or not is_same:
            return
        place = None if self._follows else self._flow.place(round(self.scroll_y))
        for (lines, part, grown, _), laid in zip(layers, anew, strict=True):
            grown.growing, grown.is_laid, grown.is_settled = None, True, True
            lines.parts[part] = list(lines.fitting(part, 0, laid))
        flow = Flow(width)
        for lines in turns:
            lines.show_at(width, chosen=lines.turn.id == self.chosen)
            for laid in lines.parts:
                flow.add(laid)
        self._turn_to(flow, flow.y_of(place) if place else None)

    # Lines.

    def _has(self, lines: TurnLines) -> bool:
        return self._turns.get(lines.turn.id) is lines

    def _start(self, lines: TurnLines) -> int:
        """Give the first block of a turn."""
        at = len(self._flow.laid)
        for other in reversed(self._turns.values()):
            at -= other.count
            if other is lines:
                break
        return at

    def _replace(self, lines: TurnLines, part: Part, first: int, laid: Sequence[Laid]) -> None:
        """Put blocks in the place of those of a part from `first` on."""
        laid = lines.fitting(part, first, laid)
        start = self._start(lines) + lines.start(part) + first
        stop = start + len(lines.parts[part]) - first
        if laid or stop > start:
            lines.parts[part][first:] = laid
            self._splice(start, stop, laid)

    def _lay_whole(self, lines: TurnLines, part: Part, laid: Sequence[Laid]) -> None:
        lines.grown(part).is_laid = True
        self._replace(lines, part, 0, laid)

    def _lay_frame(self, lines: TurnLines) -> None:
        """Lay out all but the texts."""
        for part, laid in lines.laid_frame(self._width, chosen=lines.turn.id == self.chosen):
            self._replace(lines, part, 0, laid)

    def _lay_fold(self, lines: TurnLines) -> None:
        self._replace(lines, Part.FOLD, 0, lines.laid_fold(self._width))

    def on_mount(self) -> None:
        self._work_on()

    def on_resize(self) -> None:
        width = self.scrollable_content_region.width
        if width and width != self._width:
            self._width = width
            if not self._flow.laid:
                self._flow = Flow(width)
                for lines in self._turns.values():
                    self._lay_frame(lines)
            self._work_on()
        if self._follows:
            self._go(self.max_scroll_y)


async def _in_thread(work: "Callable[[BlockReader], Made]") -> "Made":
    return await asyncio.to_thread(lambda: work(_new_reader()))


def _new_reader() -> "BlockReader":
    from mimo_tui.tui.page.reading import BlockReader

    return BlockReader()
