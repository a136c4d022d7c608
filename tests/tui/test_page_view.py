"""A page as a person meets it: there at once, staying in its place, its links and words where they stand."""

import pytest
from textual import on
from textual.app import App, ComposeResult
from textual.content import Content
from textual.events import MouseScrollDown
from textual.pilot import Pilot
from textual.widgets import Input

from mimo_tui.core.docs.page import Heading, Markdown
from mimo_tui.core.text import clean, clean_lines
from mimo_tui.tui.widgets.page_view import PageView
from tests.tui.screen_text import screen_lines, screen_text, wait_until


def page(text: str) -> Markdown:
    """A page whose headings have their words as anchors."""
    headings = tuple(
        Heading(
            line.index(" "), clean(line.lstrip("# ")), line.lstrip("# ").lower().replace(" ", "-"), number
        )
        for number, line in enumerate(text.split("\n"))
        if line.startswith("#")
    )
    return Markdown(clean("A page"), clean_lines(text), headings, None)


LONG = page(
    "\n\n".join(f"# Part {number}\n\n" + f"Sentence {number} of many words. " * 20 for number in range(60))
)


class PageApp(App[None]):
    CSS = "PageView { height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self.view = PageView()
        self.followed: list[str] = []
        self.anchors: list[str] = []
        self.is_ready = 0

    def compose(self) -> ComposeResult:
        yield self.view
        yield Input(compact=True)

    @on(PageView.LinkClicked)
    def note_link(self, event: PageView.LinkClicked) -> None:
        self.followed.append(event.href)

    @on(PageView.HeadingChanged)
    def note_heading(self, event: PageView.HeadingChanged) -> None:
        self.anchors.append(event.anchor)

    @on(PageView.Ready)
    def note_ready(self) -> None:
        self.is_ready += 1

    async def open(self, pilot: Pilot[None], shown: Markdown, *, anchor: str = "", find: str = "") -> None:
        """Show a page, and wait until all of it is there."""
        before = self.is_ready
        self.view.show(shown, anchor=anchor, find=find)
        await wait_until(pilot, lambda: self.is_ready > before)
        await pilot.pause()


def top(app: PageApp) -> str:
    return screen_lines(app)[0].rstrip(" ▁▂▃▄▅▆▇█")


async def test_a_page_is_shown_from_its_top_and_the_next_one_too() -> None:
    app = PageApp()
    async with app.run_test(size=(60, 12)) as pilot:
        await app.open(pilot, LONG)
        assert top(app) == "# Part 0"
        await pilot.press("end")
        await app.open(pilot, page("# Another\n\ntext"))
        assert screen_lines(app)[:3] == ["# Another", "", "text"]


async def test_more_of_a_page_comes_below_and_nothing_moves() -> None:
    app = PageApp()
    whole = LONG.text.split("\n")
    beginning = page("\n".join(whole[: len(whole) // 4]))
    async with app.run_test(size=(60, 12)) as pilot:
        await app.open(pilot, beginning)
        app.view.focus()
        await pilot.press("pagedown", "pagedown", "down")
        await pilot.pause()
        before, height = screen_lines(app)[:10], app.view.virtual_size.height
        app.view.show_more(LONG)
        await wait_until(pilot, lambda: app.is_ready == 2)
        await pilot.pause()
        assert [line.rstrip(" ▁▂▃▄▅▆▇█") for line in screen_lines(app)[:10]] == [
            line.rstrip(" ▁▂▃▄▅▆▇█") for line in before
        ]
        assert app.view.virtual_size.height > 3 * height
        assert app.view.go_to("part-59")


@pytest.mark.parametrize(
    ("keys", "first"),
    [
        ("down", 1),
        ("down down up", 1),
        ("pagedown", 9),
        ("space", 9),
        ("pagedown pageup", 0),
        ("end home", 0),
    ],
)
async def test_keys_scroll(keys: str, first: int) -> None:
    app = PageApp()
    async with app.run_test(size=(60, 12)) as pilot:
        await app.open(pilot, LONG)
        app.view.focus()
        await pilot.press(*keys.split())
        assert round(app.view.scroll_y) == first


async def test_the_end_of_a_page_can_be_reached() -> None:
    app = PageApp()
    async with app.run_test(size=(60, 12)) as pilot:
        await app.open(pilot, LONG)
        app.view.focus()
        await pilot.press("end")
        assert "Sentence 59 of many words." in "".join(screen_lines(app)[:11])
        assert app.view.heading == app.anchors[-1] == "part-59"


async def test_a_page_opens_at_a_heading_and_goes_to_another() -> None:
    app = PageApp()
    async with app.run_test(size=(60, 12)) as pilot:
        await app.open(pilot, LONG, anchor="part-40")
        assert top(app) == "# Part 40"
        assert app.view.heading == "part-40"
        assert app.view.go_to("part-3")
        await pilot.pause()
        assert top(app) == "# Part 3"
        assert not app.view.go_to("part-99")
        assert app.anchors[-2:] == ["part-40", "part-3"]


async def test_who_scrolls_while_a_page_is_read_stays_there() -> None:
    app = PageApp()
    async with app.run_test(size=(60, 12)) as pilot:
        much = page("\n\n".join(f"# Part {number}\n\nwords and words" for number in range(4_000)))
        app.view.show(much)
        assert app.view.go_to("part-3999")  # once it is read
        app.view.action_move(1)
        await wait_until(pilot, lambda: top(app) == "# Part 0")
        app.view.action_move(2)
        await wait_until(pilot, lambda: app.is_ready)
        assert top(app) == "words and words"
        assert app.view.virtual_size.height == 4 * 4_000 - 1


async def test_a_page_that_is_wrapped_anew_keeps_its_place() -> None:
    app = PageApp()
    async with app.run_test(size=(60, 12)) as pilot:
        await app.open(pilot, LONG, anchor="part-30")
        for width in (100, 34, 81):
            await pilot.resize_terminal(width, 12)
            await wait_until(pilot, lambda: top(app) == "# Part 30")
            await wait_until(pilot, lambda: max(map(len, screen_lines(app)[:-1])) > app.view.size.width - 20)


async def test_links_are_chosen_by_tab_and_followed_by_enter() -> None:
    app = PageApp()
    async with app.run_test(size=(60, 12)) as pilot:
        await app.open(
            pilot, page("A [one](/one), a [two](../two#三).\n\n" + "x\n\n" * 20 + "[three](/three)")
        )
        app.view.focus()
        await pilot.press("tab", "enter", "tab", "enter", "shift+tab", "enter")
        assert app.followed == ["/one", "../two#三", "/one"]
        await pilot.press("tab", "tab")  # no more of them are in sight: on to the next widget
        assert isinstance(app.focused, Input)


async def test_links_are_followed_by_a_click_on_just_their_words() -> None:
    app = PageApp()
    async with app.run_test(size=(60, 12)) as pilot:
        await app.open(pilot, page("中文 [链接](/one) 后面\n\n> | a | b |\n> |-|-|\n> | c | [dd](/two) |"))
        for column, row in ((4, 0), (5, 0), (8, 0), (9, 0), (10, 0), (8, 4), (9, 4), (10, 4), (11, 4)):
            await pilot.click(PageView, offset=(column, row))
        assert app.followed == ["/one", "/one", "/two", "/two"]


async def test_a_link_says_where_it_leads() -> None:
    app = PageApp()
    async with app.run_test(size=(60, 12)) as pilot:
        await app.open(pilot, page("A [link](https://example.org/[/foo])."))
        await pilot.hover(PageView, offset=(3, 0))
        assert app.view.tooltip == Content("https://example.org/[/foo]")
        await pilot.hover(PageView, offset=(0, 0))
        assert app.view.tooltip is None


async def test_words_are_found_marked_and_gone_to() -> None:
    app = PageApp()
    async with app.run_test(size=(60, 12)) as pilot:
        await app.open(pilot, LONG)
        assert app.view.find("SENTENCE 59") == 20 * 60 + 20 + 1
        assert app.view.find("part") == 60
        assert app.view.hits == (1, 60)
        app.view.previous_found()
        await pilot.pause()
        assert app.view.hits == (60, 60)
        assert any(line == "# Part 59" for line in screen_lines(app))
        marked = [
            segment.text
            for y in range(11)
            for segment in app.view.render_line(y)
            if segment.style is not None and segment.style.reverse
        ]
        assert marked == ["Part"]
        app.view.next_found()
        assert app.view.hits == (1, 60)
        assert app.view.find("nowhere") == 0
        assert app.view.find("") == 0


async def test_a_page_opens_at_the_words_that_were_looked_for() -> None:
    app = PageApp()
    async with app.run_test(size=(60, 12)) as pilot:
        await app.open(pilot, page("first\n\n" + "x\n\n" * 50 + "# Here\n\na needle"), find="needle")
        assert any("a needle" in line for line in screen_lines(app))
        await app.open(pilot, LONG, anchor="part-20", find="sentence")
        assert top(app) == "# Part 20"
        await app.open(pilot, LONG, anchor="no-such-part", find="59")
        assert "# Part 59" in screen_text(app)


async def test_words_in_a_very_long_page_are_looked_for_bit_by_bit() -> None:
    app = PageApp()
    async with app.run_test(size=(60, 12)) as pilot:
        await app.open(pilot, page("\n\n".join(f"word {number}" for number in range(3_000))))
        assert app.view.find("word") < 3_000
        await wait_until(pilot, lambda: app.view.hits == (1, 3_000))
        assert app.view.find("2999") == 0
        await wait_until(pilot, lambda: app.view.hits == (1, 1) and "word 2999" in screen_text(app))
        await pilot.resize_terminal(40, 12)
        await wait_until(pilot, lambda: app.view.hits == (1, 1) and "word 2999" in screen_text(app))


@pytest.mark.parametrize(
    ("text", "start", "end", "copied"),
    [
        ("one two three four", (4, 0), (12, 0), "two three"),
        ("one two three four five six seven", (0, 0), (6, 1), "one two three four five six seven"[:31]),
        ("中文字和 words", (2, 0), (4, 0), "文字"),
        ("- item one\n- item two", (2, 0), (9, 1), "item one\n• item two"),
        ("> quoted words that are wrapped here", (2, 0), (8, 1), "quoted words that are wrapped"),
        ("```\nif x:\n    return\n```", (2, 0), (20, 1), "if x:\n    return"),
        ("|a|b|\n|-|-|\n|c|d|", (0, 0), (9, 2), "a    | b\n-----+-----\nc    | d"),
    ],
)
async def test_what_the_mouse_selects_is_copied_as_it_was_written(
    text: str, start: tuple[int, int], end: tuple[int, int], copied: str
) -> None:
    app = PageApp()
    async with app.run_test(size=(26, 12)) as pilot:
        await app.open(pilot, page(text))
        await pilot.mouse_down(PageView, offset=start)
        await pilot.hover(PageView, offset=end)
        await pilot.mouse_up(PageView, offset=end)
        assert app.screen.get_selected_text() == copied
        assert not app.followed


async def test_a_drag_over_a_link_selects_and_does_not_follow() -> None:
    app = PageApp()
    async with app.run_test(size=(40, 12)) as pilot:
        await app.open(pilot, page("[one two three](/x)"))
        await pilot.mouse_down(PageView, offset=(1, 0))
        await pilot.hover(PageView, offset=(6, 0))
        await pilot.mouse_up(PageView, offset=(6, 0))
        assert app.screen.get_selected_text() == "ne two"
        assert app.followed == []


async def test_the_wheel_scrolls() -> None:
    app = PageApp()
    async with app.run_test(size=(60, 12)) as pilot:
        await app.open(pilot, LONG)
        app.view.post_message(MouseScrollDown(app.view, 5, 5, 0, 0, 0, shift=False, meta=False, ctrl=False))
        await wait_until(pilot, lambda: app.view.scroll_y > 0)


@pytest.mark.parametrize("text", ["", "\n\n", "   \n"])
async def test_an_empty_page_says_nothing_and_breaks_nothing(text: str) -> None:
    app = PageApp()
    async with app.run_test(size=(60, 12)) as pilot:
        await app.open(pilot, LONG, find="part")
        await app.open(pilot, page(text))
        app.view.focus()
        await pilot.press("down", "end", "home", "shift+tab")
        assert app.view.find("word") == 0
        assert not app.view.go_to("x")
        app.view.next_found()
        assert not screen_text(app).strip()


async def test_hostile_text_is_only_text() -> None:
    text = "[/foo] [bold] [@click=app.bell]x[/] \x1b]52;c;eA==\x07 \x9b31m \u202e [$slot] \\[x] `[/`"
    text += "\n\n    [/bar\x1b[2J"
    app = PageApp()
    async with app.run_test(size=(100, 12)) as pilot:
        await app.open(pilot, page(text))
        shown = screen_text(app)
        assert not set(shown) & set("\x1b\x07\x9b\u202e")
        for piece in ("[/foo] [bold] [@click=app.bell]x[/]", "[$slot] [x] [/", "[/bar"):
            assert piece in shown
        await pilot.click(PageView, offset=(20, 0))
        assert app.followed == []


@pytest.mark.parametrize("theme", ["textual-light", "ansi-dark", "ansi-light"])
async def test_headings_links_and_code_differ_in_every_theme(theme: str) -> None:
    app = PageApp()
    app.theme = theme
    async with app.run_test(size=(60, 12)) as pilot:
        await app.open(
            pilot, page("# One\n\n## Two\n\n[link](/x) text **strong**\n\n```python\ndef f(): pass\n```")
        )
        styles = [
            [segment.style for segment in app.view.render_line(y) if segment.text.strip()] for y in (0, 2, 4)
        ]
        attributes = [
            {(style.bold, style.underline) for style in line if style is not None} for line in styles
        ]
        assert attributes[0] != attributes[1]
        assert len(attributes[2]) == 3
        # Colours of code come a moment later.
        await wait_until(
            pilot,
            lambda: len({segment.style for segment in app.view.render_line(6) if segment.text.strip()}) > 2,
        )


async def test_a_theme_that_changes_paints_the_page_anew() -> None:
    app = PageApp()
    async with app.run_test(size=(60, 12)) as pilot:
        await app.open(pilot, page("# One"))
        before = [segment.style for segment in app.view.render_line(0)]
        app.theme = "textual-light"
        await wait_until(pilot, lambda: [segment.style for segment in app.view.render_line(0)] != before)
