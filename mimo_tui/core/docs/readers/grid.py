"""A table of models, whichever way it lies: a line for each model, a column for each thing that is said of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mimo_tui.core.docs.page import Page, Table
from mimo_tui.core.docs.readers.ids import ids_of
from mimo_tui.core.docs.readers.words import Meaning, plain, words
from mimo_tui.core.text import Clean

_SUCCESSOR = (
    "instead", "successor", "replace", "migrate", "recommend", "alternative", "new model", "upgrade", "move to",
    "替代", "替换", "改用", "后继", "推荐", "迁移", "新模型", "升级",
)  # fmt: skip
_WIDEST, _LONGEST, _MOST_TABLES = 60, 1000, 300
_MODEL = ("model", "id", "ids", "模型")
_GROUP = ("model", "series", "family", "tts", "asr", "chat", "模型", "系列")
_ABOUT = ("capabilit", "feature", "abilit", "item", "property", "能力", "功能", "特性", "项目")


@dataclass(frozen=True, slots=True)
class Line:
    """What is said of the models `ids`, or of what `label` names: a cell for each column, and its row."""

    ids: tuple[str, ...]
    label: Clean
    cells: tuple[str, ...]
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of models. `columns` are the headings but that of the ids; `line` is where the table stands."""

    headings: tuple[Clean, ...]
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    line: int


def grids(page: Page) -> Iterator[Grid]:
    """Give the tables of models of a page."""
    for table in _few(page):
        if (found := grid(table)) is not None:
            yield found


def grid(table: Table) -> Grid | None:
    """Give a table as one of models; None: it has no ids."""
    rows = _rows(table)
    if not rows:
        return None
    across = [at for at, column in enumerate(table.columns) if ids_of(column)]
    down = _id_column(table.columns, rows)
    if down is not None and not (len(across) > 1 and not words(table.columns[down]).say(_MODEL)):
        return Grid(
            table.headings,
            tuple(column for at, column in enumerate(table.columns) if at != down),
            tuple(
                Line(
                    ids_of(row[down]),
                    Clean(row[down]),
                    tuple(cell for at, cell in enumerate(row) if at != down),
                    tuple(row_quote(row) for at in range(len(row)) if at != down),
                )
                for row in rows
            ),
            table.line,
        )
    return _turned(table, rows) if across else None


def row_quote(row: Sequence[str]) -> str:
    """Give a row as one line."""
    return " | ".join(row)


def tables(page: Page) -> Iterator[tuple[Table, list[tuple[str, ...]]]]:
    """Give each table with the rows that say something."""
    for table in _few(page):
        if rows := _rows(table):
            yield table, rows


def _few(page: Page) -> list[Table]:
    """Give the tables of a page; none of a page that has more than any page of facts."""
    found = [block for block in page.blocks if isinstance(block, Table)]
    return found if len(found) <= _MOST_TABLES else []


def find_column(columns: Sequence[str], meaning: Meaning) -> int | None:
    """Give the column that means this; None: none, or not certain which."""
    fitting = [at for at, column in enumerate(columns) if meaning.fits(words(column))]
    if len(fitting) > 1:
        fitting = [at for at in fitting if plain(columns[at]) in meaning.has]
    return fitting[0] if len(fitting) == 1 else None


def _rows(table: Table) -> list[tuple[str, ...]]:
    """Give the rows, each as wide as the table, without headings within it; none of a huge table."""
    width = len(table.columns)
    if width > _WIDEST or len(table.rows) > _LONGEST:
        return []
    rows = [tuple(map(str, [*row, *[""] * width][:width])) for row in table.rows]
    headings = tuple(map(plain, table.columns))
    return [
        row
        for row in rows
        if any(row)
        and tuple(map(plain, row)) != headings
        and not (width > 1 and len(set(map(plain, row))) == 1)
    ]


def _id_column(columns: Sequence[str], rows: Sequence[tuple[str, ...]]) -> int | None:
    filled = {at: sum(1 for row in rows if ids_of(row[at])) for at in range(len(columns))}
    known = [at for at in filled if filled[at]]
    own = [at for at in known if not words(columns[at]).say(_SUCCESSOR)]
    named = [at for at in own if words(columns[at]).say(_MODEL)]
    if named:
        return max(named, key=lambda at: filled[at])
    most = [at for at in own if 2 * filled[at] > len(rows)]
    return most[0] if most else None


def _turned(table: Table, rows: Sequence[tuple[str, ...]]) -> Grid:
    label = _label_column(table.columns, rows)
    models = [at for at, column in enumerate(table.columns) if at != label and _is_of_models(column)]
    return Grid(
        table.headings,
        tuple(row[label] for row in rows),
        tuple(
            Line(
                ids_of(table.columns[at]),
                table.columns[at],
                tuple(row[at] for row in rows),
                tuple(row_quote(row) for row in rows),
            )
            for at in models
        ),
        table.line,
    )


def _label_column(columns: Sequence[str], rows: Sequence[tuple[str, ...]]) -> int:
    """Give the column that says what each row is about: by its heading, else by cells that are all different."""
    others = [at for at, column in enumerate(columns) if not ids_of(column)]
    headed = [at for at in others if not plain(columns[at]) or words(columns[at]).say(_ABOUT)]
    different = [at for at in others if len({plain(row[at]) for row in rows}) == len(rows)]
    return next(iter(headed or different or others), 0)


def _is_of_models(heading: str) -> bool:
    return bool(ids_of(heading)) or words(heading).say(_GROUP)
