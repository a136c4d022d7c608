"""`mimo-tui speak`: have a text spoken."""

import argparse
import asyncio
from contextlib import ExitStack, aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from mimo_tui.cli import output
from mimo_tui.cli.chat_output import code_of
from mimo_tui.cli.errors import ExitCode, Usage, say, stopped
from mimo_tui.cli.speak_check import Checked, check_lines, check_shape, checked
from mimo_tui.cli.speak_input import ALL, STDOUT, Line, Order, order_of, why_unkept
from mimo_tui.cli.speak_output import SoundPipe, Teller
from mimo_tui.cli.speech_shapes import speak_document, spoken_shape
from mimo_tui.cli.stopping import interrupts, leaving
from mimo_tui.core.diagnosis import Cause
from mimo_tui.core.json_text import Json
from mimo_tui.core.take import SoundFormat, Take
from mimo_tui.core.text import clean
from mimo_tui.services import Services
from mimo_tui.services.speech.events import Sounded, SpeechBegan, Spoken
from mimo_tui.services.speech.room import with_room
from mimo_tui.services.speech.saving import CannotSave, save_take, sound_as
from mimo_tui.services.speech.speaking import speak as spoken
from mimo_tui.services.speech.takes import read_take, take_path

if TYPE_CHECKING:
    from mimo_tui.cli.playback import Playback


def speak(services: Services, arguments: argparse.Namespace) -> ExitCode:
    order = order_of(services, arguments)
    with asyncio.Runner() as runner:
        try:
            return runner.run(_Speech(services, arguments, order, _teller(services, arguments, order)).run())
        finally:
            runner.run(services.client.aclose())


def _teller(services: Services, arguments: argparse.Namespace, order: Order) -> Teller:
    return Teller(arguments, order.view, said=services.knowledge.settings.problem)


@dataclass(slots=True)
class _Speech:
    """All lines that are to be spoken."""

    services: Services
    arguments: argparse.Namespace
    order: Order
    teller: Teller
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    left: asyncio.Event = field(default_factory=asyncio.Event)
    playback: "Playback | None" = None
    is_written: bool = True
    shapes: list[dict[str, Json]] = field(default_factory=list)

    async def run(self) -> ExitCode:
        """Speak one line after the other, until one fails in a way in which the others would too."""
        code = ExitCode.DONE
        with ExitStack() as stack:
            stack.enter_context(interrupts(self.stop))
            if self.arguments.output in ("", STDOUT):
                stack.enter_context(leaving(self.stop, self.left))
            try:
                await self._open_playback()
                for line in self.order.lines:
                    ended = await self._speak(line)
                    found = await self._finish(line, ended)
                    code = code or found
                    if self.stop.is_set() or (found and not _is_of_the_voice(ended)):
                        break
            finally:
                if self.playback is not None:
                    await self.playback.aclose()
        if self.arguments.json:
            self.arguments.written = True
            output.write_document(speak_document(self.shapes))
        return code

    async def _open_playback(self) -> None:
        if not self.arguments.play:
            return
        from mimo_tui.cli.playback import Playback, open_playback

        found = await asyncio.to_thread(open_playback, self.services)
        if isinstance(found, Playback):
            self.playback = found
        else:
            say(f"Nothing is played: {found.reason}")
            if found.tried and not self.arguments.quiet:
                say(f"  {found.tried}")
            is_left = self.arguments.output or self.arguments.check
            if not is_left and not self.services.knowledge.settings.keeps_takes:
                why = why_unkept(self.services)
                raise Usage(f"Nothing would be left of it, {why}: name a file with -o.")

    async def _speak(self, line: Line) -> Spoken | None:
        """Speak one line, and have its sound heard and written as it comes."""
        speaking, ended, rate = line.speaking, None, 0
        is_piped = self.arguments.output == STDOUT
        pipe = SoundPipe(speaking.format)
        async with aclosing(spoken(self.services, speaking, self.stop)) as events:
            async for event in events:
                if self.left.is_set():
                    raise BrokenPipeError
                match event:
                    case SpeechBegan(take=take):
                        rate = take.rate
                        await asyncio.to_thread(self.teller.begin, event)
                        if self.playback is not None and rate:
                            self.playback.begin(rate)
                    case Sounded(samples=samples):
                        if self.playback is not None:
                            self.playback.feed(samples)
                        if is_piped and speaking.streamed:
                            await asyncio.to_thread(pipe.feed, samples, rate)
                        await asyncio.to_thread(self.teller.grow, event)
                    case Spoken():
                        ended = event
        if ended is not None and is_piped and ended.take.complete and not pipe.has_begun:
            self.is_written = await asyncio.to_thread(self._write_whole, ended.take, speaking.format)
        return ended

    def _write_whole(self, take: Take, form: SoundFormat) -> bool:
        """Write what did not come bit by bit to standard output, as what was asked for."""
        try:
            whole = sound_as(self.services, take, form, clean("standard output"))
        except CannotSave as error:
            say(f"Nothing is written to standard output: {error}")
            return False
        output.write_bytes(whole)
        return True

    async def _finish(self, line: Line, ended: Spoken | None) -> ExitCode:
        """Save, check and play to its end what was spoken, and say what came of it."""
        if ended is None:
            return stopped()
        take, saved, found = ended.take, None, None
        path = await asyncio.to_thread(take_path, self.services, take) if take.file else None
        await asyncio.to_thread(self.teller.end, ended, self._lasting(path))
        codes = [_code(ended), ExitCode.DONE if self.is_written else ExitCode.FAILED]
        if take.complete and line.path is not None:
            saved = await asyncio.to_thread(self._saved, take, line.path)
            codes.append(ExitCode.DONE if saved is not None else ExitCode.FAILED)
        if take.complete and not self.arguments.output:
            codes.append(await asyncio.to_thread(self._print, ended, path))
        ended = await asyncio.to_thread(with_room, self.services, ended)
        await asyncio.to_thread(self.teller.room, ended)
        if self.arguments.play:
            await self._go_on_playing(take, saved or self._lasting(path))
        if take.complete and self.order.listener is not None:
            found = await checked(self.services, self.order.listener, take, self.arguments, self.stop)
            await asyncio.to_thread(self._tell_check, found)
            codes.append(found.code)
        if self.playback is not None:
            await self.playback.over(self.stop)
        # What goes with the program is gone before anybody reads where it was.
        listed = path if path is not None and path.parent == self.services.places.takes else None
        self.shapes.append(
            spoken_shape(ended, listed, saved, check_shape(found) if found is not None else None)
        )
        return next((code for code in codes if code), ExitCode.DONE)

    def _saved(self, take: Take, path: Path) -> Path | None:
        """Write it where it was wanted; None: that failed, and was said."""
        try:
            if self.arguments.voice == ALL:
                path.parent.mkdir(exist_ok=True)
            saved = save_take(self.services, take, path, over=self.arguments.force)
        except (CannotSave, OSError) as error:
            why = str(error) if isinstance(error, CannotSave) else f"{path.parent}: {error.strerror}"
            kept = self._lasting(take_path(self.services, take)) if take.file else None
            say(f"{why} The take is kept: {kept}" if kept is not None else why)
            return None
        if not self.arguments.quiet:
            say(f"Saved as {saved}")
        return saved

    def _lasting(self, path: Path | None) -> Path | None:
        """Give the path where what lies there outlives the program: a demonstration keeps nothing."""
        is_kept = path is not None and path.parent == self.services.places.takes and path.is_file()
        return path if is_kept and not self.services.simulated else None

    def _print(self, ended: Spoken, path: Path | None) -> ExitCode:
        """Print where it lies, which is all that there is on standard output."""
        own = self.services.knowledge.settings
        if path is None or (ended.problem and path.parent != self.services.places.takes and own.keeps_takes):
            return ExitCode.FAILED
        if path.parent != self.services.places.takes:
            say(f"It is not kept, {why_unkept(self.services)}: -o FILE saves it.")
            return ExitCode.DONE
        if not self.arguments.json:
            output.write_lines((str(path),))
        if self.services.simulated:
            say("A demonstration keeps nothing from one run to the next: -o FILE saves it.")
        return ExitCode.DONE

    async def _go_on_playing(self, take: Take, path: Path | None) -> None:
        """Have all of it played, also what did not come bit by bit; without a loudspeaker say how to hear it."""
        if self.playback is None:
            if path is not None:
                from mimo_tui.services.speech.fetching import how_to_fetch

                say(f"To hear it: {how_to_fetch(path, self.services.environment)}")
            return
        if take.complete and not self.playback.has_begun:
            playback = self.playback
            await asyncio.to_thread(lambda: playback.load(read_take(self.services, take)))
        self.playback.end()

    def _tell_check(self, found: Checked) -> None:
        if not self.arguments.json:
            for line in check_lines(found):
                say(line)


def _code(ended: Spoken) -> ExitCode:
    if ended.take.stopped:
        return stopped()
    if ended.diagnosis is None and not ended.take.complete:
        return ExitCode.FAILED
    return code_of(ended.diagnosis)


def _is_of_the_voice(ended: Spoken | None) -> bool:
    """Tell whether another voice might do what this one did not."""
    return ended is not None and ended.diagnosis is not None and ended.diagnosis.cause is Cause.VOICE
