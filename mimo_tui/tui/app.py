"""The program's frame: its places, themes, keys and palette. Rules and files are elsewhere."""

import gc
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from mimo_tui.core.text import Clean, clean
from mimo_tui.store.places import Places, places

if TYPE_CHECKING:
    from mimo_tui.services import Services


class MimoApp(App[None]):
    """mimo-tui. `open_services` gives all that the screens work with; it is called once, after the first frame."""

    TITLE = "mimo-tui"
    # Textual does not load the style sheet of a default screen by itself.
    CSS_PATH: ClassVar[list[str | PurePath]] = ["app.tcss", "screens/presets.tcss"]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "help", "Help", id="app.help", tooltip="Keys and help of where you are"),
        Binding("ctrl+q", "quit", "Quit", id="app.quit", tooltip="Leave the program", show=False),
    ]

    def __init__(
        self, home: Places, open_services: "Callable[[], Services]", *, simulated: bool = False
    ) -> None:
        super().__init__()
        self._home = home
        self._open_services = open_services
        self._simulated = simulated

    def get_default_screen(self) -> Screen[None]:
        """The first place is the default screen, so that no empty screen is made and thrown away before it."""
        from mimo_tui.tui.screens.presets import PresetsScreen

        return PresetsScreen(self._home, self._open_services, simulated=self._simulated)

    def on_ready(self) -> None:
        # What start-up made lives as long as the program: the collector need not walk it while someone types.
        gc.freeze()
        gc.enable()

    def action_help(self) -> None:
        """Show or hide the panel of help and keys."""
        if self.screen.query("HelpPanel"):
            self.action_hide_help_panel()
        else:
            self.action_show_help_panel()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """What the palette finds besides the keys: Textual's own commands, and every action of the screen."""
        yield from super().get_system_commands(screen)
        for binding in screen.active_bindings.values():
            shown = binding.binding
            if binding.enabled and shown.tooltip and binding.node is screen:
                yield SystemCommand(shown.description, shown.tooltip, self._runner(shown.action, screen))

    def flash(self, text: str, *, error: bool = False) -> None:
        """Tell the person something in passing. The text is never read as markup."""
        shown: Clean = clean(text)
        self.notify(shown, severity="error" if error else "information", markup=False)

    def _runner(self, action: str, screen: Screen[object]) -> Callable[[], Awaitable[None]]:
        async def run() -> None:
            await self.run_action(action, screen)

        return run


def run_app(home: Path | None = None, *, simulated: bool = False) -> int:
    """Open the screen and stay until the person leaves; gives the exit code."""
    gc.disable()
    app = MimoApp(places(home), lambda: make_services(home, simulated=simulated), simulated=simulated)
    app.run()
    return app.return_code or 0


def make_services(home: Path | None, *, simulated: bool) -> "Services":
    """Make the services. Their imports take as long as the first frame, so they come after it, in a thread."""
    from mimo_tui import services

    return services.make_services(home, simulated=simulated)
