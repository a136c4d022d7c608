"""Does a preset work? Four lamps, filled in as the service answers, and what to do where one is not good."""

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Static
from textual.worker import Worker

from mimo_tui.core.text import Clean, clean
from mimo_tui.services import Services
from mimo_tui.services.presets.listing import PresetView
from mimo_tui.services.presets.testing import CannotTest, Lamp, LampState, light_lamps
from mimo_tui.tui.failures import tell_failure
from mimo_tui.tui.screens.dialog import Dialog
from mimo_tui.tui.widgets.exchange_text import SIMULATED
from mimo_tui.tui.widgets.key_bar import KeyBar
from mimo_tui.tui.widgets.lamp_text import advice_text, evidence_text, lamps_text
from mimo_tui.tui.widgets.paragraph import Paragraph


class PresetTest(Dialog[bool]):
    """Asks the service, and shows what it answered. Gives True to go on to the preset's key. Nothing is written."""

    AUTO_FOCUS = "#answers"
    HELP = """\
## Test a preset

Does the host answer, does it accept the key, does it list the model: one free question tells these three. Whether a
request works costs a few tokens, so `enter` asks for it. Below stand the questions and the answers. `k` goes on to
the key, where its cluster can be checked.
"""
    DEFAULT_CSS = """
    PresetTest {
        align: center middle;
        & > .dialog { width: 110; height: auto; }
        #answers { height: auto; max-height: 100%; scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
        #answers > Paragraph { width: 1fr; margin: 0 0 1 0; }
        &.-narrow > .dialog { max-width: 100%; width: 100%; height: 1fr; padding: 0; margin: 1 0 0 0; }
        &.-narrow #answers { height: 1fr; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter,r", "ask", "Send a request", id="test.ask", tooltip="Send a real request, for a few tokens"
        ),
        Binding("k", "key", "Its key", id="test.key", tooltip="Go to the preset's slot in Keys"),
        Binding("escape", "back", "Back", id="test.back", tooltip="Stop, and go back"),
    ]

    answers = query_one("#answers", VerticalScroll)

    def __init__(self, services: Services, preset: PresetView) -> None:
        super().__init__()
        self.services = services
        self.preset = preset
        self.states: dict[Lamp, LampState] = {}
        self._problem: Clean | None = None
        self._is_running = True

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(id="title", classes="title")
            with VerticalScroll(id="answers"):
                yield Paragraph(id="lamps")
                yield Paragraph(id="advice")
                yield Paragraph(id="evidence")
        yield KeyBar()

    def on_mount(self) -> None:
        self._light(request=False)

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 Textual's
        """Ask for tokens only once what is free has been tried."""
        if action == "key":
            return self.preset.preset is not None and bool(self.preset.preset.slot)
        return action != "ask" or not (self._is_running or self._problem)

    @work(exclusive=True, group="test", exit_on_error=False)
    async def _light(self, *, request: bool) -> None:
        self.states, self._problem, self._is_running = {}, None, True
        self._show()
        try:
            async for state in light_lamps(self.services, self.preset, request=request):
                self.states[state.lamp] = state
                self._show()
        except CannotTest as problem:
            self._problem = clean(str(problem))
        finally:
            self._is_running = False
        self._show()

    def _show(self) -> None:
        states = tuple(self.states.values())
        width = self.answers.scrollable_content_region.width
        simulated = any(state.exchange is not None and state.exchange.simulated for state in states)
        name = self.preset.name if self.preset.name.strip() else self.preset.reference
        title = Content.assemble("Test of ", (name, "bold $primary"))
        self.query_one("#title", Static).update(
            Content("  ").join([title, SIMULATED]) if simulated else title
        )
        lamps = lamps_text(self.states, width, is_running=self._is_running)
        self.query_one("#lamps", Paragraph).update(lamps)
        self.query_one("#advice", Paragraph).update(advice_text(states, self._problem, width))
        self.query_one("#evidence", Paragraph).update(evidence_text(states, width))
        self.refresh_bindings()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        tell_failure(self.app, event)

    def action_ask(self) -> None:
        self._light(request=True)

    def action_key(self) -> None:
        self.dismiss(True)

    def action_back(self) -> None:
        self.dismiss(False)
