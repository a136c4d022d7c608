"""What is typed faster than the program can follow means what it would have meant later."""

from threading import Event

from textual import events

from mimo_tui.services import Services
from mimo_tui.tui.screens.ask_key import KeyInput
from tests.journeys.conftest import Open
from tests.journeys.stages import KEY, keys
from tests.journeys.walker import Walker, opened


async def test_a_key_typed_right_after_going_to_keys_comes_into_the_dialog(demo: Services) -> None:
    gate, before = Event(), demo.places.env_file.read_bytes()
    async with opened(demo, (80, 24), gate=gate) as walker:
        await walker.burst("2", "a", *KEY)
        await walker.on("KeysScreen")
        await walker.until("Reading keys …")
        await walker.burst("x", "y")
        gate.set()
        await typed(walker, f"{KEY}xy")
        await walker.press("escape")
        await walker.on("KeysScreen")
    assert demo.places.env_file.read_bytes() == before


async def test_a_key_pasted_before_the_dialog_is_there_comes_into_it(demo: Services) -> None:
    gate = Event()
    async with opened(demo, (80, 24), gate=gate) as walker:
        await walker.burst("2", "a")
        walker.app.post_message(events.Paste(KEY))
        await walker.burst("z")
        await walker.on("KeysScreen")
        gate.set()
        await typed(walker, f"{KEY}z")


async def test_nothing_is_lost_between_a_key_and_its_dialog(open_app: Open) -> None:
    async with open_app(size=(80, 24)) as walker:
        await keys(walker)
        await walker.burst("a", *KEY)
        await typed(walker, KEY)
        await walker.press("escape")
        await walker.on("KeysScreen")
        await walker.burst("s", *"s-cuvy12")
        await typed(walker, "s-cuvy12")


async def test_an_action_asked_for_before_the_presets_are_judged_waits_for_them(demo: Services) -> None:
    gate, first = Event(), {path: path.read_bytes() for path in demo.places.saved.iterdir() if path.is_file()}
    async with opened(demo, (80, 24), gate=gate, listed="mimo-pro") as walker:
        await walker.press("down")  # the names are there, so that one can move already
        file = walker.file
        await walker.burst("c", *"drum")
        await walker.pilot.pause()
        assert walker.screen == "PresetsScreen"
        gate.set()
        await walker.on("AskText")
        await walker.until("drum")
        await walker.press("escape")
        await walker.on("PresetsScreen")
        assert walker.file == file
    assert first == {path: path.read_bytes() for path in first}


async def test_enter_before_the_presets_are_judged_opens_the_editor(demo: Services) -> None:
    gate = Event()
    async with opened(demo, (80, 24), gate=gate) as walker:
        await walker.burst("enter")
        gate.set()
        await walker.on("EditorScreen")


async def test_the_program_can_be_left_while_keys_wait(demo: Services) -> None:
    gate = Event()
    async with opened(demo, (80, 24), gate=gate) as walker:
        await walker.burst("2", "a", "x", "ctrl+q")
        await walker.until(lambda: walker.app._exit)
        gate.set()
    assert walker.app.return_code == 0


async def typed(walker: Walker, text: str) -> None:
    """Wait until the dialog for a key holds exactly that."""
    await walker.on("AskKey")
    await walker.until(lambda: walker.app.screen.query_one(KeyInput).value == text)
