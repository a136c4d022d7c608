"""A complaint as a row of the list, and which rows a filter leaves."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from textual.content import Content

from mimo_tui.core.ages import age
from mimo_tui.core.drift import Unchecked
from mimo_tui.core.findings import Severity
from mimo_tui.core.text import Clean, clean
from mimo_tui.services.doctor.complaints import Complaint, Examination
from mimo_tui.services.doctor.examining import conclusion, tally
from mimo_tui.services.doctor.visiting import PagesHere
from mimo_tui.tui.doc_spots import Spot
from mimo_tui.tui.widgets.complaint_text import Group
from mimo_tui.tui.widgets.finding_text import STYLES
from mimo_tui.tui.widgets.table import Row, Tone

_BASIS: Final = "what this rests on"
_WORDS: Final[Mapping[Severity, str]] = MappingProxyType(
    {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "remark"}
)
_TONES: Final[Mapping[Severity, Tone]] = MappingProxyType(
    {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: ""}
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A row, what it is about, the lower-case text in which a filter looks, and the page that is here about it."""

    shown: Complaint | Group | Unchecked | Examination
    row: Row
    text: str
    page: Spot | None = None

    @property
    def leads(self) -> bool:
        """Whether there is anywhere to go from it."""
        match self.shown:
            case Group():
                return True
            case Complaint():
                return not (self.page is None and self.shown.slot is None and self.shown.preset is None)
            case _:
                return False


def listed(examination: Examination, pages: PagesHere) -> tuple[Listed, ...]:
    """Give each complaint ready to be listed, then what was not checked, then what it rests on.

    Where nothing is complained of there are no rows.
    """
    if not examination.complaints:
        return ()
    return tuple(_listed(examination, pages))


def _listed(examination: Examination, pages: PagesHere) -> Iterator[Listed]:
    for each in examination.complaints:
        row = _row(each, examination)
        seen = each.discrepancy
        page = pages.get(seen.url) if seen is not None else None
        spot = Spot(*page) if page is not None else None
        yield Listed(each, row, f"{_searched(row)}\n{each.code} {each.place}".lower(), spot)
    for number, unchecked in enumerate(examination.unchecked):
        cells = ("unknown", unchecked.subject, clean(f"not checked: {unchecked.reason}"), "")
        row = Row(f"unchecked/{number}", cells, "muted")
        yield Listed(unchecked, row, _searched(row).lower())
    first = examination.basis[0] if examination.basis else ""
    row = Row("basis", ("", _BASIS, first, ""), "muted")
    yield Listed(examination, row, _searched(row).lower())


def _row(complaint: Complaint, examination: Examination) -> Row:
    # What stands in the column before it need not be said again, and where all is simulated the bar says so.
    message = complaint.message.removeprefix(f"{complaint.where}: ")
    if complaint.simulated and not examination.simulated:
        message = f"SIMULATED: {message}"
    cells = (
        Content.styled(_WORDS[complaint.severity], STYLES[complaint.severity]),
        complaint.where,
        clean(message),
        age(complaint.since, examination.at) if complaint.since is not None else "",
    )
    return Row(complaint.id, cells, _TONES[complaint.severity])


def matching(rows: Iterable[Listed], words: str) -> tuple[Listed, ...]:
    """Give those in which each of the words occurs somewhere, in whatever case."""
    wanted = words.lower().split()
    return tuple(each for each in rows if all(word in each.text for word in wanted))


def grouped(rows: Iterable[Listed]) -> tuple[Listed, ...]:
    """Give one row for all complaints of one code and severity, in the place of the first of them."""
    found: dict[str, list[Listed]] = {}
    for each in rows:
        shown = each.shown
        key = f"group/{shown.severity}/{shown.code}" if isinstance(shown, Complaint) else each.row.key
        found.setdefault(key, []).append(each)
    return tuple(_group(key, alike) if len(alike) > 1 else alike[0] for key, alike in found.items())


def _group(key: str, alike: list[Listed]) -> Listed:
    complaints = tuple(each.shown for each in alike if isinstance(each.shown, Complaint))
    group, first = Group(complaints[0].code, complaints), alike[0].row
    what = clean(f"{group.code}: {complaints[0].message}")
    cells = (first.cells[0], f"{len(complaints)} times", what, first.cells[3])
    return Listed(group, Row(key, cells, first.tone), "")


def nothing_wrong(examination: Examination) -> str:
    """Say that nothing is wrong, how that is known, and what is not known."""
    if examination.problem:
        return f"There was nothing to look at: {examination.problem}"
    unchecked = (f"Not checked: {each.subject}: {each.reason}" for each in examination.unchecked)
    return "\n".join((conclusion(examination), "", *examination.basis, *unchecked))


def counts(rows: Iterable[Listed], examination: Examination, words: str) -> Clean:
    """Say how much is wrong, of what a filter of these words leaves and of how many."""
    shown = tuple(each.shown for each in rows if isinstance(each.shown, Complaint))
    told = tally(shown)
    if not words.strip():
        return told
    share = f"{len(shown)} of {len(examination.complaints)}"
    return clean(f"{share}: {told}" if told else share)


def _searched(row: Row) -> str:
    return "\n".join(cell.plain if isinstance(cell, Content) else cell for cell in row.cells)
