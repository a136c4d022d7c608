"""A conversation as JSON: all that is known of it but keys and the bytes of media. `SCHEMA` changes with the shapes.

The shapes of its parts may hold keys still: `without_keys` takes them out of the whole.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Final

from mimo_tui.core.conversation import Answer, Attachment, Citation, Conversation, ToolCall, Turn
from mimo_tui.core.diagnosis import Diagnosis
from mimo_tui.core.json_text import Json
from mimo_tui.core.ledger import Cost
from mimo_tui.core.secrets import Secret, redact
from mimo_tui.core.text import Clean, clean_lines, escape_json

SCHEMA: Final = 1

_PLACES: Final = 3
"""Digits of a second that are told."""


def as_document(conversation: Conversation, secrets: Sequence[Secret] = ()) -> dict[str, Json]:
    """Give the whole tree of the conversation without these keys, and of media all but their bytes."""
    document: dict[str, Json] = {
        "schema": SCHEMA,
        "simulated": any(
            turn.answer is not None and turn.answer.simulated for turn in conversation.turns.values()
        ),
        "title": conversation.title,
        "system": conversation.system or None,
        "head": conversation.head,
        "turns": [_turn_shape(turn) for turn in conversation.turns.values()],
    }
    return without_keys(document, secrets)


def as_json(conversation: Conversation, secrets: Sequence[Secret] = ()) -> Clean:
    """Give the document as text in which every character that a terminal would act on is an escape."""
    text = json.dumps(as_document(conversation, secrets), ensure_ascii=False, indent=2)
    return clean_lines(escape_json(text) + "\n")


def without_keys(document: Mapping[str, Json], secrets: Sequence[Secret] = ()) -> dict[str, Json]:
    """Give a document without these keys, and without anything that looks like one, in its names as in its values."""
    return {redact(name, secrets): _without(value, secrets) for name, value in document.items()}


def answer_shape(answer: Answer) -> dict[str, Json]:
    """Give how an answer came about; times are in seconds."""
    return {
        "model": answer.model,
        "form": str(answer.wire),
        "host": answer.host,
        "preset": answer.preset or None,
        "parameters": dict(answer.parameters),
        "usage": {**asdict(answer.usage)} if answer.usage is not None else None,
        "cost": cost_shape(answer.cost) if answer.cost is not None else None,
        "timing": {
            "first_token": _rounded(answer.first_token),
            "seconds": _rounded(answer.seconds),
            "tokens_a_second": _rounded(answer.tokens_a_second),
        },
        "finish": answer.finish or None,
        "complete": answer.complete,
        "stopped": answer.stopped,
        "failure": _failure_shape(answer.failure) if answer.failure is not None else None,
        "notes": list(answer.notes),
        "simulated": answer.simulated,
    }


def attachment_shape(attachment: Attachment) -> dict[str, Json]:
    """Give all of an attachment but its bytes; `size` is in bytes, `tokens` an estimate."""
    return {
        "kind": str(attachment.modality),
        "location": attachment.location,
        "name": attachment.name,
        "media_type": attachment.media_type,
        "size": attachment.size,
        "digest": attachment.digest or None,
        "width": attachment.width,
        "height": attachment.height,
        "seconds": attachment.seconds,
        "tokens": attachment.tokens,
    }


def call_shape(call: ToolCall) -> dict[str, Json]:
    """Give a call of a tool; its arguments are the text that the model wrote."""
    return {"id": call.id, "name": call.name, "arguments": call.arguments}


def citation_shape(citation: Citation) -> dict[str, Json]:
    """Give a page that a web search found."""
    return {
        "url": citation.url,
        "title": citation.title,
        "summary": citation.summary or None,
        "site": citation.site or None,
        "published": citation.published or None,
    }


def _turn_shape(turn: Turn) -> dict[str, Json]:
    return {
        "id": turn.id,
        "parent": turn.parent,
        "role": str(turn.role),
        "at": turn.at.isoformat(),
        "text": turn.text,
        "reasoning": turn.reasoning or None,
        "thoughts": [{"text": thought.text, "signature": thought.signature} for thought in turn.thoughts],
        "attachments": list(map(attachment_shape, turn.attachments)),
        "tool_calls": list(map(call_shape, turn.calls)),
        "answers": turn.answers or None,
        "citations": list(map(citation_shape, turn.citations)),
        "answer": answer_shape(turn.answer) if turn.answer is not None else None,
    }


def cost_shape(cost: Cost) -> dict[str, Json]:
    """Give an amount with where it is known from; `at_most`: it may have been less."""
    return {
        "amount": float(cost.amount),
        "currency": cost.currency,
        "at_most": cost.is_bound,
        "because": cost.because,
    }


def _failure_shape(failure: Diagnosis) -> dict[str, Json]:
    return {
        "cause": str(failure.cause),
        "says": failure.says,
        "remedy": failure.remedy,
        "because": failure.because,
        "retry": str(failure.retry),
    }


def _without(value: Json, secrets: Sequence[Secret]) -> Json:
    match value:
        case str():
            return redact(value, secrets)
        case list():
            return [_without(each, secrets) for each in value]
        case dict():
            return without_keys(value, secrets)
        case _:
            return value


def _rounded(seconds: float | None) -> float | None:
    return round(seconds, _PLACES) if seconds is not None else None
