"""What is done on the Speech screen beside writing: a text is spoken, a take is heard, saved, compared or removed.

Imported with the first action, not with the first frame.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import PurePath
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

from mimo_tui.core.model import ModelKind
from mimo_tui.core.secrets import safe
from mimo_tui.core.text import Clean, clean
from mimo_tui.services import Services
from mimo_tui.services.refusals import NothingSent
from mimo_tui.services.speech.advising import advice, parts_of
from mimo_tui.services.speech.orders import Speaking
from mimo_tui.services.speech.sampling import CannotAttach
from mimo_tui.services.speech.sampling import read_sample as read_file
from mimo_tui.services.speech.targets import speech_target
from mimo_tui.sound.player import PlayerState
from mimo_tui.tui.asking_targets import go_to_key, go_to_preset, pick_model, pick_preset
from mimo_tui.tui.places import LISTEN, GoTo
from mimo_tui.tui.screens.choose import Choice, Choose
from mimo_tui.tui.screens.raw_exchange import RawExchange
from mimo_tui.tui.speech_files import clean_takes, copy_path, delete, keep, reveal, save
from mimo_tui.tui.speech_offers import Remedy
from mimo_tui.tui.speech_rows import voice_words
from mimo_tui.tui.speech_state import ReadSample
from mimo_tui.tui.widgets.speech_form import SpeechDraft

if TYPE_CHECKING:
    from mimo_tui.services.presets.testing import Target
    from mimo_tui.tui.screens.speech import SpeechScreen

Action: TypeAlias = "Callable[[SpeechScreen], Awaitable[None]]"

# Speaking.


async def speak(screen: "SpeechScreen") -> None:
    """Have what is written spoken."""
    order = await _order(screen, screen.form.draft)
    if order is not None:
        screen.enqueue([order])


async def audition(screen: "SpeechScreen") -> None:
    """Have the same line spoken by every voice that the list shows, one after the other.

    Where what is typed is in no list, or only stands for another voice, that name alone is asked for.
    """
    voices = screen.form.voices
    names = [each.id for each in voices.narrowed] or ([voices.voice] if voices.voice else [])
    if not names:
        voices.line.focus()
        screen.tell_unsent("No voice is known: type the name of one.")
        return
    order = await _order(screen, screen.form.draft)
    if order is not None:
        parts = await asyncio.to_thread(parts_of, screen.services, order)
        count = f"{_counted(len(names), 'voice')}, {_counted(len(names) * len(parts), 'request')}"
        screen.enqueue([replace(order, voice=each) for each in names], clean(count))
        screen.table.focus()  # there one marks and compares while the others speak


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


async def _order(screen: "SpeechScreen", draft: SpeechDraft) -> Speaking | None:
    """Give what is to be spoken; None: it cannot be, and it was said why."""
    if not draft.text.strip() and not (draft.kind is ModelKind.VOICE_DESIGN and draft.polish):
        screen.form.text.focus()
        screen.tell_unsent("There is no text: write what is to be spoken.")
        return None
    screen.advised = draft  # what there is to be said of it stands with the take
    read = screen.sample
    if draft.kind is ModelKind.VOICE_CLONE and draft.sample and read.location != draft.sample:
        read = await screen.read_sample(draft.sample)
        if read.sample is not None:
            # Nobody is to send a sample of which they have not seen how long and how loud it is.
            screen.tell("Speech", "The sample is read, and nothing is sent yet: enter has the text spoken.")
            return None
    if draft.kind is ModelKind.VOICE_CLONE and read.problem:
        screen.form.go_to_voice()
        screen.tell_unsent(read.problem)
        return None
    target = await screen.target()
    if target is None or screen.view is None:
        return None
    return _speaking(draft, target, read, screen.view.reference)


def _speaking(draft: SpeechDraft, target: "Target", read: ReadSample, preset: Clean) -> Speaking:
    kind = draft.kind
    return Speaking(
        draft.text,
        target,
        kind,
        voice=draft.voice if kind is ModelKind.SPEECH else "",
        description=draft.description if kind is ModelKind.VOICE_DESIGN else "",
        sample=read.sample if kind is ModelKind.VOICE_CLONE else None,
        style=draft.style,
        format=draft.format,
        streamed=draft.streamed,
        polish=draft.polish and kind is ModelKind.VOICE_DESIGN,
        preset=preset,
    )


async def advised(screen: "SpeechScreen") -> Clean | None:
    """Say what of what is written will not come out as one may think; None: that cannot be known yet."""
    draft, view, services = screen.form.draft, screen.view, screen.services
    if view is None or not draft.text.strip():
        return None

    def advised_now() -> Clean | None:
        try:
            # Nothing is sent: whether the key may go there is asked when it is to.
            target = speech_target(services, view, draft.kind, model=screen.model, agreed=True)
        except NothingSent:
            return None
        return clean(" ".join(advice(services, _speaking(draft, target, ReadSample(""), view.reference))))

    return await asyncio.to_thread(advised_now)


async def read_sample(services: Services, location: str) -> ReadSample:
    """Read a sample of a voice, or say why it cannot be one."""
    try:
        return ReadSample(location, await asyncio.to_thread(read_file, services, location))
    except CannotAttach as problem:
        return ReadSample(location, problem=clean(str(problem)))


# Hearing.


async def toggle(screen: "SpeechScreen") -> None:
    """Play the take under the cursor, or pause."""
    if (chosen := screen.chosen) is not None:
        await screen.play(chosen.id)


async def swap(screen: "SpeechScreen") -> None:
    """Go from A to B, or back, at the same place."""
    pair = screen.shelf.pair
    if pair is None:
        return
    desk = screen.desk
    playing = desk.playing.key if desk.playing is not None else ""
    at = desk.position if playing in pair and desk.state is not PlayerState.STOPPED else 0.0
    is_paused = desk.state is PlayerState.PAUSED
    other = pair[1] if playing == pair[0] else pair[0]
    await screen.play(other, at=at)
    if is_paused:
        desk.pause()
    screen.table.move_to(other)


async def listen(screen: "SpeechScreen") -> None:
    """Go to Listen with the take."""
    if (chosen := screen.chosen) is not None:
        screen.desk.pause()
        screen.app.post_message(GoTo(LISTEN.id, chosen.id))


# The form, and what mends a failure.


async def again(screen: "SpeechScreen") -> None:
    """Put what the take was made of into the form."""
    take = screen.chosen
    if take is None:
        return
    is_design, is_clone = take.kind is ModelKind.VOICE_DESIGN, take.kind is ModelKind.VOICE_CLONE
    named = screen.form.draft.sample
    # Of a sample a take has only the name: another one must not speak in its place.
    sample = named if is_clone and safe(PurePath(named).name) == take.voice else ""
    draft = replace(
        screen.form.draft,
        text=take.text,
        kind=take.kind,
        voice=take.voice,
        description=take.voice if is_design else "",
        sample=sample if is_clone else named,
        style=take.style,
        format=take.format,
        streamed=take.streamed,
    )
    screen.form.write(draft)
    screen.form.text.focus()
    if is_clone and not sample:
        other = f", and {safe(PurePath(named).name)} is another one" if named else ""
        screen.form.path.focus()
        screen.tell("Speech", f"The sample was {take.voice}{other}: name its file once more.", "warning")


async def raw(screen: "SpeechScreen") -> None:
    """Show request and answer as they were: of the take under the cursor, or else of what was asked last."""
    chosen = screen.chosen
    own = screen.shelf.raws.get(chosen.id) if chosen is not None and not screen.in_form else None
    found = own or screen.last_raw
    if found is None:
        return
    title = voice_words(chosen) if own is not None and chosen is not None else clean("what was asked last")
    await screen.app.push_screen_wait(RawExchange(title, found, simulated=screen.services.simulated))


async def remedy(screen: "SpeechScreen") -> None:
    """Do what mends the last failure; where nothing failed, what the preset lacks."""
    match screen.where.remedy:
        case Remedy.VOICE:
            await _choose_voice(screen)
        case Remedy.MODEL:
            await pick_model(screen)
        case Remedy.KEYS:
            go_to_key(screen)
        case Remedy.PRESET:
            go_to_preset(screen)
        case Remedy.TEXT:
            screen.form.text.focus()
        case Remedy.SAMPLE:
            _go_to_sample(screen)
        case Remedy.AGAIN:
            await speak(screen)


def _go_to_sample(screen: "SpeechScreen") -> None:
    if screen.kind is ModelKind.VOICE_CLONE:
        screen.form.path.focus()
    else:
        screen.form.text.focus()


async def _choose_voice(screen: "SpeechScreen") -> None:
    """Choose one of the voices that the service names, and have the line spoken by it when the person says so."""
    voices = [each for each in screen.form.voices.voices if not each.is_alias]
    choices = [
        Choice(
            each.id,
            clean(each.id),
            clean(", ".join(filter(None, (each.language, each.gender, each.character)))),
        )
        for each in voices
    ]
    if not choices:
        screen.form.voices.line.focus()
        return
    answer = await screen.app.push_screen_wait(Choose(clean("Speak with which voice?"), choices))
    if answer is not None:
        screen.form.voices.choose(answer)
        screen.form.voices.line.focus()
        screen.tell("Speech", f"{clean(answer)} speaks from here on: enter has it spoken.")


ACTIONS: Final[Mapping[str, Action]] = MappingProxyType(
    {
        "speak": speak,
        "audition": audition,
        "toggle": toggle,
        "swap": swap,
        "listen": listen,
        "save": save,
        "path": copy_path,
        "reveal": reveal,
        "keep": keep,
        "delete": delete,
        "clean": clean_takes,
        "again": again,
        "preset": pick_preset,
        "model": pick_model,
        "raw": raw,
        "remedy": remedy,
    }
)
"""What is done by a dialog, a look at files, or a request."""
