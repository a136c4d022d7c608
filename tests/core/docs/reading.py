"""Pages of the simulated docs, read by the readers of their areas."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from random import Random

from mimo_tui.core.catalogue import Catalogue, load
from mimo_tui.core.docs.address import CHINESE, ENGLISH, read_address
from mimo_tui.core.docs.page import Block, Page, Paragraph, Table, read_page
from mimo_tui.core.docs.readers import READERS, Reading, Subject
from mimo_tui.core.facts import Toml
from mimo_tui.core.text import Clean, clean
from mimo_tui.simulator.site.contents import shipped

EVERY_PAGE = (
    *((area, ENGLISH) for area in READERS),
    *((area, CHINESE) for area in ("models", "deprecations", "chat", "prices", "speech", "errors", "start")),
)
"""Each page that states facts: its area and its language. The simulated docs have few in Chinese."""


@cache
def known() -> Catalogue:
    """Give the shipped catalogue."""
    return load()


@cache
def text_of(area: str, locale: str = ENGLISH) -> str:
    """Give the page of an area."""
    hosts = frozenset(website.host for website in known().websites)
    address = read_address(known().areas[area].url, hosts)
    assert address is not None
    return shipped().page(address.path, locale).text


@cache
def page_of(area: str, locale: str = ENGLISH) -> Page:
    """Give the page of an area, read."""
    return read_page(text_of(area, locale))


@cache
def reading_of(area: str, locale: str = ENGLISH) -> Reading:
    """Give what the reader of an area gets out of its page."""
    return READERS[area](page_of(area, locale))


def said(reading: Reading) -> dict[Subject, Toml]:
    """Give what a reading says; a subject said otherwise twice is an error."""
    values: dict[Subject, Toml] = {}
    for statement in reading.statements:
        assert values.setdefault(statement.subject, statement.value) == statement.value, statement
    return values


def covers(reading: Reading, subject: Subject) -> bool:
    """Tell whether a reading speaks of a subject."""
    return any(
        len(pattern) == len(subject)
        and all(part in {"*", own} for part, own in zip(pattern, subject, strict=True))
        for pattern in reading.covers
    )


def settled(value: Toml) -> object:
    """Give a value in which the order of a list counts for nothing."""
    if isinstance(value, list):
        return sorted(map(repr, map(settled, value)))
    return {name: settled(part) for name, part in value.items()} if isinstance(value, dict) else value


def same(one: Reading, other: Reading) -> bool:
    """Tell whether two readings say and cover the same; what a status means may be said in other words."""
    mine, theirs = (
        {subject: settled(value) for subject, value in said(reading).items() if subject[-1] != "meaning"}
        for reading in (one, other)
    )
    return mine == theirs and one.covers == other.covers and one.problem == other.problem


Change = Callable[[Table], Table]


def with_tables(page: Page, change: Change) -> Page:
    """Give the page with each of its tables changed."""
    blocks: list[Block] = [change(block) if isinstance(block, Table) else block for block in page.blocks]
    return replace(page, blocks=tuple(blocks))


def with_cells(page: Page, change: Callable[[str], str], *, columns: bool = True) -> Page:
    """Give the page with each cell of its tables changed, those of headings too."""

    def changed(table: Table) -> Table:
        rows = tuple(tuple(clean(change(cell)) for cell in row) for row in table.rows)
        heads = tuple(clean(change(cell)) for cell in table.columns) if columns else table.columns
        return replace(table, columns=heads, rows=rows)

    return with_tables(page, changed)


def turned(table: Table) -> Table:
    """Give a table with its rows as columns."""
    lines = list(zip(*[table.columns, *table.rows], strict=True))
    return replace(table, columns=lines[0], rows=tuple(lines[1:]))


def shuffled(table: Table, seed: int, *, rows: bool = True, columns: bool = True) -> Table:
    """Give a table with its rows and columns in another order."""
    random = Random(seed)
    across = list(range(len(table.columns)))
    down = list(table.rows)
    if columns:
        random.shuffle(across)
    if rows:
        random.shuffle(down)
    return replace(
        table,
        columns=tuple(table.columns[at] for at in across),
        rows=tuple(tuple(row[at] for at in across) for row in down),
    )


def table(text: str, *, headings: tuple[str, ...] = (), line: int = 1) -> Table:
    """Give a table written with a line for each row and `|` between its cells, the headings first."""
    lines = [tuple(clean(cell.strip()) for cell in one.split("|")) for one in text.strip().splitlines()]
    return Table(tuple(map(clean, headings)), lines[0], tuple(lines[1:]), line)


def page(*blocks: Table | str, title: str = "Page") -> Page:
    """Give a page of tables and paragraphs."""
    made: list[Block] = [Paragraph((), clean(one), 1) if isinstance(one, str) else one for one in blocks]
    return Page(Clean(title), None, tuple(made))
