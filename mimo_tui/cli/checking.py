"""`mimo-tui keys check`: where a key belongs, with the evidence, and the presets that sit elsewhere."""

import argparse
import asyncio
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from mimo_tui.cli import output, shapes
from mimo_tui.cli.errors import ExitCode, Stands, say
from mimo_tui.cli.evidence import SIMULATED, exchange_lines, exchange_shape
from mimo_tui.cli.presets import agree, show_plan
from mimo_tui.core.findings import Severity
from mimo_tui.core.json_text import Json
from mimo_tui.core.preset import Source
from mimo_tui.core.verdict import Label, Probe, Reading, place
from mimo_tui.services import Services
from mimo_tui.services.keys.checking import (
    CannotCheck,
    Check,
    Misplaced,
    Offline,
    check_key,
    family_of,
    plan_move,
    remember,
)
from mimo_tui.services.keys.listing import SlotView, find_slot, list_keys
from mimo_tui.services.presets import changing
from mimo_tui.services.presets.listing import list_presets
from mimo_tui.services.presets.planning import Plan
from mimo_tui.store.atomic import SaveFailed

_LONGEST_LINE = 140
_SIGNS = {Label.BELONGS: "✓", Label.SEVERAL: "?", Label.UNDETERMINED: "?"}
_READINGS = {Reading.ACCEPTS: "✓", Reading.REFUSES: "✗"}


@dataclass(slots=True)
class _Answer:
    """What came of one slot: a check or why there is none, and what was planned for its presets."""

    slot: SlotView
    check: Check | None = None
    refusal: CannotCheck | None = None
    plans: dict[str, Plan] = field(default_factory=dict)
    applied: set[str] = field(default_factory=set)

    @property
    def to_move(self) -> tuple[Misplaced, ...]:
        """Give the presets that stay misplaced; a template is Lingtai's, and only its copies can be moved."""
        found = self.check.misplaced if self.check is not None else ()
        return tuple(
            each
            for each in found
            if each.preset.source is not Source.TEMPLATE and each.preset.reference not in self.applied
        )


def check(services: Services, arguments: argparse.Namespace) -> ExitCode:
    answers = asyncio.run(_checked(services, _chosen(services, arguments.slot), arguments.family))
    refusals = [answer.refusal for answer in answers if answer.refusal is not None]
    if refusals and (len(answers) == 1 or any(isinstance(refusal, Offline) for refusal in refusals)):
        raise next((refusal for refusal in refusals if isinstance(refusal, Offline)), refusals[0])
    _keep(services, answers)
    try:
        if not arguments.json:
            _show(answers)
        if arguments.fix:
            for answer in answers:
                _fix(services, arguments, answer)
    finally:
        if arguments.json:
            arguments.written = True
            output.write_document(_document(answers))
    return _code(answers)


def _chosen(services: Services, names: Sequence[str]) -> tuple[SlotView, ...]:
    slots = list_keys(services)
    if names:
        return tuple(find_slot(slots, name) for name in dict.fromkeys(names))
    found = tuple(slot for slot in slots if slot.is_mimo and slot.secret is not None)
    if not found:
        raise CannotCheck("No slot of MiMo holds a key that an agent finds. `mimo-tui keys add` puts one in.")
    return found


async def _checked(services: Services, slots: Sequence[SlotView], family: str | None) -> list[_Answer]:
    answers = []
    try:
        for slot in slots:
            answer = _Answer(slot)
            try:
                asked = family_of(services, slot, family)
                if sys.stderr.isatty():
                    say(f"Asking {', '.join(place(host) for host in asked.hosts)} about {slot.name} …")
                answer.check = await check_key(services, slot, asked)
            except CannotCheck as refusal:
                answer.refusal = refusal
            answers.append(answer)
    finally:
        await services.client.aclose()
    return answers


def _keep(services: Services, answers: Sequence[_Answer]) -> None:
    for answer in answers:
        if answer.check is not None:
            try:
                remember(services, answer.check)
            except SaveFailed as failure:
                say(f"The verdict is not kept for the list: {failure}")


def _fix(services: Services, arguments: argparse.Namespace, answer: _Answer) -> None:
    for misplaced in answer.to_move:
        if misplaced.base is None:
            continue
        # Read anew for each: the plan must rest on the library as the move before it left it.
        plan = plan_move(services, list_presets(services), misplaced)
        reference = misplaced.preset.reference
        answer.plans[reference] = plan
        if not arguments.json:
            show_plan(plan)
        if plan.changes_nothing:
            # Another name of the same file was moved before it.
            answer.applied.add(reference)
        elif plan.blocking:
            say(str(Stands(plan)))
        elif arguments.dry_run:
            if not arguments.json:
                output.write_lines(("Nothing was written (dry run).",))
        else:
            agree(arguments, f"Save {plan.target.name}?")
            changing.apply(services, plan)
            answer.applied.add(reference)
            if not arguments.json:
                output.write_lines((f"Done: {plan.label}. `mimo-tui presets undo` takes it back.",))


def _code(answers: Sequence[_Answer]) -> ExitCode:
    """Give the gravest: something is wrong, then a choice is left to the person, then nothing is certain."""
    labels = {answer.check.verdict.label for answer in answers if answer.check is not None}
    if labels & {Label.REVOKED, Label.WRONG_FAMILY} or any(answer.to_move for answer in answers):
        return ExitCode.REFUSED
    refusals = [answer.refusal for answer in answers if answer.refusal is not None]
    if any(refusal.families for refusal in refusals):
        return ExitCode.AMBIGUOUS
    return ExitCode.FAILED if refusals or labels != {Label.BELONGS} else ExitCode.DONE


def _show(answers: Sequence[_Answer]) -> None:
    if any(answer.check is not None and answer.check.simulated for answer in answers):
        output.write_lines((SIMULATED,))
    for number, answer in enumerate(answers):
        output.write_lines(("",) if number else ())
        output.write_lines(_card(answer))


def _card(answer: _Answer) -> Iterator[str]:
    slot, check = answer.slot, answer.check
    kind = slot.kind.title if slot.kind is not None else "of no known kind"
    yield f"{slot.name}  {slot.secret.masked if slot.secret else 'no key'}  {kind}"
    if check is None:
        yield f"  ? not checked: {answer.refusal}"
        if answer.refusal is not None:
            yield from (f"      → {command}" for command in answer.refusal.commands)
        return
    yield f"  {check.rule}"
    yield from (f"  ! {finding.message}" for finding in slot.findings if finding.severity is Severity.WARNING)
    for probe in check.probes:
        yield f"  {_READINGS.get(probe.reading, '?')} {probe.meaning}"
        yield from (f"      {_cut(line)}" for line in exchange_lines(probe.exchange))
    verdict = check.verdict
    yield f"  {_SIGNS.get(verdict.label, '✗')} {verdict.title}"
    shown = {probe.meaning for probe in check.probes}
    yield from (f"      {ground}" for ground in verdict.grounds if ground not in shown)
    yield f"      → {verdict.remedy}"
    yield from _misplaced_lines(slot, check)


def _misplaced_lines(slot: SlotView, check: Check) -> Iterator[str]:
    for misplaced in check.misplaced:
        yield f"  ✗ {misplaced.says}"
        if misplaced.base is None:
            yield "      The console's plan page names its host; then set the preset's base_url."
        elif misplaced.preset.source is Source.TEMPLATE:
            yield "      Lingtai writes it anew at each launch; clone it, and give the copy that base URL."
        else:
            yield f"      Mend it: mimo-tui keys check {slot.name} --fix  (base URL {misplaced.base})"


def _cut(line: str) -> str:
    return line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…"


def _document(answers: Sequence[_Answer]) -> dict[str, Json]:
    checked = [answer for answer in answers if answer.check is not None]
    return {
        "schema": shapes.SCHEMA,
        "simulated": any(answer.check is not None and answer.check.simulated for answer in checked),
        "checks": [_check_shape(answer, answer.check) for answer in checked if answer.check is not None],
        "not_checked": [
            {
                "slot": answer.slot.name,
                "reason": str(answer.refusal),
                "families": [family.id for family in answer.refusal.families],
            }
            for answer in answers
            if answer.refusal is not None
        ],
    }


def _check_shape(answer: _Answer, check: Check) -> dict[str, Json]:
    verdict, host = check.verdict, check.verdict.host
    return {
        "slot": check.slot,
        "key": shapes.slot_key_shape(answer.slot),
        "rule": check.rule,
        "family": check.family.id,
        "at": check.at.isoformat(),
        "milliseconds": round(check.seconds * 1000),
        "simulated": check.simulated,
        "hosts": [_probe_shape(probe) for probe in check.probes],
        "verdict": {
            "label": str(verdict.label),
            "title": verdict.title,
            "host": host.name if host is not None else None,
            "cluster": (host.cluster or None) if host is not None else None,
            "grounds": list(verdict.grounds),
            "remedy": verdict.remedy,
        },
        "findings": [shapes.finding_shape(finding) for finding in answer.slot.findings],
        "misplaced": [_misplaced_shape(answer, misplaced) for misplaced in check.misplaced],
    }


def _probe_shape(probe: Probe) -> dict[str, Json]:
    return {
        "host": probe.host.name,
        "cluster": probe.host.cluster or None,
        "base_url": probe.base,
        "reading": str(probe.reading),
        "meaning": probe.meaning,
        "models": list(probe.models),
        "exchange": exchange_shape(probe.exchange),
    }


def _misplaced_shape(answer: _Answer, misplaced: Misplaced) -> dict[str, Json]:
    reference = misplaced.preset.reference
    plan = answer.plans.get(reference)
    applied = plan is not None and reference in answer.applied and not plan.changes_nothing
    return {
        "preset": reference,
        "says": misplaced.says,
        "base_url": misplaced.base,
        "plan": shapes.plan_shape(plan, applied=applied) if plan is not None else None,
    }
