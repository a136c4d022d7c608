"""Slots of keys: what each reader of Lingtai finds, and the next free name (`lingtai-presets.md` §3.4, §4)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from mimo_tui.core.preset import Preset
from mimo_tui.core.secrets import Secret
from mimo_tui.core.text import Clean


class Reader(StrEnum):
    """Who reads a key. Each has rules of its own (`lingtai-presets.md` §4)."""

    LINGTAI_TUI = "Lingtai's screen"
    KERNEL_BOOT = "Lingtai's kernel at boot"
    KERNEL_REFRESH = "Lingtai's kernel at refresh"
    DOCTOR = "Lingtai's doctor"


class KeySource(StrEnum):
    """Where a key lies."""

    ENV_FILE = "env-file"
    PROCESS = "process"
    CONFIG = "config"
    INLINE = "inline"


@dataclass(frozen=True, slots=True)
class Key:
    """A key and where it was found."""

    secret: Secret
    source: KeySource


@dataclass(frozen=True, slots=True)
class Use:
    """A preset that names a slot, and what kind of host it uses it on (`family` empty: not a MiMo host).

    `reference` tells the presets of one name apart.
    """

    preset: Clean
    family: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Slots:
    """All that is known of slots: their values in each place, who names them, where readers disagree.

    `env_file` holds the values as each reader of `.env` sees them; `disagreements` says in words why two readers
    differ on a name, `lines` which lines of `.env` play a part in it; `names` are all names that a new slot must
    not take.
    """

    env_file: Mapping[Reader, Mapping[str, Secret]] = field(default_factory=lambda: MappingProxyType({}))
    process: Mapping[str, Secret] = field(default_factory=lambda: MappingProxyType({}))
    config: Mapping[str, Secret] = field(default_factory=lambda: MappingProxyType({}))
    disagreements: Mapping[str, Clean] = field(default_factory=lambda: MappingProxyType({}))
    lines: Mapping[str, tuple[int, ...]] = field(default_factory=lambda: MappingProxyType({}))
    uses: Mapping[str, tuple[Use, ...]] = field(default_factory=lambda: MappingProxyType({}))
    names: frozenset[str] = frozenset()


def key_of(preset: Preset, slots: Slots, reader: Reader = Reader.KERNEL_BOOT) -> Key | None:
    """Give the key that `reader` takes for the preset, by its own precedence; None where it finds none."""
    inline = Key(preset.inline_key, KeySource.INLINE) if preset.inline_key else None
    named = _in_slot(preset.slot, slots, reader) if preset.slot else None
    match reader:
        case Reader.LINGTAI_TUI:
            return named
        case Reader.DOCTOR:
            return inline or named
        case _:
            return named or inline


def _in_slot(name: str, slots: Slots, reader: Reader) -> Key | None:
    env_file = _key(slots.env_file.get(reader, {}).get(name), KeySource.ENV_FILE)
    process = _key(slots.process.get(name), KeySource.PROCESS)
    match reader:
        case Reader.LINGTAI_TUI:
            return env_file or _key(slots.config.get(name), KeySource.CONFIG)
        case Reader.KERNEL_REFRESH:
            return env_file or process
        case _:
            return process or env_file


def _key(secret: Secret | None, source: KeySource) -> Key | None:
    return Key(secret, source) if secret else None


def slot_prefix(provider: str, base_url: str | None) -> str:
    """Give the part of a slot's name before its number, as Lingtai forms it (`lingtai-presets.md` §3.4)."""
    stem = re.sub(r"[^A-Z0-9]+", "_", provider.upper()).strip("_") or "LLM"
    url = base_url or ""
    match provider.lower():
        case "minimax":
            return f"{stem}_{'CN' if 'minimaxi.com' in url else 'INTL'}"
        case "zhipu":
            return f"{stem}_{'INTL' if 'api.z.ai' in url else 'CN'}"
        case _:
            return stem


def next_slot(prefix: str, names: Iterable[str]) -> str:
    """Give the lowest free `<prefix>_<N>_API_KEY`, counting every name given: no collision with any of them.

    Lingtai counts only names that hold a key, and so can hand one slot out twice; we count all.
    """
    pattern = re.compile(rf"{re.escape(prefix)}_([0-9]+)_API_KEY")
    taken = {int(match[1]) for name in names if (match := pattern.fullmatch(name))}
    number = next(n for n in range(1, len(taken) + 2) if n not in taken)
    return f"{prefix}_{number}_API_KEY"
