"""What was written to models before, searched as one types, and taken into the prompt again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from mimo_tui.core.text import NOTHING, Clean, clean, clean_lines
from mimo_tui.services import Services
from mimo_tui.services.playground.prompts import recent_prompts
from mimo_tui.services.playground.records import RecordsProblem
from mimo_tui.tui.screens.search_dialog import SearchDialog
from mimo_tui.tui.widgets.key_bar import KeyBar
from mimo_tui.tui.widgets.paragraph import Paragraph
from mimo_tui.tui.widgets.search_line import SearchInput
from mimo_tui.tui.widgets.table import Column, Row, Table

_COLUMNS: Final = (Column("prompt", "Prompt", 20, weight=1), Column("lines", "Lines", 5, 1, align="right"))
_LONGEST_LINE: Final = 400
_LONGEST: Final = 4_000
"""Characters of a prompt that are shown below the list."""


@dataclass(frozen=True, slots=True)
class Prompts:
    """What was found, the newest first. `problem`: what was kept cannot be read, and why."""

    prompts: tuple[str, ...] = ()
    problem: Clean = NOTHING


class PromptTable(Table):
    """The prompts, in which enter takes one."""

    HELP = ""  # that of the screen says it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Take", id="table.select", tooltip="Put it into the prompt"),
    ]


class PromptSearch(SearchDialog[str | None, Prompts]):
    """Gives the prompt to write again, as it was, or None. `own` are those of this run, the newest first."""

    DEFAULT_CSS = """
    PromptSearch {
        #all { height: 1fr; border-top: hkey $panel; scrollbar-size-vertical: 1; }
    }
    """
    HELP = """\
## Prompts

What you wrote before, the newest first, each once. What you type is looked for in them, in parts of words too. `enter`
puts the one under the cursor into the prompt, where you can change it; nothing is sent by that.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="prompts.back", tooltip="Back to the prompt"),
    ]

    def __init__(self, services: Services, own: Sequence[str] = ()) -> None:
        super().__init__()
        self.services = services
        self._own = tuple(own)
        self._found = Prompts()

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content("What you wrote before"), classes="title")
            yield SearchInput(placeholder="Words of it", compact=True)
            yield PromptTable(_COLUMNS, empty="Reading …")
            with VerticalScroll(id="all", can_focus=False):
                yield Paragraph()
        yield KeyBar()

    def find(self, words: str) -> Prompts:
        wanted = words.casefold().split()
        own = [prompt for prompt in self._own if all(word in prompt.casefold() for word in wanted)]
        try:
            kept = recent_prompts(self.services, words)
        except RecordsProblem as problem:
            return Prompts(tuple(own), clean(str(problem)))
        return Prompts(tuple(dict.fromkeys([*own, *kept])))

    def show_found(self, found: Prompts) -> None:
        self._found = found
        searched = bool(self.line.value.strip())
        nothing = "No prompt holds these words." if searched else "Nothing was written before."
        self.table.empty = found.problem or nothing
        self.table.rows = tuple(Row(prompt, _cells(prompt)) for prompt in found.prompts)
        self._chosen()

    @on(Table.Highlighted)
    def _chosen(self) -> None:
        row = self.table.cursor_row
        text = row.key if row is not None else ""
        left = len(text) - _LONGEST
        cut = f"\n… {left:,} more characters" if left > 0 else ""
        self.query_one("#all Paragraph", Paragraph).update(Content(clean_lines(text[:_LONGEST] + cut)))

    def take_chosen(self) -> None:
        row = self.table.cursor_row
        if row is not None:
            self.dismiss(row.key)

    def action_back(self) -> None:
        self.dismiss(None)


def _cells(prompt: str) -> tuple[str, str]:
    first = next((line for line in prompt.splitlines() if line.strip()), "")
    return first[:_LONGEST_LINE], str(prompt.count("\n") + 1)
