"""Docs: the index of the documentation, a search through all of it, and the page that is read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Input, Static
from textual.worker import Worker, WorkerState, get_current_worker

from mimo_tui.core.docs.address import CHINESE, ENGLISH, LOCALES
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.store.places import Places
from mimo_tui.tui.doc_spots import EVERYTHING, MODELS, NOTHING_HERE, Spot, Trail
from mimo_tui.tui.places import DOCS, Arrived, GoTo, place_bar
from mimo_tui.tui.quick_search import QuickSearch
from mimo_tui.tui.screens.reading import TOLD_FOR, ReadingScreen
from mimo_tui.tui.widgets.doc_beside import DocBeside
from mimo_tui.tui.widgets.doc_head import DocHead
from mimo_tui.tui.widgets.key_bar import KeyBar
from mimo_tui.tui.widgets.page_view import PageView
from mimo_tui.tui.widgets.paragraph import Paragraph
from mimo_tui.tui.widgets.plain_input import PlainInput
from mimo_tui.tui.widgets.search_hits import SearchHits
from mimo_tui.tui.widgets.table import Table

if TYPE_CHECKING:
    from mimo_tui.services import Services
    from mimo_tui.services.docs.reading import Contents
    from mimo_tui.store.docs_cache import Hit
    from mimo_tui.tui.doc_pages import OpenPage
    from mimo_tui.tui.doc_rows import PageName


_HINT: Final = "Type any words, or parts of them; all pages are searched, in each language that is here."
_OF_THE_MOMENT: Final = frozenset({"stop", "clear", "return", "index", "outline", "to_list"})
"""Actions that are offered only while they can be done."""


@dataclass(frozen=True, slots=True)
class Hits:
    """What a search found; `empty` is said where that is nothing."""

    found: "tuple[Hit, ...]"
    empty: str


def _binding(key: str, action: str, title: str, tooltip: str, *, show: bool = True) -> Binding:
    return Binding(key, action, title, id=f"docs.{action}", tooltip=tooltip, show=show)


class DocsScreen(ReadingScreen):
    """The third place. Beside the page stands the index, or the hits of a search, or the headings of the page."""

    CSS_PATH = "docs.tcss"
    AUTO_FOCUS = "#index"
    HELP = """\
## Docs

The documentation as it was fetched, here to be read and searched without a network. `ctrl+r` fetches what changed;
nothing is fetched before you ask. `/` searches all pages in both languages as you type, and `enter` opens a hit,
where `n` and `N` go on. `t` shows the headings of the page, `b` hides and shows what stands beside it. `escape` goes
from the page to what stands beside it, and clears a search with all that it marked.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        _binding("slash", "search", "Search", "Search all pages as you type"),
        _binding("t", "outline", "Contents", "The headings of this page, to go to one"),
        _binding("ctrl+r", "fetch", "Fetch", "Fetch all that changed"),
        _binding("l", "language", "Language", "Read the pages of the other language", show=False),
        _binding("b", "beside", "Index", "Hide or show what stands beside the page", show=False),
        _binding("down", "to_list", "To the list", "Go from the search to what it found", show=False),
        Binding("escape", "stop", "Stop", id="docs.stop", tooltip="Stop fetching; what has come stays"),
        Binding("escape", "clear", "Clear", id="docs.clear", tooltip="Clear the search"),
        Binding(
            "escape", "return", "Back", id="docs.return", tooltip="Go back to the place from which one came"
        ),
        Binding("escape", "index", "Back", id="docs.index", tooltip="Go back to the index"),
    ]

    beside = query_one(DocBeside)
    search_input = query_one("#search", PlainInput)

    is_fetching: reactive[bool] = reactive(False, bindings=True)

    @dataclass
    class FoundLate(Message):
        """A search took longer than its letter could wait."""

        words: str
        hits: Hits

    def __init__(
        self, home: Places, open_services: "Callable[[], Services]", *, simulated: bool, offline: bool = False
    ) -> None:
        super().__init__(open_services, offline=offline)
        self._home = home
        self._simulated = simulated
        self._locale = ""  # until it is known which one the person wants
        self._found: tuple[Hit, ...] = ()
        self._new: frozenset[PageName] = frozenset()
        self._opened_since: frozenset[PageName] = frozenset()  # since they changed
        self._turns = False  # whether the page is to be opened in the other language
        self._landing: Spot | None = None  # where to open the page, once the index is here
        self._landed: Spot | None = None
        self._origin = ""  # the place from which one came to that page
        self._is_settled = False
        self._search = QuickSearch(self._find, self._show_hits, self._tell_late)

    def compose(self) -> ComposeResult:
        yield place_bar(self._home, simulated=self._simulated, offline=self._offline, current=DOCS)
        yield PlainInput(placeholder="/ to search all pages", id="search", compact=True)
        yield Paragraph(id="around")
        with Horizontal(id="columns"):
            yield DocBeside()
            with Vertical(id="reading"):
                yield DocHead()
                yield PageView()
        yield Static(id="progress")
        yield KeyBar()

    def on_mount(self) -> None:
        self.watch(self.search_input, "value", self._searched, init=False)
        self.load()

    def on_unmount(self) -> None:
        self._search.close()

    @on(Arrived)
    def _arrived(self, event: Arrived) -> None:
        self._landing = self._landed = event.spot
        self._origin = event.origin
        self.load()

    def is_early(self, key: str) -> bool:
        """Whether the key acts on an index or a page that is still being read."""
        return (not self._is_settled and key == "enter") or super().is_early(key)

    # The index.

    @work(thread=True, exclusive=True, group="load", exit_on_error=False)
    def load(self) -> None:
        """Read the index without holding up the screen."""
        from mimo_tui.services.docs.reading import contents

        worker = get_current_worker()
        services = self.services
        wanted = self._locale or services.knowledge.settings.language
        locale = wanted if wanted in LOCALES else ENGLISH
        found = contents(services, locale=locale)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._show_contents, found, locale)

    def _show_contents(self, found: "Contents", locale: str) -> None:
        from mimo_tui.tui.doc_pages import not_in_language
        from mimo_tui.tui.doc_rows import entries

        self._locale = locale
        self.beside.pages.entries = entries(found, self._new, self._opened_since)
        pages = [
            page.path for section in found.sections for page in section.pages if page.fetched is not None
        ]
        problem = found.problem
        if not (problem or pages or self._locale == ENGLISH):
            problem = not_in_language(self._locale, offline=self._offline)
        self._tell_around(problem)
        landing, self._landing = self._landing, None
        if landing is not None:
            self.action_clear()
            self.open_spot(landing)
            self._read_on()
        elif not self._is_opening and (self.spot is None or (self.spot.path == NOTHING_HERE and pages)):
            self._trail = Trail()
            self.open_spot(Spot(pages[0] if pages else NOTHING_HERE, self._locale))
        elif self._turns:
            self._turn(frozenset(pages))
        self._settle()

    def _turn(self, pages: frozenset[str]) -> None:
        """Open the page in the language of the index; where nothing is here in it, once it was fetched."""
        from mimo_tui.tui.doc_rows import found_lines, language

        spot = self.spot
        self._turns = not pages
        cursor = self.beside.hits.cursor
        self.beside.hits.hits = found_lines(self._found, self._locale)
        self.beside.hits.cursor = cursor
        if spot is None or spot.path in (MODELS, NOTHING_HERE) or spot.locale == self._locale:
            self._turns = False
        elif spot.path in pages or (spot.path == EVERYTHING and pages):
            self.open_spot(Spot(spot.path, self._locale))
        elif pages:
            told = clean(
                f"This page is not here in {language(self._locale)}; the index shows those that are."
            )
            self.notify(told, timeout=TOLD_FOR, markup=False)

    def _settle(self) -> None:
        self._is_settled = True
        self.app.give_input(self)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """What was typed waits no longer for an index that cannot be read; the rest is said where pages are."""
        if event.worker.group == "load" and event.state is WorkerState.ERROR:
            self._settle()

    def _tell_around(self, problem: Clean) -> None:
        around = self.query_one("#around", Paragraph)
        around.update(Content(f"! {problem}" if problem else ""))
        around.set_class(bool(problem), "-shown")

    @on(Table.Selected, "#index")
    def _chosen(self) -> None:
        entry = self.beside.pages.chosen
        if entry is None:
            return
        if entry.is_section:
            self.beside.pages.toggle(entry.key)
            return
        self.open_spot(Spot(entry.key, self._locale))
        self._read_on()

    def _read_on(self) -> None:
        """Go to the page; where there is little room, it takes all of it."""
        if self.has_class("-narrow"):
            self.beside.add_class("-reading")
        self.view.focus()

    def came_to(self, spot: Spot) -> None:
        """Show in the index where one is, and the headings of the page."""
        tree = self.beside.pages
        tree.reveal(spot.path)
        if self._page is not None:
            self.beside.outline.headings = self._page.markdown.headings
        if not (self._is_outdated or spot.digest):
            self._opened_since |= {(spot.path, spot.locale)}
            if spot.locale == self._locale:
                tree.unmark(spot.path)

    def read_all(self, page: "OpenPage") -> None:
        self.beside.outline.headings = page.markdown.headings

    # Search.

    def _searched(self, words: str) -> None:
        self.mark_only(" ".join(words.split()))
        if words.strip():
            self._search.ask(words)
        else:
            self._search.forget()
            self._show_hits(words, Hits((), _HINT))

    def _find(self, words: str) -> Hits:
        from mimo_tui.services.docs.reading import nothing_found, search
        from mimo_tui.store.docs_cache import CacheProblem

        try:
            found = search(self.services, words)
            if found:
                return Hits(found, "")
            empty = nothing_found(self.services, words, "l, then ctrl+r, fetches")
            return Hits((), f"{empty} Escape clears the search.")
        except (LookupError, CacheProblem) as error:
            return Hits((), str(error.args[0] if error.args else error))

    def _tell_late(self, words: str, hits: Hits) -> None:
        self.post_message(self.FoundLate(words, hits))

    @on(FoundLate)
    def _found_late(self, event: FoundLate) -> None:
        self._show_hits(event.words, event.hits)

    def _show_hits(self, words: str, hits: Hits) -> None:
        from mimo_tui.tui.doc_rows import found_lines

        if words != self.search_input.value:  # an answer that came too late
            return
        self._found = hits.found
        self.beside.face = "hits" if words.strip() else self.beside.face
        self.beside.hits.empty = hits.empty
        self.beside.hits.hits = found_lines(hits.found, self._locale)

    @on(Input.Submitted, "#search")
    def _search_done(self) -> None:
        if self.beside.face == "hits":
            self.beside.hits.action_select()

    @on(SearchHits.Opened)
    def _open_hit(self, event: SearchHits.Opened) -> None:
        if event.number < len(self._found):
            hit = self._found[event.number]
            words = " ".join(self.search_input.value.split())
            self.open_spot(Spot(hit.path, hit.locale, hit.anchor, words))
            self._read_on()

    # The headings of the page.

    def action_outline(self) -> None:
        self.beside.face = "outline"
        self.beside.remove_class("-reading", "-alone")
        self.beside.outline.move_to(self.view.heading)
        self.beside.outline.focus()

    @on(PageView.HeadingChanged)
    def _reading_at(self, event: PageView.HeadingChanged) -> None:
        if self.beside.face == "outline" and not self.beside.outline.has_focus:
            self.beside.outline.move_to(event.anchor)

    @on(Table.Selected, "#outline")
    def _go_to_heading(self, event: Table.Selected) -> None:
        if self.spot is not None:
            self.go_to_heading(event.row.key)
            self._read_on()

    # Fetching.

    def action_fetch(self) -> None:
        if not self.is_fetching:
            self._fetch(self._locale or ENGLISH)

    @work(exclusive=True, group="fetch", exit_on_error=False)
    async def _fetch(self, locale: str) -> None:
        from mimo_tui.services.refusals import NothingSent
        from mimo_tui.store.docs_cache import CacheProblem
        from mimo_tui.tui.doc_fetch import fetch, marked, summary

        self.is_fetching = True
        self._tell_progress(clean("… looking for the index; escape stops"))
        try:
            updated = await fetch(self.services, locale, self._tell_progress)
            if updated is not None:
                if updated.found:
                    changed = marked(updated)
                    names = frozenset((path, locale) for path in changed)
                    self._new = frozenset(name for name in self._new if name[1] != locale) | names
                    self._opened_since -= names
                    self.note_changes(changed, locale)
                title = "Fetched" if updated.found else "Not fetched"
                self.notify(summary(updated), title=title, timeout=TOLD_FOR, markup=False)
        except (NothingSent, CacheProblem) as problem:
            told = clean(str(problem))
            self.notify(told, title="Not fetched", severity="error", timeout=TOLD_FOR, markup=False)
        finally:
            self.is_fetching = False
            self._tell_progress(NOTHING)
            self.load()
            if self.search_input.value.strip():
                self._search.ask(self.search_input.value)

    def _tell_progress(self, told: Clean) -> None:
        progress = self.query_one("#progress", Static)
        progress.update(Content(told))
        progress.set_class(bool(told), "-shown")

    def action_stop(self) -> None:
        self.workers.cancel_group(self, "fetch")
        self.notify("What has come is kept.", title="Stopped", markup=False)

    # Where one looks.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Escape stops a fetch, goes from the page to what stands beside it, and from there back to the index."""
        if not self.is_mounted or action not in _OF_THE_MOMENT:
            return super().check_action(action, parameters)
        is_beside = self.focused in (self.beside.front, self.search_input)
        clears = not self.is_fetching and is_beside and self.beside.face == "hits"
        match action:
            case "stop":
                return self.is_fetching
            case "clear":
                return clears
            case "return":
                return self._is_visit and not (self.is_fetching or clears)
            case "index":
                return (
                    not (self.is_fetching or clears or self._is_visit)
                    and self.focused is not self.beside.pages
                )
            case "to_list":
                return self.focused is self.search_input
            case _:
                return bool(self.beside.outline.headings)

    @property
    def _is_visit(self) -> bool:
        """Whether one is still on the page to which another place led, and is not searching."""
        here, landed = self.spot, self._landed
        stays = (
            here is not None
            and landed is not None
            and (here.path, here.locale) == (landed.path, landed.locale)
        )
        return bool(self._origin) and stays and self.focused is not self.search_input

    def action_return(self) -> None:
        self.post_message(GoTo(self._origin))

    def action_search(self) -> None:
        # Before the first letter: to change what stands there takes longer than to fill it.
        self._show_search()
        self.search_input.focus()

    @on(events.DescendantFocus, "#search")
    def _show_search(self) -> None:
        self.beside.face = "hits"
        self.beside.hits.empty = self.beside.hits.empty or _HINT
        self.beside.remove_class("-reading", "-alone")

    def action_to_list(self) -> None:
        if not self.search_input.value.strip():
            self.beside.face = "index"
        self.beside.front.focus()

    def action_clear(self) -> None:
        self.search_input.value = ""
        self.beside.face = "index"
        self.beside.pages.focus()

    def action_index(self) -> None:
        self.beside.remove_class("-reading", "-alone")
        if self.beside.face == "outline" and self.beside.outline.has_focus:
            self.beside.face = "hits" if self.search_input.value.strip() else "index"
        self.beside.front.focus()

    def action_beside(self) -> None:
        hidden = not self.beside.display
        self.beside.remove_class("-reading", "-alone")
        if hidden:
            self.beside.front.focus()
        else:
            self.beside.add_class("-alone")
            self.view.focus()

    def action_language(self) -> None:
        self._locale = CHINESE if self._locale == ENGLISH else ENGLISH
        self._turns = True
        self.load()
