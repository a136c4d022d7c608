"""What is to be spoken, in which manner, and by whom: a form that folds to the kind of voice that is chosen."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.widgets import Input, Static, TextArea

from mimo_tui.core.model import ModelKind
from mimo_tui.core.take import SoundFormat
from mimo_tui.core.text import Clean, clean, clean_lines
from mimo_tui.tui.widgets.choice_row import ChoiceRow, Value
from mimo_tui.tui.widgets.paragraph import Paragraph
from mimo_tui.tui.widgets.path_input import PathInput
from mimo_tui.tui.widgets.plain_input import PlainInput
from mimo_tui.tui.widgets.speech_area import SpeechArea
from mimo_tui.tui.widgets.voice_list import VoiceList
from mimo_tui.tui.widgets.waveform import WaveformView

_YES, _NO = Clean("yes"), Clean("no")
_KINDS: Final = (
    Value(ModelKind.SPEECH, Clean("built-in")),
    Value(ModelKind.VOICE_DESIGN, Clean("designed")),
    Value(ModelKind.VOICE_CLONE, Clean("cloned")),
)
# Bare samples sound as WAV does: they are a matter of saving.
_FORMATS: Final = tuple(Value(each, clean(each.upper())) for each in (SoundFormat.WAV, SoundFormat.MP3))
_FLAG: Final = (Value(_YES, _YES), Value(_NO, _NO))


@dataclass(frozen=True, slots=True)
class SpeechDraft:
    """What is written in the form; which of `voice`, `description` and `sample` (a path) counts, `kind` says."""

    text: str = field(default="", repr=False)
    kind: ModelKind = ModelKind.SPEECH
    voice: str = ""
    description: str = field(default="", repr=False)
    sample: str = ""
    style: str = field(default="", repr=False)
    format: SoundFormat = SoundFormat.WAV
    streamed: bool = True
    polish: bool = False


class FormPart(Vertical):
    """A part of the form, which tells when it has another height."""

    @dataclass
    class Fitted(Message):
        """It was laid out."""

    def on_resize(self) -> None:
        self.post_message(self.Fitted())


class SpeechForm(VerticalScroll, can_focus=False):
    """The form. Beside what it tells, it is asked for its `draft`; voices and samples are shown by who knows them.

    It takes the room that it is given, but no more than it needs, and scrolls where that is too little.
    """

    DEFAULT_CSS = """
    SpeechForm {
        height: 1fr;
        scrollbar-size-vertical: 1;
        & #words, & #who, & #design, & #clone { height: auto; }
        & #words, & #who { padding: 0 1; }
        & #text { min-height: 1; max-height: 4; }
        & #description { min-height: 2; max-height: 4; }
        & #direction, & #options { height: 1; }
        & .label { width: 8; }
        & #style, & #sample { width: 1fr; height: 1; border: none; padding: 0; background: $boost; }
        & #format { width: 24; }
        & VoiceList { height: 6; }
    }
    """

    text = query_one("#text", SpeechArea)
    style = query_one("#style", PlainInput)
    voices = query_one(VoiceList)
    path = query_one("#sample", PathInput)
    _kinds = query_one("#kind", ChoiceRow)
    _format = query_one("#format", ChoiceRow)
    _streamed = query_one("#streamed", ChoiceRow)
    _polish = query_one("#polish", ChoiceRow)
    _description = query_one("#description", SpeechArea)
    _about = query_one("#about-sample", Paragraph)
    _wave = query_one("#wave", WaveformView)

    @dataclass
    class Changed(Message):
        """Something else is written, or chosen."""

    @dataclass
    class Entered(Message):
        """What is written is to be spoken."""

    @dataclass
    class KindChosen(Message):
        """Another kind of voice was chosen."""

        kind: ModelKind

    @dataclass
    class SampleNamed(Message):
        """Another path of a sample is written; empty: none."""

        location: str

    def compose(self) -> ComposeResult:
        with FormPart(id="words"):
            yield SpeechArea(self._enter, id="text")
            with Horizontal(id="direction"):
                yield Static(Content.styled("Style", "dim"), classes="label")
                yield PlainInput(placeholder="in which manner, in words", id="style", compact=True)
            with Horizontal(id="options"):
                yield ChoiceRow("Format", _FORMATS, id="format")
                yield ChoiceRow("Stream", _FLAG, id="streamed")
        with FormPart(id="who"):
            yield ChoiceRow("Voice ", _KINDS, id="kind")
            yield VoiceList()
            with Vertical(id="design"):
                yield SpeechArea(self._enter, id="description")
                yield ChoiceRow("Polish", _FLAG, _NO, id="polish")
            with Vertical(id="clone"):
                yield PathInput(
                    placeholder="Path of a WAV or MP3 of the voice; drop it here", id="sample", compact=True
                )
                yield Paragraph(id="about-sample")
                yield WaveformView(id="wave")

    def on_mount(self) -> None:
        self.text.placeholder = Content("What is to be spoken; enter speaks it, ctrl+j begins another line")
        self._description.placeholder = Content("Who speaks: how old, in what manner, how fast …")
        self.show_sample(Content(""), ())
        self._fold()

    @on(FormPart.Fitted)
    def _fit(self, event: FormPart.Fitted) -> None:
        event.stop()
        needed = max(part.virtual_region.bottom for part in self.query(FormPart))
        most = self.styles.max_height
        if needed and (most is None or most.value != needed):
            self.styles.max_height = needed

    def on_resize(self) -> None:
        """Keep in sight what has the focus, where there is less room than before."""
        self.call_after_refresh(self._bring)

    def _bring(self) -> None:
        focused = self.screen.focused
        if focused is not None and self in focused.ancestors:
            shown = self.voices if self.voices in focused.ancestors else focused
            shown.scroll_visible(animate=False)

    @property
    def kind(self) -> ModelKind:
        """The kind of voice that is chosen."""
        return ModelKind(self._kinds.value)

    @property
    def draft(self) -> SpeechDraft:
        """What is written."""
        return SpeechDraft(
            self.text.text,
            self.kind,
            self.voices.voice,
            self._description.text,
            self.path.value.strip(),
            self.style.value,
            SoundFormat(self._format.value),
            self._streamed.value == _YES,
            self._polish.value == _YES,
        )

    def write(self, draft: SpeechDraft) -> None:
        """Put all of a draft into the form; bare samples are asked for as WAV."""
        self.text.write(clean_lines(draft.text))
        self.style.value = clean(draft.style)
        self._format.value = draft.format if draft.format is SoundFormat.MP3 else SoundFormat.WAV
        self._streamed.value = _YES if draft.streamed else _NO
        self.take_kind(draft.kind)
        match draft.kind:
            case ModelKind.SPEECH:
                self.voices.choose(draft.voice)
            case ModelKind.VOICE_DESIGN:
                self._description.write(clean_lines(draft.description))
            case _:
                self.path.put(draft.sample)

    def take_kind(self, kind: ModelKind) -> None:
        """Choose a kind of voice."""
        if kind in [each.id for each in _KINDS] and kind is not self.kind:
            self._kinds.value = kind
            self._fold()
            self.post_message(self.KindChosen(kind))

    def step_kind(self) -> None:
        """Choose the next kind of voice, and go to what names it."""
        self._kinds.action_step(1)
        self._fold()
        self.go_to_voice()

    def go_to_voice(self) -> None:
        """Go to what names the voice."""
        match self.kind:
            case ModelKind.SPEECH:
                self.voices.line.focus()
            case ModelKind.VOICE_DESIGN:
                self._description.focus()
            case _:
                self.path.focus()

    def take_sample(self, path: str) -> None:
        """Have the voice cloned from the file of that path."""
        self.take_kind(ModelKind.VOICE_CLONE)
        self.path.put(path)
        self.path.focus()

    def show_sample(self, about: Content, peaks: Sequence[int]) -> None:
        """Show what a sample is; nothing: none is named."""
        self._about.display = bool(about.plain)
        self._about.update(about)
        self._wave.peaks = tuple(peaks)
        self._wave.display = bool(peaks)

    @property
    def sample_width(self) -> int:
        """The cells that a line about the sample may take."""
        return max(self.query_one("#clone").size.width, 30)

    def _fold(self) -> None:
        kind = self.kind
        self.voices.display = kind is ModelKind.SPEECH
        self.query_one("#design").display = kind is ModelKind.VOICE_DESIGN
        self.query_one("#clone").display = kind is ModelKind.VOICE_CLONE

    def _enter(self, _: str) -> None:
        self.post_message(self.Entered())

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Entered())

    @on(ChoiceRow.Changed, "#kind")
    def _another_kind(self) -> None:
        self._fold()
        self.post_message(self.KindChosen(self.kind))

    @on(Input.Changed, "#sample")
    def _named(self, event: Input.Changed) -> None:
        self.post_message(self.SampleNamed(event.value.strip()))

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(ChoiceRow.Changed)
    @on(VoiceList.Chosen)
    def _changed(self) -> None:
        self.post_message(self.Changed())
