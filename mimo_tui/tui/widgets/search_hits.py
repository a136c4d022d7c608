"""What a search found: page and heading, and the words in their place. Drawn line by line, as `Table` is."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Final

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content, Span
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from mimo_tui.core.text import NOTHING, Clean, clean

_LINES: Final = 3
_GUTTER: Final = 2
_MARK: Final = "bold underline"


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A hit as it is shown. `marks` are (start, end) in `excerpt`; `language` is said where it is another one."""

    page: Clean
    heading: Clean
    excerpt: Clean
    marks: tuple[tuple[int, int], ...]
    language: Clean = NOTHING


class SearchHits(ScrollView, can_focus=True, inherit_bindings=False):
    """Hits, three lines each, with one under the cursor."""

    HELP = """\
## Hits

`up` and `down` move, `enter` or a click opens the page there, where `n` and `N` go on to the next place.
"""
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Open", id="hits.open", tooltip="Open the page at this place"),
        Binding("up", "move(-1)", "Up", id="hits.up", tooltip="To the hit above", show=False),
        Binding("down", "move(1)", "Down", id="hits.down", tooltip="To the hit below", show=False),
        Binding("pageup", "page(-1)", "Page up", id="hits.page-up", tooltip="A page up", show=False),
        Binding("pagedown", "page(1)", "Page down", id="hits.page-down", tooltip="A page down", show=False),
        Binding("home", "to(0)", "First", id="hits.first", tooltip="To the first hit", show=False),
        Binding("end", "to(-1)", "Last", id="hits.last", tooltip="To the last hit", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"search-hits--cursor", "search-hits--empty"}
    DEFAULT_CSS = """
    SearchHits {
        color: $foreground;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
        & > .search-hits--empty { color: $text-muted; }
        & > .search-hits--cursor {
            background: $block-cursor-blurred-background; color: $block-cursor-blurred-foreground;
        }
        &:focus > .search-hits--cursor {
            background: $block-cursor-background; color: $block-cursor-foreground;
        }
    }
    """

    hits: reactive[tuple[FoundLine, ...]] = reactive((), always_update=True)
    cursor: reactive[int] = reactive(0)
    empty: reactive[str] = reactive("")

    @dataclass
    class Opened(Message):
        """The hit of that number was opened."""

        number: int

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 Textual's word
        super().__init__(id=id)
        self._wrapped: dict[int, tuple[Content, ...]] = {}
        self._wrapped_to = 0

    def validate_cursor(self, cursor: int) -> int:
        return max(0, min(cursor, len(self.hits) - 1))

    def watch_hits(self, before: tuple[FoundLine, ...], hits: tuple[FoundLine, ...]) -> None:
        self._wrapped.clear()
        self.virtual_size = Size(0, len(hits) * _LINES)
        self.cursor = 0
        self.scroll_to(y=0, animate=False, force=True)
        # The footer is built anew then, which takes longer than all the rest.
        if self.has_focus and bool(before) != bool(hits):
            self.refresh_bindings()

    def watch_cursor(self, cursor: int) -> None:
        height, top = self.size.height, cursor * _LINES
        if height:
            shown = min(max(round(self.scroll_y), top + _LINES - height), top)
            self.scroll_to(y=max(shown, 0), animate=False, force=True)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 Textual's
        """Nothing can be opened where nothing was found."""
        return action != "select" or bool(self.hits)

    def action_move(self, by: int) -> None:
        self.cursor += by

    def action_page(self, by: int) -> None:
        self.cursor += by * max(self.size.height // _LINES, 1)

    def action_to(self, index: int) -> None:
        self.cursor = index % max(len(self.hits), 1)

    def action_select(self) -> None:
        if self.hits:
            self.post_message(self.Opened(self.cursor))

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None or event.button != 1:
            return
        index = (offset.y + round(self.scroll_y)) // _LINES
        if index < len(self.hits):
            self.cursor = index
            self.action_select()

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        index, line = divmod(y + round(self.scroll_y), _LINES)
        if not self.hits:
            return self._draw_empty(y, width)
        if index >= len(self.hits):
            return Strip.blank(width, self.visual_style.rich_style)
        here = index == self.cursor
        style = self.get_visual_style(*(("search-hits--cursor",) if here else ()))
        texts = self._texts(index, max(width - _GUTTER, 8))
        text = texts[line] if line < len(texts) else Content("")
        gutter = "› " if here and line == 0 else "  "
        segments = [Segment(gutter, style.rich_style), *text.render_segments(style)]
        return Strip(segments).adjust_cell_length(width, style.rich_style)

    def _texts(self, index: int, width: int) -> tuple[Content, ...]:
        if width != self._wrapped_to:
            self._wrapped_to = width
            self._wrapped.clear()
        if index not in self._wrapped:
            self._wrapped[index] = tuple(_lines(self.hits[index], width))
        return self._wrapped[index]

    def _draw_empty(self, y: int, width: int) -> Strip:
        style = self.get_visual_style("search-hits--empty").rich_style
        lines = Content(clean(self.empty)).wrap(max(width - 2, 1))
        text = f" {lines[y - 1].plain.strip()}" if 0 <= y - 1 < len(lines) else ""
        return Strip([Segment(text, style)]).adjust_cell_length(width, style)


def _lines(hit: FoundLine, width: int) -> Iterator[Content]:
    title = Content.assemble((hit.page, "bold"), f" › {hit.heading}" if hit.heading else "")
    if hit.language:
        title = Content.assemble(f"{hit.language} ", title)
    yield title.truncate(width, ellipsis=True)
    wrapped = _around_first(hit, width).wrap(width)
    yield from wrapped[: _LINES - 2]
    if len(wrapped) > _LINES - 2:
        rest = wrapped[_LINES - 2]
        yield rest.truncate(width - 2) + Content(" …") if len(wrapped) >= _LINES else rest


def _around_first(hit: FoundLine, width: int) -> Content:
    """Give the excerpt from where its first word is in sight."""
    excerpt = Content(hit.excerpt, spans=[Span(start, end, _MARK) for start, end in hit.marks])
    first = hit.marks[0][0] if hit.marks else 0
    if first < width:
        return excerpt
    begin = first - width // 2
    blank = hit.excerpt.find(" ", begin, first)
    return Content("…") + excerpt[blank + 1 if blank >= 0 else begin :]
