"""Switch a preset's model: see what that breaks, mend it, save, take it back."""

import os
from pathlib import Path

import pytest

from mimo_tui.services import Services
from tests.journeys.conftest import Open
from tests.journeys.walker import Walker, opened

LLM = b'"model": "mimo-v2.5-pro"'
VISION = b'"model": "mimo-v2.5",'


def everything(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


async def choose_model(walker: Walker, model: str) -> None:
    await walker.press("home")
    for _ in range(20):
        if any(model in row.split() for row in walker.rows):
            return
        await walker.press("down")
    raise AssertionError(f"{model} is not in the list:\n{walker.text}")


async def test_a_retired_model_is_switched_mended_saved_and_taken_back(open_app: Open) -> None:
    async with open_app(size=(80, 24)) as walker:
        file = walker.saved / "mimo-1.json"
        first, others = file.read_bytes(), everything(walker.saved)
        await walker.open("mimo-1", "m", "SwitchModel")
        await walker.until("would be left")
        assert "vision's model mimo-v2.5 was retired" in walker.text
        await choose_model(walker, "mimo-v2.6-pro")
        await walker.press("tab", "down", "space")
        await walker.until("[x] pin vision to mimo-v2.6-pro")
        await walker.until("Can be saved.")
        await walker.press("tab", "end")
        await walker.until('+       "model": "mimo-v2.6-pro"')
        await walker.press("shift+tab", "enter")
        await walker.told("Saved | Switch mimo-1 to mimo-v2.6-pro. u takes it back.")

        pinned = VISION.replace(b"2.5", b"2.6-pro")
        wanted = first.replace(LLM, LLM.replace(b"2.5", b"2.6")).replace(VISION, pinned)
        assert file.read_bytes() == wanted != first
        assert everything(walker.saved) == {**others, "mimo-1.json": wanted}
        await walker.on("PresetsScreen")
        await walker.until(lambda: "mimo-1" in walker.row and "mimo-v2.6-pro" in walker.row)

        await walker.press("u")
        await walker.until("Take back")
        await walker.press("enter")
        await walker.told("Taken back | Switch mimo-1 to mimo-v2.6-pro.")
        assert everything(walker.saved) == others
        await walker.until(lambda: "mimo-1" in walker.row and "mimo-v2.5-pro" in walker.row)


async def test_fix_all_mends_everything_that_the_switch_leaves(open_app: Open) -> None:
    async with open_app() as walker:
        await walker.open("mimo-1", "m", "SwitchModel")
        await walker.press("f")
        await walker.until("✓ Can be saved.")
        await walker.press("enter")
        await walker.told("Saved")
        await walker.until(lambda: "✗" not in walker.row)


@pytest.mark.parametrize("name", ["mimo-1", "inline", "no-slot-null", "skew"])
async def test_every_model_can_be_looked_at_with_all_its_fixes(open_app: Open, name: str) -> None:
    async with open_app() as walker:
        await walker.open(name, "m", "SwitchModel")
        for key in ("home", *("down",) * 10):
            await walker.press(key, "f")
        await walker.press("escape")
        await walker.on("PresetsScreen")


async def test_escape_writes_nothing(open_app: Open) -> None:
    async with open_app() as walker:
        before = everything(walker.saved)
        await walker.open("mimo-1", "m", "SwitchModel")
        await walker.press("f", "escape")
        await walker.on("PresetsScreen")
        assert everything(walker.saved) == before
        assert not (walker.home / ".local").exists()


async def test_a_click_on_a_model_does_not_save_and_a_second_click_on_a_fix_ticks_it(open_app: Open) -> None:
    async with open_app() as walker:
        await walker.open("mimo-1", "m", "SwitchModel")
        await walker.pilot.click("#models", offset=(10, 2))
        await walker.pilot.click("#models", offset=(10, 2))
        assert walker.screen == "SwitchModel"
        await walker.pilot.click("#fixes", offset=(10, 2))
        await walker.pilot.click("#fixes", offset=(10, 2))
        await walker.until("[x]")
        assert walker.screen == "SwitchModel"


async def test_switching_a_template_makes_a_copy_and_says_so(open_app: Open) -> None:
    async with open_app() as walker:
        template = walker.saved.parent / "templates" / "mimo.json"
        first = template.read_bytes()
        await walker.open("templates/mimo.json", "m", "SwitchModel")
        await walker.until("is a template and stays as it is; this makes the copy saved/mimo-2.json")
        await walker.press("f", "enter")
        await walker.told("Saved", "as the copy mimo-2")
        assert template.read_bytes() == first
        assert b'"model": "mimo-v2.6' in (walker.saved / "mimo-2.json").read_bytes()
        await walker.until(lambda: walker.file == "saved/mimo-2.json")


async def test_a_switch_against_which_errors_stand_asks_first(open_app: Open) -> None:
    async with open_app() as walker:
        file = walker.saved / "mimo-1.json"
        first = file.read_bytes()
        await walker.open("mimo-1", "m", "SwitchModel")
        await choose_model(walker, "mimo-v2-pro")
        await walker.until("would stand against it; enter asks once more")
        await walker.press("enter")
        await walker.until("Errors stand against this.")
        await walker.until("the model mimo-v2-pro was retired")
        await walker.press("escape")
        await walker.on("PresetsScreen")
        assert file.read_bytes() == first
        await walker.press("m")
        await walker.on("SwitchModel")
        await choose_model(walker, "mimo-v2-pro")
        await walker.press("enter")
        await walker.until("Errors stand against this.")
        await walker.press("y")
        await walker.told("Saved")
        assert file.read_bytes() == first.replace(LLM, b'"model": "mimo-v2-pro"')


async def test_a_model_that_is_not_on_the_token_plan_says_so(open_app: Open) -> None:
    async with open_app(size=(120, 40)) as walker:
        await walker.open("mimo-1", "m", "SwitchModel")
        await choose_model(walker, "mimo-v2.6-pro-ultraspeed")
        await walker.until("the model mimo-v2.6-pro-ultraspeed is not part of t")
        await walker.until("1 error would stand against it")


async def test_the_model_that_it_is_on_already_writes_nothing(open_app: Open) -> None:
    async with open_app(size=(120, 40)) as walker:
        file = walker.saved / "mimo-1.json"
        before = file.stat()
        await walker.open("mimo-1", "m", "SwitchModel")
        await choose_model(walker, "mimo-v2.5-pro")
        await walker.until("The preset is on mimo-v2.5-pro already.")
        await walker.press("enter")
        await walker.told("nothing was written")
        assert (file.stat().st_mtime_ns, file.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


async def test_a_link_stays_a_link(open_app: Open) -> None:
    async with open_app() as walker:
        link = walker.saved / "link.json"
        target = os.readlink(link)  # noqa: PTH115 as it is written
        await walker.open("saved/link", "m", "SwitchModel")
        await walker.press("f", "enter")
        await walker.told("Saved")
        assert link.is_symlink()
        assert os.readlink(link) == target  # noqa: PTH115


async def test_a_template_whose_name_no_copy_can_have_says_so(demo: Services) -> None:
    stem = "x" * 240
    template = demo.places.templates / "mimo.json"
    template.rename(template.with_name(f"{stem}.json"))
    named = template.with_name(f"{stem}.json")
    named.write_bytes(named.read_bytes().replace(b'"name": "mimo"', b'"name": "a/b"'))
    async with opened(demo, (120, 40)) as walker:
        await walker.open("a/b", "m", "SwitchModel")
        await walker.until("✗")
        await walker.press("enter")
        assert walker.screen == "SwitchModel"
