"""The lines in which one writes to the model, shown alone."""

from textual import events, on
from textual.app import App, ComposeResult
from textual.message import Message

from mimo_tui.tui.widgets.prompt_area import PromptArea


class Alone(App[None]):
    """Shows the prompt, and notes what it tells."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[Message] = []
        self.sent: list[str] = []

    def compose(self) -> ComposeResult:
        yield PromptArea(self.sent.append)

    @property
    def prompt(self) -> PromptArea:
        return self.query_one(PromptArea)

    @on(PromptArea.Recalled)
    @on(PromptArea.Pasted)
    def _note(self, event: Message) -> None:
        self.told.append(event)


async def test_enter_sends_and_three_other_keys_begin_a_line() -> None:
    app = Alone()
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.press("a", "shift+enter", "b", "ctrl+j", "c", "alt+enter", "d", "enter")
        assert app.prompt.text == "a\nb\nc\nd"
        assert app.sent == ["a\nb\nc\nd"]


async def test_it_grows_up_to_six_lines() -> None:
    app = Alone()
    async with app.run_test(size=(40, 12)) as pilot:
        assert app.prompt.size.height == 1
        await pilot.press("ctrl+j", "ctrl+j")
        assert app.prompt.size.height == 3
        await pilot.press(*["ctrl+j"] * 9)
        assert app.prompt.size.height == 6


async def test_up_asks_for_what_was_written_before_only_in_the_first_row() -> None:
    app = Alone()
    async with app.run_test(size=(20, 12)) as pilot:
        app.prompt.write("a line that is longer than the widget is wide")
        await pilot.pause()
        for _ in range(2):
            await pilot.press("up")
            assert not app.told
        await pilot.press("up")
        assert [each.by for each in app.told if isinstance(each, PromptArea.Recalled)] == [1]
        await pilot.press("down", "down")
        assert len(app.told) == 1
        await pilot.press("down")
        assert [each.by for each in app.told if isinstance(each, PromptArea.Recalled)] == [1, -1]


async def test_a_paste_stands_there_at_once_and_can_be_taken_back_until_it_was_changed() -> None:
    app = Alone()
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.press("x", " ")
        app.post_message(events.Paste("/tmp/cat.png"))
        await pilot.pause()
        assert app.prompt.text == "x /tmp/cat.png"
        pasted = next(each for each in app.told if isinstance(each, PromptArea.Pasted))
        await pilot.press("!")
        app.prompt.take_back(pasted.start, pasted.end, pasted.text)
        assert app.prompt.text == "x !"
        app.prompt.take_back(pasted.start, pasted.end, pasted.text)
        assert app.prompt.text == "x !"


async def test_no_control_code_gets_in() -> None:
    app = Alone()
    async with app.run_test(size=(40, 12)) as pilot:
        app.post_message(events.Paste("a\x1b]52;c;eA==\x07b\u202ec"))
        await pilot.pause()
        assert app.prompt.text == "a␛]52;c;eA==␇b⟨U+202E⟩c"


async def test_lines_that_a_terminal_pastes_with_the_key_enter_between_them_stay_lines() -> None:
    app = Alone()
    async with app.run_test(size=(40, 12)) as pilot:
        app.prompt.post_message(events.Paste("one\rtwo\r\nthree\nfour"))
        await pilot.pause()
        assert app.prompt.text == "one\ntwo\nthree\nfour"
