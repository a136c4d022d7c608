"""The parts of a page, written as markdown that has no HTML."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from mimo_tui.core.docs.blocks import Heading, Markdown
from mimo_tui.core.docs.grid import is_rule
from mimo_tui.core.docs.inline import bare, code_span, marked, plain
from mimo_tui.core.docs.parts import (
    Fence,
    Frame,
    Label,
    Parameters,
    Part,
    Rule,
    Structure,
    TableOf,
    Text,
    Title,
)
from mimo_tui.core.docs.schema import Parameter
from mimo_tui.core.text import Clean, clean, clean_lines

_BREAK: Final = "\x00"
"""Stands for `<br />` until the line is written; cleaned text has none."""
_BREAKS: Final = re.compile(rf"[ \n]*{_BREAK}[ \n{_BREAK}]*")
_DEEPEST: Final = 3
_ENDS: Final = frozenset(".:;,!?。：；，！？、")
_NOT_IN_INFO: Final = re.compile(r"[`|<>&]")
_NOT_IN_ANCHOR: Final = re.compile(r"[^\w\- ]")
_MARKS: Final = re.compile(r"([\\`*_\[\]<>&~])")
_BULLET: Final = re.compile(r"(?:[-*+]|\d{1,9}[.)]) \Z")
_TICKS: Final = re.compile(r"`{3,}")
_HEADER: Final = ("Parameter", "Type", "Required", "Default", "Description")


def write(structure: Structure, title: Clean, updated: date | None) -> Markdown:
    """Write the parts; `title` and `updated` are the page's."""
    writing = _Writing()
    for part in structure.parts:
        writing.put(part)
    dropped = dict.fromkeys((*structure.dropped, *writing.dropped))
    return Markdown(
        title,
        clean_lines("\n".join(writing.lines)),
        tuple(writing.headings),
        updated,
        tuple(map(clean, dropped)),
    )


class _Writing:
    """Takes one part after the other; `lines` is what was written."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.headings: list[Heading] = []
        self.dropped: dict[str, None] = {}
        self._anchors: dict[str, int] = {}
        self._depth = self._depth_before = 0
        self._after_text = False

    def put(self, part: Part) -> None:
        match part:
            case Text():
                self._text(part)
            case Title():
                self._title(part)
            case Label():
                self._block([f"**{_escaped(plain(part.source))}**"])
            case TableOf(grid=grid):
                self._block(list(self._table(grid.columns, grid.rows)))
            case Parameters(found=None):
                self._block(_fenced("json", part.source))
            case Parameters(found=found):
                self._block(list(self._parameters(found or ())))
            case Fence():
                self._block(_behind(part.marks, _fenced(part.language, part.text)))
            case Frame(begins=begins):
                self._depth += 1 if begins else -1
            case Rule():
                self._block(["---"])
            case _:
                pass
        self._after_text = isinstance(part, Text)

    def _block(self, lines: Sequence[str], *, tight: bool = False) -> None:
        """Write lines after a blank one, behind the marks of the frames that they stand in."""
        if not lines:
            return
        depth = min(self._depth, _DEEPEST)
        if self.lines and not tight:
            self.lines.append(("> " * min(depth, self._depth_before)).rstrip())
        marks = "> " * depth
        self.lines += [f"{marks}{line}".rstrip() if not line else f"{marks}{line}" for line in lines]
        self._depth_before = depth

    def _text(self, text: Text) -> None:
        words = _BREAKS.sub("\\\\\n", self._marked(text.source, _BREAK).strip(f"{_BREAK} \n"))
        if words or _BULLET.search(text.marks):
            tight = not text.gap and self._after_text
            lines = [_as_words(line.strip()) for line in words.split("\n")]
            self._block(_behind(text.marks, lines), tight=tight)

    def _title(self, title: Title) -> None:
        shown = plain(title.source)
        if not shown:
            return
        self._block([f"{'#' * title.level} {' '.join(self._marked(title.source, ' ').split())}"])
        anchor = self._anchor(title.anchor or shown)
        self.headings.append(Heading(title.level, shown, anchor, len(self.lines) - 1))

    def _anchor(self, title: str) -> str:
        """Give an anchor as GitHub makes them, that no heading before has."""
        base = _NOT_IN_ANCHOR.sub("", title.lower()).strip().replace(" ", "-") or "section"
        anchor, number = base, self._anchors.get(base, 0)
        while anchor in self._anchors:
            number += 1
            anchor = f"{base}-{number}"
        self._anchors[base] = number
        self._anchors.setdefault(anchor, 0)
        return anchor

    def _table(self, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
        heads = [self._cell(column) for column in columns]
        if heads:
            yield _row(heads)
            yield _row(["---"] * len(heads))
            yield from (_row([self._cell(cell) for cell in row]) for row in rows)

    def _parameters(self, parameters: Sequence[Parameter]) -> Iterator[str]:
        """Write a schema as a table; what no parameter says has no column."""
        rows = [self._parameter(one) for one in parameters]
        used = [name == "Parameter" or any(row[at] for row in rows) for at, name in enumerate(_HEADER)]
        yield _row([name for name, shown in zip(_HEADER, used, strict=True) if shown])
        yield _row(["---" for shown in used if shown])
        for row in rows:
            yield _row([cell for cell, shown in zip(row, used, strict=True) if shown])

    def _parameter(self, one: Parameter) -> tuple[str, ...]:
        name = bare(one.name)
        required = "" if one.required is None else "yes" if one.required else "no"
        return (
            "› " * one.depth + _in_cell(code_span(name) if one.is_field else _escaped(name)),
            _in_cell(_escaped(", ".join(one.types))),
            required,
            _in_cell(code_span(bare(one.default))),
            self._cell(one.description),
        )

    def _cell(self, source: str) -> str:
        if not source or source.isalnum():
            return source
        written = ""
        for line in self._marked(source, _BREAK).replace("\n", " ").split(_BREAK):
            part = " ".join(line.split())
            between = "" if not written or not part else " " if written[-1] in _ENDS else "; "
            written += between + part
        return _in_cell(written)

    def _marked(self, source: str, line_end: str) -> str:
        return marked(source, line_end=line_end, dropped=self.dropped.setdefault)


def _as_words(line: str) -> str:
    """Give a line of a paragraph so that it begins no block of code and no table."""
    if is_rule(line):
        return f"\\{line}"
    rest = line.lstrip(line[:1])
    if line.startswith("~~~") or (line.startswith("```") and "`" not in rest):
        return f"\\{line[0]}" * (len(line) - len(rest)) + rest
    return line


def _behind(marks: str, lines: Sequence[str]) -> list[str]:
    """Give the lines behind marks: of the first the bullet, of the others as many blanks; of all the quotations."""
    if not marks:
        return list(lines)
    quotes = marks[: marks.rfind(">") + 2] if ">" in marks else ""
    rest = quotes + " " * (len(marks) - len(quotes))
    return [f"{rest if at else marks}{line}".rstrip() for at, line in enumerate(lines)]


def _fenced(language: str, text: str) -> list[str]:
    longest = max((len(ticks) for ticks in _TICKS.findall(text)), default=2)
    ticks = "`" * (longest + 1)
    return [f"{ticks}{_NOT_IN_INFO.sub(' ', language).strip()}", *text.split("\n"), ticks]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _in_cell(text: str) -> str:
    return text.replace("|", "\\|") if "|" in text else text


def _escaped(text: str) -> str:
    return _MARKS.sub(r"\\\1", text)
