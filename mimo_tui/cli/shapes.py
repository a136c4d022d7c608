"""The JSON shapes that scripts hold on to. A name or a meaning here changes only with `schema`."""

from collections.abc import Iterable

from mimo_tui.core.endpoints import key_kind
from mimo_tui.core.findings import Finding
from mimo_tui.core.json_text import Json, format_path
from mimo_tui.core.secrets import redact, safe
from mimo_tui.services.presets.changing import AmbiguousChange, Step
from mimo_tui.services.presets.listing import Ambiguous, Listing, NotFound, PresetView
from mimo_tui.services.presets.planning import Plan

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


def error_shape(error: Exception, code: int) -> dict[str, Json]:
    """Give why a command did nothing; `candidates` are the names that could have been meant."""
    candidates: list[Json] = []
    if isinstance(error, Ambiguous):
        candidates = [candidate.reference for candidate in error.candidates]
    elif isinstance(error, AmbiguousChange):
        candidates = [candidate.id for candidate in error.candidates]
    elif isinstance(error, NotFound):
        candidates = list(error.close)
    return {"schema": SCHEMA, "error": {"code": code, "message": safe(str(error)), "candidates": candidates}}


def step_shape(step: Step) -> dict[str, Json]:
    """Give one thing that was done."""
    return {
        "id": step.id,
        "at": step.at.isoformat(),
        "label": step.label,
        "state": step.state,
        "paths": [str(change.path) for change in step.changes],
    }
