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

from mimo_tui.services import Services
from mimo_tui.services.presets.listing import PresetView
from mimo_tui.services.presets.testing import CannotTest, KeyGoesElsewhere, Lamp, LampState, light_lamps
from mimo_tui.tui.failures import tell_failure
from mimo_tui.tui.preset_untested import OFFLINE, endpoint_text, is_offline, untested
from mimo_tui.tui.screens.dialog import Dialog
from mimo_tui.tui.widgets.exchange_text import SIMULATED
from mimo_tui.tui.widgets.key_bar import KeyBar
from mimo_tui.tui.widgets.lamp_text import Untested, advice_text, evidence_text, lamps_text
from mimo_tui.tui.widgets.paragraph import Paragraph


class PresetTest(Dialog[bool]):
    """Asks the service, and shows what it answered. Gives True to go on to the preset's key. Nothing is written."""

    AUTO_FOCUS = "#answers"
    HELP = """\
## Test a preset

Does the host answer, does it accept the key, does it list the model: one free question tells these three. Whether a
request works costs a few tokens, so `enter` asks for it. Below stand the questions and the answers. `k` goes on to
the key, where its cluster can be checked. Where a key of MiMo would go to another host, only `y` sends it.
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
        Binding(
            "y", "agree", "Send it there", id="test.agree", tooltip="Send the key to the host that is named"
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
        self._problem: CannotTest | None = None
        self._agreed = False
        self._is_running = True

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(id="title", classes="title")
            with VerticalScroll(id="answers"):
                yield Paragraph(id="lamps")
                yield Paragraph(id="advice")
                yield Paragraph(id="findings")
                yield Paragraph(id="evidence")
        yield KeyBar()

    def on_mount(self) -> None:
        self._light(request=False)

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 Textual's
        """Ask for tokens only once what is free has been tried."""
        match action:
            case "key":
                return self.preset.preset is not None and bool(self.preset.preset.slot)
            case "agree":
                return isinstance(self._problem, KeyGoesElsewhere)
            case "ask":
                return not (self._is_running or self._untested)
        return True

    @property
    def _untested(self) -> Untested | None:
        if self._problem is not None:
            return untested(self.preset, self._problem)
        return OFFLINE if any(is_offline(state) for state in self.states.values()) else None

    @work(exclusive=True, group="test", exit_on_error=False)
    async def _light(self, *, request: bool) -> None:
        self.states, self._problem, self._is_running = {}, None, True
        self._show()
        try:
            async for state in light_lamps(self.services, self.preset, request=request, agreed=self._agreed):
                self.states[state.lamp] = state
                self._show()
        except CannotTest as problem:
            self._problem = problem
        finally:
            self._is_running = False
        self._show()

    def _show(self) -> None:
        untested = self._untested
        # What was never sent lights no lamp and is no evidence.
        lit = {} if untested is not None else self.states
        states = tuple(lit.values())
        width = self.answers.scrollable_content_region.width
        simulated = self.services.simulated or any(
            state.exchange is not None and state.exchange.simulated for state in states
        )
        name = self.preset.name if self.preset.name.strip() else self.preset.reference
        title = Content.assemble("Test of ", (name, "bold $primary"))
        self.query_one("#title", Static).update(
            Content("  ").join([title, SIMULATED]) if simulated else title
        )
        parts = {
            "#lamps": lamps_text(lit, width, is_running=self._is_running and untested is None),
            "#advice": advice_text(states, untested, width),
            "#findings": endpoint_text(self.preset, width),
            "#evidence": evidence_text(states, width),
        }
        for id_, text in parts.items():
            paragraph = self.query_one(id_, Paragraph)
            paragraph.update(text)
            paragraph.display = bool(text.plain)
        self.refresh_bindings()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        tell_failure(self.app, event)

    def action_ask(self) -> None:
        self._light(request=True)

    def action_agree(self) -> None:
        self._agreed = True
        self._light(request=False)

    def action_key(self) -> None:
        self.dismiss(True)

    def action_back(self) -> None:
        self.dismiss(False)
