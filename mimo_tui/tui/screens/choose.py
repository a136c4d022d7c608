"""Choose one of a few things."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from mimo_tui.core.text import Clean
from mimo_tui.tui.screens.dialog import Dialog
from mimo_tui.tui.widgets.key_bar import KeyBar


@dataclass(frozen=True, slots=True)
class Choice:
    """One of them: `id` comes back, `title` is shown, `note` under it says more."""

    id: str
    title: Clean
    note: Clean | None = None


class ChoiceList(OptionList):
    """A list in which enter chooses."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Choose", id="choose.choose", tooltip="Take what is under the cursor"),
    ]


class Choose(Dialog[str | None]):
    """Gives the id of the choice, or None when the person goes back."""

    HELP = """\
## Choose one

`up` and `down` move, `enter` or a click takes it, `escape` goes back.
"""

    DEFAULT_CSS = """
    Choose {
        align: center middle;
        & > .dialog { width: 76; height: auto; }
        ChoiceList {
            height: auto;
            max-height: 100%;
            margin: 1 0 0 0;
            padding: 0;
            border: none;
            background: transparent;
            scrollbar-size-vertical: 1;
            &:focus { border: none; }
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="choose.back", tooltip="Go back, nothing is written"),
    ]

    def __init__(self, question: Clean, choices: Sequence[Choice]) -> None:
        super().__init__()
        self._question = question
        self._choices = tuple(choices)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(self._question), classes="title")
            yield ChoiceList(
                *(Option(_prompt(choice), id=choice.id) for choice in self._choices), markup=False
            )
        yield KeyBar()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)

    def action_back(self) -> None:
        self.dismiss(None)


def _prompt(choice: Choice) -> Content:
    if choice.note is None:
        return Content(choice.title)
    return Content.assemble(choice.title, "\n", (f"  {choice.note}", "dim"))
