"""A typed, lenient view of a preset document: what Lingtai would read out of it (`lingtai-presets.md` §2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from mimo_tui.core.json_text import Json, Path
from mimo_tui.core.secrets import Secret

NAME: Path = ("name",)
DESCRIPTION: Path = ("description",)
SUMMARY: Path = ("description", "summary")
TIER: Path = ("description", "tier")
MANIFEST: Path = ("manifest",)
LLM: Path = ("manifest", "llm")
PROVIDER: Path = ("manifest", "llm", "provider")
MODEL: Path = ("manifest", "llm", "model")
BASE_URL: Path = ("manifest", "llm", "base_url")
API_COMPAT: Path = ("manifest", "llm", "api_compat")
SLOT: Path = ("manifest", "llm", "api_key_env")
INLINE_KEY: Path = ("manifest", "llm", "api_key")
CONTEXT_LIMIT: Path = ("manifest", "llm", "context_limit")
LEGACY_CONTEXT_LIMIT: Path = ("manifest", "context_limit")
COMPACT_THRESHOLD: Path = ("manifest", "llm", "compact_threshold")
SERVICE_TIER: Path = ("manifest", "llm", "service_tier")
WIRE_API: Path = ("manifest", "llm", "wire_api")
THINKING: Path = ("manifest", "llm", "thinking")
CAPABILITIES: Path = ("manifest", "capabilities")
VISION: Path = ("manifest", "capabilities", "vision")
TAGS: Path = ("tags",)

INHERIT = "inherit"


class Source(StrEnum):
    """The place that a preset lies in (`lingtai-presets.md` §1.1)."""

    SAVED = "saved"
    TEMPLATE = "template"
    LEGACY = "legacy"


@dataclass(frozen=True, slots=True)
class Vision:
    """What the vision capability will really use (`lingtai-presets.md` §3.6).

    `pinned` is the model that the capability names itself; `model` is that one or the preset's own.
    """

    provider: str
    pinned: str | None
    model: str
    slot: str | None
    same_provider: bool


@dataclass(frozen=True, slots=True)
class Preset:
    """The fields of a preset that mean something to us; a field of the wrong type reads as absent.

    `document` is the whole parsed text, for rules that look at types and for fields that we do not know.
    """

    document: Mapping[str, Json] = field(repr=False)
    name: str | None
    summary: str
    tier: str | None
    provider: str
    model: str
    base_url: str | None = field(repr=False)
    api_compat: str
    slot: str | None
    inline_key: Secret | None
    context_limit: int | None
    capabilities: Mapping[str, Json] = field(repr=False)
    vision: Vision | None


def llm_of(document: Mapping[str, Json]) -> Mapping[str, Json]:
    """Give `manifest.llm` as it stands; empty where it is no object."""
    return _object(_object(document.get("manifest")).get("llm"))


def view(document: Mapping[str, Json]) -> Preset:
    """Give the typed view of a parsed preset. What is missing or of a wrong type reads as empty."""
    description = document.get("description")
    manifest = _object(document.get("manifest"))
    llm = _object(manifest.get("llm"))
    capabilities = _object(manifest.get("capabilities"))
    limit = llm.get("context_limit")
    if limit is None:
        limit = manifest.get("context_limit")
    inline = llm.get("api_key")
    return Preset(
        document=document,
        name=_text(document.get("name")),
        summary=description
        if isinstance(description, str)
        else _text(_object(description).get("summary")) or "",
        tier=_text(_object(description).get("tier")),
        provider=_text(llm.get("provider")) or "",
        model=_text(llm.get("model")) or "",
        base_url=_text(llm.get("base_url")),
        api_compat=_text(llm.get("api_compat")) or "",
        slot=_text(llm.get("api_key_env")),
        inline_key=Secret(inline) if isinstance(inline, str) and inline else None,
        context_limit=limit if isinstance(limit, int) and not isinstance(limit, bool) else None,
        capabilities=capabilities,
        vision=_vision(capabilities.get("vision"), llm),
    )


def context_limit_path(document: Mapping[str, Json]) -> Path:
    """Give the place of the context limit that counts: the old one only where `llm` has none, or null."""
    manifest = _object(document.get("manifest"))
    old = (
        manifest.get("context_limit") is not None
        and _object(manifest.get("llm")).get("context_limit") is None
    )
    return LEGACY_CONTEXT_LIMIT if old else CONTEXT_LIMIT


def is_mimo(preset: Preset) -> bool:
    """Tell whether the preset's provider is MiMo."""
    return preset.provider.lower() == "mimo"


def same_provider_slots(preset: Preset) -> tuple[Path, ...]:
    """Give the slots of the capabilities that run on the preset's own provider: they move with its slot.

    Lingtai writes the same slot into each of them (`lingtai-presets.md` §3.4).
    """
    return tuple(
        (*CAPABILITIES, name, "api_key_env")
        for name, value in preset.capabilities.items()
        if isinstance(value, dict) and value.get("provider") == preset.provider and "api_key_env" in value
    )


def _vision(value: Json, llm: Mapping[str, Json]) -> Vision | None:
    if not isinstance(value, dict):
        return None
    main = _text(llm.get("provider")) or ""
    named = _text(value.get("provider")) or ""
    provider = main if named in ("", INHERIT) else named
    pinned = _text(value.get("model")) or None
    same = provider == main
    own_slot = _text(llm.get("api_key_env")) if named == INHERIT else _text(value.get("api_key_env"))
    active = _text(llm.get("model")) or ""
    return Vision(provider, pinned, pinned or (active if same else ""), own_slot, same)


def _object(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else MappingProxyType({})


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None
