"""What mends a complaint, as a person would type it."""

from collections.abc import Iterator
from pathlib import Path
from shlex import quote

from mimo_tui.core import preset as at
from mimo_tui.core.findings import Finding, Fix
from mimo_tui.core.json_text import Set
from mimo_tui.core.preset import Source
from mimo_tui.core.report import Remedy
from mimo_tui.core.secrets import safe
from mimo_tui.core.text import Clean, clean
from mimo_tui.services.keys.listing import SlotView
from mimo_tui.services.keys.placing import Misplaced
from mimo_tui.services.presets.listing import PresetView

PRIVATE = "go-rwx"
"""What `chmod` is told where a file is for its owner only."""


def command(*words: str) -> Clean:
    """Give a command of ours as a shell takes it."""
    return clean(" ".join(("mimo-tui", *map(quote, words))))


def of_preset(view: PresetView, finding: Finding) -> tuple[Remedy, ...]:
    """Give what mends a finding of a preset."""
    name = view.reference.removesuffix(".json")
    fixes = [Remedy(clean(fix.title), _fix_command(name, fix)) for fix in finding.fixes]
    return tuple(fixes or _without_fix(view, finding, name))


def of_file(path: Path, *, below: bool = False) -> Remedy:
    """Give what keeps others from a file, or from a folder and all `below` it."""
    recursive = "-R " if below else ""
    return Remedy(clean("keep it for yourself"), clean(f"chmod {recursive}{PRIVATE} {quote(str(path))}"))


def of_misplaced(slot: SlotView, misplaced: Misplaced) -> Remedy:
    """Give what moves a preset to the host where its key works."""
    name = misplaced.preset.reference.removesuffix(".json")
    if misplaced.base is None:
        told = "look up the key's host on the console's plan page; then set the preset's base_url"
        return Remedy(clean(told), command("presets", "show", name))
    if misplaced.preset.source is Source.TEMPLATE:
        told = f"clone it, for Lingtai writes templates anew, and give the copy {misplaced.base}"
        return Remedy(clean(told), command("presets", "clone", name))
    return Remedy(clean(f"move it to {misplaced.base}"), command("keys", "check", slot.name, "--fix"))


def _fix_command(name: str, fix: Fix) -> Clean:
    match fix.edits:
        case (Set(path=at.MODEL, value=str(model)),):
            return command("switch", name, model)
    return command("presets", "fix", name, fix.id)


def _without_fix(view: PresetView, finding: Finding, name: str) -> Iterator[Remedy]:
    preset = view.preset
    match finding.code:
        case "loose-mode":
            yield of_file(view.entry.path)
        case "key-missing" if preset is not None and preset.slot:
            yield Remedy(clean("put a key into the slot"), command("keys", "set", safe(preset.slot)))
        case "legacy-place":
            yield Remedy(clean("clone it to presets/saved"), command("presets", "clone", name))
        case "inline-key":
            yield Remedy(
                clean("put the key into a slot, then take it out of the file"), command("keys", "add")
            )
