"""The places of the program, in the order of the bar, and how one gets from one to another."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from textual.message import Message

from mimo_tui.core.text import clean
from mimo_tui.store.places import Places
from mimo_tui.tui.widgets.place_bar import Place, PlaceBar

if TYPE_CHECKING:
    from mimo_tui.tui.doc_spots import Spot

PRESETS: Final = Place("presets", "Presets", "1")
KEYS: Final = Place("keys", "Keys", "2")
DOCS: Final = Place("docs", "Docs", "3")
DOCTOR: Final = Place("doctor", "Doctor", "4")
PLAYGROUND: Final = Place("playground", "Playground", "5")
SPEECH: Final = Place("speech", "Speech", "6")
LISTEN: Final = Place("listen", "Listen", "7")
PLACES: Final = (PRESETS, KEYS, DOCS, DOCTOR, PLAYGROUND, SPEECH, LISTEN)


@dataclass
class GoTo(Message):
    """Sent by a screen: open that place, with the cursor on the row of that key (empty: where it was).

    Docs opens the page at `spot`, from which escape leads back to the place `origin`.
    """

    place: str
    row: str = ""
    spot: "Spot | None" = None
    origin: str = ""


@dataclass
class Arrived(Message, bubble=False):
    """Sent to the screen of a place that was just opened. What it shows may be old: other places write too."""

    row: str = ""
    spot: "Spot | None" = None
    origin: str = ""


def place_bar(home: Places, *, simulated: bool, offline: bool = False, current: Place = PRESETS) -> PlaceBar:
    """Give the bar of a screen."""
    shown = "sample library" if simulated else under_home(home.lingtai)
    return PlaceBar(PLACES, current.id, clean(shown), simulated=simulated, offline=offline)


def under_home(path: Path) -> str:
    """Give a path as it is shown: with `~` for the home."""
    home = Path.home()
    return str("~" / path.relative_to(home)) if path.is_relative_to(home) else str(path)
