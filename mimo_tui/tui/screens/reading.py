"""A screen on which pages of the documentation are read: links, the way back, history, the browser."""

from collections.abc import Callable, Set
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.binding import Binding, BindingType
from textual.getters import app, query_one
from textual.screen import Screen
from textual.worker import Worker, get_current_worker

from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.tui.browsing import copy_address, open_in_browser, refuse
from mimo_tui.tui.doc_spots import Spot, Trail
from mimo_tui.tui.failures import tell_failure
from mimo_tui.tui.type_ahead import TypeAhead
from mimo_tui.tui.widgets.doc_head import DocHead
from mimo_tui.tui.widgets.page_view import PageView

if TYPE_CHECKING:
    from mimo_tui.services import Services
    from mimo_tui.tui.doc_pages import OpenPage


TOLD_FOR: Final = 6.0
"""Seconds that news stays: it lies over the page that one reads."""


def _page_key(key: str, action: str, title: str, tooltip: str, *, show: bool = True) -> Binding:
    return Binding(key, f"page('{action}')", title, id=f"page.{action}", tooltip=tooltip, show=show)


class ReadingScreen(Screen[None]):
    """Has a `DocHead` and a `PageView`, and opens pages in them.

    A page is read in a thread; of several that are asked for, the last one wins.
    """

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    HELP = """\
## A page

Above it stands where it came from and how old it is. A link to another page opens here, `[` goes back and `]` forward
again; one that leads elsewhere asks first and goes to the browser. `h` shows the page's versions, `d` what changed.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        _page_key("d", "changes", "Changes", "What changed in this page since its last version"),
        _page_key("h", "history", "History", "The versions of this page, to read and to compare", show=False),
        _page_key("o", "browse", "Browser", "Open this page in the browser"),
        _page_key("y", "copy", "Copy link", "Copy the address of this page", show=False),
        _page_key("r", "newest", "Newest", "Show the newest text of this page"),
        _page_key("n", "next", "Next hit", "To the next place that holds the words"),
        _page_key("N", "previous", "Previous hit", "To the place before that holds the words", show=False),
        _page_key(
            "left_square_bracket,alt+left,backspace", "back", "Go back", "To the page before", show=False
        ),
        _page_key("right_square_bracket,alt+right", "forward", "Forward", "To the page after", show=False),
    ]

    app = app(TypeAhead)
    head = query_one(DocHead)
    view = query_one(PageView)

    def __init__(self, open_services: "Callable[[], Services]", *, offline: bool = False) -> None:
        super().__init__()
        self._open_services = open_services
        self._offline = offline
        self._trail = Trail()
        self._page: OpenPage | None = None
        self._is_opening = False
        self._is_outdated = False

    @property
    def spot(self) -> Spot | None:
        """Where one is."""
        return self._trail.here

    def is_early(self, key: str) -> bool:
        """Whether the key acts on a page that is still being read."""
        bindings = self._bindings.key_to_bindings.get(key, ())
        return self._is_opening and any(binding.action.startswith("page(") for binding in bindings)

    # Open pages.

    def open_spot(self, spot: Spot) -> None:
        """Go on to a spot."""
        self._go(self._noted().to(spot))

    def _noted(self) -> Trail:
        return self._trail.at(self.view.heading) if self._page is not None else self._trail

    def _go(self, trail: Trail) -> None:
        spot = trail.here
        if spot is None:
            return
        if self._page is not None and self._page.spot.same_text(spot):
            self._trail = trail
            self._move_to(spot)
            self.came_to(spot)
            return
        self._is_opening = True
        self._read(trail, spot)

    def go_to_heading(self, anchor: str) -> None:
        """Go to a heading of this page; what is marked stays marked."""
        trail = self._noted()
        if trail.here is not None:
            self._trail = trail.to(replace(trail.here, anchor=anchor))
            self.view.go_to(anchor)
            self.refresh_bindings()

    def _move_to(self, spot: Spot) -> None:
        self.view.go_to(spot.anchor)
        self.view.find(spot.find)
        self.refresh_bindings()

    @work(thread=True, exclusive=True, group="page", exit_on_error=False)
    def _read(self, trail: Trail, spot: Spot) -> None:
        from mimo_tui.store.docs_cache import CacheProblem

        worker = get_current_worker()
        beginning, page, problem = None, None, NOTHING
        try:
            beginning = self.read_beginning(spot)
            if beginning is not None and not worker.is_cancelled:
                self.app.call_from_thread(self._show, trail, beginning, problem)
            page = self.read(spot)
        except (LookupError, CacheProblem) as error:
            problem = clean(str(error.args[0] if error.args else error))
        if worker.is_cancelled:
            return
        if beginning is not None and page is not None:
            self.app.call_from_thread(self._show_more, beginning, page)
        else:
            self.app.call_from_thread(self._show, trail, page, problem)

    def read_beginning(self, spot: Spot) -> "OpenPage | None":
        """Read the beginning of a page that is long to read; None: it is not. As `read`."""
        from mimo_tui.tui.doc_pages import read_beginning

        return read_beginning(self.services, spot)

    def read(self, spot: Spot) -> "OpenPage":
        """Read the page of a spot. Called in a thread; raises LookupError and CacheProblem, each a sentence."""
        from mimo_tui.tui.doc_pages import read_spot

        return read_spot(self.services, spot, offline=self._offline)

    @property
    def services(self) -> "Services":
        """Give the services. The first time they are made, so call it in a thread."""
        return self._open_services()

    def _show(self, trail: Trail, page: "OpenPage | None", problem: Clean) -> None:
        if page is None:
            self._opened()
            self.notify(problem, title="Not opened", severity="warning", timeout=TOLD_FOR, markup=False)
            return
        spot = page.spot
        self._trail, self._page = Trail(trail.behind, spot, trail.ahead), page
        self._is_outdated = False
        self.head.head = page.head
        self.view.show(page.markdown, anchor=spot.anchor, find=spot.find)
        self.came_to(spot)
        self._opened()

    def _show_more(self, beginning: "OpenPage", page: "OpenPage") -> None:
        if self._page is beginning:
            self._page = page
            self.view.show_more(page.markdown)
            self.read_all(page)

    def _opened(self) -> None:
        self._is_opening = False
        self.refresh_bindings()
        self.app.give_input(self)

    def came_to(self, spot: Spot) -> None:
        """Note that this spot is shown now."""

    def read_all(self, page: "OpenPage") -> None:
        """Note that all of the page is here, of which the beginning was shown."""

    def mark_only(self, words: str) -> None:
        """Take the marks of all other words off the page, and off those before and after it."""
        here = self.spot
        self._trail = self._trail.marking(words)
        if self.spot != here:
            self.view.unmark()
            self.refresh_bindings()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        tell_failure(self.app, event)
        if event.worker.group == "page" and event.worker.error is not None:
            self._opened()

    # Links.

    @on(PageView.LinkClicked)
    def _clicked(self, event: PageView.LinkClicked) -> None:
        event.stop()
        if self._page is not None:
            self._follow(event.href)

    @work(exclusive=True, group="follow", exit_on_error=False)
    async def _follow(self, href: str) -> None:
        from mimo_tui.core.docs.address import DocAddress, resolve
        from mimo_tui.tui.doc_pages import base_of, doc_hosts
        from mimo_tui.tui.screens.ask_address import AskAddress

        if self._page is None:
            return
        base = base_of(self.services, self._page)
        match resolve(href, base, doc_hosts(self.services, self._page.url)):
            case DocAddress() as address if self._page.spot.is_ours and address.path == self._page.spot.path:
                self.open_spot(Spot(self._page.spot.path, self._page.spot.locale, address.anchor))
            case DocAddress() as address:
                self.open_spot(Spot(address.path, address.locale, address.anchor))
            case None:
                refuse(self.app, href)
            case url:
                if await self.app.push_screen_wait(AskAddress(clean(url))):
                    await open_in_browser(self.app, url)

    # What is done with the page.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done with the page that is open."""
        if action != "page":
            return super().check_action(action, parameters)
        page = self._page
        match parameters[0]:
            case "back":
                return bool(self._trail.behind)
            case "forward":
                return bool(self._trail.ahead)
            case "next" | "previous":
                return self.spot is not None and bool(self.spot.find)
            case "newest":
                return page is not None and (self._is_outdated or bool(page.spot.digest))
            case "browse" | "copy":
                return page is not None and bool(page.url)
            case _:
                return page is not None and bool(page.versions)

    def note_changes(self, paths: Set[str], locale: str) -> None:
        """Say above the page that a newer text of it came, if one did; what one reads stays."""
        page = self._page
        if page is not None and page.spot.path in paths and page.spot.locale == locale:
            self._is_outdated = True
            self.head.head = replace(page.head, note=clean("A newer text of this page came. r shows it."))
            self.refresh_bindings()

    async def action_page(self, name: str) -> None:
        """Carry out an action on the page that is open."""
        page, spot = self._page, self.spot
        match name:
            case "back":
                self._go(self._noted().back())
            case "forward":
                self._go(self._noted().forward())
            case "next":
                self.view.next_found()
            case "previous":
                self.view.previous_found()
            case "newest" if spot is not None:
                self._page = None  # the same spot, another text
                newest = Spot(spot.path, spot.locale, self.view.heading, spot.find)
                self._go(Trail(self._trail.behind, newest, ()))
            case "browse" if page is not None:
                self._browse(page.url)
            case "copy" if page is not None:
                copy_address(self.app, page.url)
            case "history" | "changes" if page is not None:
                self._versions(page)

    @work(group="browse", exit_on_error=False)
    async def _browse(self, url: str) -> None:
        await open_in_browser(self.app, url)

    @work(exclusive=True, group="versions", exit_on_error=False)
    async def _versions(self, page: "OpenPage") -> None:
        from mimo_tui.tui.screens.doc_history import DocHistoryScreen

        chosen = await self.app.push_screen_wait(DocHistoryScreen(self.services, page))
        if chosen is not None:
            digest = "" if chosen == page.versions[0].digest else chosen
            self.open_spot(Spot(page.spot.path, page.spot.locale, self.view.heading, digest=digest))
