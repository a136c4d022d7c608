"""What stands above a conversation: the preset, its model, where it is asked, with which key, and the cost so far."""

from dataclasses import dataclass

from rich.cells import cell_len
from textual.content import Content
from textual.reactive import reactive

from mimo_tui.core.text import NOTHING, Clean
from mimo_tui.tui.widgets.exchange_text import SIMULATED
from mimo_tui.tui.widgets.finding_text import MUTED
from mimo_tui.tui.widgets.paragraph import Paragraph


@dataclass(frozen=True, slots=True)
class TalkHead:
    """The head of a conversation. `endpoint` says in words where it is asked; `title` is that of a kept one.

    `note` is what to know before one sends: that there is no key, or that nothing can be sent. `along` is what goes
    with a request unseen, such as a system prompt, and what is on its way out of sight.
    """

    preset: Clean
    model: Clean = NOTHING
    endpoint: Clean = NOTHING
    slot: Clean = NOTHING
    cost: Clean = NOTHING
    title: Clean = NOTHING
    note: Clean = NOTHING
    along: Clean = NOTHING
    simulated: bool = False


def talk_head_text(head: TalkHead, width: int) -> Content:
    """Give the head as one line, and one more each for what goes along and for the note.

    What finds no room in the first is left out from the end.
    """
    line = Content.styled(head.preset, "bold $primary")
    told = [
        (SIMULATED, head.simulated),
        (Content.styled(head.model, "bold"), bool(head.model)),
        (Content(head.cost), bool(head.cost)),
        (Content.styled(head.endpoint, MUTED), bool(head.endpoint)),
        (Content.styled(f"key {head.slot}", MUTED), bool(head.slot)),
        (Content.styled(head.title, MUTED), bool(head.title)),
    ]
    for part, is_there in told:
        if is_there and line.cell_length + 2 + cell_len(part.plain) <= width:
            line = Content("  ").join([line, part])
    lines = [line]
    if head.along:
        lines.append(Content.styled(head.along, MUTED))
    if head.note:
        lines.append(Content.styled(f"! {head.note}", "$text-warning"))
    return Content("\n").join(lines)


class PlaygroundHead(Paragraph):
    """Shows the head of a conversation."""

    DEFAULT_CSS = """
    PlaygroundHead { padding: 0 1; max-height: 5; border-bottom: hkey $panel; }
    """

    head: reactive[TalkHead | None] = reactive(None)

    def watch_head(self) -> None:
        self._show()

    def on_resize(self) -> None:
        self._show()

    def _show(self) -> None:
        width = self.content_size.width
        self.update(talk_head_text(self.head, width) if self.head is not None and width else "")
