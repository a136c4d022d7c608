"""Journeys at Listen: a recording becomes text, and a take is held against what it was to say."""

import shutil
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest
from textual.widgets import Input

from mimo_tui.core.model import ModelKind
from mimo_tui.core.take import Take
from mimo_tui.services import Services
from mimo_tui.services.speech.events import Spoken
from mimo_tui.services.speech.orders import Speaking
from mimo_tui.services.speech.speaking import speak
from mimo_tui.services.speech.targets import speech_target
from mimo_tui.simulator.platform import Platform
from mimo_tui.sound import loudspeaker
from mimo_tui.store.takes_details import change_details
from mimo_tui.tui.places import LISTEN, Arrived, GoTo
from mimo_tui.tui.screens.takes_place import TakesPlace
from tests.journeys.conftest import Open
from tests.journeys.walker import Walker, opened
from tests.services.conversations import a_preset
from tests.services.speeches import settings
from tests.simulator.speaking import make_wav
from tests.simulator.speaking import speak as spoken
from tests.sound.programs import program, recorded

SAID = "The harbour lights went out. One boat was left."


@pytest.fixture
async def recording(demo: Services) -> Path:
    """A recording of the line, in the home."""
    path = demo.places.home / "harbour line.wav"
    path.write_bytes(await spoken(SAID))
    return path


async def a_take(services: Services, text: str = SAID, meant: str = "") -> Take:
    """Have a line spoken, and give the take; `meant` is what was to be said, where that is another line."""
    view = a_preset(services)
    target = speech_target(services, view, ModelKind.SPEECH)
    order = Speaking(text, target, ModelKind.SPEECH, voice="Mia", preset=view.reference)
    *_, last = [event async for event in speak(services, order)]
    assert isinstance(last, Spoken)
    if meant:
        change_details(services.takes.folder / f"{last.take.id}.json", lambda take: replace(take, text=meant))
    return last.take


async def at_listen(walker: Walker, row: str = "") -> None:
    """Go to Listen, for a take or with a preset."""
    walker.app.screen.post_message(GoTo(LISTEN.id, row))
    await walker.on("ListenScreen")


def place(walker: Walker, shown: str) -> int:
    """Give the last line that shows it, counted from above; 0: none does."""
    return max((number for number, line in enumerate(walker.lines) if shown in line), default=0)


async def with_preset(walker: Walker) -> None:
    """Ask by the preset whose key the platform takes."""
    walker.app.screen.post_message(Arrived("saved/mimo-pro.json"))
    await walker.until("mimo-v2.5-asr")


async def test_a_recording_is_shown_before_anything_is_sent_then_heard_copied_and_saved(
    open_app: Open, demo: Services, recording: Path, platform: Platform
) -> None:
    async with open_app(size=(80, 24)) as walker:
        await walker.press("escape", "7")
        await walker.on("ListenScreen")
        await walker.until("Paste or drop a recording above")
        await walker.paste(str(recording).replace(" ", "\\ "))
        await walker.until("harbour line.wav · WAV · ")
        await walker.until("f3 chooses a preset")
        await walker.press("enter")
        await walker.on("Choose")
        await walker.press("escape", "f3")
        await walker.on("Choose")
        await walker.press(*"mimo-pro")
        await walker.until("mimo-v2.5-asr")
        await walker.press("enter")
        await walker.on("ListenScreen")
        await walker.until("1 request · at least ¥0.00")
        for part in ("24 kHz", "mono", "dB", "KB", "¥0.50 per hour of sound", "▃", "Nothing was sent yet"):
            assert part in walker.text, part
        assert not platform.log
        await walker.press("enter")
        await walker.until(SAID)
        await walker.until("charged")
        await walker.press("enter")  # in the list, where it sends nothing
        await walker.pilot.pause()
        assert [seen.path.rpartition("/v1")[2] for seen in platform.log] == ["/chat/completions"]
        assert "SIMULATED" in walker.lines[0]
        assert "¥" in walker.lines[1]
        await walker.press("y")
        await walker.told("Copied")
        assert walker.app.clipboard == SAID
        await walker.press("o")
        await walker.on("RawExchange")
        await walker.until("input_audio")
        await walker.press("escape")
        await walker.on("ListenScreen")
        await walker.press("s")
        await walker.on("AskText")
        await walker.until("./harbour line.txt")
        walker.app.screen.query_one(Input).value = "~/heard.txt"
        await walker.press("enter")
        await walker.told("Written")
        assert (demo.places.home / "heard.txt").read_text() == f"{SAID}\n"


@pytest.mark.parametrize("size", [(80, 24), pytest.param((60, 20), marks=pytest.mark.long)], ids=str)
async def test_a_take_is_heard_only_when_one_says_so_and_what_differs_is_marked(
    open_app: Open, demo: Services, platform: Platform, size: tuple[int, int]
) -> None:
    take = await a_take(demo, meant="The harbour lamps went quietly out. One boat was left. [/foo]")
    asked = len(platform.log)
    async with open_app(size=size) as walker:
        await at_listen(walker, take.id)
        await walker.until("take of Mia")
        await walker.until("The harbour lamps went quietly out")
        assert len(platform.log) == asked
        await with_preset(walker)
        await walker.press("f5")
        await walker.until("words differ")
        shown = " ".join(line.strip() for line in walker.lines)
        assert "The harbour [-lamps-] {+lights+} went [-quietly-] out." in shown
        await walker.until(lambda: 0 < place(walker, "lights went out") < place(walker, "first text"))
        await walker.until(lambda: place(walker, "words differ") - place(walker, "¥0.000") in (1, 2))
        await walker.pilot.resize_terminal(size[0], 17)
        await walker.until(lambda: "words differ" in walker.text and "charged" not in walker.text)
        await walker.pilot.resize_terminal(*size)
        await walker.press("d")
        await walker.until("charged")
        assert "[-lamps-]" not in walker.text


async def test_a_take_is_chosen_from_a_list_and_what_was_heard_before_stays(
    open_app: Open, demo: Services, recording: Path
) -> None:
    await a_take(demo, "Good night, old harbour.")
    async with open_app(size=(120, 40)) as walker:
        await at_listen(walker)
        await with_preset(walker)
        await walker.paste(str(recording))
        await walker.until("harbour line.wav · WAV")
        await walker.press("f5")
        await walker.until("charged")
        await walker.press("t")
        await walker.on("Choose")
        await walker.until("Good night, old harbour.")
        await walker.press("enter")
        await walker.until("take of Mia")
        await walker.press("f5")
        await walker.until("All 4 words were heard as they were to be said.")
        await walker.until(lambda: "Mia · Good night, old" in walker.rows[0])
        assert "Heard" not in walker.text
        await walker.until(lambda: place(walker, "All 4 words") - place(walker, "¥0.000") in (1, 2))
        await walker.press("down")
        await walker.until(lambda: "harbour line.wav" in walker.rows[0])
        await walker.until(lambda: "All 4 words" not in walker.text)
        assert SAID.split(". ", maxsplit=1)[0] in walker.text


async def test_escape_stops_it_and_what_came_stays_also_while_one_is_elsewhere(
    open_app: Open, recording: Path, platform: Platform
) -> None:
    async with open_app(size=(80, 24)) as walker:
        await at_listen(walker)
        await with_preset(walker)
        await walker.paste(str(recording))
        await walker.until("1 request")
        platform.put_fault("drip=0.02/60")
        await walker.press("enter")
        await walker.until("… listening; escape stops")
        await walker.press("1")
        await walker.on("PresetsScreen")
        await walker.press("7")
        await walker.on("ListenScreen")
        await walker.until("The harbour")
        await walker.press("f5")
        await walker.told("Not sent | A recording is being heard.")
        await walker.press("escape")
        await walker.until("stopped")
        assert "The harbour" in walker.text


async def test_a_long_recording_is_heard_in_parts_and_it_says_in_which(
    open_app: Open, demo: Services, platform: Platform
) -> None:
    said = "Seven men walked home. Nine birds flew south. The rain came down all night."
    (demo.places.home / "night.wav").write_bytes(await spoken(said))
    settings(demo, "[facts.facts]\nrecognition_base64_characters = 200_000\n")
    async with open_app(size=(80, 24)) as walker:
        await at_listen(walker)
        await with_preset(walker)
        await walker.paste(str(demo.places.home / "night.wav"))
        await walker.until("3 requests, cut at quiet places · at least ¥0.00")
        assert not platform.log
        platform.put_fault("drip=0.02/60", always=True)
        await walker.press("enter")
        await walker.until("… listening to part 2 of 3; escape stops")
        platform.clear_faults()
        await walker.until("charged")
        await walker.until(said)
        assert len(platform.log) == 3


async def test_an_mp3_is_heard_and_quitting_asks_until_the_text_was_taken(
    open_app: Open, demo: Services
) -> None:
    path = demo.places.home / "harbour.mp3"
    path.write_bytes(await spoken(SAID, format="mp3"))
    async with open_app(size=(80, 36)) as walker:
        await at_listen(walker)
        await with_preset(walker)
        await walker.paste(str(path))
        await walker.until("harbour.mp3 · MP3 · ")
        await walker.until("level -")
        assert sum("█" in line for line in walker.lines) == 3
        await walker.press("f5")
        await walker.until("charged")
        await walker.until(SAID)
        await walker.press("1")
        await walker.on("PresetsScreen")
        for answer in ("enter", "escape"):
            await walker.press("ctrl+q")
            await walker.on("Choose")
            await walker.until("What was heard on Listen (7) is neither saved nor copied.")
            await walker.press(answer)
            await walker.on("PresetsScreen")
        await walker.press("7")
        await walker.on("ListenScreen")
        await walker.press("y")
        await walker.told("Copied")
        await walker.press("ctrl+q")
        await walker.until(lambda: not walker.app.is_running or walker.app._exit)


async def test_what_fails_is_said_with_what_mends_it(
    open_app: Open, recording: Path, platform: Platform
) -> None:
    async with open_app(size=(80, 24)) as walker:
        await at_listen(walker)
        await with_preset(walker)
        await walker.paste(str(recording))
        await walker.until("1 request")
        platform.put_fault("error=unsupported-model")
        await walker.press("enter")
        await walker.until("(f8: choose another model)")
        await walker.press("f8")
        await walker.on("Choose")
        await walker.until("mimo-v2.5-asr")
        await walker.press("escape")
        await walker.on("ListenScreen")
        platform.put_fault("cut=400")
        await walker.press("f5")
        await walker.until("(f8: listen again)")
        await walker.press("f8")
        await walker.until(SAID)


async def test_what_cannot_be_heard_is_said_before_anything_is_sent(
    open_app: Open, demo: Services, tmp_path: Path, platform: Platform
) -> None:
    torn, quiet, text = (tmp_path / name for name in ("torn.wav", "quiet.wav", "[b]text.wav"))
    torn.write_bytes(make_wav(bytes(200))[:30])
    quiet.write_bytes(make_wav(bytes(48_000)))
    text.write_text("no sound")
    async with open_app(size=(80, 24)) as walker:
        await at_listen(walker)
        await walker.press("enter")
        await walker.until("✗ Name a recording first")
        for path, told in (
            (torn, "✗ torn.wav begins as WAV but cannot be read"),
            (text, "✗ [b]text.wav is text, and a recording has to be"),
            (quiet, "! quiet.wav is silent: there is nothing to be heard in it."),
        ):
            await walker.paste(f"'{path}'")
            await walker.until(told)
        assert "✗" not in walker.text
        walker.app.screen.query_one("#path", Input).value = "/nowhere/at/all.wav"
        await walker.press("enter")
        await walker.until("✗ There is no file /nowhere/at/all.wav.")
        await walker.press("ctrl+t")
        await walker.told("There is no take yet")
        assert not platform.log


async def test_what_is_named_next_is_neither_sent_nor_priced_nor_played_until_it_is_read(
    open_app: Open, demo: Services, recording: Path, platform: Platform
) -> None:
    torn = demo.places.home / "torn.wav"
    torn.write_bytes(make_wav(bytes(200))[:30])
    async with open_app(size=(80, 24)) as walker:
        await at_listen(walker)
        await with_preset(walker)
        await walker.paste(str(recording))
        await walker.until("1 request")
        await walker.paste(str(torn))
        await walker.until("✗ torn.wav begins as WAV")
        for gone in ("harbour line.wav ·", "1 request", "f5 has it heard", "Nothing plays"):
            assert gone not in walker.text
        await walker.press("f5", "f6")
        await walker.paste(str(recording))
        await walker.until("1 request")
        assert "✗" not in walker.text
    assert not platform.log


async def test_a_take_is_heard_by_the_preset_that_spoke_it_and_saved_under_a_name_of_its_own(
    open_app: Open, demo: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = await a_take(demo)
    monkeypatch.chdir(demo.places.home)
    (demo.places.home / "mia-the-harbour-lights-went-out-one-boat.txt").touch()
    async with open_app(size=(80, 24)) as walker:
        await at_listen(walker, take.id)
        await walker.until("1 request · at least")
        await walker.press("f5")
        await walker.until("charged")
        await walker.press("s")
        await walker.on("AskText")
        named = walker.app.screen.query_one(Input).value
        assert named == "./mia-the-harbour-lights-went-out-one-boat-2.txt"


async def test_a_take_that_another_program_removed_says_so(open_app: Open, demo: Services) -> None:
    take = await a_take(demo)
    (demo.takes.folder / take.file).unlink()
    async with open_app(size=(80, 24)) as walker:
        await at_listen(walker, take.id)
        await walker.until("✗ There is no take")
        assert "removed by another program" in " ".join(walker.text.split())


async def test_a_preset_without_a_key_says_so_and_f8_goes_to_its_slot(
    open_app: Open, recording: Path, platform: Platform
) -> None:
    async with open_app(size=(80, 24)) as walker:
        await at_listen(walker, "saved/mimo-go.json")
        await walker.until("f8 goes to its slot")
        await walker.paste(str(recording))
        await walker.until("harbour line.wav · WAV")
        await walker.press("f5")
        await walker.told("Nothing was sent")
        await walker.press("f8")
        await walker.on("KeysScreen")
        await walker.until(lambda: walker.slot == "OPENCODE_GO_API_KEY")
    assert not platform.log


async def test_offline_it_says_so_and_shows_the_recording_all_the_same(
    demo: Services, recording: Path, platform: Platform
) -> None:
    async with opened(demo, (80, 24), offline=True) as walker:
        await at_listen(walker)
        await walker.until("Nothing can be sent: the program is offline.")
        await walker.paste(str(recording))
        await walker.until("harbour line.wav · WAV")
        await walker.press("f5")
        await walker.told("Nothing was sent | The program is offline.")
    assert not platform.log


async def test_the_recording_is_played_where_there_is_a_player(
    demo: Services, recording: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loudspeaker, "has_library", lambda: False)
    programs = tmp_path / "programs"
    programs.mkdir()
    program(programs, "aplay", 'exec cat > "{folder}/$$.raw"')
    (programs / "cat").symlink_to(str(shutil.which("cat")))
    able = replace(demo, environment=MappingProxyType({"PATH": str(programs)}))
    await a_take(able)
    async with opened(able, (80, 24)) as walker:
        await walker.press("6")
        await walker.on("SpeechScreen")
        await walker.until("Mia · The")
        await walker.press("f6")
        await walker.until("▶ plays")
        speech = walker.app.screen
        assert isinstance(speech, TakesPlace)
        await at_listen(walker)
        await walker.paste(str(recording))
        await walker.until("harbour line.wav · WAV")
        await walker.press("f6")
        await walker.until("▶ plays")
        assert not speech.desk.is_active
        await walker.until("┃")
        await walker.until(lambda: any(map(any, recorded(programs))))
        await walker.press("f6")
        await walker.until("‖ paused")
        assert "/ 3.7 s" in walker.text
        await walker.press("f6")
        await walker.until("▶ plays")
        await walker.press("escape", "1")
        await walker.on("PresetsScreen")
        await walker.press("7")
        await walker.on("ListenScreen")
        await walker.until("‖ paused")
        await walker.press("escape", "full_stop")
        await walker.until("■ stopped")


async def test_without_a_device_it_says_why_and_where_the_file_is(open_app: Open, recording: Path) -> None:
    async with open_app(size=(80, 24)) as walker:
        await at_listen(walker)
        await walker.paste(str(recording))
        await walker.until("harbour line.wav · WAV")
        await walker.press("f6")
        await walker.until("! No sound here")
        await walker.until("→ The file:")
        assert "This went wrong" not in walker.toasts
