"""What the player does, in a line; or why there is no sound, and how to have it all the same."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from rich.cells import cell_len
from textual.content import Content
from textual.reactive import reactive

from mimo_tui.core.text import NOTHING, Clean
from mimo_tui.sound.player import PlayerState
from mimo_tui.tui.widgets.finding_text import MUTED, hanging
from mimo_tui.tui.widgets.paragraph import Paragraph
from mimo_tui.tui.widgets.take_text import clock_text

_SIGNS: Final = MappingProxyType(
    {
        PlayerState.PLAYING: "▶",
        PlayerState.WAITING: "…",
        PlayerState.PAUSED: "‖",
        PlayerState.STOPPED: "■",
    }
)
_WORDS: Final = MappingProxyType(
    {
        PlayerState.PLAYING: "plays",
        PlayerState.WAITING: "waits for more sound",
        PlayerState.PAUSED: "paused",
        PlayerState.STOPPED: "stopped",
    }
)
_KEYS: Final = Clean("f6 plays and pauses; in the lists ← → seek")
_LEAST_BAR: Final = 10
_MOST_BAR: Final = 40


@dataclass(frozen=True, slots=True)
class PlayerShown:
    """What the player does. `position` and `seconds` are the place and the length of what it plays, or played last.

    `name` says what that is; empty: nothing yet. `problem` says why nothing is heard, and what to do. `fetch` says how
    to get the file to where there is a loudspeaker. `keys` says how one plays.
    """

    state: PlayerState = PlayerState.STOPPED
    position: float = 0.0
    seconds: float = 0.0
    name: Clean = NOTHING
    problem: Clean = NOTHING
    fetch: Clean = NOTHING
    keys: Clean = _KEYS


class PlayerLine(Paragraph):
    """Shows what the player does: sign and word, place and length, a bar, and what it plays."""

    DEFAULT_CSS = """
    PlayerLine { padding: 0 1; }
    """

    shown: reactive[PlayerShown] = reactive(PlayerShown())

    def __init__(self, shown: PlayerShown | None = None, *, id: str | None = None) -> None:  # noqa: A002 Textual's word
        super().__init__(id=id)
        if shown is not None:
            self.set_reactive(PlayerLine.shown, shown)

    def on_mount(self) -> None:
        self._show()

    def on_resize(self) -> None:
        self._show()

    def watch_shown(self, before: PlayerShown, shown: PlayerShown) -> None:
        is_line = not (before.problem or shown.problem or before.fetch or shown.fetch)
        self._show(is_line=is_line)

    def _show(self, *, is_line: bool = False) -> None:
        width = self.content_size.width
        if not width:
            return
        content = player_text(self.shown, width)
        if is_line:
            # A line stays a line: laying the screen out for each tenth of a second would be felt.
            super(Paragraph, self).update(content, layout=False)
        else:
            self.update(content)


def player_text(shown: PlayerShown, width: int) -> Content:
    """Give it in a line of so many cells; where nothing can be heard, in as many as that takes."""
    if shown.problem:
        lines = _some(hanging(Content.styled("! ", "$text-warning"), Content(shown.problem), width), 2)
        if shown.fetch:
            lines += _some(hanging(Content.styled("→ ", "$text-success"), Content(shown.fetch), width), 3)
        return Content("\n").join(lines)
    if not shown.name:
        return Content.styled(f"{_SIGNS[PlayerState.STOPPED]} Nothing plays. {shown.keys}.", MUTED).truncate(
            width, ellipsis=True
        )
    at = min(shown.position, shown.seconds) if shown.seconds else shown.position
    parts = [
        Content.assemble((_SIGNS[shown.state], "bold"), f" {_WORDS[shown.state]}"),
        Content(f"{clock_text(at)} / {clock_text(shown.seconds)}"),
    ]
    room = width - sum(part.cell_length + 2 for part in parts)
    name = min(cell_len(shown.name), max(room - _LEAST_BAR - 2, _LEAST_BAR))
    bar = min(room - name - 2, _MOST_BAR)
    if bar >= _LEAST_BAR:
        parts.append(_bar(at / shown.seconds if shown.seconds else 0.0, bar))
        room -= bar + 2
    parts.append(Content(shown.name).truncate(max(room, 1), ellipsis=True))
    return Content("  ").join(parts).truncate(width)


def _some(text: Content, most: int) -> list[Content]:
    """Give the first lines of a text, which must not take the room of all else."""
    lines = text.split("\n")
    if len(lines) <= most:
        return list(lines)
    return [*lines[: most - 1], lines[most - 1].rstrip() + Content(" …")]


def _bar(share: float, width: int) -> Content:
    at = min(int(share * width), width - 1)
    return Content.assemble(
        ("━" * at, "$text-accent"), ("╸", "bold $text-accent"), ("─" * (width - at - 1), MUTED)
    )
