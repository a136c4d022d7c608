"""Doctor: see everything that is wrong, ask first, mend it, go to it, and hand the rest over as a report."""

from dataclasses import replace
from pathlib import Path

import pytest

from mimo_tui.services import Services
from mimo_tui.simulator.platform import Platform
from mimo_tui.simulator.site.contents import shipped
from mimo_tui.simulator.site.planted import CONTRADICTIONS
from mimo_tui.tui.widgets.complaint_table import ComplaintTable
from mimo_tui.wire.http import Client, Network
from tests.conftest import NOW
from tests.journeys.conftest import Open
from tests.journeys.stages import doctor, doctor_checked, report_name
from tests.journeys.walker import Walker, opened

SINGAPORE = "token-plan-sgp.xiaomimimo.com"


async def find(walker: Walker, words: str) -> None:
    """Find a complaint by words of its row, its code at the end; the list has the focus then, filtered."""
    await walker.press("slash")
    await walker.paste(words)
    await walker.press("enter")
    await walker.until(lambda: isinstance(walker.app.focused, ComplaintTable))
    code = words.rsplit(maxsplit=1)[-1]
    await walker.until(lambda: any(line.split()[-2:] == ["code", code] for line in beside(walker)))


def beside(walker: Walker) -> list[str]:
    """The lines of the text beside or below the list."""
    return [f"x {line.rpartition('▊')[2]}".rstrip("▁▂▃▄▅▆▇█ ") for line in walker.lines]


def without_library(services: Services, tmp_path: Path) -> Services:
    from mimo_tui.services import make_services

    return replace(make_services(tmp_path / "nobody"), now=lambda: NOW, connect=services.connect)


async def test_everything_that_is_wrong_is_in_one_list_with_what_mends_it(open_app: Open) -> None:
    async with open_app(size=(80, 24)) as walker:
        await doctor(walker)
        assert "56 errors, 21 warnings, 12 remarks" in walker.text
        assert "c asks the docs and the hosts first" in walker.text
        assert "SIMULATED" in walker.lines[0]
        await find(walker, "saved/mimo-1 model-retired")
        for line in (
            "✗ the model mimo-v2.5-pro was retired on 2026-10-21",
            "→ use its successor mimo-v2.6-pro",
            "mimo-tui switch saved/mimo-1 mimo-v2.6-pro",
            "because  Deprecations, https://mimo.mi.com/docs/en-US/updates/deprecate",
        ):
            await walker.until(line)
        await walker.press("escape", "end")
        await walker.until("What this rests on")
        await walker.until("· Lingtai's files as they are now: 41 presets")
        await walker.press("up")
        await walker.until("? It could not be checked: No host has told yet")


async def test_a_complaint_is_mended_by_a_diff_and_taken_back(open_app: Open) -> None:
    async with open_app(size=(100, 30)) as walker:
        file = walker.saved / "mimo-pro.json"
        first = file.read_bytes()
        await doctor(walker)
        await find(walker, "saved/mimo-pro model-retired")
        await walker.press("f")
        await walker.on("Choose")
        assert "use its successor mimo-v2.6-pro" in walker.text
        await walker.press("enter")
        await walker.on("Confirm")
        await walker.press("enter")
        await walker.told("Saved")
        await walker.on("DoctorScreen")
        await walker.until("Nothing matches “saved/mimo-pro model-retired”")
        assert b"mimo-v2.6-pro" in file.read_bytes()
        await walker.press("escape")
        await walker.until("54 errors")
        await walker.press("u")
        await walker.on("Confirm")
        await walker.press("enter")
        await walker.told("Taken back")
        assert file.read_bytes() == first
        await walker.until("56 errors")


async def test_enter_goes_to_the_preset_or_the_slot_that_is_complained_of(open_app: Open) -> None:
    async with open_app(size=(100, 30)) as walker:
        await doctor(walker)
        await find(walker, "saved/skew tier-type")
        await walker.press("enter")
        await walker.on("PresetsScreen")
        await walker.until(lambda: walker.file == "saved/skew.json")
        await walker.press("4")
        await walker.on("DoctorScreen")
        await walker.press("escape")
        await find(walker, "ZHIPU_INTL_1_API_KEY key-read-differently")
        await walker.press("enter")
        await walker.on("KeysScreen")
        await walker.until(lambda: walker.slot == "ZHIPU_INTL_1_API_KEY")


async def test_what_is_alike_can_be_one_row_and_enter_opens_it(open_app: Open) -> None:
    async with open_app(size=(120, 30)) as walker:
        await doctor(walker)
        await walker.press("g")
        await walker.until("19 times")
        await walker.press("slash")
        await walker.paste("model-retired")
        await walker.press("enter")
        await walker.until(lambda: "times" in walker.row)
        await walker.press("enter")
        await walker.until(lambda: "times" not in walker.row)
        await walker.press("escape")
        await walker.until("the name ../evil")


async def test_a_check_finds_what_only_the_docs_and_the_hosts_know(
    open_app: Open, platform: Platform
) -> None:
    platform.site = CONTRADICTIONS["price"].change(shipped())
    async with open_app(size=(120, 40)) as walker:
        await doctor(walker)
        await doctor_checked(walker)
        await find(walker, "key-misplaced")
        await walker.until("✗ saved/mimo-1.json calls sgp, and its key")
        await walker.press("f")
        await walker.on("Confirm")
        await walker.press("enter")
        await walker.told("Saved")
        await walker.until("Nothing matches “key-misplaced”")
        assert SINGAPORE.encode() not in (walker.saved / "mimo-1.json").read_bytes()
        await walker.press("escape")
        await find(walker, "price-or-limit-mismatch")
        await walker.until("expected")
        for part in ("SIMULATED", "seen ", "│ ", "page     https://mimo.mi.com/docs/", "since    2026-11-23"):
            await walker.until(part)
        await walker.press("enter")
        await walker.on("DocsScreen")
        await walker.until(lambda: "Pay as you go" in walker.lines[2])
        await walker.until(
            lambda: any(line.split("│")[-2:-1] == [" 4                  "] for line in walker.lines)
        )
        await walker.until(lambda: "esc Back" in walker.lines[-1])
        await walker.press("escape")
        await walker.on("DoctorScreen")
        await walker.until(": 1 warning · check: ")
        await walker.press("3")
        await walker.on("DocsScreen")
        await walker.press("tab", "escape")
        assert walker.screen == "DocsScreen"  # one came by oneself


async def test_where_nothing_is_to_be_opened_the_way_there_is_not_offered(
    open_app: Open, platform: Platform
) -> None:
    platform.site = CONTRADICTIONS["page-gone"].change(CONTRADICTIONS["index-moved"].change(shipped()))
    async with open_app(size=(120, 30)) as walker:
        await doctor(walker)
        await walker.until("⏎ Go there")
        await doctor_checked(walker)
        for words in ("index index-gone-or-moved", "rate limit docs-changed"):
            await find(walker, words)
            await walker.until(lambda: "Go there" not in walker.lines[-1])
            await walker.press("enter")
            assert walker.screen == "DoctorScreen"
            await walker.press("escape")
        await walker.press("end")
        await walker.until("What this rests on")
        await walker.until(lambda: "Go there" not in walker.lines[-1])


async def test_the_counts_are_those_of_what_the_filter_leaves(open_app: Open) -> None:
    async with open_app(size=(120, 30)) as walker:
        await doctor(walker)
        await find(walker, "tier-type")
        await walker.until("1 of 89: 1 error ·")
        await walker.press("slash")
        await walker.paste("nothing of the kind")
        await walker.until("0 of 89 ·")
        await walker.press("escape")
        await walker.until("56 errors, 21 warnings, 12 remarks ·")


async def test_what_a_check_found_and_could_not_ask_is_told(open_app: Open, platform: Platform) -> None:
    async with open_app(size=(120, 30)) as walker:
        await doctor(walker)
        await doctor_checked(walker)
        await walker.until("check: 2 new, 89 same · 1 not checked")
        await walker.told("Not all could be checked", "MIMO_01_API_KEY")
        platform.put_fault("reset", always=True)
        await walker.press("c")
        await walker.told("Nothing could be checked", "the index of the docs: https://mimo.mi.com/llms.txt")
        await walker.until("0 new, 91 same ·")
        await walker.press("slash")
        await walker.paste("llms.txt")
        await walker.until("platform.xiaomimimo.com/llms.txt gave")


async def test_escape_stops_a_check_and_what_was_known_stays(open_app: Open, platform: Platform) -> None:
    platform.put_fault("hang", host=SINGAPORE, always=True)
    async with open_app(size=(80, 24)) as walker:
        await doctor(walker)
        await walker.press("c")
        await walker.until("Asking cn, sgp, ams about MIMO_1_API_KEY")
        await walker.press("down")  # nothing is frozen
        await walker.press("escape")
        await walker.until("56 errors")
        assert not (walker.home / ".local/state/mimo-tui/checks.json").exists()


async def test_offline_a_check_says_that_nothing_was_sent(demo: Services) -> None:
    client = Client(demo.knowledge.trusted, Network(offline=True), now=lambda: NOW)
    async with opened(replace(demo, connect=lambda: client), (80, 24), offline=True) as walker:
        await doctor(walker)
        assert "Check now" not in walker.lines[-1]
        assert "offline, so nobody is asked" in walker.text
        await walker.press("c")
        await walker.told("Not checked", "offline")
        await walker.until("56 errors")


async def test_the_report_is_written_where_one_says_and_never_over_another_file(
    open_app: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # a demonstration, whose home goes with it, proposes the folder one is in
    async with open_app(size=(80, 24)) as walker:
        await report_name(walker)
        await walker.press("enter")
        file = tmp_path / "mimo-tui-report-2026-11-23.md"
        await walker.told("The report is written", "sent nowhere")
        text = file.read_text()
        assert text.startswith("[Issue Report] SIMULATED: ")
        await walker.on("DoctorScreen")
        await walker.press("w")
        await walker.on("AskText")
        await walker.press("enter")
        await walker.on("Choose")
        assert "is there already" in walker.text
        await walker.press("escape")
        await walker.on("DoctorScreen")
        assert file.read_text() == text
        await walker.press("w")
        await walker.on("AskText")
        await walker.paste("~/nowhere/report.md")
        await walker.press("enter")
        await walker.told("Not written", "There is no folder")


async def test_the_report_of_one_complaint_is_copied(open_app: Open) -> None:
    async with open_app(size=(100, 30)) as walker:
        await doctor(walker)
        await find(walker, "saved/mimo-1 model-retired")
        await walker.press("y")
        await walker.told("Copied")
        assert walker.app.clipboard.startswith("[Issue Report] SIMULATED: saved/mimo-1.json: ")
        assert str(walker.home) not in walker.app.clipboard


async def test_where_nothing_is_wrong_it_says_so_and_on_what_that_rests(
    demo: Services, tmp_path: Path
) -> None:
    nobody = without_library(demo, tmp_path)
    async with opened(nobody, (80, 24), listed="No presets in") as walker:
        await walker.press("4")
        await walker.on("DoctorScreen")
        await walker.until("Nothing wrong was found; not all of it could be checked: the index of the")
        assert "0 presets" in walker.text
        assert "The docs were never fetched" in walker.text
        assert not (tmp_path / "nobody").exists()
