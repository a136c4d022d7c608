"""The takes as a list: how each sounds to the eye, how long it is, whose voice it is, and what it cost."""

from dataclasses import dataclass, field
from typing import ClassVar, Final

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.reactive import reactive

from mimo_tui.core.media.sizes import size_text
from mimo_tui.core.meter import BETWEEN
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.tui.widgets.finding_text import MUTED
from mimo_tui.tui.widgets.table import GUTTER, Column, Row, Table, fit
from mimo_tui.tui.widgets.take_text import clock_text
from mimo_tui.tui.widgets.waveform import grown_columns, render_waveform

_WAVE: Final = 1
COLUMNS: Final = (
    Column("marks", "", 4),
    Column("waveform", "Sound", 14, weight=2),
    Column("seconds", "Length", 7, align="right"),
    Column("what", "Voice · text", 15, weight=3),
    Column("size", "Size", 7, priority=3, align="right"),
    Column("first", "1st sound", 9, priority=2, align="right"),
    Column("cost", "Cost", 8, priority=1, align="right"),
)
_PLAYS: Final = "▶"
_GROWS: Final = "…"
_KEPT: Final = "*"
_PASSING: Final = Clean("not kept")


@dataclass(frozen=True, slots=True)
class TakeRow:
    """A take as it stands in the list.

    `waveform` are its peaks from 0 to 100; empty: not known. `is_growing`: more of it comes. `size` is in bytes, 0: not
    known; `seconds` likewise. `first_sound` counts seconds from sending. `mark` is `A`, `B` or empty. `played` is the
    share that was played, from 0 to 1. `problem` says in a few words what is the matter with it. `simulated`: the row
    says so, for a list that does not say it of all. `is_passing`: it goes with the program, and was not saved.
    """

    id: str
    voice: Clean
    text: Clean = NOTHING
    waveform: tuple[int, ...] = field(default=(), repr=False)
    is_growing: bool = False
    seconds: float = 0.0
    size: int = 0
    first_sound: float | None = None
    cost: Clean = NOTHING
    mark: str = ""
    is_playing: bool = False
    played: float = 0.0
    is_kept: bool = False
    problem: Clean = NOTHING
    simulated: bool = False
    is_passing: bool = False


class TakeTable(Table):
    """Shows takes. Where the cursor is, and what enter opened, it tells as `Table` does: a row's key is the take's id.

    While a take grows or plays, `takes` is set anew for each picture; what did not change is not drawn again.
    """

    HELP = """\
## Takes

The newest stands first. `up` and `down` choose one. Before its sound stand `▶` where it plays, `…` where more of it
comes, `A` and `B` where it is marked, and `*` where no clean-up takes it away; `✗` says that something is the matter
with it, `! not kept` that it goes with the program unless it is saved. In its sound `┃` is where the player is.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter", "select", "Play", id="table.select", tooltip="Play or pause the take under the cursor"
        ),
    ]

    takes: reactive[tuple[TakeRow, ...]] = reactive(())

    def __init__(
        self,
        takes: tuple[TakeRow, ...] = (),
        *,
        empty: str = "Nothing was spoken yet.",
        id: str | None = None,  # noqa: A002 Textual's word
    ) -> None:
        super().__init__(COLUMNS, empty=empty, id=id)
        self._made: dict[str, tuple[TakeRow, int, Row]] = {}
        self.set_reactive(TakeTable.takes, takes)

    @property
    def cursor_take(self) -> TakeRow | None:
        """The take under the cursor; None where there is none."""
        row = self.cursor_row
        return next((take for take in self.takes if row is not None and take.id == row.key), None)

    def on_mount(self) -> None:
        self.watch_takes()

    def on_resize(self) -> None:
        self.watch_takes()

    def watch_takes(self) -> None:
        """Make the rows of what changed."""
        columns = dict(fit(self.columns, self.scrollable_content_region.width - GUTTER)).get(_WAVE, 0)
        made: dict[str, tuple[TakeRow, int, Row]] = {}
        for take in self.takes:
            known = self._made.get(take.id)
            is_same = known is not None and known[:2] == (take, columns)
            made[take.id] = (
                known if known is not None and is_same else (take, columns, take_row(take, columns))
            )
        self._made = made
        self.rows = tuple(row for _, _, row in made.values())


def take_row(take: TakeRow, columns: int) -> Row:
    """Give the row of a take whose sound is drawn in so many cells."""
    return Row(
        take.id,
        (
            _marks(take),
            _sound(take, columns),
            clock_text(take.seconds) if take.seconds else "",
            _what(take),
            size_text(take.size) if take.size else "",
            f"{take.first_sound:.2f} s" if take.first_sound is not None else "",
            take.cost,
        ),
        tone="error" if take.problem else "warning" if take.is_passing else "",
    )


def _marks(take: TakeRow) -> Content:
    sign = _GROWS if take.is_growing else " "
    return Content.assemble(
        (_PLAYS if take.is_playing else " ", "bold $text-success"),
        sign,
        (take.mark or " ", "bold $text-accent"),
        _KEPT if take.is_kept else " ",
    )


def _sound(take: TakeRow, columns: int) -> Content:
    if not take.waveform:
        if take.is_growing:
            return Content.styled("waiting …", MUTED)
        return Content.styled("not drawn" if take.size else "no sound", MUTED)
    width = grown_columns(columns, take.seconds) if take.is_growing else columns
    return render_waveform(take.waveform, width, take.played)


def _what(take: TakeRow) -> Content:
    told = ["SIMULATED"] if take.simulated else []
    told += [part for part in (take.problem, _PASSING if take.is_passing else NOTHING, take.voice) if part]
    first = Content(clean(BETWEEN.join(told)))
    return Content.assemble(first, BETWEEN, (take.text, MUTED)) if take.text else first
