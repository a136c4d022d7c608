"""The page of errors: what each status means, and what its body says (`mimo-api.md` §12)."""

import re
from collections.abc import Mapping, Sequence

from mimo_tui.core.docs.page import Page, Table
from mimo_tui.core.docs.readers.amounts import silent
from mimo_tui.core.docs.readers.grid import find_column, row_quote, tables
from mimo_tui.core.docs.readers.statements import ANY, Draft, Reading, shortened
from mimo_tui.core.docs.readers.words import Meaning, bare, plain, words
from mimo_tui.core.facts import Toml
from mimo_tui.core.text import clean

_CODE = re.compile(r"(?<![0-9])[45][0-9]{2}(?![0-9])")
_CODES_ONLY = re.compile(r"(?:http|[\s0-9,/、和或]|and|or)*")
_STATUS = Meaning(("status", "code", "http", "状态码", "错误码", "状态", "代码"), ("message", "信息"))
_SAID: Mapping[str, Meaning] = {
    "meaning": Meaning(
        ("mean", "description", "explanation", "reason", "cause", "含义", "说明", "描述", "原因", "释义"),
        ("what to do", "solution", "处理", "解决", "怎么办"),
    ),
    "message": Meaning(("message", "错误信息", "报错信息", "提示信息")),
    "type": Meaning(("type", "类型")),
}
_EMPTY = frozenset({"empty", '""', "''", "空", "为空", "(empty)"})
_IMAGE = ("image", "picture", "图片", "图像")
_MODEL = ("model", "模型")

Row = tuple[str, ...]


def read_error_codes(page: Page) -> Reading:
    """Read the tables of statuses and of what bodies say."""
    draft = Draft()
    seen: set[str] = set()
    for table, rows in tables(page):
        status = _status_column(table, rows)
        if status is None:
            continue
        for name, meaning in _SAID.items():
            at = find_column(table.columns, meaning)
            if at is not None and at != status:
                seen.add(name)
                _read(table, [(codes_of(row[status]), row[at], row) for row in rows], name, draft)
                if name == "meaning":
                    _read_no_such_input(table, rows, status, at, draft)
    if not seen:
        return Reading(
            problem=clean("no table with a column for the status and one for what it means or says")
        )
    if "meaning" not in seen:
        draft.miss("no column for what a status means")
    return draft.reading()


def codes_of(cell: str) -> tuple[str, ...]:
    """Give the statuses of a cell: all of a bare list, else the one that it begins with; empty: none."""
    text = plain(cell)
    found = _CODE.findall(text)
    if _CODES_ONLY.fullmatch(text):
        return tuple(found)
    return tuple(found[:1]) if found and text.removeprefix("http").lstrip().startswith(found[0]) else ()


def _status_column(table: Table, rows: Sequence[Row]) -> int | None:
    filled = {at: sum(1 for row in rows if codes_of(row[at])) for at in range(len(table.columns))}
    most = [at for at, number in filled.items() if number and 2 * number > len(rows)]
    named = [at for at in most if _STATUS.fits(words(table.columns[at]))]
    return next(iter(named or most), None)


def _read(table: Table, cells: Sequence[tuple[tuple[str, ...], str, Row]], name: str, draft: Draft) -> None:
    """Read a column. A status with several rows says each of their texts; its meaning must be one."""
    said: dict[str, list[tuple[str, Row]]] = {}
    partial = False
    for codes, cell, row in cells:
        if not codes:
            partial = True
            draft.miss(f"a row names no status: {shortened(row_quote(row), 60)}")
        for code in codes:
            said.setdefault(code, [])
            if not silent(cell) and plain(cell) not in _EMPTY:
                said[code].append((bare(cell), row))
    for code, found in said.items():
        texts = list(dict.fromkeys(text for text, _ in found))
        if name == "meaning" and len(texts) > 1:
            partial = True
            draft.miss(f"{code} has several meanings")
        elif texts:
            value: Toml = texts[0] if len(texts) == 1 else [*texts]
            draft.state(
                ("error_codes", code, name), value, " ; ".join(row_quote(row) for _, row in found), table.line
            )
    draft.cover([("error_codes", code, name) for code in said] if partial else [("error_codes", ANY, name)])


def _read_no_such_input(table: Table, rows: Sequence[Row], status: int, at: int, draft: Draft) -> None:
    """Read which status an image gets from a model that takes none, where one row says so."""
    found = [row for row in rows if words(row[at]).say(_IMAGE) and words(row[at]).say(_MODEL)]
    codes = {code for row in found for code in codes_of(row[status])}
    if len(codes) == 1:
        draft.state(("facts", "no_such_input_status"), int(codes.pop()), row_quote(found[0]), table.line)
        draft.cover([("facts", "no_such_input_status")])
