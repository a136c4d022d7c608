"""The frame: help, palette, themes, mouse, the word SIMULATED, and the way out."""

import pytest
from textual.widgets._footer import FooterKey

from tests.journeys.conftest import Open
from tests.journeys.stages import STAGES, back, editor, presets, switch
from tests.journeys.walker import Walker


async def test_help_says_what_a_place_is_for_and_which_keys_act_and_goes_again(open_app: Open) -> None:
    async with open_app(size=(80, 24)) as walker:
        for place, words in ((presets, "Every preset that Lingtai could use"), (switch, "every chat model")):
            await place(walker)
            below = walker.screen
            for closing in ("question_mark", "escape", "f1"):
                await walker.press("question_mark")
                await walker.on("HelpScreen")
                await walker.until(words)
                await walker.press(closing)
                await walker.on(below)
        await back(walker)
        await editor(walker)
        await walker.press("f3")
        await walker.until("goes from field to field")
        await walker.until("^s           Save  Look at the diff, then save")
        await walker.press("end")
        await walker.until("Find any action by its name")


async def test_the_palette_finds_every_action_and_it_acts(open_app: Open) -> None:
    async with open_app(size=(80, 24)) as walker:
        for words, screen in (
            ("delete the preset", "Confirm"),
            ("switch the preset", "SwitchModel"),
            ("copy the preset", "AskText"),
            ("edit the preset", "EditorScreen"),
            ("what this is", "HelpScreen"),
            ("earlier changes", "HistoryScreen"),
            ("go to keys", "KeysScreen"),
        ):
            await presets(walker)
            await walker.press("ctrl+p")
            await walker.on("CommandPalette")
            await walker.paste(words)
            await walker.until(lambda: "Clear filter" not in walker.text and "Theme" not in walker.text)
            await walker.until(lambda: words in walker.text.lower())  # noqa: B023 it is awaited here
            await walker.press("down", "enter")
            await walker.on(screen)
            await back(walker)


async def test_the_palette_in_a_dialog_finds_what_the_dialog_can(open_app: Open) -> None:
    async with open_app(size=(80, 24)) as walker:
        await switch(walker)
        await walker.press("ctrl+p")
        await walker.on("CommandPalette")
        await walker.paste("first fix of every")
        await walker.until("Fix all")
        await walker.press("down", "enter")
        await walker.on("SwitchModel")
        await walker.until("[x]")


@pytest.mark.parametrize("theme", ["textual-light", "ansi-dark", "ansi-light"])
async def test_every_screen_can_be_shown_in_every_theme(open_app: Open, theme: str) -> None:
    async with open_app(size=(80, 24)) as walker:
        for name in ("presets", "switch", "editor-file", "blocked", "fixes", "clone", "history", "help"):
            walker.app.theme = "textual-dark"
            await STAGES[name](walker)
            walker.app.theme = theme
            await walker.pilot.pause()
            assert "SIMULATED" in walker.text
            await back(walker)


async def test_the_mouse_picks_a_row_opens_it_and_presses_the_footers_keys(open_app: Open) -> None:
    async with open_app(size=(80, 24)) as walker:
        await walker.pilot.click("#presets", offset=(6, 4))
        await walker.until(lambda: walker.row == walker.lines[6])
        await walker.pilot.click("#presets", offset=(6, 4))
        await walker.on("EditorScreen")
        await back(walker)
        await walker.pilot.double_click("#presets", offset=(6, 6))
        await walker.on("EditorScreen")
        await click_key(walker, "Back")
        await walker.on("PresetsScreen")
        await click_key(walker, "Model")
        await walker.on("SwitchModel")
        await click_key(walker, "Fix all")
        await walker.until("[x]")
        await click_key(walker, "Back")
        await walker.on("PresetsScreen")
        await click_key(walker, "Help")
        await walker.on("HelpScreen")


async def click_key(walker: Walker, title: str) -> None:
    """Click a key in the footer by its title."""
    await walker.until(lambda: title in walker.lines[-1])
    for _ in range(20):  # it is built anew where the focus goes somewhere else
        await walker.pilot.pause(0)
    key = next(key for key in walker.app.screen.query(FooterKey) if key.description == title)
    await walker.pilot.click(key)


@pytest.mark.parametrize("stage", ["presets", "editor", "switch", "fixes", "help", "palette"])
async def test_the_program_can_be_left_from_anywhere(open_app: Open, stage: str) -> None:
    async with open_app(size=(80, 24)) as walker:
        await STAGES[stage](walker)
        await walker.press("ctrl+q")
        await walker.until(lambda: walker.app._exit)
    assert walker.app.return_code == 0


async def test_the_last_line_cuts_no_word_however_narrow(open_app: Open) -> None:
    async with open_app(size=(80, 24)) as walker:
        for width in (80, 60, 40):
            await walker.pilot.resize_terminal(width, 24)
            for name in ("presets", "editor", "switch"):
                await STAGES[name](walker)
                await walker.until(lambda: "Help" in walker.lines[-1])
                for key in walker.app.screen.query(FooterKey):
                    assert not key.display or key.region.right <= width, f"{name} at {width}\n{walker.text}"
                await back(walker)
