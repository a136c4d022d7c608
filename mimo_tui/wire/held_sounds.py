"""Sound that is held until the document it stands in says that it is the one to be heard."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final

from mimo_tui.wire.events import BadSound, SoundPiece
from mimo_tui.wire.sound_place import Place
from mimo_tui.wire.sound_sieve import Sifted

_MOST: Final = 1 << 18
"""Bytes that are held of a sound that stands where it should: a longer one is given as it comes."""


@dataclass(slots=True)
class _Held:
    document: int
    is_due: bool
    pieces: list[SoundPiece | BadSound] = field(default_factory=list)
    size: int = 0
    is_given: bool = False


class HeldSounds:
    """Holds the sounds of the document that is coming, each under its number."""

    def __init__(self) -> None:
        self._held: dict[int, _Held] = {}

    def take(self, sifted: Sifted, heard: AbstractSet[Place]) -> list[SoundPiece | BadSound]:
        """Take more of a sound, and give what may be given before its document has ended.

        `heard` are the places at which sound is to be heard.
        """
        held = self._held.setdefault(sifted.number, _Held(sifted.document, sifted.place in heard))
        held.pieces.append(sifted.piece)
        if isinstance(sifted.piece, SoundPiece):
            held.size += len(sifted.piece.data)
        if not held.is_due or (held.size <= _MOST and not isinstance(sifted.piece, BadSound)):
            return []
        held.is_given = True
        return _taken(held)

    def settle(self, named: int | None, others: AbstractSet[int]) -> tuple[list[SoundPiece | BadSound], bool]:
        """Give the sound that a document names, and whether it was another one that was given before.

        `others` are those that it holds elsewhere. What is of a document before it, which nobody could read, is given
        by its place.
        """
        found: list[SoundPiece | BadSound] = []
        was_wrong = False
        known = [self._held[number].document for number in (named, *others) if number in self._held]
        for number, held in self._held.items():
            was_unread = held.document not in known
            if number == named or (held.is_due and was_unread):
                found += _taken(held)
            else:
                was_wrong = was_wrong or held.is_given
        self._held.clear()
        return found, was_wrong

    def close(self) -> list[SoundPiece | BadSound]:
        """Give what stands where it should in a document that did not come to its end."""
        return self.settle(None, frozenset())[0]


def _taken(held: _Held) -> list[SoundPiece | BadSound]:
    pieces, held.pieces = held.pieces, []
    return pieces
