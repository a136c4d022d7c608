"""The turns of a conversation as blocks: a head, notes, reasoning that folds, the text, notes below."""

from dataclasses import dataclass, field
from typing import Final

from mimo_tui.core.text import NOTHING, Clean, clean, clean_lines
from mimo_tui.tui.page.blocks import ERROR, MUTED, SUCCESS, WARNING, Block, Kind, Place, Text
from mimo_tui.tui.page.layout import Laid, lay

_MARKS: Final = {"muted": MUTED, "warning": WARNING, "error": ERROR, "success": SUCCESS}
_HEAD_LEVEL: Final = 2
_CHOSEN: Final = Clean("▶ ")
_CLOSE: Final = Place(gap=None)


@dataclass(frozen=True, slots=True)
class Note:
    """A line or more above or below a turn's text. `tone`: muted, warning, error or success."""

    text: Clean
    tone: str = "muted"


@dataclass(frozen=True, slots=True)
class ShownTurn:
    """A turn as it is shown. `text` and `reasoning` need not be clean; `folded`: of the reasoning only its length.

    `above` are its attachments; `below` are its calls, citations, errors, and the meter line.
    """

    id: int
    head: Clean
    text: str = field(default="", repr=False)
    reasoning: str = field(default="", repr=False)
    folded: bool = True
    is_markdown: bool = True
    above: tuple[Note, ...] = ()
    below: tuple[Note, ...] = ()


def lay_head(turn: ShownTurn, width: int, *, chosen: bool) -> list[Laid]:
    """Lay out what stands above the reasoning; the turn that is chosen has a sign before its head."""
    lead = _CHOSEN if chosen else NOTHING
    head = Block(Kind.HEADING, Text(clean(turn.head)), Place(lead, Clean(" " * len(lead))), 0, _HEAD_LEVEL)
    return [lay(head, width), *lay_notes(turn.above, width)]


def lay_notes(notes: tuple[Note, ...], width: int) -> list[Laid]:
    """Lay out notes."""
    return [lay(_note(note), width) for note in notes if note.text]


def lay_fold(length: int, width: int, *, folded: bool) -> list[Laid]:
    """Lay out the line that tells how long the reasoning is, in characters; nothing where there is none."""
    if not length:
        return []
    told = f"{'▸' if folded else '▾'} reasoning, {length:,} character{'' if length == 1 else 's'}"
    return [lay(_note(Note(Clean(told))), width)]


def lay_gap(width: int) -> list[Laid]:
    """Lay out the blank line between reasoning and text."""
    return [lay(Block(Kind.PARAGRAPH, Text(NOTHING), _CLOSE, 0), width)]


def closer(laid: Laid) -> Laid:
    """Give the same without the blank line above it."""
    block = laid.block
    if block.place.gap is None:
        return laid
    place = Place(block.place.lead, block.place.hang, None)
    same = Block(
        block.kind, block.text, place, block.line, block.level, block.language, block.columns, block.ends
    )
    return Laid(same, laid.lines, laid.drawn)


def _note(note: Note) -> Block:
    text = clean_lines(note.text)
    return Block(Kind.PARAGRAPH, Text(text, (0, len(text), _MARKS.get(note.tone, MUTED))), _CLOSE, 0)
