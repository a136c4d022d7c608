"""What a page of the documentation is made of, as plain text."""

from dataclasses import dataclass, field
from datetime import date

from mimo_tui.core.text import NOTHING, Clean


@dataclass(frozen=True, slots=True)
class Table:
    """A table, HTML or markdown. Cells are plain text, `headings` those that it stands under, outermost first.

    Each row has as many cells as there are columns: spans are filled in, missing cells empty. `line` counts from 1.
    """

    headings: tuple[Clean, ...]
    columns: tuple[Clean, ...]
    rows: tuple[tuple[Clean, ...], ...]
    line: int


@dataclass(frozen=True, slots=True)
class Node:
    """A parameter of an API schema (`InlineSchemaV2`). `description` is plain text, its `<br />` line ends."""

    name: Clean
    types: tuple[Clean, ...]
    required: bool
    default: Clean
    description: Clean
    is_field: bool
    children: tuple["Node", ...] = ()


@dataclass(frozen=True, slots=True)
class Schema:
    """A tree of parameters."""

    headings: tuple[Clean, ...]
    nodes: tuple[Node, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, a list item or a quotation, as plain text on one line, without its marks; links as their text."""

    headings: tuple[Clean, ...]
    text: Clean
    line: int


@dataclass(frozen=True, slots=True)
class Code:
    """A fenced block. `tab` is the label of the tab that it stands in."""

    headings: tuple[Clean, ...]
    language: Clean
    text: Clean
    line: int
    tab: Clean = NOTHING


Block = Table | Schema | Paragraph | Code


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says. `updated` is the date at its foot."""

    title: Clean
    updated: date | None
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the markdown, with the line that it stands on (from 0) and its anchor."""

    level: int
    title: Clean
    anchor: str
    line: int


@dataclass(frozen=True, slots=True)
class Markdown:
    """A page as clean markdown. `dropped` names what markdown cannot say and was left out, each once."""

    title: Clean
    text: Clean = field(repr=False)
    headings: tuple[Heading, ...]
    updated: date | None
    dropped: tuple[Clean, ...] = ()
