"""What we know of MiMo: models, voices, prices, hosts, keys and doc pages, each fact with its provenance.

The shipped snapshot is `catalogue.toml`. No model id, host, key prefix or price stands in the code.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from mimo_tui.core.api import ErrorCode, IdPattern, Parameter
from mimo_tui.core.facts import Certainty, Claim, Fact, Scalar, Source
from mimo_tui.core.model import (
    Feature,
    Modality,
    Model,
    ModelKind,
    Price,
    Status,
    Voice,
    Wire,
    as_modalities,
    as_price,
    facts_without,
)

__all__ = [
    "Catalogue",
    "DocIndex",
    "ErrorCode",
    "Family",
    "Feature",
    "Host",
    "IdPattern",
    "KeyKind",
    "Media",
    "Modality",
    "Model",
    "ModelKind",
    "Parameter",
    "Price",
    "Status",
    "Surface",
    "Voice",
    "Website",
    "Wire",
    "as_modalities",
    "as_price",
    "load",
    "parse",
]


class Surface(StrEnum):
    """A form of the API, with a base URL of its own (`mimo-api.md` §3.1)."""

    OPENAI = "openai"
    ANTHROPIC = "anthropic"


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
    """All that is known, for one moment of learning. `key_kinds` stand longest prefix first.

    `paths` are those of the request forms, below a host. `id_patterns` stand with the one that goes before first.
    """

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
    paths: Mapping[Wire, Fact[str]] = field(hash=False)
    parameters: tuple[Parameter, ...]
    error_codes: Mapping[str, ErrorCode] = field(hash=False)
    id_patterns: tuple[IdPattern, ...]
    _models_by_id: Mapping[str, Model] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_id = MappingProxyType({model.id: model for model in self.models})
        object.__setattr__(self, "_models_by_id", by_id)

    def provenance(self) -> str:
        """Say in a sentence how old this knowledge is."""
        own = [source.title for source in self.sources.values() if source.certainty is Certainty.PERSON]
        read = [
            told
            for certainty, what in ((Certainty.DOCS, "docs"), (Certainty.HOST, "lists of models"))
            if (told := self._read(certainty, what))
        ]
        snapshot = f"the catalogue of {self.compiled:%Y-%m-%d}"
        if read:
            return f"by {', '.join((*own, *read))} and {snapshot}"
        known = (Certainty.DOCS, Certainty.THIRD_PARTY)
        newest = max(source.seen for source in self.sources.values() if source.certainty in known)
        return f"by {' and '.join((*own, snapshot))}, whose newest evidence is of {newest:%Y-%m-%d}"

    def _read(self, certainty: Certainty, what: str) -> str:
        found = [source for source in self.sources.values() if source.certainty is certainty]
        days = [source.fetched for source in found if source.fetched is not None]
        simulated = "SIMULATED " if any(source.simulated for source in found) else ""
        return f"the {simulated}{what} read {max(days):%Y-%m-%d}" if days else ""

    def disputed(self) -> Iterator[tuple[tuple[str, ...], Fact[object]]]:
        """Give what the sources disagree on, by the fact's path: `("models", ID, "context")`."""
        from mimo_tui.core.known import facts_in

        return ((subject, fact) for subject, fact in facts_in(self).items() if fact.disputed)

    def kind_of(self, model_id: str) -> Fact[ModelKind] | None:
        """Infer from its id what a model is for, where nothing says it; None: no pattern fits."""
        found = next((one for one in self.id_patterns if one.part in model_id), None)
        return None if found is None else Fact((Claim(found.kind, found.source),))

    def parameter(self, wire: Wire, name: str) -> Parameter | None:
        """Give the parameter of that request form, by its name with dots."""
        return next((one for one in self.parameters if (one.wire, one.name) == (wire, name)), None)

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
        gone = {moment <= at for moment in model.ends}
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
        models = (model.without(page) for model in self.models)
        return replace(
            self,
            models=tuple(model for model in models if model is not None),
            families=tuple(replace(one, hosts=_sourced_without(one.hosts, page)) for one in families),
            key_kinds=_sourced_without(self.key_kinds, page),
            websites=_sourced_without(self.websites, page),
            doc_indexes=_sourced_without(self.doc_indexes, page),
            areas=MappingProxyType({a: s for a, s in self.areas.items() if page not in (s.key, s.url)}),
            media=MappingProxyType(media),
            facts=facts_without(self.facts, page),
            paths=facts_without(self.paths, page),
            parameters=tuple(left for one in self.parameters if (left := one.without(page)) is not None),
            error_codes=MappingProxyType(
                {
                    code: rest
                    for code, error in self.error_codes.items()
                    if (rest := error.without(page)) is not None
                }
            ),
            id_patterns=_sourced_without(self.id_patterns, page),
        )


def load() -> Catalogue:
    """Give the shipped snapshot. Raises CatalogueError, which names the entry that cannot be used."""
    return parse(Path(__file__).with_name("catalogue.toml").read_text("utf-8"))


def parse(text: str) -> Catalogue:
    """Read a catalogue from TOML of the form of `catalogue.toml`. Raises CatalogueError."""
    from mimo_tui.core.catalogue_file import parse_catalogue

    return parse_catalogue(text)


S = TypeVar("S", Host, Family, KeyKind, Website, DocIndex, IdPattern)


def _sourced_without(values: tuple[S, ...], page: str) -> tuple[S, ...]:
    return tuple(value for value in values if page not in (value.source.key, value.source.url))
