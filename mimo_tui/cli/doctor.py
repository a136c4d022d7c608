"""`mimo-tui doctor`: everything that is wrong, and what mends it."""

import argparse
import asyncio
import sys
from collections.abc import Iterator, Sequence

from mimo_tui.cli import output, shapes
from mimo_tui.cli.errors import ExitCode, Usage, say
from mimo_tui.cli.presets import agree
from mimo_tui.core.findings import Severity
from mimo_tui.core.json_text import Json, format_path
from mimo_tui.core.text import Clean, clean
from mimo_tui.services import Services
from mimo_tui.services.docs.updating import Progress
from mimo_tui.services.doctor.checking import check_now, told
from mimo_tui.services.doctor.complaints import Complaint, Examination, Place
from mimo_tui.services.doctor.examining import conclusion, examine
from mimo_tui.services.doctor.reporting import report
from mimo_tui.services.doctor.writing import Occupied, report_file, write_report
from mimo_tui.services.keys.checking import Check

_TITLES = {
    Place.PRESET: "Presets",
    Place.KEY: "Keys",
    Place.FILES: "Files",
    Place.DRIFT: "Docs and service",
}
_SIGNS = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.INFO: "·"}
_STANDARD_OUTPUT = "-"
_REPORT = "`mimo-tui doctor --report FILE` writes this down for whoever should know."
_SIMULATED = (
    "SIMULATED: a sample library, or answers of the simulated platform; nothing here is of MiMo itself."
)


def doctor(services: Services, arguments: argparse.Namespace) -> ExitCode:
    to_output = arguments.report == _STANDARD_OUTPUT
    if to_output and arguments.json:
        raise Usage("A report and a JSON document do not fit into one output; give the report a file.")
    target = report_file(services, arguments.report) if arguments.report and not to_output else None
    examination = _examined(services, arguments)
    if to_output:
        output.write_text(report(examination, services))
        return _code(examination)
    written = None
    try:
        if not arguments.json:
            output.write_lines(_lines(examination))
        if target is not None:
            text = report(examination, services)
            try:
                write_report(target, text)
            except Occupied:
                agree(arguments, f"Write over {target}?")
                write_report(target, text, over=True)
            written = str(target)
            if not arguments.json:
                output.write_lines(("", f"The report is in {target}. It is sent nowhere; read it first."))
    finally:
        if arguments.json:
            arguments.written = True
            output.write_document(_document(examination, written))
    return _code(examination)


def _code(examination: Examination) -> ExitCode:
    if examination.problem:
        return ExitCode.FAILED
    if examination.is_wrong:
        return ExitCode.REFUSED
    return ExitCode.FAILED if examination.asked.has_failed else ExitCode.DONE


def _examined(services: Services, arguments: argparse.Namespace) -> Examination:
    return asyncio.run(_asked(services)) if arguments.check else examine(services)


async def _asked(services: Services) -> Examination:
    try:
        async for event in check_now(services):
            if isinstance(event, Examination):
                return event
            if sys.stderr.isatty() and not isinstance(event, Progress):
                say(told(event))
    finally:
        await services.client.aclose()
    raise AssertionError("a check ends with an examination")


def _lines(examination: Examination) -> Iterator[str]:
    if examination.simulated:
        yield _SIMULATED
    for kind, title in _TITLES.items():
        found = [each for each in examination.complaints if each.place is kind]
        if found:
            yield title
            yield from (line for each in found for line in _explained(each))
            if kind is Place.DRIFT:
                yield f"  {_REPORT}"
            yield ""
    if examination.unchecked:
        yield "Not checked"
        yield from (f"  ? {each.subject}: {each.reason}" for each in examination.unchecked)
        yield ""
    yield "What this rests on"
    yield from (f"    {each}" for each in examination.basis)
    yield ""
    yield conclusion(examination)


def _explained(complaint: Complaint) -> Iterator[str]:
    simulated = "SIMULATED: " if complaint.simulated else ""
    message = complaint.message.removeprefix(f"{complaint.where}: ")
    at = f", since {complaint.since:%Y-%m-%d}" if complaint.since is not None else ""
    sign = _SIGNS[complaint.severity]
    yield f"  {sign} {complaint.severity}  {complaint.where}: {simulated}{message} [{complaint.code}{at}]"
    if complaint.because:
        yield f"      because: {complaint.because}"
    seen = complaint.discrepancy
    if seen is not None and seen.quote:
        yield f"      “{_first_line(seen.quote)}”"
    for remedy in complaint.remedies:
        command = f": {remedy.command}" if remedy.command else ""
        yield f"      → {remedy.title}{command}"


def _first_line(quote: Clean) -> str:
    return quote.partition("\n")[0]


def _document(examination: Examination, written: str | None) -> dict[str, Json]:
    return {
        "schema": shapes.SCHEMA,
        "at": examination.at.isoformat(),
        "simulated": examination.simulated,
        "problem": examination.problem or None,
        "counts": {str(severity): examination.count(severity) for severity in Severity},
        "complaints": [_shape(each) for each in examination.complaints],
        "unchecked": [{"subject": each.subject, "reason": each.reason} for each in examination.unchecked],
        "basis": list(examination.basis),
        "works": list(examination.works),
        "checks": _checks(examination.asked.checks),
        "report": written,
    }


def _shape(complaint: Complaint) -> dict[str, Json]:
    finding, seen = complaint.finding, complaint.discrepancy
    return {
        "id": complaint.id,
        "place": str(complaint.place),
        "severity": str(complaint.severity),
        "code": complaint.code,
        "where": complaint.where,
        "file": clean(str(complaint.path)) if complaint.path is not None else None,
        "path": format_path(finding.path) if finding is not None else None,
        "message": complaint.message,
        "because": complaint.because,
        "remedies": [{"title": each.title, "command": each.command or None} for each in complaint.remedies],
        "since": complaint.since.isoformat() if complaint.since is not None else None,
        "simulated": complaint.simulated,
        "drift": {
            "old": seen.old,
            "new": seen.new,
            "expected_from": seen.expected_from,
            "seen_in": seen.seen_in,
            "url": seen.url or None,
            "quote": seen.quote,
            "at": seen.at.isoformat(),
        }
        if seen is not None
        else None,
    }


def _checks(checks: Sequence[Check]) -> list[Json]:
    return [
        {
            "slot": check.slot,
            "label": str(check.verdict.label),
            "title": check.verdict.title,
            "at": check.at.isoformat(),
            "simulated": check.simulated,
        }
        for check in checks
    ]
