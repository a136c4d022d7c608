"""The list of takes and the difference of a round trip, each shown alone."""

from dataclasses import replace

import pytest
from textual import on
from textual.app import App, ComposeResult

from mimo_tui.core.speech.differing import Difference, Kind, Part, Unit
from mimo_tui.core.text import clean
from mimo_tui.tui.widgets.difference_view import DifferenceView, difference_text, rate_text
from mimo_tui.tui.widgets.table import Table
from mimo_tui.tui.widgets.take_table import TakeRow, TakeTable
from tests.tui.screen_text import screen_lines, screen_text, wait_until

WHOLE = TakeRow(
    "one",
    clean("Mia"),
    clean("Good morning [/foo]"),
    waveform=(10, 50, 100, 50, 10),
    seconds=3.4,
    size=163_244,
    first_sound=0.412,
    cost=clean("¥0.0031"),
    mark="A",
    is_kept=True,
)
GROWING = TakeRow("two", clean("冰糖"), clean("你好"), waveform=(90,), is_growing=True, seconds=1.0)
BROKEN = TakeRow("three", clean("Dean"), problem=clean("broke off"), seconds=0.5, size=24_044)


class Alone(App[None]):
    """Shows takes, and notes which were under the cursor and which were opened."""

    def __init__(self, *takes: TakeRow) -> None:
        super().__init__()
        self.begins_with = takes
        self.noted: list[str] = []

    def compose(self) -> ComposeResult:
        yield TakeTable(self.begins_with)

    @property
    def table(self) -> TakeTable:
        return self.query_one(TakeTable)

    @on(Table.Highlighted)
    def _moved(self, event: Table.Highlighted) -> None:
        self.noted.append(f"at {event.row.key}" if event.row is not None else "nowhere")

    @on(Table.Selected)
    def _opened(self, event: Table.Selected) -> None:
        self.noted.append(f"open {event.row.key}")


@pytest.mark.parametrize("width", [60, 80, 160])
async def test_a_take_is_seen_with_its_sound_length_voice_and_cost(width: int) -> None:
    app = Alone(GROWING, WHOLE, BROKEN)
    async with app.run_test(size=(width, 8)) as pilot:
        await wait_until(pilot, lambda: "█" in screen_text(app))
        growing, whole, broken = screen_lines(app)[1:4]
        assert "…" in growing
        assert "冰糖" in growing
        assert "A*" in whole
        assert "3.4 s" in whole
        assert "Mia" in whole
        assert "✗" in broken
        assert "broke off" in broken
        assert max(map(len, screen_lines(app))) <= width
        assert width < 80 or all(each in whole for each in ("163 KB", "0.41 s", "¥0.0031"))


async def test_the_cursor_and_enter_are_told_and_stay_with_their_take() -> None:
    app = Alone(WHOLE, BROKEN)
    async with app.run_test(size=(80, 8)) as pilot:
        await pilot.press("down", "enter")
        await wait_until(pilot, lambda: "open three" in app.noted)
        app.table.takes = (GROWING, WHOLE, BROKEN)
        await pilot.pause()
        assert app.noted == ["at one", "at three", "open three"]
        assert app.table.cursor_take == BROKEN


async def test_a_take_grows_to_the_right_and_is_marked_where_it_plays() -> None:
    app = Alone(GROWING)
    async with app.run_test(size=(80, 8)) as pilot:
        await wait_until(pilot, lambda: "█" in screen_text(app) or "▇" in screen_text(app))
        short = screen_lines(app)[1].count("▇") + screen_lines(app)[1].count("█")
        app.table.takes = (replace(GROWING, waveform=(90, 90), seconds=3.0, is_playing=True, played=0.5),)
        await wait_until(pilot, lambda: "▶" in screen_text(app))
        line = screen_lines(app)[1]
        assert line.count("▇") + line.count("█") > short
        assert "┃" in line


async def test_what_did_not_change_is_not_made_again() -> None:
    app = Alone(WHOLE, GROWING)
    async with app.run_test(size=(80, 8)) as pilot:
        await pilot.pause()
        before = app.table.rows
        app.table.takes = (WHOLE, replace(GROWING, seconds=2.0))
        await pilot.pause()
        assert app.table.rows[0] is before[0]
        assert app.table.rows[1] is not before[1]


DIFFERS = Difference(
    (
        Part(Kind.SAME, "The quick "),
        Part(Kind.MISSING, "brown "),
        Part(Kind.ADDED, "[/foo] "),
        Part(Kind.SAME, "fox."),
    ),
    1,
    4,
    Unit.WORDS,
)


def test_what_was_heard_otherwise_is_told_in_words_and_by_signs() -> None:
    assert difference_text(DIFFERS).plain.endswith("The quick [-brown-] {+[/foo]+} fox.")
    assert rate_text(DIFFERS) == "1 of 4 words differs (25%)."


def test_where_all_was_heard_it_says_only_that() -> None:
    same = Difference((Part(Kind.SAME, "你好"),), 0, 2, Unit.CHARACTERS)
    assert difference_text(same).plain == "✓ All 2 characters were heard as they were to be said."


async def test_a_difference_is_shown_alone_and_goes_again() -> None:
    class Shown(App[None]):
        def compose(self) -> ComposeResult:
            yield DifferenceView(DIFFERS)

    app = Shown()
    async with app.run_test(size=(80, 8)) as pilot:
        await wait_until(pilot, lambda: "{+[/foo]+}" in screen_text(app))
        app.query_one(DifferenceView).difference = None
        await wait_until(pilot, lambda: not screen_text(app).strip())
