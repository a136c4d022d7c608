"""What we know of MiMo: models, voices, prices, hosts, keys and doc pages, each fact with its provenance.

The shipped snapshot is `catalogue.toml`. No model id, host, key prefix or price stands in the code.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from mimo_tui.core.facts import (
    CatalogueError,
    Certainty,
    Entry,
    Fact,
    Scalar,
    Source,
    Toml,
    as_amount,
    as_count,
    as_date,
    as_flag,
    as_member,
    as_moment,
    as_scalar,
    as_table,
    as_text,
    as_texts,
    read_sources,
    single_fact,
    toml_table,
)

T = TypeVar("T")


class Modality(StrEnum):
    """What a model takes in or gives out."""

    TEXT = "text"
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"


class ModelKind(StrEnum):
    """What a model is for."""

    CHAT = "chat"
    SPEECH = "speech"
    VOICE_DESIGN = "voice design"
    VOICE_CLONE = "voice cloning"
    RECOGNITION = "speech recognition"


class Status(StrEnum):
    """Where a model is in its life. Retiring: it works, and the day of its end is announced."""

    CURRENT = "current"
    RETIRING = "retiring"
    RETIRED = "retired"
    DISPUTED = "disputed"
    UNKNOWN = "unknown"


class Surface(StrEnum):
    """A form of the API, with a base URL of its own (`mimo-api.md` §3.1)."""

    OPENAI = "openai"
    ANTHROPIC = "anthropic"


class Wire(StrEnum):
    """A request form: the first two belong to the OpenAI surface, messages to the Anthropic one."""

    CHAT_COMPLETIONS = "chat_completions"
    RESPONSES = "responses"
    MESSAGES = "messages"


class Feature(StrEnum):
    """What a model can do beside taking and giving (`mimo-api.md` §5.3)."""

    FUNCTION_CALLING = "function_calling"
    STRUCTURED_OUTPUT = "structured_output"
    WEB_SEARCH = "web_search"
    THINKING = "thinking"
    CACHING = "caching"
    STREAMING = "streaming"
    BATCH = "batch"


@dataclass(frozen=True, slots=True)
class Price:
    """A price in `currency` (CNY, USD, or credits of a plan) per 1,000,000 tokens.

    `audio_hour` is per hour of sound. None: not priced so, or not known.
    """

    currency: str
    cached_input: Decimal | None = None
    input: Decimal | None = None
    output: Decimal | None = None
    audio_hour: Decimal | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Voice:
    """A built-in voice. An alias names the voice that it stands for by cluster, and `elsewhere`."""

    id: str
    language: str
    gender: str
    character: str
    stands_for: Mapping[str, str] = field(hash=False)
    source: Source


@dataclass(frozen=True, slots=True)
class Model:
    """A model, current or retired. None, or no entry in a mapping: not known.

    `offered`: it is or was an id of the API. `released`, `forwarded` (its successor answers from then on) and
    `retired` are in Beijing time; 00:00 means that only the day is known. `shutdown_seen`: somebody saw it
    refused afterwards. `context` and `max_output` are tokens, `thinking` the default, `rpm` and `tpm` the
    requests and tokens a minute of an account.
    """

    id: str
    kind: Fact[ModelKind]
    offered: Fact[bool]
    inputs: Fact[frozenset[Modality]]
    outputs: Fact[frozenset[Modality]]
    title: Fact[str] | None
    released: Fact[datetime] | None
    forwarded: Fact[datetime] | None
    retired: Fact[datetime] | None
    shutdown_seen: Fact[bool] | None
    successor: Fact[str] | None
    context: Fact[int] | None
    max_output: Fact[int] | None
    thinking: Fact[bool] | None
    token_plan: Fact[bool] | None
    rpm: Fact[int] | None
    tpm: Fact[int] | None
    price_cny: Fact[Price] | None
    price_usd: Fact[Price] | None
    price_credits: Fact[Price] | None
    note: Fact[str] | None
    wires: Mapping[Wire, Fact[bool]] = field(hash=False)
    features: Mapping[Feature, Fact[bool]] = field(hash=False)
    voices: tuple[Voice, ...] = ()

    @property
    def dispute(self) -> str:
        """Say what the sources disagree on, each with its source; empty where they agree."""
        disputed = [
            (one.name, fact)
            for one in fields(self)
            if isinstance(fact := getattr(self, one.name), Fact) and fact.disputed
        ]
        return "; ".join(
            f"{name.replace('_', ' ')}: "
            + " but ".join(f"{_in_words(claim.value)} says {claim.source}" for claim in fact.claims)
            for name, fact in disputed
        )

    def takes(self, modality: Modality) -> bool:
        """Tell whether it is known, undisputed, to take this in."""
        return modality in self.inputs.value and not self.inputs.disputed

    def without(self, page: str) -> "Model | None":
        """Give what is left of it if the page says nothing; None: not even that it is a model."""
        changes: dict[str, Any] = {
            one.name: fact.without(page)
            for one in fields(self)
            if isinstance(fact := getattr(self, one.name), Fact)
        }
        if any(changes[name] is None for name in ("kind", "offered", "inputs", "outputs")):
            return None
        changes["wires"] = _facts_without(self.wires, page)
        changes["features"] = _facts_without(self.features, page)
        changes["voices"] = _sourced_without(self.voices, page)
        return replace(self, **changes)


@dataclass(frozen=True, slots=True)
class Host:
    """A host of the API, and its cluster where the family has several."""

    name: str
    cluster: str
    region: str
    source: Source


@dataclass(frozen=True, slots=True)
class Family:
    """The hosts that one kind of key works on (`mimo-api.md` §3.1).

    `key_prefixes` is empty where the form of a key says nothing. `mount`: where the family lives below
    a host that also serves other things. `realtime`: fit for a conversation.
    """

    id: str
    title: str
    plan: bool
    realtime: bool
    mount: str
    hosts: tuple[Host, ...]
    paths: Mapping[Surface, str] = field(hash=False)
    key_prefixes: tuple[str, ...]
    source: Source

    def base(self, host: Host, surface: Surface) -> str | None:
        """Give the base URL of the surface on that host; None: the family has no such surface."""
        path = self.paths.get(surface)
        return None if path is None else f"https://{host.name}{path}"


@dataclass(frozen=True, slots=True)
class KeyKind:
    """A kind of key, told by its prefix, and the ids of the families that take it."""

    prefix: str
    title: str
    families: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Website:
    """A host that carries pages and no API."""

    host: str
    title: str
    source: Source


@dataclass(frozen=True, slots=True)
class DocIndex:
    """An address where the index of the docs is looked for, and the whole documentation in one file."""

    url: str
    full: str
    source: Source


@dataclass(frozen=True, slots=True)
class Media:
    """What a message may carry: MIME type by file suffix, largest file behind a URL, longest base64."""

    formats: Fact[Mapping[str, str]]
    url_bytes: Fact[int]
    base64_characters: Fact[int]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that is known, for one moment of learning. `key_kinds` stand longest prefix first."""

    compiled: date
    domain: str
    sources: Mapping[str, Source] = field(hash=False)
    models: tuple[Model, ...]
    families: tuple[Family, ...]
    key_kinds: tuple[KeyKind, ...]
    websites: tuple[Website, ...]
    doc_indexes: tuple[DocIndex, ...]
    areas: Mapping[str, Source] = field(hash=False)
    media: Mapping[Modality, Media] = field(hash=False)
    facts: Mapping[str, Fact[Scalar]] = field(hash=False)
    _models_by_id: Mapping[str, Model] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_id = MappingProxyType({model.id: model for model in self.models})
        object.__setattr__(self, "_models_by_id", by_id)

    def provenance(self) -> str:
        """Say in a sentence how old this knowledge is."""
        newest = max(
            source.seen for source in self.sources.values() if source.certainty is not Certainty.INFERRED
        )
        return f"by the catalogue of {self.compiled:%Y-%m-%d}, whose newest evidence is of {newest:%Y-%m-%d}"

    def model(self, model_id: str) -> Model | None:
        """Give the model of exactly this id."""
        return self._models_by_id.get(model_id)

    def status(self, model_id: str, at: datetime) -> Status:
        """Tell where the model is in its life at that moment. `at` must know its time zone."""
        model = self.model(model_id)
        if model is None:
            return Status.UNKNOWN
        if model.offered.disputed:
            return Status.DISPUTED
        if not model.offered.value or (model.released is not None and at < model.released.value):
            return Status.UNKNOWN
        if model.retired is None:
            return Status.CURRENT
        gone = {claim.value <= at for claim in model.retired.claims}
        if len(gone) > 1:
            return Status.DISPUTED
        return Status.RETIRED if gone == {True} else Status.RETIRING

    def successor(self, model_id: str, at: datetime) -> Model | None:
        """Follow the chain of successors to a model that is current at that moment.

        Where the chain reaches none, give the first on it that still answers; None: there is none either.
        """
        chain: list[Model] = []
        model = self.model(model_id)
        while model is not None and model.successor is not None:
            model = self.model(model.successor.value)
            if model is None or model in chain:
                break
            chain.append(model)
        return next(
            (
                model
                for wanted in (Status.CURRENT, Status.RETIRING)
                for model in chain
                if self.status(model.id, at) is wanted and model.id != model_id
            ),
            None,
        )

    def chat_models(self, at: datetime, *, taking: Modality = Modality.TEXT) -> tuple[Model, ...]:
        """Give the chat models that are current at that moment and known to take `taking`."""
        return tuple(
            model
            for model in self.models
            if model.kind.value is ModelKind.CHAT
            and model.takes(taking)
            and self.status(model.id, at) is Status.CURRENT
        )

    def suggest(self, text: str) -> tuple[str, ...]:
        """Give up to three ids that `text` may stand for, the closest first.

        A display name, another case, a maker's name before a slash or a suffix like `[1m]` give just the one
        id meant (`mimo-api.md` §5.4). The exact id gives itself.
        """
        from difflib import get_close_matches

        ids = [model.id for model in self.models]
        wanted = "-".join(text[:100].lower().rpartition("/")[2].partition("[")[0].replace("_", "-").split())
        if wanted in ids:
            return (wanted,)
        return tuple(get_close_matches(wanted, ids, n=3, cutoff=0.6))

    @property
    def api_hosts(self) -> tuple[str, ...]:
        """Give the names of all hosts that carry an API."""
        return tuple(host.name for family in self.families for host in family.hosts)

    def find_host(self, name: str) -> tuple[Family, Host] | None:
        """Give the family and host of that name, in any case."""
        name = name.lower().rstrip(".")
        return next(
            ((family, host) for family in self.families for host in family.hosts if host.name == name), None
        )

    def website(self, host: str) -> Website | None:
        """Give the website on that host, with or without `www.`."""
        name = host.lower().rstrip(".").removeprefix("www.")
        return next((website for website in self.websites if website.host == name), None)

    def is_website(self, host: str) -> bool:
        """Tell whether the host carries pages and no API."""
        return self.website(host) is not None

    def bases_for(self, kind: KeyKind, surface: Surface = Surface.OPENAI) -> tuple[tuple[str, str], ...]:
        """Give each realtime base URL that takes such keys, under the name of its cluster or family."""
        return tuple(
            (host.cluster or family.id, base)
            for family in self.families
            if family.id in kind.families and family.realtime
            for host in family.hosts
            if (base := family.base(host, surface)) is not None
        )

    def without(self, page: str) -> "Catalogue":
        """Give what is left if the page (an address or a source's key) says nothing any more."""
        families = _sourced_without(self.families, page)
        media = {
            modality: Media(formats, url_bytes, characters)
            for modality, one in self.media.items()
            if (formats := one.formats.without(page)) is not None
            and (url_bytes := one.url_bytes.without(page)) is not None
            and (characters := one.base64_characters.without(page)) is not None
        }
        left = (model.without(page) for model in self.models)
        return replace(
            self,
            models=tuple(model for model in left if model is not None),
            families=tuple(replace(one, hosts=_sourced_without(one.hosts, page)) for one in families),
            key_kinds=_sourced_without(self.key_kinds, page),
            websites=_sourced_without(self.websites, page),
            doc_indexes=_sourced_without(self.doc_indexes, page),
            areas=MappingProxyType({a: s for a, s in self.areas.items() if page not in (s.key, s.url)}),
            media=MappingProxyType(media),
            facts=_facts_without(self.facts, page),
        )


def load() -> Catalogue:
    """Give the shipped snapshot. Raises CatalogueError, which names the entry that cannot be used."""
    return parse(Path(__file__).with_name("catalogue.toml").read_text("utf-8"))


def parse(text: str) -> Catalogue:
    """Read a catalogue from TOML of the form of `catalogue.toml`. Raises CatalogueError."""
    with Entry("the catalogue", toml_table(text)) as top:
        sources = read_sources(top)
        defaults = top.table("default_sources")

        def entries(name: str) -> Iterable[Entry]:
            for index, table in enumerate(top.tables(name)):
                yield Entry(f"{name}[{index}]", table, sources, defaults)

        def named(name: str) -> Iterable[tuple[str, Entry]]:
            for key, table in top.table(name).items():
                yield key, Entry(f"{name}.{key}", top.read(name, table, as_table), sources, defaults)

        kinds = sorted(map(_key_kind, entries("key_kinds")), key=lambda kind: -len(kind.prefix))
        media = {top.read("media", key, as_member(Modality)): _media(entry) for key, entry in named("media")}
        areas = {area: top.source_of(key, sources) for area, key in top.table("areas").items()}
        catalogue = Catalogue(
            compiled=top.need("compiled", as_date),
            domain=top.need("domain", as_text),
            sources=MappingProxyType(sources),
            models=tuple(_model(key, entry) for key, entry in named("models")),
            families=tuple(_family(entry, kinds) for entry in entries("families")),
            key_kinds=tuple(kinds),
            websites=tuple(map(_website, entries("websites"))),
            doc_indexes=tuple(map(_doc_index, entries("doc_indexes"))),
            areas=MappingProxyType(areas),
            media=MappingProxyType(media),
            facts=MappingProxyType({key: single_fact(entry, as_scalar) for key, entry in named("facts")}),
        )
    _check_names(catalogue)
    return catalogue


def _check_names(catalogue: Catalogue) -> None:
    families = {family.id for family in catalogue.families}
    for kind in catalogue.key_kinds:
        if unknown := set(kind.families) - families:
            raise CatalogueError(f"the key kind {kind.prefix} names no family of the catalogue: {unknown}")
    for model in catalogue.models:
        if model.successor is not None and catalogue.model(model.successor.value) is None:
            raise CatalogueError(f"models.{model.id}.successor is no model of the catalogue")


def _model(model_id: str, entry: "Entry") -> Model:
    with entry:
        return Model(
            id=model_id,
            kind=entry.known("kind", as_member(ModelKind)),
            offered=entry.known("offered", as_flag),
            inputs=entry.known("inputs", _modalities),
            outputs=entry.known("outputs", _modalities),
            title=entry.fact("title", as_text),
            released=entry.fact("released", as_moment),
            forwarded=entry.fact("forwarded", as_moment),
            retired=entry.fact("retired", as_moment),
            shutdown_seen=entry.fact("shutdown_seen", as_flag),
            successor=entry.fact("successor", as_text),
            context=entry.fact("context", as_count),
            max_output=entry.fact("max_output", as_count),
            thinking=entry.fact("thinking", as_flag),
            token_plan=entry.fact("token_plan", as_flag),
            rpm=entry.fact("rpm", as_count),
            tpm=entry.fact("tpm", as_count),
            price_cny=entry.fact("price_cny", _price("CNY")),
            price_usd=entry.fact("price_usd", _price("USD")),
            price_credits=entry.fact("price_credits", _price("credits")),
            note=entry.fact("note", as_text),
            wires=entry.flags("wires", Wire),
            features=entry.flags("features", Feature),
            voices=tuple(
                _voice(Entry(f"{entry.name}.voices[{index}]", table), entry.source("voices"))
                for index, table in enumerate(entry.tables("voices"))
            ),
        )


def _voice(entry: "Entry", source: Source) -> Voice:
    with entry:
        return Voice(
            id=entry.need("id", as_text),
            language=entry.get("language", as_text, ""),
            gender=entry.get("gender", as_text, ""),
            character=entry.get("character", as_text, ""),
            stands_for=entry.get("stands_for", _texts, MappingProxyType({})),
            source=source,
        )


def _family(entry: "Entry", kinds: Iterable[KeyKind]) -> Family:
    source, family_id = entry.source(), entry.need("id", as_text)
    with entry:
        return Family(
            id=family_id,
            title=entry.need("title", as_text),
            plan=entry.get("plan", as_flag, False),
            realtime=entry.get("realtime", as_flag, True),
            mount=entry.get("mount", as_text, ""),
            hosts=tuple(
                _host(Entry(f"{entry.name}.hosts", table), source) for table in entry.tables("hosts")
            ),
            paths=MappingProxyType(
                {
                    entry.read("paths", key, as_member(Surface)): entry.read("paths", path, as_text)
                    for key, path in entry.table("paths").items()
                }
            ),
            key_prefixes=tuple(kind.prefix for kind in kinds if family_id in kind.families),
            source=source,
        )


def _host(entry: "Entry", source: Source) -> Host:
    with entry:
        return Host(
            name=entry.need("name", as_text),
            cluster=entry.get("cluster", as_text, ""),
            region=entry.get("region", as_text, ""),
            source=source,
        )


def _key_kind(entry: "Entry") -> KeyKind:
    with entry:
        return KeyKind(
            prefix=entry.need("prefix", as_text),
            title=entry.need("title", as_text),
            families=entry.need("families", as_texts),
            source=entry.source(),
        )


def _website(entry: "Entry") -> Website:
    with entry:
        return Website(entry.need("host", as_text), entry.need("title", as_text), entry.source())


def _doc_index(entry: "Entry") -> DocIndex:
    with entry:
        return DocIndex(entry.need("url", as_text), entry.need("full", as_text), entry.source())


def _media(entry: "Entry") -> Media:
    with entry:
        return Media(
            formats=entry.known("formats", _texts),
            url_bytes=entry.known("url_bytes", as_count),
            base64_characters=entry.known("base64_characters", as_count),
        )


def _modalities(value: Toml) -> frozenset[Modality]:
    return frozenset(map(as_member(Modality), as_texts(value)))


def _price(currency: str) -> Callable[[Toml], Price]:
    def read(value: Toml) -> Price:
        with Entry("the price", as_table(value)) as entry:
            return Price(
                currency=currency,
                cached_input=entry.get("cached_input", as_amount, None),
                input=entry.get("input", as_amount, None),
                output=entry.get("output", as_amount, None),
                audio_hour=entry.get("audio_hour", as_amount, None),
                note=entry.get("note", as_text, ""),
            )

    return read


def _texts(value: Toml) -> Mapping[str, str]:
    return MappingProxyType({key: as_text(member) for key, member in as_table(value).items()})


def _in_words(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M}"
        case frozenset():
            return ", ".join(sorted(map(str, value)))
        case _:
            return str(value)


K = TypeVar("K")
S = TypeVar("S", Voice, Host, Family, KeyKind, Website, DocIndex)


def _facts_without(facts: Mapping[K, Fact[T]], page: str) -> Mapping[K, Fact[T]]:
    left = ((key, fact.without(page)) for key, fact in facts.items())
    return MappingProxyType({key: fact for key, fact in left if fact is not None})


def _sourced_without(values: tuple[S, ...], page: str) -> tuple[S, ...]:
    return tuple(value for value in values if page not in (value.source.key, value.source.url))
