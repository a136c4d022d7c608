"""Answers POST /anthropic/v1/messages, at once or as a stream (`mimo-api.md` §10)."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from starlette.responses import JSONResponse, Response

from mimo_tui.core.json_text import Json
from mimo_tui.simulator import tokens
from mimo_tui.simulator.call import Call
from mimo_tui.simulator.generation import Generated, Paced, Prompt, Usage, generate, stream_of
from mimo_tui.simulator.messages_request import read_messages
from mimo_tui.simulator.reply import Composed, Finish
from mimo_tui.simulator.sse import event

_STOP_REASONS: Mapping[Finish, str] = {
    Finish.STOP: "end_turn",
    Finish.LENGTH: "max_tokens",
    Finish.TOOL_CALLS: "tool_use",
    Finish.CONTENT_FILTER: "content_filter",
    Finish.REPETITION: "repetition_truncation",
}


@dataclass(frozen=True, slots=True)
class _Block:
    """A block of the answer: as it begins, the field that then grows, what its deltas are called, all of its text."""

    start: Mapping[str, Json]
    grows: str
    delta: str
    text: str


async def answer(call: Call) -> Response:
    """Answer a call. Raises Refusal."""
    # Pictures may take long to decode, and a long answer long to write: other calls go on meanwhile.
    prompt, generated = await asyncio.to_thread(_generated, call)
    if prompt.stream:
        return stream_of(call, _events(call, generated))
    content: list[Json] = [_whole(block) for block in _blocks(generated.composed)]
    reason = _STOP_REASONS[generated.composed.finish]
    ended: dict[str, Json] = {"content": content, "stop_reason": reason, "usage": _usage(generated.usage)}
    return JSONResponse(_message(call, generated) | ended)


def _generated(call: Call) -> tuple[Prompt, Generated]:
    prompt = read_messages(call)
    return prompt, generate(call, prompt)


def _message(call: Call, generated: Generated) -> dict[str, Json]:
    return {
        "id": generated.id,
        "type": "message",
        "role": "assistant",
        "model": call.model.id,
        "content": [],
    }


def _usage(usage: Usage) -> dict[str, Json]:
    # As on Anthropic's own surface, what was read from the cache is not in the input.
    return {
        "input_tokens": usage.prompt - usage.cached,
        "output_tokens": usage.completion,
        "cache_read_input_tokens": usage.cached,
    }


def _blocks(composed: Composed) -> tuple[_Block, ...]:
    blocks: list[_Block] = []
    if composed.reasoning:
        start: dict[str, Json] = {"type": "thinking", "thinking": "", "signature": ""}
        blocks.append(_Block(start, "thinking", "thinking_delta", composed.reasoning))
    if composed.content:
        blocks.append(_Block({"type": "text", "text": ""}, "text", "text_delta", composed.content))
    for call in composed.calls:
        start = {"type": "tool_use", "id": call.id, "name": call.name, "input": {}}
        blocks.append(_Block(start, "partial_json", "input_json_delta", call.arguments))
    return tuple(blocks)


def _whole(block: _Block) -> dict[str, Json]:
    if block.start["type"] != "tool_use":
        return {**block.start, block.grows: block.text}
    try:
        return {**block.start, "input": json.loads(block.text)}
    except ValueError:
        # The budget ended in the middle of it.
        return dict(block.start)


def _events(call: Call, generated: Generated) -> Iterator[Paced]:
    nothing_yet: dict[str, Json] = {"input_tokens": 0, "output_tokens": 0}
    yield _event("message_start", message=_message(call, generated) | {"usage": nothing_yet}), 0
    yield _event("ping"), 0
    for index, block in enumerate(_blocks(generated.composed)):
        yield _event("content_block_start", index=index, content_block=dict(block.start)), 0
        for piece in tokens.pieces(block.text):
            delta: dict[str, Json] = {"type": block.delta, block.grows: piece}
            yield _event("content_block_delta", index=index, delta=delta), tokens.count(piece)
        yield _event("content_block_stop", index=index), 0
    ended: dict[str, Json] = {"stop_reason": _STOP_REASONS[generated.composed.finish]}
    yield _event("message_delta", delta=ended, usage=_usage(generated.usage)), 0
    yield _event("message_stop"), 0


def _event(kind: str, **fields: Json) -> bytes:
    return event({"type": kind, **fields}, kind)
