"""What was done can be looked at, taken back and restored."""

from pathlib import Path

from mimo_tui.services import Services
from tests.journeys.conftest import Open
from tests.journeys.walker import Walker, opened


async def set_summary(walker: Walker, text: str) -> Path:
    await walker.open("mimo-1", "enter", "EditorScreen")
    await walker.press("tab")
    await walker.paste(text)
    await walker.press("ctrl+s")
    await walker.on("Confirm")
    await walker.press("enter")
    await walker.on("PresetsScreen")
    await walker.until(text)
    return walker.saved / "mimo-1.json"


async def undo(walker: Walker) -> None:
    count = walker.toasts.count("Taken back")
    await walker.press("u")
    await walker.on("Confirm")
    await walker.press("enter")
    await walker.until(lambda: walker.toasts.count("Taken back") > count)


async def test_undo_goes_back_step_by_step_to_the_first_bytes(open_app: Open) -> None:
    async with open_app() as walker:
        states: list[bytes] = []
        for text in ("One", "Two", "Three"):
            states.append((walker.saved / "mimo-1.json").read_bytes())
            await set_summary(walker, text)
        for state in reversed(states):
            await undo(walker)
            assert (walker.saved / "mimo-1.json").read_bytes() == state
        await walker.press("u")
        await walker.told("There is nothing to undo.")


async def test_saying_no_to_an_undo_leaves_all_as_it_is(open_app: Open) -> None:
    async with open_app(size=(80, 24)) as walker:
        file = await set_summary(walker, "One")
        saved = file.read_bytes()
        await walker.press("u")
        await walker.on("Confirm")
        await walker.until("Take back “edit mimo-1”?")
        await walker.until('-     "summary": "One"')
        await walker.press("escape")
        await walker.on("PresetsScreen")
        assert file.read_bytes() == saved


async def test_history_shows_each_change_and_restores_one_whatever_came_since(open_app: Open) -> None:
    async with open_app(size=(80, 24)) as walker:
        first = (walker.saved / "mimo-1.json").read_bytes()
        await set_summary(walker, "One")
        second = (await set_summary(walker, "Two")).read_bytes()
        await walker.press("h")
        await walker.on("HistoryScreen")
        await walker.until('+     "summary": "Two"')
        await walker.press("down")
        await walker.until('+     "summary": "One"')
        await walker.press("enter")
        await walker.on("Confirm")
        await walker.until("Bring back the state before “edit mimo-1”?")
        await walker.press("escape")
        await walker.on("HistoryScreen")
        await walker.press("enter")
        await walker.on("Confirm")
        await walker.press("enter")
        await walker.on("PresetsScreen")
        assert (walker.saved / "mimo-1.json").read_bytes() == first
        await walker.until(lambda: walker.file == "saved/mimo-1.json")
        await undo(walker)
        assert (walker.saved / "mimo-1.json").read_bytes() == second


async def test_what_was_undone_says_so(open_app: Open) -> None:
    async with open_app() as walker:
        await set_summary(walker, "One")
        await undo(walker)
        await walker.press("h")
        await walker.on("HistoryScreen")
        await walker.until("undone")


async def test_history_survives_the_program(open_app: Open, demo: Services) -> None:
    first = (demo.places.saved / "mimo-1.json").read_bytes()
    async with open_app() as walker:
        await set_summary(walker, "One")
    async with opened(demo) as walker:
        await undo(walker)
    assert (demo.places.saved / "mimo-1.json").read_bytes() == first


async def test_a_damaged_snapshot_is_said_and_nothing_is_written(open_app: Open, demo: Services) -> None:
    async with open_app() as walker:
        file = await set_summary(walker, "One")
        saved = file.read_bytes()
        for snapshot in (demo.places.history / "snapshots").iterdir():
            snapshot.chmod(0o600)
            snapshot.write_bytes(b"?")
        await walker.press("u")
        await walker.told("Not done", "damaged")
        assert file.read_bytes() == saved
        await walker.press("h")
        await walker.on("HistoryScreen")
        await walker.told("damaged")
        await walker.press("escape")
        await walker.on("PresetsScreen")


async def test_what_was_taken_back_can_be_done_again(open_app: Open) -> None:
    async with open_app() as walker:
        saved = (await set_summary(walker, "One")).read_bytes()
        await undo(walker)
        await walker.press("U")
        await walker.on("Confirm")
        await walker.until("Do “edit mimo-1” again?")
        await walker.press("enter")
        await walker.told("Done again | Edit mimo-1.")
        assert (walker.saved / "mimo-1.json").read_bytes() == saved
        await walker.press("U")
        await walker.told("There is nothing to do again.")
