"""A page that is written otherwise and says the same is read the same; one that is not understood says nothing."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from mimo_tui.core.docs.page import Code, Node, Page, Paragraph, Schema, Table, read_page
from mimo_tui.core.docs.readers import READERS
from mimo_tui.core.text import clean
from tests.core.docs.reading import (
    EVERY_PAGE,
    page_of,
    reading_of,
    same,
    shuffled,
    text_of,
    turned,
    with_cells,
    with_tables,
)

OF_MODELS = ("models", "deprecations", "prices", "plan-prices", "rate-limits", "parameters")


def pipes(text: str) -> str:
    """Give the text with its HTML tables as pipe tables."""

    def piped(match: re.Match[str]) -> str:
        rows = re.findall(r"<tr>(.*?)</tr>", match[0], re.DOTALL)
        lines = []
        for row in rows:
            cells = re.findall(r"<t[hd]>(.*?)</t[hd]>", row, re.DOTALL)
            plain = [
                re.sub(r"</?code>", "`", cell).replace("&lt;", "<").replace("&gt;", ">") for cell in cells
            ]
            lines.append(f"| {' | '.join(plain)} |")
        return "\n".join([lines[0], "|" + "---|" * lines[0].count(" | ") + "---|", *lines[1:]])

    return re.sub(r"<table>.*?</table>", piped, text, flags=re.DOTALL)


TEXTS: dict[str, Callable[[str], str]] = {
    "pipe tables": pipes,
    "blank lines": lambda text: "\n\n" + text.replace("\n\n## ", "\n\n\n\n## ").replace("<table>", "\n\n<table>"),
    "windows line ends": lambda text: text.replace("\n", "\r\n"),
    "no code marks in tables": lambda text: re.sub(r"(<t[hd]>)<code>([^<]*)</code>", r"\1\2", text),
    "bold ids": lambda text: re.sub(
        r"<td><code>([^<]*)</code></td>", r"<td><strong><code>\1</code></strong></td>", text
    ),
    "links in cells": lambda text: re.sub(
        r"<td><code>(mimo[^<]*)</code></td>",
        r'<td><a href="https://mimo.mi.com/models/en-US/\1"><code>\1</code></a></td>',
        text,
    ),
    "no column widths": lambda text: re.sub(r"  <colgroup>.*?</colgroup>\n", "", text, flags=re.DOTALL),
    "tables on one line": lambda text: re.sub(
        r"<table>.*?</table>", lambda match: re.sub(r"\n\s*", "", match[0]), text, flags=re.DOTALL
    ),
    "attributes and capitals": lambda text: re.sub(r"<(/?)(td|tr|th)>", lambda m: f"<{m[1]}{m[2].upper()}>", text),
    "a foreword": lambda text: text.replace("\n\n", "\n\nThis page was revised. Please read it with care.\n\n", 1),
    "an epilogue": lambda text: text + "\n\nQuestions? Ask in the forum, any day of the week.\n",
    "a table of something else": lambda text: text + "\n\n| Day | Tea |\n|---|---|\n| Monday | Green |\n",
    "a comment": lambda text: text.replace("<table>", "{/* mind the step */}\n\n<table>"),
    "a highlight": lambda text: text.replace(
        "<table>", "<div className='mdx-highlight'>\n\nNews!\n\n</div>\n\n<table>", 1
    ),
}  # fmt: skip


def _bold(cell: str) -> str:
    return f"**{cell}**" if cell else cell


def _wide(cell: str) -> str:
    wide = {ord(one): ord(one) + 0xFEE0 for one in "():;%0123456789"}
    return cell if "://" in cell else cell.translate(wide)


def _column(table: Table) -> Table:
    rows = tuple((*row, clean(f"remark {place}")) for place, row in enumerate(table.rows))
    return replace(table, columns=(*table.columns, clean("Popularity")), rows=rows)


def _first_column(table: Table) -> Table:
    rows = tuple((clean(f"#{place}"), *row) for place, row in enumerate(table.rows))
    return replace(table, columns=(clean("No."), *table.columns), rows=rows)


def _sections(table: Table) -> Table:
    width = len(table.columns)
    middle = len(table.rows) // 2
    return replace(
        table,
        rows=(
            (clean("First part"),) * width,
            *table.rows[:middle],
            table.columns,
            (clean("Second part"),) * width,
            *table.rows[middle:],
            (clean(""),) * width,
        ),
    )


PAGES: dict[str, Callable[[Page], Page]] = {
    "rows turned round": lambda page: with_tables(page, lambda one: replace(one, rows=one.rows[::-1])),
    "columns turned round": lambda page: with_tables(
        page, lambda one: replace(one, columns=one.columns[::-1], rows=tuple(row[::-1] for row in one.rows))
    ),
    "an unknown column at the end": lambda page: with_tables(page, _column),
    "an unknown column at the start": lambda page: with_tables(page, _first_column),
    "sections within tables": lambda page: with_tables(page, _sections),
    "bold cells": lambda page: with_cells(page, _bold),
    "full-width signs": lambda page: with_cells(page, _wide),
    "blanks around": lambda page: with_cells(page, lambda cell: f"\u00a0 {cell} "),
    "headings in capitals": lambda page: with_tables(
        page, lambda one: replace(one, columns=tuple(clean(column.upper()) for column in one.columns))
    ),
    "a dash instead of a long dash": lambda page: with_cells(page, lambda cell: "-" if cell == "—" else cell),
    "nothing instead of a dash": lambda page: with_cells(page, lambda cell: "" if cell == "—" else cell),
    "paragraphs in another order": lambda page: replace(
        page, blocks=(*(one for one in page.blocks if not isinstance(one, Paragraph)),
                      *(one for one in page.blocks if isinstance(one, Paragraph)))
    ),
    "tables in another order": lambda page: replace(page, blocks=page.blocks[::-1]),
    "parameters in another order": lambda page: replace(
        page,
        blocks=tuple(
            replace(one, nodes=one.nodes[::-1]) if isinstance(one, Schema) else one for one in page.blocks
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("rewrite", TEXTS)
def test_a_text_that_is_set_otherwise_says_the_same(rewrite: str) -> None:
    for area, locale in EVERY_PAGE:
        text = text_of(area, locale)
        changed = READERS[area](read_page(TEXTS[rewrite](text)))
        assert same(changed, reading_of(area, locale)), (area, locale, changed.problem)


@pytest.mark.parametrize("rewrite", PAGES)
def test_a_page_in_another_order_or_dress_says_the_same(rewrite: str) -> None:
    for area, locale in EVERY_PAGE:
        changed = READERS[area](PAGES[rewrite](page_of(area, locale)))
        assert same(changed, reading_of(area, locale)), (area, locale, changed.problem)


@given(some.integers(0, 2**32), some.sampled_from(EVERY_PAGE))
@settings(max_examples=60, deadline=None)
def test_the_order_of_rows_and_columns_never_counts(seed: int, place: tuple[str, str]) -> None:
    area, locale = place
    page = with_tables(page_of(area, locale), lambda one: shuffled(one, seed))
    assert same(READERS[area](page), reading_of(area, locale))


@pytest.mark.parametrize("area", OF_MODELS)
def test_a_table_may_have_its_models_as_columns(area: str) -> None:
    page = with_tables(page_of(area), turned)
    assert same(READERS[area](page), reading_of(area))


@pytest.mark.parametrize(("area", "locale"), EVERY_PAGE)
def test_without_its_tables_and_schemas_a_page_says_nothing_and_says_so(area: str, locale: str) -> None:
    page = page_of(area, locale)
    blocks = tuple(one for one in page.blocks if not isinstance(one, Table | Schema))
    reading = READERS[area](replace(page, blocks=blocks))
    assert reading.problem
    left = {statement.subject[0] for statement in reading.statements}
    assert left <= {"paths", "facts", "parameters"}
    assert {subject[0] for subject in reading.covers} == left


WORDS = some.sampled_from(
    ["mimo-v2.6-pro", "Model ID", "模型", "Context", "1M", "128K", "—", "Yes", "不支持", "Input (Cache Hit)", "Output",
     "2026-10-21 10:00", "2026-13-45", "¥3 / 1M tokens", "Free for a limited time", "99999999999999999999", "-", "401",
     "TTS models", "Voice", "Language", "https://a.b/v1", "https://<x>.b.c", "tp-", "٣", "²", "Range: [5, 1]",
     "Offline", "RPM", "CNY", "USD", "Credits", "Unit", "message", "type", "Status", "Key", "24:99", "1,0,0", "(((",
     "x" * 500, "0", "", "Released"]
)  # fmt: skip
CELLS = (WORDS | some.text(max_size=12)).map(clean)


@some.composite
def tables(draw: some.DrawFn) -> Table:
    """Draw a table; its rows may be too long or too short."""
    rows = some.lists(some.lists(CELLS, max_size=6).map(tuple), max_size=5).map(tuple)
    headings = some.lists(CELLS, max_size=2).map(tuple)
    return Table(
        draw(headings), draw(some.lists(CELLS, max_size=6).map(tuple)), draw(rows), draw(some.integers(1, 99))
    )


NODES = some.recursive(
    some.builds(
        Node,
        name=some.sampled_from(["model", "messages", "input", "temperature"]).map(clean) | CELLS,
        types=some.lists(
            some.sampled_from(["string", "object", "array", "number"]).map(clean), max_size=3
        ).map(tuple),
        required=some.booleans(),
        default=CELLS,
        description=CELLS,
        is_field=some.booleans(),
    ),
    lambda children: some.builds(
        Node,
        name=CELLS,
        types=some.just((clean("object"),)),
        required=some.booleans(),
        default=CELLS,
        description=CELLS,
        is_field=some.just(value=True),
        children=some.lists(children, max_size=3).map(tuple),
    ),
    max_leaves=6,
)
NO_HEADINGS = some.just(())
BLOCKS = (
    tables()
    | some.builds(
        Paragraph, NO_HEADINGS, some.lists(CELLS, max_size=8).map(" ".join).map(clean), some.just(3)
    )
    | some.builds(Code, NO_HEADINGS, some.just(clean("")), CELLS, some.just(3))
    | some.builds(Schema, NO_HEADINGS, some.lists(NODES, max_size=4).map(tuple), some.just(3))
)


def read_all(page: Page) -> None:
    """Read a page by every reader."""
    for reader in READERS.values():
        reading = reader(page)
        assert reading.covers or not reading.statements
        for statement in reading.statements:
            assert len(statement.quote) <= 300


@given(some.lists(BLOCKS, max_size=4))
@settings(max_examples=60, deadline=None)
def test_no_page_breaks_a_reader(blocks: list[Table | Paragraph | Code | Schema]) -> None:
    read_all(Page(clean("x"), None, tuple(blocks)))


@pytest.mark.long
@given(some.lists(BLOCKS, max_size=4))
@settings(max_examples=2_000, deadline=None)
def test_no_page_breaks_a_reader_at_length(blocks: list[Table | Paragraph | Code | Schema]) -> None:
    read_all(Page(clean("x"), None, tuple(blocks)))
