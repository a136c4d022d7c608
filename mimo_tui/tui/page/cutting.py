"""Cuts a long markdown text into pieces that mean the same when each is read alone."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

FIRST: Final = 4_000
"""Characters of the first piece, which is on the screen before the others are read."""
_MOST: Final = 64_000

_FENCE: Final = re.compile(r"([ ]*)(`{3,}(?=[^`]*\Z)|~{3,})")
_STARTS: Final = re.compile(r"(?![ \t]|[-*+](?:[ \t]|\Z)|\d{1,9}[.)](?:[ \t]|\Z))")
"""A line that goes on with nothing above it, if it follows a blank one: no item of a list, nothing indented."""
_HEADING: Final = re.compile(r"#{1,6}(?: |\Z)")
_SEEN: Final = 200


class Piece(NamedTuple):
    """A piece from `start` to `end` of a text; the lines that it and the next one begin on; how long it was to be."""

    start: int
    end: int
    line: int
    next_line: int
    size: int


def cut(text: str, *, first: int = FIRST) -> Iterator[Piece]:
    """Give the pieces in order, the first about `first` characters long, later ones longer."""
    piece = first_piece(text, first)
    while piece is not None:
        yield piece
        piece = next_piece(text, piece)


def first_piece(text: str, size: int = FIRST) -> Piece | None:
    """Give the piece at the beginning; None: the text is empty."""
    return _piece(text, 0, 0, size) if text else None


def next_piece(text: str, piece: Piece) -> Piece | None:
    """Give the piece after that one; None: it was the last."""
    if piece.end >= len(text):
        return None
    return _piece(text, piece.end, piece.next_line, min(piece.size * 4, _MOST))


def _piece(text: str, start: int, line: int, size: int) -> Piece:
    at, here, fence, indent, blank = start, line, "", 0, False
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        head = text[at : min(end, at + _SEEN)]
        if fence and _ends(head, fence, indent):
            fence = ""
        elif not fence:
            if at - start >= size and ((blank and _STARTS.match(head)) or _HEADING.match(head)):
                return Piece(start, at, line, here, size)
            if opens := _FENCE.match(head):
                fence, indent = opens[2], len(opens[1])
        blank = not head.strip()
        at, here = end + 1, here + 1
    return Piece(start, len(text), line, here, size)


def _ends(head: str, fence: str, indent: int) -> bool:
    bare = head.lstrip(" ")
    if bare.startswith(fence):
        return not bare.strip(f"{fence[0]} \t")
    # A fence in an item of a list ends with the item.
    return indent >= 2 and bool(bare) and bare == head
