"""Clone, rename and delete: the cursor goes with the preset, and each can be taken back."""

import pytest

from tests.journeys.conftest import Open
from tests.journeys.walker import Walker


async def answer(walker: Walker, name: str) -> None:
    """Type a name instead of the proposed one, and go on."""
    await (walker.paste(name) if name else walker.press("delete"))
    await walker.press("enter")


async def test_a_clone_lies_beside_the_original_and_the_cursor_goes_to_it(open_app: Open) -> None:
    async with open_app(size=(80, 24)) as walker:
        first = (walker.saved / "mimo-pro.json").read_bytes()
        await walker.open("mimo-pro", "c", "AskText")
        await walker.until("mimo-pro-1")
        await answer(walker, "another")
        await walker.on("Confirm")
        await walker.until("Save the copy another.json?")
        await walker.press("enter")
        await walker.told("Saved")
        assert (walker.saved / "mimo-pro.json").read_bytes() == first
        assert (walker.saved / "another.json").read_bytes() == first.replace(b'"mimo-pro"', b'"another"')
        await walker.until(lambda: walker.file == "saved/another.json")
        assert "another" in walker.row
        await walker.press("u")
        await walker.on("Confirm")
        await walker.press("enter")
        await walker.told("Taken back")
        assert not (walker.saved / "another.json").exists()


async def test_a_rename_moves_the_file_and_the_cursor_goes_with_it(open_app: Open) -> None:
    async with open_app(size=(80, 24)) as walker:
        file = walker.saved / "mimo-1.json"
        first = file.read_bytes()
        await walker.open("mimo-1", "r", "AskText")
        await answer(walker, "zebra")
        await walker.on("Confirm")
        await walker.until("Rename mimo-1.json to zebra.json?")
        await walker.until("assistant")  # an agent that names the old file
        await walker.press("enter")
        await walker.told("Saved")
        assert not file.exists()
        assert (walker.saved / "zebra.json").read_bytes() == first.replace(
            b'"name": "mimo-1"', b'"name": "zebra"'
        )
        await walker.until(lambda: walker.file == "saved/zebra.json")
        await walker.press("u")
        await walker.on("Confirm")
        await walker.press("enter")
        await walker.told("Taken back")
        assert file.read_bytes() == first
        assert not (walker.saved / "zebra.json").exists()
        await walker.until(lambda: walker.file == "saved/mimo-1.json")


@pytest.mark.parametrize("key", ["c", "r"])
@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "needs a name"),
        ("a/b", "cannot be the name"),
        ("..", "cannot be the name"),
        ("x" * 201, "is the most"),
    ],
)
async def test_a_name_that_cannot_be_is_said_at_once(
    open_app: Open, key: str, name: str, sentence: str
) -> None:
    async with open_app(size=(80, 24)) as walker:
        await walker.open("mimo-1", key, "AskText")
        await answer(walker, name)
        await walker.until(lambda: sentence in " ".join(walker.text.replace("│", " ").split()))
        assert walker.screen == "AskText"
        await walker.press("escape")
        await walker.on("PresetsScreen")


async def test_a_name_that_is_taken_is_refused_and_nothing_is_lost(open_app: Open) -> None:
    async with open_app() as walker:
        first = (walker.saved / "mimo-pro.json").read_bytes()
        await walker.open("mimo-1", "r", "AskText")
        await answer(walker, "mimo-pro")
        await walker.told("Not possible", "mimo-pro.json is there already")
        assert (walker.saved / "mimo-pro.json").read_bytes() == first


async def test_delete_shows_what_goes_and_undo_brings_it_back(open_app: Open) -> None:
    async with open_app(size=(80, 24)) as walker:
        file = walker.saved / "mimo-1.json"
        first, mode = file.read_bytes(), file.stat().st_mode
        await walker.open("mimo-1", "d", "Confirm")
        await walker.until("Delete mimo-1.json?")
        await walker.until('-   "name": "mimo-1"')
        await walker.press("n")
        await walker.on("PresetsScreen")
        assert file.exists()
        await walker.press("d")
        await walker.on("Confirm")
        await walker.press("y")
        await walker.told("Deleted | Delete mimo-1. u takes it back.")
        assert not file.exists()
        await walker.press("u")
        await walker.on("Confirm")
        await walker.press("enter")
        await walker.told("Taken back | Delete mimo-1.")
        assert (file.read_bytes(), file.stat().st_mode) == (first, mode)
        await walker.until(lambda: walker.file == "saved/mimo-1.json")


@pytest.mark.parametrize("file", ["saved/latin1.json", "saved/link.json"])
async def test_a_broken_file_and_a_link_can_be_deleted_and_come_back(open_app: Open, file: str) -> None:
    async with open_app() as walker:
        path = walker.saved.parent / file
        first, linked = path.read_bytes(), path.is_symlink()
        await walker.open(file, "d", "Confirm")
        await walker.press("enter")
        await walker.told("Deleted")
        assert not path.is_symlink()
        assert not path.exists()
        await walker.press("u")
        await walker.on("Confirm")
        await walker.press("enter")
        await walker.told("Taken back")
        assert (path.read_bytes(), path.is_symlink()) == (first, linked)


async def test_a_template_is_neither_renamed_nor_deleted(open_app: Open) -> None:
    async with open_app() as walker:
        await walker.find("templates/mimo.json")
        await walker.until(lambda: "Rename" not in walker.lines[-1] and "Delete" not in walker.lines[-1])
        await walker.press("r", "d")
        assert walker.screen == "PresetsScreen"


async def test_a_fix_is_chosen_looked_at_and_saved(open_app: Open) -> None:
    async with open_app(size=(80, 24)) as walker:
        file = walker.saved / "evil-name.json"
        first = file.read_bytes()
        await walker.open("evil-name", "f", "Choose")
        await walker.until("name it evil-name, as the file")
        await walker.press("enter")
        await walker.on("Confirm")
        await walker.until("✓ mended: the name ../evil would leave")
        await walker.press("enter")
        await walker.told("Saved")
        assert file.read_bytes() == first.replace(b"../evil", b"evil-name")
        await walker.until(lambda: walker.file == "saved/evil-name.json")


async def test_a_preset_with_an_unusable_name_can_be_cloned(open_app: Open) -> None:
    async with open_app() as walker:
        await walker.open("evil-name", "c", "AskText")
        await walker.until("evil-name-1")
