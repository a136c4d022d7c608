"""Chat completions, whole and streamed (`mimo-api.md` §7)."""

import asyncio
from collections.abc import Iterator

from starlette.responses import JSONResponse, Response

from mimo_tui.core.json_text import Json
from mimo_tui.simulator import sse, tokens
from mimo_tui.simulator.call import Call
from mimo_tui.simulator.chat_request import read_chat
from mimo_tui.simulator.generation import Generated, Paced, Prompt, generate, stream_of
from mimo_tui.simulator.tools import ToolCall

FRAGMENT = 12
"""Characters of a tool call's arguments that one chunk carries."""


async def answer(call: Call) -> Response:
    """Answer a chat completion. Raises Refusal with the fault of the platform."""
    # Media may take long to decode, and a long answer long to write: other calls go on meanwhile.
    prompt, generated = await asyncio.to_thread(_generated, call)
    if prompt.stream:
        return stream_of(call, _chunks(call, prompt, generated))
    return JSONResponse(_completion(call, prompt, generated))


def _generated(call: Call) -> tuple[Prompt, Generated]:
    prompt = read_chat(call)
    return prompt, generate(call, prompt)


def _head(call: Call, generated: Generated, kind: str) -> dict[str, Json]:
    return {
        "id": generated.id,
        "object": kind,
        "created": int(call.at.timestamp()),
        "model": call.model.id,
    }


def _completion(call: Call, prompt: Prompt, generated: Generated) -> dict[str, Json]:
    composed = generated.composed
    message: dict[str, Json] = {"role": "assistant", "content": composed.content}
    if prompt.thinking:
        message["reasoning_content"] = composed.reasoning
    message["tool_calls"] = [_called(one) for one in composed.calls] or None
    choice: dict[str, Json] = {
        "index": 0,
        "finish_reason": composed.finish,
        "message": message | _found(generated),
    }
    return _head(call, generated, "chat.completion") | {
        "choices": [choice],
        "usage": _usage(prompt, generated),
    }


def _called(call: ToolCall) -> dict[str, Json]:
    return {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}


def _found(generated: Generated) -> dict[str, Json]:
    """Give what a web search adds to a message."""
    found: dict[str, Json] = {}
    if generated.composed.pages:
        found["annotations"] = [page.annotation() for page in generated.composed.pages]
    if generated.composed.search_error:
        found["error_message"] = generated.composed.search_error
    return found


def _usage(prompt: Prompt, generated: Generated) -> dict[str, Json]:
    usage = generated.usage
    counted: dict[str, Json] = {
        "prompt_tokens": usage.prompt,
        "completion_tokens": usage.completion,
        "total_tokens": usage.total,
        "completion_tokens_details": {"reasoning_tokens": usage.reasoning},
        "prompt_tokens_details": {
            "cached_tokens": usage.cached,
            "audio_tokens": usage.audio,
            "image_tokens": usage.image,
            "video_tokens": usage.video,
        },
    }
    if prompt.search is not None:
        counted["web_search_usage"] = {
            "tool_usage": len(generated.composed.searched),
            "page_usage": len(generated.composed.pages),
        }
    return counted


def _chunks(call: Call, prompt: Prompt, generated: Generated) -> Iterator[Paced]:
    """Give the events in the documented order (`mimo-api.md` §7.2)."""
    composed = generated.composed
    head = _head(call, generated, "chat.completion.chunk")

    def chunk(delta: dict[str, Json], finish: str | None = None) -> bytes:
        choice: dict[str, Json] = {"index": 0, "delta": delta, "finish_reason": finish}
        return sse.event(head | {"choices": [choice]})

    opening: dict[str, Json] = {
        "role": "assistant",
        "content": "",
        "reasoning_content": None,
        "tool_calls": None,
    }
    yield sse.KEEP_ALIVE, 0
    yield chunk(opening | _found(generated)), 0
    for piece in tokens.pieces(composed.reasoning):
        yield chunk({"content": None, "reasoning_content": piece}), tokens.count(piece)
    if composed.reasoning:
        yield sse.KEEP_ALIVE, 0
    for piece in tokens.pieces(composed.content):
        yield chunk({"content": piece, "reasoning_content": None}), tokens.count(piece)
    nothing: dict[str, Json] = {"content": None, "reasoning_content": None}
    for fragment, carried in _fragments(composed.calls):
        yield chunk(nothing | {"tool_calls": [fragment]}), carried
    yield chunk(nothing, composed.finish), 0
    yield sse.event(head | {"choices": [], "usage": _usage(prompt, generated)}), 0
    yield sse.DONE, 0


def _fragments(calls: tuple[ToolCall, ...]) -> Iterator[tuple[Json, int]]:
    """Give the calls in pieces: id and name with the first of each, then the arguments bit by bit."""
    for index, call in enumerate(calls):
        yield (
            {
                "index": index,
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": ""},
            },
            tokens.count(call.name),
        )
        for at in range(0, len(call.arguments), FRAGMENT):
            piece = call.arguments[at : at + FRAGMENT]
            yield {"index": index, "function": {"name": None, "arguments": piece}}, tokens.count(piece)
