"""The program's frame: its places, themes, keys and palette. Rules and files are elsewhere."""

import gc
import sys
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, ClassVar, Protocol, runtime_checkable

from textual import on, work
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.command import CommandPalette
from textual.screen import Screen

from mimo_tui.core.text import Clean, clean
from mimo_tui.store.places import Places, places
from mimo_tui.tui.contrast import readable
from mimo_tui.tui.first_frame import FirstFrame
from mimo_tui.tui.opening import Opening
from mimo_tui.tui.palette import action_commands
from mimo_tui.tui.places import (
    DOCS,
    DOCTOR,
    KEYS,
    LISTEN,
    PLACES,
    PLAYGROUND,
    PRESETS,
    SPEECH,
    Arrived,
    GoTo,
)
from mimo_tui.tui.turn import Turn
from mimo_tui.tui.type_ahead import TypeAhead
from mimo_tui.tui.widgets.place_bar import PlaceTitle

if TYPE_CHECKING:
    from mimo_tui.services import Services
    from mimo_tui.wire.network import Network


_COLLECT_AFTER = 20_000
"""Objects made before the collector looks at the young ones; its usual 700 means a pause every few frames."""
_TURN = 0.001
"""Seconds for which a thread that reads a long text may hold up the screen; the usual 5 ms add up along a key's way."""


@runtime_checkable
class HoldsDraft(Protocol):
    """A screen with something on it that is not saved yet. `UNSAVED` says what, in a sentence."""

    UNSAVED: ClassVar[Clean]

    @property
    def has_unsaved(self) -> bool:
        """Whether leaving would lose something."""


class MimoApp(TypeAhead):
    """mimo-tui. `open_services` gives all that the screens work with; it is called once, after the first frame.

    `simulated`: the library is a sample; `offline`: nothing is ever sent. Both are said on every screen.
    """

    TITLE = "mimo-tui"
    # Textual does not load the style sheet of a default screen by itself.
    CSS_PATH: ClassVar[list[str | PurePath]] = ["app.tcss", "screens/presets.tcss"]
    DEFAULT_MODE = PRESETS.id
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,f1", "help", "Help", id="app.help", tooltip="What this is, and its keys"),
        Binding(
            "ctrl+p",
            "command_palette",
            "Palette",
            id="app.palette",
            tooltip="Find any action by its name",
            show=False,
            priority=True,
        ),
        Binding(
            "ctrl+q", "quit", "Quit", id="app.quit", tooltip="Leave the program", show=False, priority=True
        ),
        *(
            Binding(
                place.key,
                f"place('{place.id}')",
                place.title,
                id=f"app.{place.id}",
                tooltip=f"Go to {place.title}",
                show=False,
            )
            for place in PLACES
        ),
    ]

    def __init__(
        self,
        home: Places,
        open_services: "Callable[[], Services]",
        *,
        simulated: bool = False,
        offline: bool = False,
        when_ready: Callable[[], None] | None = None,
    ) -> None:
        super().__init__()
        self._home = home
        self._services = Opening(open_services)
        self._simulated = simulated
        self._offline = offline
        self._when_ready = when_ready
        self._turn = Turn()
        for place, make in (
            (KEYS, self._keys),
            (DOCS, self._docs),
            (DOCTOR, self._doctor),
            (PLAYGROUND, self._playground),
            (SPEECH, self._speech),
            (LISTEN, self._listen),
        ):
            self.add_mode(place.id, make)

    def get_css_variables(self) -> dict[str, str]:
        """Give the colours of the theme, those of text so that they can be read."""
        self.theme_variables = readable(super().get_css_variables())
        return self.theme_variables

    def get_default_screen(self) -> Screen[None]:
        """The first place is the default screen: as that of a mode it would have all styles worked out twice."""
        self.add_mode(PRESETS.id, self._presets)
        return self._presets()

    def _presets(self) -> Screen[None]:
        from mimo_tui.tui.screens.presets import PresetsScreen

        return PresetsScreen(self._home, self._services, simulated=self._simulated, offline=self._offline)

    def _keys(self) -> Screen[None]:
        from mimo_tui.tui.screens.keys import KeysScreen

        return KeysScreen(self._home, self._services, simulated=self._simulated, offline=self._offline)

    def _docs(self) -> Screen[None]:
        from mimo_tui.tui.screens.docs import DocsScreen

        return DocsScreen(self._home, self._services, simulated=self._simulated, offline=self._offline)

    def _doctor(self) -> Screen[None]:
        from mimo_tui.tui.screens.doctor import DoctorScreen

        return DoctorScreen(self._home, self._services, simulated=self._simulated, offline=self._offline)

    def _playground(self) -> Screen[None]:
        from mimo_tui.tui.screens.playground import PlaygroundScreen

        return PlaygroundScreen(self._home, self._services, simulated=self._simulated, offline=self._offline)

    def _speech(self) -> Screen[None]:
        from mimo_tui.tui.screens.speech import SpeechScreen

        screen = SpeechScreen(self._home, self._services, simulated=self._simulated, offline=self._offline)
        screen.desk.turn = self._turn
        return screen

    def _listen(self) -> Screen[None]:
        from mimo_tui.tui.screens.listen import ListenScreen

        screen = ListenScreen(self._home, self._services, simulated=self._simulated, offline=self._offline)
        screen.desk.turn = self._turn
        return screen

    def on_ready(self) -> None:
        if self._when_ready is not None:
            self._when_ready()
        # Two refreshes earlier than the screen's own call_after_refresh would come.
        for screen in self.screen_stack:
            screen.post_message(FirstFrame())

    async def on_unmount(self) -> None:
        await self._services.aclose()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """From one place to another goes only who is in none of its forms and dialogs."""
        if action != "place":
            return super().check_action(action, parameters)
        below = [screen for screen in self.screen_stack if not isinstance(screen, CommandPalette)]
        return len(below) == 1 and self.current_mode != parameters[0]

    async def action_place(self, place: str) -> None:
        """Open a place; each stays as it was left."""
        await self._open(place)

    @on(PlaceTitle.Clicked)
    async def _clicked(self, event: PlaceTitle.Clicked) -> None:
        if self.check_action("place", (event.place.id,)):
            await self._open(event.place.id)

    @on(GoTo)
    async def _go(self, event: GoTo) -> None:
        if self.check_action("place", (event.place,)):
            await self._open(event.place, Arrived(event.row, event.spot, event.origin))

    async def _open(self, place: str, arrived: Arrived | None = None) -> None:
        await self.switch_mode(place)
        self.screen.post_message(arrived or Arrived())

    def action_help(self) -> None:
        """Say what the screen is for, and which keys act there."""
        from mimo_tui.tui.screens.help import HelpScreen

        self.push_screen(HelpScreen(self.screen))

    async def action_quit(self) -> None:
        """Leave the program; asks where something would be lost, also at a place where one is not now."""
        screens = [screen for stack in self._screen_stacks.values() for screen in stack]
        lost = [each.UNSAVED for each in screens if isinstance(each, HoldsDraft) and each.has_unsaved]
        if lost:
            self._ask_to_quit(clean(" ".join(lost)))
        else:
            self.exit()

    @work(exclusive=True, group="quit", exit_on_error=False)
    async def _ask_to_quit(self, question: Clean) -> None:
        from mimo_tui.tui.screens.choose import Choice, Choose

        choices = [Choice("stay", clean("Stay")), Choice("quit", clean("Quit without saving"))]
        if await self.push_screen_wait(Choose(question, choices)) == "quit":
            self.exit()

    def _fatal_error(self) -> None:
        """Report a fault of the program without the values of its variables: there may be a key among them."""
        from rich.traceback import Traceback

        self.panic(Traceback(width=None))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """What the palette finds besides the keys: Textual's own commands, and every action of the screen."""
        for command in super().get_system_commands(screen):
            if command.title != "Keys":  # the panel; ours says more, also where there is little room
                yield command
        yield SystemCommand("Help · What this is, and its keys", "Key: f1", self.action_help)
        yield from action_commands(self, screen)


def run_app(
    home: Path | None = None,
    *,
    simulated: bool = False,
    network: "Network | None" = None,
    now: Callable[[], datetime] | None = None,
) -> int:
    """Open the screen and stay until the person leaves; gives the exit code.

    `network` says where requests may go (default: everywhere), `now` what time it is (default: what it is).
    """
    gc.disable()
    app = MimoApp(
        places(home),
        lambda: make_services(home, simulated=simulated, network=network, now=now),
        simulated=simulated,
        offline=network is not None and network.offline,
        when_ready=settle_interpreter,
    )
    app.run()
    return app.return_code or 0


def settle_interpreter() -> None:
    """Keep from holding up keys the collector, which need not walk what start-up made, and threads that work long."""
    sys.setswitchinterval(_TURN)
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, 10, 10)
    gc.enable()


def make_services(
    home: Path | None,
    *,
    simulated: bool,
    network: "Network | None" = None,
    now: Callable[[], datetime] | None = None,
) -> "Services":
    """Make the services. Their imports take as long as the first frame, so they come after it, in a thread."""
    from mimo_tui import services

    if now is None:
        return services.make_services(home, simulated=simulated, network=network)
    return services.make_services(home, simulated=simulated, network=network, now=now)
