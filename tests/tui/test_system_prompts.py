"""The system prompt and its library, shown alone: written, taken, saved, deleted."""

from textual.app import App

from mimo_tui.services import Services
from mimo_tui.services.playground.prompts import read_system_prompt, save_system_prompt, system_prompts
from mimo_tui.tui.screens.system_prompts import SystemPrompts
from tests.tui.screen_text import paste, screen_text, wait_until


class Alone(App[None]):
    """Shows the dialog, and notes what it gives."""

    CSS_PATH = "../../mimo_tui/tui/app.tcss"

    def __init__(self, services: Services, text: str = "") -> None:
        super().__init__()
        self.shown = SystemPrompts(services, text)
        self.given: list[str | None] = []

    def on_mount(self) -> None:
        self.push_screen(self.shown, self.given.append)


async def test_what_is_written_is_taken_and_none_can_be(services: Services) -> None:
    app = Alone(services, "Be kind.")
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: "None is kept." in " ".join(screen_text(app).split()))
        assert "8 characters" in screen_text(app)
        await pilot.press("end", "!", "ctrl+s")
        await wait_until(pilot, lambda: app.given == ["Be kind.!"])
        app.push_screen(SystemPrompts(services, "Be kind."), app.given.append)
        await wait_until(pilot, lambda: "8 characters" in screen_text(app))
        await pilot.press("f9")
        await wait_until(pilot, lambda: app.given[-1] == "")


async def test_one_of_the_library_is_taken_as_it_stands_in_its_file(services: Services) -> None:
    save_system_prompt(services, "pirate", "Speak\tlike a pirate [/foo].")
    app = Alone(services)
    async with app.run_test(size=(120, 30)) as pilot:
        await wait_until(pilot, lambda: "pirate" in screen_text(app))
        await pilot.press("tab", "enter")
        await wait_until(pilot, lambda: "like a pirate [/foo]." in screen_text(app))
        await pilot.press("ctrl+s")
        await wait_until(pilot, lambda: app.given == ["Speak\tlike a pirate [/foo]."])


async def test_it_is_saved_under_a_name_and_over_another_only_when_one_says_so(services: Services) -> None:
    save_system_prompt(services, "old", "Old.")
    app = Alone(services, "New.")
    async with app.run_test(size=(100, 30)) as pilot:
        await wait_until(pilot, lambda: "old" in screen_text(app))
        await pilot.press("f2")
        await paste(pilot, "a/b")
        await wait_until(pilot, lambda: "✗ that is no name of a file" in screen_text(app))
        await pilot.press("ctrl+u")
        await paste(pilot, "mine")
        await pilot.press("enter")
        await wait_until(pilot, lambda: system_prompts(services) == ("mine", "old"))
        assert read_system_prompt(services, "mine") == "New."
        await wait_until(pilot, lambda: "mine" in screen_text(app))
        await pilot.press("f2", "ctrl+u")
        await paste(pilot, "old")
        await pilot.press("enter")
        await wait_until(pilot, lambda: "old is there already." in screen_text(app))
        await pilot.press("enter")
        await wait_until(pilot, lambda: "already" not in screen_text(app))
        assert read_system_prompt(services, "old") == "Old."


async def test_one_is_deleted_and_what_was_written_is_not_lost_by_escape(services: Services) -> None:
    save_system_prompt(services, "old", "Old.")
    app = Alone(services)
    async with app.run_test(size=(100, 30)) as pilot:
        await wait_until(pilot, lambda: "old" in screen_text(app))
        await pilot.press("f8")
        await wait_until(pilot, lambda: "Delete old from the library?" in screen_text(app))
        await pilot.press("down", "enter")
        await wait_until(pilot, lambda: system_prompts(services) == ())
        await wait_until(pilot, lambda: "None is kept." in " ".join(screen_text(app).split()))
        await pilot.press("H", "i", "escape")
        await wait_until(pilot, lambda: "The field was changed." in screen_text(app))
        await pilot.press("enter")
        await wait_until(pilot, lambda: app.given == ["Hi"])
