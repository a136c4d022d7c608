"""The JSON shape of `mimo-tui models --json`: every fact with all its claims."""

from dataclasses import fields
from datetime import datetime
from decimal import Decimal

from mimo_tui.core.catalogue import Modality, Model, Price
from mimo_tui.core.facts import Certainty, Fact, Source
from mimo_tui.core.json_text import Json
from mimo_tui.services.models import ModelView

_NAMES = {"wires": "surfaces"}
"""Members whose name in the document is not the field's."""


def model_shape(view: ModelView) -> dict[str, Json]:
    """Give one model; a fact that is not known is null."""
    model = view.model
    facts: dict[str, Json] = {
        one.name: _fact(getattr(model, one.name))
        for one in fields(Model)
        if one.name not in ("id", "wires", "features", "listed", "voices")
    }
    members: dict[str, Json] = {
        _NAMES.get(name, name): {path[1]: _fact(fact) for path, fact in model.facts() if path[0] == name}
        for name in ("wires", "features", "listed")
    }
    return {
        "id": model.id,
        "status": str(view.status),
        **facts,
        **members,
        "voices": [voice.id for voice in model.voices],
        "dispute": model.dispute or None,
    }


def _fact(fact: Fact[object] | None) -> Json:
    """Give a fact with where it is known from: what we go by, and what every source says."""
    if fact is None:
        return None
    return {
        "value": _value(fact.value),
        "disputed": fact.disputed,
        "source": source_shape(fact.source),
        "claims": [
            {"value": _value(claim.value), "source": source_shape(claim.source)} for claim in fact.claims
        ],
    }


def source_shape(source: Source) -> dict[str, Json]:
    """Give where something is known from, and since when."""
    return {
        "title": source.title,
        "url": source.url,
        "seen": source.seen.isoformat() if source.certainty is not Certainty.PERSON else None,
        "certainty": str(source.certainty),
        "quote": source.quote or None,
        "fetched": source.fetched.isoformat() if source.fetched is not None else None,
        "digest": source.digest or None,
        "simulated": source.simulated,
    }


def _value(value: object) -> Json:
    match value:
        case bool() | int():
            return value
        case Decimal():
            return float(value)
        case datetime():
            return value.isoformat()
        case frozenset():
            return [each for each in Modality if each in value]
        case Price():
            amounts: dict[str, Json] = {name: float(amount) for name, amount in value.amounts.items()}
            note: dict[str, Json] = {"note": value.note} if value.note else {}
            return {"currency": value.currency, **amounts, **note}
        case _:
            return str(value)
