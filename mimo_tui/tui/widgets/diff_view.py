"""A unified diff, each line with its sign."""

import re
from collections.abc import Sequence
from typing import Final

from textual.containers import VerticalScroll
from textual.content import Content
from textual.reactive import reactive

from mimo_tui.core.diff import DiffLine
from mimo_tui.tui.widgets.paragraph import Paragraph

_STYLES: Final = {"+": "$text-success", "-": "$text-error", "@": "dim"}


def diff_content(lines: Sequence[DiffLine]) -> Content:
    """Give the diff as coloured text; the signs say the same to someone who sees no colours."""
    shown = [
        Content.styled(
            line.text if line.mark == "@" else f"{line.mark} {line.text}", _STYLES.get(line.mark, "")
        )
        for line in lines
    ]
    return Content("\n").join(shown)


class DiffView(VerticalScroll, can_focus=True):
    """Shows a diff, and a sentence where nothing differs."""

    HELP = """\
## Diff

What the file loses (`-`) and gains (`+`). Every line that is not shown stays as it is, to the byte.
"""
    DEFAULT_CSS = """
    DiffView {
        scrollbar-size-vertical: 1;
        & > Paragraph { width: 1fr; }
    }
    """

    lines: reactive[tuple[DiffLine, ...]] = reactive(())

    def __init__(self, lines: tuple[DiffLine, ...] = (), *, id: str | None = None) -> None:  # noqa: A002 Textual's word
        super().__init__(Paragraph(), id=id)
        self.set_reactive(DiffView.lines, lines)

    def on_mount(self) -> None:
        self.watch_lines(self.lines)

    def on_resize(self) -> None:
        self._show_change()

    def watch_lines(self, lines: tuple[DiffLine, ...]) -> None:
        content = diff_content(lines) if lines else Content.styled("The file stays as it is.", "dim")
        self.query_one(Paragraph).update(content)
        self.call_after_refresh(self._show_change)

    def _show_change(self) -> None:
        """Begin at the top, or where there is little room, at the first change."""
        marks = "".join(line.mark for line in self.lines)
        change = re.search(r"-*\+*(?<=[-+])", marks)
        first, end = change.span() if change else (0, 0)
        self.scroll_to(y=first - 1 if end > self.size.height else 0, animate=False)
