"""Every theme's colours of text stand out from what is below them."""

import pytest
from textual.app import App
from textual.color import Color
from textual.theme import BUILTIN_THEMES

from mimo_tui.services import Services
from mimo_tui.tui.app import MimoApp
from mimo_tui.tui.contrast import LEAST, contrast, readable

GROUNDS = ("background", "surface", "panel")
INKS = ("text-warning", "text-success", "text-error", "text-accent", "footer-key-foreground")


def variables(theme: str) -> dict[str, str]:
    app = App[None]()
    app.theme = theme
    return app.get_css_variables()


def worst(found: dict[str, str]) -> float:
    return min(contrast(Color.parse(found[ink]), Color.parse(found[on])) for ink in INKS for on in GROUNDS)


def test_contrast_is_that_of_the_web() -> None:
    assert contrast(Color.parse("#000"), Color.parse("#fff")) == pytest.approx(21)
    assert contrast(Color.parse("#767676"), Color.parse("#fff")) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", [name for name in BUILTIN_THEMES if not name.startswith("ansi")])
def test_text_of_every_theme_can_be_read(theme: str) -> None:
    found = readable(variables(theme))
    best = max(
        min(contrast(Color.parse(end), Color.parse(found[on])) for on in GROUNDS) for end in ("#000", "#fff")
    )
    assert worst(found) >= min(LEAST, best)


def test_the_light_theme_needs_it_and_colours_that_can_be_read_stay() -> None:
    light, dark = variables("textual-light"), variables("textual-dark")
    assert worst(light) < LEAST <= worst(readable(light))
    assert readable(light)["text"] == light["text"]
    assert Color.parse(readable(dark)["text-warning"]) == Color.parse(dark["text-warning"])


def test_the_program_shows_its_text_so(services: Services) -> None:
    app = MimoApp(services.places, lambda: services)
    app.theme = "textual-light"
    assert worst(app.get_css_variables()) >= LEAST
    assert app.theme_variables == app.get_css_variables()


def test_the_terminals_own_colours_stay() -> None:
    found = variables("ansi-light")
    assert readable(found)["text-warning"] == found["text-warning"]
