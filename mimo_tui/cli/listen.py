"""`mimo-tui listen`: a recording to text."""

import argparse
import asyncio
import re
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Final

from mimo_tui.cli import output
from mimo_tui.cli.chat_input import agreed
from mimo_tui.cli.chat_output import Pieces, code_of
from mimo_tui.cli.errors import ExitCode, Usage, murmur, progress, say, stopped
from mimo_tui.cli.evidence import SIMULATED
from mimo_tui.cli.remedies import commands_for
from mimo_tui.cli.samples import piped_sample
from mimo_tui.cli.speech_shapes import listen_document
from mimo_tui.cli.stopping import interrupts, leaving
from mimo_tui.cli.takes_text import length_text
from mimo_tui.core.catalogue import ModelKind
from mimo_tui.core.media.sizes import size_text
from mimo_tui.core.meter import BETWEEN, cost_text
from mimo_tui.core.secrets import safe
from mimo_tui.core.text import Clean, clean
from mimo_tui.services import Services
from mimo_tui.services.playground.attaching import STDIN, path_of
from mimo_tui.services.playground.targets import the_preset
from mimo_tui.services.presets.listing import PresetView, list_presets
from mimo_tui.services.speech.events import (
    Heard,
    ListeningBegan,
    ListeningEnded,
    ListeningEvent,
    Transcript,
)
from mimo_tui.services.speech.listening import estimate, listen
from mimo_tui.services.speech.orders import Listening, Sample
from mimo_tui.services.speech.sampling import read_sample
from mimo_tui.services.speech.takes import NoTake, find_take, read_take
from mimo_tui.services.speech.targets import speech_target

_NAME_OF_TAKE: Final = re.compile(r"[\w-]+")
"""What may name a take, and hardly a file."""


def listen_to(services: Services, arguments: argparse.Namespace) -> ExitCode:
    view = the_preset(list_presets(services), arguments.preset)
    target = agreed(
        lambda agreed: speech_target(
            services, view, ModelKind.RECOGNITION, model=arguments.model, agreed=agreed
        ),
        arguments,
    )
    sample = _sample(services, arguments)
    listening = Listening(
        sample,
        target,
        language=arguments.language,
        streamed=not arguments.no_stream,
        preset=view.reference,
        currency=arguments.currency,
    )
    with asyncio.Runner() as runner:
        try:
            return runner.run(_heard(services, listening, _Teller(services, arguments, view, listening)))
        finally:
            runner.run(services.client.aclose())


def _sample(services: Services, arguments: argparse.Namespace) -> Sample:
    """Read the recording: of a file, else of standard input or of a take. Raises Usage and NothingSent."""
    where = arguments.recording
    if where == STDIN:
        return piped_sample(services, STDIN, "a recording", for_recognition=True)
    if _is_there(path_of(where)) or not _NAME_OF_TAKE.fullmatch(where):
        return read_sample(services, where, for_recognition=True)
    try:
        take = find_take(services, where)
    except NoTake as error:
        raise Usage(f"There is no file {safe(where)}. {error}") from error
    return read_sample(
        services, take.file, for_recognition=True, data=read_take(services, take), is_take=True
    )


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


async def _heard(services: Services, listening: Listening, teller: "_Teller") -> ExitCode:
    stop, left = asyncio.Event(), asyncio.Event()
    ended: ListeningEnded | None = None
    try:
        with interrupts(stop), leaving(stop, left):
            async with aclosing(listen(services, listening, stop)) as events:
                async for event in events:
                    if left.is_set():
                        raise BrokenPipeError
                    if isinstance(event, ListeningEnded):
                        ended = event
                    # Whoever reads slowly must not hold up what comes from the service.
                    await asyncio.to_thread(teller.tell, event)
    except asyncio.CancelledError:
        teller.close()
        raise
    if ended is None or ended.transcript.stopped:
        return stopped()
    return code_of(ended.diagnosis)


class _Teller:
    """Says what is heard: the text on standard output, all else on standard error. All of it blocks."""

    def __init__(
        self, services: Services, arguments: argparse.Namespace, view: PresetView, listening: Listening
    ) -> None:
        self._services = services
        self._arguments = arguments
        self._view = view
        self._listening = listening
        self._text = Pieces()
        self._parts = 1
        self._said_simulated = False
        self._doing = ""

    def tell(self, event: ListeningEvent) -> None:
        """Say what has come. Raises BrokenPipeError and CannotWrite."""
        match event:
            case ListeningBegan(parts):
                self._begin(parts)
            case Heard(text, part):
                if self._arguments.json:
                    self._show(f"Part {part} of {self._parts} …" if self._parts > 1 else "It is heard …")
                else:
                    self._show()
                    output.write_piece(self._text.feed(text))
            case ListeningEnded():
                self._end(event)

    def close(self) -> None:
        """End the line that it broke off in."""
        self._show()
        rest = self._text.close()
        if rest and not self._arguments.json:
            output.write_piece(rest)

    def _show(self, doing: str = "") -> None:
        """Say what goes on, in place of what was said last; a line of the text stays as it is."""
        if doing != self._doing:
            self._doing = doing
            progress(doing)

    def _begin(self, parts: int) -> None:
        self._parts = parts
        sample = self._listening.sample
        self._say_simulated(is_simulated=self._services.simulated)
        for warning in sample.warnings:
            say(warning)
        if not self._arguments.quiet:
            for line in self._before(sample, parts):
                say(line)
        self._show(f"{safe(self._listening.target.model)} is asked …")

    def _before(self, sample: Sample, parts: int) -> Iterator[str]:
        """Say before it is sent how long it is and what that costs."""
        cost = estimate(self._services, self._listening)
        price = f", at least {cost_text(cost)}" if cost is not None else ", at a price that is not known"
        yield f"{sample.name}: {length_text(sample.seconds)}, {size_text(sample.size)}{price}"
        if parts > 1:
            yield f"It is too long for one request, and is heard in {parts} parts."

    def _end(self, ended: ListeningEnded) -> None:
        self.close()
        transcript = ended.transcript
        self._say_simulated(is_simulated=transcript.simulated)
        if self._arguments.json:
            self._arguments.written = True
            output.write_document(listen_document(self._listening, self._parts, ended))
        for note in transcript.notes:
            say(note)
        has_come = bool(transcript.text or transcript.usage)
        if has_come and not (self._arguments.quiet or self._arguments.json):
            murmur(Clean(f"{_line(transcript)}\n"))
        if ended.diagnosis is not None:
            say(f"{ended.diagnosis.says} {ended.diagnosis.remedy}")
            for command in commands_for(ended.diagnosis, self._view, of_its_model=False):
                say(f"  {command}")

    def _say_simulated(self, *, is_simulated: bool) -> None:
        if is_simulated and not self._said_simulated:
            self._said_simulated = True
            say(SIMULATED)


def _line(transcript: Transcript) -> Clean:
    """Give the model, the time to the first text, the length that was charged, what it cost, and how it ended."""
    return clean(BETWEEN.join(_parts(transcript)))


def _parts(transcript: Transcript) -> Iterator[str]:
    yield transcript.model
    if transcript.first_text is not None:
        yield f"first text {transcript.first_text:.2f} s"
    if transcript.took is not None:
        yield f"{transcript.took:.2f} s in all"
    if transcript.seconds is not None:
        yield f"{length_text(transcript.seconds)} charged"
    if transcript.cost is not None:
        yield cost_text(transcript.cost)
    if transcript.stopped:
        yield "stopped"
    elif not transcript.complete:
        yield "not complete"
