"""Long blocks of markdown that grow: code line by line, a list item by item, a table row by row."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from mimo_tui.core.text import Clean, clean
from mimo_tui.tui.page.blocks import Block, Kind, Place, Text
from mimo_tui.tui.page.layout import Laid, lay, lay_rows
from mimo_tui.tui.page.opened import lay_all
from mimo_tui.tui.page.tables import Fit, fit_of

if TYPE_CHECKING:
    from markdown_it.token import Token

    from mimo_tui.tui.page.reading import BlockReader

_CHUNK: Final = 25
"""Lines of code that are one block."""
_LANGUAGE: Final = 40
_CERTAIN: Final = 2
_WIDEN_AFTER: Final = 1.5
"""The columns are made wider when a table is that many times as long as when they were made."""
_FIRST: Final = Place()
_NEXT: Final = Place(gap=None)


@dataclass(frozen=True, slots=True)
class Step:
    """What was made of a text: blocks that stay, and those that are made of the rest after `used` characters.

    `ended`: what comes after `used` is no part of the long block any more. `long`: what the rest may grow into.
    """

    kept: Sequence[Laid] = ()
    open: Sequence[Laid] = ()
    used: int = 0
    ended: bool = False
    long: "GrowingFence | GrowingList | GrowingTable | None" = field(default=None, repr=False)


def offset_of(text: str, line: int) -> int:
    """Give where a line begins."""
    at = 0
    for _ in range(line):
        at = text.index("\n", at) + 1
    return at


class GrowingFence:
    """Code, in blocks of some lines; the text that it is given first begins with the line that opens it."""

    def __init__(self, opening: "Token", width: int) -> None:
        self._width = width
        self._language = clean((opening.info.split() or [""])[0][:_LANGUAGE])
        mark = opening.markup[0]  # a backquote or a tilde, which mean nothing in a pattern
        self._closing = re.compile(rf"(?m)^ {{0,3}}{mark}{{{len(opening.markup)},}} *$")
        self._indent: re.Pattern[str] | None = None
        self._begun = False
        self._is_first = True

    def step(self, tail: str, line: int) -> Step:
        """Take whole chunks of lines from the text."""
        at = 0
        if not self._begun:
            at = tail.index("\n") + 1
            self._begun = True
            indent = len(tail) - len(tail.lstrip(" "))
            self._indent = re.compile(rf"(?m)^ {{1,{indent}}}") if indent else None
        closing = self._closing.search(tail, at)
        end = closing.start() if closing else len(tail)
        kept: list[Laid] = []
        line += 1 if at else 0
        while (stop := _line_end(tail, at, end)) is not None:
            kept.append(self._chunk(tail[at:stop], line))
            at, line = stop + 1, line + _CHUNK
        if closing and closing.end() < len(tail):
            if at < end or self._is_first:
                kept.append(self._chunk(tail[at : max(end - 1, at)], line))
            return Step(kept, used=closing.end() + 1, ended=True)
        rest = tail[at:end]
        return Step(kept, [self._lay(rest.removesuffix("\n"), line)] if rest or self._is_first else (), at)

    def _chunk(self, code: str, line: int) -> Laid:
        laid = self._lay(code, line)
        self._is_first = False
        return laid

    def _lay(self, code: str, line: int) -> Laid:
        code = self._indent.sub("", code) if self._indent else code
        place = _FIRST if self._is_first else _NEXT
        return lay(Block(Kind.FENCE, Text(Clean(code)), place, line, language=self._language), self._width)


def _line_end(text: str, at: int, end: int) -> int | None:
    """Give where the last line of a whole chunk ends; None: there are not so many lines."""
    stop = at - 1
    for _ in range(_CHUNK):
        stop = text.find("\n", stop + 1, end)
        if stop < 0:
            return None
    return stop


class GrowingList:
    """A list, of which all items but the last stay as they are."""

    def __init__(self, reader: "BlockReader", opening: str, width: int) -> None:
        self._reader = reader
        self._opening = opening
        self._width = width
        self._continues = False
        self._loose = False

    def step(self, tail: str, line: int) -> Step:
        """Take whole items from the text."""
        tokens = self._reader.parse(tail)
        if not tokens or tokens[0].type != self._opening:
            return Step(ended=True)
        complete = tail.count("\n")
        close = next(at for at, token in enumerate(tokens) if at and not token.level)
        if self._loose:
            _loosen(tokens[:close])
        reading = self._reader.begin(line, continues_list=self._continues)
        after = next((token.map[0] for token in tokens[close + 1 :] if token.map), None)
        if after is not None and after + _CERTAIN <= complete:
            kept = lay_all(list(reading.blocks(tokens[: close + 1])), self._width)
            return Step(kept, used=offset_of(tail, after), ended=True)
        items = [
            (at, token.map[0])
            for at, token in enumerate(tokens[:close])
            if token.type == "list_item_open"
            and token.level == 1
            and token.map
            and token.map[0] + _CERTAIN <= complete
        ]
        at, first = items[-1] if len(items) > 1 else (0, 0)
        kept = lay_all(list(reading.blocks(tokens[:at])), self._width)
        if at:
            self._continues = True
            self._loose = self._loose or _is_loose(tokens[:at])
        return Step(
            kept, lay_all(list(reading.blocks(tokens[at:])), self._width), offset_of(tail, first) if at else 0
        )


def _paragraphs(tokens: "Sequence[Token]") -> "list[Token]":
    return [token for token in tokens if token.level == 2 and token.type == "paragraph_open"]


def _is_loose(tokens: "Sequence[Token]") -> bool:
    return any(not token.hidden for token in _paragraphs(tokens))


def _loosen(tokens: "Sequence[Token]") -> None:
    for token in _paragraphs(tokens):
        token.hidden = False


class Refitting(NamedTuple):
    """A table whose columns are made anew: its text so far, and how many blocks show that."""

    table: "GrowingTable"
    source: Clean
    blocks: int


class GrowingTable:
    """A table. Its columns stay as its first rows make them, until they are made wider for all of it."""

    def __init__(self, reader: "BlockReader", width: int) -> None:
        self._reader = reader
        self._width = width
        self._head = ""
        self._fit = Fit((), ruled=False)
        self._sources: list[str] = []
        self._length = 0
        self._fitted_length = 0
        self._is_narrow = False
        self._laid: list[Laid] = []

    @property
    def is_outgrown(self) -> bool:
        """Whether some cell found no room in its column, and the table has grown much since that was made."""
        return self._is_narrow and self._length >= self._fitted_length * _WIDEN_AFTER

    def step(self, tail: str, line: int) -> Step:
        """Take whole rows from the text."""
        is_first = not self._head
        body = 0
        if is_first:
            body = offset_of(tail, 2)
            self._head = tail[:body]
        end = tail.rfind("\n") + 1
        rows = tail[body:end]
        tokens = self._reader.parse(self._head + rows)
        if not tokens or tokens[0].type != "table_open" or not tokens[0].map:
            return Step(ended=True)
        count = tokens[0].map[1] - 2
        used = body + offset_of(rows, count)
        kept: list[Laid] = []
        if is_first or count:
            block = next(iter(self._reader.begin(line).blocks(tokens)))
            kept.append(self._keep(block, tail[:used], is_first=is_first))
        if used < end:
            return Step(kept, used=used, ended=True)
        return Step(kept, self._open_row(tail[used:], line), used)

    def refitting(self) -> Refitting:
        """Give what is to be read anew, by `refitted`."""
        self._fitted_length = self._length
        return Refitting(self, Clean("".join(self._sources)), len(self._laid))

    def refit(self, count: int, whole: Laid, fit: Fit) -> list[Laid]:
        """Note the columns that were made anew of the first blocks; gives the others as they stand in them."""
        self._fit = fit
        others = [lay_rows(laid.block, self._width, fit) for laid in self._laid[count:]]
        self._is_narrow = any(not fit.holds(laid.block) for laid in others)
        self._laid = [whole, *others]
        return others

    def _keep(self, block: Block, source: str, *, is_first: bool) -> Laid:
        self._sources.append(source)
        self._length += len(source)
        if is_first:
            self._fit, self._fitted_length = fit_of(block, self._width), self._length
            laid = lay(block, self._width)
        else:
            self._is_narrow = self._is_narrow or not self._fit.holds(block)
            laid = lay_rows(_below(block), self._width, self._fit)
        self._laid.append(laid)
        return laid

    def _open_row(self, row: str, line: int) -> list[Laid]:
        if not row:
            return []
        tokens = self._reader.parse(self._head + row)
        if tokens[0].map != [0, 3]:
            return lay_all(list(self._reader.begin(line).blocks(self._reader.parse(row))), self._width)
        block = next(iter(self._reader.begin(line).blocks(tokens)))
        return [lay_rows(_below(block), self._width, self._fit)]


def _below(block: Block) -> Block:
    """Give the rows of a table as a block that stands below others without a gap."""
    return Block(
        block.kind, block.text, _NEXT, block.line, block.level, block.language, block.columns, block.ends
    )


def refitted(refitting: Refitting, reader: "BlockReader", width: int) -> tuple[Laid, Fit]:
    """Read a table anew. Takes long: call it in a thread."""
    block = reader.read(refitting.source)[0]
    return lay(block, width), fit_of(block, width)
