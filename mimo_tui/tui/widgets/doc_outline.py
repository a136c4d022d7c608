"""The headings of a page, to go to."""

from typing import ClassVar, Final

from textual.binding import Binding, BindingType
from textual.reactive import reactive

from mimo_tui.core.docs.page import Heading
from mimo_tui.tui.widgets.table import Column, Row, Table

_COLUMNS: Final = (Column("heading", "On this page", 10, weight=1),)


class DocOutline(Table):
    """The contents of the page, its cursor on the heading that one reads under."""

    HELP = """\
## On this page

`enter` goes to the heading under the cursor, `escape` back to the index.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Go there", id="table.select", tooltip="Go to this part of the page"),
    ]

    headings: reactive[tuple[Heading, ...]] = reactive((), repaint=False)

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 Textual's word
        super().__init__(_COLUMNS, empty="This page has no headings.", id=id)

    def watch_headings(self, headings: tuple[Heading, ...]) -> None:
        top = min((heading.level for heading in headings), default=1)
        self.rows = tuple(
            Row(heading.anchor, ("  " * (heading.level - top) + heading.title,)) for heading in headings
        )
