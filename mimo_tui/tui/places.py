"""The places of the program, in the order of the bar."""

from typing import Final

from mimo_tui.core.text import clean
from mimo_tui.store.places import Places
from mimo_tui.tui.widgets.place_bar import Place, PlaceBar

PRESETS: Final = Place("presets", "Presets", "1")
PLACES: Final = (PRESETS,)


def place_bar(home: Places, *, simulated: bool, current: Place = PRESETS) -> PlaceBar:
    """Give the bar of a screen."""
    return PlaceBar(PLACES, current.id, clean(str(home.lingtai)), simulated=simulated)
