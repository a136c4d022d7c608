"""The voices that there are, narrowed by what one types; the one under the cursor speaks."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.getters import query_one
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Input

from mimo_tui.core.secrets import safe
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.tui.widgets.plain_input import PlainInput
from mimo_tui.tui.widgets.table import Column, Row, Table

_COLUMNS: Final = (
    Column("voice", "Voice", 14),
    Column("language", "Language", 9, priority=2),
    Column("gender", "Gender", 7, priority=1),
    Column("character", "Character", 17, weight=1),
)


@dataclass(frozen=True, slots=True)
class ShownVoice:
    """A voice as it stands in the list: `id` is what is asked for, `note` what else is to be said of it.

    `is_alias`: it only stands for another one.
    """

    id: str
    language: Clean = NOTHING
    gender: Clean = NOTHING
    character: Clean = NOTHING
    note: Clean = NOTHING
    is_alias: bool = False


class VoiceTable(Table, can_focus=False):
    """The voices; the line above has the focus, and the arrow keys move the list meanwhile."""


class VoiceInput(PlainInput):
    """What the names, languages or characters of the voices must hold."""


class VoiceList(Vertical):
    """A line that narrows, and the voices below it.

    A name that is typed and fits none of them can be asked for all the same: the list may be older than the service.
    """

    HELP = """\
## Voices

`up` and `down` choose the voice. What you type narrows the list by name, language, gender and character; a name that
is not there can be asked for as it is.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", id="voices.up", tooltip="To the voice above", show=False),
        Binding("down", "move(1)", "Down", id="voices.down", tooltip="To the voice below", show=False),
        Binding("pageup", "page(-1)", "Page up", id="voices.page-up", tooltip="A page up", show=False),
        Binding("pagedown", "page(1)", "Page down", id="voices.page-down", tooltip="A page down", show=False),
    ]
    DEFAULT_CSS = """
    VoiceList {
        height: auto;
        & > VoiceInput { height: 1; border: none; padding: 0; background: $boost; }
        & > VoiceTable { height: 1fr; min-height: 2; }
    }
    """

    voices: reactive[tuple[ShownVoice, ...]] = reactive(())

    line = query_one(VoiceInput)
    table = query_one(VoiceTable)

    @dataclass
    class Chosen(Message):
        """Another voice is under the cursor; empty: none is."""

        voice: str

    def compose(self) -> ComposeResult:
        yield VoiceInput(placeholder="type to narrow the voices; up and down choose", compact=True)
        yield VoiceTable(_COLUMNS, empty="No voice is known. Type the name of one, or leave it to the model.")

    @property
    def voice(self) -> str:
        """The voice under the cursor, by the name that is asked for; empty: the model's own."""
        row = self.table.cursor_row
        return row.key if row is not None else ""

    @property
    def narrowed(self) -> tuple[ShownVoice, ...]:
        """The voices that fit what is typed, without those that only stand for another."""
        return tuple(each for each in _found(self.voices, self.line.value) if not each.is_alias)

    def choose(self, voice: str) -> None:
        """Put the cursor on that voice; one that is not in the list is written into the line. Empty: the first."""
        fits = any(each.id == voice for each in self.voices)
        self.line.value = "" if fits else clean(voice)
        self._show()
        if not self.table.move_to(voice):
            self.table.action_to(0)

    def on_descendant_focus(self) -> None:
        """Have the voices in sight too, not only the line."""
        self.call_after_refresh(self.scroll_visible, animate=False)

    def watch_voices(self) -> None:
        if self.is_mounted:
            self._show()

    def on_mount(self) -> None:
        self._show()

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        event.stop()
        self._show()

    @on(Table.Highlighted)
    def _moved(self, event: Table.Highlighted) -> None:
        event.stop()
        self.post_message(self.Chosen(self.voice))

    @on(Table.Selected)
    def _opened(self, event: Table.Selected) -> None:
        event.stop()  # a second click on the voice opens nothing

    def action_move(self, by: int) -> None:
        self.table.action_move(by)

    def action_page(self, by: int) -> None:
        self.table.action_page(by)

    def _show(self) -> None:
        self.table.rows = tuple(_rows(self.voices, self.line.value.strip()))


def _found(voices: Iterable[ShownVoice], typed: str) -> list[ShownVoice]:
    words = typed.casefold().split()
    return [voice for voice in voices if all(word in _text(voice) for word in words)]


def _rows(voices: Iterable[ShownVoice], typed: str) -> Iterable[Row]:
    found = _found(voices, typed)
    yield from (_row(voice) for voice in found)
    if typed and not found:
        yield Row(typed, (safe(typed), "", "", "in no list: asked for as it is"), tone="warning")


def _row(voice: ShownVoice) -> Row:
    told = ", ".join(part for part in (voice.character, voice.note) if part)
    return Row(voice.id, (safe(voice.id), voice.language, voice.gender, told))


def _text(voice: ShownVoice) -> str:
    parts = (voice.id, voice.language, voice.gender, voice.character, voice.note)
    return " ".join(parts).casefold()
