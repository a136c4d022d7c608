"""Takes: saved under a name, listed, kept, removed."""

import errno
import io
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import soundfile

from mimo_tui.core.take import SoundFormat, Take
from mimo_tui.core.text import NOTHING, clean
from mimo_tui.services import Services
from mimo_tui.services.speech.saving import (
    CannotSave,
    Exists,
    require_folder,
    require_place,
    save_take,
    sound_as,
    suggested_name,
)
from mimo_tui.services.speech.takes import (
    NoTake,
    clean_up,
    delete_takes,
    find_take,
    keep_take,
    list_takes,
    read_take,
    take_path,
    takes_size,
    to_clean_up,
)
from tests.services.speeches import LINE, RATE, bare, settings, speaking, spoken


@pytest.fixture
def services(home: Path) -> Iterator[Services]:
    """Services without a library."""
    with bare(home) as made:
        yield made


async def a_take(services: Services, text: str = LINE, form: SoundFormat = SoundFormat.WAV) -> Take:
    return (await spoken(services, speaking(services, text, voice="Mia", format=form))).take


def names(folder: Path) -> list[str]:
    """Give what lies in a folder, but for the home; temporary files too."""
    return sorted(each.name for each in folder.iterdir() if each.name != "home")


# Saving.


async def test_a_take_is_saved_as_wav_and_as_bare_samples(online: Services, tmp_path: Path) -> None:
    take = await a_take(online)
    wav = save_take(online, take, tmp_path / "said.WAV")
    assert wav.read_bytes() == read_take(online, take)
    pcm = save_take(online, take, tmp_path / "said.pcm")
    assert pcm.read_bytes() == wav.read_bytes()[44:]
    raw = soundfile.SoundFile(
        io.BytesIO(pcm.read_bytes()), samplerate=RATE, channels=1, format="RAW", subtype="PCM_16"
    )
    assert raw.frames == round(take.seconds * RATE)


async def test_an_mp3_is_saved_as_it_is_and_decoded_to_a_wav(online: Services, tmp_path: Path) -> None:
    take = await a_take(online, form=SoundFormat.MP3)
    assert save_take(online, take, tmp_path / "said.mp3").read_bytes() == read_take(online, take)
    sound = soundfile.SoundFile(save_take(online, take, tmp_path / "said.wav"))
    assert (sound.format, sound.channels, sound.subtype) == ("WAV", 1, "PCM_16")
    assert sound.frames / sound.samplerate == pytest.approx(take.seconds, abs=0.1)


async def test_a_wav_does_not_become_an_mp3(online: Services, tmp_path: Path) -> None:
    with pytest.raises(CannotSave, match=r"cannot be MP3, since the take is WAV: save it as \.wav"):
        save_take(online, await a_take(online), tmp_path / "said.mp3")
    assert names(tmp_path) == []


async def test_a_file_that_is_there_is_replaced_only_where_that_is_allowed(
    online: Services, tmp_path: Path
) -> None:
    take, path = await a_take(online), tmp_path / "said.wav"
    path.write_bytes(b"mine")
    with pytest.raises(Exists, match="is there already") as caught:
        save_take(online, take, path)
    assert caught.value.path == path
    assert path.read_bytes() == b"mine"
    assert save_take(online, take, path, over=True).read_bytes() == read_take(online, take)
    assert names(tmp_path) == ["said.wav"]


async def test_allowed_to_replace_a_file_it_makes_one_where_there_is_none(
    online: Services, tmp_path: Path
) -> None:
    take = await a_take(online)
    assert save_take(online, take, tmp_path / "said.wav", over=True).exists()


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("said", "has none of .wav, .mp3, .pcm"),
        ("said.flac", "has none of"),
        ("folder.wav", "folder.wav is a folder"),
        ("folder", "folder is a folder"),
        ("pipe.wav", "pipe.wav is a device or a pipe"),
        ("full.wav", "full.wav is a device or a pipe"),
        ("nowhere/said.wav", "There is no folder"),
        ("said\0.wav", "No file can be called said␀.wav."),
    ],
)
def test_a_name_that_cannot_be_saved_to_is_refused_before_anything_is_spoken(
    tmp_path: Path, name: str, why: str
) -> None:
    (tmp_path / "folder.wav").mkdir()
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe.wav")
    (tmp_path / "full.wav").symlink_to("/dev/full")
    for over in (False, True):
        with pytest.raises(CannotSave, match=why):
            require_place(tmp_path / name, over=over)


def test_a_folder_that_takes_no_file_is_told_before_anything_is_spoken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opening, there = os.open, names(tmp_path)

    def read_only(path: str | Path, flags: int, *more: int) -> int:
        if flags & os.O_CREAT:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return opening(path, flags, *more)

    require_place(tmp_path / "said.wav")
    require_folder(tmp_path / "all")
    assert names(tmp_path) == there
    monkeypatch.setattr(os, "open", read_only)
    for check in (require_place, require_folder):
        with pytest.raises(CannotSave, match=r"said.wav cannot be saved to: Read-only file system\."):
            check(tmp_path / "said.wav")


async def test_a_link_to_nothing_is_a_file_that_is_there(online: Services, tmp_path: Path) -> None:
    take, link = await a_take(online), tmp_path / "link.wav"
    link.symlink_to(tmp_path / "far.wav")
    with pytest.raises(Exists):
        require_place(link)
    require_place(link, over=True)
    save_take(online, take, link, over=True)
    assert link.is_symlink()
    assert (tmp_path / "far.wav").read_bytes() == read_take(online, take)


async def test_what_is_piped_is_what_was_asked_for_or_a_sentence(online: Services) -> None:
    mp3, wav = await a_take(online, form=SoundFormat.MP3), await a_take(online)
    assert sound_as(online, mp3, SoundFormat.WAV, clean("it")).startswith(b"RIFF")
    assert sound_as(online, wav, SoundFormat.PCM, clean("it")) == read_take(online, wav)[44:]
    with pytest.raises(CannotSave, match="it cannot be MP3"):
        sound_as(online, wav, SoundFormat.MP3, clean("it"))


async def test_a_take_whose_sound_is_gone_is_not_saved(online: Services, tmp_path: Path) -> None:
    take = await a_take(online)
    take_path(online, take).unlink()
    with pytest.raises(CannotSave):
        save_take(online, take, tmp_path / "said.wav")
    assert not (tmp_path / "said.wav").exists()


async def test_a_take_that_somebody_broke_is_not_saved(online: Services, tmp_path: Path) -> None:
    take = await a_take(online)
    take_path(online, take).write_bytes(b"RIFF")
    with pytest.raises(CannotSave):
        save_take(online, take, tmp_path / "said.pcm")
    assert not (tmp_path / "said.pcm").exists()


async def test_the_name_that_is_suggested_says_voice_and_text(online: Services) -> None:
    take = await a_take(online)
    assert suggested_name(take) == "mia-the-harbour-lights-went-out-one-by-o.wav"
    strange = replace(take, voice=NOTHING, text="(sing) ../../冰糖 \x1b[31m?!", file="")
    assert suggested_name(strange) == "冰糖-31m.wav"
    assert suggested_name(replace(strange, text="…")) == "take.wav"


# Keeping and removing.


async def test_takes_are_found_by_their_id_or_the_end_of_it(online: Services) -> None:
    first, second = await a_take(online), await a_take(online)
    assert list_takes(online) == (second, first)
    assert find_take(online, first.id) == first
    assert find_take(online, second.id[-6:]) == second
    assert find_take(online, "last") == second
    with pytest.raises(NoTake, match="may be 2 takes"):
        find_take(online, "20")
    with pytest.raises(NoTake, match=r"There is no take nothing\."):
        find_take(online, "nothing")


async def test_a_take_that_is_kept_outlives_the_clean_up_which_says_what_it_removes(online: Services) -> None:
    first, second, third = [await a_take(online) for _ in range(3)]
    kept = keep_take(online, first, kept=True)
    assert kept.kept
    assert takes_size(online) > 3 * first.size
    assert [take.id for take in to_clean_up(online)] == [second.id, third.id]
    assert len(list_takes(online)) == 3
    assert {take.id for take in clean_up(online)} == {second.id, third.id}
    assert list_takes(online) == (kept,)
    assert not keep_take(online, kept, kept=False).kept
    assert [take.id for take in delete_takes(online, (first, second))] == [first.id]
    assert list_takes(online) == ()


async def test_a_clean_up_leaves_as_much_as_is_wanted(online: Services) -> None:
    await a_take(online)
    assert to_clean_up(online, megabytes=1) == ()


async def test_what_goes_with_the_program_is_listed_kept_and_removed_alike(
    online: Services, tmp_path: Path
) -> None:
    settings(online, "[speech]\nkeep = false\n")
    take = await a_take(online)
    assert not take_path(online, take).is_relative_to(online.places.takes)
    assert save_take(online, take, tmp_path / "said.wav").read_bytes() == read_take(online, take)
    assert keep_take(online, take, kept=True).kept
    assert find_take(online, "last").id == take.id
    assert [each.id for each in delete_takes(online, (take,))] == [take.id]
    assert list_takes(online) == ()
