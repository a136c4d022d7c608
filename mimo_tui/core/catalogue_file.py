"""The reader of files of the form of `catalogue.toml`."""

from collections.abc import Iterable
from types import MappingProxyType
from typing import Any

from mimo_tui.core.api import ErrorCode, IdPattern, Parameter
from mimo_tui.core.catalogue import Catalogue, DocIndex, Family, Host, KeyKind, Media, Surface, Website
from mimo_tui.core.entries import Entry, read_sources, single_fact
from mimo_tui.core.facts import (
    CatalogueError,
    Source,
    as_count,
    as_date,
    as_flag,
    as_member,
    as_scalar,
    as_table,
    as_text,
    as_texts,
    toml_table,
)
from mimo_tui.core.forms import ERROR_CODE, MODEL, PARAMETER, as_mapping
from mimo_tui.core.model import Feature, Modality, Model, ModelKind, Voice, Wire

_NEEDED = ("kind", "offered")


def parse_catalogue(text: str) -> Catalogue:
    """Read a catalogue from TOML. Raises CatalogueError, which names the entry that cannot be used."""
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
        paths = {
            top.read("paths", key, as_member(Wire)): single_fact(entry, as_text)
            for key, entry in named("paths")
        }
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
            paths=MappingProxyType(paths),
            parameters=tuple(
                _parameter(top.read("parameters", wire, as_member(Wire)), name, entry)
                for wire, of_wire in named("parameters")
                for name, entry in of_wire.entries()
            ),
            error_codes=MappingProxyType(
                {code: _error_code(code, entry) for code, entry in named("error_codes")}
            ),
            id_patterns=tuple(map(_id_pattern, entries("id_patterns"))),
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


def _model(model_id: str, entry: Entry) -> Model:
    with entry:
        facts: dict[str, Any] = {
            name: entry.known(name, read) if name in _NEEDED else entry.fact(name, read)
            for name, read in MODEL.items()
        }
        return Model(
            id=model_id,
            wires=entry.facts("wires", as_member(Wire), as_flag),
            features=entry.facts("features", as_member(Feature), as_flag),
            voices=tuple(
                _voice(Entry(f"{entry.name}.voices[{index}]", table), entry.source("voices"))
                for index, table in enumerate(entry.tables("voices"))
            ),
            **facts,
        )


def _parameter(wire: Wire, name: str, entry: Entry) -> Parameter:
    with entry:
        facts: dict[str, Any] = {field: entry.fact(field, read) for field, read in PARAMETER.items()}
        return Parameter(wire, name, defaults=entry.facts("defaults", as_text, as_scalar), **facts)


def _error_code(code: str, entry: Entry) -> ErrorCode:
    with entry:
        facts: dict[str, Any] = {field: entry.fact(field, read) for field, read in ERROR_CODE.items()}
        return ErrorCode(code, **facts)


def _id_pattern(entry: Entry) -> IdPattern:
    with entry:
        kind = entry.need("kind", as_member(ModelKind))
        return IdPattern(entry.need("part", as_text), kind, entry.source())


def _voice(entry: Entry, source: Source) -> Voice:
    with entry:
        return Voice(
            id=entry.need("id", as_text),
            language=entry.get("language", as_text, ""),
            gender=entry.get("gender", as_text, ""),
            character=entry.get("character", as_text, ""),
            stands_for=entry.get("stands_for", as_mapping, MappingProxyType({})),
            source=source,
        )


def _family(entry: Entry, kinds: Iterable[KeyKind]) -> Family:
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


def _host(entry: Entry, source: Source) -> Host:
    with entry:
        return Host(
            name=entry.need("name", as_text),
            cluster=entry.get("cluster", as_text, ""),
            region=entry.get("region", as_text, ""),
            source=source,
        )


def _key_kind(entry: Entry) -> KeyKind:
    with entry:
        return KeyKind(
            prefix=entry.need("prefix", as_text),
            title=entry.need("title", as_text),
            families=entry.need("families", as_texts),
            source=entry.source(),
        )


def _website(entry: Entry) -> Website:
    with entry:
        return Website(entry.need("host", as_text), entry.need("title", as_text), entry.source())


def _doc_index(entry: Entry) -> DocIndex:
    with entry:
        return DocIndex(entry.need("url", as_text), entry.need("full", as_text), entry.source())


def _media(entry: Entry) -> Media:
    with entry:
        return Media(
            formats=entry.known("formats", as_mapping),
            url_bytes=entry.known("url_bytes", as_count),
            base64_characters=entry.known("base64_characters", as_count),
        )
