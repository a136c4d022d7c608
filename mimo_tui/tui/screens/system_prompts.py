"""The system prompt of a conversation: written here, or taken from the library, which is files of the person's own."""

import asyncio
from collections.abc import Callable
from typing import ClassVar, Final, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Static, TextArea
from textual.worker import Worker

from mimo_tui.core.text import NOTHING, Clean, clean, clean_lines
from mimo_tui.services import Services
from mimo_tui.services.playground.prompts import (
    BadPromptName,
    NoPrompt,
    delete_system_prompt,
    name_fault,
    read_system_prompt,
    save_system_prompt,
    system_prompts,
)
from mimo_tui.store.atomic import Conflict, SaveFailed
from mimo_tui.tui.failures import tell_failure
from mimo_tui.tui.places import under_home
from mimo_tui.tui.screens.ask_text import AskText
from mimo_tui.tui.screens.choose import Choice, Choose
from mimo_tui.tui.screens.dialog import Dialog
from mimo_tui.tui.widgets.key_bar import KeyBar
from mimo_tui.tui.widgets.paragraph import Paragraph
from mimo_tui.tui.widgets.plain_text_area import PlainTextArea
from mimo_tui.tui.widgets.table import Column, Row, Table

_COLUMNS: Final = (Column("name", "Library", 10, weight=1),)
_TOLD_FOR: Final = 5
_PROBLEMS: Final = (BadPromptName, NoPrompt, SaveFailed, Conflict)

Result = TypeVar("Result")


class NamesTable(Table):
    """The library, in which enter puts a prompt into the field."""

    HELP = ""  # that of the screen says it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Take over", id="table.select", tooltip="Put this one into the field"),
    ]


class SystemTextArea(PlainTextArea):
    """The system prompt; the help of the screen says it."""


class SystemPrompts(Dialog[str | None]):
    """Gives the system prompt, empty for none, or None when the person goes back."""

    AUTO_FOCUS = "SystemTextArea"
    HELP = """\
## System prompt

It goes before everything that is said in this conversation. `ctrl+s` takes what stands in the field, `f9` takes none.
`tab` goes to the library, where `enter` puts a prompt into the field; `ctrl+z` there brings back what it held. `f2`
saves the field under a name, `f8` deletes the one under the cursor. Each is a file of yours, without keys.
"""
    DEFAULT_CSS = """
    SystemPrompts {
        align: center middle;
        & > .dialog { width: 110; height: 1fr; }
        Horizontal { height: 1fr; margin: 1 0 0 0; }
        NamesTable { width: 30; height: 1fr; margin: 0 1 0 0; }
        SystemTextArea { width: 1fr; height: 1fr; border: none; padding: 0 1; background: $boost; }
        #hint { color: $text-muted; }
        &.-narrow Horizontal { layout: vertical; }
        &.-narrow NamesTable { width: 1fr; height: 6; margin: 1 0 0 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "take", "Take", id="system.take", tooltip="Have this conversation begin with it"),
        Binding("f9", "without", "None", id="system.none", tooltip="Have no system prompt"),
        Binding("f2", "save", "Save as", id="system.save", tooltip="Keep it in the library under a name"),
        Binding("f8", "delete", "Delete", id="system.delete", tooltip="Delete this one of the library"),
        Binding("escape", "back", "Back", id="system.back", tooltip="Go back, nothing is changed"),
    ]

    table = query_one(NamesTable)
    area = query_one(SystemTextArea)

    def __init__(self, services: Services, text: str) -> None:
        super().__init__()
        self.services = services
        self._given = text
        self._original = text
        self._called = NOTHING

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content("System prompt of this conversation"), classes="title")
            with Horizontal():
                yield SystemTextArea(clean_lines(self._original), tab_behavior="focus", compact=True)
                yield NamesTable(_COLUMNS, empty="Reading …")
            yield Paragraph(id="hint")
        yield KeyBar()

    def on_mount(self) -> None:
        self._load()
        self._say()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        tell_failure(self.app, event)

    @property
    def text(self) -> str:
        """What stands in the field; as it was written, where nothing was changed in it."""
        shown = self.area.text
        return self._original if shown == clean_lines(self._original) else shown

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 Textual's
        """Nothing can be deleted where there is nothing."""
        return action != "delete" or bool(self.table.rows)

    @work(exclusive=True, group="load", exit_on_error=False)
    async def _load(self, chosen: str = "") -> None:
        names = await self._do(lambda: system_prompts(self.services)) or ()
        folder = under_home(self.services.places.prompts)
        self.table.empty = f"None is kept. f2 saves one, in {folder}."
        self.table.rows = tuple(Row(name, (name,)) for name in names)
        self.table.move_to(chosen)
        self.refresh_bindings()

    @on(TextArea.Changed)
    def _say(self) -> None:
        length = len(self.area.text)
        told = f"{length:,} characters, sent with every prompt" if length else "Empty: none is sent"
        self.query_one("#hint", Paragraph).update(Content(clean(f"{told}.")))

    @on(Table.Selected)
    @work(exclusive=True, group="act", exit_on_error=False)
    async def _read(self, event: Table.Selected) -> None:
        name = event.row.key
        text = await self._do(lambda: read_system_prompt(self.services, name))
        if text is not None:
            self._original, self._called = text, clean(name)
            area = self.area
            area.replace(
                clean_lines(text), area.document.start, area.document.end, maintain_selection_offset=False
            )
            area.focus()

    def action_take(self) -> None:
        self.dismiss(self.text)

    def action_without(self) -> None:
        self.dismiss("")

    @work(exclusive=True, group="act", exit_on_error=False)
    async def action_save(self) -> None:
        hint = clean("A file of that name is kept on this machine, without anything that looks like a key.")
        name = await self.app.push_screen_wait(
            AskText(clean("Save the system prompt as:"), self._called, hint, name_fault)
        )
        if name is None:
            return
        is_there = any(row.key == name for row in self.table.rows)
        if is_there and not await self._agrees(clean(f"{name} is there already."), clean("Write over it")):
            return
        text = self.text
        if await self._has_done(lambda: save_system_prompt(self.services, name, text)):
            self._called = clean(name)
            self.notify(clean(f"{name} is in the library."), title="Saved", timeout=_TOLD_FOR, markup=False)
        self._load(name)

    @work(exclusive=True, group="act", exit_on_error=False)
    async def action_delete(self) -> None:
        row = self.table.cursor_row
        if row is not None and await self._agrees(
            clean(f"Delete {row.key} from the library? It cannot be undone."), clean("Delete")
        ):
            await self._has_done(lambda: delete_system_prompt(self.services, row.key))
            self._load()

    @work(exclusive=True, group="act", exit_on_error=False)
    async def action_back(self) -> None:
        """Go back; what was written and not taken is asked about."""
        if self.text not in (self._given, self._original):
            choices = [Choice("take", clean("Take it")), Choice("leave", clean("Leave it"))]
            answer = await self.app.push_screen_wait(Choose(clean("The field was changed."), choices))
            if answer is None:
                return
            self.dismiss(self.text if answer == "take" else None)
        else:
            self.dismiss(None)

    async def _agrees(self, question: Clean, does: Clean) -> bool:
        choices = [Choice("keep", clean("Keep it")), Choice("do", does)]
        return await self.app.push_screen_wait(Choose(question, choices)) == "do"

    async def _has_done(self, action: Callable[[], None]) -> bool:
        """Do something with the library in a thread; False: it could not be done, and it was said why."""

        def do() -> bool:
            action()
            return True

        return await self._do(do) is not None

    async def _do(self, action: Callable[[], Result]) -> Result | None:
        """Give what is read of the library in a thread; None: it could not be, and it was said why."""
        try:
            return await asyncio.to_thread(action)
        except _PROBLEMS as problem:
            self.notify(clean(str(problem)), title="Not done", severity="error", timeout=15, markup=False)
            return None
