"""All about one complaint, beside the list."""

from typing import TYPE_CHECKING, TypeAlias

from textual.containers import VerticalScroll
from textual.reactive import reactive
from textual.widgets import Static

if TYPE_CHECKING:
    from mimo_tui.core.drift import Unchecked
    from mimo_tui.services.doctor.complaints import Complaint, Examination
    from mimo_tui.tui.widgets.complaint_text import Group

    Shown: TypeAlias = Complaint | Group | Unchecked | Examination
    """What a row is about; an examination stands for what all of it rests on."""


class ComplaintDetail(VerticalScroll, can_focus=True):
    """Shows one complaint, or what could not be checked, or what all of it rests on."""

    HELP = """\
## The complaint

What is wrong and what mends it, as a fix of the list (`f`) or as a command to type; then because of what, and for docs
and service what was expected, what was seen instead, and the words in which it stands there.
"""
    DEFAULT_CSS = """
    ComplaintDetail {
        padding: 0 1;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable; /* the text is wrapped to the width, which must not depend on its own length */
        & > Static { width: 1fr; height: auto; }
    }
    """

    shown: "reactive[Shown | None]" = reactive(None)

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 Textual's word
        super().__init__(Static(), id=id)

    def on_mount(self) -> None:
        self._show()

    def on_resize(self) -> None:
        self._show()

    def watch_shown(self) -> None:
        self._show()
        self.scroll_home(animate=False)

    def _show(self) -> None:
        if self.shown is None:
            self.query_one(Static).update("")
            return
        from mimo_tui.core.drift import Unchecked
        from mimo_tui.services.doctor.complaints import Complaint
        from mimo_tui.tui.widgets import complaint_text as texts

        width = self.scrollable_content_region.width
        match self.shown:
            case Complaint():
                text = texts.complaint_text(self.shown, width)
            case texts.Group():
                text = texts.group_text(self.shown, width)
            case Unchecked():
                text = texts.unchecked_text(self.shown, width)
            case _:
                text = texts.basis_text(self.shown, width)
        self.query_one(Static).update(text)
