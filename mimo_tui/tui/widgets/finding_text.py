"""Findings as text: a sign, what is wrong, because of what, and the fixes by name."""

from collections.abc import Iterable
from typing import Final

from textual.content import Content

from mimo_tui.core.findings import Finding, Severity
from mimo_tui.core.json_text import format_path
from mimo_tui.core.text import clean

SIGNS: Final = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.INFO: "·"}
STYLES: Final = {
    Severity.ERROR: "$text-error",
    Severity.WARNING: "$text-warning",
    Severity.INFO: "$text-muted",
}


def finding_line(finding: Finding) -> Content:
    """Give a finding as one line: its sign and its message."""
    return Content.assemble((f"{SIGNS[finding.severity]} ", STYLES[finding.severity]), clean(finding.message))


def finding_paragraph(finding: Finding) -> Content:
    """Give a finding in full."""
    parts: list[Content] = [finding_line(finding)]
    where = f"{format_path(finding.path)}: " if finding.path else ""
    parts.append(Content.styled(f"  {clean(where + finding.because)}", "$text-muted"))
    parts.extend(Content.assemble(("  fix ", "$text-success"), clean(fix.title)) for fix in finding.fixes)
    return Content("\n").join(parts)


def findings_text(findings: Iterable[Finding]) -> Content:
    """Give all findings in full, or the sentence that nothing is wrong."""
    paragraphs = [finding_paragraph(finding) for finding in findings]
    if not paragraphs:
        return Content.assemble(("✓ ", "$text-success"), "Nothing is wrong with it.")
    return Content("\n").join(paragraphs)
