"""The bar at the top: the places with their keys, whose files these are, and SIMULATED and OFFLINE in words."""

from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len
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


_NAME: Final = " mimo-tui "
_WIDE: Final = " {place.key} {place.title} "
_CLOSE: Final = "{place.key} {place.title} "
_KEYS: Final = "{place.key} "
_FORMS: Final = (_WIDE, _CLOSE, _KEYS)


def _title(place: Place, form: str, *, is_open: bool) -> Content:
    # Which one is open is said by the style of the text, which shows without colours too.
    shown = _CLOSE if is_open and form == _KEYS else form
    return Content.styled(shown.format(place=place), "reverse bold" if is_open else "")


class PlaceTitle(Static):
    """One place in the bar; a click opens it."""

    ALLOW_SELECT = False

    @dataclass
    class Clicked(Message):
        """The place that was clicked."""

        place: Place

    def __init__(self, place: Place, *, is_open: bool) -> None:
        super().__init__(
            _title(place, _WIDE, is_open=is_open), classes="place-bar--place", id=f"place-{place.id}"
        )
        self._place = place
        self._is_open = is_open

    def fit(self, form: str) -> None:
        """Show the title in that form."""
        self.update(_title(self._place, form, is_open=self._is_open))

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
        yield Static(Content.styled(_NAME, "bold $primary"), classes="place-bar--name")
        for place in self._places:
            yield PlaceTitle(place, is_open=place.id == self._current)
        yield Static(Content(self._home), classes="place-bar--home")
        if self._state:
            yield Static(Content(self._state), classes="place-bar--state")

    @property
    def _state(self) -> str:
        return " · ".join(state for state, holds in self._states.items() if holds)

    def on_resize(self, event: events.Resize) -> None:
        """Have the places find room beside the state, which nothing may cover.

        What finds no room goes as a whole, the home first, then our name.
        """
        room = event.size.width - (len(self._state) + 2 if self._state else 0)
        widths = {form: sum(cell_len(form.format(place=place)) for place in self._places) for form in _FORMS}
        named = widths[_WIDE] + len(_NAME) <= room
        form = next((form for form in _FORMS if widths[form] <= room), _KEYS)
        self.query_one(".place-bar--name").display = named
        left = room - widths[_WIDE] - len(_NAME)
        self.query_one(".place-bar--home").display = left >= cell_len(self._home) + 2
        for title in self.query(PlaceTitle):
            title.fit(_WIDE if named else form)
