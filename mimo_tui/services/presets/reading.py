"""Read the library, before anything is judged: what a list can show at once.

Imports little, so that the names are there right after the first frame.
"""

from dataclasses import dataclass, field
from typing import Final

from mimo_tui.core.preset import Preset, Source, is_mimo, view
from mimo_tui.core.text import Clean, clean
from mimo_tui.store.library import Entry, scan
from mimo_tui.store.places import Places

_FOLDERS: Final = {Source.SAVED: "saved", Source.TEMPLATE: "templates", Source.LEGACY: "legacy"}
_SOURCES: Final = list(Source)


@dataclass(frozen=True, slots=True)
class PresetFile:
    """One file of the library and what stands in it; `preset` is None where it is broken.

    `reference` names it for certain (`saved/mimo-1.json`); `name` is the one inside the file, empty if there is none,
    and the file's own if it is broken.
    """

    entry: Entry = field(repr=False)
    preset: Preset | None = field(repr=False)
    reference: Clean
    name: Clean


@dataclass(frozen=True, slots=True)
class Reading:
    """All files, MiMo's first, and a sentence for each folder that could not be listed."""

    files: tuple[PresetFile, ...]
    problems: tuple[Clean, ...]


def read_presets(places: Places) -> Reading:
    """Read every preset of the three places. Writes nothing."""
    library = scan(places)
    files = sorted((preset_file(entry) for entry in library.entries), key=_order)
    return Reading(tuple(files), library.problems)


def preset_file(entry: Entry) -> PresetFile:
    """Give one file with what stands in it."""
    value = entry.document.value if entry.document is not None else None
    preset = view(value) if isinstance(value, dict) else None
    name = entry.stem if preset is None else preset.name or ""
    return PresetFile(entry, preset, clean(f"{_FOLDERS[entry.source]}/{entry.path.name}"), clean(name))


def _order(file: PresetFile) -> tuple[int, int, str, str]:
    kind = 2 if file.preset is None else 0 if is_mimo(file.preset) else 1
    name = file.name if file.name.strip() else file.entry.stem
    return (kind, _SOURCES.index(file.entry.source), name.casefold(), file.entry.path.name)
