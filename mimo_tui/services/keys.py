"""The slots: which names hold a key, where it is set, and who uses it."""

from dataclasses import dataclass

from mimo_tui.core.endpoints import KeyKind, key_kind
from mimo_tui.core.secrets import Secret
from mimo_tui.core.slots import KeySource, Reader
from mimo_tui.core.text import Clean, clean
from mimo_tui.services import Services
from mimo_tui.services.presets.listing import PresetView, list_presets


@dataclass(frozen=True, slots=True)
class SlotView:
    """One slot. `secret` and `source` are what Lingtai's kernel finds at boot; None: it finds nothing."""

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
    # The kernel reads `export X` as a variable of that odd name; a person means X.
    known = {name for name in (*in_env_file, *slots.config) if name.endswith("_API_KEY") and " " not in name}
    found: list[SlotView] = []
    for name in sorted(named | known):
        found_in = {
            KeySource.PROCESS: slots.process.get(name),
            KeySource.ENV_FILE: slots.env_file.get(Reader.KERNEL_BOOT, {}).get(name),
            KeySource.CONFIG: slots.config.get(name),
        }
        places = tuple(source for source, secret in found_in.items() if secret)
        source = next((place for place in places if place is not KeySource.CONFIG), None)
        secret = found_in[source] if source is not None else None
        users = tuple(preset for preset in listing.presets if preset.preset and preset.preset.slot == name)
        kind = key_kind(secret, services.catalogue) if secret is not None else None
        found.append(
            SlotView(clean(name), secret, source, places, kind, users, slots.disagreements.get(name))
        )
    return tuple(found)
