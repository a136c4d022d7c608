"""Findings as text: a sign, what is wrong, because of what, and the fixes by name."""

from collections.abc import Iterable
from typing import Final

from textual.content import Content

from mimo_tui.core.findings import Finding, Severity
from mimo_tui.core.json_text import format_path
from mimo_tui.core.text import clean

SIGNS: Final = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.INFO: "·"}
STYLES: Final = {Severity.ERROR: "$text-error", Severity.WARNING: "$text-warning", Severity.INFO: "dim"}
MUTED: Final = "dim"


def hanging(first: Content, text: Content, width: int) -> Content:
    """Give `text` wrapped to `width` cells, with `first` before its first line and blanks before the others."""
    indent = first.cell_length
    lines = text.wrap(max(width - indent, 8))
    blank = Content(" " * indent)
    return Content("\n").join((first if number == 0 else blank) + line for number, line in enumerate(lines))


def finding_line(finding: Finding, width: int) -> Content:
    """Give a finding in short: its sign and its message."""
    sign = Content.styled(f"{SIGNS[finding.severity]} ", STYLES[finding.severity])
    return hanging(sign, Content(clean(finding.message)), width)


def finding_reason(finding: Finding, width: int, *, where: str = "") -> Content:
    """Give a finding with its reason."""
    parts = [finding_line(finding, width)]
    if finding.because:
        parts.append(hanging(Content("  "), Content.styled(clean(where + finding.because), MUTED), width))
    return Content("\n").join(parts)


def finding_paragraph(finding: Finding, width: int = 80) -> Content:
    """Give a finding in full: the message, where it is and because of what, and the fixes."""
    where = f"{format_path(finding.path)}: " if finding.path else ""
    parts = [finding_reason(finding, width, where=where)]
    arrow = Content.styled("  → ", "$text-success")
    parts.extend(hanging(arrow, Content(clean(fix.title)), width) for fix in finding.fixes)
    return Content("\n").join(parts)


def findings_text(findings: Iterable[Finding], width: int = 80) -> Content:
    """Give all findings in full, or the sentence that nothing is wrong."""
    paragraphs = [finding_paragraph(finding, width) for finding in findings]
    if not paragraphs:
        return Content.assemble(("✓ ", "$text-success"), "Nothing is wrong with it.")
    return Content("\n\n").join(paragraphs)
