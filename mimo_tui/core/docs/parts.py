"""The parts of a page, each with its text as it stands there; `inline` makes plain text or markdown of it."""

from dataclasses import dataclass

from mimo_tui.core.docs.grid import Grid
from mimo_tui.core.docs.schema import Parameter


@dataclass(slots=True)
class Title:
    """A heading. `anchor` is set where the page chose it."""

    level: int
    source: str
    line: int
    anchor: str = ""


@dataclass(slots=True)
class Text:
    """A paragraph; with `marks` an item of a list (`- `) or a quotation (`> `). `gap`: a blank line stands before."""

    source: str
    line: int
    marks: str = ""
    gap: bool = True


@dataclass(slots=True)
class TableOf:
    """A table."""

    grid: Grid
    line: int


@dataclass(slots=True)
class Parameters:
    """A schema; `found` is None where it cannot be read, `source` is how it is written."""

    found: tuple[Parameter, ...] | None
    source: str
    line: int


@dataclass(slots=True)
class Fence:
    """A block of code, within a list behind blanks (`marks`)."""

    language: str
    text: str
    line: int
    marks: str = ""


@dataclass(slots=True)
class Label:
    """What stands on a tab or on a part that unfolds."""

    source: str
    line: int
    is_tab: bool


@dataclass(slots=True)
class TabEnd:
    """The end of a tab."""


@dataclass(slots=True)
class Frame:
    """The begin of a part that stands out, or its end."""

    begins: bool


@dataclass(slots=True)
class Rule:
    """A line across the page."""


Part = Title | Text | TableOf | Parameters | Fence | Label | TabEnd | Frame | Rule


@dataclass(frozen=True, slots=True)
class Structure:
    """The parts of a page in their order. `dropped` names what was left out, `title` is that of its front matter."""

    parts: tuple[Part, ...]
    dropped: tuple[str, ...]
    title: str = ""
