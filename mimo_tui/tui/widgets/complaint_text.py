"""A complaint as text: what is wrong, because of what, old against new with the evidence, and what mends it."""

from collections.abc import Iterator
from dataclasses import dataclass

from textual.content import Content

from mimo_tui.core.drift import Discrepancy, Unchecked
from mimo_tui.core.text import Clean, clean
from mimo_tui.services.doctor.complaints import Complaint, Examination
from mimo_tui.tui.widgets.exchange_text import SIMULATED
from mimo_tui.tui.widgets.finding_text import MUTED, SIGNS, STYLES, hanging

_BAR = "│ "


@dataclass(frozen=True, slots=True)
class Group:
    """Complaints of one code, shown as one."""

    code: str
    complaints: tuple[Complaint, ...]


def group_text(group: Group, width: int) -> Content:
    """Give where the same thing is wrong, a line each, and because of what."""
    first = group.complaints[0]
    sign = Content.styled(f"{SIGNS[first.severity]} ", STYLES[first.severity])
    parts = [Content.styled(clean(f"{len(group.complaints)} times {group.code}"), "bold")]
    parts += [
        hanging(sign, Content.assemble((each.where, "bold"), "  ", each.message), width)
        for each in group.complaints
    ]
    return Content("\n").join([*parts, Content(""), *_fact("because", first.because, width)])


def complaint_text(complaint: Complaint, width: int) -> Content:
    """Give the whole complaint as one text of that width, so that it can be selected and copied."""
    title = Content.styled(complaint.where, "bold")
    if complaint.simulated:
        title = Content.assemble(title, "  ", SIMULATED)
    sign = Content.styled(f"{SIGNS[complaint.severity]} ", STYLES[complaint.severity])
    parts = [title, hanging(sign, Content(complaint.message), width)]
    for remedy in complaint.remedies:
        parts.append(hanging(Content.styled("  → ", "$text-success"), Content(remedy.title), width))
        if remedy.command:
            parts.append(hanging(Content("    "), Content.styled(remedy.command, MUTED), width))
    if complaint.discrepancy is not None:
        parts += [Content(""), *_evidence(complaint.discrepancy, width)]
    elif complaint.because:
        parts += [Content(""), *_fact("because", complaint.because, width)]
    return Content("\n").join([*parts, Content(""), *_facts(complaint, width)])


def unchecked_text(unchecked: Unchecked, width: int) -> Content:
    """Give what could not be checked, and why."""
    sign = Content.styled("? ", "$text-warning")
    return Content("\n").join(
        [
            Content.styled(unchecked.subject, "bold"),
            hanging(sign, Content.assemble("It could not be checked: ", unchecked.reason), width),
        ]
    )


def basis_text(examination: Examination, width: int) -> Content:
    """Give what all of it rests on, and what works."""
    dot = Content.styled("· ", MUTED)
    parts = [Content.styled("What this rests on", "bold")]
    parts += [hanging(dot, Content(each), width) for each in examination.basis]
    if examination.works:
        good = Content.styled("✓ ", "$text-success")
        parts += [Content(""), *(hanging(good, Content(each), width) for each in examination.works)]
    return Content("\n").join(parts)


def _evidence(seen: Discrepancy, width: int) -> Iterator[Content]:
    yield from _fact(
        "expected", clean(" · ".join(filter(None, (seen.old or "nothing", seen.expected_from)))), width
    )
    yield from _fact("seen", clean(f"{seen.new or 'nothing'} · {seen.seen_in}"), width)
    for line in seen.quote.split("\n") if seen.quote else ():
        yield from (
            Content.assemble((_BAR, MUTED), piece) for piece in Content(clean(line)).wrap(max(width - 2, 8))
        )
    if seen.url:
        yield from _fact("page", seen.url, width)


def _facts(complaint: Complaint, width: int) -> Iterator[Content]:
    yield from _fact("code", clean(complaint.code), width)
    if complaint.since is not None:
        yield from _fact("since", clean(f"{complaint.since.astimezone():%Y-%m-%d %H:%M}"), width)
    if complaint.path is not None:
        yield from _fact("file", clean(str(complaint.path)), width)


def _fact(name: str, value: Clean, width: int) -> Iterator[Content]:
    yield hanging(Content.styled(f"{name:<9}", MUTED), Content(value), width)
