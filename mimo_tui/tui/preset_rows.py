"""A preset as a row of the list, and which presets a filter leaves."""

from collections.abc import Iterable
from dataclasses import dataclass

from textual.content import Content

from mimo_tui.core.findings import Severity
from mimo_tui.core.preset import Source
from mimo_tui.core.secrets import safe
from mimo_tui.core.text import clean
from mimo_tui.services.presets.listing import PresetView
from mimo_tui.tui.name_rows import broken_row, shown_name
from mimo_tui.tui.widgets.table import Row, Tone


def row(view: PresetView) -> Row:
    """Give the row of a preset; a broken file shows its reason where the model would stand."""
    preset = view.preset
    if preset is None:
        return broken_row(view.file)
    endpoint = clean(view.endpoint.title) if view.endpoint else ""
    key = view.key.secret.masked if view.key else "none"
    cells = (
        shown_name(view.file),
        tally(view),
        safe(preset.model),
        endpoint,
        key,
        safe(preset.slot or ""),
        view.source,
        safe(" ".join(preset.capabilities)),
    )
    return Row(view.reference, cells, _tone(view))


def tally(view: PresetView) -> Content:
    """Give the counts of errors and warnings with their signs: `✗2 !1`, or `✓`."""
    errors, warnings = view.count(Severity.ERROR), view.count(Severity.WARNING)
    parts = [(f"✗{errors} ", "$text-error")] if errors else []
    parts += [(f"!{warnings}", "$text-warning")] if warnings else []
    return Content.assemble(*(parts or [("✓", "$text-success")]))


@dataclass(frozen=True, slots=True)
class Listed:
    """A preset with its row, and the lower-case text in which a filter looks: made once a listing, not once a key."""

    view: PresetView
    row: Row
    text: str


def listed(presets: Iterable[PresetView]) -> tuple[Listed, ...]:
    """Give each preset ready to be listed and filtered."""
    return tuple(Listed(view, row(view), _searched(view)) for view in presets)


def matching(presets: Iterable[Listed], words: str) -> tuple[Row, ...]:
    """Give the rows of the presets in which each of the words occurs somewhere, in whatever case."""
    wanted = words.lower().split()
    return tuple(preset.row for preset in presets if all(word in preset.text for word in wanted))


def _searched(view: PresetView) -> str:
    preset = view.preset
    parts = [view.name, view.reference, view.error or ""]
    if preset is not None:
        endpoint = view.endpoint.title if view.endpoint else ""
        parts += [
            preset.provider,
            preset.model,
            preset.summary,
            preset.slot or "",
            endpoint,
            *preset.capabilities,
        ]
    else:
        parts.append("broken")
    parts += [f"{finding.code} {finding.severity}" for finding in view.findings]
    return "\n".join(parts).lower()


def _tone(view: PresetView) -> Tone:
    if view.count(Severity.ERROR):
        return "error"
    if view.count(Severity.WARNING):
        return "warning"
    return "muted" if view.source is Source.TEMPLATE else ""
