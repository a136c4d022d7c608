"""Conversations that are kept, as rows, and where they lie."""

from dataclasses import dataclass
from typing import ClassVar, Final

from textual.binding import Binding, BindingType

from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.services import Services
from mimo_tui.services.playground.records import Found, Record, keeps
from mimo_tui.tui.doc_fetch import megabytes
from mimo_tui.tui.places import under_home
from mimo_tui.tui.widgets.meter_text import costs_text
from mimo_tui.tui.widgets.table import Column, Row, Table

COLUMNS: Final = (
    Column("when", "Last said", 16),
    Column("title", "Conversation", 20, weight=2),
    Column("model", "Models", 14, weight=1, priority=1),
    Column("turns", "Turns", 5, priority=3, align="right"),
    Column("cost", "Cost", 12, priority=2, align="right"),
)


class RecordTable(Table):
    """The records, in which enter opens one."""

    HELP = ""  # that of the screen says it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "select",
            "Open",
            id="table.select",
            tooltip="Go on with the conversation under the cursor",
        ),
    ]


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


def amount_text(services: Services, kept: Kept) -> Clean:
    """Say how many are kept, and whether what is said now is not."""
    own = services.knowledge.settings
    count, parts = kept.count, []
    if not kept.problem:
        amount = f"{count:,} conversation{'' if count == 1 else 's'}, {megabytes(kept.size)}"
        parts.append(f"{amount}, on this machine only, without keys.")
    if own.keeping_unknown:
        parts.append(f"What is said now is not kept: {own.problem}")
    elif not keeps(services):
        parts.append("What is said now is not kept, as `keep` under [playground] in config.toml says.")
    return clean(" ".join(parts))


def where_text(services: Services) -> Clean:
    """Say where they lie, and how to keep none."""
    places = services.places
    lie = f"They lie in {under_home(places.sessions)}."
    if not keeps(services):
        return clean(lie)
    settings = under_home(places.settings)
    return clean(f"{lie} `keep = false` under [playground] in {settings} keeps no more of them.")
