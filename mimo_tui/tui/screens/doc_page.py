"""A page of the documentation over another screen, which stays as it is beneath."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.worker import get_current_worker

from mimo_tui.core.text import NOTHING
from mimo_tui.store.places import Places
from mimo_tui.tui.doc_spots import FIELD, Spot, Trail
from mimo_tui.tui.places import place_bar
from mimo_tui.tui.screens.reading import ReadingScreen
from mimo_tui.tui.widgets.doc_head import DocHead
from mimo_tui.tui.widgets.key_bar import KeyBar
from mimo_tui.tui.widgets.page_view import PageView

if TYPE_CHECKING:
    from mimo_tui.services import Services
    from mimo_tui.tui.doc_fields import AskedField
    from mimo_tui.tui.doc_pages import OpenPage


class DocPageScreen(ReadingScreen):
    """Shows the page behind a field of a preset."""

    AUTO_FOCUS = "PageView"
    DEFAULT_CSS = """
    DocPageScreen PageView { height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1", "leave", "Back", id="page.leave", tooltip="Go back to where you were"),
    ]

    def __init__(
        self,
        home: Places,
        open_services: "Callable[[], Services]",
        asked: "AskedField",
        *,
        simulated: bool,
        offline: bool = False,
    ) -> None:
        super().__init__(open_services, offline=offline)
        self._home = home
        self._asked = asked
        self._simulated = simulated

    def compose(self) -> ComposeResult:
        yield place_bar(self._home, simulated=self._simulated, offline=self._offline)
        yield DocHead()
        yield PageView()
        yield KeyBar()

    def on_mount(self) -> None:
        self._read_field()

    def read(self, spot: Spot) -> "OpenPage":
        """Read a page, or write the one on the field."""
        if spot.path != FIELD:
            return super().read(spot)
        from mimo_tui.tui.doc_fields import field_page

        return field_page(self.services, self._asked)

    @work(thread=True, exclusive=True, group="page", exit_on_error=False)
    def _read_field(self) -> None:
        worker = get_current_worker()
        page = self.read(Spot(FIELD))
        if not worker.is_cancelled:
            self.app.call_from_thread(self._show, Trail(), page, NOTHING)

    def action_leave(self) -> None:
        self.dismiss(None)
