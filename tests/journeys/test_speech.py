"""Speech: have a line spoken, hear it while it comes, compare voices, save the take that is good, mend what failed."""

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from mimo_tui.core.model import ModelKind
from mimo_tui.core.take import Take
from mimo_tui.services import Services
from mimo_tui.services.speech.takes import list_takes
from mimo_tui.simulator.platform import Platform
from mimo_tui.simulator.site.planted import ANSWERS
from mimo_tui.sound.player import PlayerState
from mimo_tui.tui.screens.speech import SpeechScreen
from mimo_tui.tui.widgets.take_table import TakeTable
from tests.journeys.stages import speech
from tests.journeys.walker import Walker, opened
from tests.simulator.speaking import speak
from tests.sound.programs import program

LINE = "The harbour lights went out one by one."
SLOWLY = "drip=0.02/2000"
PATH = "/v1/chat/completions"


async def say(walker: Walker, text: str = LINE) -> None:
    await walker.paste(text)
    await walker.press("enter")


async def taken(walker: Walker, screen: SpeechScreen, count: int = 1) -> list[Take]:
    """Wait until there are so many takes, and nothing is spoken any more; gives them, the newest first."""
    await walker.until(lambda: len(screen.shelf.takes) == count and not screen.queue.is_busy)
    return list(screen.shelf.takes.values())


async def coming(walker: Walker, screen: SpeechScreen) -> None:
    """Wait until some sound has come."""
    await walker.until(lambda: screen.shelf.growing is not None and screen.shelf.growing.seconds > 0)


@pytest.fixture
def loud(demo: Services, tmp_path: Path) -> Services:
    """The services on a machine whose loudspeaker takes all that is handed to it."""
    folder = tmp_path / "programs"
    folder.mkdir()
    program(folder, "aplay", "exec cat > /dev/null")
    return replace(demo, environment=MappingProxyType({"PATH": f"{folder}:/usr/bin:/bin"}))


async def test_a_line_is_spoken_becomes_a_take_and_is_saved_under_a_name(
    demo: Services, tmp_path: Path
) -> None:
    async with opened(demo, (80, 24)) as walker:
        screen = await speech(walker)
        assert "mimo-v2.5-tts" in walker.lines[1]
        await say(walker)
        (take,) = await taken(walker, screen)
        await walker.until("✓ mimo_default")
        assert take.complete
        assert (demo.places.takes / take.file).stat().st_size == take.size
        row = next(line for line in walker.lines if "›" in line and "KB" in line)
        assert set("▃▄▅▆▇█") & set(row)
        assert f"{take.seconds:.1f} s" in row
        assert screen.form.text.text == LINE
        assert walker.lines[0].endswith("SIMULATED")
        await walker.press("ctrl+o")
        await walker.on("RawExchange")
        await walker.until("pcm16")
        await walker.press("escape")
        await walker.on("SpeechScreen")
        target = tmp_path / "line.wav"
        target.write_bytes(b"mine")
        await is_saved_after_it_was_asked(walker, target)
        assert walker.toasts == ""  # nothing lay over the form


def content(path: Path) -> bytes:
    return path.read_bytes()


async def is_saved_after_it_was_asked(walker: Walker, target: Path) -> None:
    """Save the take where a file stands already."""
    await walker.press("ctrl+s")
    await walker.on("AskText")
    await walker.until("mimo_default-the-harbour")
    assert ".pcm" in walker.text
    assert ".mp3" not in walker.text  # it was spoken as WAV
    await walker.press("ctrl+a", "ctrl+k")
    await walker.paste(str(target))
    await walker.press("enter")
    await walker.on("Choose")
    await walker.press("enter")
    await walker.on("AskText")
    assert content(target) == b"mine"
    await walker.press("enter")
    await walker.on("Choose")
    await walker.press("down", "enter")
    await walker.on("SpeechScreen")
    await walker.until("Saved as")
    assert content(target)[:4] == b"RIFF"


async def test_without_a_loudspeaker_all_else_works_and_it_says_how_to_get_the_file(demo: Services) -> None:
    """Over SSH by the command that fetches it. The take is taken up again, and goes on to Listen."""
    far = MappingProxyType({"SSH_CONNECTION": "10.0.0.2 50000 10.0.0.9 22", "USER": "eve"})
    async with opened(replace(demo, environment=far), (80, 24)) as walker:
        screen = await speech(walker)
        await walker.until("No sound here")
        await walker.paste(LINE)
        screen.form.voices.choose("Dean")
        screen.form.style.value = "slow"
        await walker.press("f5")
        (take,) = await taken(walker, screen)
        screen.form.voices.choose("Mia")
        screen.form.style.value = ""
        await walker.press("escape")
        await walker.until("The file: scp")
        assert "eve@10.0.0.9:" in walker.text
        await walker.press("space", "o")
        await walker.until("There is no file manager here")
        await walker.press("y")
        await walker.until("Handed to the terminal's clipboard: scp")
        await walker.press("t")
        await walker.until(lambda: screen.form.draft.voice == "Dean")
        assert screen.form.draft.style == "slow"
        assert screen.in_form
        await walker.press("escape", "l")
        await walker.on("ListenScreen")
        await walker.until(take.id)


async def test_it_is_heard_while_it_still_comes_and_two_takes_in_turn_at_the_same_place(
    loud: Services, platform: Platform
) -> None:
    platform.put_fault("drip=0.01/4000", path=PATH, always=True)
    async with opened(loud, (120, 40)) as walker:
        screen = await speech(walker)
        await say(walker)
        await walker.until(lambda: screen.desk.position > 0 and screen.shelf.growing is not None)
        assert "▶" in walker.text
        await walker.press("f6")
        await walker.until(lambda: screen.desk.state is PlayerState.PAUSED)
        await walker.until("paused")
        (oldest,) = await taken(walker, screen)
        assert screen.desk.state is PlayerState.PAUSED
        platform.clear_faults()
        await walker.press("f5")
        newest, _ = await taken(walker, screen, 2)
        await walker.press("escape", "escape")
        await walker.until(lambda: isinstance(walker.app.focused, TakeTable))
        await walker.press("home", "a", "end", "b")
        assert screen.shelf.pair == (newest.id, oldest.id)
        await walker.press("space")
        await walker.until(lambda: screen.desk.playing is not None and screen.desk.playing.key == oldest.id)
        await walker.press("right")
        await walker.until(lambda: screen.desk.position >= 2)
        await walker.press("space")
        await walker.until(lambda: screen.desk.state is PlayerState.PAUSED)
        at = screen.desk.position
        await walker.press("x")
        await walker.until(lambda: screen.desk.playing is not None and screen.desk.playing.key == newest.id)
        assert abs(screen.desk.position - at) < 0.2
        assert screen.chosen is not None
        assert screen.chosen.id == newest.id
        row = next(line for line in walker.lines if "A" in line and "KB" in line)
        assert "┃" in row
        await walker.press("left", "left")
        await walker.until(lambda: screen.desk.position == 0)
        await walker.press("full_stop")
        await walker.until(lambda: screen.desk.state is PlayerState.STOPPED)
        assert screen.desk.playing is not None
        await walker.press("d")
        await walker.on("Choose")
        await walker.press("down", "enter")
        await walker.on("SpeechScreen")
        await taken(walker, screen)
        await walker.until(
            lambda: screen.desk.playing is None
        )  # the line of the player names no take that is gone


async def test_every_voice_that_the_list_shows_speaks_the_line_and_what_is_not_kept_is_cleaned_up(
    demo: Services,
) -> None:
    async with opened(demo, (80, 24)) as walker:
        screen = await speech(walker)
        await walker.paste(LINE)
        screen.form.voices.line.focus()
        await walker.write("english")
        await walker.press("ctrl+a")
        takes = await taken(walker, screen, 4)
        assert sorted(take.voice for take in takes) == ["Chloe", "Dean", "Mia", "Milo"]
        assert {take.text for take in takes} == {LINE}
        await walker.press("escape", "home", "K")
        await walker.until("No clean-up takes it away")
        await walker.press("end", "d")
        await walker.on("Choose")
        await walker.until("Delete this take? Mia")
        await walker.press("down", "enter")
        await walker.on("SpeechScreen")
        await taken(walker, screen, 3)
        await walker.press("c")
        await walker.on("Choose")
        await walker.until("Delete 2 takes")
        await walker.until("1 that are kept stay")
        await walker.press("down", "enter")
        await walker.on("SpeechScreen")
        (left,) = await taken(walker, screen, 1)
        assert left.voice == "Dean"
        assert [take.id for take in list_takes(demo)] == [left.id]


async def test_escape_stops_what_is_spoken_and_all_that_waits(demo: Services, platform: Platform) -> None:
    platform.put_fault(SLOWLY, path=PATH, always=True)
    async with opened(demo, (80, 24)) as walker:
        screen = await speech(walker)
        await walker.paste(f"{LINE} " * 3)
        await walker.press("f4")
        await coming(walker, screen)
        await walker.until("7 more to be spoken")
        await walker.until("8 voices, 8 requests")
        assert isinstance(walker.app.focused, TakeTable)  # there one marks what the others are held against
        await walker.press("a", "escape")
        (take,) = await taken(walker, screen)
        assert screen.shelf.mark_of(take.id) == "A"
        assert take.stopped
        assert take.seconds > 0
        await walker.until("Stopped.")
        await walker.press("escape")
        await walker.until(lambda: isinstance(walker.app.focused, TakeTable))
        await walker.press("1")
        await walker.on("PresetsScreen")


async def test_it_is_spoken_on_while_one_is_at_another_place_and_leaving_keeps_what_came(
    demo: Services, platform: Platform
) -> None:
    platform.put_fault(SLOWLY, path=PATH, always=True)
    async with opened(demo, (80, 24)) as walker:
        screen = await speech(walker)
        await say(walker, f"{LINE} {LINE}")
        await coming(walker, screen)
        await walker.app.run_action("place('presets')")
        await walker.on("PresetsScreen")
        growing = screen.shelf.growing
        assert growing is not None
        seconds = growing.seconds
        await walker.until(lambda: growing.seconds > seconds)
        await walker.press("ctrl+q")
    (take,) = list_takes(demo)
    assert not take.complete
    assert take.seconds >= seconds
    demo.sessions.close()


async def test_a_voice_is_designed_in_words_or_cloned_from_a_sample_that_is_shown_before(
    demo: Services, tmp_path: Path
) -> None:
    letter, sample = tmp_path / "letter.wav", tmp_path / "me.wav"
    letter.write_text("Dear sir,\nthis is no sound.\n")
    sample.write_bytes(await speak("This is how I sound."))
    async with opened(demo, (80, 24)) as walker:
        screen = await speech(walker)
        await walker.paste(LINE)
        await walker.press("f2")
        await walker.until("voicedesign")
        await walker.until(lambda: walker.app.focused is screen.form.query_one("#description"))
        screen.form.text.focus()
        await walker.press("f5")
        await walker.until("Describe the voice")
        await walker.until(lambda: walker.app.focused is screen.form.query_one("#description"))
        await walker.paste("An old man, gravelly and slow")
        await walker.press("enter")
        (take,) = await taken(walker, screen)
        assert (take.kind, take.voice) == (ModelKind.VOICE_DESIGN, "An old man, gravelly and slow")
        await walker.press("f2")
        await walker.until(lambda: walker.app.focused is screen.form.path)
        await walker.paste(str(letter))
        await walker.press("enter")
        await walker.until("Nothing was sent. letter.wav is text")
        screen.form.text.focus()
        await walker.paste(str(sample))
        await walker.until("me.wav · WAV")
        await walker.until("level -")
        await walker.until(lambda: "Nothing was sent" not in walker.text)
        assert screen.form.text.text == LINE
        await walker.press("f5")
        take, _ = await taken(walker, screen, 2)
        assert (take.kind, take.voice) == (ModelKind.VOICE_CLONE, "me.wav")
        screen.table.focus()
        await walker.press("home", "t")
        await walker.until(lambda: screen.in_form)
        assert screen.form.draft.sample == str(sample)
        screen.form.path.put(str(letter))
        screen.table.focus()
        await walker.press("home", "t")
        await walker.until("The sample was me.wav, and letter.wav is another one")
        assert screen.form.draft.sample == ""


async def test_what_cannot_be_spoken_is_said_below_the_form_and_mended(
    demo: Services, platform: Platform
) -> None:
    """A voice that is not there, in place of which the service names one that no page knows; and a long text as MP3."""
    platform.catalogue = ANSWERS["voice-unlisted"].change(platform.catalogue)
    demo.places.settings.parent.mkdir(parents=True, exist_ok=True)
    demo.places.settings.write_text("[facts.facts]\nspeech_text_characters = 60\n")
    demo.knowledge.renew()
    async with opened(demo, (80, 24)) as walker:
        screen = await speech(walker)
        await walker.paste(LINE)
        screen.form.voices.line.focus()
        await walker.write("Xavier")
        await walker.until("in no list")
        await walker.press("ctrl+a")
        await walker.until("has no voice Xavier")
        assert len(screen.shelf.spoken) == 1
        await walker.until("f8 Mend")
        await walker.until(lambda: "Nora" in [voice.id for voice in screen.form.voices.voices])
        await walker.press("f8")
        await walker.on("Choose")
        await walker.press(*"Nora", "enter")
        await walker.on("SpeechScreen")
        await walker.press("enter")
        (take,) = await taken(walker, screen)
        assert take.voice == "Nora"
        screen.form.text.focus()
        await walker.paste(LINE)
        await walker.until("it is spoken in 2 requests")
        await walker.press("tab", "tab", "right", "f5")
        await walker.until("MP3 cannot be")
        await walker.press("left", "f5")
        take, _ = await taken(walker, screen, 2)
        assert len(take.joins) == 1


async def test_a_key_that_is_refused_leads_to_its_slot_and_nothing_else_is_asked(
    demo: Services, platform: Platform
) -> None:
    platform.put_fault("status=401", path=PATH, always=True)
    async with opened(demo, (80, 24)) as walker:
        screen = await speech(walker)
        await walker.paste(LINE)
        await walker.press("f4")
        await walker.until("The other 7 would fail as well")
        assert not screen.queue.is_busy
        assert not screen.shelf.takes
        await walker.press("f8")
        await walker.on("KeysScreen")
        await walker.press("6")
        await walker.on("SpeechScreen")
        await walker.press("f5")
        await walker.until("✗")
        await walker.press("f2")
        await walker.until(lambda: "✗" not in walker.text)


async def test_what_is_not_kept_says_so_and_is_asked_about_before_one_quits(
    demo: Services, tmp_path: Path
) -> None:
    demo.places.settings.parent.mkdir(parents=True, exist_ok=True)
    demo.places.settings.write_text("[speech]\nkeep = false\n")
    async with opened(demo, (100, 30)) as walker:
        screen = await speech(walker)
        assert all(each in walker.text for each in ("Stream  ● yes  ○ no", "Character"))
        assert "PCM" not in walker.text
        await walker.paste(LINE)
        screen.table.focus()
        await walker.press("enter")  # in a list it has nothing spoken
        assert not screen.queue.is_busy
        await walker.press("f5")
        await taken(walker, screen)
        await walker.until("! ")
        await walker.until("not kept")
        await walker.press("K")
        await walker.until("s saves it")
        await walker.press("ctrl+q")
        await walker.on("Choose")
        await walker.until("Takes on Speech (6) go with the program")
        await walker.press("escape")
        await walker.on("SpeechScreen")
        await walker.press("s")
        await walker.on("AskText")
        await walker.press("ctrl+a", "ctrl+k")
        await walker.paste(str(tmp_path / "line.wav"))
        await walker.press("enter")
        await walker.on("SpeechScreen")
        await walker.until("Saved as")
        assert "not kept" not in walker.text
        assert not screen.has_unsaved


async def test_offline_it_says_so_and_sends_nothing(demo: Services) -> None:
    async with opened(demo, (80, 24), offline=True) as walker:
        await speech(walker)
        await say(walker)
        await walker.until("The program is offline")
        await walker.until("OFFLINE")
