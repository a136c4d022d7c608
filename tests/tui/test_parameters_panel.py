"""The panel of parameters, shown alone: it offers what the model takes, and says at once what is wrong."""

from collections.abc import Mapping

from textual import on
from textual.app import App, ComposeResult

from mimo_tui.core.catalogue import Wire, load
from mimo_tui.core.json_text import Json
from mimo_tui.core.parameter_values import taken, written
from mimo_tui.core.parameters import Offer, offers
from mimo_tui.core.text import clean
from mimo_tui.tui.widgets.parameters_panel import ParametersPanel
from tests.tui.screen_text import screen_text, wait_until

PRO, FLASH = "mimo-v2.6-pro", "mimo-v2.6-flash"


def offered(
    model: str = PRO, wire: Wire = Wire.CHAT_COMPLETIONS, *, is_plan: bool = False
) -> tuple[Offer, ...]:
    return offers(load(), model, wire, is_plan=is_plan)


def words(app: App[None]) -> str:
    """What is shown, with the breaks of lines undone."""
    return " ".join(screen_text(app).split())


class Alone(App[None]):
    """Shows the panel, and notes what it tells."""

    def __init__(self, values: Mapping[str, Json] | None = None) -> None:
        super().__init__()
        self.begins_with = values or {}
        self.told: list[Mapping[str, Json]] = []
        self.closed = 0

    def compose(self) -> ComposeResult:
        yield ParametersPanel()

    def on_mount(self) -> None:
        self.panel.show(clean(PRO), offered(), self.begins_with)
        self.panel.go_to("top_p")

    @property
    def panel(self) -> ParametersPanel:
        return self.query_one(ParametersPanel)

    @on(ParametersPanel.Changed)
    def _note(self, event: ParametersPanel.Changed) -> None:
        self.told.append(event.values)

    @on(ParametersPanel.Closed)
    def _close(self) -> None:
        self.closed += 1


async def test_only_what_the_model_takes_stands_there_with_its_defaults() -> None:
    app = Alone()
    async with app.run_test(size=(60, 40)) as pilot:
        await wait_until(pilot, lambda: "temperature" in screen_text(app))
        shown = screen_text(app)
        assert "max_completion_tokens   131072" in shown
        assert "‹ enabled ›" in shown
        assert "mimo-v2.6-pro · 0 set" in shown
        await wait_until(
            pilot, lambda: "a number between 0.01 and 1.0" in screen_text(app)
        )  # it has the focus
        app.panel.show(clean(PRO), offered(wire=Wire.MESSAGES), {})
        await wait_until(pilot, lambda: "stop_sequences" in screen_text(app))
        assert "max_completion_tokens" not in screen_text(app)
        assert "web_search" not in screen_text(app)


async def test_what_is_wrong_is_said_while_one_types_and_is_not_sent() -> None:
    app = Alone()
    async with app.run_test(size=(60, 50)) as pilot:
        await wait_until(pilot, lambda: "temperature" in screen_text(app))
        app.panel.go_to("temperature")
        await pilot.press(*"9")
        await wait_until(pilot, lambda: "a number between 0 and 1.5, not “9”" in words(app))
        assert app.told[-1] == {}
        await pilot.press("backspace", *"0.3")
        await wait_until(pilot, lambda: app.told[-1] == {"temperature": 0.3})
        assert "not “" not in screen_text(app)


async def test_what_thinking_puts_in_its_place_is_said_until_it_does_not_think() -> None:
    app = Alone({"temperature": 0.3})
    async with app.run_test(size=(60, 50)) as pilot:
        await wait_until(pilot, lambda: "while it thinks: 1.0, whatever is set" in screen_text(app))
        app.panel.go_to("thinking.type")
        await pilot.press("right")
        await wait_until(pilot, lambda: app.told[-1].get("thinking.type") == "enabled")
        await pilot.press("right")
        await wait_until(pilot, lambda: app.told[-1] == {"temperature": 0.3, "thinking.type": "disabled"})
        await wait_until(pilot, lambda: "whatever is set" not in screen_text(app))


async def test_values_stay_for_a_model_that_takes_them_and_it_is_said_what_is_left_out() -> None:
    app = Alone({"frequency_penalty": 1, "temperature": 0.3})
    async with app.run_test(size=(60, 50)) as pilot:
        await wait_until(pilot, lambda: "2 set" in screen_text(app))
        app.panel.show(clean(PRO), offered(wire=Wire.MESSAGES), app.panel.values)
        await wait_until(pilot, lambda: "frequency_penalty = 1" in screen_text(app))
        assert "1 set" in screen_text(app)
        app.panel.show(clean(PRO), offered(), app.panel.values)
        await wait_until(pilot, lambda: "2 set" in screen_text(app))
        await wait_until(pilot, lambda: app.focused is not None)
        await pilot.press("f12")
        await wait_until(pilot, lambda: app.told == [{}])
        await wait_until(pilot, lambda: "0 set" in screen_text(app))
        await pilot.press("escape")
        await wait_until(pilot, lambda: app.closed)


async def test_a_plan_has_no_web_search_and_it_is_said_why_and_one_of_its_members_brings_it() -> None:
    app = Alone({"tools.web_search.limit": 7})
    async with app.run_test(size=(60, 60)) as pilot:
        await wait_until(pilot, lambda: "this alone has it search the web" in screen_text(app))
        app.panel.show(clean(PRO), offered(is_plan=True), {})
        await wait_until(pilot, lambda: "a plan's key has no web search" in words(app))
        assert "not to be had" in screen_text(app)


async def test_texts_are_typed_as_one_or_as_a_list_and_hostile_ones_do_nothing() -> None:
    app = Alone({"stop": ["a", "b"]})
    async with app.run_test(size=(60, 50)) as pilot:
        await wait_until(pilot, lambda: '["a", "b"]' in screen_text(app))
        app.panel.show(clean("[/foo]"), offered(), {"stop": ["[@click=app.bell]x[/]"], "[/bar]\x1b": 1})
        await wait_until(pilot, lambda: "[/bar]␛ = 1" in words(app))
        assert "[@click=app.bell]x[/]" in screen_text(app)
        assert "Parameters of [/foo]" in screen_text(app)


def test_a_value_is_written_as_it_is_read_and_another_model_takes_what_is_in_its_range() -> None:
    values: dict[str, Json] = {"temperature": 0.3, "stop": ["a"], "max_completion_tokens": 10**9, "odd": True}
    assert taken(offered(), values) == {"temperature": 0.3, "stop": ["a"]}
    assert [written(each) for each in values.values()] == ["0.3", '["a"]', "1000000000", "true"]
