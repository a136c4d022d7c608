"""The program's frame: its places, themes, keys and palette. Rules and files are elsewhere."""

import gc
from collections.abc import Awaitable, Callable, Iterable
from pathlib import PurePath
from typing import ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from mimo_tui.core.text import Clean, clean
from mimo_tui.services import Services


class MimoApp(App[None]):
    """mimo-tui. `services` is all that the screens work with."""

    TITLE = "mimo-tui"
    # Textual does not load the style sheet of a default screen by itself.
    CSS_PATH: ClassVar[list[str | PurePath]] = ["app.tcss", "screens/presets.tcss"]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "help", "Help", id="app.help", tooltip="Keys and help of where you are"),
        Binding("ctrl+q", "quit", "Quit", id="app.quit", tooltip="Leave the program", show=False),
    ]

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services = services

    def get_default_screen(self) -> Screen[None]:
        """The first place is the default screen, so that no empty screen is made and thrown away before it."""
        from mimo_tui.tui.screens.presets import PresetsScreen

        return PresetsScreen(self.services)

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


def run_app(services: Services) -> None:
    """Open the screen and stay until the person leaves."""
    gc.disable()
    MimoApp(services).run()
