"""`mimo-tui models`."""

import argparse
from typing import TypeVar

from mimo_tui.cli import output, shapes
from mimo_tui.cli.errors import ExitCode
from mimo_tui.core.catalogue import Modality, Price
from mimo_tui.core.facts import Fact
from mimo_tui.core.json_text import Json
from mimo_tui.services import Services
from mimo_tui.services.models import ModelView, list_models

T = TypeVar("T")


def list_all(services: Services, arguments: argparse.Namespace) -> ExitCode:
    views = list_models(services)
    if arguments.json:
        output.write_document({"schema": shapes.SCHEMA, "models": [_shape(view) for view in views]})
        return ExitCode.DONE
    output.write_table(
        ("MODEL", "STATUS", "KIND", "TAKES", "CONTEXT", "SUCCESSOR", "SOURCE"),
        [_row(view) for view in views],
        spare=("SOURCE", "KIND", "SUCCESSOR"),
    )
    output.write_lines((f"Known {services.catalogue.provenance()}.",))
    return ExitCode.DONE


def _row(view: ModelView) -> tuple[str, ...]:
    model = view.model
    retired = f" {model.retired.value:%Y-%m-%d}" if model.retired else ""
    return (
        model.id,
        f"{view.status}{retired}",
        str(model.kind.value),
        " ".join(each for each in Modality if model.takes(each)),
        str(model.context.value) if model.context else "?",
        model.successor.value if model.successor else "",
        str(model.inputs.source),
    )


def _shape(view: ModelView) -> dict[str, Json]:
    model = view.model
    return {
        "id": model.id,
        "status": str(view.status),
        "kind": _fact(model.kind, str(model.kind.value)),
        "inputs": _fact(model.inputs, [each for each in Modality if model.takes(each)]),
        "outputs": _fact(model.outputs, [each for each in Modality if each in model.outputs.value]),
        "context": _fact(model.context, model.context.value if model.context else None),
        "max_output": _fact(model.max_output, model.max_output.value if model.max_output else None),
        "thinking": _fact(model.thinking, model.thinking.value if model.thinking else None),
        "token_plan": _fact(model.token_plan, model.token_plan.value if model.token_plan else None),
        "released": _fact(model.released, model.released.value.isoformat() if model.released else None),
        "retired": _fact(model.retired, model.retired.value.isoformat() if model.retired else None),
        "successor": _fact(model.successor, model.successor.value if model.successor else None),
        "price_usd": _fact(model.price_usd, _price(model.price_usd)),
        "price_cny": _fact(model.price_cny, _price(model.price_cny)),
        "surfaces": {str(wire): _fact(fact, fact.value) for wire, fact in model.wires.items()},
        "features": {str(feature): _fact(fact, fact.value) for feature, fact in model.features.items()},
        "voices": [voice.id for voice in model.voices],
        "dispute": model.dispute or None,
    }


def _fact(fact: Fact[T] | None, value: Json) -> Json:
    """Give a fact with where it is known from; what is not known is null."""
    if fact is None:
        return None
    source = fact.source
    return {
        "value": value,
        "disputed": fact.disputed,
        "source": {
            "title": source.title,
            "url": source.url,
            "seen": source.seen.isoformat(),
            "certainty": str(source.certainty),
        },
    }


def _price(fact: Fact[Price] | None) -> Json:
    if fact is None:
        return None
    price = fact.value
    amounts = {
        "cached_input": price.cached_input,
        "input": price.input,
        "output": price.output,
        "audio_hour": price.audio_hour,
    }
    shape: dict[str, Json] = {name: float(amount) for name, amount in amounts.items() if amount is not None}
    return {"currency": price.currency, **shape, **({"note": price.note} if price.note else {})}
