"""Does a preset work? Four lamps, with what was asked and answered."""

import asyncio
from dataclasses import replace

import pytest

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


@pytest.mark.parametrize(
    ("name", "sentences"),
    [
        (
            "saved/mimo-go",
            ("its slot OPENCODE_GO_API_KEY is empty", "k goes to its slot, where s sets a key"),
        ),
        ("saved/no-slot.json", ("it names no slot", "enter edits it: give it a key slot")),
        ("templates/gemini", ("names no host to ask", "enter edits it: give it a base URL")),
    ],
)
async def test_what_cannot_be_tested_says_why_and_which_keys_lead_further(
    open_app: Open, name: str, sentences: tuple[str, ...], platform: Platform
) -> None:
    async with open_app(size=(80, 24)) as walker:
        await walker.open(name, "t", "PresetTest")
        for sentence in sentences:
            await walker.until(sentence)
        assert "Test of" in walker.text
        assert walker.text.count("SIMULATED") == 2  # in the bar, and by the name
        assert walker.text.count("not tested") == 4
        assert "…" not in walker.text
        assert "mimo-tui keys" not in walker.text
        assert "Send" not in walker.lines[-1]
        assert platform.log == ()


async def test_an_empty_slot_is_one_key_away(open_app: Open) -> None:
    async with open_app(size=(80, 24)) as walker:
        await walker.open("saved/mimo-go", "t", "PresetTest")
        await walker.press("k")
        await walker.on("KeysScreen")
        await walker.until(lambda: walker.slot == "OPENCODE_GO_API_KEY")
        await walker.press("s")
        await walker.on("AskKey")


async def test_offline_the_bar_says_so_and_a_test_says_one_sentence(demo: Services) -> None:
    offline = replace(demo, connect=lambda: Client(demo.catalogue, Network(offline=True)))
    async with opened(offline, (80, 24), offline=True) as walker:
        assert walker.lines[0].endswith("OFFLINE · SIMULATED")
        await walker.open(GOOD, "t", "PresetTest")
        await walker.until("Nothing was sent: the program is offline. Start it without --offline")
        assert "OFFLINE · SIMULATED" in walker.lines[0]
        assert walker.text.count("not tested") == 4
        assert "Send" not in walker.lines[-1]
        assert "GET" not in walker.text
        await walker.press("escape")
        await walker.on("PresetsScreen")
        await walker.press("2")
        await walker.on("KeysScreen")
        assert walker.lines[0].endswith("OFFLINE · SIMULATED")


async def test_offline_is_said_of_ones_own_library_too(demo: Services) -> None:
    async with opened(replace(demo, simulated=False), (80, 24), offline=True) as walker:
        assert walker.lines[0].endswith("OFFLINE")
        assert "SIMULATED" not in walker.text


async def test_a_key_of_mimo_goes_to_another_host_only_when_one_says_so(
    demo: Services, platform: Platform
) -> None:
    asked: list[bool] = []

    def connect() -> Client:
        asked.append(True)
        return Client(demo.catalogue, Network(offline=True))

    file = demo.places.saved / "mimo-pro.json"
    file.write_bytes(file.read_bytes().replace(b"api.xiaomimimo.com", b"models.example"))
    async with opened(replace(demo, connect=connect), (80, 24)) as walker:
        await walker.open(GOOD, "t", "PresetTest")
        await walker.until("names models.example, which is no host of MiMo's")
        await walker.until("models.example is no host of Xiaomi MiMo that the catalogue knows")
        await walker.until(lambda: "y Send it there" in walker.lines[-1])
        assert "Send a request" not in walker.lines[-1]
        await walker.press("enter", "r")
        assert walker.text.count("not tested") == 4
        assert not asked
        await walker.press("y")
        await walker.until("Nothing was sent: the program is offline.")
        assert asked
        assert platform.log == ()
