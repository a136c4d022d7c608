"""A place with a recording: named or dropped, read, measured and weighed before anything is sent, and played."""

import asyncio
from abc import abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.timer import Timer
from textual.widgets import Input

from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.store.places import Places
from mimo_tui.tui.listen_state import Recording, Weighed
from mimo_tui.tui.listen_words import recording_text
from mimo_tui.tui.player_desk import PlayerDesk
from mimo_tui.tui.screens.asking_place import AskingPlace
from mimo_tui.tui.widgets.paragraph import Paragraph
from mimo_tui.tui.widgets.path_input import PathInput
from mimo_tui.tui.widgets.player_line import PlayerLine
from mimo_tui.tui.widgets.waveform import WaveformView

if TYPE_CHECKING:
    from mimo_tui.services import Services
    from mimo_tui.services.presets.listing import PresetView

_PLACEHOLDER: Final = "Path of a WAV or MP3, or the id of a take; drop it here; ctrl+t lists the takes"
_TICK: Final = 0.1
"""Seconds between two pictures of the player."""
_REFERENCE: Final = "/"
"""Stands in the name of every preset, and in the id of no take."""


class RecordingPlace(AskingPlace):
    """Reads the recording that is named, says what it is and what hearing it takes, and plays it."""

    HELP = """\
## Recording

Its path, or the id of a take. What is dropped on the terminal, or pasted, is read at once; what is typed is read by
`enter`. `f6` plays it, and pauses.
"""

    path = query_one("#path", PathInput)

    def __init__(
        self, home: Places, open_services: "Callable[[], Services]", *, simulated: bool, offline: bool = False
    ) -> None:
        super().__init__(home, open_services, simulated=simulated, offline=offline)
        self.recording: Recording | None = None
        self.desk = PlayerDesk(open_services)
        self._weighed: Weighed | None = None
        self._fault = NOTHING
        self._fault_of = ""
        self._shows: tuple[Recording | None, bool, Clean] = (None, False, NOTHING)
        self._ticking: Timer | None = None

    def compose_recording(self) -> ComposeResult:
        """Give the path, what is known of the recording, and the player."""
        yield PathInput(placeholder=_PLACEHOLDER, id="path", compact=True)
        with Vertical(id="recording"):
            yield Paragraph(id="fault")
            yield Paragraph(id="about")
            yield WaveformView()
        yield PlayerLine()

    def on_mount(self) -> None:
        self._ticking = self.set_interval(_TICK, self._tick, pause=True)

    async def on_unmount(self) -> None:
        await self.desk.aclose()

    def on_screen_suspend(self) -> None:
        """Another place may play something; a dialog over this one does not."""
        if self not in self.app.screen_stack:
            self.desk.pause()

    @abstractmethod
    def was_heard(self, recording: Recording) -> bool:
        """Whether it was sent in this run."""

    # What is shown.

    def show_recording(self) -> None:
        """Show what is known of the recording, or why it could not be read."""
        recording, told = self.named, self._told_fault
        fault, about = self.query_one("#fault", Paragraph), self.query_one("#about", Paragraph)
        fault.update(Content(f"✗ {told}" if told else ""))
        fault.display = bool(told)
        about.display = recording is not None
        self.query_one("#recording").set_class(recording is None and not told, "-gone")
        wave = self.query_one(WaveformView)
        wave.peaks = recording.sample.waveform if recording is not None else ()
        wave.display = bool(wave.peaks)
        self.query_one(PlayerLine).display = recording is not None
        if recording is not None:
            width = max(self.size.width - 3, 20)
            text = recording_text(
                recording,
                self._weighed,
                width,
                has_preset=self.view is not None,
                in_short=not self.has_class("-high") and self.was_heard(recording),
            )
            about.update(text)
        self._tick()

    def on_resize(self) -> None:
        """Break the lines about the recording at another width."""
        self.call_after_refresh(self.show_recording)

    def _tick(self) -> None:
        """Show how far the player is."""
        recording = self.named
        self.query_one(PlayerLine).shown = self.desk.shown
        played = self.desk.played(recording.location) if recording is not None else 0.0
        self.query_one(WaveformView).played = played
        if self._ticking is not None:
            if self.desk.is_active:
                self._ticking.resume()
            else:
                self._ticking.pause()

    # The recording.

    def take_recording(self, recording: Recording) -> None:
        """Have that recording heard next."""
        self.recording, self._fault = recording, NOTHING
        if self.view is None and (view := self._preset_of(recording)) is not None:
            self.use(view)
        else:
            self.weigh()

    def _preset_of(self, recording: Recording) -> "PresetView | None":
        """Give the preset that spoke the take, where it can be asked; None: it cannot, or it is no take."""
        from mimo_tui.services.playground.targets import is_usable

        take, listing = recording.take, self.listing
        if take is None or listing is None:
            return None
        usable = (view for view in listing.presets if is_usable(view))
        return next((view for view in usable if view.reference == take.preset), None)

    @property
    def named(self) -> Recording | None:
        """The recording that was read, while it is what the path names; None: that is to be read first."""
        recording = self.recording
        return recording if recording is not None and self._names(recording.location) else None

    @property
    def names_some(self) -> bool:
        """Whether anything stands in the path."""
        return bool(self.path.value.strip())

    @property
    def _told_fault(self) -> Clean:
        return self._fault if self._names(self._fault_of) else NOTHING

    def _names(self, location: str) -> bool:
        # What stands in the path is clean, whatever the name of the file.
        return clean(location).strip() == self.path.value.strip()

    def tell_fault(self, fault: Clean, location: str = "") -> None:
        """Say why what is named there could not be read; it is said until something else is named."""
        self._fault, self._fault_of = fault, location
        self.show_around()

    @on(Input.Changed, "#path")
    def _renamed(self) -> None:
        """Show nothing of a recording that is not named any more, and have it fall silent."""
        shows = (self.named, self.names_some, self._told_fault)
        if shows != self._shows:
            self._shows = shows
            if self.named is None:
                self.desk.pause()
            self.show_around()

    def use(self, view: "PresetView | None") -> None:
        super().use(view)
        self.weigh()

    @work(exclusive=True, group="weigh", exit_on_error=False)
    async def weigh(self) -> None:
        """See what hearing the recording takes, which hangs on the preset and the model."""
        from mimo_tui.tui.listen_recordings import weighed

        recording, view, model = self.recording, self.view, self.model
        self._weighed = None
        self.show_around()
        if recording is not None and view is not None:
            self._weighed = await asyncio.to_thread(weighed, self.services, view, model, recording)
            self.show_around()

    def came_for(self, row: str) -> bool:
        """Take the take that one came for: it is read, and nothing is sent."""
        if _REFERENCE in row:
            return False
        self.path.put(row)
        self.read(row)
        return True

    @work(exclusive=True, group="read", exit_on_error=False)
    async def read(self, location: str) -> None:
        """Read a recording without holding up the screen."""
        from mimo_tui.tui.listen_recordings import read

        await read(self, location)

    def take_paste(self, text: str) -> None:
        """Take what is pasted elsewhere on the screen as a path."""
        self.path.focus()
        self.path.take(text)

    @on(PathInput.Pasted)
    def _pasted(self, event: PathInput.Pasted) -> None:
        self._read_dropped(event.text)

    @work(exclusive=True, group="paste", exit_on_error=False)
    async def _read_dropped(self, text: str) -> None:
        """Read the file that was dropped; what names none stays as it was written."""
        from mimo_tui.services.playground.pasting import pasted_paths

        paths = await asyncio.to_thread(pasted_paths, text)
        if len(paths) > 1:
            self.tell("Recording", f"One recording at a time: {paths[0].name} is the first of these.")
        if paths:
            self.path.put(str(paths[0]))
            self.read(str(paths[0]))

    def is_early(self, key: str) -> bool:
        """Enter in the path may ask for a preset, while those are still being read."""
        return (not self._is_settled and key == "enter") or super().is_early(key)

    @on(Input.Submitted, "#path")
    def _submitted(self) -> None:
        self.action_act("listen")

    def action_write(self) -> None:
        self.path.focus()

    def action_seek(self, by: float) -> None:
        self.desk.seek(by)
        self._tick()

    def action_silence(self) -> None:
        self.desk.stop()
        self._tick()

    async def play(self) -> None:
        """Play the recording, or pause."""
        from mimo_tui.tui.listen_recordings import play

        await play(self)
        self._tick()
