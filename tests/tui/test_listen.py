"""What Listen says of a recording and of what was heard, in words, and that no text from outside does anything."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from mimo_tui.core.diagnosis import Cause, Diagnosis, Retry
from mimo_tui.core.ledger import Cost
from mimo_tui.core.model import ModelKind
from mimo_tui.core.speech.differing import differ
from mimo_tui.core.take import Take
from mimo_tui.core.text import clean
from mimo_tui.services import Services
from mimo_tui.services.speech.orders import Sample
from mimo_tui.tui.listen_offers import Remedy, Where, is_offered, remedy_of
from mimo_tui.tui.listen_rows import hearing_row, shown_hearing
from mimo_tui.tui.listen_state import Hearing, Recording, Weighed
from mimo_tui.tui.listen_words import recording_text, weight_text
from mimo_tui.tui.places import LISTEN, GoTo
from tests.journeys.conftest import demo  # noqa: F401 a fixture
from tests.journeys.test_listen import a_take, with_preset
from tests.journeys.walker import opened
from tests.simulator.speaking import make_wav
from tests.tui.test_hostile_text import EVIL, shows, watched

SAMPLE = Sample(
    clean("line.wav"),
    clean("/line.wav"),
    "audio/wav",
    make_wav(bytes(20)),
    3.4,
    163_244,
    rate=24_000,
    channels=2,
    peak=-3.2,
    level=-21.7,
    decoded=True,
    waveform=(1, 50),
    warnings=(clean("line.wav is clipped: [/foo]"),),
)
FILE = Recording("/line.wav", SAMPLE, Path("/line.wav"))
TAKE = Take("t1", datetime(2026, 11, 23, tzinfo=UTC), ModelKind.SPEECH, clean("m"), "Good morning.")
COST = Cost(Decimal("0.0005"), "CNY", clean("3.4 s of sound at 0.5 per hour; a page"))


def hearing(**more: object) -> Hearing:
    return replace(Hearing(1, clean("line.wav"), "/line.wav", 3.4, ""), **more)  # type: ignore[arg-type]


def test_it_says_what_the_recording_is_how_loud_and_what_is_wrong_with_it() -> None:
    told = recording_text(FILE, Weighed(1, COST, clean("¥0.50 per hour of sound; Pricing")), 100).plain
    assert told.startswith("line.wav · WAV · 3.4 s · 163 KB · level -22 dB, peak -3 dB · 24 kHz · stereo\n")
    assert "1 request · at least ¥0.0005 (¥0.50 per hour of sound; Pricing)" in told
    assert "! line.wav is clipped: [/foo]" in told


def test_of_a_take_it_says_what_is_to_be_heard() -> None:
    take = replace(TAKE, voice=clean("Mia"), simulated=True)
    told = recording_text(replace(FILE, take=take), None, 100).plain
    assert told.startswith("take of Mia · SIMULATED · WAV")
    assert "“Good morning.”" in told
    assert "weighing what it takes" in told


@pytest.mark.parametrize("width", [40, 60, 120])
def test_no_line_is_longer_than_its_room(width: int) -> None:
    long = clean(" ".join(["https://example.com/prices"] * 9))
    told = recording_text(FILE, Weighed(3, COST, long), width)
    assert all(line.cell_length <= width for line in told.split("\n"))
    assert "3 requests, cut at quiet places" in told.plain.replace("\n", " ")


def test_a_price_that_nobody_knows_is_not_made_up() -> None:
    assert weight_text(Weighed(2, None)).endswith("at a price that is not known")
    assert weight_text(None, has_preset=False).startswith("f3 chooses a preset")


def test_a_row_says_how_far_it_is_and_what_came_of_it() -> None:
    assert hearing_row(hearing()).cells[-1] == "… listening"
    assert hearing_row(hearing(text=["Good ", "morning"])).cells[-1] == "… Good morning"
    assert hearing_row(hearing(is_over=True)).cells[-1] == "stopped"
    heard = hearing(text=["Good morning"], is_over=True, difference=differ("Good morning.", "Good evening"))
    assert hearing_row(heard).cells[-2:] == ("50%", "Good morning")


def test_a_take_is_called_by_its_voice_and_text_and_says_where_it_is_cut() -> None:
    take = replace(TAKE, voice=clean("Mia"), text="The harbour lights went out one by one, and no boat came.")
    assert replace(FILE, take=take).name == "Mia · The harbour lights went out one by one…"
    assert replace(FILE, take=TAKE).name == "take · Good morning."


def test_what_was_heard_is_unsaved_until_all_of_it_was_saved_or_copied() -> None:
    assert not hearing().is_unsaved
    assert not hearing(text=[" \n"]).is_unsaved
    assert hearing(text=["Good "]).is_unsaved
    assert not hearing(text=["Good "], taken="Good ").is_unsaved
    assert hearing(text=["Good ", "morning"], taken="Good ").is_unsaved


def test_while_it_is_heard_in_parts_it_says_in_which() -> None:
    below = shown_hearing(hearing(part=2, parts=3)).below
    assert [note.text for note in below] == ["… listening to part 2 of 3; escape stops"]


def test_what_was_not_sent_at_all_says_why() -> None:
    refused = hearing(is_over=True, unchecked=clean("Nothing was sent: it is too long."))
    assert [note.text for note in shown_hearing(refused).below] == ["Nothing was sent: it is too long."]
    assert hearing_row(refused).cells[-1] == "Nothing was sent: it is too long."


@pytest.mark.parametrize(
    ("cause", "retry", "remedy"),
    [
        (Cause.UNKNOWN_MODEL, Retry.NO, Remedy.MODEL),
        (Cause.KEY, Retry.NO, Remedy.KEYS),
        (Cause.INPUT, Retry.NO, Remedy.RECORDING),
        (Cause.NETWORK, Retry.LATER, Remedy.AGAIN),
        (Cause.BALANCE, Retry.NO, Remedy.NONE),
    ],
)
def test_each_failure_has_what_mends_it_if_anything_does(cause: Cause, retry: Retry, remedy: Remedy) -> None:
    assert remedy_of(Diagnosis(cause, clean("no"), clean("do"), "a rule", retry)) is remedy


def test_only_what_can_be_done_is_offered() -> None:
    assert not any(
        is_offered(each, Where()) for each in ("stop", "copy", "save", "raw", "play", "remedy", "listen")
    )
    busy = Where(in_path=False, is_busy=True, has_recording=True, has_heard=True)
    assert all(is_offered(each, busy) for each in ("stop", "copy", "save", "play", "seek", "write"))


async def test_hostile_text_of_a_take_and_of_a_recording_is_shown_and_does_nothing(
    demo: Services,  # noqa: F811
) -> None:
    evil = " ".join(EVIL.values())
    take = await a_take(demo, f"Good {evil} morning", meant=f"Bad {evil} evening")
    with watched() as raw:
        async with opened(demo, (120, 60)) as walker:
            walker.app.screen.post_message(GoTo(LISTEN.id, take.id))
            await walker.on("ListenScreen")
            await walker.until("take of Mia")
            await with_preset(walker)
            await walker.press("f5")
            await walker.until("differ")
            await shows(walker, EVIL["action"], EVIL["closing"])
            await walker.press("y")
            assert "\x1b" not in walker.app.clipboard
            await walker.press("ctrl+t")
            await walker.on("Choose")
            await walker.press("escape")
            await walker.on("ListenScreen")
            await walker.paste("/nowhere/\x1b]52;c;aGk=\x07[/foo].wav")
            await walker.press("enter")
            await walker.until("✗")
    assert not raw, f"reached the terminal: {raw}"
