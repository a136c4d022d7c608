"""What was heard, and right below it where that differs from what was to be said."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.getters import query_one

from mimo_tui.core.speech.differing import Difference
from mimo_tui.tui.widgets.difference_view import DifferenceView
from mimo_tui.tui.widgets.stream_view import ShownTurn, StreamView


class HeardText(StreamView):
    """A text that comes, as high as it is, up to the room that is left for it."""

    DEFAULT_CSS = """
    HeardText { height: 1fr; padding: 0 1; }
    """

    def _fit_height(self) -> None:
        super()._fit_height()
        # What is higher than the screen is cut by it; laying that out anew for each line would be felt.
        needed = max(min(self._flow.height, self.screen.size.height), 1)
        most = self.styles.max_height
        if most is None or most.value != needed:
            self.styles.max_height = needed


class HeardView(Vertical):
    """Shows one time that a recording was heard. It has the class `-differs` while a difference is shown."""

    DEFAULT_CSS = """
    HeardView {
        & > DifferenceView { height: auto; max-height: 60%; border-top: hkey $panel; }
    }
    """

    text = query_one(HeardText)
    difference = query_one(DifferenceView)

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 Textual's word
        super().__init__(id=id)
        self._hides_difference = False

    def compose(self) -> ComposeResult:
        yield HeardText()
        yield DifferenceView()

    def on_mount(self) -> None:
        self.show_difference(None)

    def show(self, turn: ShownTurn | None) -> None:
        """Show that in place of what was shown; None: nothing."""
        self.text.show([turn] if turn is not None else [])

    def show_difference(self, difference: Difference | None) -> None:
        """Show where it differs, unless that is hidden; None: it is not known."""
        self.difference.difference = difference
        self._fold()

    def toggle_difference(self) -> None:
        """Hide the difference, or show it again; that holds for the next ones too."""
        self._hides_difference = not self._hides_difference
        self._fold()

    def _fold(self) -> None:
        is_shown = self.difference.difference is not None and not self._hides_difference
        self.difference.display = is_shown
        self.set_class(is_shown, "-differs")
