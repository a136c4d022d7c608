"""The conversations that are kept: found again, opened, renamed, deleted."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content, Span
from textual.getters import query_one
from textual.widgets import Static

from mimo_tui.core.conversation import Conversation
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.services import Services
from mimo_tui.services.playground.records import (
    RecordsProblem,
    delete,
    delete_all,
    load,
    records,
    rename,
    search,
)
from mimo_tui.tui.playground_turns import shown_turn
from mimo_tui.tui.record_rows import (
    COLUMNS,
    Hit,
    Kept,
    RecordTable,
    amount_text,
    hit_of,
    record_row,
    where_text,
)
from mimo_tui.tui.screens.ask_text import AskText
from mimo_tui.tui.screens.choose import Choice, Choose
from mimo_tui.tui.screens.search_dialog import SearchDialog
from mimo_tui.tui.screens.talking import SHORTLY
from mimo_tui.tui.widgets.exchange_text import SIMULATED
from mimo_tui.tui.widgets.key_bar import KeyBar
from mimo_tui.tui.widgets.paragraph import Paragraph
from mimo_tui.tui.widgets.search_line import SearchInput
from mimo_tui.tui.widgets.stream_view import StreamView
from mimo_tui.tui.widgets.table import Table

_MOST: Final = 200
"""Hits that are shown; more words narrow them down."""


class Conversations(SearchDialog[Conversation | None, Kept]):
    """Gives the conversation to go on with, or None. `deleted` holds the ids of those that were deleted."""

    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-high")]
    DEFAULT_CSS = """
    Conversations {
        #excerpt { color: $text-muted; }
        StreamView { height: 3fr; border-top: hkey $panel; }
        #amount { color: $text-muted; border-top: hkey $panel; }
        #where { color: $text-muted; }
        &.-low {
            .title { margin: 0; }
            Table { height: 1fr; min-height: 7; margin: 0; }
            StreamView { height: 1fr; }
            #where { display: none; }
        }
    }
    """
    HELP = """\
## Conversations

Those that were kept, the newest first. What you type is looked for in all that was said in them, in titles and system
prompts, in parts of words too; below stands what is under the cursor. `enter` opens it, to read and to go on with,
nothing is sent by that. `f2` gives it another title, `f8` deletes it, `f9` deletes all: both ask first, and cannot be
undone. `keep = false` under `[playground]` in config.toml keeps no more of them.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "rename", "Title", id="conversations.rename", tooltip="Give it another title"),
        Binding("f8", "delete", "Delete", id="conversations.delete", tooltip="Delete this conversation"),
        Binding(
            "f9",
            "delete_all",
            "Delete all",
            id="conversations.delete-all",
            tooltip="Delete every conversation",
        ),
        Binding("escape", "back", "Back", id="conversations.back", tooltip="Back to where one was"),
    ]

    preview = query_one(StreamView)

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services = services
        self.deleted: set[int] = set()
        self._kept = Kept()

    def compose(self) -> ComposeResult:
        title = Content("Conversations that were kept")
        with Vertical(classes="dialog"):
            yield Static(
                Content("  ").join([title, SIMULATED]) if self.services.simulated else title, classes="title"
            )
            yield SearchInput(placeholder="Words that were said", compact=True)
            yield RecordTable(COLUMNS, empty="Reading …")
            yield Paragraph(id="excerpt")
            yield StreamView()
            yield Paragraph(id="amount")
            yield Paragraph(where_text(self.services), id="where", markup=False)
        yield KeyBar()

    # The list.

    def find(self, words: str) -> Kept:
        try:
            if not words.strip():
                found = records(self.services)
                return Kept(tuple(map(Hit, found.records)), len(found.records), found.size)
            hits = search(self.services, words, _MOST)
        except RecordsProblem as problem:
            return Kept(problem=clean(str(problem)))
        return replace(self._kept, hits=tuple(map(hit_of, hits)), problem=NOTHING)

    def show_found(self, found: Kept) -> None:
        self._kept = found
        self.table.empty = self._nothing_there()
        self.table.rows = tuple(record_row(hit) for hit in found.hits)
        self.query_one("#amount", Paragraph).update(Content(amount_text(self.services, found)))
        self.preview.display = not found.problem  # the sentence takes its room
        self.refresh_bindings()
        self._chosen()

    def _nothing_there(self) -> str:
        if self._kept.problem:
            return self._kept.problem
        return "No conversation holds these words." if self._kept.count else "No conversation is kept."

    @property
    def hit(self) -> Hit | None:
        """What is under the cursor."""
        row = self.table.cursor_row
        return next((hit for hit in self._kept.hits if row and str(hit.record.id) == row.key), None)

    # What is under the cursor.

    @on(Table.Highlighted)
    def _chosen(self) -> None:
        hit = self.hit
        excerpt = self.query_one("#excerpt", Paragraph)
        excerpt.display = hit is not None and bool(hit.excerpt)
        if hit is None:
            self.preview.show([])
            return
        excerpt.update(Content(hit.excerpt, spans=[Span(*each, "bold underline") for each in hit.marks]))
        self._preview(hit)

    @work(exclusive=True, group="preview", exit_on_error=False)
    async def _preview(self, hit: Hit) -> None:
        try:
            found = await asyncio.to_thread(self.services.sessions.load, hit.record.id)
        except RecordsProblem as problem:
            self._tell(problem)
            return
        head = (
            found.newest_below(hit.turn) if hit.turn in found.turns and hit.turn is not None else found.head
        )
        width = max(self.preview.size.width - 4, 20)
        path = found.path(head)
        if hit.turn is not None:  # what was found stands at the top
            path = tuple(turn for turn in path if turn.id >= hit.turn)
        self.preview.show([shown_turn(turn, found, width=width) for turn in path])

    # Actions.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 Textual's
        """Nothing can be done with a record where there is none."""
        match action:
            case "rename" | "delete":
                return bool(self._kept.hits)
            case "delete_all":
                return self._kept.count > 0
        return True

    def take_chosen(self) -> None:
        if (hit := self.hit) is not None:
            self._open(hit)

    @work(exclusive=True, group="act", exit_on_error=False)
    async def _open(self, hit: Hit) -> None:
        try:
            found = await asyncio.to_thread(load, self.services, hit.record.id)
        except RecordsProblem as problem:
            self._tell(problem)
            return
        if hit.turn is not None and hit.turn in found.turns:
            found = found.at(found.newest_below(hit.turn))
        self.dismiss(found)

    @work(exclusive=True, group="act", exit_on_error=False)
    async def action_rename(self) -> None:
        hit = self.hit
        if hit is None:
            return
        hint = clean("Empty: the beginning of its first prompt.")
        title = await self.app.push_screen_wait(
            AskText(clean("Title of the conversation:"), hit.record.title, hint, lambda _: None)
        )
        if title is not None:
            await self._change(lambda: rename(self.services, hit.record.id, title))

    @work(exclusive=True, group="act", exit_on_error=False)
    async def action_delete(self) -> None:
        hit = self.hit
        if hit is None:
            return
        question = clean(f"Delete “{hit.record.title}”? It cannot be undone.")
        if await self._agrees(question) and await self._change(lambda: delete(self.services, hit.record.id)):
            self.deleted.add(hit.record.id)

    @work(exclusive=True, group="act", exit_on_error=False)
    async def action_delete_all(self) -> None:
        count = self._kept.count
        every = "the conversation that is kept" if count == 1 else f"all {count:,} conversations"
        ids = {record.id for record in (await asyncio.to_thread(records, self.services)).records}
        if await self._agrees(clean(f"Delete {every}? It cannot be undone.")) and await self._change(
            lambda: delete_all(self.services)
        ):
            self.deleted |= ids

    async def _agrees(self, question: Clean) -> bool:
        choices = [Choice("keep", clean("Keep")), Choice("delete", clean("Delete"))]
        return await self.app.push_screen_wait(Choose(question, choices)) == "delete"

    async def _change(self, change: Callable[[], object]) -> bool:
        """Change the records, and show them as they are then; False: they could not be changed."""
        try:
            await asyncio.to_thread(change)
        except RecordsProblem as problem:
            self._tell(problem)
            return False
        finally:
            self.look()
        return True

    def _tell(self, problem: RecordsProblem) -> None:
        self.notify(clean(str(problem)), title="Records", severity="error", timeout=SHORTLY, markup=False)

    def action_back(self) -> None:
        self.dismiss(None)
