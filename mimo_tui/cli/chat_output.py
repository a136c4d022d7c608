"""What `mimo-tui chat` says: the answer on standard output as it is written, all else on standard error."""

import argparse
from collections.abc import Iterator
from typing import Final

from mimo_tui.cli import output
from mimo_tui.cli.chat_shapes import answer_document
from mimo_tui.cli.errors import ExitCode, murmur, progress, say
from mimo_tui.cli.evidence import SIMULATED
from mimo_tui.cli.remedies import commands_for
from mimo_tui.core.cleaning import LineCleaner
from mimo_tui.core.conversation import Answer, Turn
from mimo_tui.core.diagnosis import Cause, Diagnosis
from mimo_tui.core.meter import meter_line
from mimo_tui.core.secrets import safe
from mimo_tui.core.text import Clean, clean
from mimo_tui.services.playground.events import Answered, Began, Grew, PlaygroundEvent, Raw
from mimo_tui.services.presets.listing import PresetView

_NEW_LINE: Final = Clean("\n")
_REFUSALS: Final = frozenset(
    {
        *(Cause.KEY_KIND, Cause.CLUSTER, Cause.KEY, Cause.PLUGIN, Cause.RETIRED_MODEL, Cause.UNKNOWN_MODEL),
        *(Cause.INPUT, Cause.REASONING, Cause.PARAMETER, Cause.BALANCE, Cause.REGION, Cause.MODERATION),
        *(Cause.PATH, Cause.NOT_ALLOWED, Cause.VOICE),
    }
)
"""What is refused however often it is asked."""


def code_of(diagnosis: Diagnosis | None) -> ExitCode:
    """Give the exit code of what nobody stopped."""
    if diagnosis is None:
        return ExitCode.DONE
    return ExitCode.REFUSED if diagnosis.cause in _REFUSALS else ExitCode.FAILED


class Teller:
    """Says answers, one after the other. All of it blocks, and raises BrokenPipeError and CannotWrite."""

    def __init__(self, arguments: argparse.Namespace, view: PresetView) -> None:
        self._arguments = arguments
        self._view = view
        self._text, self._reasoning = Pieces(), Pieces()
        self._model = clean("The model")
        self._said_simulated = False
        self._conversation = 0
        self._doing = ""

    def tell(self, event: PlaygroundEvent) -> None:
        """Say what has come."""
        match event:
            case Began(turn, conversation):
                self._conversation = conversation
                if turn.answer is not None:
                    self._model = turn.answer.model
                    self._say_simulated(turn.answer)
                self._show(f"{self._model} is asked …")
            case Grew(text=text, reasoning=reasoning):
                self._grow(text, reasoning)
            case Answered():
                self._end(event)

    def close(self) -> None:
        """End the lines that an answer broke off in."""
        self._show()
        _murmur(self._reasoning.close())
        self._write(self._text.close())

    def _show(self, doing: str = "") -> None:
        """Say what goes on, in place of what was said last."""
        if doing != self._doing:
            self._doing = doing
            progress(doing)

    def _grow(self, text: str, reasoning: str) -> None:
        if reasoning and self._arguments.reasoning:
            self._show()
            _murmur(self._reasoning.feed(reasoning))
        elif reasoning and not self._text.is_open:
            self._show(f"{self._model} thinks …")
        if text:
            self._show()
            _murmur(self._reasoning.close())
            self._write(self._text.feed(text))

    def _write(self, text: Clean) -> None:
        if text and not (self._arguments.json or self._arguments.raw):
            output.write_piece(text)

    def _end(self, ended: Answered) -> None:
        self.close()
        answer, arguments = ended.turn.answer, self._arguments
        if answer is not None:
            self._say_simulated(answer)
        if arguments.json:
            arguments.written = True
            output.write_document(answer_document(ended, self._conversation, with_raw=arguments.raw))
        elif arguments.raw:
            output.write_text(_raw_text(ended.raw))
        else:
            for line in _beside(ended.turn):
                say(line)
        has_come = bool(ended.turn.text or ended.turn.reasoning or (answer is not None and answer.usage))
        if answer is not None and has_come and not (arguments.quiet or arguments.json):
            _murmur(Clean(f"{meter_line(answer)}\n"))
        if ended.problem:
            say(ended.problem)
        if ended.diagnosis is not None:
            say(f"{ended.diagnosis.says} {ended.diagnosis.remedy}")
            for command in commands_for(ended.diagnosis, self._view):
                say(f"  {command}")

    def _say_simulated(self, answer: Answer) -> None:
        if answer.simulated and not self._said_simulated:
            self._said_simulated = True
            say(SIMULATED)


def _murmur(text: Clean) -> None:
    if text:
        murmur(text)


class Pieces:
    """Makes a text safe for a terminal as it comes. A tab stays one: it is harmless, and files may hang on it.

    `is_open`: the last line that it gave has no end yet.
    """

    def __init__(self) -> None:
        self._cleaner = LineCleaner()
        self.is_open = False

    def feed(self, text: str) -> Clean:
        *parts, last = text.split("\t")
        shown = [f"{self._cleaner.feed(part)}{self._cleaner.close()}\t" for part in parts]
        return self._noted(Clean("".join((*shown, self._cleaner.feed(last)))))

    def close(self) -> Clean:
        """Give what was held back, and the end of the last line if it has none."""
        rest = self._noted(self._cleaner.close())
        end = _NEW_LINE if self.is_open else ""
        self.is_open = False
        return Clean(f"{rest}{end}")

    def _noted(self, text: Clean) -> Clean:
        self.is_open = not text.endswith("\n") if text else self.is_open
        return text


def _beside(turn: Turn) -> Iterator[str]:
    """Say what an answer has beside its text."""
    for number, citation in enumerate(turn.citations, start=1):
        about = ", ".join(each for each in (citation.title, citation.site, citation.published) if each)
        yield f"[{number}] {citation.url}  {about}".rstrip()
    for call in turn.calls:
        yield f"It calls {safe(call.name)} with {safe(call.arguments)}"
    yield from turn.answer.notes if turn.answer is not None else ()


def _raw_text(raw: Raw) -> Clean:
    parts = (raw.request_head, raw.request_body, raw.answer_head, raw.answer_body)
    return Clean("\n\n".join(part.strip("\n") for part in parts if part))
