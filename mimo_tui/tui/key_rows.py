"""A slot as a row of the list, and which slots a filter leaves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from textual.content import Content

from mimo_tui.core.ages import age
from mimo_tui.core.findings import Severity
from mimo_tui.core.text import clean
from mimo_tui.core.verdict import Label
from mimo_tui.services import Services
from mimo_tui.services.keys.listing import SlotView
from mimo_tui.services.keys.placing import Misplaced, remembered_misplaced
from mimo_tui.tui.widgets.key_text import SIGNS, KeyCard, places_text
from mimo_tui.tui.widgets.table import Row, Tone

_WORDS: Final[Mapping[Label, str]] = MappingProxyType(
    {
        Label.SEVERAL: "several",
        Label.WRONG_FAMILY: "other family",
        Label.REVOKED: "revoked",
        Label.UNDETERMINED: "uncertain",
    }
)
"""Verdicts in as many letters as the column has at 80 columns; the card says them in full."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A slot with its row, the lower-case text in which a filter looks, and the presets that its key does not fit."""

    slot: SlotView
    misplaced: tuple[Misplaced, ...]
    row: Row
    text: str


def listed(services: Services, slots: Iterable[SlotView]) -> tuple[Listed, ...]:
    """Give each slot ready to be listed and filtered."""
    now, found = services.now(), []
    for slot in slots:
        misplaced = remembered_misplaced(services, slot)
        shown = row(slot, misplaced, now)
        found.append(Listed(slot, misplaced, shown, _searched(slot, shown)))
    return tuple(found)


def row(slot: SlotView, misplaced: Sequence[Misplaced], now: datetime) -> Row:
    """Give the row of a slot."""
    cells = (
        slot.name,
        _verdict(slot, len(misplaced)),
        slot.secret.masked if slot.secret else "none",
        age(slot.check.at, now) if slot.check is not None else "",
        clean(", ".join(preset.name or preset.reference for preset in slot.presets)),
        places_text(slot),
        clean(slot.kind.title) if slot.kind is not None else "",
    )
    return Row(slot.name, cells, "error" if misplaced else _tone(slot))


def _verdict(slot: SlotView, misplaced: int) -> Content:
    known = slot.check
    if known is None:
        return Content.styled("not checked" if slot.secret else "", "dim")
    sign, style = SIGNS[known.label]
    where = known.host_words if known.label is Label.BELONGS else _WORDS[known.label]
    astray = f"  ✗ {misplaced} preset{'s' if misplaced > 1 else ''}" if misplaced else ""
    return Content.assemble((f"{sign} ", style), clean(where), (astray, "$text-error"))


def asked(row: Row) -> Row:
    """Give the row of a slot whose key is being checked."""
    name, _, *others = row.cells
    return replace(row, cells=(name, Content("asking …"), *others))


def matching(slots: Iterable[Listed], words: str) -> tuple[Row, ...]:
    """Give the rows of the slots in which each of the words occurs somewhere, in whatever case."""
    wanted = words.lower().split()
    return tuple(slot.row for slot in slots if all(word in slot.text for word in wanted))


def refreshed(card: KeyCard, listed: Listed) -> KeyCard:
    """Give the card of a slot that was read again.

    A verdict is one on a key: where the slot holds another by now, nothing is known of it.
    """
    if card.slot.secret != listed.slot.secret:
        return KeyCard(listed.slot, listed.misplaced)
    return replace(card, slot=listed.slot, misplaced=listed.misplaced)


def _searched(slot: SlotView, shown: Row) -> str:
    parts = [cell.plain if isinstance(cell, Content) else cell for cell in shown.cells]
    parts += [preset.reference for preset in slot.presets]
    parts += [slot.check.label] if slot.check is not None else []
    parts += [f"{finding.code} {finding.severity}" for finding in slot.findings]
    return "\n".join(parts).lower()


def _tone(slot: SlotView) -> Tone:
    wrong = slot.check is not None and slot.check.label in (Label.REVOKED, Label.WRONG_FAMILY)
    severities = {finding.severity for finding in slot.findings}
    if wrong or Severity.ERROR in severities:
        return "error"
    if Severity.WARNING in severities:
        return "warning"
    return "" if slot.secret else "muted"
