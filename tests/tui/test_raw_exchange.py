"""Request and answer, shown alone: any length, words are found, and what it holds does nothing."""

import json
from time import perf_counter

from textual.app import App

from mimo_tui.core.text import Clean, clean
from mimo_tui.services.playground.events import Raw
from mimo_tui.tui.screens.raw_exchange import RawExchange
from tests.tui.screen_text import paste, screen_text, wait_until

BODY = json.dumps({"model": "m", "messages": [{"role": "user", "content": "Hello [/foo] needle"}]}, indent=2)
RAW = Raw(
    clean("POST https://api.example/v1/chat/completions"),
    Clean(BODY),
    clean("HTTP 200"),
    Clean("\n".join(f'data: {{"number": {number}}}' for number in range(2_000)) + "\ndata: needle\n"),
)


class Alone(App[None]):
    """Shows the dialog."""

    CSS_PATH = "../../mimo_tui/tui/app.tcss"

    def __init__(self, raw: Raw, *, simulated: bool = False) -> None:
        super().__init__()
        self.shown = RawExchange(clean("mimo [/bar]"), raw, simulated=simulated)

    def on_mount(self) -> None:
        self.push_screen(self.shown)


async def test_both_are_shown_as_they_were_and_simulated_is_said() -> None:
    app = Alone(RAW, simulated=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: "Hello [/foo] needle" in screen_text(app))
        assert "POST https://api.example/v1/chat/completions" in screen_text(app)
        assert "Request and answer of mimo [/bar]   SIMULATED" in screen_text(app)
        await pilot.press("a")
        await wait_until(pilot, lambda: "HTTP 200" in screen_text(app))
        await pilot.press("q")
        await wait_until(pilot, lambda: "POST https" in screen_text(app))


async def test_words_are_found_also_far_down_and_after_the_last_comes_the_first() -> None:
    app = Alone(RAW)
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: "POST" in screen_text(app))
        await pilot.press("slash")
        await paste(pilot, "needle")
        await wait_until(pilot, lambda: "2 found" in screen_text(app))
        await pilot.press("enter")
        await wait_until(pilot, lambda: "data: needle" in screen_text(app))
        await pilot.press("escape", "n")
        await wait_until(pilot, lambda: "Hello [/foo]" in screen_text(app))
        await pilot.resize_terminal(60, 20)
        await wait_until(pilot, lambda: "Hello [/foo]" in screen_text(app))
        await pilot.press("N")
        await wait_until(pilot, lambda: "data: needle" in screen_text(app))


async def test_all_of_it_is_copied_and_escape_goes_back() -> None:
    app = Alone(RAW)
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: "POST" in screen_text(app))
        await pilot.press("y")
        await wait_until(pilot, lambda: app.clipboard)
        assert BODY in app.clipboard
        assert app.clipboard.endswith("data: needle\n")
        await pilot.press("escape")
        await wait_until(pilot, lambda: app.screen is not app.shown)


async def test_an_answer_that_never_came_and_one_of_a_megabyte_are_shown() -> None:
    long = Clean("\n".join(f'data: {{"delta": "{number:08}"}}' for number in range(40_000)))
    app = Alone(Raw(RAW.request_head, RAW.request_body, clean("no answer")))
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: "(no body)" in screen_text(app))
        app.shown.dismiss(None)
        app.shown = RawExchange(clean("long"), Raw(RAW.request_head, RAW.request_body, RAW.answer_head, long))
        started = perf_counter()
        app.push_screen(app.shown)
        await wait_until(pilot, lambda: "POST" in screen_text(app))
        assert perf_counter() - started < 5
        await pilot.press("end")
        await wait_until(pilot, lambda: "00039999" in screen_text(app))
