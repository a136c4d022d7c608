"""Texts spoken by the simulated platform over a real socket: what comes, what is kept, what it cost."""

import io
import os
import re
import wave
from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
import soundfile

from mimo_tui.core.catalogue import Surface
from mimo_tui.core.diagnosis import Cause
from mimo_tui.core.evidence import CallOutcome
from mimo_tui.core.ledger import CREDITS
from mimo_tui.core.meter import cost_text
from mimo_tui.core.model import ModelKind
from mimo_tui.core.speech.joining import PAUSE, SILENCE
from mimo_tui.core.speech.samples import Samples, as_samples
from mimo_tui.core.take import SoundFormat
from mimo_tui.core.usage import Usage
from mimo_tui.services import Services
from mimo_tui.services.presets.listing import PresetView, find, list_presets
from mimo_tui.services.presets.testing import KeyGoesElsewhere
from mimo_tui.services.speech.advising import parts_of
from mimo_tui.services.speech.events import Sounded, SpeechBegan, Spoken
from mimo_tui.services.speech.room import with_room
from mimo_tui.services.speech.speaking import CannotSpeak, advice, speak
from mimo_tui.services.speech.spent import spent
from mimo_tui.services.speech.takes import MEGABYTE, list_takes, read_take, take_path
from mimo_tui.services.speech.targets import NoSpeechTarget, models_for, speech_target
from mimo_tui.simulator.sample_library import build
from mimo_tui.simulator.server import Served
from tests.services.conversations import PRO, a_preset, changed
from tests.services.speeches import (
    CLONE,
    DESIGN,
    LINE,
    RATE,
    SPEECH,
    a_voice,
    bare,
    cause,
    events,
    files,
    heard,
    in_parts,
    knowing,
    parts,
    settings,
    speaking,
    spoken,
)

SENTENCES = (
    "The harbour lights went out one by one. A gull cried somewhere. "
    "Nobody was left on the pier but the old man with his dog. He waited for the last boat."
)


@pytest.fixture
def services(home: Path) -> Iterator[Services]:
    """Services without a library."""
    with bare(home) as made:
        yield made


@pytest.mark.parametrize("streamed", [True, False])
@pytest.mark.parametrize("form", [SoundFormat.WAV, SoundFormat.PCM])
async def test_a_line_is_spoken_heard_while_it_comes_and_kept_as_a_wav(
    online: Services, form: SoundFormat, streamed: bool
) -> None:
    found = await events(online, speaking(online, voice="Mia", style="Calm.", format=form, streamed=streamed))
    began, *_, ended = found
    assert isinstance(began, SpeechBegan)
    assert isinstance(ended, Spoken)
    take = ended.take
    data = read_take(online, take)
    sound = soundfile.SoundFile(io.BytesIO(data))
    assert (sound.samplerate, sound.channels, sound.format, sound.subtype) == (RATE, 1, "WAV", "PCM_16")
    assert take.seconds == pytest.approx(sound.frames / RATE, abs=0.001)
    with wave.open(io.BytesIO(data)) as read:
        assert read.readframes(read.getnframes()) == heard(found)
    assert (take.voice, take.style, take.model, take.rate) == ("Mia", "Calm.", SPEECH, RATE)
    assert (take.complete, take.stopped, take.failure, take.simulated) == (True, False, None, True)
    assert (take.size, take.format, take.streamed) == (len(data), form, streamed)
    assert 100 <= len(take.waveform) <= 200
    assert max(take.waveform) > 10
    assert take.first_sound is not None
    assert take.took is not None
    assert 0 < take.first_sound <= take.took
    assert take.usage is not None
    assert take.cost is not None
    assert take.cost.amount == 0
    assert take.cost.currency == "CNY"
    assert began.take.id == take.id
    assert (ended.problem, ended.removed, ended.exchange.status) == ("", (), 200)
    assert list_takes(online) == (take,)
    assert len(files(online)) == 1


async def test_every_piece_is_kept_before_it_is_heard(online: Services) -> None:
    came = 0
    async with aclosing(speak(online, speaking(online))) as stream:
        async for event in stream:
            if isinstance(event, Sounded):
                came += len(event.samples)
                (part,) = files(online)
                assert part.stat().st_size >= came
    assert came > 0


@pytest.mark.parametrize("streamed", [True, False])
async def test_a_line_spoken_as_mp3_is_kept_as_it_came(online: Services, streamed: bool) -> None:
    began, *between, ended = await events(online, speaking(online, format=SoundFormat.MP3, streamed=streamed))
    assert isinstance(began, SpeechBegan)
    assert isinstance(ended, Spoken)
    assert (between, began.take.rate) == ([], 0)
    take = ended.take
    assert (take.complete, Path(take.file).suffix) == (True, ".mp3")
    sound = soundfile.SoundFile(io.BytesIO(read_take(online, take)))
    assert (sound.format, sound.channels) == ("MP3", 1)
    assert take.seconds == pytest.approx(sound.frames / sound.samplerate, abs=0.1)
    assert take.waveform


async def test_a_designed_voice_polishes_the_text_where_it_is_asked_to(online: Services) -> None:
    order = speaking(online, "sit down", ModelKind.VOICE_DESIGN, description="An old man", polish=True)
    take = (await spoken(online, order)).take
    assert (take.model, take.voice, take.preview, take.complete) == (DESIGN, "An old man", "Sit down.", True)


async def test_a_voice_is_cloned_from_a_sample_and_the_sample_is_not_in_what_is_shown(
    online: Services, tmp_path: Path
) -> None:
    sample = await a_voice(online, tmp_path)
    ended = await spoken(online, speaking(online, kind=ModelKind.VOICE_CLONE, sample=sample))
    assert (ended.take.model, ended.take.voice, ended.take.complete) == (CLONE, "voice.wav", True)
    assert "characters left out" in ended.raw.request_body
    assert len(ended.raw.request_body) < 1000


# Long texts.


@pytest.mark.parametrize("streamed", [True, False])
async def test_a_long_text_is_spoken_in_parts_and_joined_without_a_gap_or_a_click(
    online: Services, served: Served, streamed: bool
) -> None:
    in_parts(online, 60)
    order = speaking(online, f"(calm) {SENTENCES}", streamed=streamed)
    found = await events(online, order)
    ended = found[-1]
    assert isinstance(ended, Spoken)
    count = parts(found)
    assert count == 4
    assert {event.part for event in found if isinstance(event, Sounded)} == {1, 2, 3, 4}
    progress = [event.seconds for event in found if isinstance(event, Sounded)]
    assert progress == sorted(progress)
    take = ended.take
    assert (take.complete, len(take.joins)) == (True, count - 1)
    samples = as_samples(heard(found))
    sound = soundfile.SoundFile(io.BytesIO(read_take(online, take)))
    assert (sound.frames, sound.samplerate) == (len(samples), RATE)
    for join in take.joins:
        around = samples[int((join - PAUSE) * RATE) : int((join + PAUSE) * RATE)]
        quiet = longest_silence(around)
        assert PAUSE * 0.9 <= quiet / RATE <= PAUSE * 1.1
        assert max(abs(after - before) for before, after in pairwise(around)) < 6000
    assert take.usage is not None
    assert take.usage.prompt is not None
    one = (await spoken(online, speaking(online, "(calm) A gull cried somewhere."))).take
    assert one.usage is not None
    assert one.usage.prompt is not None
    assert take.usage.prompt > 2 * one.usage.prompt
    assert len(served.platform.log) == count + 1
    assert any("4 requests" in note for note in take.notes)


def longest_silence(samples: Samples) -> int:
    longest = run = 0
    for sample in samples:
        run = run + 1 if abs(sample) <= SILENCE else 0
        longest = max(longest, run)
    return longest


async def test_a_part_that_fails_keeps_the_parts_before_it(online: Services, served: Served) -> None:
    in_parts(online, 60)
    served.platform.put_fault("status=400; after=2", always=True)
    found = await events(online, speaking(online, SENTENCES))
    ended = found[-1]
    assert isinstance(ended, Spoken)
    take = ended.take
    assert cause(ended) is Cause.PARAMETER
    assert (take.complete, take.stopped, take.failure) == (False, False, ended.diagnosis)
    assert {event.part for event in found if isinstance(event, Sounded)} == {1, 2}
    assert len(read_take(online, take)) == 44 + len(heard(found))
    assert "It ends with part 2 of 4, whose last words are “A gull cried somewhere.”." in take.notes
    assert len(take.joins) == 1


async def test_a_long_text_of_a_designed_voice_has_no_tag_to_repeat(online: Services) -> None:
    in_parts(online, 60)
    order = speaking(online, f"(calm) {SENTENCES}", ModelKind.VOICE_DESIGN, description="An old man")
    assert [part.startswith("(calm)") for part in parts_of(online, order)] == [True, False, False, False]
    assert any("designs the voice anew" in each for each in advice(online, order))


# Voices, models and hosts.


async def test_what_a_call_told_of_its_model_is_known_from_then_on(online: Services) -> None:
    await spoken(online, speaking(online))
    (call,) = online.observations.calls()
    assert (call.model, call.outcome, call.status) == (SPEECH, CallOutcome.ANSWERED, 200)
    assert (call.input_tokens, call.requests_in_minute) == (14, 1)


async def test_an_unknown_voice_is_refused_and_the_voices_that_there_are_become_known(
    online: Services,
) -> None:
    order = speaking(online, voice="Nobody")
    assert any("Nobody" in each for each in advice(online, order))
    ended = await spoken(online, order)
    assert cause(ended) is Cause.VOICE
    assert ended.diagnosis is not None
    assert "Mia" in ended.diagnosis.remedy
    assert (ended.take.file, ended.take.complete) == ("", False)
    assert files(online) == []
    seen = online.observations.voices()
    assert [each.model for each in seen] == [SPEECH]


def library_preset(services: Services, surface: str = "openai") -> PresetView:
    """Give a preset of the sample library whose key the platform takes."""
    build(services.places.home)
    return a_preset(services, surface)


async def test_a_preset_on_the_anthropic_surface_speaks_by_the_openai_one_of_its_host(
    online: Services,
) -> None:
    view = library_preset(online, "anthropic")
    target = speech_target(online, view, ModelKind.SPEECH)
    assert target.endpoint.surface is Surface.OPENAI
    assert target.url == "https://api.xiaomimimo.com/v1/chat/completions"
    assert (await spoken(online, replace(speaking(online), target=target))).take.complete


@pytest.mark.parametrize(
    ("kind", "model"),
    [(ModelKind.SPEECH, SPEECH), (ModelKind.VOICE_DESIGN, DESIGN), (ModelKind.VOICE_CLONE, CLONE)],
)
def test_the_current_model_of_a_kind_is_chosen_unless_one_is_named(
    services: Services, kind: ModelKind, model: str
) -> None:
    view = library_preset(services)
    assert speech_target(services, view, kind).model == model
    assert models_for(services, kind)[0].model.id == model
    assert speech_target(services, view, kind, model="a-tts-of-tomorrow").model == "a-tts-of-tomorrow"


def test_a_host_that_is_not_mimos_is_asked_for_no_model_of_mimo_unless_it_is_named(
    services: Services,
) -> None:
    library_preset(services)
    zhipu = find(list_presets(services), "zhipu-1")
    for kind in (ModelKind.SPEECH, ModelKind.RECOGNITION):
        with pytest.raises(NoSpeechTarget, match="Choose a preset of MiMo"):
            speech_target(services, zhipu, kind, agreed=True)
    elsewhere = changed(services, "unknown", base_url="https://mimo.example.com/v1")
    with pytest.raises(NoSpeechTarget, match="is a model for chat"):
        speech_target(services, elsewhere, ModelKind.SPEECH, model=PRO)
    assert speech_target(services, zhipu, ModelKind.SPEECH, model=SPEECH, agreed=True).model == SPEECH


def test_by_a_host_that_stands_for_mimo_its_current_model_speaks(services: Services) -> None:
    library_preset(services)
    proxy = changed(services, "unknown", base_url="https://mimo.example.com/v1")
    with pytest.raises(KeyGoesElsewhere):
        speech_target(services, proxy, ModelKind.SPEECH)
    assert speech_target(services, proxy, ModelKind.SPEECH, agreed=True).model == SPEECH


def test_of_a_free_model_the_cost_is_nothing_also_where_a_part_did_not_tell_its_tokens(
    services: Services,
) -> None:
    found = spent([Usage(prompt=3, completion=4), None], SPEECH, "CNY", services.catalogue)
    assert found.cost is not None
    assert cost_text(found.cost) == "¥0"


def test_a_model_of_another_kind_is_not_asked(services: Services) -> None:
    with pytest.raises(NoSpeechTarget, match=f"{PRO} is a model for chat, not for speech.*{SPEECH}"):
        speech_target(services, library_preset(services), ModelKind.SPEECH, model=PRO)


async def test_on_a_plan_the_cost_is_told_in_credits(online: Services) -> None:
    order = speaking(online)
    plan = next(each for each in online.catalogue.families if each.plan)
    target = replace(order.target, endpoint=replace(order.target.endpoint, family=plan))
    take = (await spoken(online, replace(order, target=target))).take
    assert take.cost is not None
    assert take.cost.currency == CREDITS


# Before anything is sent.


UNSPEAKABLE: tuple[tuple[ModelKind, str, dict[str, object], str], ...] = (
    (ModelKind.SPEECH, "  \n", {}, "There is no text: write what is to be spoken."),
    (ModelKind.SPEECH, "(sing) ", {}, "There is only a tag"),
    (ModelKind.VOICE_DESIGN, LINE, {}, "Describe the voice"),
    (ModelKind.VOICE_DESIGN, "", {"description": "A child"}, "There is no text"),
    (ModelKind.VOICE_CLONE, LINE, {}, "Name a sample"),
    (ModelKind.CHAT, LINE, {}, "A model for chat does not speak."),
    (ModelKind.SPEECH, LINE, {"style": "slowly " * 9000}, "too long: .* takes 8K in all"),
    (
        ModelKind.VOICE_DESIGN,
        LINE,
        {"description": "老人" * 9000},
        "The style and the description are too long",
    ),
    (ModelKind.SPEECH, LINE * 70, {"format": SoundFormat.MP3}, "2 parts, and MP3 .* Ask for WAV."),
)


async def test_what_cannot_be_spoken_is_said_before_anything_is_sent(
    online: Services, served: Served
) -> None:
    for kind, text, fields, why in UNSPEAKABLE:
        with pytest.raises(CannotSpeak, match=why):
            await events(online, speaking(online, text, kind, **fields))
    assert served.platform.log == ()
    assert files(online) == []


async def test_what_is_streamed_needs_a_rate_that_is_known(online: Services) -> None:
    known = online.catalogue.facts
    without = knowing(online, {name: fact for name, fact in known.items() if name != "speech_sample_rate"})
    order = speaking(online)
    with pytest.raises(CannotSpeak, match="Ask for WAV, not streamed"):
        await events(without, order)


@pytest.mark.parametrize(
    ("kind", "text", "fields", "word"),
    [
        (ModelKind.VOICE_DESIGN, "(happy) Hello", {"description": "A child"}, "takes no tags"),
        (ModelKind.VOICE_DESIGN, "Hello [sigh] you", {"description": "A child"}, "takes no tags"),
        (ModelKind.VOICE_CLONE, "(唱歌) 你好", {}, "does not sing"),
        (ModelKind.SPEECH, "<style>happy</style>Hello", {}, "belongs to a model that is gone"),
        (ModelKind.SPEECH, "Hello", {"polish": True}, "Only voice design polishes"),
        (ModelKind.SPEECH, "Hello", {"voice": "mia"}, "mia is none of the voices .* Mia is"),
    ],
)
def test_what_would_have_no_effect_is_said_beforehand(
    services: Services, kind: ModelKind, text: str, fields: dict[str, object], word: str
) -> None:
    (told,) = advice(services, speaking(services, text, kind, **fields))
    assert re.search(word, told)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (ModelKind.SPEECH, "(sing) La la [laugh]"),
        (ModelKind.SPEECH, LINE),
        (ModelKind.VOICE_CLONE, "(happy) Hello"),
        (ModelKind.VOICE_DESIGN, LINE),
    ],
)
def test_where_all_is_well_nothing_is_said(services: Services, kind: ModelKind, text: str) -> None:
    assert advice(services, speaking(services, text, kind, voice="Mia", description="A child")) == ()


async def test_where_nothing_is_to_be_kept_the_take_goes_with_the_program(online: Services) -> None:
    settings(online, "[speech]\nkeep = false\n")
    take = (await spoken(online, speaking(online))).take
    assert take.complete
    assert files(online) == []
    assert read_take(online, take).startswith(b"RIFF")
    assert list_takes(online) == (take,)


async def test_the_oldest_takes_go_where_the_folder_holds_too_much_and_it_is_said_which(
    online: Services,
) -> None:
    settings(online, "[speech]\nmegabytes = 1\n")
    first, second, third = [await spoken(online, speaking(online, LINE * 3)) for _ in range(3)]
    assert first.take.size * 2 < MEGABYTE < first.take.size * 3
    assert with_room(online, third).removed == ()
    for ended in (first, second):
        os.utime(take_path(online, ended.take), (0, 0))
    assert [take.id for take in with_room(online, third).removed] == [first.take.id]
    assert [take.id for take in list_takes(online)] == [third.take.id, second.take.id]
