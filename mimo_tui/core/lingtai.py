"""What Lingtai's screen and kernel take and refuse (`lingtai-presets.md` §2, §3, §5), with provenance.

The facts stand in `lingtai.toml`; a test holds them against the kernel that is installed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias, TypeVar

from mimo_tui.core.catalogue import Wire
from mimo_tui.core.entries import Entry, read_sources, single_fact
from mimo_tui.core.facts import (
    CatalogueError,
    Fact,
    Source,
    Toml,
    as_table,
    as_text,
    as_texts,
    toml_table,
)

T = TypeVar("T")

Value: TypeAlias = "str | tuple[str, ...] | Mapping[str, str]"


@dataclass(frozen=True, slots=True)
class Lingtai:
    """The rules of Lingtai, each as the value that we go by; `facts` holds the same names with their claims.

    `core_capabilities` are on by default; `aliases` are old names with the ones they mean,
    `rewritten_aliases` those that Lingtai's screen rewrites, `retired_capabilities` names with the reason.
    `keyless_providers` log in by other means than a key. `vision_models` are the MiMo models that Lingtai
    holds to be proven to see. `web_providers_refused` cannot be chosen in a preset.
    """

    kernel: str
    core_capabilities: tuple[str, ...]
    optional_capabilities: tuple[str, ...]
    intrinsics: tuple[str, ...]
    aliases: Mapping[str, str] = field(hash=False)
    rewritten_aliases: tuple[str, ...]
    retired_capabilities: Mapping[str, str] = field(hash=False)
    tiers: tuple[str, ...]
    thinking_levels: tuple[str, ...]
    thinking_providers: tuple[str, ...]
    wire_apis: tuple[str, ...]
    wire_api_providers: tuple[str, ...]
    responses_by_default: tuple[str, ...]
    providers: tuple[str, ...]
    base_url_required: tuple[str, ...]
    keyless_providers: tuple[str, ...]
    default_slots: Mapping[str, str] = field(hash=False)
    family_slots: Mapping[str, str] = field(hash=False)
    vision_providers: tuple[str, ...]
    vision_models: tuple[str, ...]
    listed_models: tuple[str, ...]
    web_providers: tuple[str, ...]
    web_provider_default: str
    web_providers_retired: tuple[str, ...]
    web_providers_by_settings: tuple[str, ...]
    facts: Mapping[str, Fact[Value]] = field(hash=False)

    @property
    def capabilities(self) -> tuple[str, ...]:
        """Give the names of all capabilities that a kernel knows, of whatever age."""
        claims = self.facts["core_capabilities"].claims + self.facts["optional_capabilities"].claims
        return tuple(dict.fromkeys(name for claim in claims for name in claim.value))

    def is_keyless(self, provider: str) -> bool:
        """Tell whether the provider logs in by other means than a key, or needs none."""
        return provider.lower() in self.keyless_providers

    @property
    def known_providers(self) -> frozenset[str]:
        """Give every provider that a kernel or a screen of Lingtai knows, of whatever age."""
        return frozenset((*self.providers, *self.keyless_providers, *self.default_slots))

    @property
    def web_providers_refused(self) -> tuple[str, ...]:
        """Give the providers of web search that the kernel skips when a preset names them."""
        return self.web_providers_retired + self.web_providers_by_settings

    def source(self, name: str) -> Source:
        """Give the source of the fact of that name."""
        return self.facts[name].source

    def takes_wire_api(self, provider: str, api_compat: str) -> bool:
        """Tell whether the kernel boots with a `wire_api` other than auto (`lingtai-presets.md` §2)."""
        provider = provider.lower()
        speaks_openai = provider != "custom" or api_compat.lower() in ("", "openai")
        return provider in self.wire_api_providers and speaks_openai

    def wire(self, provider: str, wire_api: str = "") -> Wire:
        """Give the wire on which the kernel calls an OpenAI base URL of that provider.

        MiMo is called in the Responses form unless another is chosen; its `auto` means chat completions
        wherever a base URL is set (lingtai 0.19.3, `llm/mimo/adapter.py` and `llm/openai/adapter.py`).
        """
        if wire_api in (Wire.CHAT_COMPLETIONS, Wire.RESPONSES):
            return Wire(wire_api)
        by_default = not wire_api and provider.lower() in self.responses_by_default
        return Wire.RESPONSES if by_default else Wire.CHAT_COMPLETIONS


def load() -> Lingtai:
    """Give the facts that are shipped. Raises CatalogueError, which names the entry that cannot be used."""
    return parse(Path(__file__).with_name("lingtai.toml").read_text("utf-8"))


def parse(text: str) -> Lingtai:
    """Read the facts from TOML of the form of `lingtai.toml`. Raises CatalogueError."""
    with Entry("the facts of Lingtai", toml_table(text)) as top:
        kernel, sources = top.need("kernel", as_text), read_sources(top)
        facts = {
            name: single_fact(Entry(f"facts.{name}", top.read("facts", table, as_table), sources), _value)
            for name, table in top.table("facts").items()
        }
    unused = set(facts)

    def text_of(name: str) -> str:
        return _taken(name, str)

    def texts_of(name: str) -> tuple[str, ...]:
        return _taken(name, tuple)

    def names_of(name: str) -> Mapping[str, str]:
        return _taken(name, MappingProxyType)

    def _taken(name: str, kind: type[T]) -> T:
        unused.discard(name)
        value = facts[name].value if name in facts else None
        if not isinstance(value, kind):
            raise CatalogueError(f"facts.{name} is missing or of another kind than {kind.__name__}")
        return value

    lingtai = Lingtai(
        kernel=kernel,
        core_capabilities=texts_of("core_capabilities"),
        optional_capabilities=texts_of("optional_capabilities"),
        intrinsics=texts_of("intrinsics"),
        aliases=names_of("aliases"),
        rewritten_aliases=texts_of("rewritten_aliases"),
        retired_capabilities=names_of("retired_capabilities"),
        tiers=texts_of("tiers"),
        thinking_levels=texts_of("thinking_levels"),
        thinking_providers=texts_of("thinking_providers"),
        wire_apis=texts_of("wire_apis"),
        wire_api_providers=texts_of("wire_api_providers"),
        responses_by_default=texts_of("responses_by_default"),
        providers=texts_of("providers"),
        base_url_required=texts_of("base_url_required"),
        keyless_providers=texts_of("keyless_providers"),
        default_slots=names_of("default_slots"),
        family_slots=names_of("family_slots"),
        vision_providers=texts_of("vision_providers"),
        vision_models=texts_of("vision_models"),
        listed_models=texts_of("listed_models"),
        web_providers=texts_of("web_providers"),
        web_provider_default=text_of("web_provider_default"),
        web_providers_retired=texts_of("web_providers_retired"),
        web_providers_by_settings=texts_of("web_providers_by_settings"),
        facts=MappingProxyType(facts),
    )
    if unused:
        raise CatalogueError(f"the facts of Lingtai have unknown entries: {', '.join(sorted(unused))}")
    return lingtai


def _value(value: Toml) -> Value:
    match value:
        case str():
            return value
        case list():
            return as_texts(value)
        case _:
            return MappingProxyType({key: as_text(member) for key, member in as_table(value).items()})
