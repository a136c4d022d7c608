"""The list: every file is there, each with what is wrong with it, and none hides another."""

import shutil
from dataclasses import replace

import pytest

from mimo_tui.services import Services, make_services
from mimo_tui.simulator.sample_library import samples
from mimo_tui.store.places import places
from tests.conftest import NOW
from tests.journeys.conftest import Open
from tests.journeys.walker import Walker, opened

BROKEN = {
    "saved/bom.json": "byte-order mark",
    "saved/broken.json": "string has no closing",
    "saved/commented.json": "no comments",
    "saved/dangling.json": "a link to ../../shared/missing.json, which is not there",
    "saved/dir.json": "a folder, not a file",
    "saved/empty.json": "empty",
    "saved/latin1.json": "UTF-8",
    "saved/list.json": "the file holds a list",
    "saved/note.jsonc": "no comments",
}


async def all_rows(walker: Walker) -> dict[str, str]:
    """Walk through the whole list, and give what the detail says of each file."""
    found: dict[str, str] = {}
    await walker.press("home")
    while walker.file not in found:
        found[walker.file] = " ".join(walker.text.split())
        await walker.press("down")
    return found


async def test_every_file_is_a_row_and_every_broken_one_says_why(open_app: Open) -> None:
    async with open_app() as walker:
        rows = await all_rows(walker)
        places_of_rows = {f"legacy/{name}" if "/" not in name else name for name in map(str, rows)}
        expected = {sample.place for sample in samples()}
        assert len(rows) == len(expected), places_of_rows ^ expected
        for file in BROKEN:
            assert file in rows
        await walker.press("home")
        for file, reason in BROKEN.items():
            await walker.find(file)
            await walker.until(lambda: reason in " ".join(detail(walker).split()))  # noqa: B023
            await walker.until("✗ broken")


def detail(walker: Walker) -> str:
    """What stands beside the list."""
    return "\n".join(line.split("▊", 1)[-1] for line in walker.lines)


@pytest.mark.parametrize("missing", ["presets", "all"])
async def test_an_empty_library_says_where_it_looked(demo: Services, missing: str) -> None:
    shutil.rmtree(demo.places.legacy if missing == "presets" else demo.places.lingtai)
    async with opened(demo, (80, 24), listed="No presets in") as walker:
        await walker.until("Start Lingtai once, or try mimo-tui --demo.")
        for key in ("m", "f", "c", "r", "d", "enter", "down", "end"):
            await walker.press(key)
        assert walker.screen == "PresetsScreen"
        assert "Delete" not in walker.lines[-1]
        await walker.press("u")
        await walker.told("There is nothing to undo.")
        await walker.press("h")
        await walker.on("HistoryScreen")
        await walker.until("Nothing was changed yet.")


async def test_a_folder_that_cannot_be_listed_is_said_above_the_list(demo: Services) -> None:
    shutil.rmtree(demo.places.templates)
    demo.places.templates.write_bytes(b"")
    async with opened(demo, (160, 30)) as walker:
        await walker.until("templates cannot be listed")
        assert "mimo-pro" in walker.text


async def test_a_thousand_presets_are_all_there(demo: Services) -> None:
    text = (demo.places.saved / "mimo-pro.json").read_bytes()
    for number in range(1000):
        name = f"many-{number:04}"
        (demo.places.saved / f"{name}.json").write_bytes(text.replace(b"mimo-pro", name.encode()))
    (demo.places.saved / "many-0500.json").write_bytes(b"{")
    async with opened(demo, listed="../evil") as walker:
        await walker.find("many-0999")
        assert walker.file == "saved/many-0999.json"
        await walker.find("saved/many-0500.json")
        await walker.until("✗ broken")
        await walker.press("escape", "home")
        for expected in ("many-0", "many-00", "many-000"):
            await walker.press("end")
            assert expected not in walker.row
        assert walker.app.screen_stack[0].query_one("#presets").virtual_size.height > 1000


async def test_the_filter_looks_at_every_word_and_escape_shows_all_again(open_app: Open) -> None:
    async with open_app(size=(80, 24)) as walker:
        await walker.press("slash")
        await walker.write("TOKEN pro")
        await walker.until(lambda: "mimo-1 " in walker.row)
        assert "mimo-go" not in walker.text
        await walker.write(" nowhere")
        await walker.until("No preset matches “TOKEN pro nowhere”. Escape shows all.")
        assert "Delete" not in walker.lines[-1]
        await walker.press("escape")
        await walker.until("mimo-go")
        await walker.press("down")
        assert walker.file


async def test_down_leads_from_the_filter_to_the_list(open_app: Open) -> None:
    async with open_app() as walker:
        await walker.press("slash")
        await walker.paste("mimo-1")
        await walker.press("down", "r")
        await walker.on("AskText")


async def test_the_agents_that_use_a_preset_are_named(open_app: Open) -> None:
    async with open_app(size=(120, 60)) as walker:
        await walker.find("mimo-1")
        await walker.until(lambda: "assistant" in detail(walker))
        await walker.find("mimo-go")
        await walker.until(lambda: "assistant" not in detail(walker))


async def test_reading_again_shows_what_another_program_did_and_keeps_the_place(open_app: Open) -> None:
    async with open_app() as walker:
        await walker.press("escape", *("down",) * 6)
        before = walker.file
        (walker.saved / "aaa.json").write_bytes((walker.saved / "mimo-pro.json").read_bytes())
        (walker.saved / "bigint.json").unlink()
        await walker.press("ctrl+r")
        await walker.until(lambda: "bigint" not in walker.text)
        assert walker.file == before


async def test_a_library_that_fails_to_open_says_so(demo: Services) -> None:
    from mimo_tui.tui.app import MimoApp

    def broken() -> Services:
        raise OSError(5, "Input/output error")

    app = MimoApp(demo.places, broken, simulated=True)
    async with app.run_test(notifications=True) as pilot:
        walker = Walker(app, pilot, demo.places.home)
        await walker.told("Input/output error")


async def test_a_real_library_is_not_called_simulated(demo: Services) -> None:
    real = replace(make_services(demo.places.home), now=lambda: NOW, places=places(demo.places.home))
    async with opened(real, (80, 24)) as walker:
        assert "SIMULATED" not in walker.text
        assert "sample library" not in walker.text
