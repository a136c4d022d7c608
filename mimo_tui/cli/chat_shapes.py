"""The JSON shapes of `mimo-tui chat`. A name or a meaning here changes only with `schema`."""

from collections.abc import Sequence
from decimal import Decimal

from mimo_tui.cli import shapes
from mimo_tui.cli.evidence import exchange_shape
from mimo_tui.core.catalogue import Wire
from mimo_tui.core.facts import Scalar
from mimo_tui.core.json_text import Json
from mimo_tui.core.offer import Offer
from mimo_tui.core.secrets import safe
from mimo_tui.services.playground.documents import answer_shape, call_shape, citation_shape, without_keys
from mimo_tui.services.playground.events import Answered, Raw


def answer_document(ended: Answered, conversation: int, *, with_raw: bool) -> dict[str, Json]:
    """Give the document of `chat --json`. `conversation` is the id of its record, 0: none is kept."""
    turn = ended.turn
    document: dict[str, Json] = {
        "schema": shapes.SCHEMA,
        "text": turn.text,
        "reasoning": turn.reasoning or None,
        "tool_calls": list(map(call_shape, turn.calls)),
        "citations": list(map(citation_shape, turn.citations)),
        **(answer_shape(turn.answer) if turn.answer is not None else {}),
        "exchange": exchange_shape(ended.exchange),
        "raw": _raw_shape(ended.raw) if with_raw else None,
        "conversation": conversation or None,
        "problem": ended.problem or None,
    }
    return without_keys(document)


def parameters_document(model: str, wire: Wire, offered: Sequence[Offer]) -> dict[str, Json]:
    """Give the document of `chat --params --json`."""
    return {
        "schema": shapes.SCHEMA,
        "model": safe(model),
        "form": str(wire),
        "parameters": [_offer_shape(offer) for offer in offered],
    }


def _offer_shape(offer: Offer) -> dict[str, Json]:
    return {
        "name": offer.name,
        "type": str(offer.type),
        "takes": offer.expects,
        "lowest": _number(offer.lowest),
        "highest": _number(offer.highest),
        "choices": list(offer.choices),
        "default": _number(offer.default),
        "while_thinking": _number(offer.while_thinking),
        "documented": offer.documented,
        "remark": offer.remark or None,
        "why_not": offer.why_not or None,
        "source": offer.source,
    }


def _number(value: "Scalar | None") -> Json:
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == value.to_integral_value() else float(value)


def _raw_shape(raw: Raw) -> dict[str, Json]:
    return {
        "request": {"head": raw.request_head, "body": raw.request_body},
        "answer": {"head": raw.answer_head, "body": raw.answer_body},
    }
