"""Choosing one of a few things, shown alone."""

from textual.app import App
from textual.widgets import OptionList

from mimo_tui.core.text import clean
from mimo_tui.tui.screens.choose import Choice, Choose
from tests.tui.screen_text import screen_text

CHOICES = [
    Choice(str(number), clean(f"Preset {number}"), clean(f"model-{number % 3}")) for number in range(9)
]


class Chooser(App[None]):
    def __init__(self, current: str = "") -> None:
        super().__init__()
        self.current = current
        self.chosen: list[str | None] = []

    def on_mount(self) -> None:
        question = clean("Which [bold]one?")
        self.push_screen(Choose(question, CHOICES, current=self.current), self.chosen.append)


async def test_the_cursor_stands_on_the_one_that_holds_now() -> None:
    async with (app := Chooser(current="4")).run_test() as pilot:
        assert app.screen.query_one(OptionList).highlighted == 4
        assert "Preset 4  (now)" in screen_text(app)
        await pilot.press("enter")
        assert app.chosen == ["4"]


async def test_what_is_typed_narrows_the_list_and_backspace_takes_it_back() -> None:
    async with (app := Chooser()).run_test() as pilot:
        assert "Typing narrows the list." in screen_text(app)
        await pilot.press(*"MODEL-1")
        assert app.screen.query_one(OptionList).option_count == 3
        assert "“MODEL-1”: 3 of 9" in screen_text(app)
        await pilot.press("x")
        assert "“MODEL-1”: 3 of 9" in screen_text(app), "what nothing holds is not taken"
        await pilot.press("space", "7")
        assert app.screen.query_one(OptionList).option_count == 1
        await pilot.press(*["backspace"] * 9)
        assert app.screen.query_one(OptionList).option_count == 9
        await pilot.press(*"7", "enter")
        assert app.chosen == ["7"]


async def test_escape_goes_back_without_a_choice() -> None:
    async with (app := Chooser()).run_test() as pilot:
        await pilot.press("escape")
        assert app.chosen == [None]
