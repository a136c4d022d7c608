"""One parameter: its name, its value, and under it what it may be, what is wrong, and what holds in its place."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Input, Static

from mimo_tui.core.facts import Scalar
from mimo_tui.core.offer import Offer, ParameterError, ValueType, read_value
from mimo_tui.core.parameter_values import written
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.tui.widgets.choice_field import ChoiceField
from mimo_tui.tui.widgets.finding_text import MUTED, hanging
from mimo_tui.tui.widgets.paragraph import Paragraph
from mimo_tui.tui.widgets.plain_input import PlainInput

_BY_ITSELF: Final = "as the model has it"
_FLAGS: Final = ("true", "false")


class ParameterRow(Vertical):
    """A parameter with its value as text; an empty one is left out of the request."""

    HELP = """\
## A parameter

What you type is held against what the model takes, at once. An empty field is left out, so that the model does what it
does by itself; that stands there in grey. What cannot be sent is left out too, and it is said so.
"""
    DEFAULT_CSS = """
    ParameterRow {
        height: auto;
        & > Horizontal { height: auto; }
        & .parameter--name { width: 24; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }
        & PlainInput { width: 1fr; height: 1; border: none; padding: 0; }
        & .parameter--told { height: auto; padding: 0 0 0 2; display: none; }
        &.-told .parameter--told { display: block; }
        &.-focused .parameter--told { display: block; }
        &.-focused .parameter--name { color: $foreground; text-style: bold; }
        &.-set .parameter--name { color: $foreground; }
    }
    """
    _INDENT: ClassVar[int] = 2

    effect: reactive[Clean] = reactive(NOTHING)
    """What else is to be said of the value: that another holds in its place, or what it brings with it."""

    @dataclass
    class Changed(Message):
        """The person changed the value."""

        name: str
        text: str

    def __init__(self, offer: Offer, text: str) -> None:
        super().__init__(id=row_id(offer.name))
        self.offer = offer
        self._text = text

    def compose(self) -> ComposeResult:
        offer = self.offer
        with Horizontal():
            yield Static(Content(clean(offer.said)), classes="parameter--name")
            if offer.why_not:
                yield Static(Content.styled("not to be had", MUTED))
            elif offer.type in (ValueType.CHOICE, ValueType.FLAG):
                values = offer.choices if offer.type is ValueType.CHOICE else _FLAGS
                yield ChoiceField(values, self._text, unset=_unset(offer.default))
            else:
                yield PlainInput(self._text, placeholder=_unset(offer.default), compact=True)
        yield Paragraph(classes="parameter--told")

    def on_mount(self) -> None:
        self._tell()

    @property
    def text(self) -> str:
        """The value as it is typed."""
        return self._text

    @property
    def fault(self) -> Clean:
        """What is wrong with it; empty: nothing."""
        if not self._text:
            return NOTHING
        try:
            read_value(self.offer, self._text)
        except ParameterError as error:
            return clean(f"{error} It is left out.")
        return NOTHING

    def take(self, text: str) -> None:
        """Show another value; nothing is told of it."""
        self._text = text
        for line in self.query(PlainInput):
            line.value = text
        for choice in self.query(ChoiceField):
            choice.value = text
        self._tell()

    @on(Input.Changed)
    @on(ChoiceField.Changed)
    def _changed(self, event: Input.Changed | ChoiceField.Changed) -> None:
        event.stop()
        if event.value != self._text:
            self._text = event.value
            self._tell()
            self.post_message(self.Changed(self.offer.name, event.value))

    def on_descendant_focus(self) -> None:
        self.add_class("-focused")
        self.call_after_refresh(self.scroll_visible, animate=False)

    def on_descendant_blur(self) -> None:
        self.remove_class("-focused")

    def on_resize(self) -> None:
        self._tell()

    def watch_effect(self) -> None:
        self._tell()

    def _tell(self) -> None:
        paragraph = self.query_one_optional(".parameter--told", Paragraph)
        if paragraph is None:
            return
        offer, width = self.offer, max(self.size.width - self._INDENT, 20)
        parts: list[Content] = []
        if fault := self.fault:
            parts.append(hanging(Content.styled("✗ ", "$text-error"), _styled(fault, "$text-error"), width))
        if self.effect:
            told = _styled(self.effect, "$text-warning")
            parts.append(hanging(Content.styled("! ", "$text-warning"), told, width))
        if offer.why_not:
            parts.append(hanging(Content("- "), _styled(offer.why_not, MUTED), width))
        self.set_class(bool(parts), "-told")
        self.set_class(bool(self._text), "-set")
        remark = f"; {offer.remark}" if offer.remark else ""
        about = f"{offer.expects}{remark}. By {offer.source}"
        if not (fault or offer.why_not):
            parts.append(hanging(Content(""), _styled(clean(about), MUTED), width))
        paragraph.update(Content("\n").join(parts))


def row_id(name: str) -> str:
    """Give the id of a parameter's row."""
    return "parameter-" + "".join(
        character if character.isalnum() and character.isascii() else f"-{ord(character):x}"
        for character in name
    )


def _unset(default: "Scalar | None") -> str:
    if default is None:
        return _BY_ITSELF
    return clean(str(default) if isinstance(default, Decimal) else written(default))


def _styled(text: Clean, style: str) -> Content:
    return Content.styled(text, style)
