"""Another program changes the file between opening and saving: the person chooses, nobody's work is lost."""

from pathlib import Path

import pytest

from tests.journeys.conftest import Open
from tests.journeys.walker import Walker

SUMMARY = b"The strong MiMo on a token plan; images go to MiMo V2.5"


async def edit_both_fields(walker: Walker) -> Path:
    """Type a new summary and a new tier into mimo-1, and give its file."""
    await walker.open("mimo-1", "enter", "EditorScreen")
    await walker.press("tab")
    await walker.paste("Mine")
    await walker.press("tab")
    await walker.paste("5")
    await walker.until("2 changes")
    return walker.saved / "mimo-1.json"


async def save(walker: Walker) -> None:
    await walker.press("ctrl+s")
    await walker.on("Confirm")
    await walker.press("enter")


@pytest.mark.parametrize(
    ("keys", "summary", "tier"),
    [
        ("t enter", b"Theirs", b'"4"'),
        ("m enter", b"Mine", b'"5"'),
        ("enter", b"Theirs", b'"5"'),  # as it is proposed: what only I changed is mine
        ("down space enter", b"Theirs", b'"4"'),
        ("space enter", b"Mine", b'"5"'),
    ],
)
async def test_the_person_chooses_theirs_mine_or_field_by_field(
    open_app: Open, keys: str, summary: bytes, tier: bytes
) -> None:
    async with open_app(size=(120, 40)) as walker:
        file = await edit_both_fields(walker)
        theirs = file.read_bytes().replace(SUMMARY, b"Theirs").replace(b"1000000", b"500000")
        file.write_bytes(theirs)
        await save(walker)
        await walker.on("ConflictDialog")
        for word in (
            "saved/mimo-1.json changed since it was read",
            "description.summary",
            '"Mine"',
            '"Theirs"',
        ):
            await walker.until(word)
        await walker.press(*keys.split())
        await walker.on("PresetsScreen")
        wanted = theirs.replace(b"Theirs", summary).replace(b'"tier": "4"', b'"tier": ' + tier)
        assert file.read_bytes() == wanted


async def test_going_back_keeps_the_draft_and_writes_nothing(open_app: Open) -> None:
    async with open_app(size=(80, 24)) as walker:
        file = await edit_both_fields(walker)
        theirs = file.read_bytes().replace(SUMMARY, b"Theirs")
        file.write_bytes(theirs)
        await save(walker)
        await walker.on("ConflictDialog")
        await walker.press("escape")
        await walker.on("EditorScreen")
        await walker.until("Mine")
        await walker.until("2 changes")
        assert file.read_bytes() == theirs


async def test_a_second_click_turns_a_choice_and_saves_nothing(open_app: Open) -> None:
    async with open_app() as walker:
        file = await edit_both_fields(walker)
        theirs = file.read_bytes().replace(SUMMARY, b"Theirs")
        file.write_bytes(theirs)
        await save(walker)
        await walker.on("ConflictDialog")
        await walker.pilot.click("ChoiceTable", offset=(5, 1))
        await walker.until(lambda: walker.screen == "ConflictDialog" and "theirs  " not in walker.text)
        assert file.read_bytes() == theirs


@pytest.mark.parametrize("what", ["deleted", "broken", "a list"])
async def test_a_file_that_is_gone_or_broken_meanwhile_leaves_the_draft_on_the_screen(
    open_app: Open, what: str
) -> None:
    async with open_app() as walker:
        file = await edit_both_fields(walker)
        match what:
            case "deleted":
                file.unlink()
            case "broken":
                file.write_bytes(b'{"name": ')
            case _:
                file.write_bytes(b"[]")
        await save(walker)
        await walker.on("ConflictDialog")
        if what == "a list":
            await walker.press("m", "enter")
            await walker.told("Not saved", "saved/mimo-1.json")
        else:
            await walker.until("Nothing was written. Your draft is kept")
            await walker.press("enter")
            assert walker.screen == "ConflictDialog"
            await walker.press("escape")
        await walker.on("EditorScreen")
        await walker.until("Mine")
        assert not file.exists() or file.read_bytes() in (b'{"name": ', b"[]")


async def test_a_switch_over_a_changed_file_asks_too_and_the_list_is_read_anew(open_app: Open) -> None:
    async with open_app() as walker:
        file = walker.saved / "mimo-1.json"
        await walker.open("mimo-1", "m", "SwitchModel")
        theirs = file.read_bytes().replace(SUMMARY, b"Theirs")
        file.write_bytes(theirs)
        await walker.press("enter")
        await walker.on("ConflictDialog")
        await walker.press("escape")
        await walker.on("PresetsScreen")
        await walker.until("Theirs")
        assert file.read_bytes() == theirs


async def test_an_undo_over_a_changed_file_takes_nothing_back(open_app: Open) -> None:
    async with open_app() as walker:
        file = await edit_both_fields(walker)
        await save(walker)
        await walker.on("PresetsScreen")
        theirs = file.read_bytes().replace(b"Mine", b"Theirs")
        file.write_bytes(theirs)
        await walker.press("u")
        await walker.told("Not done", "mimo-1.json")
        assert file.read_bytes() == theirs
