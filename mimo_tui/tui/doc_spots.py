"""Where one is in the documentation, and the way that one came."""

from dataclasses import dataclass, replace
from typing import Final

from mimo_tui.core.docs.address import ENGLISH

EVERYTHING: Final = ":everything"
MODELS: Final = ":models"
NOTHING_HERE: Final = ":nothing"
FIELD: Final = ":field"
_OURS: Final = ":"
"""How the name of a page begins that this program makes itself; no path of the docs does."""

_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a page. `find` are words to be marked there, `digest` an old version of it, empty: the newest."""

    path: str
    locale: str = ENGLISH
    anchor: str = ""
    find: str = ""
    digest: str = ""

    @property
    def is_ours(self) -> bool:
        """Whether this program makes the page itself."""
        return self.path.startswith(_OURS)

    def same_text(self, other: "Spot") -> bool:
        """Tell whether both are in one text."""
        return (self.path, self.locale, self.digest) == (other.path, other.locale, other.digest)


@dataclass(frozen=True, slots=True)
class Trail:
    """The spots that one came by (`behind`, the newest last), and those that one went back from (`ahead`)."""

    behind: tuple[Spot, ...] = ()
    here: Spot | None = None
    ahead: tuple[Spot, ...] = ()

    def to(self, spot: Spot) -> "Trail":
        """Go on to a spot."""
        if self.here is None or spot == self.here:
            return replace(self, here=spot)
        return Trail((*self.behind, self.here)[-_LONGEST:], spot)

    def at(self, anchor: str) -> "Trail":
        """Note how far one has read here, so that the way back leads there."""
        return replace(self, here=replace(self.here, anchor=anchor)) if self.here is not None else self

    def marking(self, words: str) -> "Trail":
        """Give the same way, on which no other words are marked than these."""

        def one(spot: Spot) -> Spot:
            return spot if spot.find in ("", words) else replace(spot, find="")

        here = one(self.here) if self.here is not None else None
        return Trail(tuple(map(one, self.behind)), here, tuple(map(one, self.ahead)))

    def back(self) -> "Trail":
        """Go back by one."""
        if not self.behind or self.here is None:
            return self
        return Trail(self.behind[:-1], self.behind[-1], (self.here, *self.ahead))

    def forward(self) -> "Trail":
        """Go forward again by one."""
        if not self.ahead or self.here is None:
            return self
        return Trail((*self.behind, self.here), self.ahead[0], self.ahead[1:])
