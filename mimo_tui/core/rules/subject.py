"""What a rule looks at."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from mimo_tui.core.catalogue import Catalogue
from mimo_tui.core.endpoints import Endpoint
from mimo_tui.core.findings import Finding
from mimo_tui.core.lingtai import Lingtai
from mimo_tui.core.preset import Preset, Source
from mimo_tui.core.slots import Key, Slots


@dataclass(frozen=True, slots=True)
class Subject:
    """One preset and what is known of its file.

    `stem` is the file's name without `.json`, `key` what Lingtai's kernel finds at boot.
    """

    preset: Preset
    source: Source
    stem: str
    mode: int
    endpoint: Endpoint | None
    key: Key | None


@dataclass(frozen=True, slots=True)
class Context:
    """What a preset is held against: the catalogue, Lingtai's own rules, the slots, and the time."""

    catalogue: Catalogue
    lingtai: Lingtai
    slots: Slots
    at: datetime


Rule: TypeAlias = Callable[[Subject, Context], Iterator[Finding]]
