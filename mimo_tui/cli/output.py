"""The only place that writes standard output: lines of words, or one JSON document."""

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence

from mimo_tui.core.diff import DiffLine
from mimo_tui.core.json_text import Json
from mimo_tui.core.text import Clean, clean, escape_json


def prepare() -> None:
    """Make standard output take every character: one that its encoding lacks is written as an escape."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def write_document(document: Mapping[str, Json]) -> None:
    """Write one JSON document."""
    _write(escape_json(json.dumps(document, ensure_ascii=False, indent=2)))


def write_lines(lines: Iterable[str]) -> None:
    """Write lines of text, each made safe for a terminal."""
    for line in lines:
        _write(clean(line))


def write_table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Write rows in columns as wide as their widest cell."""
    from rich.cells import cell_len

    table = [tuple(clean(cell) for cell in row) for row in (titles, *rows)]
    widths = [max(cell_len(row[column]) for row in table) for column in range(len(titles))]
    for row in table:
        cells = (cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True))
        _write("  ".join(cells).rstrip())


def write_diff(name: Clean, diff: Iterable[DiffLine]) -> None:
    """Write a diff as `diff -u` does, in colour where standard output is a terminal that wants it."""
    colours = {"+": "\x1b[32m", "-": "\x1b[31m", "@": "\x1b[36m"} if _coloured() else {}
    _write(f"--- {name}")
    _write(f"+++ {name}")
    for line in diff:
        text = line.text if line.mark == "@" else f"{line.mark}{line.text}"
        colour = colours.get(line.mark)
        _write(f"{colour}{text}\x1b[0m" if colour else text)


def ask(question: str) -> bool:
    """Ask on the terminal; only a plain yes is one."""
    try:
        answer = input(f"{clean(question)} [y/N] ")
    except EOFError:
        return False
    return answer.strip().lower() in ("y", "yes")


def _coloured() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def _write(text: str) -> None:
    print(text)  # noqa: T201 this module owns standard output
