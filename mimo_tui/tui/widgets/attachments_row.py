"""What goes with the next prompt: what each thing is, what it costs, what is wrong with it, and a small picture."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Final, TypeAlias

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from mimo_tui.core.text import NOTHING, Clean
from mimo_tui.tui.widgets.finding_text import MUTED
from mimo_tui.tui.widgets.table import CURSOR

PICTURE_COLUMNS: Final = 16
PICTURE_ROWS: Final = 4
_LEAST_COLUMNS: Final = 100
"""Cells of the screen below which there is no room for pictures."""
_UPPER_HALF: Final = "▀"
_GUTTER: Final = 2
_GAP: Final = 2

Colours: TypeAlias = tuple[int, int, int]
Picture: TypeAlias = tuple[tuple[tuple[Colours, Colours], ...], ...]
"""Rows of cells, each with the red, green and blue of its upper and of its lower half."""


@dataclass(frozen=True, slots=True)
class ShownAttachment:
    """An attachment as it is shown. `about` is its size and cost; `picture` is empty where there is none."""

    title: Clean
    about: Clean = NOTHING
    warnings: tuple[Clean, ...] = ()
    picture: Picture = ()


class AttachmentsRow(ScrollView, can_focus=True, inherit_bindings=False):
    """Attachments below one another, one under the cursor. Pictures are shown where there are colours and room."""

    HELP = """\
## Attachments

They go with the next prompt. `up` and `down` choose one, `delete` takes it away. Tokens and cost are estimates, by the
formulas of the docs; what the answer says afterwards is what counts.
"""
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "delete,backspace,d",
            "remove",
            "Take away",
            id="attachments.remove",
            tooltip="Do not send this one along",
        ),
        Binding("up", "move(-1)", "Up", id="attachments.up", tooltip="To the one above", show=False),
        Binding("down", "move(1)", "Down", id="attachments.down", tooltip="To the one below", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"attachments--cursor", "attachments--warning"}
    DEFAULT_CSS = """
    AttachmentsRow {
        height: auto;
        max-height: 8;
        color: $foreground;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        & > .attachments--warning { color: $text-warning; }
        &:focus > .attachments--cursor {
            background: $block-cursor-background; color: $block-cursor-foreground;
        }
    }
    """

    attachments: reactive[tuple[ShownAttachment, ...]] = reactive(())
    cursor: reactive[int] = reactive(0)

    @dataclass
    class Removed(Message):
        """The attachment of that number, from 0, is not to be sent."""

        number: int

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 Textual's word
        super().__init__(id=id)
        self._lines: list[tuple[int, int]] = []
        self._texts: list[tuple[Content, ...]] = []
        self._laid_for = (0, False)

    @property
    def shows_pictures(self) -> bool:
        """Whether there are colours and room for pictures."""
        return self.app.size.width >= _LEAST_COLUMNS and not self.app.no_color

    def validate_cursor(self, cursor: int) -> int:
        return max(0, min(cursor, len(self.attachments) - 1))

    def watch_attachments(self) -> None:
        self.cursor = self.validate_cursor(self.cursor)
        self._lay()
        self.refresh_bindings()

    def watch_cursor(self) -> None:
        self._show_cursor()

    def on_resize(self) -> None:
        if (self._width, self.shows_pictures) != self._laid_for:
            self._lay()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 Textual's
        """Nothing can be taken away where there is nothing."""
        return action != "remove" or bool(self.attachments)

    def action_move(self, by: int) -> None:
        self.cursor += by

    def action_remove(self) -> None:
        if self.attachments:
            self.post_message(self.Removed(self.cursor))

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        at = offset.y + round(self.scroll_y) if offset is not None else -1
        if 0 <= at < len(self._lines):
            self.cursor = self._lines[at][0]

    @property
    def _width(self) -> int:
        return self.scrollable_content_region.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 Textual's
        return len(self._laid(width)[1])

    def _lay(self) -> None:
        """Break the texts into lines."""
        self._laid_for = (self._width, self.shows_pictures)
        self._texts, self._lines = self._laid(self._width)
        if self._width:  # before, texts seem longer than they are
            self.virtual_size = Size(0, len(self._lines))
        self.clear_cached_dimensions()
        self.refresh(layout=True)
        self._show_cursor()

    def _laid(self, width: int) -> tuple[list[tuple[Content, ...]], list[tuple[int, int]]]:
        """Give the texts of each attachment, and for each line whose it is, and which of its lines."""
        texts: list[tuple[Content, ...]] = []
        lines: list[tuple[int, int]] = []
        for number, shown in enumerate(self.attachments):
            picture = shown.picture if self.shows_pictures else ()
            room = width - _GUTTER - (PICTURE_COLUMNS + _GAP if picture else 0)
            texts.append(tuple(_texts(shown, max(room, 20))))
            lines += [(number, line) for line in range(max(len(texts[-1]), len(picture)))]
        return texts, lines

    def _show_cursor(self) -> None:
        """Bring all of the chosen one into sight, its first line at least."""
        own = [at for at, (number, _) in enumerate(self._lines) if number == self.cursor]
        height, top = self.size.height, round(self.scroll_y)
        if own and height:
            top = min(max(top, own[-1] - height + 1), own[0])
            self.scroll_to(y=top, animate=False, force=True)

    def render_line(self, y: int) -> Strip:
        width, at = self._width, y + round(self.scroll_y)
        plain = self.visual_style.rich_style
        if at >= len(self._lines):
            return Strip.blank(width, plain)
        number, line = self._lines[at]
        shown, texts = self.attachments[number], self._texts[number]
        is_first = line == 0
        style = self.get_visual_style(*_parts(line, is_here=number == self.cursor))
        segments = [Segment(f"{CURSOR} " if is_first and number == self.cursor else "  ", style.rich_style)]
        if self.shows_pictures and shown.picture:
            segments += [*_picture_line(shown.picture, line), Segment(" " * _GAP, plain)]
        if line < len(texts):
            text = texts[line].without_spans if is_first and self.has_focus else texts[line]
            segments += text.render_segments(style)
        return Strip(segments).adjust_cell_length(width, plain)


def _parts(line: int, *, is_here: bool) -> tuple[str, ...]:
    if line == 0:
        return ("attachments--cursor",) if is_here else ()
    return ("attachments--warning",)


def _texts(shown: ShownAttachment, width: int) -> Iterator[Content]:
    about = f" · {shown.about}" if shown.about else ""
    yield Content.assemble((shown.title, "bold"), (about, MUTED)).truncate(width, ellipsis=True)
    for warning in shown.warnings:
        yield from Content(f"! {warning}").wrap(width)


def _picture_line(picture: Picture, line: int) -> Iterator[Segment]:
    cells = picture[line] if line < len(picture) else ()
    for upper, lower in cells:
        yield Segment(_UPPER_HALF, Style(color=Color.from_rgb(*upper), bgcolor=Color.from_rgb(*lower)))
    yield Segment(" " * (PICTURE_COLUMNS - len(cells)))
