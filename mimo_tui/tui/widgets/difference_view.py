"""Where what was heard differs from what was to be said."""

from collections.abc import Iterable
from typing import Final

from textual.containers import VerticalScroll
from textual.content import Content
from textual.reactive import reactive

from mimo_tui.core.speech.differing import Difference, Kind, Part
from mimo_tui.core.text import clean_lines
from mimo_tui.tui.widgets.paragraph import Paragraph

_STYLES: Final = {Kind.MISSING: "$text-error", Kind.ADDED: "$text-success underline", Kind.SAME: ""}
_MARKS: Final = {Kind.MISSING: ("[-", "-]"), Kind.ADDED: ("{+", "+}"), Kind.SAME: ("", "")}


class DifferenceView(VerticalScroll, can_focus=True):
    """Shows a difference; nothing where there is none to show yet."""

    HELP = """\
## Said and heard

What was to be said, with `[-…-]` around what was not heard, and `{+…+}` around what was heard in its place. Capitals,
punctuation and tags such as `[sigh]` do not count.
"""
    DEFAULT_CSS = """
    DifferenceView {
        padding: 0 1;
        scrollbar-size-vertical: 1;
        & > Paragraph { width: 1fr; }
    }
    """

    difference: reactive[Difference | None] = reactive(None)

    def __init__(self, difference: Difference | None = None, *, id: str | None = None) -> None:  # noqa: A002 Textual's word
        super().__init__(Paragraph(), id=id)
        self.set_reactive(DifferenceView.difference, difference)

    def on_mount(self) -> None:
        self.watch_difference(self.difference)

    def watch_difference(self, difference: Difference | None) -> None:
        self.query_one(Paragraph).update(difference_text(difference) if difference is not None else "")
        self.scroll_home(animate=False)


def rate_text(difference: Difference) -> str:
    """Give how much differs, in words: `2 of 41 words differ`."""
    units, unit = difference.units, difference.unit.value
    if not units:
        return "There is nothing to compare."
    if not difference.differing:
        return f"All {units:,} {unit} were heard as they were to be said."
    one = "s" if difference.differing == 1 else ""
    return f"{difference.differing:,} of {units:,} {unit} differ{one} ({difference.rate:.0%})."


def difference_text(difference: Difference) -> Content:
    """Give the difference as text; signs say the same as the colours."""
    sign = ("✓ ", "$text-success") if not difference.differing else ("≠ ", "$text-warning")
    first = Content.assemble(sign, (rate_text(difference), "bold"))
    if not difference.differing:
        return first
    legend = Content.assemble(
        ("[-to be said, and not heard-]", _STYLES[Kind.MISSING]),
        "  ",
        ("{+heard instead+}", _STYLES[Kind.ADDED]),
    ).stylize("dim")
    return Content("\n").join([first, legend, Content("").join(_shown(difference.parts))])


def _shown(parts: Iterable[Part]) -> Iterable[Content]:
    for part in parts:
        text = clean_lines(part.text)
        words = text.strip()
        opening, closing = _MARKS[part.kind]
        before, _, after = text.partition(words) if words else (text, "", "")
        marked = Content.styled(f"{opening}{words}{closing}", _STYLES[part.kind]) if words else Content("")
        yield Content.assemble(before, marked, after)
