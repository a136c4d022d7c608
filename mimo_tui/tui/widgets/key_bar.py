"""The keys of where one is, at the foot of every screen."""

from typing import Final

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.widget import Widget
from textual.widgets import Footer
from textual.widgets._footer import FooterKey

_PALETTE: Final = "-command-palette"


class KeyBar(Footer):
    """A footer that cuts no word: what finds no room is left out, the palette first, then the last keys.

    The way back and help always stay; help lists all keys.
    """

    DEFAULT_CSS = """
    KeyBar { overflow-x: hidden; }
    """

    def __init__(self) -> None:
        super().__init__(compact=True)

    def compose(self) -> ComposeResult:
        yield from sorted(super().compose(), key=_place)

    async def recompose(self) -> None:
        await super().recompose()
        self._fit()

    def on_resize(self) -> None:
        self._fit()

    def _fit(self) -> None:
        keys = list(self.query(FooterKey))
        widths = {key: _width(key) for key in keys}
        spare = self.size.width - sum(widths.values())
        order = [key for key in keys if key.has_class(_PALETTE)]
        order += [key for key in reversed(keys) if key not in order and not _place(key)]
        gone = set()
        for key in order:
            if spare >= 0:
                break
            gone.add(key)
            spare += widths[key]
        for key in keys:
            key.display = key not in gone


def _place(part: Widget) -> int:
    """The way back and help are last, in this order, and stay; whichever key help has here."""
    if not isinstance(part, FooterKey):
        return 0
    return 1 if part.key == "escape" else 2 if part.action.removeprefix("app.") == "help" else 0


def _width(key: FooterKey) -> int:
    return cell_len(key.render().plain) + key.gutter.width + key.styles.margin.width
