"""`mimo-tui takes`: what was spoken, and what becomes of it."""

import argparse
from collections.abc import Iterable
from pathlib import Path

from mimo_tui.cli import output
from mimo_tui.cli.errors import ExitCode
from mimo_tui.cli.evidence import SIMULATED
from mimo_tui.cli.presets import agree
from mimo_tui.cli.speech_shapes import saved_document, takes_changed_document, takes_document
from mimo_tui.cli.takes_text import length_text, state_text, voice_text
from mimo_tui.core.ages import age
from mimo_tui.core.media.sizes import size_text
from mimo_tui.core.take import Take
from mimo_tui.services import Services
from mimo_tui.services.speech.saving import save_take
from mimo_tui.services.speech.takes import (
    MEGABYTE,
    clean_up,
    delete_takes,
    find_take,
    keep_take,
    list_takes,
    most_megabytes,
    take_path,
    takes_size,
    to_clean_up,
)

_COLUMNS = ("TAKE", "WHEN", "VOICE", "LENGTH", "SIZE", "NOTE", "TEXT")
_LONGEST_TEXT = 60


def list_all(services: Services, arguments: argparse.Namespace) -> ExitCode:
    takes = list_takes(services)
    size, most = takes_size(services), most_megabytes(services) * MEGABYTE
    if arguments.json:
        shown = [(take, _path(services, take)) for take in takes]
        output.write_document(takes_document(shown, size, most, folder=services.places.takes))
        return ExitCode.DONE
    if not takes:
        output.write_lines(("There is no take yet. `mimo-tui speak TEXT` makes one.",))
        return ExitCode.DONE
    output.write_lines((SIMULATED,) if any(take.simulated for take in takes) else ())
    output.write_table(_COLUMNS, [_row(services, take) for take in takes], spare=("WHEN", "SIZE"))
    held = f"{_takes_in_words(takes)}, {size_text(size)} of {size_text(most)}, in {services.places.takes}."
    output.write_lines(
        (held, "What is more goes with the next take, the oldest first, but what is kept stays.")
    )
    return ExitCode.DONE


def save(services: Services, arguments: argparse.Namespace) -> ExitCode:
    take = find_take(services, arguments.take)
    path = save_take(services, take, Path(arguments.output).expanduser(), over=arguments.force)
    if arguments.json:
        output.write_document(saved_document(take, path))
    else:
        output.write_lines((f"Saved as {path}",))
    return ExitCode.DONE


def keep(services: Services, arguments: argparse.Namespace) -> ExitCode:
    takes = _named(services, arguments.take)
    now = tuple(keep_take(services, take, kept=not arguments.undo) for take in takes)
    does = "No clean-up takes it away" if not arguments.undo else "A clean-up may take it away"
    _tell(arguments, now, done=True, lines=[f"{take.id}: {does}." for take in now])
    return ExitCode.DONE


def delete(services: Services, arguments: argparse.Namespace) -> ExitCode:
    takes = _named(services, arguments.take)
    _show(services, arguments, takes)
    agree(arguments, f"Delete {_takes_in_words(takes)}? Nothing brings them back.")
    gone = delete_takes(services, takes)
    _tell(arguments, gone, done=True, lines=[f"Deleted {_takes_in_words(gone)}."])
    return ExitCode.DONE


def clean(services: Services, arguments: argparse.Namespace) -> ExitCode:
    takes = to_clean_up(services, arguments.megabytes)
    if not takes or arguments.dry_run:
        _show(services, arguments, takes)
        what = "There is nothing to delete." if not takes else f"{_takes_in_words(takes)} would be deleted."
        _tell(arguments, takes, done=False, lines=[what])
        return ExitCode.DONE
    _show(services, arguments, takes)
    agree(arguments, f"Delete {_takes_in_words(takes)}? Nothing brings them back.")
    gone = clean_up(services, arguments.megabytes)
    _tell(arguments, gone, done=True, lines=[f"Deleted {_takes_in_words(gone)}."])
    return ExitCode.DONE


def _named(services: Services, names: Iterable[str]) -> tuple[Take, ...]:
    found = [find_take(services, name) for name in names]
    return tuple({take.id: take for take in found}.values())


def _path(services: Services, take: Take) -> Path | None:
    return take_path(services, take) if take.file else None


def _show(services: Services, arguments: argparse.Namespace, takes: tuple[Take, ...]) -> None:
    if takes and not arguments.json:
        output.write_table(_COLUMNS, [_row(services, take) for take in takes], spare=("WHEN", "SIZE"))


def _tell(arguments: argparse.Namespace, takes: tuple[Take, ...], *, done: bool, lines: list[str]) -> None:
    if arguments.json:
        output.write_document(takes_changed_document(takes, done=done))
    else:
        output.write_lines(lines)


def _row(services: Services, take: Take) -> tuple[str, ...]:
    notes = [state_text(take), "kept" if take.kept else "", "SIMULATED" if take.simulated else ""]
    text = " ".join((take.preview or take.text)[: 2 * _LONGEST_TEXT].split())
    return (
        take.id,
        age(take.at, services.now()),
        voice_text(take),
        length_text(take.seconds) if take.seconds else "?",
        size_text(take.size),
        ", ".join(note for note in notes if note),
        text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 1]}…",
    )


def _takes_in_words(takes: tuple[Take, ...]) -> str:
    return f"{len(takes)} take{'' if len(takes) == 1 else 's'}"
