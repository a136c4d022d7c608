"""The versions of a page: when each came, and what it changed."""

from typing import ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Static
from textual.worker import Worker, get_current_worker

from mimo_tui.core.diff import DiffLine
from mimo_tui.core.text import clean
from mimo_tui.services import Services
from mimo_tui.services.docs.reading import difference
from mimo_tui.store.docs_cache import CacheProblem, Version
from mimo_tui.tui.doc_fetch import megabytes
from mimo_tui.tui.doc_pages import OpenPage
from mimo_tui.tui.failures import tell_failure
from mimo_tui.tui.screens.dialog import Dialog
from mimo_tui.tui.widgets.diff_view import DiffView
from mimo_tui.tui.widgets.key_bar import KeyBar
from mimo_tui.tui.widgets.paragraph import Paragraph
from mimo_tui.tui.widgets.table import Column, Row, Table

_COLUMNS: Final = (
    Column("when", "First seen", 16),
    Column("what", "", 24, weight=1),
    Column("size", "Size", 8, align="right"),
    Column("digest", "Version", 12, priority=1),
)
_SHOWN: Final = 12


class VersionTable(Table):
    """The versions, in which enter opens one."""

    HELP = ""  # that of the screen says it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Read", id="table.select", tooltip="Read this version"),
    ]


class VersionDiff(DiffView):
    """What changed from one version to another."""

    HELP = """\
## Changes

What the older version said (`-`) and what the newer one says (`+`), as the page is written.
"""


class DocHistoryScreen(Dialog[str | None]):
    """Shows the versions of a page, and what each changed. Gives the digest of the one to be read."""

    DEFAULT_CSS = """
    DocHistoryScreen {
        align: center middle;
        & > .dialog { width: 110; height: 1fr; }
        VersionTable { height: auto; max-height: 30%; min-height: 3; margin: 1 0 0 0; }
        #between { color: $text-muted; height: auto; margin: 1 0 0 0; }
        VersionDiff { height: 1fr; }
    }
    """
    HELP = """\
## Versions of a page

Every text that the page had when it was fetched, newest first. Below stands what the one under the cursor changed
against the one before it; `space` marks one, and then the others are held against that. `enter` opens one to read,
`tab` goes to the changes, to scroll there.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "space", "mark", "Compare with", id="versions.mark", tooltip="Hold the others against this one"
        ),
        Binding("escape", "back", "Back", id="versions.back", tooltip="Back to the page"),
    ]

    table = query_one(VersionTable)
    diff = query_one(VersionDiff)

    def __init__(self, services: Services, page: OpenPage) -> None:
        super().__init__()
        self.services = services
        self.page = page
        self._marked: int | None = None

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(
                Content.assemble("Versions of ", (self.page.head.title, "bold $primary")), classes="title"
            )
            yield VersionTable(_COLUMNS)
            yield Paragraph(id="between")
            yield VersionDiff()
        yield KeyBar()

    def on_mount(self) -> None:
        self._show_rows()
        digests = [version.digest for version in self.page.versions]
        self.table.move_to(str(digests.index(self.page.digest)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 Textual's
        """Two can be compared where there are two."""
        return action != "mark" or len(self.page.versions) > 1

    def _show_rows(self) -> None:
        # Known by its number: a text that came back has the digest that it had before.
        self.table.rows = tuple(
            Row(
                str(number),
                (_when(version), self._words(number), megabytes(version.size), version.digest[:_SHOWN]),
            )
            for number, version in enumerate(self.page.versions)
        )

    def _words(self, number: int) -> str:
        words = ["the newest"] if number == 0 else []
        words += ["compared with"] if number == self._marked else []
        return ", ".join(words)

    @on(Table.Highlighted)
    def _chosen(self) -> None:
        if not self.table.rows:
            return
        here, versions = self.table.cursor, self.page.versions
        other = here + 1 if self._marked is None or self._marked == here else self._marked
        between = self.query_one("#between", Paragraph)
        self.diff.lines = ()
        self.diff.display = other < len(versions)
        if other >= len(versions):
            alone = "There is one version of this page: nothing has changed since it came."
            between.update(Content(alone if len(versions) == 1 else "This is the oldest version."))
            return
        new, old = sorted((here, other))  # the newest stands first
        told = f"From {_when(versions[old])} to {_when(versions[new])}:"
        between.update(Content(clean(told)))
        self._compare(versions[old].digest, versions[new].digest)

    @work(thread=True, exclusive=True, group="compare", exit_on_error=False)
    def _compare(self, old: str, new: str) -> None:
        worker, spot = get_current_worker(), self.page.spot
        try:
            found = difference(self.services, spot.path, locale=spot.locale, old=old, new=new)
        except (LookupError, CacheProblem) as error:
            self.notify(clean(str(error)), title="Not compared", severity="error", markup=False)
            return
        if not worker.is_cancelled:
            self.app.call_from_thread(self._show, found.lines if found is not None else ())

    def _show(self, lines: tuple[DiffLine, ...]) -> None:
        self.diff.lines = lines

    @on(Table.Selected)
    def _read(self) -> None:
        self.dismiss(self.page.versions[self.table.cursor].digest)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        tell_failure(self.app, event)

    def action_mark(self) -> None:
        self._marked = None if self._marked == self.table.cursor else self.table.cursor
        self._show_rows()
        self._chosen()

    def action_back(self) -> None:
        self.dismiss(None)


def _when(version: Version) -> str:
    return f"{version.seen.astimezone():%Y-%m-%d %H:%M}"
