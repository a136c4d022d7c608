"""The lines of a text that was laid out: painted when they come into sight, with links, selection and marked words."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import ClassVar, Final

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual import events, work
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.cache import LRUCache
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip
from textual.style import Style
from textual.worker import Worker

from mimo_tui.core.text import NOTHING, Clean
from mimo_tui.tui.failures import tell_failure
from mimo_tui.tui.page import blocks
from mimo_tui.tui.page.blocks import Block, Kind, Run
from mimo_tui.tui.page.colours import can_colour, colour_on
from mimo_tui.tui.page.finding import Hits
from mimo_tui.tui.page.layout import Flow
from mimo_tui.tui.page.painting import LinkAt, link_at, links_between, merged, painted, ruled, shown

_STRIPS: Final = 512
_COLOURED: Final = 128

_PARTS: Final = (
    (blocks.STRONG, "strong"),
    (blocks.EMPHASIS, "emphasis"),
    (blocks.STRIKE, "strike"),
    (blocks.CODE, "code"),
    (blocks.MUTED, "muted"),
    (blocks.COMMENT, "comment"),
    (blocks.KEYWORD, "keyword"),
    (blocks.STRING, "string"),
    (blocks.NUMBER, "number"),
    (blocks.NAME, "name"),
    (blocks.WARNING, "warning"),
    (blocks.ERROR, "error"),
    (blocks.SUCCESS, "success"),
    (blocks.LINK, "link"),
    (blocks.FOUND, "found"),
    (blocks.HERE, "here"),
)
_WHOLE: Final = ("heading-1", "heading-2", "heading-3", "fence")


class PageLines(ScrollView, can_focus=True, inherit_bindings=False):
    """Shows a flow. What it holds is text: it is never read as markup of Textual's."""

    HELP = """\
## Page

`up`, `down`, `pageup`, `pagedown`, `home` and `end` scroll. `tab` chooses the next link in sight, `enter` follows it;
a click does both. Text is selected with the mouse, and copied with `ctrl+c`.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "follow", "Follow", id="page.follow", tooltip="Follow the link that is chosen"),
        Binding("up", "move(-1)", "Up", id="page.up", tooltip="A line up", show=False),
        Binding("down", "move(1)", "Down", id="page.down", tooltip="A line down", show=False),
        Binding("pageup", "page(-1)", "Page up", id="page.page-up", tooltip="A page up", show=False),
        Binding(
            "pagedown,space", "page(1)", "Page down", id="page.page-down", tooltip="A page down", show=False
        ),
        Binding("home", "edge(0)", "Top", id="page.home", tooltip="To the beginning of the page", show=False),
        Binding("end", "edge(1)", "Bottom", id="page.end", tooltip="To the end of the page", show=False),
        Binding("tab", "link(1)", "Next link", id="page.next-link", tooltip="To the next link", show=False),
        Binding(
            "shift+tab",
            "link(-1)",
            "Link before",
            id="page.previous-link",
            tooltip="To the link before",
            show=False,
        ),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"page--{part}" for part in (*_WHOLE, *(name for _, name in _PARTS))
    }
    DEFAULT_CSS = """
    PageLines {
        color: $foreground;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
        & > .page--heading-1 { color: $text-primary; text-style: bold underline; }
        & > .page--heading-2 { color: $text-primary; text-style: bold; }
        & > .page--heading-3 { color: $text-secondary; text-style: bold; }
        & > .page--fence { background: $surface; }
        & > .page--strong, & > .page--found { text-style: bold; }
        & > .page--emphasis { text-style: italic; }
        & > .page--strike { text-style: strike; }
        & > .page--code, & > .page--keyword { color: $text-accent; }
        & > .page--muted { color: $text-muted; }
        & > .page--comment { color: $text-muted; text-style: italic; }
        & > .page--string { color: $text-success; }
        & > .page--number { color: $text-warning; }
        & > .page--name { color: $text-primary; }
        & > .page--warning { color: $text-warning; }
        & > .page--error { color: $text-error; }
        & > .page--success { color: $text-success; }
        & > .page--link { color: $text-primary; text-style: underline; }
        & > .page--here { text-style: bold underline; }
        &:ansi > .page--muted, &:ansi > .page--comment { text-style: dim; }
    }
    """

    @dataclass
    class LinkClicked(Message):
        """A link is to be followed; `href` as the page has it."""

        href: str

    @dataclass
    class LinkChosen(Message):
        """Another link is under the cursor of the keys; empty: none."""

        href: str

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 Textual's word
        super().__init__(id=id, classes=classes)
        self._flow = Flow(0)
        self._hits = Hits()
        self._chosen: LinkAt | None = None
        self._strips: LRUCache[int, Strip] = LRUCache(_STRIPS)
        self._styles: dict[tuple[Kind, int, int], RichStyle] = {}
        self._colours: LRUCache[int, Sequence[int]] = LRUCache(_COLOURED)
        self._uncoloured: dict[int, Block] = {}

    # What is painted.

    def render_line(self, y: int) -> Strip:
        y += round(self.scroll_y)
        width = self.scrollable_content_region.width
        if y >= self._flow.height:
            return Strip.blank(width, self.visual_style.rich_style)
        if (strip := self._strips.get(y)) is None or strip.cell_length != width:
            self._strips.discard(y)
            strip = self._strips[y] = self._draw(y, width)
        return strip

    def _draw(self, y: int, width: int) -> Strip:
        flow, spot = self._flow, self._flow.spot(y)
        block = flow.laid[spot.block].block
        text = shown(flow, spot)
        colours = self._coloured(spot.block, block) if block.kind is Kind.FENCE else None
        layers = chain(painted(flow, spot, self._hits, self._chosen, colours), self._selected(y, len(text)))
        kind = block.kind if spot.line >= 0 else Kind.PARAGRAPH
        segments = [
            Segment(part, self._style(kind, block.level, mark))
            for part, mark in ruled(flow, spot, merged(len(text), layers), text)
        ]
        # The blanks behind it are no text, so they get no place in it.
        line = Strip(segments).apply_offsets(0, y)
        return line.adjust_cell_length(width, self._style(kind, block.level, 0))

    def _selected(self, y: int, length: int) -> Iterator[Run]:
        if (selection := self.text_selection) is not None and (span := selection.get_span(y)) is not None:
            start, end = span
            yield Run(start, length if end < 0 else min(end, length), blocks.SELECTED)

    def _style(self, kind: Kind, level: int, mark: int) -> RichStyle:
        key = (kind, level, mark)
        if (style := self._styles.get(key)) is None:
            parts = [name for bit, name in _PARTS if mark & bit]
            if kind is Kind.HEADING:
                parts.insert(0, f"heading-{min(level, 3)}")
            elif kind is Kind.FENCE:
                parts.insert(0, "fence")
            made = self.get_visual_style(*(f"page--{part}" for part in parts))
            if mark & (blocks.FOUND | blocks.HERE):
                made += Style(reverse=True)
            if mark & blocks.SELECTED:
                made += self.screen.get_visual_style("screen--selection", partial=True)
            style = self._styles[key] = made.rich_style
        return style

    def _coloured(self, index: int, block: Block) -> Sequence[int] | None:
        """Give the colours of code; until they are there, it is shown without them."""
        if not can_colour(block.language, len(block.text.plain)):
            return None
        if (colours := self._colours.get(index)) is None:
            self._ask_for_colours(index, block)
        return colours

    def _ask_for_colours(self, index: int, block: Block) -> None:
        if not self._uncoloured:
            self.call_later(self._colour)
        self._uncoloured[index] = block

    @work(exclusive=True, group="colours", exit_on_error=False)
    async def _colour(self) -> None:
        while self._uncoloured:
            index, block = next(iter(self._uncoloured.items()))
            before = self._code_before(index)
            colours = await asyncio.to_thread(colour_on, before, block.text.plain, block.language)
            if self._uncoloured.get(index) is block:
                del self._uncoloured[index]
                self._colours.discard(index)  # setting does not change what is there already
                self._colours[index] = colours
                self._repaint_block(index)

    def _code_before(self, index: int) -> Clean:  # noqa: ARG002 - for who shows code in several blocks
        """Give the code that the code of a block continues."""
        return NOTHING

    def _repaint_block(self, index: int) -> None:
        top, end = self._flow.top(index), self._flow.top(index + 1)
        for y in [y for y in self._strips.keys() if top <= y < end]:  # noqa: SIM118 it is no mapping
            self._strips.discard(y)
        first = max(top - round(self.scroll_y), 0)
        last = min(end - round(self.scroll_y), self.size.height)
        if first < last:
            self.refresh(Region(0, first, self.size.width, last - first))

    def _repaint(self) -> None:
        self._strips.clear()
        self.refresh()

    def notify_style_update(self) -> None:
        self._styles.clear()
        self._strips.clear()
        super().notify_style_update()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        tell_failure(self.app, event)

    # Selection.

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Give what is selected as it was written, the breaks of lines undone."""
        start, end = selection
        top, left = (start.y, start.x) if start else (0, 0)
        bottom, right = (end.y, end.x) if end else (self._flow.height - 1, None)
        return self._flow.copied(top, left, bottom, right), "\n"

    def selection_updated(self, selection: Selection | None) -> None:  # noqa: ARG002 - the screen has it too
        self._repaint()

    # Keys and the mouse.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 Textual's
        """Nothing can be followed where no link is chosen."""
        return action != "follow" or self._chosen is not None

    def action_move(self, by: int) -> None:
        self._scroll(round(self.scroll_y) + by)

    def action_page(self, by: int) -> None:
        self._scroll(round(self.scroll_y) + by * max(self.size.height - 2, 1))

    def action_edge(self, end: int) -> None:
        self._scroll(self._flow.height * end)

    def action_link(self, by: int) -> None:
        """Choose the next link in sight; where there is none, the key goes on to the next widget."""
        links = self._links_in_sight()
        order = list(links)
        at = order.index(self._chosen) + by if self._chosen in links else (0 if by > 0 else len(order) - 1)
        if not 0 <= at < len(order):
            self._choose(None)
            raise SkipAction
        self._choose(order[at])
        self.post_message(self.LinkChosen(links[order[at]].href))

    def action_follow(self) -> None:
        link = self._links_in_sight().get(self._chosen) if self._chosen else None
        if link is None:
            self._choose(None)
            raise SkipAction
        self.post_message(self.LinkClicked(link.href))

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        # A drag that selected text ends as a click too.
        if offset is None or event.button != 1 or self.text_selection is not None:
            return
        if found := link_at(self._flow, offset.x, offset.y + round(self.scroll_y)):
            self._choose(found[0])
            self.post_message(self.LinkClicked(found[1].href))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        offset = event.get_content_offset(self)
        found = link_at(self._flow, offset.x, offset.y + round(self.scroll_y)) if offset else None
        told = Content(found[1].href) if found else None
        if told != self.tooltip:
            self.tooltip = told

    def on_leave(self) -> None:
        if self.tooltip is not None:
            self.tooltip = None

    def on_blur(self) -> None:
        self._choose(None)

    def _choose(self, link: LinkAt | None) -> None:
        if link != self._chosen:
            self._chosen = link
            self.refresh_bindings()
            self._repaint()
            if link is None:
                self.post_message(self.LinkChosen(""))

    def _links_in_sight(self) -> "dict[LinkAt, blocks.Link]":
        top = round(self.scroll_y)
        return links_between(self._flow, top, top + self.size.height)

    def _scroll(self, y: int) -> None:
        self.scroll_to(y=y, animate=False, force=True)
