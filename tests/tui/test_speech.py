"""The parts of the Speech screen: voices, choices, news, takes and their marks; and hostile text in all of them."""

from dataclasses import replace
from decimal import Decimal

import pytest
from textual.app import App, ComposeResult
from textual.widget import Widget

from mimo_tui.core.diagnosis import Cause, Diagnosis, Retry
from mimo_tui.core.ledger import Cost
from mimo_tui.core.model import ModelKind
from mimo_tui.core.take import Take
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.services import Services
from mimo_tui.sound.track import Track
from mimo_tui.tui.speech_offers import Remedy, Where, ends_all, is_offered, remedy_of
from mimo_tui.tui.speech_rows import about_text, done_news, failed_news, one_line, voice_words
from mimo_tui.tui.speech_state import Growing, Shelf
from mimo_tui.tui.widgets.choice_row import ChoiceRow, Value
from mimo_tui.tui.widgets.news_line import News, news_text
from mimo_tui.tui.widgets.voice_list import ShownVoice, VoiceList
from tests.conftest import NOW
from tests.journeys.conftest import demo  # noqa: F401 a fixture
from tests.journeys.stages import speech
from tests.journeys.walker import opened
from tests.tui.screen_text import paste, screen_text
from tests.tui.test_hostile_text import EVIL, RAW, watched

VOICES = (
    ShownVoice("default", note=Clean("the default, speaks as Mia"), is_alias=True),
    ShownVoice("Mia", Clean("English"), Clean("female"), Clean("lively")),
    ShownVoice("Dean", Clean("English"), Clean("male"), Clean("steady, gentle")),
    ShownVoice("冰糖", Clean("Chinese"), Clean("female"), Clean("lively girl")),
)


def a_take(name: str = "1", **more: object) -> Take:
    made = Take(
        name,
        NOW,
        ModelKind.SPEECH,
        clean("speaks-1"),
        "A line.",
        voice=clean("Mia"),
        file=f"{name}.wav",
        size=48_000,
        seconds=1.0,
        complete=True,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def failed(cause: Cause, retry: Retry = Retry.NO) -> Diagnosis:
    return Diagnosis(cause, clean("It failed."), clean("Do this."), "a rule", retry)


class Alone(App[None]):
    """Shows one widget, and notes what it tells."""

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self._widget = widget
        self.told: list[str] = []

    def compose(self) -> ComposeResult:
        yield self._widget

    def on_voice_list_chosen(self, event: VoiceList.Chosen) -> None:
        self.told.append(event.voice)

    def on_choice_row_changed(self, event: ChoiceRow.Changed) -> None:
        self.told.append(event.value)


async def test_typing_narrows_the_voices_and_the_arrows_choose_one_meanwhile() -> None:
    voices = VoiceList()
    voices.set_reactive(VoiceList.voices, VOICES)
    app = Alone(voices)
    async with app.run_test(size=(60, 10)) as pilot:
        voices.line.focus()
        assert voices.voice == "default"
        await paste(pilot, "engl")
        await pilot.pause()
        assert [row.key for row in voices.table.rows] == ["Mia", "Dean"]
        assert [each.id for each in voices.narrowed] == ["Mia", "Dean"]
        await pilot.press("down")
        assert voices.voice == "Dean"
        assert app.told[-1] == "Dean"
        voices.choose("冰糖")
        await pilot.pause()
        assert (voices.voice, voices.line.value) == ("冰糖", "")


async def test_where_there_is_little_room_a_voice_still_says_what_it_is_like() -> None:
    voices = VoiceList()
    voices.set_reactive(VoiceList.voices, VOICES)
    app = Alone(voices)
    async with app.run_test(size=(48, 10)):
        assert "steady, gentle" in screen_text(app)


async def test_a_name_that_is_in_no_list_can_be_asked_for_as_it_is() -> None:
    voices = VoiceList()
    voices.set_reactive(VoiceList.voices, VOICES)
    app = Alone(voices)
    async with app.run_test(size=(90, 10)) as pilot:
        voices.choose("Xavier")
        await pilot.pause()
        assert voices.voice == "Xavier"
        assert "in no list: asked for as it is" in screen_text(app)


async def test_a_choice_is_taken_by_keys_and_by_a_click() -> None:
    row = ChoiceRow("Format", [Value("wav", Clean("WAV")), Value("mp3", Clean("MP3"))])
    app = Alone(row)
    async with app.run_test(size=(40, 3)) as pilot:
        assert "Format  ● WAV  ○ MP3" in screen_text(app)
        row.focus()
        await pilot.press("right")
        assert "Format  ○ WAV  ● MP3" in screen_text(app)
        await pilot.click(row, offset=(9, 0))
        assert app.told == ["mp3", "wav"]


def test_news_find_room_in_a_few_lines_and_say_what_to_do() -> None:
    long = clean(" ".join(["something went wrong"] * 20))
    told = news_text(News(long, "error", clean("Choose another voice.")), 40)
    lines = told.plain.split("\n")
    assert len(lines) == 4
    assert lines[0].startswith("✗ ")
    assert lines[-1] == "→ Choose another voice."
    assert all(len(line) <= 40 for line in lines)
    assert len(news_text(News(long, "error", long), 40, 2).plain.split("\n")) == 2


def test_a_mark_is_of_one_take_and_goes_where_it_is_set_again() -> None:
    shelf = Shelf()
    shelf.fill([a_take("2"), a_take("1")])
    shelf.mark("A", "1")
    shelf.mark("B", "2")
    assert shelf.pair == ("1", "2")
    shelf.mark("B", "1")
    assert shelf.mark_of("1") == "B"
    assert "A" not in shelf.marks
    shelf.mark("B", "1")
    assert shelf.mark_of("1") == ""
    shelf.mark("A", "2")
    shelf.remove([a_take("2")])
    assert shelf.marks == {}


def test_the_newest_take_stands_first_and_the_one_that_grows_before_it() -> None:
    shelf = Shelf()
    shelf.fill([a_take("3"), a_take("1")])
    shelf.put(a_take("2"))
    shelf.growing = Growing(a_take("4"), 1, None)
    assert [take.id for take in shelf.all] == ["4", "3", "2", "1"]


def test_a_take_that_no_disk_took_stays_and_is_asked_about_until_it_is_removed() -> None:
    shelf = Shelf()
    shelf.growing = Growing(a_take("3", file=""), 1, None, passes=True)
    assert shelf.would_lose
    shelf.put(a_take("3", file=""))
    shelf.unsaved.add("3")
    shelf.growing = None
    shelf.fill([a_take("1"), a_take("2")])
    assert list(shelf.takes) == ["3", "2", "1"]
    assert shelf.would_lose
    shelf.remove([a_take("3")])
    assert not shelf.would_lose


def test_what_was_read_to_be_played_is_let_go_but_for_the_newest_and_the_marked() -> None:
    shelf = Shelf()
    shelf.fill(a_take(name) for name in "9876543210")
    shelf.mark("A", "0")
    for name in "0123456":
        shelf.put_track(name, Track(24_000))
    assert list(shelf.tracks) == ["0", "4", "5", "6"]


@pytest.mark.parametrize(
    ("cause", "retry", "remedy"),
    [
        (Cause.VOICE, Retry.NO, Remedy.VOICE),
        (Cause.KEY, Retry.NO, Remedy.KEYS),
        (Cause.RETIRED_MODEL, Retry.NO, Remedy.MODEL),
        (Cause.INPUT, Retry.NO, Remedy.SAMPLE),
        (Cause.NETWORK, Retry.LATER, Remedy.AGAIN),
        (Cause.BALANCE, Retry.NO, Remedy.NONE),
    ],
)
def test_a_failure_has_its_remedy(cause: Cause, retry: Retry, remedy: Remedy) -> None:
    found = failed(cause, retry)
    assert remedy_of(found) is remedy
    news = failed_news(found, a_take(file="", seconds=0.0), 0)
    assert news.tone == "error"
    assert ("f8" in news.does) == (remedy is not Remedy.NONE)


def test_a_refused_key_ends_what_waits_and_an_unknown_voice_does_not() -> None:
    assert ends_all(failed(Cause.KEY))
    assert not ends_all(failed(Cause.VOICE))
    assert not ends_all(None)


def test_keys_act_on_takes_only_outside_the_form_and_on_whole_ones() -> None:
    at_take = Where(in_form=False, has_sound=True, is_over=True, has_takes=True)
    assert all(
        is_offered(each, at_take) for each in ("mark", "save", "delete", "keep", "listen", "again", "clean")
    )
    assert not is_offered("delete", replace(at_take, in_form=True))
    assert is_offered("save", replace(at_take, in_form=True))
    assert not is_offered("delete", replace(at_take, is_over=False))
    assert is_offered("toggle", replace(at_take, is_over=False))


def test_a_take_says_what_it_took_and_what_is_the_matter_with_it() -> None:
    cost = Cost(Decimal("0.02"), "CNY")
    take = a_take(
        cost=cost, first_sound=0.31, took=1.2, style="slow", joins=(0.5,), notes=(clean("A note."),)
    )
    about = about_text(take).plain
    assert all(each in about for each in ("speaks-1", "style: slow", "A note.", "joined at 0.5 s", "¥0.02"))
    assert done_news(a_take(), 0, NOTHING).tone == "good"
    assert done_news(a_take(stopped=True, complete=False), 0, NOTHING).says.startswith("Stopped.")
    assert done_news(a_take(), 3, NOTHING).says.endswith("3 older takes that nobody keeps go")
    assert done_news(a_take(), 0, clean("The disk is full.")).tone == "warning"
    assert "broke off" not in voice_words(take)
    assert voice_words(a_take(kind=ModelKind.VOICE_CLONE, voice=clean("me.wav"))) == "clone of me.wav"
    assert one_line("one\n two\tthree") == "one two three"


async def test_hostile_text_in_takes_and_voices_is_shown_and_does_nothing(demo: Services) -> None:  # noqa: F811
    evil = " ".join(EVIL.values())
    begun = demo.takes.begin(a_take("", text=evil, style=evil, rate=24_000, voice=clean(evil)))
    demo.takes.grow(begun.id, b"\x00\x20" * 2400)
    demo.takes.end(replace(begun, text=evil, notes=(clean(evil),), complete=True))
    with watched() as seen:
        async with opened(demo, (180, 60)) as walker:
            shown = await speech(walker)
            shown.form.voices.voices = (ShownVoice(evil, clean(evil), clean(evil), clean(evil), clean(evil)),)
            await walker.until(lambda: shown.shelf.takes)
            await walker.press("escape", "t")
            await walker.until(lambda: "[/foo]" in shown.form.text.text)
            shown.form.path.put(evil)
            await walker.until("[@click=app.bell]x[/]")
            await walker.press("f5")
            await walker.until(lambda: len(shown.shelf.takes) == 2 or "voice" in shown.news_line.news.says)
            await walker.press("escape", "d")
            await walker.on("Choose")
            assert "[/foo]" in walker.text
            assert "[bold" in walker.text
    assert not seen & RAW
