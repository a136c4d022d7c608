"""One field of a form: its title, its value, and under it what is wrong or what it is for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.suggester import SuggestFromList
from textual.widgets import Input, Static, TextArea

from mimo_tui.core.fields import Field, Kind
from mimo_tui.core.findings import Finding, Severity
from mimo_tui.core.text import clean, clean_lines
from mimo_tui.tui.widgets.finding_text import STYLES, finding_reason, hanging
from mimo_tui.tui.widgets.paragraph import Paragraph
from mimo_tui.tui.widgets.plain_input import PlainInput
from mimo_tui.tui.widgets.plain_text_area import PlainTextArea


class FieldRow(Vertical):
    """A field with its value. A value that holds control characters is shown cleaned and cannot be typed over."""

    HELP = """\
## A field

What is wrong is said under the field while you type, with where the rule comes from. `f4` lists the values that are
known for it, `right` takes the one that is suggested.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "f4",
            "choose",
            "Choose",
            id="field.choose",
            tooltip="List the values that are known for this field",
        ),
    ]
    DEFAULT_CSS = """
    FieldRow {
        height: auto;
        & > Horizontal { height: auto; }
        & .field-row--title { width: 15; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }
        & PlainInput { width: 1fr; height: 1; border: none; padding: 0; }
        & TextArea { width: 1fr; height: auto; min-height: 1; max-height: 6; border: none; padding: 0; }
        & .field-row--message { height: auto; padding: 0 0 0 15; display: none; }
        &.-told .field-row--message { display: block; }
        &.-focused .field-row--message { display: block; }
        &.-focused .field-row--title { color: $foreground; text-style: bold; }
    }
    """

    findings: reactive[tuple[Finding, ...]] = reactive(())
    fault: reactive[str] = reactive("")

    @dataclass
    class Changed(Message):
        """The person changed the value."""

        field: Field
        text: str

    @dataclass
    class ChooseRequested(Message):
        """The person wants to see the values that are known."""

        row: "FieldRow"

    def __init__(self, field: Field, value: str, options: Sequence[str] = ()) -> None:
        super().__init__(id=_identifier(field))
        self.field = field
        self.options = tuple(options)
        self._value = value
        self._is_plain = clean_lines(value, tab_size=1) == value.replace("\t", " ")

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Static(Content(self.field.title), classes="field-row--title")
            if self.field.kind in (Kind.LINES, Kind.JSON):
                yield PlainTextArea(
                    clean_lines(self._value),
                    compact=True,
                    disabled=not self._is_plain,
                    highlight_cursor_line=False,
                )
            else:
                suggester = SuggestFromList(self.options, case_sensitive=False) if self.options else None
                yield PlainInput(self._value, compact=True, suggester=suggester, disabled=not self._is_plain)
        yield Paragraph(classes="field-row--message")

    def on_mount(self) -> None:
        self._tell()

    @property
    def text(self) -> str:
        """The value as it stands."""
        areas = self.query(TextArea)
        return areas.first().text if areas else self.query_one(PlainInput).value

    def choose(self, value: str) -> None:
        """Give the field this value, as if it had been typed."""
        self.query_one(PlainInput).value = value

    @on(Input.Changed)
    @on(TextArea.Changed)
    def _changed(self, event: Input.Changed | TextArea.Changed) -> None:
        event.stop()
        if self._is_plain and self.text != self._value:
            self._value = self.text
            self.post_message(self.Changed(self.field, self.text))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 Textual's
        return action != "choose" or bool(self.options)

    def action_choose(self) -> None:
        self.post_message(self.ChooseRequested(self))

    def on_descendant_focus(self) -> None:
        # :focus-within stays on a row whose input lost the focus while its screen was being built.
        self.add_class("-focused")

    def on_descendant_blur(self) -> None:
        self.remove_class("-focused")
        for value in self.query(PlainInput):
            value.scroll_to(x=0, animate=False)  # what does not fit is read from its beginning

    def on_resize(self) -> None:
        self._tell()

    def watch_findings(self) -> None:
        self._tell()

    def watch_fault(self) -> None:
        self._tell()

    def _tell(self) -> None:
        if not self.is_mounted:
            return
        width = max(self.size.width - 15, 20)
        parts: list[Content] = []
        if not self._is_plain:
            warned = Content.styled(
                "holds control characters; edit the file itself to change it", "$text-warning"
            )
            parts.append(hanging(Content.styled("! ", "$text-warning"), warned, width))
        if self.fault:
            style = STYLES[Severity.ERROR]
            fault = Content.styled(clean(self.fault), style)
            parts.append(hanging(Content.styled("✗ ", style), fault, width))
        parts.extend(finding_reason(finding, width) for finding in self.findings)
        self.set_class(bool(parts), "-told")
        parts = parts or [Content.styled(self.field.help, "dim")]
        if self.has_class("-focused"):
            self.call_after_refresh(self.scroll_visible, animate=False)
        self.query_one(".field-row--message", Static).update(Content("\n").join(parts))


def _identifier(field: Field) -> str:
    return "field-" + "".join(
        character if character.isalnum() and character.isascii() else f"-{ord(character):x}"
        for character in field.id
    )
