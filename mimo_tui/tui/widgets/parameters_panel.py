"""What is sent beside the text: a field for each parameter that the model takes, and for no other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.worker import Worker

from mimo_tui.core.json_text import Json
from mimo_tui.core.model import in_words
from mimo_tui.core.parameter_values import taken, written
from mimo_tui.core.parameters import (
    WEB_SEARCH,
    Offer,
    ParameterError,
    overridden,
    read_value,
    said_name,
    thinks,
)
from mimo_tui.core.secrets import safe
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.tui.failures import tell_failure
from mimo_tui.tui.widgets.finding_text import MUTED
from mimo_tui.tui.widgets.paragraph import Paragraph
from mimo_tui.tui.widgets.parameter_row import ParameterRow, row_id

_NOTHING_TAKEN: Final = "It is not known what this model takes beside the text."


class ParametersPanel(VerticalScroll, can_focus=False):
    """Shows the parameters of a model with their values. Values that it does not take are kept for one that does."""

    HELP = """\
## Parameters

Only what the model takes stands here, by the catalogue. `up` and `down` go from field to field, `right` and `left` turn
a choice. An empty field is left out of the request. Under a field stands what it may be and who says so, what is wrong,
and what the service takes in its place while the model thinks. `f12` empties all, `escape` goes back to the prompt.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape",
            "close",
            "Close",
            id="parameters.close",
            tooltip="Close this; what was set is sent along",
        ),
        Binding("f12", "reset", "Reset", id="parameters.reset", tooltip="Leave all parameters to the model"),
        Binding(
            "down",
            "screen.focus_next",
            "Down",
            id="parameters.down",
            tooltip="To the field below",
            show=False,
        ),
        Binding(
            "up",
            "screen.focus_previous",
            "Up",
            id="parameters.up",
            tooltip="To the field above",
            show=False,
        ),
    ]
    DEFAULT_CSS = """
    ParametersPanel {
        padding: 0 1;
        background: $surface;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
        & > .parameters--title { text-style: bold; margin: 0 0 1 0; }
    }
    """

    @dataclass
    class Changed(Message):
        """Other values are set, by the API's names; those that the model does not take are among them."""

        values: Mapping[str, Json]

    @dataclass
    class Closed(Message):
        """The person is done with it."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 Textual's word
        super().__init__(id=id)
        self._model = NOTHING
        self._offered: tuple[Offer, ...] = ()
        self._values: dict[str, Json] = {}
        self._unreadable: dict[str, str] = {}
        self._goal: str | None = None

    def compose(self) -> ComposeResult:
        yield Paragraph(classes="parameters--title")

    def show(self, model: Clean, offered: Sequence[Offer], values: Mapping[str, Json]) -> None:
        """Show what that model takes, with these values; those of fields that stay as they are stay as typed."""
        is_other = tuple(offered) != self._offered
        if not is_other and model == self._model and dict(values) == self._values:
            return
        if dict(values) != self._values:
            self._values, self._unreadable = dict(values), {}
        self._model, self._offered = model, tuple(offered)
        if is_other:
            self._build()
        else:
            for row in self.query(ParameterRow):
                row.take(self._text(row.offer))
            self._tell()

    @property
    def values(self) -> Mapping[str, Json]:
        """What is set, also what this model does not take."""
        return MappingProxyType(dict(self._values))

    def _text(self, offer: Offer) -> str:
        unreadable = self._unreadable.get(offer.name, "")
        sent = taken((offer,), self._values)
        return written(sent[offer.name]) if sent else unreadable

    @work(exclusive=True, group="rows", exit_on_error=False)
    async def _build(self) -> None:
        focused = next((row for row in self.query(ParameterRow) if row.has_focus_within), None)
        if focused is not None:
            is_there = any(offer.name == focused.offer.name for offer in self._offered)
            self._goal = focused.offer.name if is_there else ""
        await self.query(ParameterRow).remove()
        rows = [ParameterRow(offer, self._text(offer)) for offer in self._offered]
        await self.mount_all(rows)
        self._tell()
        if self._goal is not None:
            self.go_to(self._goal)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        tell_failure(self.app, event)

    @on(ParameterRow.Changed)
    def _changed(self, event: ParameterRow.Changed) -> None:
        event.stop()
        self._values.pop(event.name, None)
        self._unreadable.pop(event.name, None)
        offer = next(each for each in self._offered if each.name == event.name)
        if event.text:
            try:
                self._values[event.name] = read_value(offer, event.text)
            except ParameterError:
                self._unreadable[event.name] = event.text
        self._tell()
        self.post_message(self.Changed(self.values))

    def _tell(self) -> None:
        values = self._values
        instead = overridden(self._offered, values)
        for row in self.query(ParameterRow):
            row.effect = _effect(row.offer, values, instead=row.offer.name in instead)
        self.query_one(".parameters--title", Paragraph).update(self._title(values))

    def _title(self, values: Mapping[str, Json]) -> Content:
        if not self._offered:
            return Content(_NOTHING_TAKEN)
        sent = taken(self._offered, values)
        parts = [Content.assemble("Parameters of ", (self._model, "$primary"), f" · {len(sent)} set")]
        if thinks(self._offered, values):
            parts.append(Content.styled("It thinks before it answers.", MUTED))
        left = [
            f"{said_name(name)} = {safe(written(value))}"
            for name, value in values.items()
            if name not in sent
        ]
        if left:
            told = clean(f"! Left out, since this model does not take it: {', '.join(left)}")
            parts.append(Content.styled(told, "$text-warning"))
        return Content("\n").join(parts)

    def action_close(self) -> None:
        self.post_message(self.Closed())

    def action_reset(self) -> None:
        """Leave everything to the model, also what is kept for others."""
        self._values, self._unreadable = {}, {}
        for row in self.query(ParameterRow):
            row.take("")
        self._tell()
        self.post_message(self.Changed(self.values))

    def go_to(self, name: str = "") -> None:
        """Give the focus to the field of that parameter, now or once it is there; empty: to the first one."""
        rows = self.query(f"#{row_id(name)}" if name else "ParameterRow")
        field = next((field for row in rows for field in row.query("PlainInput, ChoiceField")), None)
        self._goal = name if field is None else None
        if field is not None:
            field.focus()


def _effect(offer: Offer, values: Mapping[str, Json], *, instead: bool) -> Clean:
    """Say what holds in place of the value, or what it brings with it; empty: it is as it stands."""
    if instead and offer.while_thinking is not None:
        return clean(f"while it thinks: {in_words(offer.while_thinking)}, whatever is set")
    if offer.name not in values or not offer.name.startswith(f"{WEB_SEARCH}."):
        return NOTHING
    match values.get(WEB_SEARCH):
        case None:
            return Clean("this alone has it search the web")
        case False:
            return Clean("without web search this says nothing")
    return NOTHING
