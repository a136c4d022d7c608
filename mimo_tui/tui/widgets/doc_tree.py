"""The index of the documentation as a tree by section, and the headings of a page as a list."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.reactive import reactive

from mimo_tui.core.text import Clean
from mimo_tui.tui.widgets.table import Column, Row, Table

_COLUMNS: Final = (Column("title", "Pages", 10, weight=1),)
_INDENT: Final = "  "


@dataclass(frozen=True, slots=True)
class DocEntry:
    """A line of the index: a page, or the heading of a section, `level` deep.

    `changed`: its text came out different at the last fetch, and nobody has opened it since; `absent`: no text of it
    is here, or the index has it no more.
    """

    key: str
    title: Clean
    level: int = 0
    is_section: bool = False
    changed: bool = False
    absent: bool = False


class DocTree(Table):
    """The index. A section opens and closes."""

    HELP = """\
## Index

- `enter` or a click opens the page; on a section it closes and opens that
- `left` closes the section that the cursor is in, `right` opens it

`•` a page that is new or other since the last fetch, until you open it or fetch again; `-` one of which no text is
here, or that is gone.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Open", id="table.select", tooltip="Open the page under the cursor"),
        Binding("left", "fold", "Close", id="tree.close", tooltip="Close the section", show=False),
        Binding("right", "unfold", "Open", id="tree.open", tooltip="Open the section", show=False),
    ]

    entries: reactive[tuple[DocEntry, ...]] = reactive((), repaint=False)

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 Textual's word
        super().__init__(_COLUMNS, empty="Reading the index …", id=id)
        self._folded: frozenset[str] = frozenset()

    @property
    def chosen(self) -> DocEntry | None:
        """The entry under the cursor."""
        row = self.cursor_row
        return self._entry(row.key) if row is not None else None

    def watch_entries(self) -> None:
        self._show()

    def reveal(self, key: str) -> None:
        """Move the cursor to the page, whatever section it is in."""
        around = self._sections_around(key)
        if around & self._folded:
            self._folded -= around
            self._show()
        self.move_to(key)

    def unmark(self, key: str) -> None:
        """Take the mark off a page that was opened."""
        entry = self._entry(key)
        if entry is not None and entry.changed:
            self.entries = tuple(
                replace(each, changed=False) if each is entry else each for each in self.entries
            )

    def toggle(self, key: str) -> None:
        """Close a section, or open it."""
        self._folded ^= {key}
        self._show()

    def on_click(self, event: events.Click) -> None:
        event.prevent_default()  # Textual calls the one of `Table` besides
        before = self.cursor
        super().on_click(event)
        if self.cursor != before:
            self.action_select()

    def action_fold(self) -> None:
        entry = self.chosen
        if entry is None:
            return
        section = entry.key if entry.is_section else self._section_of(entry.key)
        if section and section not in self._folded:
            self.toggle(section)
            self.move_to(section)

    def action_unfold(self) -> None:
        entry = self.chosen
        if entry is not None and entry.key in self._folded:
            self.toggle(entry.key)

    def _show(self) -> None:
        self.rows = tuple(_row(entry, is_folded=entry.key in self._folded) for entry in self._visible())

    def _visible(self) -> Iterator[DocEntry]:
        closed_at: int | None = None
        for entry in self.entries:
            if closed_at is not None and entry.level > closed_at:
                continue
            closed_at = entry.level if entry.key in self._folded else None
            yield entry

    def _entry(self, key: str) -> DocEntry | None:
        return next((entry for entry in self.entries if entry.key == key), None)

    def _sections_around(self, key: str) -> frozenset[str]:
        around: list[DocEntry] = []
        for entry in self.entries:
            around = [one for one in around if one.level < entry.level]
            if entry.key == key:
                return frozenset(one.key for one in around)
            if entry.is_section:
                around.append(entry)
        return frozenset()

    def _section_of(self, key: str) -> str:
        around = self._sections_around(key)
        return next((entry.key for entry in reversed(self.entries) if entry.key in around), "")


def _row(entry: DocEntry, *, is_folded: bool) -> Row:
    indent = _INDENT * entry.level
    if entry.is_section:
        return Row(entry.key, (Content.styled(f"{indent}{'▸' if is_folded else '▾'} {entry.title}", "bold"),))
    mark = ("• ", "bold $text-success") if entry.changed else ""
    title = (entry.title, "bold") if entry.changed else entry.title
    return Row(entry.key, (Content.assemble(indent, mark, title),), "muted" if entry.absent else "")
