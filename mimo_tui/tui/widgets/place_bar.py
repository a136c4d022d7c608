"""The bar at the top: the places with their keys, whose files these are, and SIMULATED while they are a sample."""

from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from mimo_tui.core.text import Clean


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the program, with the key that leads there."""

    id: str
    title: str
    key: str


class PlaceBar(Horizontal):
    """Names the places, the one that is open, and the home that is worked in."""

    DEFAULT_CSS = """
    PlaceBar {
        height: 1;
        background: $panel;
        & > .place-bar--places { width: auto; }
        & > .place-bar--home {
            width: 1fr;
            padding: 0 1;
            color: $text-muted;
            text-align: right;
            text-wrap: nowrap;
            text-overflow: ellipsis;
        }
        & > .place-bar--simulated {
            dock: right;
            width: auto;
            padding: 0 1;
            background: $warning;
            color: black;
            text-style: bold;
        }
        &:ansi > .place-bar--simulated { background: ansi_yellow; color: ansi_black; }
    }
    """

    def __init__(self, places: tuple[Place, ...], current: str, home: Clean, *, simulated: bool) -> None:
        super().__init__()
        self._places = places
        self._current = current
        self._home = home
        self._simulated = simulated

    def compose(self) -> ComposeResult:
        parts: list[tuple[str, str] | str] = [(" mimo-tui ", "bold $primary")]
        for place in self._places:
            style = "reverse bold" if place.id == self._current else ""
            parts.append((f" {place.key} {place.title} ", style))
        yield Static(Content.assemble(*parts), classes="place-bar--places")
        yield Static(Content(self._home), classes="place-bar--home")
        if self._simulated:
            yield Static(Content("SIMULATED"), classes="place-bar--simulated")
