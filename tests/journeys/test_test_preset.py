"""Does a preset work? Four lamps, with what was asked and answered."""

import asyncio
from dataclasses import replace

from mimo_tui.services import Services
from mimo_tui.simulator.platform import Platform
from mimo_tui.wire.http import Client, Network
from tests.journeys.conftest import Open
from tests.journeys.walker import opened

GOOD = "saved/mimo-pro"


async def test_the_lamps_say_what_works_and_a_request_is_sent_only_when_asked_for(
    demo: Services, platform: Platform
) -> None:
    file = demo.places.saved / "mimo-pro.json"
    file.write_bytes(file.read_bytes().replace(b"mimo-v2.5-pro", b"mimo-v2.6-pro"))
    async with opened(demo, (80, 24)) as walker:
        await walker.open(GOOD, "t", "PresetTest")
        await walker.until("SIMULATED")
        await walker.until("✓ model listed")
        await walker.until("· request works  not asked")
        assert {seen.method for seen in platform.log} == {"GET"}
        await walker.until("GET https://api.xiaomimimo.com/v1/models")
        await walker.press("enter")
        await walker.until("✓ request works")
        assert "POST" in {seen.method for seen in platform.log}
        await walker.press("escape")
        await walker.on("PresetsScreen")


async def test_a_refused_key_says_what_to_do_and_leads_to_its_slot(open_app: Open) -> None:
    async with open_app(size=(80, 24)) as walker:
        await walker.open("mimo-1", "t", "PresetTest")
        await walker.until("✗ key accepted")
        await walker.until("? model listed")
        await walker.until("→ ")
        await walker.press("k")
        await walker.on("KeysScreen")
        await walker.until(lambda: walker.slot == "MIMO_1_API_KEY")


async def test_a_host_that_hangs_is_left_at_once(open_app: Open, platform: Platform) -> None:
    platform.put_fault("hang", always=True)
    async with open_app(size=(80, 24)) as walker:
        await walker.open(GOOD, "t", "PresetTest")
        await walker.until(lambda: platform.log)
        await walker.until("… host answers")
        loop = asyncio.get_running_loop()
        pressed = loop.time()
        await walker.press("escape")
        await walker.on("PresetsScreen")
        await walker.until(lambda: not [each for each in walker.app.workers if each.group == "test"])
        assert loop.time() - pressed < 0.5


async def test_what_cannot_be_tested_says_why(demo: Services) -> None:
    offline = replace(demo, connect=lambda: Client(demo.catalogue, Network(offline=True)))
    async with opened(offline, (80, 24)) as walker:
        await walker.open(GOOD, "t", "PresetTest")
        await walker.until("offline")
        await walker.press("escape")
        await walker.open("saved/no-slot.json", "t", "PresetTest")
        await walker.until("✗")
