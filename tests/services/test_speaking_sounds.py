"""Sound that a service sends otherwise than it was asked to: what is kept of it, and what is said."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mimo_tui.services import Services
from mimo_tui.services.speech.events import SpeechEvent, Spoken
from mimo_tui.services.speech.takes import read_take
from tests.services.speeches import (
    LINE,
    RATE,
    answers,
    as_wave,
    bare,
    chunk,
    end,
    in_parts,
    piece,
    speaking,
    spoken_by,
    streams,
    tone,
    whole,
)
from tests.wire.servers import Connection

SOUND = tone(0.5)
BROKEN = "!" * 400


@pytest.fixture
def services(home: Path) -> Iterator[Services]:
    """Services without a library."""
    with bare(home) as made:
        yield made


def ended(found: list[SpeechEvent]) -> Spoken:
    last = found[-1]
    assert isinstance(last, Spoken)
    return last


def in_pieces(sound: bytes, size: int) -> list[bytes]:
    return [sound[at : at + size] for at in range(0, len(sound), size)]


async def test_wavs_that_come_in_pieces_are_joined(services: Services) -> None:
    sent = [piece(as_wave(each)) for each in in_pieces(SOUND, 4800)]
    take = ended(await spoken_by(services, speaking(services), streams(*sent, end()))).take
    assert (take.complete, take.seconds) == (True, 0.5)
    assert read_take(services, take)[44:] == SOUND


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ([as_wave(SOUND), SOUND], "Behind the WAV stand 24,000 bytes"),
        ([SOUND, as_wave(SOUND)], "A WAV came in the middle of samples"),
        ([as_wave(SOUND), as_wave(SOUND, rate=8000)], "Behind the WAV"),
        ([as_wave(SOUND, rate=2_000_000_000)], "2,000,000,000 samples a second"),
        ([as_wave(b"\0\0")], "less than 0.1 s"),
        ([b"\0\0"], "less than 0.1 s"),
    ],
)
async def test_a_sound_that_cannot_be_all_is_not_called_complete(
    services: Services, sent: list[bytes], why: str
) -> None:
    events = [*map(piece, sent), end()]
    told = ended(await spoken_by(services, speaking(services), streams(*events)))
    assert not told.take.complete
    assert told.diagnosis is not None
    assert why in told.diagnosis.says
    assert ("is kept" in told.diagnosis.remedy) == bool(told.take.file)


async def test_samples_that_came_without_a_header_are_kept_since_they_were_paid(services: Services) -> None:
    order = speaking(services, streamed=False)
    told = ended(await spoken_by(services, order, answers(whole(SOUND))))
    assert read_take(services, told.take)[44:] == SOUND
    assert (told.take.complete, told.take.rate, told.take.seconds) == (False, RATE, 0.5)
    assert any("kept as samples of 16 bits, 24,000 a second" in note for note in told.take.notes)


@pytest.mark.parametrize(
    "sent", [b"<!doctype html><title>Sign in</title>", b'{"error": "no sound"}      ', b"%PDF-1.7"]
)
async def test_what_is_no_sound_is_not_kept_and_nothing_says_that_it_is(
    services: Services, sent: bytes
) -> None:
    order = speaking(services, streamed=False)
    told = ended(await spoken_by(services, order, answers(whole(sent + b" " * 20))))
    assert told.diagnosis is not None
    assert told.take.file == ""
    assert told.diagnosis.remedy == "Speak it again. Nothing of it could be kept."
    assert "kept" not in " ".join(told.take.notes)


@pytest.mark.parametrize("before", [[], [piece(SOUND)]])
@pytest.mark.parametrize("last", [[piece(BROKEN), end()], [chunk(content=None)]])
async def test_that_something_is_kept_is_said_only_where_it_is(
    services: Services, before: list[bytes], last: list[bytes]
) -> None:
    told = ended(await spoken_by(services, speaking(services), streams(*before, *last)))
    assert told.diagnosis is not None
    assert told.take.failure == told.diagnosis
    assert ("is kept" in told.diagnosis.remedy) == bool(told.take.file) == bool(before)
    assert told.diagnosis.says.endswith(".")
    assert not told.diagnosis.says.endswith("..")
    assert told.diagnosis.remedy.startswith("Speak it again.")


@pytest.mark.parametrize(
    ("second", "note"),
    [
        ([end()], f"It ends with part 1 of 3, whose last words are “{LINE}”."),
        (
            [piece(SOUND)],
            "It ends within part 2 of 3, which begins with “The harbour lights went out one by one.”.",
        ),
    ],
)
async def test_where_a_long_text_ends_is_told_by_what_was_heard(
    services: Services, second: list[bytes], note: str
) -> None:
    in_parts(services, 45)
    sent = [[piece(SOUND), end()], second]

    async def respond(connection: Connection) -> None:
        await streams(*sent.pop(0))(connection)

    told = ended(await spoken_by(services, speaking(services, f"{LINE} {LINE} {LINE}"), respond))
    assert note in told.take.notes
    assert sum("It ends" in each for each in told.take.notes) == 1
