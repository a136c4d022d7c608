"""What is done on the Listen screen: a recording is heard, and what was heard leaves it.

Imported with the first action, not with the first frame.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

from mimo_tui.core.secrets import safe
from mimo_tui.core.text import NOTHING, Clean, clean, clean_lines
from mimo_tui.services import Services
from mimo_tui.services.doctor.writing import NotThere, Occupied, report_file, write_report
from mimo_tui.services.refusals import NothingSent
from mimo_tui.services.speech.events import Heard, ListeningBegan, ListeningEnded, ListeningEvent
from mimo_tui.services.speech.listening import languages, listen
from mimo_tui.services.speech.orders import Listening
from mimo_tui.services.speech.round_trip import check
from mimo_tui.services.speech.saving import suggested_name
from mimo_tui.store.atomic import SaveFailed
from mimo_tui.tui.asking_targets import go_to_key, go_to_preset, pick_model, pick_preset
from mimo_tui.tui.listen_offers import Remedy
from mimo_tui.tui.listen_recordings import read, take_one
from mimo_tui.tui.listen_rows import LANGUAGES
from mimo_tui.tui.listen_state import Hearing
from mimo_tui.tui.screens.ask_text import AskText
from mimo_tui.tui.screens.choose import Choice, Choose
from mimo_tui.tui.screens.raw_exchange import RawExchange

if TYPE_CHECKING:
    from mimo_tui.tui.screens.listen import ListenScreen

Action: TypeAlias = "Callable[[ListenScreen], Awaitable[None]]"

_AUTO: Final = "auto"
_LONGEST_TITLE: Final = 60
_LONGEST_NAME: Final = 40
_MOST_NAMES: Final = 100


async def language(screen: "ListenScreen") -> None:
    """Choose the language that is spoken in the recording."""
    known = await asyncio.to_thread(languages, screen.services)
    if not known:
        screen.tell("Language", "Which languages may be named is not known: none is sent.", "warning")
        return
    choices = [Choice(each, safe(each), _named(each)) for each in known]
    question = clean("Which language is spoken in it?")
    answer = await screen.app.push_screen_wait(Choose(question, choices, current=screen.language or _AUTO))
    if answer is not None:
        screen.language = answer
        screen.show_around()


def _named(language: str) -> Clean | None:
    found = LANGUAGES.get(language)
    return clean(found) if found else None


# Hearing.


async def _play(screen: "ListenScreen") -> None:
    await screen.play()


async def start(screen: "ListenScreen") -> None:
    """Have the recording heard that was read; where another one is named by now, that is read and shown first."""
    location = screen.path.value.strip()
    recording = screen.named
    if recording is None:
        if not location:
            screen.path.focus()
            screen.tell_fault(clean("Name a recording first: its path, or ctrl+t for a take."))
        elif await read(screen, location):
            screen.path.focus()
        return
    if screen.is_busy:
        screen.tell("Not sent", "A recording is being heard. Escape stops that.", "warning")
        return
    target = await screen.target()
    if target is None or screen.view is None:
        return
    hearing = Hearing(
        len(screen.hearings) + 1,
        recording.name,
        recording.location,
        recording.sample.seconds,
        screen.language,
        recording.take,
    )
    preset = screen.view.reference
    screen.begin(hearing, Listening(recording.sample, target, language=screen.language, preset=preset))


async def hear(screen: "ListenScreen", hearing: Hearing, listening: Listening) -> None:
    """Show what is heard as it comes; at the end, hold it against what was to be said, where that is known."""
    try:
        async with aclosing(listen(screen.services, listening, hearing.stop)) as events:
            async for event in events:
                _happened(screen, hearing, event)
        await _compare(hearing)
    except NothingSent as problem:
        hearing.unchecked = clean(f"Nothing was sent: {problem}")
    finally:
        hearing.is_over = True
        if screen.is_running:
            screen.show_hearing(hearing)


def _happened(screen: "ListenScreen", hearing: Hearing, event: ListeningEvent) -> None:
    match event:
        case ListeningBegan(parts):
            hearing.parts = parts
        case Heard(text, part):
            is_next, hearing.part = part != hearing.part, part
            screen.grow(hearing, text)
            if is_next:
                screen.show_hearing(hearing)
        case ListeningEnded():
            hearing.ended = event


async def _compare(hearing: Hearing) -> None:
    take, ended = hearing.take, hearing.ended
    if take is None or ended is None or not ended.transcript.complete:
        return
    if not take.complete:
        hearing.unchecked = clean("The take is not complete, so that it is not held against its text.")
        return
    hearing.difference = await asyncio.to_thread(check, take, ended.transcript)


# What leaves the screen.


async def copy(screen: "ListenScreen") -> None:
    """Copy what was heard."""
    hearing = screen.chosen
    if hearing is not None:
        text = clean_lines(hearing.heard)
        screen.app.copy_to_clipboard(text)
        hearing.taken = hearing.heard
        screen.tell("Copied", f"Handed to the terminal's clipboard: {len(text):,} characters.")


async def save(screen: "ListenScreen") -> None:
    """Write what was heard into a file, as text."""
    hearing = screen.chosen
    if hearing is None or not hearing.heard:
        return
    name, refused = await asyncio.to_thread(_free_name, screen.services, hearing), NOTHING
    hint = clean("Plain text. A file that is there already stays as it is.")
    while True:
        asked = AskText(clean("Write what was heard to:"), name, refused or hint, _fault)
        given = await screen.app.push_screen_wait(asked)
        if given is None:
            return
        name = clean(given)
        try:
            heard = hearing.heard
            path = await asyncio.to_thread(report_file, screen.services, given)
            await asyncio.to_thread(write_report, path, clean_lines(f"{heard.rstrip()}\n"))
        except Occupied:
            refused = clean(f"✗ {given} is there already and stays as it is. Give another name.")
        except (NotThere, SaveFailed) as error:
            refused = clean(f"✗ {error}")
        else:
            hearing.taken = heard
            screen.tell("Written", str(path))
            return


def _free_name(services: Services, hearing: Hearing) -> Clean:
    """Give a name that says what was heard, and that no file has. Blocks."""
    folder = "." if services.simulated else "~"
    called = suggested_name(hearing.take) if hearing.take is not None else hearing.name
    stem = clean(Path(called).stem[:_LONGEST_NAME]) or "recording"
    first = f"{folder}/{stem}.txt"
    others = (f"{folder}/{stem}-{number}.txt" for number in range(2, _MOST_NAMES))
    return clean(next((name for name in (first, *others) if _is_free(services, name)), first))


def _is_free(services: Services, name: str) -> bool:
    try:
        return not os.path.lexists(report_file(services, name))
    except NotThere:
        return False  # a folder has it, or nothing can lie there; writing says which


def _fault(name: str) -> str | None:
    return None if name.strip() else "a text needs the name of a file"


async def raw(screen: "ListenScreen") -> None:
    """Show request and answer as they were; of a recording in parts, the last."""
    hearing = screen.chosen
    if hearing is not None and hearing.ended is not None:
        simulated = hearing.ended.transcript.simulated
        await screen.app.push_screen_wait(RawExchange(hearing.name, hearing.ended.raw, simulated=simulated))


async def remedy(screen: "ListenScreen") -> None:
    """Do what mends the failure."""
    match screen.where.remedy:
        case Remedy.MODEL:
            await pick_model(screen)
        case Remedy.KEYS:
            go_to_key(screen)
        case Remedy.PRESET:
            go_to_preset(screen)
        case Remedy.RECORDING:
            screen.path.focus()
        case Remedy.LANGUAGE:
            await language(screen)
        case Remedy.AGAIN:
            hearing = screen.chosen
            if hearing is not None:
                screen.path.put(hearing.location)
                current = screen.named
                if (current is not None and current.location == hearing.location) or await read(
                    screen, hearing.location
                ):
                    await start(screen)


ACTIONS: Final[Mapping[str, Action]] = MappingProxyType(
    {
        "listen": start,
        "take": take_one,
        "language": language,
        "preset": pick_preset,
        "model": pick_model,
        "play": _play,
        "copy": copy,
        "save": save,
        "raw": raw,
        "remedy": remedy,
    }
)
"""What is done by a dialog, a look at files or a request."""
