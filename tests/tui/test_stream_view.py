"""A conversation while it is written: it can be scrolled, selected, folded and resized, and shows only text."""

import random

import pytest
from textual import on
from textual.app import App, ComposeResult
from textual.events import MouseScrollUp
from textual.pilot import Pilot
from textual.widgets import Input

from mimo_tui.core.text import clean, clean_lines
from mimo_tui.tui.page.growing import lay_markdown
from mimo_tui.tui.page.layout import Flow
from mimo_tui.tui.page.reading import BlockReader
from mimo_tui.tui.widgets.stream_view import Note, ShownTurn, StreamView
from tests.tui.screen_text import screen_lines, screen_text, wait_until
from tests.tui.test_growing import BULLETS, FENCE, LOOSE, TABLE
from tests.tui.test_hostile_text import EVIL, watched
from tests.tui.test_page_layout import SAMPLE, lines

PROSE = "\n\n".join(f"Paragraph {number} " + "of many words " * 9 for number in range(60))


class StreamApp(App[None]):
    CSS = "StreamView { height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self.view = StreamView()
        self.followed: list[str] = []
        self.turns: list[int | None] = []

    def compose(self) -> ComposeResult:
        yield self.view
        yield Input(compact=True)

    @on(StreamView.LinkClicked)
    def note_link(self, event: StreamView.LinkClicked) -> None:
        self.followed.append(event.href)

    @on(StreamView.TurnChosen)
    def note_turn(self, event: StreamView.TurnChosen) -> None:
        self.turns.append(event.turn)

    async def settled(self, pilot: Pilot[None]) -> None:
        await wait_until(pilot, lambda: self.view.is_settled)
        await pilot.pause()

    async def write(self, pilot: Pilot[None], turn: int, text: str, size: int = 200) -> None:
        """Write a text piece by piece, and wait until it is laid out."""
        for at in range(0, len(text), size):
            self.view.grow(turn, text[at : at + size])
            if at % (size * 20) == 0:
                await pilot.pause()
        await wait_until(pilot, lambda: not self.view.waits)
        await pilot.pause()


def turn(number: int, text: str = "", **more: object) -> ShownTurn:
    return ShownTurn(number, clean(f"turn {number}"), text, **more)  # type: ignore[arg-type]


def shown(app: StreamApp) -> list[str]:
    return [line.rstrip(" ▁▂▃▄▅▆▇█") for line in screen_lines(app)[:-1]]


def all_lines(view: StreamView) -> list[str]:
    return lines(view._flow)


def whole(text: str, width: int) -> list[str]:
    flow = Flow(width)
    flow.add(lay_markdown(text, BlockReader(), width))
    return lines(flow)


async def test_a_conversation_has_heads_notes_reasoning_and_text() -> None:
    app = StreamApp()
    async with app.run_test(size=(60, 20)) as pilot:
        app.view.show(
            [
                turn(1, "a *plain* one\nof two lines", is_markdown=False, above=(Note(clean("▣ a.png")),)),
                turn(
                    2,
                    "# Title\n\n**bold**",
                    reasoning="x" * 1234,
                    below=(Note(clean_lines("12 tokens\nstop")),),
                ),
            ]
        )
        await app.settled(pilot)
        assert shown(app)[:13] == [
            "turn 1",
            "▣ a.png",
            "a *plain* one",
            "of two lines",
            "",
            "turn 2",
            "▸ reasoning, 1,234 characters",
            "# Title",
            "",
            "bold",
            "12 tokens",
            "stop",
            "",
        ]


@pytest.mark.parametrize(
    "text", [SAMPLE, FENCE, BULLETS, LOOSE, TABLE], ids=["sample", "fence", "list", "loose", "table"]
)
async def test_what_was_written_in_pieces_ends_as_the_whole(text: str) -> None:
    app, rough = StreamApp(), random.Random(5)
    async with app.run_test(size=(60, 20)) as pilot:
        app.view.put(turn(1, "before"))
        app.view.put(turn(2))
        at = 0
        while at < len(text):
            size = rough.randint(1, 300)
            app.view.grow(2, text[at : at + size])
            at += size
            await pilot.pause(0.002)
        app.view.put(turn(2, text, below=(Note(clean("done")),)))
        await app.settled(pilot)
        found = all_lines(app.view)
        expected = whole(text, app.view.scrollable_content_region.width)
        assert found == ["turn 1", "before", "", "turn 2", *expected, "done"]
        assert shown(app)[-1] == "done"


async def test_the_end_stays_in_sight_until_somebody_scrolls_up_and_again_at_the_end() -> None:
    app = StreamApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.view.put(turn(1))
        app.view.focus()
        await app.write(pilot, 1, PROSE)
        assert app.view.scroll_y == app.view.max_scroll_y > 50
        await pilot.press("pageup")
        before, y = shown(app), app.view.scroll_y
        await app.write(pilot, 1, PROSE)
        assert (shown(app), app.view.scroll_y) == (before, y)
        await pilot.press("end")
        await app.write(pilot, 1, "\n\nthe very end")
        assert shown(app)[-1] == "the very end"
        app.view.post_message(MouseScrollUp(app.view, 5, 5, 0, 0, 0, shift=False, meta=False, ctrl=False))
        await wait_until(pilot, lambda: app.view.scroll_y < app.view.max_scroll_y)
        await app.write(pilot, 1, "\n\nand on")
        assert app.view.scroll_y < app.view.max_scroll_y


async def test_a_person_types_while_it_is_written() -> None:
    app = StreamApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.view.put(turn(1))
        app.query_one(Input).focus()
        for number in range(10):
            app.view.grow(1, f"word {number} ")
            await pilot.press("x")
        assert app.query_one(Input).value == "x" * 10


async def test_what_is_selected_while_it_is_written_is_copied_without_the_breaks_of_lines() -> None:
    app = StreamApp()
    async with app.run_test(size=(30, 12)) as pilot:
        app.view.put(turn(1))
        app.view.focus()
        await app.write(pilot, 1, "one two three four five six seven eight\n\n")
        await pilot.mouse_down(StreamView, offset=(4, 1))
        await pilot.hover(StreamView, offset=(4, 2))
        await app.write(pilot, 1, PROSE)
        await pilot.mouse_up(StreamView, offset=(4, 2))
        assert app.screen.get_selected_text() == "two three four five six seven"
        await pilot.press("ctrl+c")
        assert app.clipboard == "two three four five six seven"
        assert app.view.scroll_y == 0  # nothing moves away from under what is selected
        app.screen.clear_selection()
        await wait_until(pilot, lambda: app.view.scroll_y == app.view.max_scroll_y > 0)


async def test_links_work_while_it_is_written() -> None:
    app = StreamApp()
    async with app.run_test(size=(40, 12)) as pilot:
        app.view.put(turn(1))
        await app.write(pilot, 1, "see [this](/one) and")
        await pilot.click(StreamView, offset=(5, 1))
        app.view.grow(1, " [that](/two)")
        app.view.focus()
        await wait_until(pilot, lambda: "that" in screen_text(app))
        await pilot.press("tab", "enter")
        assert app.followed == ["/one", "/two"]


async def test_reasoning_folds_and_no_other_turn_is_laid_out_again() -> None:
    app = StreamApp()
    async with app.run_test(size=(60, 20)) as pilot:
        app.view.show([turn(1, "first"), turn(2, "text", reasoning="why\nso"), turn(3, "third")])
        await app.settled(pilot)
        others = [app.view._turns[number].parts for number in (1, 3)]
        before = [[list(part) for part in parts] for parts in others]
        folded = all_lines(app.view)
        app.view.put(turn(2, "text", reasoning="why\nso", folded=False))
        await app.settled(pilot)
        assert all_lines(app.view)[3:10] == [
            "turn 2", "▾ reasoning, 6 characters", "▌ why", "▌ so", "", "text", "",
        ]  # fmt: skip
        assert all(
            one is other
            for parts, old in zip(others, before, strict=True)
            for part, old_part in zip(parts, old, strict=True)
            for one, other in zip(part, old_part, strict=True)
        )
        app.view.put(turn(2, "text", reasoning="why\nso"))
        await app.settled(pilot)
        assert all_lines(app.view) == folded


async def test_reasoning_that_is_written_is_counted_or_shown() -> None:
    app = StreamApp()
    async with app.run_test(size=(60, 20)) as pilot:
        app.view.put(turn(1))
        app.view.grow(1, reasoning="t")
        await wait_until(
            pilot, lambda: "▸ reasoning, 1 character " in f"{screen_text(app)} ".replace("\n", " ")
        )
        app.view.grow(1, reasoning="hink")
        await wait_until(pilot, lambda: "▸ reasoning, 5 characters" in screen_text(app))
        app.view.put(turn(1, reasoning="think", folded=False))
        app.view.grow(1, reasoning="ing\nhard")
        app.view.grow(1, "so")
        await app.settled(pilot)
        assert shown(app)[:6] == ["turn 1", "▾ reasoning, 13 characters", "▌ thinking", "▌ hard", "", "so"]


async def test_notes_below_change_while_it_is_written() -> None:
    app = StreamApp()
    async with app.run_test(size=(60, 20)) as pilot:
        app.view.put(turn(1, below=(Note(clean("0 tokens")),)))
        app.view.grow(1, "one ")
        await wait_until(pilot, lambda: "one" in screen_text(app))
        app.view.put(turn(1, "one ", below=(Note(clean("1 token")), Note(clean("failed"), "error"))))
        app.view.grow(1, "two")
        await app.settled(pilot)
        assert shown(app)[:4] == ["turn 1", "one two", "1 token", "failed"]
        app.view.put(turn(1, "another text", below=(Note(clean("2 tokens")),)))
        await app.settled(pilot)
        assert shown(app)[:4] == ["turn 1", "another text", "2 tokens", ""]


async def test_a_turn_that_was_shown_as_a_whole_grows_on() -> None:
    app = StreamApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.view.show([turn(1, PROSE)])
        app.view.grow(1, "\n\nand then")
        app.view.grow(7, "of no turn")
        await app.settled(pilot)
        await app.write(pilot, 1, " the end")
        await app.settled(pilot)
        assert all_lines(app.view)[1:] == whole(
            PROSE + "\n\nand then the end", app.view.scrollable_content_region.width
        )


async def test_another_width_and_theme_while_it_is_written() -> None:
    app = StreamApp()
    text = FENCE + "\n\n" + TABLE + "\n\n" + PROSE
    async with app.run_test(size=(60, 12)) as pilot:
        app.view.put(turn(1))
        for number, at in enumerate(range(0, len(text), 500)):
            app.view.grow(1, text[at : at + 500])
            if number % 12 == 3:
                await pilot.resize_terminal(40 + number, 12)
                app.theme = "textual-light" if number % 24 == 3 else "textual-dark"
            await pilot.pause()
        await app.settled(pilot)
        width = app.view.scrollable_content_region.width
        assert all_lines(app.view)[1:] == whole(text, width)
        assert shown(app)[-1] == whole(text, width)[-1].rstrip()


async def test_what_is_shown_already_is_not_laid_out_again() -> None:
    app = StreamApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.view.show([turn(1, PROSE), turn(2, "second")])
        await app.settled(pilot)
        before = list(app.view._turns[1].parts[4])
        app.view.show([turn(1, PROSE), turn(2, "said otherwise"), turn(3)])
        assert all_lines(app.view)[-4:] == ["turn 2", "said otherwise", "", "turn 3"]
        assert all(one is other for one, other in zip(before, app.view._turns[1].parts[4], strict=True))
        app.view.grow(3, "and on")
        await app.settled(pilot)
        assert all_lines(app.view)[-5:] == ["turn 2", "said otherwise", "", "turn 3", "and on"]
        app.view.show([turn(1, "another conversation")])
        await app.settled(pilot)
        assert all_lines(app.view) == ["turn 1", "another conversation"]


async def test_a_turn_that_changes_while_everything_is_wrapped_anew_is_shown_as_it_is_now() -> None:
    app = StreamApp()
    async with app.run_test(size=(60, 30)) as pilot:
        app.view.show([turn(1, "first " * 500), turn(2, "second")])
        await app.settled(pilot)
        await pilot.resize_terminal(50, 30)
        app.view._work_on()
        await wait_until(pilot, lambda: app.view._is_held or app.view.is_settled)
        app.view.put(turn(1, "other words"))
        app.view.put(turn(3, "third"))
        await app.settled(pilot)
        assert all_lines(app.view) == ["turn 1", "other words", "", "turn 2", "second", "", "turn 3", "third"]


async def test_turns_are_chosen_by_keys_and_by_a_click() -> None:
    app = StreamApp()
    async with app.run_test(size=(60, 8)) as pilot:
        app.view.show([turn(number, "words\n\n" * 3) for number in range(1, 6)])
        await app.settled(pilot)
        app.view.focus()
        await pilot.press("alt+up", "alt+up")
        await pilot.pause()
        assert app.turns == [5, 4]
        assert "▶ turn 4" in shown(app)
        await pilot.press("alt+up", "alt+up", "alt+up", "alt+up")
        await pilot.pause()
        assert app.view.chosen == 1
        assert shown(app)[0] == "▶ turn 1"
        await pilot.click(StreamView, offset=(2, 6))
        await pilot.pause()
        assert app.view.chosen == 2
        app.view.show([])
        await pilot.pause()
        assert app.view.chosen is None
        assert not "".join(shown(app))


async def test_words_are_found_in_it() -> None:
    app = StreamApp()
    async with app.run_test(size=(60, 8)) as pilot:
        app.view.show([turn(1, PROSE)])
        await app.settled(pilot)
        app.view.scroll_to(y=0, animate=False, force=True)
        assert app.view.find("PARAGRAPH") == 60
        app.view.step_found(-1)
        await pilot.pause()
        assert any("Paragraph 59" in line for line in shown(app))


async def test_code_gets_its_colours_while_it_grows() -> None:
    app = StreamApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.view.put(turn(1))
        await app.write(pilot, 1, "```python\n" + "def f(): return 'text'\n" * 200)

        def colours() -> int:
            return len({segment.style for segment in app.view.render_line(6) if segment.text.strip()})

        await wait_until(pilot, lambda: colours() > 2)


async def test_code_keeps_its_colours_while_more_comes_above_a_note() -> None:
    app = StreamApp()
    async with app.run_test(size=(60, 40)) as pilot:
        app.view.put(turn(1, below=(Note(clean("1 token")),)))
        await app.write(pilot, 1, "```python\ndef f(): return 'text'\n```\n\n")

        def colours() -> int:
            return len({segment.style for segment in app.view.render_line(1) if segment.text.strip()})

        await wait_until(pilot, lambda: colours() > 2)
        for number in range(8):
            app.view.grow(1, f"paragraph {number}\n\n")
            await wait_until(pilot, lambda: not app.view.waits)
            assert colours() > 2
        app.view.put(turn(2, "```python\nx = 1\n```"))
        app.view.put(turn(1, "short"))
        await wait_until(pilot, lambda: app.view.render_line(4).text.strip() == "x = 1")


async def test_it_is_painted_at_most_thirty_times_a_second() -> None:
    class Counting(StreamView):
        frames = 0

        def _frame(self) -> None:
            self.frames += 1
            super()._frame()

    app = StreamApp()
    app.view = view = Counting()
    async with app.run_test(size=(60, 12)) as pilot:
        app.view.put(turn(1))
        await app.settled(pilot)
        import time

        started, before = time.monotonic(), view.frames
        for _ in range(60):
            app.view.grow(1, "a few words ")
            await pilot.pause(0.005)
        assert view.frames - before <= 30 * (time.monotonic() - started) + 2


async def test_a_flood_is_laid_out_in_parts_and_none_of_it_is_lost() -> None:
    app = StreamApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.view.put(turn(1))
        await app.settled(pilot)
        app.view.grow(1, PROSE * 10)
        await wait_until(pilot, lambda: app.view.virtual_size.height > 50)
        await app.settled(pilot)
        assert all_lines(app.view)[1:] == whole(PROSE * 10, app.view.scrollable_content_region.width)


@pytest.mark.parametrize("size", [2, 1000])
async def test_hostile_text_is_only_text(size: int) -> None:
    text = (
        " ".join(EVIL.values()) + " `\x1b[2J` [x\u202e](a\x9bb)\r\n\ta\r\n\n```\n" + "\n".join(EVIL.values())
    )
    app = StreamApp()
    with watched() as raw:
        async with app.run_test(size=(100, 40)) as pilot:
            hostile = clean(text)
            notes = (Note(hostile), Note(clean("x\n" + text), "error"))
            app.view.put(ShownTurn(1, hostile, text, text, is_markdown=False, above=notes, below=notes))
            app.view.put(ShownTurn(2, hostile, folded=False))
            for at in range(0, len(text), size):
                app.view.grow(2, text[at : at + size], text[at : at + size])
                if at % 12 == 0:
                    await pilot.pause()
            await app.settled(pilot)
            everything = "\n".join(all_lines(app.view))
            for piece in ("[/foo]", "[bold", "[$slot]", "[@click=app.bell]x[/]", "␛]52;c;aGk=␇", "a␀b"):
                assert everything.count(piece) >= 3, piece
            for y in range(0, 30, 5):
                await pilot.click(StreamView, offset=(20, y))
    assert not raw, f"reached the terminal: {raw}"
    assert not [href for href in app.followed if not href.isprintable()]
