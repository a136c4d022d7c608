"""Promise 28: bad sound ends in a clear sentence and leaves no file under the final name; uploads are checked first."""

import errno
import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from mimo_tui.core.model import ModelKind
from mimo_tui.core.take import SoundFormat
from mimo_tui.services import Services
from mimo_tui.services.speech.events import Spoken
from mimo_tui.services.speech.orders import Speaking
from mimo_tui.services.speech.playing import NoPlayer, find_player
from mimo_tui.services.speech.sampling import CannotAttach, read_sample
from mimo_tui.services.speech.saving import CannotSave, save_take
from mimo_tui.services.speech.sounding import Sounding
from mimo_tui.services.speech.speaking import CannotSpeak
from mimo_tui.services.speech.takes import delete_takes, list_takes, read_take
from mimo_tui.simulator.server import Served
from tests.services.speeches import (
    LINE,
    Script,
    answers,
    as_mp3,
    as_wave,
    bare,
    chunk,
    end,
    events,
    piece,
    speaking,
    spoken,
    spoken_by,
    streams,
    tone,
    whole,
)

Reached = Callable[[str, str], None]

SOUND = tone(0.4)
WAV, MP3 = as_wave(SOUND), as_mp3(SOUND)
TEXT = b"<!doctype html><title>Log in</title><p>This network wants you to log in first.</p>"
PDF = b"%PDF-1.7\n\x00\xff\xfe" * 30


@dataclass(frozen=True)
class Bad:
    """Sound that is not what it should be: what is asked for, what is said of it, and what of it can be heard."""

    form: str
    streamed: bool
    respond: Script
    says: str
    came: bytes | None = None


HALF = len(SOUND) // 2
BAD: dict[str, Bad] = {
    "bad base64 in a stream": Bad(
        "wav", True, streams(piece(SOUND[:HALF]), piece("%%%%"), piece(SOUND), end()), "base64", SOUND[:HALF]
    ),
    "bad base64 at once": Bad("wav", False, answers(whole("}{" * 50)), "base64"),
    "a truncated WAV": Bad("wav", False, answers(whole(WAV[:-999])), "cut short", SOUND[:-1000]),
    "a WAV cut in its header": Bad("wav", False, answers(whole(WAV[:20])), "cannot be read"),
    "a truncated MP3": Bad("mp3", False, answers(whole(MP3[:-33])), "last frame is not whole", MP3[:-33]),
    "a web page in place of a WAV": Bad("wav", False, answers(whole(TEXT)), "no sound but text"),
    "a web page in place of samples": Bad("wav", True, streams(piece(TEXT), end()), "no sound but text"),
    "a PDF in place of an MP3": Bad("mp3", False, answers(whole(PDF)), "no sound but a PDF"),
    "no sound in a stream": Bad("wav", True, streams(end()), "gave no sound"),
    "no sound at once": Bad("wav", False, answers(whole("")), "gave no sound"),
    "words in place of sound": Bad(
        "wav", False, answers(whole("", content="I cannot.")), "words and no sound"
    ),
    "words in a stream": Bad("wav", True, streams(chunk(content="Hello!"), end()), "words and no sound"),
    "a stream without an end": Bad("wav", True, streams(piece(SOUND)), "broke off", SOUND),
    "a stream cut in base64": Bad("wav", True, streams(piece(SOUND), piece(SOUND)[:200]), "broke off", SOUND),
    "an answer that is cut": Bad("wav", False, answers(whole(WAV)[:-2000]), "broke off", SOUND[:-1600]),
    "an error in the middle": Bad(
        "wav", True, streams(piece(SOUND), b'data: {"error":{"message":"Oh no"}}\n\n'), "Oh no", SOUND
    ),
    "its limit in a stream": Bad("wav", True, streams(piece(SOUND), end("length")), "cut short", SOUND),
    "its limit at once": Bad("wav", False, answers(whole(WAV, finish="length")), "cut short", SOUND),
    "moderation": Bad("wav", True, streams(end("content_filter")), "moderation"),
}


def left(folder: Path) -> list[str]:
    """Give all that lies in a folder, temporary files too."""
    return sorted(each.name for each in folder.iterdir())


def is_sentence(text: str) -> bool:
    return len(text) > 15 and " " in text and text[-1] == "." and text.isprintable()


@pytest.fixture
def services(home: Path) -> Iterator[Services]:
    """Services without a library."""
    with bare(home) as made:
        yield made


@pytest.fixture
def wanted(tmp_path: Path) -> Path:
    """The folder in which the person wants the file."""
    made = tmp_path / "wanted"
    made.mkdir()
    return made


async def test_bad_sound_is_a_sentence_and_no_file(
    services: Services, wanted: Path, reached: Reached
) -> None:
    for what, bad in BAD.items():
        order = speaking(services, format=SoundFormat(bad.form), streamed=bad.streamed)
        told = (await spoken_by(services, order, bad.respond))[-1]
        assert isinstance(told, Spoken), what
        assert told.diagnosis is not None, what
        assert bad.says in told.diagnosis.says, what
        assert is_sentence(told.diagnosis.remedy), what
        take = told.take
        assert (take.complete, take.stopped, take.failure) == (False, False, told.diagnosis), what
        assert bool(take.file) == (bad.came is not None), what
        assert bad.came is None or bad.came in read_take(services, take), what
        assert [each.id for each in list_takes(services)] == [take.id] * bool(take.file), what
        for ending in ("wav", "mp3", "pcm"):
            with pytest.raises(CannotSave) as caught:
                save_take(services, take, wanted / f"said.{ending}")
            assert is_sentence(str(caught.value)), what
        assert left(wanted) == [], what
        delete_takes(services, (take,))
    reached("28", f"{len(BAD)} kinds of bad sound: {len(BAD)} sentences, 0 files under the final name")


async def test_a_stream_cut_anywhere_leaves_no_file_under_the_final_name(
    online: Services, served: Served, wanted: Path, reached: Reached
) -> None:
    chance = random.Random(28)
    cuts = [1, 60, 400, *(chance.randrange(500, 180_000) for _ in range(9))]
    for cut in cuts:
        served.platform.put_fault(f"cut={cut}", always=True)
        told = await spoken(online, speaking(online))
        assert told.diagnosis is not None
        assert not told.take.complete
        with pytest.raises(CannotSave):
            save_take(online, told.take, wanted / "said.wav")
        if told.take.file:
            assert read_take(online, told.take)[:4] == b"RIFF"
        served.platform.clear_faults()
    assert left(wanted) == []
    reached(
        "28", f"cut at {len(cuts)} places: what came is kept as not complete, 0 files under the final name"
    )


@pytest.mark.parametrize(
    ("data", "form", "step"), [(WAV, SoundFormat.WAV, 37), (MP3, SoundFormat.MP3, 131)], ids=["WAV", "MP3"]
)
def test_a_file_cut_at_any_place_is_never_taken_for_whole(
    data: bytes, form: SoundFormat, step: int, reached: Reached
) -> None:
    places = range(1, len(data) - 1, step)
    for cut in places:
        sounding = Sounding(form, 24_000, 1)
        sounding.feed(data[:cut])
        assert sounding.end_part(is_whole=True).problem, cut
    reached("28", f"{form.upper()} cut at {len(places)} places: {len(places)} sentences")


async def test_a_disk_that_fails_while_saving_leaves_no_file(
    online: Services, wanted: Path, monkeypatch: pytest.MonkeyPatch, reached: Reached
) -> None:
    take = (await spoken(online, speaking(online))).take
    mine = wanted / "mine.wav"
    mine.write_bytes(b"precious")
    tried = 0
    anew, over_mine = (wanted / "said.wav", False), (mine, True)
    for call, saves in {
        "write": (anew, over_mine),
        "fsync": (anew, over_mine),
        "open": (anew, over_mine),
        "link": (anew,),
        "replace": (over_mine,),
    }.items():
        for code in (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS):
            for path, over in saves:
                with monkeypatch.context() as patched:
                    patched.setattr(os, call, failing(getattr(os, call), code, str(wanted), call))
                    with pytest.raises(CannotSave, match=os.strerror(code)) as caught:
                        save_take(online, take, path, over=over)
                assert is_sentence(str(caught.value))
                tried += 1
                assert left(wanted) == ["mine.wav"]
                assert mine.read_bytes() == b"precious"
    reached("28", f"{tried} failures of the disk while saving: {tried} sentences, 0 half files")


def failing(original: Callable[..., object], code: int, folder: str, call: str) -> Callable[..., object]:
    def fail(*arguments: object, **named: object) -> object:
        if call == "open":
            flags = arguments[1] if len(arguments) > 1 else 0
            is_read = not (isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR))
            if is_read or not str(arguments[0]).startswith(folder):
                return original(*arguments, **named)
        raise OSError(code, os.strerror(code))

    return fail


async def test_a_sample_is_checked_before_a_byte_of_it_is_sent(
    online: Services, served: Served, tmp_path: Path, reached: Reached
) -> None:
    bad = {
        "large.wav": as_wave(SOUND),
        "empty.wav": b"",
        "text.wav": TEXT,
        "page.mp3": PDF,
        "short.wav": WAV[:30],
        "noise.mp3": b"ID3\4\0\0\0\0\0\0" + random.Random(1).randbytes(5000),
        "sound.flac": b"fLaC" + bytes(100),
    }
    for name, data in bad.items():
        (tmp_path / name).write_bytes(data)
    os.truncate(tmp_path / "large.wav", 50 * 1000 * 1000)
    for name in bad:
        for for_recognition in (False, True):
            with pytest.raises(CannotAttach) as caught:
                read_sample(online, str(tmp_path / name), for_recognition=for_recognition)
            assert is_sentence(str(caught.value)), name
            assert name in str(caught.value)
    unsendable: tuple[Speaking, ...] = (
        speaking(online, ""),
        speaking(online, LINE, ModelKind.VOICE_CLONE),
        speaking(online, LINE, ModelKind.VOICE_DESIGN),
        speaking(online, LINE * 100, format=SoundFormat.MP3),
    )
    for order in unsendable:
        with pytest.raises(CannotSpeak):
            await events(online, order)
    assert served.platform.log == ()
    reached("28", f"{len(bad)} bad samples, one of 50 MB: {len(bad)} sentences, 0 bytes sent")


async def test_without_a_sound_device_all_but_sound_works(
    online: Services, wanted: Path, reached: Reached
) -> None:
    found = find_player(online)
    assert isinstance(found, NoPlayer)
    assert is_sentence(found.reason)
    take = (await spoken(online, speaking(online))).take
    for ending in ("wav", "pcm"):
        save_take(online, take, wanted / f"said.{ending}")
    assert left(wanted) == ["said.pcm", "said.wav"]
    reached("28", "no sound device: a sentence, and saving works")
