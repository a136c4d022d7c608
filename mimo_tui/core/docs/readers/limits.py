"""Requests and tokens a minute of each model (`mimo-api.md` §13.2)."""

from collections.abc import Mapping

from mimo_tui.core.docs.page import Page
from mimo_tui.core.docs.readers.amounts import count
from mimo_tui.core.docs.readers.conditions import are_elsewhere, is_limited
from mimo_tui.core.docs.readers.grid import Grid, find_column, grids
from mimo_tui.core.docs.readers.rows import Tally
from mimo_tui.core.docs.readers.statements import Draft, Reading, Subject
from mimo_tui.core.docs.readers.words import Meaning
from mimo_tui.core.text import clean

_A_MINUTE = (
    "tokens per min",
    "tokens a min",
    "tokens min",
    "token min",
    "每分钟 token",
    "每分钟token",
    "token数",
    "token 数",
)
RATES: Mapping[Subject, Meaning] = {
    ("rpm",): Meaning(
        ("rpm", "requests per min", "requests a min", "requests min", "每分钟请求", "请求数", "每分钟次数"),
        _A_MINUTE,
    ),
    ("tpm",): Meaning(("tpm", *_A_MINUTE)),
}


def read_rate(cell: str) -> int | None:
    """Read a number of requests or tokens a minute, with K as 1000; None: not understood."""
    return count(cell, binary=False)


def read_limits(page: Page) -> Reading:
    """Read the tables of limits."""
    draft = Draft()
    tally = Tally(draft)
    for grid in grids(page):
        if not are_elsewhere(grid.headings[1:]):
            read_rates(grid, tally)
    if not any(tally.seen(about) for about in RATES):
        return Reading(
            problem=clean("no table with a column for the model id and one for requests or tokens a minute")
        )
    for about in RATES:
        if not tally.seen(about):
            draft.miss(f"no column for {about[-1]}")
    tally.finish()
    return draft.reading()


def read_rates(grid: Grid, tally: Tally) -> None:
    """Read what a table of models says of limits."""
    found = {about: find_column(grid.columns, meaning) for about, meaning in RATES.items()}
    columns = {about: at for about, at in found.items() if at is not None}
    for about in [one for one, at in columns.items() if is_limited(grid.columns[at])]:
        tally.partial([about], f"a column with a condition: {grid.columns[columns.pop(about)]}")
    tally.unnamed(grid, tuple(columns))
    for about, at in columns.items():
        tally.column(grid, at, about, read_rate)
