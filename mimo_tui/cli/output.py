"""The only place that writes standard output: lines of words, or one JSON document."""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from mimo_tui.core.diff import DiffLine
from mimo_tui.core.json_text import Json
from mimo_tui.core.text import Clean, clean, escape_json

_NARROWEST = 8
"""Cells that the last column keeps on a narrow terminal; the others keep twice as many if they can."""


class CannotWrite(Exception):
    """Standard output takes nothing more, a full disk for example."""


def prepare() -> None:
    """Make standard output take every character: one that its encoding lacks is written as an escape."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def write_document(document: Mapping[str, Json]) -> None:
    """Write one JSON document."""
    is_unicode = (sys.stdout.encoding or "").lower().replace("_", "-").startswith("utf")
    _write(escape_json(json.dumps(document, ensure_ascii=not is_unicode, indent=2)))


def write_lines(lines: Iterable[str]) -> None:
    """Write lines of text, each made safe for a terminal, and on one broken between words with its indent kept."""
    width = _width()
    for line in lines:
        text = clean(line)
        if width is None or len(text) <= width:
            _write(text)
            continue
        from textwrap import wrap

        indent = " " * (len(text) - len(text.lstrip()) + 4)
        pieces = wrap(text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
        for piece in pieces:
            _write(piece)


def write_text(text: Clean) -> None:
    """Write a text of several lines as it is, for a file or another program: no line is broken."""
    _write(text.removesuffix("\n"))


def write_piece(text: Clean) -> None:
    """Write a piece of a text that comes bit by bit, and have it reach its reader at once."""
    with _told():
        print(text, end="", flush=True)  # noqa: T201 this module owns standard output


def write_bytes(data: bytes) -> None:
    """Write what is no text, and have it reach its reader at once."""
    with _told():
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


def write_table(titles: Sequence[str], rows: Sequence[Sequence[str]], *, spare: Sequence[str] = ()) -> None:
    """Write rows in columns as wide as their widest cell. The last cell of a row with too few goes over the rest.

    On a terminal each row is one line: where there is no room, the columns named in `spare` are left out, first
    ones first, and then cells are cut.
    """
    from rich.cells import cell_len

    table = [[clean(cell) for cell in row] for row in (titles, *rows)]
    widths = {
        title: max(cell_len(row[column]) for row in table if len(row) == len(titles))
        for column, title in enumerate(titles)
    }
    room = _width()
    if room is not None:
        widths = _narrowed(widths, room, spare)
    for row in table:
        cells = {title: cell for title, cell in zip(titles, row, strict=False) if title in widths}
        lead = list(cells.items())
        rest = lead.pop() if len(row) < len(titles) else None
        line = "  ".join(_fitted(cell, widths[title]) for title, cell in lead)
        if rest is not None:
            text = rest[1]
            line = f"{line}  {_fitted(text, cell_len(text) if room is None else max(1, room - cell_len(line) - 2))}"
        _write(line.rstrip())


def write_diff(before: str, after: str, diff: Sequence[DiffLine]) -> None:
    """Write a diff as `diff -u` does, in colour where standard output is a terminal that wants it."""
    if not diff:
        return
    colours = {"+": "\x1b[32m", "-": "\x1b[31m", "@": "\x1b[36m"} if _coloured() else {}
    _write(f"--- {clean(before)}")
    _write(f"+++ {clean(after)}")
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
    except KeyboardInterrupt:
        # The question stays to be read.
        _write("")
        raise
    return answer.strip().lower() in ("y", "yes")


def _narrowed(widths: dict[str, int], room: int, spare: Sequence[str]) -> dict[str, int]:
    """Give the widths that fit into `room`: what names a row is cut last, what is said of it at its end first."""

    def excess() -> int:
        return sum(widths.values()) + 2 * (len(widths) - 1) - room

    widths = dict(widths)
    for title in spare:
        if excess() > 0:
            del widths[title]
    first, *others = widths
    for columns, floor in (
        (others[-1:], _NARROWEST),
        (others, 2 * _NARROWEST),
        ([first], 2 * _NARROWEST),
        ([first, *others], 1),
    ):
        while excess() > 0 and widths[widest := max(columns, key=widths.__getitem__)] > floor:
            widths[widest] -= 1
    return widths


def _fitted(cell: Clean, width: int) -> str:
    from rich.cells import cell_len, set_cell_size

    if cell_len(cell) <= width:
        return cell + " " * (width - cell_len(cell))
    return f"{set_cell_size(cell, width - 1)}…"


def _width() -> int | None:
    """Give the terminal's width in cells; None: no terminal, so nothing is cut or broken."""
    if not sys.stdout.isatty():
        return None
    from shutil import get_terminal_size

    return get_terminal_size().columns


def _coloured() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def flush() -> None:
    """Have all that was written reach its reader. Raises CannotWrite, or BrokenPipeError where it has gone."""
    with _told():
        sys.stdout.flush()


def _write(text: str) -> None:
    with _told():
        print(text)  # noqa: T201 this module owns standard output


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as cause:
        raise CannotWrite(f"Standard output cannot be written: {cause.strerror}.") from cause
