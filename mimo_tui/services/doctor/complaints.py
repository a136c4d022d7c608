"""What the doctor says: complaints, each with what mends it, what could not be checked, and what all of it rests on."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from mimo_tui.core.drift import Discrepancy, Unchecked
from mimo_tui.core.findings import Finding, Severity
from mimo_tui.core.report import Remedy
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.services.keys.checking import Check
from mimo_tui.services.keys.listing import SlotView
from mimo_tui.services.keys.placing import Misplaced
from mimo_tui.services.presets.listing import PresetView

_WORST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.INFO)


class Place(StrEnum):
    """What a complaint is about, in the order in which they are told."""

    PRESET = "preset"
    KEY = "key"
    FILES = "files"
    DRIFT = "drift"


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is wrong. `where` is the preset's reference, the slot, the file or the subject.

    `id` is the same each time it is found. `finding` and `preset` are of a preset, `slot` and `misplaced` of a key,
    `path` of a file, `discrepancy` of drift; `since` is when it was first seen, None where nobody notes that.
    """

    id: str
    place: Place
    severity: Severity
    code: str
    where: Clean
    message: Clean
    because: Clean
    remedies: tuple[Remedy, ...] = ()
    finding: Finding | None = field(default=None, repr=False)
    preset: PresetView | None = field(default=None, repr=False)
    slot: SlotView | None = field(default=None, repr=False)
    misplaced: Misplaced | None = field(default=None, repr=False)
    path: Path | None = None
    discrepancy: Discrepancy | None = None
    since: datetime | None = None
    simulated: bool = False

    @property
    def is_wrong(self) -> bool:
        """Whether something is wrong; information is worth knowing and no more."""
        return self.severity is not Severity.INFO


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking first: the checks of keys, and what was asked in vain or could not be asked, and why.

    `at` is when it ended, None: nobody asked. `answers` counts the docs, and each key, of which anything was heard.
    """

    at: datetime | None = None
    checks: tuple[Check, ...] = ()
    in_vain: tuple[Unchecked, ...] = ()
    answers: int = 0

    @property
    def has_failed(self) -> bool:
        """Whether all was asked in vain."""
        return self.at is not None and not self.answers


NOT_ASKED: Final = Asked()

PAGES: Final = clean("the pages of the docs")
"""What pages that were asked for in vain stand under among what could not be checked."""


@dataclass(frozen=True, slots=True)
class Examination:
    """All that was found, worst first, what could not be checked and why, and what all of it rests on.

    `problem` says why nothing could be looked at; empty: the presets were there to be read.
    """

    at: datetime
    complaints: tuple[Complaint, ...]
    unchecked: tuple[Unchecked, ...]
    basis: tuple[Clean, ...]
    works: tuple[Clean, ...]
    simulated: bool
    problem: Clean = NOTHING
    asked: Asked = field(default=NOT_ASKED, repr=False)

    def count(self, severity: Severity) -> int:
        """Give how many complaints are of that severity."""
        return count(self.complaints, severity)

    @property
    def is_wrong(self) -> bool:
        """Whether an error or a warning was found."""
        return any(complaint.is_wrong for complaint in self.complaints)


def count(complaints: Iterable[Complaint], severity: Severity) -> int:
    """Give how many are of that severity."""
    return sum(complaint.severity is severity for complaint in complaints)


def in_order(complaints: tuple[Complaint, ...]) -> tuple[Complaint, ...]:
    """Give them worst first, by place within that, then as they were found; no two have one id."""
    places = list(Place)
    ordered = sorted(
        complaints, key=lambda each: (_WORST_FIRST.index(each.severity), places.index(each.place))
    )
    seen: dict[str, int] = {}
    named = []
    for each in ordered:
        number = seen[each.id] = seen.get(each.id, 0) + 1
        named.append(each if number == 1 else replace(each, id=f"{each.id}#{number}"))
    return tuple(named)
