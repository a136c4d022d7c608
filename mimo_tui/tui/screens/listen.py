"""Listen: a recording to text, and of a take, what of its text was heard."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.getters import query_one

from mimo_tui.core.catalogue import ModelKind
from mimo_tui.core.text import Clean, clean
from mimo_tui.store.places import Places
from mimo_tui.tui.listen_offers import Where, is_offered, offers, where_of
from mimo_tui.tui.listen_rows import head_of, hearing_row, shown_hearing
from mimo_tui.tui.listen_state import Hearing, Recording
from mimo_tui.tui.listen_words import invitation
from mimo_tui.tui.places import LISTEN, place_bar
from mimo_tui.tui.screens.recording_place import RecordingPlace
from mimo_tui.tui.widgets.heard_view import HeardView
from mimo_tui.tui.widgets.hearing_table import HearingTable
from mimo_tui.tui.widgets.key_bar import KeyBar
from mimo_tui.tui.widgets.paragraph import Paragraph
from mimo_tui.tui.widgets.playground_head import PlaygroundHead

if TYPE_CHECKING:
    from mimo_tui.services import Services
    from mimo_tui.services.speech.orders import Listening

_STEP: Final = 5
"""Seconds by which one seeks."""
_WIDE: Final = 100
_LISTED: Final = 200
"""Characters after which what stands in the list does not change any more."""


def _bind(key: str, action: str, title: str, tooltip: str, *, show: bool = True, name: str = "") -> Binding:
    return Binding(key, action, title, id=f"listen.{name or action}", tooltip=tooltip, show=show)


def _act(key: str, action: str, title: str, tooltip: str, *, show: bool = True) -> Binding:
    return _bind(key, f"act('{action}')", title, tooltip, show=show, name=action)


class ListenScreen(RecordingPlace):
    """The place where a recording becomes text. It is heard on while one is at another place."""

    CSS_PATH = "listen.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (_WIDE, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (18, "-short"), (30, "-high")]
    AUTO_FOCUS = "#path"
    QUESTION = clean("Have it heard with which preset?")
    UNSAVED: ClassVar[Clean] = clean("What was heard on Listen (7) is neither saved nor copied.")
    HELP = """\
## Listen

A recording, WAV or MP3, goes to the model for recognition with the key of the preset, and its text comes back. Name it
by its path or by the id of a take (`last`: the newest), or drop it on the terminal: what it is, how loud, how many
requests it takes and about what they cost stands there before anything is sent; a WAV that is too long for one request
is cut at quiet places. `f5` (or `enter` in the path) has it heard, `escape` stops it, and what came stays.

Of a take (`ctrl+t`, or `l` on the Speech screen) the text is known: what was heard is held against it, and what differs
is marked. `f6` plays the recording, and so does `space`, but where it scrolls a text. `escape` leaves the path, so that
single letters act; `i` goes back to it. What was heard is lost with the program unless you save or copy it: quitting
asks then.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        _act("f5", "listen", "Listen", "Have the recording heard"),
        _act("f8,f", "remedy", "Mend", "Do what mends this failure"),
        _act("f3,p", "preset", "Preset", "Ask with another preset"),
        _act("ctrl+g,m", "model", "Model", "Ask another model with this preset's key", show=False),
        _act("ctrl+t,t", "take", "Take", "Choose one of the takes"),
        _act("f2,v", "language", "Language", "The language that is spoken in it"),
        _act("f6,space", "play", "Play", "Play the recording, or pause"),
        _bind("left", f"seek({-_STEP})", "Back", "Go back in the recording", show=False, name="back"),
        _bind("right", f"seek({_STEP})", "On", "Go forward in the recording", show=False, name="on"),
        _bind("full_stop", "silence", "Silence", "Stop playing", show=False),
        _act("y", "copy", "Copy", "Copy what was heard"),
        _act("ctrl+s,s", "save", "Save", "Write what was heard into a file"),
        _act("ctrl+o,o", "raw", "Raw", "Request and answer as they were", show=False),
        _bind("d", "difference", "Difference", "Show or hide what was heard otherwise"),
        _bind("i", "write", "Recording", "Go to the path of the recording"),
        _bind("escape", "stop", "Stop", "Stop listening; what came stays"),
        _bind("escape", "leave", "Leave the path", "Go to what was heard, where single letters act"),
    ]

    table = query_one(HearingTable)
    heard = query_one(HeardView)

    def __init__(
        self, home: Places, open_services: "Callable[[], Services]", *, simulated: bool, offline: bool = False
    ) -> None:
        super().__init__(home, open_services, simulated=simulated, offline=offline)
        self.language = ""
        self.hearings: list[Hearing] = []
        self._offered: tuple[str, ...] = ()

    @property
    def kind(self) -> ModelKind:
        return ModelKind.RECOGNITION

    def compose(self) -> ComposeResult:
        yield place_bar(self.home, simulated=self.is_simulated, offline=self.is_offline, current=LISTEN)
        yield PlaygroundHead()
        yield from self.compose_recording()
        yield Paragraph(id="empty")
        with Horizontal(id="columns"):
            yield HearingTable(id="hearings")
            yield HeardView()
        yield KeyBar()

    def on_mount(self) -> None:
        self.watch(self.table, "cursor", self._show_chosen, init=False)
        self.show_around()

    def on_resize(self) -> None:
        self.table.is_beside = self.size.width >= _WIDE

    async def on_unmount(self) -> None:
        self.action_stop()

    # What is shown.

    def show_around(self) -> None:
        """Show whom is asked, the recording, and what one can do."""
        self.query_one(PlaygroundHead).head = head_of(
            self.view,
            self.asked,
            self.hearings,
            language=self.language,
            simulated=self.is_simulated,
            offline=self.is_offline,
        )
        self.show_recording()
        is_empty = not self.hearings
        empty = self.query_one("#empty", Paragraph)
        empty.set_class(not is_empty, "-gone")
        self.query_one("#columns").set_class(is_empty, "-gone")
        if is_empty:
            empty.update(
                invitation(self.view, has_recording=self.named is not None, is_named=self.names_some)
            )
        self.offer()

    @property
    def chosen(self) -> Hearing | None:
        """The time under the cursor; None: nothing was heard yet."""
        row = self.table.cursor_row
        return next((each for each in self.hearings if row is not None and str(each.number) == row.key), None)

    def _show_chosen(self) -> None:
        hearing = self.chosen
        self.heard.show(shown_hearing(hearing) if hearing is not None else None)
        self.heard.show_difference(hearing.difference if hearing is not None else None)
        self.offer()

    def show_hearing(self, hearing: Hearing) -> None:
        """Show a time that something was heard as it is now, in the list and beside it."""
        self._show_row(hearing)
        if hearing is self.chosen:
            self.heard.text.put(shown_hearing(hearing))
            self.heard.show_difference(hearing.difference)
        self.show_around()

    def grow(self, hearing: Hearing, text: str) -> None:
        """Show more of what is heard."""
        before = sum(map(len, hearing.text))
        hearing.text.append(text)
        if before < _LISTED:
            self._show_row(hearing)
        if hearing is self.chosen:
            self.heard.text.grow(hearing.number, text)

    def _show_row(self, hearing: Hearing) -> None:
        made = hearing_row(hearing)
        rows = [made if row.key == made.key else row for row in self.table.rows]
        self.table.rows = tuple(rows) if any(row is made for row in rows) else (made, *rows)

    # What can be done where one stands.

    @property
    def where(self) -> Where:
        """Where one stands."""
        return where_of(
            self.chosen,
            in_path=self.path.has_focus,
            is_busy=self.is_busy,
            has_recording=self.named is not None,
            lacks_key=self.view is not None and self.view.key is None,
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
        self.offer()

    def on_descendant_blur(self) -> None:
        self.offer()

    # Hearing.

    @property
    def has_unsaved(self) -> bool:
        """Whether something was heard that is neither saved nor copied, and that quitting would lose."""
        return any(each.is_unsaved for each in self.hearings)

    @property
    def is_busy(self) -> bool:
        """Whether something is being heard."""
        return any(not each.is_over for each in self.hearings)

    def was_heard(self, recording: Recording) -> bool:
        return any(each.location == recording.location for each in self.hearings)

    def begin(self, hearing: Hearing, listening: "Listening") -> None:
        """Have it heard."""
        self.hearings.insert(0, hearing)
        self._show_row(hearing)
        self.show_around()
        self.table.move_to(str(hearing.number))
        self._show_chosen()
        self.table.focus()
        self._hear(hearing, listening)

    @work(group="hear", exit_on_error=False)
    async def _hear(self, hearing: Hearing, listening: "Listening") -> None:
        from mimo_tui.tui.listen_actions import hear

        await hear(self, hearing, listening)

    def action_stop(self) -> None:
        for hearing in self.hearings:
            hearing.stop.set()

    def action_leave(self) -> None:
        self.set_focus(self.table if self.hearings else None)

    def action_difference(self) -> None:
        self.heard.toggle_difference()

    async def carry_out(self, name: str) -> None:
        from mimo_tui.tui.listen_actions import ACTIONS

        await ACTIONS[name](self)
