"""How speech ends: well or not, stopped or left, on a disk that is full, and never with a key in it."""

import asyncio
import errno
import json
import os
from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest

from mimo_tui.core.diagnosis import Cause
from mimo_tui.core.take import SoundFormat
from mimo_tui.services import Services
from mimo_tui.services.speech.events import Sounded, SpeechEvent, Spoken
from mimo_tui.services.speech.saving import CannotSave, save_take
from mimo_tui.services.speech.speaking import speak
from mimo_tui.services.speech.takes import is_on_disk, list_takes, read_take
from mimo_tui.simulator.server import Served
from mimo_tui.store import atomic
from mimo_tui.wire.http import Client, Network
from tests.conftest import NOW
from tests.services.conversations import PRO
from tests.services.speeches import (
    LINE,
    RATE,
    answers,
    as_mp3,
    as_wave,
    bare,
    cause,
    chunk,
    end,
    events,
    files,
    heard,
    in_parts,
    piece,
    speaking,
    spoken,
    spoken_by,
    streams,
    tone,
    whole,
)
from tests.wire.servers import Connection

SOUND = tone(0.5)
HALF = len(SOUND) // 2
MP3 = as_mp3(SOUND)
WAV = as_wave(SOUND)


@pytest.fixture
def services(home: Path) -> Iterator[Services]:
    """Services without a library."""
    with bare(home) as made:
        yield made


def ended(found: list[SpeechEvent]) -> Spoken:
    last = found[-1]
    assert isinstance(last, Spoken)
    return last


# What comes is not what it should be.


@pytest.mark.parametrize("size", [1, 777])
async def test_sound_is_the_same_however_it_is_cut(services: Services, size: int) -> None:
    short = SOUND[:6000]
    cut = [piece(short[at : at + size]) for at in range(0, len(short), size)]
    found = await spoken_by(services, speaking(services), streams(*cut, end()))
    assert heard(found) == short
    assert read_take(services, ended(found).take)[44:] == short
    assert ended(found).take.complete


@pytest.mark.parametrize(
    ("sent", "asked", "streamed", "ending", "note"),
    [
        (MP3, "wav", False, ".mp3", "MP3 came where WAV was asked for."),
        (MP3, "pcm", True, ".mp3", "MP3 came where PCM16 was asked for."),
        (WAV, "wav", True, ".wav", "WAV came where PCM16 was asked for."),
        (WAV, "pcm", False, ".wav", "WAV came where PCM was asked for."),
        (WAV, "mp3", False, ".wav", "WAV came where MP3 was asked for."),
        (
            as_wave(SOUND, rate=48_000),
            "wav",
            False,
            ".wav",
            "48,000 samples a second, where 24,000 were expected",
        ),
    ],
)
async def test_a_sound_of_another_kind_is_kept_as_what_it_is_and_it_is_said(
    services: Services, sent: bytes, asked: str, streamed: bool, ending: str, note: str
) -> None:
    order = speaking(services, format=SoundFormat(asked), streamed=streamed)
    respond = streams(piece(sent[:999]), piece(sent[999:]), end()) if streamed else answers(whole(sent))
    take = ended(await spoken_by(services, order, respond)).take
    assert take.complete
    assert Path(take.file).suffix == ending
    assert any(note in each for each in take.notes)
    assert read_take(services, take) == sent
    assert take.seconds == pytest.approx(0.25 if sent[24:26] == b"\x80\xbb" else 0.5, abs=0.1)


async def test_loud_samples_that_begin_as_an_mp3_does_are_samples(services: Services) -> None:
    loud = b"\xff\xfb\x90\x64" + SOUND
    found = await spoken_by(services, speaking(services), streams(piece(loud[:5]), piece(loud[5:]), end()))
    assert heard(found) == loud
    assert ended(found).take.complete


async def test_a_part_in_another_rate_does_not_spoil_the_parts_before_it(services: Services) -> None:
    in_parts(services, 45)
    bodies = [whole(as_wave(SOUND)), whole(as_wave(SOUND, rate=16_000))]

    async def respond(connection: Connection) -> None:
        await connection.answer(body=bodies.pop(0))

    found = await spoken_by(services, speaking(services, f"{LINE} {LINE}", streamed=False), respond)
    told = ended(found)
    assert told.diagnosis is not None
    assert "16,000 samples a second after 24,000" in told.diagnosis.says
    assert SOUND[: RATE // 2] in read_take(services, told.take)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("error=invalid-key", Cause.KEY),
        ("error=rate", Cause.RATE),
        ("html", Cause.NOT_THE_API),
        ("wrong-json", Cause.BROKEN_OFF),
        ("reset", Cause.NETWORK),
        ("cut=30000", Cause.NETWORK),
    ],
)
async def test_what_went_wrong_with_the_call_is_told_with_its_remedy(
    online: Services, served: Served, script: str, expected: Cause
) -> None:
    served.platform.put_fault(script, always=True)
    told = await spoken(online, speaking(online))
    assert cause(told) is expected
    assert told.diagnosis is not None
    assert told.diagnosis.remedy
    assert (told.take.complete, told.take.failure) == (False, told.diagnosis)
    assert bool(told.take.file) == (script == "cut=30000")


async def test_offline_nothing_is_sent(services: Services) -> None:
    client = Client(services.catalogue, Network(offline=True), now=lambda: NOW)
    told = await spoken(replace(services, connect=lambda: client), speaking(services))
    assert (cause(told), told.exchange.attempts, told.take.file) == (Cause.OFFLINE, 0, "")


async def test_a_model_that_is_not_for_speech_gives_a_sentence_and_no_take(online: Services) -> None:
    order = speaking(online)
    told = await spoken(online, replace(order, target=replace(order.target, model=PRO)))
    assert told.diagnosis is not None
    assert (told.take.file, told.take.complete) == ("", False)


# Stopping.


async def test_stopping_keeps_what_came(online: Services, served: Served) -> None:
    served.platform.put_fault("drip=0.002/4000", always=True)
    stop, found = asyncio.Event(), list[SpeechEvent]()
    async for event in speak(online, speaking(online, LINE * 10), stop):
        found.append(event)
        if isinstance(event, Sounded):
            stop.set()
    told = ended(found)
    assert (told.take.stopped, told.take.complete, told.diagnosis) == (True, False, None)
    assert read_take(online, told.take)[44:] == heard(found) != b""
    assert list_takes(online) == (told.take,)


@pytest.mark.parametrize("leaves", [True, False])
async def test_leaving_and_being_cancelled_keep_what_came(
    online: Services, served: Served, leaves: bool
) -> None:
    served.platform.put_fault("drip=0.002/4000", always=True)
    found: list[SpeechEvent] = []
    came = asyncio.Event()

    async def listen() -> None:
        async with aclosing(speak(online, speaking(online, LINE * 10))) as stream:
            async for event in stream:
                found.append(event)
                if isinstance(event, Sounded):
                    came.set()
                    if leaves:
                        return

    task = asyncio.create_task(listen())
    await came.wait()
    if not leaves:
        task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled() != leaves
    (take,) = list_takes(online)
    assert (take.stopped, take.complete, take.failure) == (True, False, None)
    assert read_take(online, take)[44:].startswith(heard(found))


@pytest.mark.parametrize("steps", [0, 7])
async def test_leaving_before_anything_came_leaves_nothing(online: Services, steps: int) -> None:
    stream = speak(online, speaking(online))
    task = asyncio.create_task(anext(stream))
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await stream.aclose()
    assert (list_takes(online), files(online)) == ((), [])


async def test_stopping_between_two_parts_sends_nothing_more(online: Services, served: Served) -> None:
    in_parts(online, 45)
    stop, found = asyncio.Event(), list[SpeechEvent]()
    async for event in speak(online, speaking(online, f"{LINE} {LINE} {LINE}", streamed=False), stop):
        found.append(event)
        if isinstance(event, Sounded):
            stop.set()
    told = ended(found)
    assert (told.take.stopped, told.take.complete, told.diagnosis) == (True, False, None)
    assert len(served.platform.log) == 1
    assert f"It ends with part 1 of 3, whose last words are “{LINE}”." in told.take.notes


# The disk.


@pytest.mark.parametrize("call", ["write", "replace", "open"])
async def test_a_full_disk_is_told_and_what_was_spoken_can_be_saved_elsewhere(
    online: Services, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, call: str
) -> None:
    order, takes = speaking(online), str(online.places.takes)
    online.places.takes.mkdir(parents=True)
    original, open_file = getattr(os, call), os.open
    ours: set[int] = set()

    def opened(path: object, flags: int, *more: object, **named: object) -> int:
        if call == "open" and str(path).startswith(takes) and flags & os.O_RDWR:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        descriptor = open_file(path, flags, *more, **named)  # type: ignore[arg-type]
        if str(path).startswith(takes):
            ours.add(descriptor)
        else:
            ours.discard(descriptor)
        return descriptor

    def failing(what: object, *more: object, **named: object) -> object:
        if what in ours or str(what).startswith(takes):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return original(what, *more, **named)

    with monkeypatch.context() as patched:
        if call != "open":
            patched.setattr(os, call, failing)
        patched.setattr(os, "open", opened)
        found = await events(online, order)
        told = ended(found)
        assert "is full" in told.problem
        assert told.diagnosis is None
        assert not any(path.suffix == ".wav" for path in files(online))
        saved = save_take(online, told.take, tmp_path / "elsewhere.wav")
    assert saved.read_bytes()[44:] == heard(found) != b""


async def test_an_mp3_that_no_disk_took_is_told_and_not_half_saved(
    online: Services, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    order = speaking(online, format=SoundFormat.MP3)

    def failing(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "link", failing)
        told = ended(await events(online, order))
    assert "is full" in told.problem
    assert told.take.file == ""
    for ending in ("mp3", "wav"):
        with pytest.raises(CannotSave, match="there is nothing to save"):
            save_take(online, told.take, tmp_path / f"said.{ending}")
    assert not (tmp_path / "said.mp3").exists()


async def test_a_disk_that_gets_full_meanwhile_says_what_lies_where(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_all, taken = atomic.write_all, [0]

    def filling(descriptor: int, data: bytes) -> None:
        if Path(f"/proc/self/fd/{descriptor}").readlink().is_relative_to(services.places.takes):
            taken[0] += len(data)
            if taken[0] > HALF + 2_000:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write_all(descriptor, data)

    with monkeypatch.context() as patched:
        patched.setattr(atomic, "write_all", filling)
        pieces = (piece(SOUND[at : at + 3_000]) for at in range(0, len(SOUND), 3_000))
        told = ended(await spoken_by(services, speaking(services), streams(*pieces, end())))
    assert "is full" in told.problem
    assert f" s, lies in {services.places.takes}, and is found among the takes later." in told.problem
    assert not is_on_disk(services, told.take)
    assert read_take(services, told.take)[44:] == SOUND
    services.takes.close()
    left = next(take for take in services.takes.takes() if take.id == told.take.id)
    assert not left.complete
    assert f"What came of it first, {left.seconds:.1f} s, lies in" in told.problem


async def test_an_mp3_that_the_folder_of_takes_does_not_take_can_be_saved_elsewhere(
    services: Services, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    linking = os.link

    def failing(source: Path, target: Path) -> None:
        if Path(target).parent == services.places.takes:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        linking(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(os, "link", failing)
        order = speaking(services, format=SoundFormat.MP3)
        told = ended(await spoken_by(services, order, streams(piece(MP3), end())))
    assert "is full" in told.problem
    assert save_take(services, told.take, tmp_path / "said.mp3").read_bytes() == MP3


async def test_words_in_place_of_sound_are_given_without_a_key(services: Services) -> None:
    order = speaking(services)
    key = order.target.key.reveal()
    said = [chunk(content=part) for part in ("I am sorry, ", key[:9], key[9:])]
    told = ended(await spoken_by(services, order, streams(*said, end())))
    assert (told.take.file, told.words) == ("", "I am sorry, ••••••")


# Keys.


async def test_a_key_that_the_server_says_is_nowhere(services: Services) -> None:
    order = speaking(services)
    key = order.target.key.reveal()
    order = replace(order, text=f"My key is {key}.", style=key)
    found = await spoken_by(
        services,
        order,
        streams(
            chunk(content=key, final_text_preview=f"It is {key}"),
            piece(SOUND),
            chunk(error_message=f"bad {key}"),
            piece(key),
            end(key),
        ),
    )
    told = ended(found)
    seen = "".join(map(repr, found)) + told.take.preview + told.raw.answer_body + told.raw.request_body
    assert "It is ••••••" in told.take.preview
    services.sessions.close()
    kept = [path.read_bytes() for path in services.places.state.rglob("*") if path.is_file()]
    assert len(kept) > 1
    for part in (key, key[:9], json.dumps(key)[1:-1]):
        assert part not in seen
        assert not any(part.encode() in data for data in kept)
