"""The places of the program, in the order of the bar."""

from pathlib import Path
from typing import Final

from mimo_tui.core.text import clean
from mimo_tui.store.places import Places
from mimo_tui.tui.widgets.place_bar import Place, PlaceBar

PRESETS: Final = Place("presets", "Presets", "1")
PLACES: Final = (PRESETS,)


def place_bar(home: Places, *, simulated: bool, current: Place = PRESETS) -> PlaceBar:
    """Give the bar of a screen."""
    shown = "sample library" if simulated else _short(home.lingtai)
    return PlaceBar(PLACES, current.id, clean(shown), simulated=simulated)


def _short(path: Path) -> str:
    home = Path.home()
    return str("~" / path.relative_to(home)) if path.is_relative_to(home) else str(path)
