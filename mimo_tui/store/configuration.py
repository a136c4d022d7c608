"""Lingtai's `config.json`: a mirror of keys that its screen reads after `.env` (`lingtai-presets.md` §1.1, §4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from mimo_tui.core.json_text import JsonTextError, read
from mimo_tui.core.secrets import Secret, redact
from mimo_tui.core.text import Clean, clean
from mimo_tui.store import atomic


@dataclass(frozen=True, slots=True)
class Configuration:
    """The keys of `config.json` by slot; `mode` is None where there is no file, `problem` says what is wrong."""

    keys: Mapping[str, Secret] = field(default_factory=lambda: MappingProxyType({}))
    mode: int | None = None
    problem: Clean | None = None


def configuration(path: Path) -> Configuration:
    """Read the mirror. Never fails: a broken file is one without keys and with a problem."""
    try:
        content = atomic.read(path)
    except FileNotFoundError:
        return Configuration()
    except OSError as error:
        return Configuration(problem=clean(f"{path} cannot be read: {error.strerror}"))
    try:
        document = read(content.data).value
    except JsonTextError as error:
        return Configuration(mode=content.stamp.mode, problem=clean(redact(f"{path}: {error}")))
    keys = (document.get("keys") or {}) if isinstance(document, dict) else None
    if not isinstance(keys, dict):
        return Configuration(mode=content.stamp.mode, problem=clean(f"{path} is no object with keys in it"))
    secrets = {name: Secret(value) for name, value in keys.items() if isinstance(value, str) and value}
    return Configuration(MappingProxyType(secrets), content.stamp.mode)
