"""What `mimo-tui speak` is told: the text, the voice, the format, and where the sound goes."""

import argparse
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from mimo_tui.cli.chat_input import agreed, in_unicode, piped_text
from mimo_tui.cli.errors import Usage, say
from mimo_tui.cli.samples import piped_sample
from mimo_tui.core.catalogue import ModelKind
from mimo_tui.core.secrets import safe
from mimo_tui.core.take import SoundFormat
from mimo_tui.services import Services
from mimo_tui.services.playground.attaching import STDIN
from mimo_tui.services.playground.targets import the_preset
from mimo_tui.services.presets.listing import PresetView, list_presets
from mimo_tui.services.presets.testing import Target
from mimo_tui.services.speech.orders import Sample, Speaking
from mimo_tui.services.speech.sampling import read_sample
from mimo_tui.services.speech.saving import ENDINGS, require_folder, require_place
from mimo_tui.services.speech.targets import WrongKind, speech_target
from mimo_tui.services.speech.voices import list_voices

STDOUT: Final = "-"
"""What stands for standard output in place of a file."""

ALL: Final = "all"
"""What stands for every voice in place of one."""


_GOES_BY: Final[Mapping[ModelKind, str]] = MappingProxyType(
    {
        ModelKind.SPEECH: "without --design and --clone",
        ModelKind.VOICE_DESIGN: "with --design WORDS",
        ModelKind.VOICE_CLONE: "with --clone FILE",
        ModelKind.RECOGNITION: "with `mimo-tui listen`",
    }
)
"""How each kind of model is asked, as the command says it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line to be spoken, and the file that it goes into; None: no file but its own as a take."""

    speaking: Speaking
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """All that is to be spoken, one line after the other; `listener` recognises it afterwards, None: nobody does."""

    view: PresetView
    lines: tuple[Line, ...]
    listener: Target | None = None


def order_of(services: Services, arguments: argparse.Namespace) -> Order:
    """Read what is to be done, so that nothing is spoken, and paid for, that could not be written afterwards.

    Raises Usage, CannotSave, NothingSent, and what `the_preset` raises.
    """
    form = _format(arguments)
    is_heard = arguments.output or arguments.play or arguments.check
    own = services.knowledge.settings
    if own.problem:
        say(own.problem)
    if not is_heard and not own.keeps_takes:
        raise Usage(f"Nothing would be left of it, {why_unkept(services)}: name a file with -o.")
    kind = _kind(arguments)
    text = _text(arguments)
    view = the_preset(list_presets(services), arguments.preset)
    target = agreed(
        lambda agreed: _target(services, view, kind, model=arguments.model, agreed=agreed), arguments
    )
    sample = _sample(services, arguments)
    speaking = Speaking(
        text,
        target,
        kind,
        voice=arguments.voice,
        description=in_unicode(arguments.design or ""),
        sample=sample,
        style=in_unicode(arguments.style),
        format=form,
        streamed=not arguments.no_stream,
        polish=arguments.polish,
        preset=view.reference,
        currency=arguments.currency,
    )
    lines = _lines(services, speaking, arguments)
    for path in (line.path for line in lines if line.path is not None):
        if arguments.voice != ALL or path.parent.is_dir():
            require_place(path, over=arguments.force)
    return Order(view, lines, _listener(services, view, arguments))


def why_unkept(services: Services) -> str:
    """Say why takes are not kept."""
    if services.knowledge.settings.keeping_takes_unknown:
        return "since config.toml cannot be understood, which may say that no takes are kept"
    return "since config.toml keeps no takes"


def _text(arguments: argparse.Namespace) -> str:
    given = arguments.text
    parts = [] if given in (None, STDIN) else [in_unicode(given)]
    is_sample = arguments.clone == STDIN
    if is_sample and given == STDIN:
        raise Usage("Standard input is either the text or the sample of the voice, not both.")
    if given == STDIN or not (is_sample or sys.stdin.isatty()):
        parts.append(piped_text("`--clone -` takes the sample of a voice that comes by a pipe."))
    text = "\n\n".join(part for part in parts if part.strip())
    if not text and given is None and sys.stdin.isatty() and not arguments.polish:
        raise Usage("Say what is to be spoken: `mimo-tui speak TEXT`, or send it by a pipe.")
    return text


def _target(services: Services, view: PresetView, kind: ModelKind, *, model: str, agreed: bool) -> Target:
    try:
        return speech_target(services, view, kind, model=model, agreed=agreed)
    except WrongKind as error:
        goes = _GOES_BY.get(error.known)
        if goes is None:
            raise
        raise Usage(f"{error.model} is a model for {error.known}: it goes {goes}.") from error


def _sample(services: Services, arguments: argparse.Namespace) -> Sample | None:
    if arguments.clone == STDIN:
        return piped_sample(services, f"--clone {STDIN}", "the sample of a voice")
    return read_sample(services, arguments.clone) if arguments.clone is not None else None


def _kind(arguments: argparse.Namespace) -> ModelKind:
    if arguments.design is not None:
        return ModelKind.VOICE_DESIGN
    if arguments.polish:
        raise Usage("--polish goes with --design only: no other model writes its text.")
    return ModelKind.SPEECH if arguments.clone is None else ModelKind.VOICE_CLONE


def _format(arguments: argparse.Namespace) -> SoundFormat:
    """Give the format to speak in, by its name or by the ending of the file. Raises Usage."""
    named = SoundFormat(arguments.format) if arguments.format else None
    if arguments.output == STDOUT:
        if arguments.json:
            raise Usage("Standard output takes either the sound or the document: name a file with -o.")
        if arguments.voice == ALL:
            raise Usage("--voice all speaks into files of a folder: -o DIR.")
        if sys.__stdout__ is None:
            raise Usage("Standard output is closed: send the sound through a pipe, or name a file with -o.")
        if sys.stdout.isatty():
            raise Usage("Sound is nothing for a terminal: send it through a pipe, or name a file with -o.")
        return named or SoundFormat.WAV
    by_ending = ENDINGS.get(Path(arguments.output).suffix.lower()) if arguments.voice != ALL else None
    if named is SoundFormat.PCM and not arguments.output:
        raise Usage(
            "Samples without a header are written by -o FILE.pcm, or by -o -; a take is a WAV of them."
        )
    if named is not None and by_ending is not None and named is not by_ending:
        raise Usage(f"--format {named} and -o {safe(arguments.output)} contradict each other.")
    return named or by_ending or SoundFormat.WAV


def _lines(services: Services, speaking: Speaking, arguments: argparse.Namespace) -> tuple[Line, ...]:
    where = arguments.output
    if arguments.voice != ALL:
        return (Line(speaking, Path(where).expanduser() if where and where != STDOUT else None),)
    model = speaking.target.model
    voices = [view.voice.id for view in list_voices(services) if view.model == safe(model)]
    if not voices:
        raise Usage(f"No voice of {safe(model)} is known. Name one with --voice.")
    folder = Path(where).expanduser() if where else None
    if folder is not None:
        require_folder(folder)
    return tuple(
        Line(
            replace(speaking, voice=voice),
            folder / f"{_file_name(voice, place)}.{speaking.format}" if folder is not None else None,
        )
        for place, voice in enumerate(voices, start=1)
    )


def _file_name(voice: str, place: int) -> str:
    """Give a name for the file of a voice, whose id may be any text."""
    words = "-".join(re.findall(r"\w+", voice))
    return words if words == voice else f"{place}-{words or 'voice'}"


def _listener(services: Services, view: PresetView, arguments: argparse.Namespace) -> Target | None:
    if not arguments.check:
        return None
    return agreed(
        lambda agreed: speech_target(services, view, ModelKind.RECOGNITION, agreed=agreed), arguments
    )
