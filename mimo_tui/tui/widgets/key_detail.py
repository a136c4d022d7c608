"""All about one slot and its key, beside the list."""

from textual.containers import VerticalScroll
from textual.reactive import reactive
from textual.timer import Timer
from textual.widgets import Static

from mimo_tui.tui.widgets.key_text import KeyCard, card_text


class KeyDetail(VerticalScroll, can_focus=True):
    """Shows one slot; a check fills it in as the hosts answer."""

    HELP = """\
## The key

What is known of it and what to do, then the evidence: each host that was asked, when, what it answered and how
fast. Then what is odd about the slot, where it is set, and which presets use it on which host.
"""
    DEFAULT_CSS = """
    KeyDetail {
        padding: 0 1;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable; /* the text is wrapped to the width, which must not depend on its own length */
        & > Static { width: 1fr; height: auto; }
    }
    """

    card: reactive[KeyCard | None] = reactive(None)
    revealed_for: reactive[float | None] = reactive(None)

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 Textual's word
        super().__init__(Static(), id=id)
        self._hiding: Timer | None = None

    def on_mount(self) -> None:
        self._show()

    def on_resize(self) -> None:
        self._show()

    def watch_card(self, before: KeyCard | None, card: KeyCard | None) -> None:
        self._show()
        if before is None or card is None or before.slot.name != card.slot.name:
            self.scroll_home(animate=False)

    @property
    def is_revealed(self) -> bool:
        """Whether the key itself is shown."""
        return self.revealed_for is not None

    def watch_revealed_for(self) -> None:
        self._show()
        self.scroll_home(animate=False)

    def reveal(self, seconds: float) -> None:
        """Show the key itself for that long."""
        self.hide()
        self.revealed_for = seconds
        self._hiding = self.set_timer(seconds, self.hide)

    def hide(self) -> None:
        """Mask the key again."""
        if self._hiding is not None:
            self._hiding.stop()
            self._hiding = None
        self.revealed_for = None

    def _show(self) -> None:
        if self.card is None:
            self.query_one(Static).update("")
            return
        width = self.scrollable_content_region.width
        self.query_one(Static).update(card_text(self.card, width, revealed_for=self.revealed_for))
