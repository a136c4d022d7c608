"""What was written before, shown alone: searched as one types, and given as it was written."""

from types import MappingProxyType

from textual.app import App

from mimo_tui.core.conversation import Conversation, Role, Turn
from mimo_tui.services import Services
from mimo_tui.tui.screens.prompt_search import PromptSearch
from tests.conftest import NOW
from tests.tui.screen_text import paste, screen_text, wait_until


class Alone(App[None]):
    """Shows the dialog, and notes what it gives."""

    CSS_PATH = "../../mimo_tui/tui/app.tcss"

    def __init__(self, services: Services, *own: str) -> None:
        super().__init__()
        self.shown = PromptSearch(services, own)
        self.given: list[str | None] = []

    def on_mount(self) -> None:
        self.push_screen(self.shown, self.given.append)


def keep(services: Services, *prompts: str) -> None:
    for prompt in prompts:
        turn = Turn(1, None, Role.USER, NOW, prompt)
        services.sessions.begin(Conversation(MappingProxyType({1: turn}), 1))


async def test_those_of_this_run_and_kept_ones_are_found_and_given_as_they_were(services: Services) -> None:
    keep(services, "an old one", "another old one\nin two lines [/foo]")
    app = Alone(services, "a new one")
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: "an old one" in screen_text(app))
        assert "› a new one" in " ".join(screen_text(app).split())
        await paste(pilot, "LINES")
        await wait_until(pilot, lambda: "an old one" not in screen_text(app))
        assert "in two lines [/foo]" in screen_text(app)
        await pilot.press("enter")
        await wait_until(pilot, lambda: app.given == ["another old one\nin two lines [/foo]"])


async def test_nothing_that_is_found_gives_nothing_and_hostile_text_does_nothing(services: Services) -> None:
    app = Alone(services, "\x1b]52;c;aGk=\x07[@click=app.bell]x[/]")
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: "␛]52;c;aGk=␇[@click=app.bell]x[/]" in screen_text(app))
        await paste(pilot, "zzz")
        await wait_until(pilot, lambda: "No prompt holds these words." in screen_text(app))
        await pilot.press("enter", "escape")
        await wait_until(pilot, lambda: app.given == [None])
