"""What stands beside a page: the index, the hits of a search, or the headings of the page."""

from typing import Literal, TypeAlias

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.getters import query_one
from textual.reactive import reactive
from textual.widget import Widget

from mimo_tui.tui.widgets.doc_outline import DocOutline
from mimo_tui.tui.widgets.doc_tree import DocTree
from mimo_tui.tui.widgets.search_hits import SearchHits

Face: TypeAlias = Literal["index", "hits", "outline"]


class DocBeside(Vertical):
    """One of three lists; the others keep their place while they are not shown."""

    DEFAULT_CSS = """
    DocBeside {
        & > * { height: 1fr; }
        #hits, #outline { display: none; }
    }
    """

    pages = query_one("#index", DocTree)
    hits = query_one("#hits", SearchHits)
    outline = query_one("#outline", DocOutline)

    face: reactive[Face] = reactive("index")

    def compose(self) -> ComposeResult:
        yield DocTree(id="index")
        yield SearchHits(id="hits")
        yield DocOutline(id="outline")

    @property
    def front(self) -> Widget:
        """The list that is shown."""
        return self._lists()[self.face]

    def watch_face(self, face: Face) -> None:
        if self.is_mounted:
            for name, part in self._lists().items():
                part.display = name == face

    def _lists(self) -> dict[Face, Widget]:
        return {"index": self.pages, "hits": self.hits, "outline": self.outline}
