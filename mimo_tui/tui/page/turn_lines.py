"""A turn while it is shown: what has come of it, how much of that is laid out, and its lines part by part."""

from collections.abc import Callable, Iterator, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from mimo_tui.core.cleaning import LineCleaner
from mimo_tui.tui.page.growing import Growing, GrowingMarkdown, GrowingPlain, lay_markdown, lay_plain
from mimo_tui.tui.page.layout import Laid
from mimo_tui.tui.page.turns import ShownTurn, closer, lay_fold, lay_gap, lay_head, lay_notes

if TYPE_CHECKING:
    from mimo_tui.tui.page.reading import BlockReader


class Part(IntEnum):
    """The parts of a turn, from above to below."""

    HEAD = 0
    FOLD = 1
    REASONING = 2
    GAP = 3
    TEXT = 4
    BELOW = 5


GROWING: Final = (Part.REASONING, Part.TEXT)
"""The parts of which more may come."""


class Begun(NamedTuple):
    """A text that can grow, made of what there was of it."""

    growing: Growing
    cleaner: LineCleaner
    taken: str


class Grown:
    """A text that comes in pieces: what is laid out of it, and what waits.

    `growing` is None while nothing comes. `is_laid`: what was there when it was first given is laid out.
    `is_settled`: it stands as if it was read as a whole.
    """

    def __init__(self, text: str, *, is_laid: bool) -> None:
        self._taken = [text]
        self._waiting: list[str] = []
        self._cleaner = LineCleaner()
        self.growing: Growing | None = None
        self.length = len(text)
        self.is_laid = is_laid
        self.is_settled = True

    @property
    def waits(self) -> bool:
        """Whether something of it is not laid out yet."""
        return bool(self._waiting)

    @property
    def is_rough(self) -> bool:
        """Whether it might look otherwise if it was read as a whole."""
        return (self.growing is not None and self.growing.is_rough) or self._taken[-1].endswith("\r")

    @property
    def taken(self) -> str:
        """What is laid out of it."""
        self._taken = ["".join(self._taken)]
        return self._taken[0]

    @property
    def text(self) -> str:
        """All that has come."""
        return "".join((self.taken, *self._waiting))

    def add(self, more: str) -> None:
        """Note what came."""
        if more:
            self._waiting.append(more)
            self.length += len(more)

    def skip(self) -> int:
        """Count as laid out what waits, since it is not shown; gives 0."""
        self._taken += self._waiting
        self._waiting.clear()
        return 0

    def begin(self, begun: Begun) -> bool:
        """Go on from that; False: more of the text was laid out since."""
        if begun.taken != self.taken:
            return False
        self.growing, self._cleaner = begun.growing, begun.cleaner
        return True

    def grow(self, most: int) -> tuple[Growing, int, int]:
        """Lay out at most so many characters of what waits; it must have begun.

        Gives what has grown, the number of its first block that is another now, and how many characters it took.
        """
        if self.growing is None:
            raise RuntimeError("it has not begun to grow")
        waiting = "".join(self._waiting)
        piece = waiting[:most]
        self._waiting = [waiting[most:]] if len(waiting) > most else []
        self._taken.append(piece)
        self.is_settled = False
        return self.growing, self.growing.feed(self._cleaner.feed(piece)), len(piece)


class TurnLines:
    """A turn, and its blocks, part by part."""

    def __init__(self, turn: ShownTurn) -> None:
        self.turn = turn
        self.text = _grown(turn, Part.TEXT)
        self.reasoning = _grown(turn, Part.REASONING)
        self.parts: list[list[Laid]] = [[] for _ in Part]

    @property
    def count(self) -> int:
        """How many blocks it has."""
        return sum(map(len, self.parts))

    @property
    def waits(self) -> bool:
        """Whether more of it has come than is laid out."""
        return self.text.waits or self.reasoning.waits

    @property
    def is_laid(self) -> bool:
        """Whether its texts were laid out as they were given."""
        return self.text.is_laid and self.reasoning.is_laid

    def grown(self, part: Part) -> Grown:
        """Give the text of a part that grows."""
        return self.text if part is Part.TEXT else self.reasoning

    def start(self, part: Part) -> int:
        """Give how many blocks stand above a part."""
        return sum(map(len, self.parts[:part]))

    def fitting(self, part: Part, first: int, laid: Sequence[Laid]) -> Sequence[Laid]:
        """Give blocks as they stand there: no blank line comes between the head and the text."""
        return [closer(laid[0]), *laid[1:]] if part is Part.TEXT and not first and laid else laid

    def take(self, turn: ShownTurn) -> None:
        """Note the turn as it is now. A text that is another than what has come is to be laid out anew."""
        before, self.turn = self.turn, turn
        if turn.is_markdown != before.is_markdown or turn.text != self.text.text:
            self.text = _grown(turn, Part.TEXT)
        if turn.folded != before.folded or turn.reasoning != self.reasoning.text:
            self.reasoning = _grown(turn, Part.REASONING)

    def show_at(self, width: int, *, chosen: bool) -> None:
        """Make all parts anew but those that grow; of a turn whose texts are not laid out nothing is shown yet."""
        if not self.is_laid:
            self.parts = [[] for _ in Part]
        elif width:
            for part, laid in self.laid_frame(width, chosen=chosen):
                self.parts[part] = laid

    def maker(self, part: Part, width: int) -> "Callable[[BlockReader], Growing]":
        """Give what makes the text of a part that grows."""
        if part is Part.TEXT and self.turn.is_markdown:
            return lambda reader: GrowingMarkdown(reader, width)
        return lambda _reader: GrowingPlain(width, quoted=part is Part.REASONING)

    def layer(self, part: Part, width: int) -> "Callable[[BlockReader], list[Laid]]":
        """Give what lays out what was taken of a text, read as a whole.

        Calling that takes long: do it in a thread, unless the text is short.
        """
        taken = self.grown(part).taken
        if part is Part.REASONING:
            shown = "" if self.turn.folded else taken
            return lambda _reader: lay_plain(shown, width, quoted=True)
        if self.turn.is_markdown:
            return lambda reader: lay_markdown(taken, reader, width)
        return lambda _reader: lay_plain(taken, width)

    def laid_fold(self, width: int) -> list[Laid]:
        """Lay out the line that tells of the reasoning."""
        return lay_fold(self.reasoning.length, width, folded=self.turn.folded)

    def laid_frame(self, width: int, *, chosen: bool) -> Iterator[tuple[Part, list[Laid]]]:
        """Lay out all parts but those that grow."""
        is_open = bool(self.reasoning.length) and not self.turn.folded
        yield Part.HEAD, lay_head(self.turn, width, chosen=chosen)
        yield Part.FOLD, self.laid_fold(width)
        yield Part.GAP, lay_gap(width) if is_open else []
        yield Part.BELOW, lay_notes(self.turn.below, width)


def begun(make: "Callable[[BlockReader], Growing]", reader: "BlockReader", taken: str) -> Begun:
    """Make a text that grows of what there is of it. Takes long: call it in a thread, unless it is short."""
    growing, cleaner = make(reader), LineCleaner()
    growing.feed(cleaner.feed(taken))
    return Begun(growing, cleaner, taken)


def _grown(turn: ShownTurn, part: Part) -> Grown:
    text = turn.text if part is Part.TEXT else turn.reasoning
    return Grown(text, is_laid=False)
