"""The bar at the top: the places with their keys, whose files these are, and SIMULATED and OFFLINE in words."""

from dataclasses import dataclass

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from mimo_tui.core.text import Clean


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the program, with the key that leads there."""

    id: str
    title: str
    key: str


class PlaceTitle(Static):
    """One place in the bar; a click opens it."""

    ALLOW_SELECT = False

    @dataclass
    class Clicked(Message):
        """The place that was clicked."""

        place: Place

    def __init__(self, place: Place, *, is_open: bool) -> None:
        # Said by the style of the text, which shows without colours too.
        style = "reverse bold" if is_open else ""
        super().__init__(
            Content.styled(f" {place.key} {place.title} ", style),
            classes="place-bar--place",
            id=f"place-{place.id}",
        )
        self._place = place

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.post_message(self.Clicked(self._place))


class PlaceBar(Horizontal):
    """Names the places, the one that is open, and the home that is worked in."""

    DEFAULT_CSS = """
    PlaceBar {
        height: 1;
        background: $panel;
        & > .place-bar--name, & > .place-bar--place { width: auto; }
        & > .place-bar--place:hover { background: $boost; }
        & > .place-bar--home {
            width: 1fr;
            padding: 0 1;
            color: $text-muted;
            text-align: right;
            text-wrap: nowrap;
            text-overflow: ellipsis;
        }
        & > .place-bar--state {
            dock: right;
            width: auto;
            padding: 0 1;
            background: $warning;
            color: black;
            text-style: bold;
        }
        &:ansi > .place-bar--state { background: ansi_yellow; color: ansi_black; }
    }
    """

    def __init__(
        self, places: tuple[Place, ...], current: str, home: Clean, *, simulated: bool, offline: bool = False
    ) -> None:
        super().__init__()
        self._places = places
        self._current = current
        self._home = home
        self._states = {"OFFLINE": offline, "SIMULATED": simulated}

    def compose(self) -> ComposeResult:
        yield Static(Content.styled(" mimo-tui ", "bold $primary"), classes="place-bar--name")
        for place in self._places:
            yield PlaceTitle(place, is_open=place.id == self._current)
        yield Static(Content(self._home), classes="place-bar--home")
        shown = [state for state, holds in self._states.items() if holds]
        if shown:
            yield Static(Content(" · ".join(shown)), classes="place-bar--state")
