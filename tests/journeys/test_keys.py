"""Keys: learn which cluster a key belongs to, mend what does not fit, add and change keys, look at one for a moment."""

import asyncio
import os
import shutil
import stat
from dataclasses import replace

from textual.widgets._footer import FooterKey

from mimo_tui.services import Services
from mimo_tui.simulator.platform import Platform
from mimo_tui.tui.screens.help import keys as help_keys
from mimo_tui.tui.widgets.json_pane import JsonPane
from mimo_tui.tui.widgets.key_detail import KeyDetail
from mimo_tui.tui.widgets.key_table import KeyTable
from mimo_tui.wire.http import Client, Network
from tests.journeys.conftest import Open
from tests.journeys.stages import KEY, checked, keys, save_key
from tests.journeys.walker import Walker, opened

SINGAPORE, CHINA = "token-plan-sgp.xiaomimimo.com", "token-plan-cn.xiaomimimo.com"
REVEALED = "tp-fake0002"
"""The key of the slot on which the journeys stand."""


def env(walker: Walker) -> str:
    return (walker.home / ".lingtai-tui" / ".env").read_text()


async def test_a_tp_key_on_the_wrong_cluster_is_found_explained_and_fixed_in_the_preset(
    open_app: Open,
) -> None:
    async with open_app(size=(80, 24)) as walker:
        file = walker.saved / "mimo-1.json"
        first = file.read_bytes()
        await walker.find("mimo-1")
        await walker.press("k")
        await walker.on("KeysScreen")
        await walker.until(lambda: walker.slot == "MIMO_1_API_KEY")
        await walker.until("Not checked yet.")
        await walker.press("c")
        # Verdict, hosts and remedy without scrolling.
        await walker.until("✓ belongs to Token Plan · cn")
        await walker.until("✗ saved/mimo-1.json calls sgp, and its key belongs to cn. f mends it.")
        for line in (
            "✓ cn takes the key",
            "✗ sgp refuses the key",
            "✗ ams refuses the key",
            "→ Its base URL is",
        ):
            assert line in walker.text
        await walker.until("✗ 1 preset")

        await walker.press("f")
        await walker.on("Confirm")
        await walker.until(f"https://{CHINA}/v1")
        assert f"https://{SINGAPORE}/v1" in walker.text
        await walker.press("enter")
        await walker.told("Saved")
        assert file.read_bytes() == first.replace(SINGAPORE.encode(), CHINA.encode()) != first
        await walker.on("KeysScreen")
        await walker.until(lambda: "f mends it" not in walker.text and "✗ 1 preset" not in walker.text)
        assert "✓ belongs to Token Plan · cn" in walker.text

        await walker.press("u")
        await walker.on("Confirm")
        await walker.press("enter")
        await walker.told("Taken back")
        assert file.read_bytes() == first
        await walker.until("✗ 1 preset")  # and not what the toast covers


async def test_enter_in_the_list_of_keys_sends_nothing_and_goes_to_the_text_beside_it(
    open_app: Open, platform: Platform
) -> None:
    """As one who answered a dialog presses it once too often."""
    async with open_app(size=(80, 24)) as walker:
        await keys(walker)
        await walker.press("enter", "enter", "enter")
        await walker.until(lambda: isinstance(walker.app.focused, KeyDetail))
        assert platform.log == ()
        await walker.press("escape")
        await walker.until(lambda: isinstance(walker.app.focused, KeyTable))
        await walker.press("c")
        await walker.until("✓ belongs to Token Plan · cn")


async def test_while_a_check_runs_the_footer_and_the_row_say_so_and_then_escape_clears_the_filter(
    open_app: Open, platform: Platform
) -> None:
    platform.put_fault("hang", host=SINGAPORE, always=True)
    async with open_app(size=(80, 24)) as walker:
        await keys(walker)
        assert "Stop" not in walker.lines[-1]
        await walker.press("slash")
        await walker.paste("mimo_1")
        await walker.press("enter")
        await walker.until(lambda: isinstance(walker.app.focused, KeyTable))
        await walker.press("c")
        await walker.until("✓ cn takes the key")
        await walker.until(lambda: "asking …" in walker.row)
        await walker.until(lambda: "esc Stop" in walker.lines[-1])
        assert not says_in_help(walker, "Clear filter")
        await walker.press("escape")
        await walker.until("The check was stopped")
        await walker.until(lambda: "not checked" in walker.row and "Stop" not in walker.lines[-1])
        assert len(walker.rows) == 1
        assert "XIAOMI_API_KEY" not in walker.text  # the filter is still there
        assert says_in_help(walker, "Clear filter")
        await walker.press("escape")
        await walker.until("XIAOMI_API_KEY")


def says_in_help(walker: Walker, title: str) -> bool:
    return any(key.title == title for key in help_keys(walker.app.screen))


async def test_hosts_show_their_answers_as_they_come_and_escape_stops_at_once(
    open_app: Open, platform: Platform
) -> None:
    platform.put_fault("hang", host=SINGAPORE, always=True)
    async with open_app(size=(80, 24)) as walker:
        await keys(walker)
        await walker.press("c")
        await walker.until("✓ cn takes the key")
        await walker.until("✗ ams refuses the key")
        assert "… sgp  no answer yet" in walker.text
        await walker.press("up")  # nothing is frozen
        await walker.until(lambda: walker.slot != "MIMO_1_API_KEY")
        await walker.press("down")
        await walker.until("… sgp  no answer yet")
        loop = asyncio.get_running_loop()
        pressed = loop.time()
        await walker.press("escape")
        await walker.until("The check was stopped")
        assert loop.time() - pressed < 0.5
        assert "belongs" not in walker.text
        assert not (walker.home / ".local/state").exists()


async def test_a_check_ends_when_one_goes_to_another_place(open_app: Open, platform: Platform) -> None:
    platform.put_fault("hang", host=SINGAPORE, always=True)
    async with open_app(size=(80, 24)) as walker:
        await keys(walker)
        await walker.press("c")
        await walker.until("✓ cn takes the key")
        await walker.press("question_mark")
        await walker.on("HelpScreen")
        assert checks(walker) == 1  # help does not end it
        await walker.press("escape", "1")
        await walker.on("PresetsScreen")
        await walker.until(lambda: checks(walker) == 0)
        await walker.press("2")
        await walker.until("The check was stopped")


async def test_the_program_can_be_left_while_a_check_hangs(open_app: Open, platform: Platform) -> None:
    platform.put_fault("hang", always=True)
    async with open_app(size=(80, 24)) as walker:
        await keys(walker)
        await walker.press("c")
        await walker.until("… sgp  no answer yet")
        await walker.press("ctrl+q")
        await walker.until(lambda: walker.app._exit)
    assert walker.app.return_code == 0


def checks(walker: Walker) -> int:
    """Give how many checks are under way."""
    return sum(worker.group == "check" and not worker.is_finished for worker in walker.app.workers)


async def test_a_host_that_does_not_answer_leaves_the_verdict_open(
    open_app: Open, platform: Platform
) -> None:
    platform.put_fault("status=503", host=SINGAPORE, always=True)
    async with open_app(size=(100, 40)) as walker:
        await keys(walker)
        await walker.press("c")
        await walker.until("Evidence")
        await walker.until("? sgp answered 503")
        assert "belongs" not in walker.text
        await walker.until(lambda: "? uncertain" in walker.row)


async def test_the_verdict_is_still_there_after_a_restart(open_app: Open) -> None:
    async with open_app(size=(80, 24)) as walker:
        await checked(walker)
        await walker.until("✗ 1 preset")
    async with open_app(size=(80, 24)) as walker:
        await keys(walker)
        await walker.until("✓ belongs to Token Plan · cn")
        await walker.until("c checks again, with evidence")
        await walker.press("f")
        await walker.on("Confirm")


async def test_a_key_of_another_provider_is_sent_nowhere_before_one_says_so(
    demo: Services, platform: Platform
) -> None:
    env_file = demo.places.env_file
    env_file.write_text(env_file.read_text().replace("=abc # work", "=abc0123456789"))
    async with opened(demo, (100, 30)) as walker:
        await walker.find_slot("ZHIPU_INTL_1_API_KEY")
        await walker.press("c")
        await walker.on("Choose")
        await walker.until(lambda: "of ZHIPU_INTL_1_API_KEY to which hosts?" in " ".join(walker.text.split()))
        await walker.until(SINGAPORE)
        await walker.press("escape")
        await walker.on("KeysScreen")
        assert platform.log == ()
        await walker.press("c")
        await walker.on("Choose")
        await walker.press("enter")
        await walker.until("Evidence")
        assert platform.log


async def test_offline_a_check_says_so(demo: Services) -> None:
    offline = replace(demo, connect=lambda: Client(demo.catalogue, Network(offline=True)))
    async with opened(offline, (80, 24)) as walker:
        await keys(walker)
        await walker.press("c")
        await walker.until("offline")
        assert "belongs" not in walker.text


async def test_the_first_key_is_added_hidden_and_can_be_taken_back(demo: Services) -> None:
    demo.places.env_file.unlink()
    async with opened(demo, (80, 24)) as walker:
        await keys(walker)
        await walker.press("a")
        await walker.on("AskKey")
        await walker.paste(KEY)
        await walker.until(f"{len(KEY)} characters · Token Plan (tp-…)")
        assert KEY not in walker.text
        await walker.press("enter")
        await walker.on("Confirm")
        await walker.until("Put the key into")
        assert KEY not in walker.text
        assert not demo.places.env_file.exists()
        await walker.press("enter")
        await walker.told("Saved", "c checks it, u takes it back")
        await walker.until(
            lambda: walker.slot.startswith("MIMO_") and f"{walker.slot}={KEY}\n" == env(walker)
        )
        if os.name == "posix":
            assert stat.S_IMODE(demo.places.env_file.stat().st_mode) == 0o600
        assert KEY not in walker.toasts
        await walker.press("c")
        await walker.until("✓ belongs to Token Plan · sgp")
        await walker.press("u")
        await walker.on("Confirm")
        assert KEY not in walker.text
        await walker.press("enter")
        await walker.told("Taken back")
        assert not demo.places.env_file.exists()


async def test_a_new_key_for_a_slot_changes_its_line_only_and_its_verdict_is_gone(open_app: Open) -> None:
    async with open_app(size=(100, 30)) as walker:
        await walker.find_slot("XIAOMI_API_KEY")
        await walker.press("c")
        await walker.until("✓ belongs to")
        before = env(walker)
        await walker.press("s")
        await walker.on("AskKey")
        await walker.paste(f"  XIAOMI_API_KEY={KEY} ")
        await walker.press("enter")
        await walker.on("Confirm")
        await walker.press("enter")
        await walker.told("Saved")
        assert env(walker) == before.replace("sk-fake0001", KEY)
        await walker.until(lambda: walker.slot == "XIAOMI_API_KEY" and "Not checked yet." in walker.text)


async def test_a_key_that_cannot_be_written_is_refused_in_the_dialog_and_is_not_repeated(
    open_app: Open,
) -> None:
    async with open_app(size=(80, 24)) as walker:
        before = env(walker)
        await walker.find_slot("MIMO_API_KEY")
        await walker.press("s")
        await walker.on("AskKey")
        await walker.press("enter")
        await walker.until("✗")
        await walker.paste("tp-two words-0123456789")
        await walker.press("enter")
        await walker.until("✗")
        assert "words" not in walker.text
        assert walker.screen == "AskKey"
        await walker.press("escape")
        await walker.on("KeysScreen")
        assert env(walker) == before


async def test_looking_at_the_diff_and_going_back_writes_no_key(open_app: Open) -> None:
    async with open_app(size=(80, 24)) as walker:
        before = env(walker)
        await save_key(walker)
        await walker.press("escape")
        await walker.on("KeysScreen")
        assert env(walker) == before


async def test_a_typed_key_is_not_lost_when_another_program_changes_the_file_meanwhile(
    demo: Services,
) -> None:
    file = demo.places.env_file
    async with opened(demo, (80, 24)) as walker:
        await save_key(walker)
        await walker.until("+ MIMO_API_KEY=")
        for name in ("OTHER", "ANOTHER"):
            assert "another program" not in walker.text or name == "ANOTHER"
            before = walker.app.screen
            file.write_bytes(file.read_bytes() + f"{name}=1\n".encode())
            await walker.press("enter")
            await walker.until(lambda: walker.screen == "Confirm" and walker.app.screen is not before)  # noqa: B023
            await walker.until(".env was changed by another program meanwhile")
            await walker.until("+ MIMO_API_KEY=")
            assert KEY not in walker.text + walker.toasts
            assert KEY not in file.read_text()
        await walker.press("enter")
        await walker.told("Saved")
        assert file.read_text().endswith(f"OTHER=1\nANOTHER=1\nMIMO_API_KEY={KEY}\n")
        assert KEY not in walker.text + walker.toasts


async def test_good_news_does_not_cover_the_verdict_for_long(open_app: Open) -> None:
    async with open_app(size=(80, 24)) as walker:
        await save_key(walker)
        await walker.press("enter")
        await walker.told("Saved")
        assert [toast.timeout <= 3 for toast in walker.app._notifications] == [True]


async def test_a_slot_with_an_empty_line_says_where_that_is(open_app: Open) -> None:
    async with open_app(size=(80, 24)) as walker:
        await walker.find_slot("KIMI_1_API_KEY")
        await walker.until("set in    .env line 10, empty")


async def test_a_revealed_key_says_how_long_it_stays(open_app: Open) -> None:
    async with open_app(size=(80, 24)) as walker:
        await keys(walker)
        await walker.press("v")
        await walker.until("hides itself after 10 s")


async def test_a_key_goes_to_the_clipboard_and_nothing_says_it(open_app: Open) -> None:
    async with open_app(size=(80, 24)) as walker:
        await keys(walker)
        await walker.press("y")
        await walker.told("MIMO_1_API_KEY was handed to the terminal's clipboard. A terminal may keep it.")
        assert walker.app.clipboard == REVEALED
        assert REVEALED not in walker.toasts + walker.text


async def test_each_place_stays_as_it_was_left(open_app: Open) -> None:
    async with open_app(size=(100, 30)) as walker:
        await walker.find("saved/mimo-go")
        await walker.press("2")
        await walker.on("KeysScreen")
        await walker.press("slash")
        await walker.paste("gemini")
        await walker.press("enter")
        await walker.until(lambda: walker.slot == "GEMINI_API_KEY")
        await walker.pilot.click("#place-presets")
        await walker.on("PresetsScreen")
        await walker.until(lambda: walker.file == "saved/mimo-go.json")
        await walker.pilot.click("#place-keys")
        await walker.on("KeysScreen")
        await walker.until(lambda: walker.slot == "GEMINI_API_KEY")
        assert len(walker.rows) == 1


async def test_no_place_is_left_from_a_form_or_a_dialog(open_app: Open) -> None:
    async with open_app(size=(100, 30)) as walker:
        await walker.open("mimo-1", "enter", "EditorScreen")
        await walker.press("f2", "tab")
        walker.app.set_focus(walker.app.screen.query_one(JsonPane))
        await walker.press("2")
        await walker.pilot.click("#place-keys")
        assert walker.screen == "EditorScreen"
        await walker.press("escape")
        await walker.open("mimo-1", "d", "Confirm")
        await walker.press("2")
        assert walker.screen == "Confirm"
        await walker.press("escape")
        await walker.press("slash", "2")
        assert walker.screen == "PresetsScreen"


async def test_a_slot_that_the_filter_hides_is_shown_when_one_asks_for_it(open_app: Open) -> None:
    async with open_app(size=(100, 30)) as walker:
        await keys(walker)
        await walker.press("slash")
        await walker.paste("gemini")
        await walker.press("enter", "1")
        await walker.on("PresetsScreen")
        await walker.find("mimo-1")
        await walker.press("k")
        await walker.on("KeysScreen")
        await walker.until(lambda: walker.slot == "MIMO_1_API_KEY")


def _titles(walker: Walker) -> set[str]:
    return {key.description for key in walker.app.screen.query(FooterKey) if key.display}


async def test_without_any_slot_one_learns_how_to_add_a_key(demo: Services) -> None:
    shutil.rmtree(demo.places.lingtai)
    async with opened(demo, (80, 24), listed="No presets in") as walker:
        await walker.press("2")
        await walker.until("a adds a key.")
        await walker.until(lambda: "Add" in _titles(walker))
        titles = _titles(walker)
        assert not {"Check", "Reveal", "Copy", "Set"} & titles


async def test_everything_can_be_read_at_60_by_20(open_app: Open) -> None:
    async with open_app(size=(60, 20)) as walker:
        await checked(walker)
        await walker.until("✓ belongs to Token Plan · cn")
        await walker.until("✗ saved/mimo-1.json calls sgp")
        await walker.press("tab", "end")
        await walker.until("used by")
