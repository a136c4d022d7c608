"""What stands above a page: its title, where it came from, how old it is, and what is odd about it."""

from dataclasses import dataclass

from textual.content import Content
from textual.reactive import reactive

from mimo_tui.core.text import NOTHING, Clean
from mimo_tui.tui.widgets.exchange_text import SIMULATED
from mimo_tui.tui.widgets.finding_text import MUTED
from mimo_tui.tui.widgets.paragraph import Paragraph


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a page. `source` says in words where it came from and how old it is, `note` what to know first."""

    title: Clean
    source: Clean = NOTHING
    language: Clean = NOTHING
    note: Clean = NOTHING
    simulated: bool = False


def head_text(head: Head) -> Content:
    """Give the head as text."""
    title = [Content.styled(head.title, "bold $primary")]
    title += [Content.styled(head.language, MUTED)] if head.language else []
    title += [SIMULATED] if head.simulated else []
    lines = [Content("  ").join(title)]
    lines += [Content.styled(head.source, MUTED)] if head.source else []
    lines += [Content.styled(f"! {head.note}", "$text-warning")] if head.note else []
    return Content("\n").join(lines)


class DocHead(Paragraph):
    """Shows the head of a page."""

    DEFAULT_CSS = """
    DocHead { padding: 0 1; max-height: 6; border-bottom: hkey $panel; }
    """

    head: reactive[Head | None] = reactive(None)

    def watch_head(self, head: Head | None) -> None:
        self.update(head_text(head) if head is not None else "")
