"""What happened last, in a few lines that lie over nothing: a sign, a sentence, and what to do."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from textual.content import Content
from textual.reactive import reactive

from mimo_tui.core.text import NOTHING, Clean
from mimo_tui.tui.widgets.finding_text import MUTED, hanging
from mimo_tui.tui.widgets.paragraph import Paragraph

Tone: TypeAlias = Literal["good", "warning", "error", "plain"]

_SIGNS: Final = MappingProxyType(
    {
        "good": ("✓ ", "$text-success"),
        "warning": ("! ", "$text-warning"),
        "error": ("✗ ", "$text-error"),
        "plain": ("· ", MUTED),
    }
)
_LINES: Final = 4
_LINES_OF_SHORT: Final = 2
_SHORT: Final = 24
"""Lines of a screen in which there is room for few lines of this."""


@dataclass(frozen=True, slots=True)
class News:
    """`says` is what happened; `does` what to do about it."""

    says: Clean = NOTHING
    tone: Tone = "plain"
    does: Clean = NOTHING


class NewsLine(Paragraph):
    """Shows the last news; nothing where there is none. Of a long one the end is left out."""

    DEFAULT_CSS = """
    NewsLine { padding: 0 1; }
    """

    news: reactive[News] = reactive(News())

    def on_mount(self) -> None:
        self.watch_news()

    def on_resize(self) -> None:
        self.watch_news()

    def watch_news(self) -> None:
        self.display = bool(self.news.says)
        if self.news.says:
            self._show()
            if not self.content_size.width:
                self.call_after_refresh(self._show)

    def _show(self) -> None:
        if width := self.content_size.width:
            most = _LINES if self.screen.size.height >= _SHORT else _LINES_OF_SHORT
            self.update(news_text(self.news, width, most))


def news_text(news: News, width: int, most: int = _LINES) -> Content:
    """Give it in at most so many lines of that width."""
    lines = _lines(news.says, news.tone, width)
    does = _arrow(news.does, width) if news.does else []
    room = most - len(does) if len(does) < most else most // 2
    shown = [*_cut(lines, room, width), *does]
    return Content("\n").join(_cut(shown, most, width))


def _lines(text: Clean, tone: Tone, width: int) -> list[Content]:
    sign, style = _SIGNS[tone]
    return hanging(Content.styled(sign, style), Content(text), width).split("\n")


def _arrow(text: Clean, width: int) -> list[Content]:
    return hanging(Content.styled("→ ", "$text-success"), Content(text), width).split("\n")


def _cut(lines: list[Content], most: int, width: int) -> list[Content]:
    if len(lines) <= most:
        return lines
    last = (lines[most - 1] + Content(" …")).truncate(width, ellipsis=True)
    return [*lines[: most - 1], last]
