"""The places of the program, in the order of the bar."""

from typing import Final

from mimo_tui.core.text import clean
from mimo_tui.services import Services
from mimo_tui.tui.widgets.place_bar import Place, PlaceBar

PRESETS: Final = Place("presets", "Presets", "1")
PLACES: Final = (PRESETS,)


def place_bar(services: Services, current: Place = PRESETS) -> PlaceBar:
    """Give the bar of a screen."""
    home = clean(str(services.places.lingtai))
    return PlaceBar(PLACES, current.id, home, simulated=services.simulated)
