"""A slot as text: the verdict on its key and what to do first, then the evidence, then where the key lies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from textual.content import Content

from mimo_tui.core.catalogue import Family
from mimo_tui.core.slots import KeySource
from mimo_tui.core.text import Clean, clean
from mimo_tui.core.verdict import Label, Probe, Reading, place
from mimo_tui.services.keys.checking import Check
from mimo_tui.services.keys.listing import SlotView
from mimo_tui.services.keys.placing import Misplaced
from mimo_tui.tui.widgets.exchange_text import SIMULATED, duration, exchange_text, outcome
from mimo_tui.tui.widgets.finding_text import MUTED, finding_paragraph, hanging

SIGNS: Final[Mapping[Label, tuple[str, str]]] = MappingProxyType(
    {
        Label.BELONGS: ("✓", "$text-success"),
        Label.SEVERAL: ("?", "$text-warning"),
        Label.WRONG_FAMILY: ("✗", "$text-error"),
        Label.REVOKED: ("✗", "$text-error"),
        Label.UNDETERMINED: ("?", "$text-warning"),
    }
)
_READINGS: Final[Mapping[Reading, tuple[str, str]]] = MappingProxyType(
    {Reading.ACCEPTS: ("✓", "$text-success"), Reading.REFUSES: ("✗", "$text-error")}
)
_NO_VERDICT: Final = ("?", "$text-warning")
_NAME_WIDTH: Final = 10


@dataclass(frozen=True, slots=True)
class Asking:
    """A check that is under way: whose hosts are asked, and who has answered."""

    family: Family
    probes: tuple[Probe, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyCard:
    """All that is shown of one slot. `check` is the one of this run, `problem` why there is none.

    `misplaced`: the presets that the last verdict rules out.
    """

    slot: SlotView
    misplaced: tuple[Misplaced, ...] = ()
    check: Check | None = None
    asking: Asking | None = None
    problem: Clean | None = None


def card_text(card: KeyCard, width: int, *, revealed_for: float | None = None) -> Content:
    """Give the whole card as one text of that width, so that it can be selected and copied.

    With `revealed_for` (seconds, as they are said) it shows the key itself, which nothing else ever does.
    """
    parts = [*_head(card, width, revealed_for)]
    if card.asking is not None:
        parts += _under_way(card.asking, width)
    elif card.problem is not None:
        parts.append(hanging(Content.styled("✗ ", "$text-error"), Content(card.problem), width))
    elif card.check is not None:
        parts += _verdict(card.check, card.misplaced, width)
    else:
        parts += _remembered(card, width)
    parts += _findings(card.slot, width)
    if card.check is not None and card.asking is None:
        parts += _evidence(card.check, width)
    return Content("\n").join([*parts, Content(""), *_facts(card, width)])


def _head(card: KeyCard, width: int, revealed_for: float | None) -> list[Content]:
    slot = card.slot
    remembered = slot.check is not None and slot.check.simulated and card.check is None
    simulated = remembered or any(probe.exchange.simulated for probe in _probes(card))
    title = Content.styled(slot.name, "bold")
    if simulated:
        title = Content.assemble(title, "  ", SIMULATED)
    if slot.secret is None:
        return [title, Content.styled("no key", MUTED)]
    if revealed_for is not None:
        shown = Content.styled(clean(slot.secret.reveal()), "bold $text-warning")
        told = Content.styled(f"hides itself after {revealed_for:g} s", MUTED)
        return [title, hanging(Content(""), shown, width), told]
    kind = slot.kind.title if slot.kind is not None else "of no known kind"
    return [
        title,
        hanging(Content(""), Content.assemble(slot.secret.masked, "  ", (clean(kind), MUTED)), width),
    ]


def _probes(card: KeyCard) -> tuple[Probe, ...]:
    if card.asking is not None:
        return card.asking.probes
    return card.check.probes if card.check is not None else ()


def _under_way(asking: Asking, width: int) -> list[Content]:
    answered = {probe.host.name: probe for probe in asking.probes}
    parts = [Content.styled(clean(f"… asking {asking.family.title}; escape stops"), "bold")]
    for host in asking.family.hosts:
        probe = answered.get(host.name)
        waiting = hanging(Content("… "), Content.assemble(place(host), ("  no answer yet", MUTED)), width)
        parts.append(waiting if probe is None else _host_line(probe, width))
    return parts


def _verdict(check: Check, misplaced: Sequence[Misplaced], width: int) -> list[Content]:
    verdict = check.verdict
    sign, style = SIGNS[verdict.label]
    parts = [
        hanging(Content.styled(f"{sign} ", style), Content.styled(verdict.title, f"bold {style}"), width)
    ]
    parts += [_misplaced(each, width) for each in misplaced]
    parts += [_host_line(probe, width) for probe in check.probes]
    told = {probe.meaning for probe in check.probes}
    grounds = [ground for ground in verdict.grounds if ground not in told]
    parts += [hanging(Content("  "), Content.styled(ground, MUTED), width) for ground in grounds]
    if verdict.remedy:
        parts.append(hanging(Content.styled("→ ", "$text-success"), Content(verdict.remedy), width))
    return parts


def _misplaced(misplaced: Misplaced, width: int) -> Content:
    told = Content(misplaced.says)
    if misplaced.base is not None:
        told = Content.assemble(told, (" f mends it.", "$text-success"))
    return hanging(Content.styled("✗ ", "$text-error"), told, width)


def _remembered(card: KeyCard, width: int) -> list[Content]:
    slot, known = card.slot, card.slot.check
    if known is None:
        told = "Not checked yet." if slot.secret is not None else "There is nothing to check; s sets a key."
        return [Content.styled(f"· {told}", MUTED)]
    sign, style = SIGNS[known.label]
    when = clean(f"found {known.at.astimezone():%Y-%m-%d %H:%M}; c checks again, with evidence")
    return [
        hanging(Content.styled(f"{sign} ", style), Content.styled(known.title, f"bold {style}"), width),
        *(_misplaced(each, width) for each in card.misplaced),
        hanging(Content("  "), Content.styled(when, MUTED), width),
    ]


def _host_line(probe: Probe, width: int) -> Content:
    sign, style = _READINGS.get(probe.reading, _NO_VERDICT)
    said = Content.assemble(probe.meaning, (f"  {outcome(probe.exchange)}", MUTED))
    return hanging(Content.styled(f"{sign} ", style), said, width)


def _findings(slot: SlotView, width: int) -> list[Content]:
    if not slot.findings:
        return []
    return [Content(""), *(finding_paragraph(finding, width) for finding in slot.findings)]


def _evidence(check: Check, width: int) -> list[Content]:
    at = f"{check.at.astimezone():%Y-%m-%d %H:%M:%S}"
    told = clean(f"{check.family.title}, {at}, {duration(check.seconds)} in all")
    parts = [Content(""), hanging(Content.styled("Evidence  ", "bold"), Content.styled(told, MUTED), width)]
    return parts + [exchange_text(probe.exchange, width) for probe in check.probes]


def _facts(card: KeyCard, width: int) -> list[Content]:
    slot = card.slot
    facts = [("set in", places_text(slot))]
    if slot.rule is not None and slot.kind is not None:  # else a finding says it
        facts.append(("rule", slot.rule))
    rows = [
        hanging(Content.styled(f"{name:<{_NAME_WIDTH}}", MUTED), Content(clean(value)), width)
        for name, value in facts
    ]
    users = slot.presets
    rows += [
        hanging(
            Content.styled(f"{'used by' if number == 0 else '':<{_NAME_WIDTH}}", MUTED),
            Content.assemble(
                user.name if user.name.strip() else user.reference,
                (clean(f"  {user.endpoint.title if user.endpoint else 'no host'}"), MUTED),
            ),
            width,
        )
        for number, user in enumerate(users)
    ]
    if not users:
        rows.append(Content.assemble((f"{'used by':<{_NAME_WIDTH}}", MUTED), "no preset"))
    return rows


def places_text(slot: SlotView) -> Clean:
    """Say every place in which the slot has a value, or a line without one: `.env line 4, config.json`."""
    told = [_place(place, slot) for place in slot.places]
    if slot.lines and KeySource.ENV_FILE not in slot.places:
        told.append(f"{_place(KeySource.ENV_FILE, slot)}, empty")
    return clean(", ".join(told) or "nowhere")


def _place(place: KeySource, slot: SlotView) -> str:
    match place:
        case KeySource.ENV_FILE:
            lines = ", ".join(map(str, slot.lines))
            return f".env line{'s' if len(slot.lines) > 1 else ''} {lines}" if lines else ".env"
        case KeySource.PROCESS:
            return "process environment"
        case KeySource.CONFIG:
            return "config.json"
        case KeySource.INLINE:
            return "inside a preset"
