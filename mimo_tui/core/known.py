"""The catalogue as one table of facts by path, and back: what is learned is laid over that table."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from types import MappingProxyType
from typing import Any

from mimo_tui.core.api import ErrorCode, Parameter
from mimo_tui.core.catalogue import Catalogue, Media
from mimo_tui.core.facts import Claim, Fact
from mimo_tui.core.forms import MEDIA, Subject
from mimo_tui.core.model import Feature, Modality, Model, Voice, Wire

Facts = Mapping[Subject, Fact[object]]
_Table = dict[str, dict[Subject, Fact[object]]]


def facts_in(catalogue: Catalogue) -> dict[Subject, Fact[object]]:
    """Give every fact that is known by its path; the voices of a model are one fact.

    Hosts, key kinds and addresses of pages are no facts: they say where a key may go and where to look.
    """
    return dict(_facts_in(catalogue))


def with_facts(catalogue: Catalogue, facts: Facts) -> Catalogue:
    """Give the catalogue with these facts and no others.

    A model is there while a source says that it is or was offered, or when it is retired. What it is for is inferred
    from its id where no source says it.
    """
    by_area: dict[str, _Table] = {}
    for (area, name, *rest), fact in facts.items():
        by_area.setdefault(area, {}).setdefault(name, {})[tuple(rest)] = fact
    found = by_area.get("models", {})
    known = [model.id for model in catalogue.models]
    order = [*(name for name in known if name in found), *(name for name in found if name not in known)]
    models = (_model(catalogue, name, found[name]) for name in order)
    return replace(
        catalogue,
        models=tuple(model for model in models if model is not None),
        facts=_single(by_area.get("facts", {}), str),
        paths=_single(by_area.get("paths", {}), Wire),
        media=MappingProxyType(dict(_media(by_area.get("media", {})))),
        parameters=tuple(_parameters(by_area.get("parameters", {}))),
        error_codes=MappingProxyType(dict(_error_codes(by_area.get("error_codes", {})))),
    )


def _facts_in(catalogue: Catalogue) -> Iterator[tuple[Subject, Fact[object]]]:
    for model in catalogue.models:
        yield from ((("models", model.id, *path), fact) for path, fact in model.facts())
        if model.voices:
            voices = Fact((Claim(model.voices, model.voices[0].source),))
            yield ("models", model.id, "voices"), voices
    for name, single in catalogue.facts.items():
        yield ("facts", name), single
    for wire, path in catalogue.paths.items():
        yield ("paths", wire), path
    for modality, media in catalogue.media.items():
        yield from ((("media", modality, name), getattr(media, name)) for name in MEDIA)
    for parameter in catalogue.parameters:
        yield from _of_parameter(parameter)
    for code, error in catalogue.error_codes.items():
        for one in fields(error):
            if isinstance(fact := getattr(error, one.name), Fact):
                yield ("error_codes", code, one.name), fact


def _of_parameter(parameter: Parameter) -> Iterator[tuple[Subject, Fact[object]]]:
    start = ("parameters", parameter.wire, parameter.name)
    for one in fields(parameter):
        if isinstance(fact := getattr(parameter, one.name), Fact):
            yield (*start, one.name), fact
    yield from (((*start, "defaults", model), fact) for model, fact in parameter.defaults.items())


def _model(catalogue: Catalogue, model_id: str, found: Mapping[Subject, Fact[object]]) -> Model | None:
    facts: dict[str, Any] = dict.fromkeys(_MODEL_FACTS)
    facts |= {path[0]: fact for path, fact in found.items() if len(path) == 1}
    voices = facts.pop("voices", None)
    ended: Fact[object] | None = facts["retired"]
    if facts["offered"] is None and ended is not None:
        facts["offered"] = Fact(tuple(Claim(value=True, source=claim.source) for claim in ended.claims))
    facts["kind"] = facts["kind"] or catalogue.kind_of(model_id)
    if facts["offered"] is None or facts["kind"] is None:
        return None
    return Model(
        id=model_id,
        wires=_members(found, "wires", Wire),
        features=_members(found, "features", Feature),
        listed=_members(found, "listed", str),
        voices=_voices(voices) if voices is not None else (),
        **facts,
    )


_MAPPINGS = ("wires", "features", "listed")
_MODEL_FACTS = tuple(one.name for one in fields(Model) if one.name not in ("id", "voices", *_MAPPINGS))


def _voices(fact: Fact[tuple[Voice, ...]]) -> tuple[Voice, ...]:
    return fact.value


def _members(found: Mapping[Subject, Fact[object]], name: str, kind: type[str]) -> Mapping[Any, Any]:
    return MappingProxyType(
        {kind(path[1]): fact for path, fact in found.items() if len(path) == 2 and path[0] == name}
    )


def _single(found: _Table, kind: type[str]) -> Mapping[Any, Any]:
    return MappingProxyType({kind(name): of_name[()] for name, of_name in found.items()})


def _media(found: _Table) -> Iterator[tuple[Modality, Media]]:
    for modality, facts in found.items():
        values: dict[str, Any] = {name: facts.get((name,)) for name in MEDIA}
        if None not in values.values():
            yield Modality(modality), Media(**values)


def _parameters(found: _Table) -> Iterator[Parameter]:
    for wire, facts in found.items():
        by_name: dict[str, dict[str, Any]] = {}
        for (name, field, *of_model), fact in facts.items():
            values = by_name.setdefault(name, {"defaults": {}})
            if of_model:
                values["defaults"][of_model[0]] = fact
            else:
                values[field] = fact
        for name, values in by_name.items():
            defaults = MappingProxyType(values.pop("defaults"))
            yield Parameter(Wire(wire), name, defaults=defaults, **values)


def _error_codes(found: _Table) -> Iterator[tuple[str, ErrorCode]]:
    for code, facts in found.items():
        values: dict[str, Any] = {path[0]: fact for path, fact in facts.items()}
        yield code, ErrorCode(code, **values)
