"""The file as it will be, each new line with a sign. To look at, not to type in."""

import re
from typing import Final

from textual.containers import VerticalScroll
from textual.content import Content, Span
from textual.reactive import reactive

from mimo_tui.core.text import Clean
from mimo_tui.tui.widgets.paragraph import Paragraph

# A tree-sitter JSON text area crashes the process (`textual.md` C1), and pygments costs more than a keystroke may.
_TOKEN: Final = re.compile(
    r'(?P<name>"(?:[^"\\]|\\.)*")(?=\s*:)|(?P<text>"(?:[^"\\]|\\.)*")|(?P<number>-?\d[\d.eE+-]*)|(?P<word>true|false|null)'
)
_STYLES: Final = {
    "name": "$text-primary",
    "text": "$text-success",
    "number": "$text-warning",
    "word": "$text-accent",
}


class JsonPane(VerticalScroll, can_focus=True):
    """Shows lines of JSON; those that are not in `before` carry a `+`."""

    HELP = """\
## The file

As it will be saved. `+` marks a line that the file does not have yet; every other line stays, to the byte.
"""
    DEFAULT_CSS = """
    JsonPane {
        scrollbar-size-vertical: 1;
        & > Paragraph { width: 1fr; }
    }
    """

    lines: reactive[tuple[Clean, ...]] = reactive(())

    def __init__(self, before: tuple[Clean, ...], *, id: str | None = None) -> None:  # noqa: A002 Textual's word
        super().__init__(Paragraph(), id=id)
        self._before = frozenset(before)

    def watch_lines(self, before: tuple[Clean, ...], lines: tuple[Clean, ...]) -> None:
        shown = [self._line(line) for line in lines]
        self.query_one(Paragraph).update(Content("\n").join(shown))
        changed = next(
            (at for at, pair in enumerate(zip(before, lines, strict=False)) if pair[0] != pair[1]), 0
        )
        if before:
            self.call_after_refresh(self._show_line, shown[:changed])

    def _show_line(self, above: list[Content]) -> None:
        """Bring the line into sight that stands under those; long ones are wrapped."""
        width, height = self.scrollable_content_region.size
        if width and height:
            top = sum(len(line.wrap(width)) for line in above)
            if not self.scroll_y <= top < self.scroll_y + height:
                self.scroll_to(y=max(top - height // 3, 0), animate=False)

    def _line(self, line: Clean) -> Content:
        sign, style = ("  ", "") if line in self._before else ("+ ", "$text-success bold")
        return Content.assemble((sign, style), highlighted(line))


def highlighted(line: Clean) -> Content:
    """Give one line of JSON in colours."""
    spans = [
        Span(match.start(), match.end(), _STYLES[str(match.lastgroup)]) for match in _TOKEN.finditer(line)
    ]
    return Content(line, spans=spans)
