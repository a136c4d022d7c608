"""What is done with takes: saved under another name, shown, kept, and removed after it was said which they are."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mimo_tui.core.media.sizes import size_text
from mimo_tui.core.take import SoundFormat, Take
from mimo_tui.core.text import NOTHING, Clean, clean
from mimo_tui.services import Services
from mimo_tui.services.speech.fetching import how_to_fetch
from mimo_tui.services.speech.fetching import reveal as show_in_manager
from mimo_tui.services.speech.saving import CannotSave, Exists, save_take, suggested_name
from mimo_tui.services.speech.takes import (
    TakesProblem,
    clean_up,
    delete_takes,
    keep_take,
    require_sound,
    to_clean_up,
)
from mimo_tui.tui.screens.ask_text import AskText
from mimo_tui.tui.screens.choose import Choice, Choose
from mimo_tui.tui.speech_rows import one_line, voice_words
from mimo_tui.tui.widgets.take_text import clock_text

if TYPE_CHECKING:
    from mimo_tui.tui.screens.speech import SpeechScreen

_SHOWN: Final = 5
"""Takes that are named before they are removed; of more, how many they are."""
_WAV_ENDINGS: Final = clean("WAV or bare samples, by the ending: .wav, .pcm")
_MP3_ENDINGS: Final = clean("MP3, WAV or bare samples, by the ending: .mp3, .wav, .pcm")


async def save(screen: "SpeechScreen") -> None:
    """Save the take under a name that the person gives."""
    take = screen.chosen
    if take is None:
        return
    if take.file and await _file(screen) is None:
        return
    services = screen.services
    folder = "." if services.simulated else "~"
    name, refused = f"{folder}/{suggested_name(take)}", NOTHING
    hint = _MP3_ENDINGS if take.format is SoundFormat.MP3 else _WAV_ENDINGS
    while True:
        asked = AskText(clean(f"Save {voice_words(take)} as:"), clean(name), refused or hint, _fault)
        given = await screen.app.push_screen_wait(asked)
        if given is None:
            return
        name = given
        path, refused = await _saved(screen, take, _path(services, name))
        if path is not None:
            screen.shelf.unsaved.discard(take.id)
            screen.show_takes()
            screen.tell("Saved", f"Saved as {path}")
            return


async def _saved(screen: "SpeechScreen", take: Take, path: Path) -> tuple[Path | None, Clean]:
    """Give where it is saved, or None and why it is not; empty: the person gives another name."""
    services = screen.services
    try:
        return await asyncio.to_thread(save_take, services, take, path), NOTHING
    except Exists as problem:
        choices = [
            Choice("name", clean("Give another name")),
            Choice("over", clean(f"Replace {problem.path.name}"), clean("what stands in it is lost")),
        ]
        question = clean(f"{problem.path} is there already.")
        if await screen.app.push_screen_wait(Choose(question, choices)) != "over":
            return None, NOTHING
    except CannotSave as problem:
        return None, clean(f"✗ {problem}")
    try:
        return await asyncio.to_thread(lambda: save_take(services, take, path, over=True)), NOTHING
    except CannotSave as problem:
        return None, clean(f"✗ {problem}")


def _path(services: Services, name: str) -> Path:
    path = Path(name.strip())
    # A demonstration has a home of its own, which Python does not know.
    is_home = services.simulated and path.parts[:1] == ("~",)
    return services.places.home.joinpath(*path.parts[1:]) if is_home else _expanded(path).absolute()


def _expanded(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError:
        return path  # nobody knows where that home is; saving says that there is no such folder


def _fault(name: str) -> str | None:
    return None if name.strip() else "a take needs the name of a file"


async def copy_path(screen: "SpeechScreen") -> None:
    """Copy the path of the take's file; of one on another machine the command that fetches it."""
    path = await _file(screen)
    if path is not None:
        told = how_to_fetch(path, screen.services.environment)
        screen.app.copy_to_clipboard(told)
        screen.tell("Copied", f"Handed to the terminal's clipboard: {told}")


async def reveal(screen: "SpeechScreen") -> None:
    """Show the take's file in the file manager."""
    path = await _file(screen)
    if path is not None:
        problem = await asyncio.to_thread(show_in_manager, path, screen.services.environment)
        if problem:
            screen.tell("Not shown", problem, "warning")
        else:
            screen.tell("Shown", f"The file manager shows {path}")


async def _file(screen: "SpeechScreen") -> Path | None:
    take = screen.chosen
    if take is None:
        return None
    try:
        return await asyncio.to_thread(require_sound, screen.services, take)
    except TakesProblem as problem:
        screen.tell("Takes", str(problem), "error")
        return None


# Keeping and removing.


async def keep(screen: "SpeechScreen") -> None:
    """Have no clean-up remove the take, or again any."""
    take = screen.chosen
    if take is None:
        return
    if take.id in screen.shelf.unsaved:
        screen.tell("Takes", f"{voice_words(take)} goes with the program: s saves it.", "warning")
        return
    try:
        now = await asyncio.to_thread(lambda: keep_take(screen.services, take, kept=not take.kept))
    except TakesProblem as problem:
        screen.tell("Takes", str(problem), "error")
        return
    screen.shelf.put(now)
    screen.show_takes()
    does = "No clean-up takes it away." if now.kept else "A clean-up may take it away."
    screen.tell("Takes", f"{voice_words(now)}: {does}")


async def delete(screen: "SpeechScreen") -> None:
    """Delete the take under the cursor, if the person says so."""
    take = screen.chosen
    if take is None:
        return
    if not take.file:
        screen.tell("Takes", f"{voice_words(take)} has no file: it goes with the program.", "warning")
        return
    named = f"{voice_words(take)}, {clock_text(take.seconds)}, “{one_line(take.text)[:40]}”"
    await _remove(screen, f"Delete this take? {named}", (take,), delete_takes)


async def clean_takes(screen: "SpeechScreen") -> None:
    """Delete all takes that nobody keeps, after it was said which those are."""
    try:
        takes = await asyncio.to_thread(to_clean_up, screen.services)
    except TakesProblem as problem:
        screen.tell("Takes", str(problem), "error")
        return
    if not takes:
        screen.tell("Takes", "There is nothing to clean up: every take is kept (K).")
        return
    size = size_text(sum(take.size for take in takes))
    kept = sum(take.kept for take in screen.shelf.takes.values())
    stay = f" {kept} that are kept stay." if kept else " K keeps one."
    question = f"Delete {_count(len(takes))}, {size}: {_named(takes)}?{stay}"
    await _remove(screen, question, takes, lambda services, _: clean_up(services))


async def _remove(
    screen: "SpeechScreen",
    question: str,
    takes: tuple[Take, ...],
    remove: Callable[[Services, tuple[Take, ...]], tuple[Take, ...]],
) -> None:
    choices = [
        Choice("stay", clean("Leave everything as it is")),
        Choice("go", clean(f"Delete {_count(len(takes))}"), clean("nothing brings them back")),
    ]
    if await screen.app.push_screen_wait(Choose(clean(question), choices)) != "go":
        return
    playing = screen.desk.playing
    if playing is not None and playing.key in {take.id for take in takes}:
        screen.action_silence()
    try:
        gone = await asyncio.to_thread(remove, screen.services, takes)
    except TakesProblem as problem:
        screen.shelf.remove(problem.removed)
        screen.tell("Takes", str(problem), "error")
    else:
        screen.shelf.remove(gone)
        screen.tell("Takes", f"Deleted {_count(len(gone))}, {size_text(sum(take.size for take in gone))}.")
    screen.show_takes()


def _count(count: int) -> str:
    return "1 take" if count == 1 else f"{count:,} takes"


def _named(takes: tuple[Take, ...]) -> str:
    named = [f"{voice_words(take)} {clock_text(take.seconds)}" for take in takes[:_SHOWN]]
    more = len(takes) - len(named)
    return ", ".join(named) + (f" and {more:,} more" if more > 0 else "")
