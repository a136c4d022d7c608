"""`mimo-tui keys list`, `set` and `add`. What `keys check` says is in `checking`."""

import argparse
import sys
from getpass import getpass

from mimo_tui.cli import output, shapes
from mimo_tui.cli.errors import Declined, ExitCode, Usage, say
from mimo_tui.cli.presets import agree
from mimo_tui.core.preset import Source
from mimo_tui.core.secrets import Secret
from mimo_tui.core.text import clean
from mimo_tui.services import Services
from mimo_tui.services.keys.listing import Remembered, SlotView, read_keys
from mimo_tui.services.keys.setting import KeyPlan, KeyRefused, apply_key, check_slot, plan_key
from mimo_tui.services.presets.listing import PresetView

_LONGEST_LINE = 100_000


def list_all(services: Services, arguments: argparse.Namespace) -> ExitCode:
    keys = read_keys(services)
    if arguments.json:
        output.write_document(shapes.keys_document(keys))
        return ExitCode.DONE
    for finding in keys.findings:
        say(finding.message)
    if not keys.slots:
        env_file = services.places.env_file
        output.write_lines(
            (f"No preset names a slot, and there is no key in {env_file}. `mimo-tui keys add` puts one in.",)
        )
        return ExitCode.DONE
    # Columns that are empty from top to bottom would take the room of others.
    known = any(slot.check is not None for slot in keys.slots)
    titles = ("SLOT", "KEY", "KIND", "FROM", *(("VERDICT", "CHECKED") if known else ()), "NOTE", "PRESETS")
    rows = [_row(slot, known=known) for slot in keys.slots]
    output.write_table(titles, rows, spare=("KIND", *(("CHECKED", "FROM") if known else ())))
    return ExitCode.DONE


def _row(slot: SlotView, *, known: bool) -> tuple[str, ...]:
    check = slot.check
    found = (_verdict(check), f"{check.at.astimezone():%Y-%m-%d %H:%M}") if check else ("", "")
    return (
        slot.name,
        slot.secret.masked if slot.secret else "none",
        slot.kind.title if slot.kind else "",
        str(slot.source or (f"{slot.places[0]} only" if slot.places else "")),
        *(found if known else ()),
        f"readers differ: {slot.disagreement}" if slot.disagreement else "",
        ", ".join(_short(preset) for preset in slot.presets),
    )


def _verdict(check: Remembered) -> str:
    simulated = "SIMULATED: " if check.simulated else ""
    return f"{simulated}{check.host_words or check.label}"


def _short(preset: PresetView) -> str:
    plain = preset.source is Source.SAVED and preset.name == preset.entry.stem
    return preset.name if plain else preset.reference.removesuffix(".json")


def set_key(services: Services, arguments: argparse.Namespace) -> ExitCode:
    _refuse_a_key_among(arguments.rest)
    check_slot(services, arguments.slot)
    secret = _typed(f"The key for {arguments.slot}, which is not shown: ")
    return _carry_out(services, arguments, plan_key(services, secret, arguments.slot))


def add_key(services: Services, arguments: argparse.Namespace) -> ExitCode:
    _refuse_a_key_among(arguments.rest)
    known = services.lingtai.known_providers
    if arguments.provider not in known:
        raise Usage(f"Lingtai knows no provider of that name. It knows {', '.join(sorted(known))}.")
    secret = _typed(f"A key for {arguments.provider}, which is not shown: ")
    return _carry_out(services, arguments, plan_key(services, secret, provider=arguments.provider))


def _refuse_a_key_among(rest: list[str]) -> None:
    if rest:
        raise Usage(
            "A key is never given as an argument: the list of processes and the history of the shell would hold it. "
            "Leave it out; it is asked for, or read from standard input."
        )


def _typed(question: str) -> Secret:
    """Ask for the key on the terminal, hidden; without a terminal, read the one line of standard input."""
    try:
        if sys.stdin.isatty():
            return Secret(getpass(clean(question)))
        lines = [line for line in sys.stdin.read(_LONGEST_LINE).splitlines() if line.strip()]
    except EOFError:
        raise Declined("Nothing was changed: no key was given.") from None
    except UnicodeDecodeError:
        raise KeyRefused("The key that was given is no text.") from None
    if len(lines) > 1:
        raise KeyRefused(f"Standard input holds {len(lines)} lines; give one key on one line.")
    return Secret(lines[0] if lines else "")


def _carry_out(services: Services, arguments: argparse.Namespace, plan: KeyPlan) -> ExitCode:
    """Show the masked line, ask, write it. As JSON the plan is written in any case."""
    applied = False
    try:
        if not arguments.json:
            _show(plan)
        if not plan.changes_nothing and not arguments.dry_run:
            agree(arguments, f"Put the key into {plan.slot}?")
            apply_key(services, plan)
            applied = True
        elif not arguments.json and not plan.changes_nothing:
            output.write_lines(("Nothing was written (dry run).",))
    finally:
        if arguments.json:
            arguments.written = True
            output.write_document(shapes.key_plan_shape(plan, applied=applied))
    if applied and not arguments.json:
        check = f"`mimo-tui keys check {plan.slot}` tells where it belongs"
        output.write_lines(
            (f"Done: {plan.slot} holds the key. {check}; `mimo-tui presets undo` takes it back.",)
        )
    return ExitCode.DONE


def _show(plan: KeyPlan) -> None:
    if plan.changes_nothing:
        output.write_lines((f"Nothing to change: {plan.slot} holds this key already.",))
    else:
        before = str(plan.target) if plan.stamp is not None else "/dev/null"
        output.write_diff(before, str(plan.target), plan.diff)
    output.write_lines(plan.warnings)
