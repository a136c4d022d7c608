"""A preset as a row before it is judged: right after the first frame, when nothing else is imported yet."""

from textual.content import Content

from mimo_tui.core.secrets import safe
from mimo_tui.core.text import clean
from mimo_tui.services.presets.reading import PresetFile
from mimo_tui.tui.widgets.table import Row


def name_row(file: PresetFile) -> Row:
    """Give the row of a preset that was only read; the cells that need a judgement are empty."""
    name = shown_name(file)
    preset = file.preset
    if preset is None:
        return broken_row(file)
    cells = (name, "…", safe(preset.model), "", "", safe(preset.slot or ""), file.entry.source)
    return Row(file.reference, (*cells, safe(" ".join(preset.capabilities))))


def broken_row(file: PresetFile) -> Row:
    """Give the row of a file that cannot be read; its reason stands where the model would."""
    broken = Content.styled("✗ broken", "$text-error")
    reason = file.entry.error.reason if file.entry.error else ""
    return Row(file.reference, (shown_name(file), broken, reason, "", "", "", file.entry.source, ""), "error")


def shown_name(file: PresetFile) -> str:
    """Give the name inside the file, or in brackets that of the file where there is none."""
    return file.name if file.name.strip() else clean(f"({file.entry.path.name})")
