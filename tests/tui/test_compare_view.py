"""Two answers, shown alone: beside one another or stacked, and one is gone on with."""

from textual import on
from textual.app import App, ComposeResult

from mimo_tui.core.text import clean
from mimo_tui.tui.widgets.compare_view import CompareView
from mimo_tui.tui.widgets.stream_view import ShownTurn
from tests.tui.screen_text import screen_lines, screen_text, wait_until


class Alone(App[None]):
    """Shows a conversation, and notes which answer is taken."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[bool] = []

    def compose(self) -> ComposeResult:
        yield CompareView()

    @property
    def view(self) -> CompareView:
        return self.query_one(CompareView)

    def on_mount(self) -> None:
        self.view.first.show([ShownTurn(1, clean("You"), "Hello"), ShownTurn(2, clean("pro"), "left answer")])

    def compare(self) -> None:
        self.view.second.show([ShownTurn(3, clean("flash"), "right answer")])
        self.view.heads = (clean("pro [/foo]"), clean("flash"))

    @on(CompareView.Taken)
    def _note(self, event: CompareView.Taken) -> None:
        self.taken.append(event.is_second)


async def test_one_conversation_has_all_of_the_room_and_no_head() -> None:
    app = Alone()
    async with app.run_test(size=(100, 20)) as pilot:
        await wait_until(pilot, lambda: "left answer" in screen_text(app))
        assert app.view.first.size.width > 90
        assert not app.view.second.display
        assert "1 ·" not in screen_text(app)


async def test_two_stand_beside_one_another_where_there_is_room_and_else_below() -> None:
    app = Alone()
    async with app.run_test(size=(100, 20)) as pilot:
        app.compare()
        await wait_until(pilot, lambda: "right answer" in screen_text(app))
        head = screen_lines(app)[0]
        assert "1 · pro [/foo]" in head
        assert "2 · flash" in head
        await pilot.resize_terminal(80, 20)
        await wait_until(pilot, lambda: "2 · flash" not in screen_lines(app)[0])
        assert "2 · flash" in screen_text(app)
        assert "left answer" in screen_text(app)
        assert "right answer" in screen_text(app)


async def test_the_one_that_has_the_focus_is_marked_and_taken() -> None:
    app = Alone()
    async with app.run_test(size=(100, 20)) as pilot:
        app.view.first.focus()
        await pilot.press("enter")
        assert app.taken == []
        app.compare()
        await wait_until(pilot, lambda: "› 1 · pro" in screen_text(app))
        await pilot.press("enter", "tab")
        await wait_until(pilot, lambda: "› 2 · flash" in screen_text(app))
        await pilot.press("enter")
        await wait_until(pilot, lambda: app.taken == [False, True])
        app.view.heads = None
        await wait_until(pilot, lambda: "right answer" not in screen_text(app))
        assert "1 ·" not in screen_text(app)
