"""`mimo-tui presets …` and `mimo-tui switch`."""

import argparse
import sys
from pathlib import Path as FilePath

from mimo_tui.cli import output, shapes
from mimo_tui.cli.errors import Declined, ExitCode, Stands, Usage, say
from mimo_tui.core import fields
from mimo_tui.core import preset as at
from mimo_tui.core.findings import Finding, Severity
from mimo_tui.core.json_text import (
    Delete,
    Edit,
    Json,
    JsonTextError,
    MissingPath,
    Path,
    Set,
    format_path,
    get,
    parse,
    parse_path,
)
from mimo_tui.core.secrets import looks_like_a_key, names_a_key, redact
from mimo_tui.services import Services
from mimo_tui.services.presets import changing, planning
from mimo_tui.services.presets.listing import PresetView, find, list_presets
from mimo_tui.services.presets.planning import Plan

_MARKS = {Severity.ERROR: "✗ error", Severity.WARNING: "! warning", Severity.INFO: "· info"}


def list_all(services: Services, arguments: argparse.Namespace) -> ExitCode:
    listing = list_presets(services)
    hidden = any(finding.code == "folder-unreadable" for finding in listing.findings)
    code = ExitCode.FAILED if hidden and not listing.presets else ExitCode.DONE
    if arguments.json:
        output.write_document(shapes.presets_document(listing, listing.presets))
        return code
    if listing.presets:
        rows = [_row(preset) for preset in listing.presets]
        output.write_table(
            ("PRESET", "PLACE", "MODEL", "ENDPOINT", "SLOT", "KEY", "FINDINGS"), rows, spare=("SLOT",)
        )
    elif not hidden:
        output.write_lines((_no_presets(services),))
    output.write_lines(_sentence(finding) for finding in listing.findings)
    return code


def _no_presets(services: Services) -> str:
    return (
        f"There are no presets in {services.places.legacy}. Lingtai puts its templates there when it first starts; "
        "--home DIR looks elsewhere, --demo shows a sample."
    )


def _row(view: PresetView) -> tuple[str, ...]:
    preset = view.preset
    if preset is None:
        return (view.entry.path.name, view.source, f"✗ {view.error}")
    key = view.key.secret.masked if view.key else "none"
    where = view.endpoint.title if view.endpoint else ""
    return (
        view.name if view.name == view.entry.stem else f"{view.name} ({view.entry.path.name})".lstrip(),
        view.source,
        redact(preset.model),
        where,
        redact(preset.slot or ""),
        key,
        tally(view),
    )


def tally(view: PresetView) -> str:
    """Give the counts of errors and warnings in words and signs: `✗ 2 ! 1`, or `✓`."""
    errors, warnings = view.count(Severity.ERROR), view.count(Severity.WARNING)
    parts = ([f"✗ {errors}"] if errors else []) + ([f"! {warnings}"] if warnings else [])
    return " ".join(parts) or "✓"


def show(services: Services, arguments: argparse.Namespace) -> ExitCode:
    listing = list_presets(services)
    view = find(listing, arguments.name)
    if arguments.json:
        output.write_document(shapes.presets_document(listing, (view,)))
        return ExitCode.DONE
    preset, key = view.preset, view.key
    facts = [("name", view.name or "none"), ("file", str(view.entry.path)), ("place", str(view.source))]
    if view.entry.link is not None:
        facts.append(("link to", str(view.entry.link)))
    if preset is not None:
        facts += [
            ("summary", redact(preset.summary)),
            ("provider", redact(preset.provider)),
            ("model", redact(preset.model)),
            ("endpoint", view.endpoint.title if view.endpoint else ""),
            ("base URL", redact(preset.base_url or "")),
            ("request URL", view.request_url or ""),
            ("agents call", view.agent_url or ""),
            ("slot", redact(preset.slot or "")),
            ("key", f"{key.secret.masked} from {key.source}" if key else "none"),
            ("vision", redact(preset.vision.model) if preset.vision else "off"),
            ("capabilities", ", ".join(preset.capabilities)),
        ]
    if view.agents:
        facts.append(("agents", ", ".join(agent.name for agent in view.agents)))
    output.write_lines(f"{title:<13} {value}" for title, value in facts if value)
    output.write_lines(line for finding in view.findings for line in _explained(finding))
    return ExitCode.DONE


def switch(services: Services, arguments: argparse.Namespace) -> ExitCode:
    listing = list_presets(services)
    view = find(listing, arguments.name)
    plan = planning.plan_switch(services, listing, view, arguments.model, fixes=arguments.fix)
    return _carry_out(services, arguments, plan)


def set_field(services: Services, arguments: argparse.Namespace) -> ExitCode:
    listing = list_presets(services)
    view = find(listing, arguments.name)
    edit = _field_edit(view, arguments)
    if edit is None and not arguments.fix:
        return _carry_out(services, arguments, planning.plan_nothing(view))
    edits = () if edit is None else (edit,)
    label = f"set {arguments.field} of {view.name or view.entry.stem}"
    plan = planning.plan_edit(services, listing, view, edits, fixes=arguments.fix, label=label)
    return _carry_out(services, arguments, plan)


def fix(services: Services, arguments: argparse.Namespace) -> ExitCode:
    listing = list_presets(services)
    view = find(listing, arguments.name)
    label = f"fix {view.name or view.entry.stem}: {', '.join(arguments.fix)}"
    plan = planning.plan_edit(services, listing, view, (), fixes=arguments.fix, label=label)
    return _carry_out(services, arguments, plan)


def _field_edit(view: PresetView, arguments: argparse.Namespace) -> Edit | None:
    """Give the edit that the command asks for; None where the file says so already."""
    target = fields.field(arguments.field)
    path = target.path if target else _path(arguments.field)
    if arguments.unset == (arguments.value is not None):
        raise Usage("Give a value, or --unset, and not both.")
    document = view.entry.document.value if view.entry.document else None
    if arguments.unset:
        return Delete(path) if _is_there(document, path) else None
    if _is_a_key(path, arguments.value):
        raise Usage(
            "Others on this machine can see a key on a command line; name a slot and put the key in .env."
        )
    try:
        if target is not None:
            return fields.edit(target, document, arguments.value)
        return Set(path, _json_or_text(arguments.value))
    except fields.FieldError as error:
        raise Usage(str(error)) from error


def _is_there(document: Json, path: Path) -> bool:
    try:
        get(document, path)
    except MissingPath:
        return False
    return True


def _is_a_key(path: Path, value: str) -> bool:
    """Tell whether the value is a key: by the name of its member, or in the place of a slot's name."""
    named = any(names_a_key(part) for part in path if isinstance(part, str))
    slot = str(path[-1]).lower().endswith("_env")
    return (named and isinstance(_json_or_text(value), str)) or (slot and looks_like_a_key(value))


def _path(text: str) -> Path:
    try:
        path = parse_path(text)
    except ValueError as error:
        raise Usage(str(error)) from error
    if len(path) < 2 and path not in (at.NAME,):
        known = ", ".join(each.id for each in fields.FIELDS)
        raise Usage(
            f"There is no field {text}. Fields are {known}; or give a path such as manifest.llm.model."
        )
    return path


def _json_or_text(text: str) -> Json:
    try:
        return parse(text).value
    except JsonTextError as error:
        if text.lstrip()[:1] in ("{", "[", '"'):
            raise Usage(f"This begins as JSON and is none: {error}") from error
        return text


def clone(services: Services, arguments: argparse.Namespace) -> ExitCode:
    listing = list_presets(services)
    view = find(listing, arguments.name)
    plan = planning.plan_clone(services, listing, view, arguments.new_name, own_slot=arguments.own_slot)
    return _carry_out(services, arguments, plan)


def rename(services: Services, arguments: argparse.Namespace) -> ExitCode:
    listing = list_presets(services)
    view = find(listing, arguments.name)
    return _carry_out(services, arguments, planning.plan_rename(services, listing, view, arguments.new_name))


def delete(services: Services, arguments: argparse.Namespace) -> ExitCode:
    listing = list_presets(services)
    view = find(listing, arguments.name)
    return _carry_out(services, arguments, planning.plan_delete(services, listing, view))


def _carry_out(services: Services, arguments: argparse.Namespace, plan: Plan) -> ExitCode:
    """Show a plan, ask, apply it. The one way in which a command writes a preset.

    As JSON the plan is written in any case: whether it was applied stands in it, why not on standard error.
    """
    applied = False
    try:
        if not arguments.json:
            show_plan(plan)
        if not plan.changes_nothing:
            standing = plan.never_forced if arguments.force else plan.blocking
            if standing and not arguments.dry_run:
                raise Stands(plan)
            if not arguments.dry_run:
                verb = "Delete" if plan.data is None else "Save"
                agree(arguments, f"{verb} {plan.target.name}?")
                changing.apply(services, plan, force=arguments.force)
                applied = True
            elif not arguments.json:
                output.write_lines(("Nothing was written (dry run).",))
            if standing:
                return ExitCode.REFUSED
    finally:
        if arguments.json:
            arguments.written = True
            output.write_document(shapes.plan_shape(plan, applied=applied))
    if applied and not arguments.json:
        output.write_lines((f"Done: {plan.label}. `mimo-tui presets undo` takes it back.",))
    return ExitCode.DONE


def show_plan(plan: Plan) -> None:
    """Write what a plan changes, what it mends, and what is left to know."""
    if plan.changes_nothing:
        output.write_lines((f"Nothing to change: {plan.original.reference} says so already.",))
        return
    new = "/dev/null" if plan.data is None else str(plan.target)
    output.write_diff(str(plan.original.entry.path), new, plan.diff)
    for finding in plan.mended:
        output.write_lines((f"✓ mends {finding.code}: {finding.message}",))
    for finding in plan.after.findings if plan.after else ():
        if finding.severity is not Severity.INFO:
            output.write_lines(_explained(finding))
    output.write_lines(plan.warnings)


def agree(arguments: argparse.Namespace, question: str) -> None:
    """Ask, unless `--yes` was said. Raises Declined where the answer is no, or nobody can be asked."""
    if arguments.yes:
        return
    if arguments.json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Declined("Nothing was changed: there is no terminal to ask on. Say --yes to go ahead.")
    if not output.ask(question):
        raise Declined("Nothing was changed.")


def undo(services: Services, arguments: argparse.Namespace) -> ExitCode:
    path = _path_of(services, arguments.name)
    step = changing.next_undo(services, path)
    if step is None:
        raise Declined("There is nothing to undo.")
    changing.check_undo(step)
    _show_return(services, arguments, step)
    agree(arguments, f"Take back “{step.label}”?")
    changing.undo(services, step)
    _finished(arguments, step.id, f"Taken back: {step.label}.")
    return ExitCode.DONE


def redo(services: Services, arguments: argparse.Namespace) -> ExitCode:
    step = changing.next_redo(services, _path_of(services, arguments.name))
    if step is None:
        raise Declined("There is nothing to do again.")
    if not arguments.json:
        output.write_diff(*_names(step), changing.redo_diff(services, step))
    agree(arguments, f"Do “{step.label}” again?")
    changing.redo(services, step)
    _finished(arguments, step.id, f"Done again: {step.label}.")
    return ExitCode.DONE


def restore(services: Services, arguments: argparse.Namespace) -> ExitCode:
    step = changing.step(services, arguments.change)
    _show_return(services, arguments, step)
    agree(arguments, f"Bring back the state before “{step.label}”?")
    changing.restore(services, step)
    _finished(arguments, step.id, f"Restored: as before “{step.label}”.")
    return ExitCode.DONE


def _show_return(services: Services, arguments: argparse.Namespace, step: changing.Step) -> None:
    if not arguments.json:
        after, before = _names(step)
        output.write_diff(before, after, changing.undo_diff(services, step))


def _names(step: changing.Step) -> tuple[str, str]:
    """Give the file's name before the step and after it."""
    if step.renamed is not None:
        removed, made = step.renamed
        return str(removed.path), str(made.path)
    change = step.changes[0]
    return (
        "/dev/null" if change.before is None else str(change.path),
        "/dev/null" if change.after is None else str(change.path),
    )


def _finished(arguments: argparse.Namespace, change: str, sentence: str) -> None:
    if arguments.json:
        output.write_document({"schema": shapes.SCHEMA, "change": change, "applied": True})
    else:
        output.write_lines((sentence,))


def history(services: Services, arguments: argparse.Namespace) -> ExitCode:
    steps = changing.history(services, _path_of(services, arguments.name))
    if arguments.json:
        output.write_document(
            {"schema": shapes.SCHEMA, "changes": [shapes.step_shape(step) for step in steps]}
        )
        return ExitCode.DONE
    if not steps:
        output.write_lines(("No change has been made yet.",))
    rows = [(step.id, f"{step.at.astimezone():%Y-%m-%d %H:%M:%S}", step.state, step.label) for step in steps]
    if rows:
        output.write_table(("CHANGE", "WHEN", "STATE", "WHAT"), rows)
    for problem in changing.problems(services):
        say(problem)
    return ExitCode.DONE


def diff(services: Services, arguments: argparse.Namespace) -> ExitCode:
    steps = changing.history(services)
    if arguments.change is None and not steps:
        raise Declined("No change has been made yet.")
    step = steps[0] if arguments.change is None else changing.step(services, arguments.change)
    diff = changing.step_diff(services, step)
    if not arguments.json:
        output.write_lines((f"{step.label} ({step.state}, {step.at.astimezone():%Y-%m-%d %H:%M:%S})",))
    if arguments.json:
        lines: list[Json] = [line.text if line.mark == "@" else f"{line.mark}{line.text}" for line in diff]
        output.write_document({"schema": shapes.SCHEMA, "change": shapes.step_shape(step), "diff": lines})
    else:
        output.write_diff(*_names(step), diff)
    return ExitCode.DONE


def _path_of(services: Services, name: str | None) -> FilePath | None:
    return None if name is None else changing.path_of(services, name)


def _sentence(finding: Finding) -> str:
    return f"{_MARKS[finding.severity]}: {finding.message}"


def _explained(finding: Finding) -> list[str]:
    where = f" at {format_path(finding.path)}" if finding.path else ""
    lines = [
        f"{_MARKS[finding.severity]} {finding.code}{where}: {finding.message}",
        f"    because {finding.because}",
    ]
    lines += [f"    --fix {fix.id}: {fix.title}" for fix in finding.fixes]
    return lines
