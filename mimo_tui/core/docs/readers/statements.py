"""What a reader gives: statements, the subjects that its page is to speak of, and what it missed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from mimo_tui.core.docs.page import Page
from mimo_tui.core.facts import Toml
from mimo_tui.core.text import NOTHING, Clean, clean

Subject = tuple[str, ...]
"""What a statement is about, as a path through the catalogue: `("models", ID, "context")`."""

ANY = "*"
"""Stands in a pattern of subjects for any one part."""

LONGEST_QUOTE = 300
"""Characters of a quote."""

_MOST_TOLD = 8


@dataclass(frozen=True, slots=True)
class Statement:
    """What a page says of one subject: a value as `catalogue.toml` writes it, and the row or sentence it stands in."""

    subject: Subject
    value: Toml
    quote: Clean
    line: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader got out of a page.

    `covers` are patterns of subjects (`("models", "*", "context")`) of which this page is to speak: what it says
    nothing of any more is no longer known from it. It is empty where the reader did not find what it reads, and
    `problem` says what it missed: then the page says neither yes nor no.
    """

    statements: tuple[Statement, ...] = ()
    covers: frozenset[Subject] = frozenset()
    problem: Clean = NOTHING


Reader = Callable[[Page], Reading]


@dataclass(slots=True)
class Draft:
    """A reading while it is made."""

    _statements: dict[tuple[Subject, str], Statement] = field(default_factory=dict)
    _covers: set[Subject] = field(default_factory=set)
    _missed: dict[str, None] = field(default_factory=dict)

    def state(self, subject: Subject, value: Toml, quote: str, line: int) -> None:
        """Add a statement. The same said twice counts once."""
        self._statements.setdefault(
            (subject, repr(value)), Statement(subject, value, clean(shortened(quote)), line)
        )

    def cover(self, subjects: Iterable[Subject]) -> None:
        """Add patterns of subjects that the page speaks of."""
        self._covers.update(subjects)

    def miss(self, what: str) -> None:
        """Note what was not found or not understood."""
        self._missed[what] = None

    def reading(self) -> Reading:
        """Give what came together."""
        told = list(self._missed)
        more = [f"and {len(told) - _MOST_TOLD} more"] if len(told) > _MOST_TOLD else []
        problem = clean("; ".join(told[:_MOST_TOLD] + more))
        return Reading(tuple(self._statements.values()), frozenset(self._covers), problem)


def shortened(text: str, longest: int = LONGEST_QUOTE) -> str:
    """Give the text, cut with `…` where it is longer."""
    return text if len(text) <= longest else text[: longest - 1] + "…"
