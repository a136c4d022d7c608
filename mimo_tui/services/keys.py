"""The slots: which names hold a key, where it is set, and who uses it."""

from dataclasses import dataclass

from mimo_tui.core.endpoints import KeyKind, key_kind
from mimo_tui.core.secrets import Secret, redact
from mimo_tui.core.slots import KeySource, Reader
from mimo_tui.core.text import Clean, clean
from mimo_tui.services import Services
from mimo_tui.services.presets.listing import PresetView, list_presets


@dataclass(frozen=True, slots=True)
class SlotView:
    """One slot. `secret` and `source` are what Lingtai's kernel finds at boot; None: it finds nothing.

    `places` are all that hold a value for one of Lingtai's readers at least.
    """

    name: Clean
    secret: Secret | None
    source: KeySource | None
    places: tuple[KeySource, ...]
    kind: KeyKind | None
    presets: tuple[PresetView, ...]
    disagreement: Clean | None


def list_keys(services: Services) -> tuple[SlotView, ...]:
    """Give every slot that a preset names, or that ends in `_API_KEY` and is set somewhere. Reads only."""
    listing = list_presets(services)
    slots = listing.context.slots
    in_env_file = {name for values in slots.env_file.values() for name in values}
    named = {preset.preset.slot for preset in listing.presets if preset.preset and preset.preset.slot}
    known = {name for name in (*in_env_file, *slots.config) if _is_a_slot(name)}
    found: list[SlotView] = []
    for name in sorted(named | known):
        process, at_boot = slots.process.get(name), slots.env_file[Reader.KERNEL_BOOT].get(name)
        holds = {
            KeySource.PROCESS: bool(process),
            KeySource.ENV_FILE: any(values.get(name) for values in slots.env_file.values()),
            KeySource.CONFIG: name in slots.config,
        }
        places = tuple(place for place, is_set in holds.items() if is_set)
        secret = process or at_boot or None
        source = KeySource.PROCESS if process else KeySource.ENV_FILE if at_boot else None
        users = tuple(preset for preset in listing.presets if preset.preset and preset.preset.slot == name)
        kind = key_kind(secret, services.catalogue) if secret is not None else None
        found.append(
            SlotView(clean(redact(name)), secret, source, places, kind, users, slots.disagreements.get(name))
        )
    return tuple(found)


def _is_a_slot(name: str) -> bool:
    """Tell whether a person means a slot by the name; `export X` is what the kernel reads where they mean X."""
    return name.endswith("_API_KEY") and name.split() == [name]
