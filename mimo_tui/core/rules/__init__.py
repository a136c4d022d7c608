"""A preset, held against catalogue, Lingtai and slots, gives findings. One small function a rule."""

from mimo_tui.core.findings import Finding, Severity
from mimo_tui.core.rules import capabilities, document, endpoint, key, model, vision
from mimo_tui.core.rules.subject import Context, Rule, Subject

RULES: tuple[Rule, ...] = (
    *document.RULES,
    *model.RULES,
    *vision.RULES,
    *endpoint.RULES,
    *key.RULES,
    *capabilities.RULES,
)

_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def check(subject: Subject, context: Context) -> tuple[Finding, ...]:
    """Give all findings of one preset, the worst first."""
    findings = [finding for rule in RULES for finding in rule(subject, context)]
    findings.sort(key=lambda finding: _ORDER[finding.severity])
    return tuple(findings)


__all__ = ["RULES", "Context", "Rule", "Subject", "check"]
