"""Recordings for the Listen screen: read, weighed, played, chosen among the takes.

Imported with the first action, not with the first frame.
"""

import asyncio
from itertools import islice
from pathlib import Path
from typing import Final

from mimo_tui.core.catalogue import ModelKind
from mimo_tui.core.media.boxes import Broken
from mimo_tui.core.secrets import safe
from mimo_tui.core.speech.waves import read_wave
from mimo_tui.core.take import Take
from mimo_tui.core.text import clean
from mimo_tui.services import Services
from mimo_tui.services.playground.attaching import path_of
from mimo_tui.services.presets.listing import PresetView
from mimo_tui.services.refusals import NothingSent
from mimo_tui.services.speech.listening import estimate, rate
from mimo_tui.services.speech.orders import Listening, Sample
from mimo_tui.services.speech.recording import recording_of
from mimo_tui.services.speech.sampling import read_sample
from mimo_tui.services.speech.takes import (
    NoTake,
    TakesProblem,
    find_take,
    list_takes,
    read_take,
    require_sound,
)
from mimo_tui.services.speech.targets import speech_target
from mimo_tui.sound.decoding import NoDecoder, decode
from mimo_tui.sound.track import Track
from mimo_tui.tui.listen_state import Recording, Weighed
from mimo_tui.tui.player_desk import Playing
from mimo_tui.tui.screens.choose import Choice, Choose
from mimo_tui.tui.screens.recording_place import RecordingPlace
from mimo_tui.tui.widgets.take_text import clock_text

_LONGEST_TITLE: Final = 60
_MOST_TAKES: Final = 300
"""More of them would take long to list, and nobody reads them."""


async def read(screen: RecordingPlace, location: str) -> bool:
    """Read what is named, a file or else a take, and show what it is; gives whether that could be done."""
    services = screen.services
    try:
        recording = await asyncio.to_thread(_recording, services, location)
    except (NothingSent, TakesProblem) as problem:
        screen.tell_fault(clean(str(problem)), location)
        return False
    screen.take_recording(recording)
    return True


def _recording(services: Services, location: str) -> Recording:
    path = path_of(location)
    take = None if _is_there(path) else _take(services, location)
    if take is None:
        if _may_be_take(location) and not _is_there(path):
            raise NoTake(
                f"There is no take {safe(location)}, nor a file of that name. "
                "A take that stood in the list was removed by another program."
            )
        return Recording(location, read_sample(services, location, for_recognition=True), path)
    path = require_sound(services, take)
    data = read_take(services, take)
    sample = read_sample(services, take.file, for_recognition=True, data=data, is_take=True)
    return Recording(location, sample, path, take)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        # ValueError: a name that no file can have.
        return False


def _may_be_take(name: str) -> bool:
    """Tell whether a name may be the id of a take: those hold nothing that names a folder or a kind of file."""
    return not set(name) & set("/\\.~:")


def _take(services: Services, name: str) -> Take | None:
    """Give the take of that id; None: there is none, so that a file is meant which is not there."""
    try:
        return find_take(services, name)
    except NothingSent:
        return None


def weighed(services: Services, view: PresetView, model: str, recording: Recording) -> Weighed:
    """Give what hearing it takes with that preset. Slow: call it in a thread."""
    try:
        # Nothing is sent: whether the key may go there is asked when it is to.
        target = speech_target(services, view, ModelKind.RECOGNITION, model=model, agreed=True)
    except NothingSent:
        return Weighed()  # the head says why
    try:
        parts = recording_of(services, recording.sample, target.model).parts
    except NothingSent as problem:
        return Weighed(problem=clean(str(problem)))
    listening = Listening(recording.sample, target)
    return Weighed(parts, estimate(services, listening), rate(services, listening))


async def play(screen: RecordingPlace) -> None:
    """Play the recording, or pause."""
    recording = screen.named
    if recording is None:
        return
    playing = screen.desk.playing
    if playing is None or playing.key != recording.location:
        try:
            track = await asyncio.to_thread(_track, recording.sample)
        except (Broken, NoDecoder) as problem:
            screen.tell("Not played", f"{recording.sample.name}: {problem}", "error")
            return
        playing = Playing(recording.location, recording.name, track, recording.path)
    await screen.desk.toggle(playing)


def _track(sample: Sample) -> Track:
    if sample.data[:4] == b"RIFF":
        wave = read_wave(sample.data)
        return Track(wave.rate, wave.samples, is_ended=True)
    decoded = decode(sample.data)
    return Track(decoded.rate, decoded.samples, is_ended=True)


async def take_one(screen: RecordingPlace) -> None:
    """Choose one of the takes."""
    try:
        choices = await asyncio.to_thread(_choices, screen.services)
    except TakesProblem as problem:
        screen.tell("Takes", str(problem), "error")
        return
    if not choices:
        screen.tell("Takes", "There is no take yet: 6 goes to Speech, where one is spoken.", "warning")
        return
    now = (
        screen.recording.take.id if screen.recording is not None and screen.recording.take is not None else ""
    )
    question = clean("Listen to which take?")
    if len(choices) == _MOST_TAKES:
        question = clean(
            f"Listen to which of the newest {_MOST_TAKES:,} takes? Of others the id goes into the path."
        )
    answer = await screen.app.push_screen_wait(Choose(question, choices, current=now))
    if answer is not None:
        screen.path.put(answer)
        await read(screen, answer)


def _choices(services: Services) -> list[Choice]:
    return [
        _choice(take) for take in islice((each for each in list_takes(services) if each.file), _MOST_TAKES)
    ]


def _choice(take: Take) -> Choice:
    voice = safe(take.voice[:_LONGEST_TITLE]) or take.kind.value
    marks = [clock_text(take.seconds) if take.seconds else "", "" if take.complete else "not complete"]
    marks += ["SIMULATED" if take.simulated else "", f"{take.at.astimezone():%Y-%m-%d %H:%M}"]
    title = clean(" · ".join([voice, *filter(None, marks)]))
    text = safe((take.preview or take.text)[:_LONGEST_TITLE])
    return Choice(take.id, title, text or None)
