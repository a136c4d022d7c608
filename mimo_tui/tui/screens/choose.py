"""Choose one of a few things."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from mimo_tui.core.text import Clean
from mimo_tui.tui.screens.dialog import Dialog
from mimo_tui.tui.widgets.key_bar import KeyBar

_MANY: Final = 6
"""From so many choices on it is said that typing narrows them."""
_KEPT: Final = "?"
"""The key of the help, which is no letter to look for."""


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

`up` and `down` move, `enter` or a click takes it, `escape` goes back. What you type narrows the list to what holds it;
`backspace` takes a letter back.
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
        .choose--typed { color: $text-muted; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", id="choose.back", tooltip="Go back, nothing is written"),
    ]

    def __init__(self, question: Clean, choices: Sequence[Choice], *, current: str = "") -> None:
        """`current` is the id of the one that holds now, on which the cursor stands first."""
        super().__init__()
        self._question = question
        self._choices = tuple(choices)
        self._current = current
        self._typed = ""

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(self._question), classes="title")
            yield ChoiceList(*self._options(self._choices), markup=False)
            typed = Static(self._hint(len(self._choices)), classes="choose--typed")
            typed.display = len(self._choices) >= _MANY
            yield typed
        yield KeyBar()

    def on_mount(self) -> None:
        found = [at for at, choice in enumerate(self._choices) if choice.id == self._current]
        self.query_one(ChoiceList).highlighted = found[0] if found else 0

    def on_key(self, event: events.Key) -> None:
        """Narrow the list by what is typed."""
        if event.key == "backspace" and self._typed:
            self._narrow(self._typed[:-1])
        elif (
            event.is_printable
            and event.character not in (None, _KEPT)
            and (self._typed or event.key != "space")
        ):
            self._narrow(f"{self._typed}{event.character}")
        else:
            return
        event.stop()
        event.prevent_default()

    def _narrow(self, typed: str) -> None:
        words = typed.lower().split()
        fitting = [choice for choice in self._choices if all(word in _text(choice) for word in words)]
        if not fitting:
            self.app.bell()
            return
        self._typed = typed
        choices = self.query_one(ChoiceList)
        choices.set_options(self._options(fitting))
        choices.highlighted = 0
        hint = self.query_one(".choose--typed", Static)
        hint.display = bool(typed) or len(self._choices) >= _MANY
        hint.update(self._hint(len(fitting)))

    def _options(self, choices: Sequence[Choice]) -> list[Option]:
        return [
            Option(_prompt(choice, is_current=choice.id == self._current), id=choice.id) for choice in choices
        ]

    def _hint(self, fitting: int) -> Content:
        if not self._typed:
            return Content("Typing narrows the list.")
        return Content(f"“{self._typed}”: {fitting} of {len(self._choices)}; backspace takes it back")

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)

    def action_back(self) -> None:
        self.dismiss(None)


def _prompt(choice: Choice, *, is_current: bool) -> Content:
    title = Content.assemble(choice.title, ("  (now)", "dim")) if is_current else Content(choice.title)
    if choice.note is None:
        return title
    return Content.assemble(title, "\n", (f"  {choice.note}", "dim"))


def _text(choice: Choice) -> str:
    return f"{choice.title} {choice.note or ''}".lower()
