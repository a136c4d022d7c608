"""The JSON shapes that scripts hold on to. A name or a meaning here changes only with `schema`."""

from collections.abc import Iterable

from mimo_tui.core.endpoints import key_kind
from mimo_tui.core.findings import Finding
from mimo_tui.core.json_text import Json, format_path
from mimo_tui.core.secrets import redact, safe
from mimo_tui.services.docs.reading import AmbiguousPage, NoPage
from mimo_tui.services.keys.listing import Keys, NoSlot, SlotView
from mimo_tui.services.keys.setting import KeyPlan
from mimo_tui.services.presets.changing import AmbiguousChange, Step
from mimo_tui.services.presets.listing import Ambiguous, Listing, NotFound, PresetView
from mimo_tui.services.presets.planning import Plan
from mimo_tui.services.refusals import CannotCheck

SCHEMA = 1


def presets_document(listing: Listing, presets: Iterable[PresetView]) -> dict[str, Json]:
    """Give the document of `presets list|show --json`."""
    return {
        "schema": SCHEMA,
        "presets": [preset_shape(listing, preset) for preset in presets],
        "findings": [finding_shape(finding) for finding in listing.findings],
    }


def preset_shape(listing: Listing, view: PresetView) -> dict[str, Json]:
    """Give one preset; what a broken file does not tell is null."""
    preset, endpoint, key = view.preset, view.endpoint, view.key
    kind = key_kind(key.secret, listing.context.catalogue) if key else None
    return {
        "name": view.name,
        "path": str(view.entry.path),
        "source": str(view.source),
        "provider": redact(preset.provider) if preset else None,
        "model": redact(preset.model) if preset else None,
        "base_url": redact(preset.base_url) if preset and preset.base_url is not None else None,
        "request_url": view.request_url,
        "agent_url": view.agent_url,
        "family": endpoint.family.id if endpoint and endpoint.family else None,
        "cluster": endpoint.cluster if endpoint else None,
        "slot": redact(preset.slot) if preset and preset.slot is not None else None,
        "key": {
            "present": key is not None,
            "kind": kind.prefix.rstrip("-") if kind else None,
            "source": str(key.source) if key else None,
            "masked": key.secret.masked if key else None,
        },
        "capabilities": list(preset.capabilities) if preset else [],
        "findings": [finding_shape(finding) for finding in view.findings],
        "error": view.error,
    }


def finding_shape(finding: Finding) -> dict[str, Json]:
    """Give one finding with its fixes."""
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "path": format_path(finding.path),
        "message": finding.message,
        "because": finding.because,
        "fixes": [{"id": fix.id, "title": fix.title} for fix in finding.fixes],
    }


def plan_shape(plan: Plan, *, applied: bool) -> dict[str, Json]:
    """Give a change: what it does, the diff, and the findings before and after."""
    return {
        "schema": SCHEMA,
        "kind": str(plan.kind),
        "label": plan.label,
        "path": str(plan.target),
        "original": str(plan.original.entry.path),
        "applied": applied,
        "diff": [line.text if line.mark == "@" else f"{line.mark}{line.text}" for line in plan.diff],
        "before": [finding_shape(finding) for finding in plan.original.findings],
        "after": [finding_shape(finding) for finding in plan.after.findings] if plan.after else [],
        "blocking": [finding_shape(finding) for finding in plan.blocking],
        "warnings": list(plan.warnings),
    }


def keys_document(keys: Keys) -> dict[str, Json]:
    """Give the document of `keys list --json`."""
    return {
        "schema": SCHEMA,
        "keys": [slot_shape(slot) for slot in keys.slots],
        "findings": [finding_shape(finding) for finding in keys.findings],
    }


def slot_shape(slot: SlotView) -> dict[str, Json]:
    """Give one slot: its key, masked, where it is set, who uses it, and the last verdict on it."""
    check = slot.check
    return {
        "slot": slot.name,
        "key": slot_key_shape(slot),
        "mimo": slot.is_mimo,
        "rule": slot.rule,
        "places": [str(place) for place in slot.places],
        "lines": list(slot.lines),
        "presets": [preset.reference for preset in slot.presets],
        "disagreement": slot.disagreement,
        "findings": [finding_shape(finding) for finding in slot.findings],
        "verdict": {
            "label": str(check.label),
            "title": check.title,
            "family": check.family,
            "host": check.host or None,
            "cluster": check.cluster or None,
            "at": check.at.isoformat(),
            "simulated": check.simulated,
        }
        if check is not None
        else None,
    }


def slot_key_shape(slot: SlotView) -> dict[str, Json]:
    """Give the key of a slot, masked."""
    return {
        "present": slot.secret is not None,
        "kind": slot.kind.prefix.rstrip("-") if slot.kind else None,
        "source": str(slot.source) if slot.source else None,
        "masked": slot.secret.masked if slot.secret else None,
    }


def key_plan_shape(plan: KeyPlan, *, applied: bool) -> dict[str, Json]:
    """Give a key that was or would be written, masked."""
    return {
        "schema": SCHEMA,
        "slot": plan.slot,
        "kind": plan.kind.prefix.rstrip("-") if plan.kind else None,
        "path": str(plan.target),
        "label": plan.label,
        "applied": applied,
        "diff": [line.text if line.mark == "@" else f"{line.mark}{line.text}" for line in plan.diff],
        "warnings": list(plan.warnings),
    }


def error_shape(error: Exception, code: int) -> dict[str, Json]:
    """Give why a command did nothing; `candidates` are the names that could have been meant."""
    candidates: list[Json] = []
    told = str(error)
    if isinstance(error, Ambiguous):
        candidates = [candidate.reference for candidate in error.candidates]
    elif isinstance(error, AmbiguousChange):
        candidates = [candidate.id for candidate in error.candidates]
    elif isinstance(error, AmbiguousPage):
        candidates = [safe(candidate.path) for candidate in error.candidates]
    elif isinstance(error, NotFound | NoSlot | NoPage):
        candidates = list(error.close)
    elif isinstance(error, CannotCheck):
        told, candidates = error.told, [family.id for family in error.families]
    return {"schema": SCHEMA, "error": {"code": code, "message": safe(told), "candidates": candidates}}


def step_shape(step: Step) -> dict[str, Json]:
    """Give one thing that was done."""
    return {
        "id": step.id,
        "at": step.at.isoformat(),
        "label": step.label,
        "state": step.state,
        "paths": [str(change.path) for change in step.changes],
    }
