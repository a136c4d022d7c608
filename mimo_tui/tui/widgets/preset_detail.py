"""All about one preset, beside the list."""

from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.reactive import reactive
from textual.widgets import Static

if TYPE_CHECKING:
    from mimo_tui.services.presets.listing import PresetView


class PresetDetail(VerticalScroll, can_focus=True):
    """Shows one preset."""

    HELP = """\
## The preset

The endpoint in words and the URL that requests really go to, the model that vision really uses, then every
finding with its reason and its fixes. `f` on the list applies a fix.
"""
    DEFAULT_CSS = """
    PresetDetail {
        padding: 0 1;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable; /* the text is wrapped to the width, which must not depend on its own length */
        & > Static { width: 1fr; height: auto; }
    }
    """

    preset: "reactive[PresetView | None]" = reactive(None)

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 Textual's word
        super().__init__(Static(), id=id)

    def on_mount(self) -> None:
        self._show()

    def on_resize(self) -> None:
        self._show()

    def watch_preset(self) -> None:
        self._show()
        self.scroll_home(animate=False)

    def _show(self) -> None:
        if self.preset is None:
            self.query_one(Static).update("")
            return
        from mimo_tui.tui.widgets.preset_text import detail_text

        self.query_one(Static).update(detail_text(self.preset, self.scrollable_content_region.width))
