"""`mimo-tui voices`: the built-in voices that are known."""

import argparse
from collections.abc import Iterator, Sequence

from mimo_tui.cli import output
from mimo_tui.cli.errors import ExitCode, say
from mimo_tui.cli.evidence import SIMULATED
from mimo_tui.cli.speech_shapes import voices_document
from mimo_tui.core.ages import age
from mimo_tui.services import Services
from mimo_tui.services.speech.voices import VoiceView, list_voices

_COLUMNS = ("VOICE", "LANGUAGE", "GENDER", "CHARACTER", "STANDS FOR", "MODEL")
_NOT_KNOWN = "?"


def list_all(services: Services, arguments: argparse.Namespace) -> ExitCode:
    voices = list_voices(services)
    if services.knowledge.problem:
        say(services.knowledge.problem)
    is_simulated = any(view.voice.source.simulated for view in voices)
    if arguments.json:
        known = services.catalogue.provenance()
        output.write_document(voices_document(voices, known, simulated=is_simulated))
        return ExitCode.DONE
    output.write_lines((SIMULATED,) if is_simulated else ())
    if not voices:
        output.write_lines(
            ("No voice is known: no page that is here lists them. `mimo-tui docs update` fetches them.",)
        )
        return ExitCode.DONE
    output.write_table(_COLUMNS, [_row(view) for view in voices], spare=("MODEL", "CHARACTER"))
    output.write_lines(_below(services, voices))
    return ExitCode.DONE


def _row(view: VoiceView) -> tuple[str, ...]:
    voice = view.voice
    stands_for = ", ".join(f"{meant} on {where}" for where, meant in voice.stands_for.items())
    told = (voice.language, voice.gender, voice.character)
    about = ("", "", "") if view.is_alias else tuple(each or _NOT_KNOWN for each in told)
    return (voice.id, *about, stands_for.replace("on elsewhere", "elsewhere"), view.model)


def _below(services: Services, voices: Sequence[VoiceView]) -> Iterator[str]:
    for view in voices:
        if view.is_default:
            yield f"Without --voice, {view.model} speaks as {view.voice.id}."
    for source in dict.fromkeys(view.voice.source for view in voices):
        read = f", {age(source.fetched, services.now())}" if source.fetched is not None else ""
        yield f"Known by {source}{read}."
    yield "`mimo-tui speak TEXT --voice VOICE` speaks in one; --voice all in every one of them."
