"""What a rule looks at."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from mimo_tui.core.catalogue import Catalogue, Model
from mimo_tui.core.endpoints import Endpoint
from mimo_tui.core.findings import Finding
from mimo_tui.core.json_text import Json
from mimo_tui.core.lingtai import Lingtai
from mimo_tui.core.preset import Preset, Source, llm_of
from mimo_tui.core.slots import Key, Slots


@dataclass(frozen=True, slots=True)
class Subject:
    """One preset and what is known of its file.

    `stem` is the file's name without `.json`, `key` what Lingtai's kernel finds at boot, `reference` what tells the
    preset from others of its name.
    """

    preset: Preset
    source: Source
    stem: str
    mode: int
    endpoint: Endpoint | None
    key: Key | None
    reference: str = ""

    @property
    def llm(self) -> Mapping[str, Json]:
        """Give `manifest.llm` as it stands; empty where it is no object."""
        return llm_of(self.preset.document)


@dataclass(frozen=True, slots=True)
class Context:
    """What a preset is held against: the catalogue, Lingtai's own rules, the slots, and the time.

    `current` are the chat models that are current at that time: the same for every preset, so found once.
    """

    catalogue: Catalogue
    lingtai: Lingtai
    slots: Slots
    at: datetime
    current: tuple[Model, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "current", self.catalogue.chat_models(self.at))


Rule: TypeAlias = Callable[[Subject, Context], Iterator[Finding]]
