"""Speech: a text spoken by a voice that is there, one that is described, or one that is cloned, take after take."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.getters import query_one

from mimo_tui.core.catalogue import ModelKind
from mimo_tui.core.diagnosis import Cause, Diagnosis
from mimo_tui.core.text import Clean, clean, clean_lines
from mimo_tui.sound.player import PlayerState
from mimo_tui.store.places import Places
from mimo_tui.tui.places import SPEECH, Arrived, place_bar
from mimo_tui.tui.screens.speaking_place import SpeakingPlace
from mimo_tui.tui.screens.takes_place import NOTHING_SPOKEN
from mimo_tui.tui.speech_offers import Remedy, Where, is_offered, offers, remedy_of
from mimo_tui.tui.speech_rows import head_of, sample_text, shown_voice
from mimo_tui.tui.speech_state import ReadSample
from mimo_tui.tui.widgets.key_bar import KeyBar
from mimo_tui.tui.widgets.news_line import News, NewsLine
from mimo_tui.tui.widgets.paragraph import Paragraph
from mimo_tui.tui.widgets.path_input import PathInput
from mimo_tui.tui.widgets.player_line import PlayerLine
from mimo_tui.tui.widgets.playground_head import PlaygroundHead
from mimo_tui.tui.widgets.prompt_area import PromptArea
from mimo_tui.tui.widgets.speech_form import SpeechDraft, SpeechForm
from mimo_tui.tui.widgets.table import Table
from mimo_tui.tui.widgets.take_table import TakeTable

if TYPE_CHECKING:
    from mimo_tui.services import Services
    from mimo_tui.services.presets.listing import PresetView
    from mimo_tui.services.speech.orders import Speaking

_STEP: Final = 2.0
"""Seconds by which one seeks."""
_PAUSE: Final = 0.4
"""Seconds without a key before what is written is looked at."""


def _act(key: str, action: str, title: str, tooltip: str, *, show: bool = True) -> Binding:
    return Binding(key, f"act('{action}')", title, id=f"speech.{action}", tooltip=tooltip, show=show)


def _above(key: str, action: str, title: str, tooltip: str) -> Binding:
    """Give a binding that holds also where a line to type in would do something else by that key."""
    name = f"speech.{action}-anywhere"
    return Binding(key, f"act('{action}')", title, id=name, tooltip=tooltip, show=False, priority=True)


def _bind(key: str, action: str, title: str, tooltip: str, *, name: str = "", show: bool = True) -> Binding:
    return Binding(key, action, title, id=f"speech.{name or action}", tooltip=tooltip, show=show)


class SpeechScreen(SpeakingPlace):
    """The place where one has texts spoken. What is spoken goes on while one is at another place."""

    CSS_PATH = "speech.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (116, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (24, "-usual"), (36, "-high")]
    AUTO_FOCUS = "#text"
    QUESTION = clean("Speak with which preset?")
    UNSAVED: ClassVar[Clean] = clean("Takes on Speech (6) go with the program, and are not saved.")
    HELP = """\
## Speech

What you write goes to the speech model, with the key of the preset and to its host. `f5` (in the form `enter` too) has
it spoken, by the voice under the cursor, by one that you describe, or by one that is cloned from a sample; `escape`
stops it, and what came stays. It plays while it still comes, where this machine has a loudspeaker.

Each time makes a take in the list below. `escape` leaves the form, so that single letters act on the take under the
cursor; `i` goes back to the text. `a` and `b` mark two takes, and `x` goes from one to the other at the same place.
`ctrl+a` has the line spoken by every voice that the list shows, one after the other, each by a request of its own; it
goes to the takes, where one can compare them meanwhile.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        _act("f5", "speak", "Speak", "Have it spoken"),
        _act("f8,f", "remedy", "Mend", "Do what mends this failure"),
        _act("space", "toggle", "Play", "Play the take under the cursor, or pause", show=False),
        _above("f6", "toggle", "Play", "Play the take under the cursor, or pause"),
        _bind("left", f"seek({-_STEP})", "Back", "Go back in what plays", name="back", show=False),
        _bind("right", f"seek({_STEP})", "On", "Go forward in what plays", name="on", show=False),
        _bind("full_stop", "silence", "Silence", "Stop playing", show=False),
        _bind("a", "mark('A')", "Mark A", "Mark the take as A, or take the mark away", name="mark-a"),
        _bind("b", "mark('B')", "Mark B", "Mark the take as B, or take the mark away", name="mark-b"),
        _act("x", "swap", "A/B", "Hear the other one of A and B, at the same place"),
        _act("ctrl+s,s", "save", "Save", "Save the take under a name of your own"),
        _act("l", "listen", "Listen", "Have the take listened to, and see what of its text was heard"),
        _act("t", "again", "Take up", "Put text, voice and style of the take into the form"),
        _act("d", "delete", "Delete", "Delete the take"),
        _act("K", "keep", "Keep", "Have no clean-up remove the take, or again any"),
        _act("c", "clean", "Clean up", "Delete all takes that are not kept"),
        _act("y", "path", "Path", "Copy the path of the take's file, or what fetches it", show=False),
        _act("o", "reveal", "Reveal", "Show the take's file in the file manager", show=False),
        _act("f4,A", "audition", "Audition", "The same line by every voice that the list shows"),
        _above("ctrl+a", "audition", "Audition", "The same line by every voice that the list shows"),
        _bind("f2,v", "flavour", "Voice", "A built-in voice, a designed one, or a cloned one"),
        _act("f3,p", "preset", "Preset", "Speak with another preset"),
        _act("ctrl+g,m", "model", "Model", "Ask another model with this preset's key", show=False),
        _act("ctrl+o", "raw", "Raw", "Request and answer as they were", show=False),
        _bind("i", "write", "Write", "Go to the text"),
        _bind("escape", "stop", "Stop", "Stop speaking and playing; what came stays"),
        _bind("escape", "leave", "Takes", "Go to the takes, where single letters act"),
    ]

    form = query_one(SpeechForm)

    def __init__(
        self, home: Places, open_services: "Callable[[], Services]", *, simulated: bool, offline: bool = False
    ) -> None:
        super().__init__(home, open_services, simulated=simulated, offline=offline)
        self.sample = ReadSample("")
        self._models: dict[ModelKind, str] = {}
        self._kind = ModelKind.SPEECH
        self._listed: tuple[str, str] | None = None
        self._offered: tuple[str, ...] = ()
        self.advised: SpeechDraft | None = None
        self._advice = News()
        self._is_hasty = False
        self._refused: tuple[News, SpeechDraft] | None = None

    def compose(self) -> ComposeResult:
        yield place_bar(self.home, simulated=self.is_simulated, offline=self.is_offline, current=SPEECH)
        yield PlaygroundHead()
        yield SpeechForm(id="form")
        yield NewsLine()
        yield TakeTable(id="takes", empty=NOTHING_SPOKEN)
        yield Paragraph(id="about")
        yield PlayerLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self.show_around()

    @on(Arrived)
    def _came(self) -> None:
        self.load_takes()
        self.get_ready()

    @work(thread=True, exclusive=True, group="ready", exit_on_error=False)
    def get_ready(self) -> None:
        """Import here what the first action needs, which would hold up the screen."""
        import mimo_tui.services.speech.speaking
        import mimo_tui.tui.speech_actions  # noqa: F401

    def came_for(self, row: str) -> bool:
        """Put the cursor on the take that one came for."""
        return self.table.move_to(row)

    # What is shown.

    @property
    def kind(self) -> ModelKind:
        return self._kind

    def show_around(self) -> None:
        """Show whom is asked, which voices that one has, and what one can do."""
        self.query_one(PlaygroundHead).head = head_of(
            self.view,
            self.asked,
            self.shelf.spoken,
            waiting=len(self.queue.waiting),
            simulated=self.is_simulated,
            offline=self.is_offline,
        )
        endpoint = self.view.endpoint if self.view is not None else None
        cluster = (endpoint.cluster if endpoint is not None else None) or ""
        wanted = (self.asked.model, cluster)
        if self._is_settled and self._kind is ModelKind.SPEECH and wanted != self._listed:
            self._listed = wanted
            self.list_voices(*wanted)
        self.offer()

    @work(exclusive=True, group="voices", exit_on_error=False)
    async def list_voices(self, model: str, cluster: str) -> None:
        """Show the voices of the model that is asked; where none is, of all that are there."""
        from mimo_tui.services.speech.voices import list_voices

        found = await asyncio.to_thread(list_voices, self.services, cluster)
        own = [view for view in found if not model or view.model == model]
        self.form.voices.voices = tuple(shown_voice(view) for view in own)
        if self._refused is not None:
            # That the service has other voices is nothing that the person wrote.
            self._refused = (self._refused[0], self.form.draft)
        self.offer()

    def after_failure(self, diagnosis: Diagnosis) -> None:
        """Show the voices that the service named."""
        if diagnosis.cause is Cause.VOICE:
            self._listed = None

    @property
    def in_form(self) -> bool:
        """Whether what is typed goes into the form."""
        return self.focused is not None and self.form in self.focused.ancestors

    @property
    def where(self) -> Where:
        """Where one stands."""
        remedy = remedy_of(self.failure)
        lacks_key = self.view is not None and self.view.key is None
        return Where(
            in_form=self.in_form,
            is_busy=self.queue.is_busy,
            is_playing=self.desk.state is not PlayerState.STOPPED or bool(self.to_play),
            has_sound=self.chosen is not None,
            is_over=self.chosen_is_over,
            can_swap=self.shelf.pair is not None,
            has_raw=self.last_raw is not None,
            has_takes=bool(self.shelf.takes),
            has_voices=self._kind is ModelKind.SPEECH and bool(self.form.voices.voices),
            remedy=Remedy.KEYS if remedy is Remedy.NONE and lacks_key else remedy,
        )

    def offer(self) -> None:
        """Have the footer show what can be done here, where that changed."""
        offered = offers(self.where)
        if offered != self._offered:
            self._offered = offered
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done where one stands."""
        if not self.is_mounted:
            return super().check_action(action, parameters)
        return is_offered(str(parameters[0]) if action == "act" else action, self.where)

    def on_descendant_focus(self) -> None:
        self.show_player()
        self.offer()

    def use(self, view: "PresetView | None") -> None:
        """Ask with that preset from here on; what failed before is no failure of it."""
        self.failure = None
        if self.view is not None and (view is None or view.reference != self.view.reference):
            self._drop_refusal()
        super().use(view)

    def show_news(self, news: News, title: str = "Speech") -> None:
        """Show what happened last; what was refused stands there as long as it is what is written."""
        super().show_news(news, title)
        self._refused = (news, self.form.draft) if news.tone == "error" else None

    def after_refusal(self, order: "Speaking") -> None:
        """Go to what is missing of the voice."""
        lacks_description = order.kind is ModelKind.VOICE_DESIGN and not order.description.strip()
        lacks_sample = order.kind is ModelKind.VOICE_CLONE and order.sample is None
        if lacks_description or lacks_sample:
            self.form.go_to_voice()

    def _drop_refusal(self) -> None:
        if self._refused is not None:
            if self.news_line.news is self._refused[0]:
                self.news_line.news = News()
            self._refused = self.failure = None
            self.offer()

    # The form.

    @on(SpeechForm.KindChosen)
    def _another_kind(self, event: SpeechForm.KindChosen) -> None:
        """Each kind of voice has a model of its own."""
        if event.kind is not self._kind:
            self._models[self._kind] = self.model
            self._kind, self.model = event.kind, self._models.get(event.kind, "")
            self.look()

    def action_flavour(self) -> None:
        self.form.step_kind()

    @on(SpeechForm.Changed)
    def _written(self) -> None:
        if self._refused is not None and self._refused[1] != self.form.draft:
            self._drop_refusal()
        if self._is_settled:
            self.advise()

    @work(exclusive=True, group="advise", exit_on_error=False)
    async def advise(self) -> None:
        """Say what of the text will not come out as one may think, once no key was pressed for a moment."""
        await asyncio.sleep(_PAUSE)
        if self.form.draft == self.advised:
            return
        from mimo_tui.tui.speech_actions import advised

        self.advised = self.form.draft
        told = await advised(self)
        if told is None or self.queue.is_busy:
            return
        if told:
            self.news_line.news = self._advice = News(told, "warning")
        elif self.news_line.news is self._advice:
            self.news_line.news = News()

    @on(SpeechForm.Entered)
    def speak(self) -> None:
        """Have it spoken, as soon as it is known whom to ask."""
        if self._is_settled:
            self.action_act("speak")
        else:
            self._is_hasty = True

    def _settle(self) -> None:
        super()._settle()
        if self._is_hasty:
            self._is_hasty = False
            self.speak()

    # The sample.

    @on(SpeechForm.SampleNamed)
    def _named(self, event: SpeechForm.SampleNamed) -> None:
        self.look_at_sample(event.location)

    @work(exclusive=True, group="sample", exit_on_error=False)
    async def look_at_sample(self, location: str) -> None:
        """Read the sample that is named, once no key was pressed for a moment, and show what it is."""
        await asyncio.sleep(_PAUSE)
        await self.read_sample(location)

    async def read_sample(self, location: str) -> ReadSample:
        """Read a sample, show what it is, and give it."""
        from mimo_tui.tui.speech_actions import read_sample

        self._show_sample(ReadSample(location))
        if location:
            self._show_sample(await read_sample(self.services, location))
        return self.sample

    def _show_sample(self, read: ReadSample) -> None:
        self.sample = read
        peaks = read.sample.waveform if read.sample is not None else ()
        self.form.show_sample(sample_text(read, self.form.sample_width), peaks)

    @on(PathInput.Pasted)
    @on(PromptArea.Pasted)
    @work(group="paste", exit_on_error=False)
    async def take_dropped(self, event: PathInput.Pasted | PromptArea.Pasted) -> None:
        """Take a file that was dropped as the sample of a voice; what names none is text."""
        from mimo_tui.services.playground.pasting import pasted_paths

        paths = await asyncio.to_thread(pasted_paths, event.text)
        if paths and isinstance(event, PromptArea.Pasted):
            event.area.take_back(event.start, event.end, clean_lines(event.text))
        if paths:
            self.form.take_sample(str(paths[0]))

    def take_paste(self, text: str) -> None:
        """Take what is pasted where nothing takes it."""
        self.form.text.focus()
        self.form.text.paste(text)

    # Actions.

    def action_write(self) -> None:
        self.form.text.focus()

    def action_leave(self) -> None:
        self.table.focus()

    def action_mark(self, letter: str) -> None:
        if (chosen := self.chosen) is not None:
            self.shelf.mark(letter, chosen.id)
            self.show_takes()
            self.show_around()

    @on(Table.Selected, "#takes")
    def _opened(self) -> None:
        self.action_act("toggle")

    async def carry_out(self, name: str) -> None:
        from mimo_tui.tui.speech_actions import ACTIONS

        await ACTIONS[name](self)
