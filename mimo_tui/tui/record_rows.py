"""Conversations that are kept, as rows, and where they lie."""

from dataclasses import dataclass
from typing import Final

from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.services import Services
from mimo_tui.services.playground.records import Found, Record, keeps
from mimo_tui.tui.doc_fetch import megabytes
from mimo_tui.tui.places import under_home
from mimo_tui.tui.widgets.meter_text import costs_text
from mimo_tui.tui.widgets.table import Column, Row

COLUMNS: Final = (
    Column("when", "Last said", 16),
    Column("title", "Conversation", 20, weight=2),
    Column("model", "Models", 14, weight=1, priority=1),
    Column("turns", "Turns", 5, priority=3, align="right"),
    Column("cost", "Cost", 12, priority=2, align="right"),
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A record as it is shown. `turn` is where the words stand, in the `excerpt` at `marks`."""

    record: Record
    turn: int | None = None
    excerpt: Clean = NOTHING
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """What was found, and what there is in all. `problem`: the records cannot be read, and why."""

    hits: tuple[Hit, ...] = ()
    count: int = 0
    size: int = 0
    problem: Clean = NOTHING


def hit_of(found: Found) -> Hit:
    """Give what a search found as it is shown."""
    return Hit(found.record, found.turn, found.excerpt, found.marks)


def record_row(hit: Hit) -> Row:
    """Give the row of a record."""
    record = hit.record
    told = "SIMULATED" if record.simulated else ""
    models = " · ".join(each for each in (", ".join(record.models), told) if each)
    return Row(
        str(record.id),
        (
            f"{record.changed.astimezone():%Y-%m-%d %H:%M}",
            record.title,
            models,
            str(record.turns),
            costs_text(record.costs),
        ),
    )


def where_text(services: Services, kept: Kept) -> Clean:
    """Say how many are kept and where, and how to keep none."""
    places, count = services.places, kept.count
    settings = under_home(places.settings)
    if keeps(services):
        turned = f"`keep = false` under [playground] in {settings} keeps no more of them."
    else:
        turned = f"What is said now is not kept, as {settings} says (keep under [playground])."
    amount = f"{count:,} conversation{'' if count == 1 else 's'}, {megabytes(kept.size)}"
    file = under_home(places.sessions)
    return clean(f"{amount}, in {file}, on this machine only, without keys. {turned}")
