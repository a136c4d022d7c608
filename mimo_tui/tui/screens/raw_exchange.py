"""Request and answer of one turn as they were, without the key."""

from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Input, Static

from mimo_tui.core.text import Clean, clean
from mimo_tui.services.playground.events import Raw
from mimo_tui.tui.page.raw import RawPart
from mimo_tui.tui.screens.dialog import Dialog
from mimo_tui.tui.widgets.exchange_text import SIMULATED
from mimo_tui.tui.widgets.key_bar import KeyBar
from mimo_tui.tui.widgets.plain_input import PlainInput
from mimo_tui.tui.widgets.raw_view import RawView

_TOLD_FOR: Final = 4


class RawInput(PlainInput):
    """The words that are looked for."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Next place", id="raw.next-typed", tooltip="To the next place"),
    ]


class RawExchange(Dialog[None]):
    """Shows what was sent and what came. Nothing is changed here."""

    AUTO_FOCUS = "RawView"
    HELP = """\
## Request and answer

As they went over the wire, but for the key and the bulk of media, which are shortened; of a very long answer the
middle is left out, and it says so. `slash` looks for words, `n` and `N` go from place to place, `q` goes to the request
and `a` to the answer, `y` copies all of it.
"""
    DEFAULT_CSS = """
    RawExchange {
        align: center middle;
        & > .dialog { width: 96%; height: 1fr; }
        #bar { height: 1; margin: 1 0 0 0; }
        #bar PlainInput { width: 1fr; height: 1; border: none; padding: 0; }
        #found { width: auto; color: $text-muted; padding: 0 0 0 1; }
        RawView { height: 1fr; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "Search", id="raw.search", tooltip="Look for words in it"),
        Binding("n", "step(1)", "Next", id="raw.next", tooltip="To the next place", show=False),
        Binding("N", "step(-1)", "Before", id="raw.before", tooltip="To the place before", show=False),
        Binding("q", "part(0)", "Request", id="raw.request", tooltip="To the request"),
        Binding("a", "part(1)", "Answer", id="raw.answer", tooltip="To the answer"),
        Binding("y", "copy", "Copy", id="raw.copy", tooltip="Copy request and answer"),
        Binding("escape", "back", "Back", id="raw.back", tooltip="Back to the conversation"),
    ]

    view = query_one(RawView)
    search = query_one(RawInput)

    def __init__(self, title: Clean, raw: Raw, *, simulated: bool = False) -> None:
        super().__init__()
        self._title = title
        self._raw = raw
        self._simulated = simulated
        self._count = 0

    def compose(self) -> ComposeResult:
        title = Content.assemble("Request and answer of ", (self._title, "bold $primary"))
        with Vertical(classes="dialog"):
            yield Static(
                Content("  ").join([title, SIMULATED]) if self._simulated else title, classes="title"
            )
            with Horizontal(id="bar"):
                yield RawInput(placeholder="/ looks for words in it", compact=True)
                yield Static(id="found")
            yield RawView()
        yield KeyBar()

    def on_mount(self) -> None:
        raw = self._raw
        self.view.show(
            (
                RawPart(Clean("Request"), raw.request_head, raw.request_body),
                RawPart(Clean("Answer"), raw.answer_head, raw.answer_body),
            )
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 Textual's
        """There is a next place only where something was found."""
        return action != "step" or self._count > 0

    @on(Input.Changed)
    def _look(self, event: Input.Changed) -> None:
        self._count = self.view.find(event.value)
        found = f"{self._count:,} found" if event.value.strip() else ""
        self.query_one("#found", Static).update(Content(found))
        self.refresh_bindings()

    @on(Input.Submitted)
    def _next(self) -> None:
        self.action_step(1)

    def action_search(self) -> None:
        self.search.focus()

    def action_step(self, by: int) -> None:
        if self._count:
            self.view.step_found(by)

    def action_part(self, number: int) -> None:
        self.view.go_to(number)

    def action_copy(self) -> None:
        text = raw_text(self._raw)
        self.app.copy_to_clipboard(text)
        told = clean(f"Handed to the terminal's clipboard: {len(text):,} characters.")
        self.notify(told, title="Copied", timeout=_TOLD_FOR, markup=False)

    def action_back(self) -> None:
        """Leave the search first."""
        if self.search.has_focus:
            self.view.focus()
        else:
            self.dismiss(None)


def raw_text(raw: Raw) -> Clean:
    """Give request and answer as one text."""
    parts = [part.strip() for part in (raw.request_head, raw.request_body, raw.answer_head, raw.answer_body)]
    return Clean("\n\n".join(part for part in parts if part) + "\n")
