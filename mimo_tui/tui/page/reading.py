"""Markdown into blocks. Never fails, and loses no text: what it does not know is shown as it stands."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from rich.cells import cell_len

from mimo_tui.core.text import NOTHING, Clean, clean, clean_lines
from mimo_tui.tui.page.blocks import BAR, Block, Kind, Link, Place, Text
from mimo_tui.tui.page.inline import read_inline

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

FIRST: Final = 4_000
"""Characters of the first part, which is on the screen before the others are read."""
_MOST: Final = 64_000
_DEEPEST: Final = 60
_BULLETS: Final = "•◦▪"
_LANGUAGE: Final = 40


@dataclass(slots=True)
class _Container:
    """A quotation, or an item of a list; its sign stands before the first block in it only."""

    first: str
    rest: str
    used: bool = False


class Progress(NamedTuple):
    """How far a text was read: the character and the line that come next, and how many characters to read at once."""

    at: int = 0
    line: int = 0
    size: int = FIRST


class BlockReader:
    """Reads one text. Make it in a thread: what it needs takes a while to import."""

    def __init__(self) -> None:
        self._parser = _parser()
        self._places: dict[Place, Place] = {}  # one object for all blocks that stand alike

    def read(self, source: str, line: int = 0) -> list[Block]:
        """Give the blocks of a text, or of a piece of one that begins on `line`."""
        return self._blocks(self._parser.parse(source), line)

    def read_on(self, text: str, done: Progress) -> tuple[list[Block], Progress]:
        """Give the blocks of the next part of a text, about `done.size` long: the same as if it was read as a whole.

        All blocks of a part are complete but the last, which is left for the next part.
        """
        size = done.size
        while True:
            end = text.find("\n", done.at + size) + 1 or len(text)
            part = text[done.at : end]
            tokens = self._parser.parse(part)
            if end == len(text):
                return self._blocks(tokens, done.line), Progress(end, done.line + part.count("\n"), size)
            starts = [at for at, token in enumerate(tokens) if not token.level and token.map]
            if len(starts) > 1:
                break
            size *= 4
        last = starts[-1]
        line = (tokens[last].map or [0])[0]
        at = done.at
        for _ in range(line):
            at = text.index("\n", at) + 1
        return self._blocks(tokens[:last], done.line), Progress(at, done.line + line, min(size * 4, _MOST))

    def _blocks(self, tokens: "list[Token]", line: int) -> list[Block]:
        return list(self.begin(line).blocks(tokens))

    def parse(self, source: str) -> "list[Token]":
        """Give what the parser makes of a text."""
        return self._parser.parse(source)

    def begin(self, line: int = 0, *, continues_list: bool = False) -> "Reading":
        """Begin on a line of the text; `continues_list`: the first list there has items before these."""
        return Reading(self._parser, self._places, line, continues_list=continues_list)


class Reading:
    """Makes blocks of what the parser gave."""

    def __init__(
        self, parser: "MarkdownIt", places: dict[Place, Place], line: int, *, continues_list: bool
    ) -> None:
        self._parser = parser
        self._places = places
        self._line = line
        self._containers: list[_Container] = []
        self._lists: list[bool] = []
        """The lists that are open; whether each is at its first item."""
        self._continues_list = continues_list

    def blocks(self, tokens: "list[Token]") -> Iterator[Block]:
        """Give the blocks of tokens, and later of those that follow on them."""
        stream = iter(tokens)
        for token in stream:
            if token.nesting < 0:
                yield from self._close(token)
            elif block := self._leaf(token, stream):
                yield block
            else:
                self._open(token)

    def _open(self, token: "Token") -> None:
        if token.type == "blockquote_open":
            self._containers.append(_Container(BAR, BAR))
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            self._lists.append(not self._continues_list)
            self._continues_list = False
        elif token.type == "list_item_open":
            self._containers.append(self._item(token))

    def _close(self, token: "Token") -> Iterator[Block]:
        if token.type in ("list_item_close", "blockquote_close"):
            if not self._containers[-1].used:
                yield self._block(Kind.PARAGRAPH, Text(NOTHING), token, tight=True)
            self._containers.pop()
        if token.type == "list_item_close":
            self._lists[-1] = False
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self._lists.pop()

    def _leaf(self, token: "Token", stream: "Iterator[Token]") -> Block | None:
        match token.type:
            case "heading_open":
                text = read_inline(self._parser, next(stream).content)
                return self._block(Kind.HEADING, text, token, level=int(token.tag[1:]))
            case "paragraph_open":
                text = read_inline(self._parser, next(stream).content)
                return self._block(Kind.PARAGRAPH, text, token, tight=token.hidden)
            case "fence" | "code_block":
                language = clean((token.info.split() or [""])[0][:_LANGUAGE])
                text = Text(clean_lines(token.content.removesuffix("\n")))
                return self._block(Kind.FENCE, text, token, language=language)
            case "hr":
                return self._block(Kind.RULE, Text(NOTHING), token)
            case "table_open":
                return self._table(token, stream)
        return None

    def _item(self, token: "Token") -> _Container:
        if token.info:
            sign = clean(f"{token.info}{token.markup} ")
        else:
            sign = clean(f"{_BULLETS[(len(self._lists) - 1) % len(_BULLETS)]} ")
        return _Container(sign, " " * cell_len(sign))

    def _table(self, token: "Token", stream: "Iterator[Token]") -> Block:
        columns: list[str] = []
        parts: list[str] = []
        marks, ends, links, length = array("I"), array("I"), list[Link](), 0
        for inside in stream:
            if inside.type == "table_close":
                break
            if inside.type == "th_open":
                columns.append(str(inside.attrGet("style") or "").rpartition(":")[2] or "left")
            elif inside.type == "inline":
                cell = read_inline(self._parser, inside.content)
                for at in range(0, len(cell.marks), 3):
                    marks.extend((cell.marks[at] + length, cell.marks[at + 1] + length, cell.marks[at + 2]))
                links += [
                    Link(link.start + length, link.end + length, link.href, len(links)) for link in cell.links
                ]
                parts.append(cell.plain)
                length += len(cell.plain)
                ends.append(length)
        text = Text(Clean("".join(parts)), marks[:], tuple(links))
        return self._block(Kind.TABLE, text, token, columns=tuple(columns), ends=ends[:])

    def _block(
        self,
        kind: Kind,
        text: Text,
        token: "Token",
        *,
        tight: bool = False,
        level: int = 0,
        language: Clean = NOTHING,
        columns: tuple[str, ...] = (),
        ends: "array[int] | tuple[int, ...]" = (),
    ) -> Block:
        gap = not tight
        if self._lists and not self._containers[-1].used and (tight or kind is not Kind.PARAGRAPH):
            # Of a list without blank lines only the beginning stands apart, and of one in another not even that.
            gap = all(self._lists) and not any(part.used for part in self._containers if part.first != BAR)
        before = "".join(part.rest for part in self._containers if part.used).rstrip()
        lead = "".join(part.rest if part.used else part.first for part in self._containers)
        hang = "".join(part.rest for part in self._containers)
        for part in self._containers:
            part.used = True
        if kind is Kind.HEADING:
            lead, hang = f"{lead}{'#' * level} ", f"{hang}{' ' * (level + 1)}"
        place = Place(clean(lead), clean(hang), clean(before) if gap else None)
        line = self._line + (token.map[0] if token.map else 0)
        shared = self._places.setdefault(place, place)
        return Block(kind, text, shared, line, level, language, columns, ends)


def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    class Parser(MarkdownIt):
        """Links stay as they are written: their anchors may be Chinese."""

        def normalizeLink(self, url: str) -> str:  # noqa: N802 - its name there
            return url

    parser = Parser("commonmark", {"html": False, "maxNesting": 2 * _DEEPEST})
    parser.enable(["table", "strikethrough"])
    # Definitions of links would not be shown, and serve from one piece of the text to another.
    parser.disable(["reference", "inline", "text_join", "html_block"])
    parser.block.ruler.before("table", "deep", _too_deep, {"alt": []})
    return parser


def _too_deep(state: "StateBlock", start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - called so
    """Take all that is nested deeper than anybody writes as one paragraph; the parser would leave it out."""
    if state.level < _DEEPEST or silent:
        return False
    opened = state.push("paragraph_open", "p", 1)
    opened.map = [start, end]
    inline = state.push("inline", "", 0)
    inline.content = state.getLines(start, end, state.blkIndent, False).strip()
    inline.children = []
    state.push("paragraph_close", "p", -1)
    state.line = end
    return True
