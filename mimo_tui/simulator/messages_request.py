"""What a request of the Anthropic surface says, and all that is wrong with it (`mimo-api.md` §10)."""

import json
from collections.abc import Iterator, Mapping

from mimo_tui.core.json_text import Json
from mimo_tui.simulator import parameters as read
from mimo_tui.simulator import tokens
from mimo_tui.simulator.call import Call
from mimo_tui.simulator.chat_request import REASONING_MISSING, check_sampling, read_function, read_part
from mimo_tui.simulator.conversation import Conversation, Role, Turn
from mimo_tui.simulator.fault import Refusal, wrong_parameter, wrong_schema
from mimo_tui.simulator.generation import Prompt, output_limit, thinks_by_default
from mimo_tui.simulator.media import Weight
from mimo_tui.simulator.tools import Tool, ToolCall

_KNOWN = frozenset({"text", "image", "tool_use", "tool_result", "thinking"})
_DROPPED = frozenset({"document", "audio", "input_audio", "video", "video_url", "file", "redacted_thinking"})
"""Blocks that are taken and not looked at: sound, films and PDFs, and thinking that nobody can read."""


def read_messages(call: Call) -> Prompt:
    """Read the body. Fields that the platform does not document are ignored; raises Refusal for the rest."""
    body = call.body
    messages = read.items(body, "messages")
    if not messages:
        raise Refusal(wrong_schema())
    thinking = _thinking(call)
    limit = output_limit(call)
    budget = read.whole(body, "max_tokens", 1, limit) or limit
    check_sampling(body)
    entries = read.items(body, "tools")
    tools = tuple(_tools(entries))
    turns = [Turn(Role.SYSTEM, system)] if (system := _system(body)) else []
    for message in messages:
        turns += _turns(call, message)
    if thinking and any(turn.calls and not turn.reasoning for turn in turns):
        raise Refusal(wrong_parameter(REASONING_MISSING))
    weight = tokens.count(json.dumps(entries, ensure_ascii=False)) if entries else 0
    return Prompt(
        conversation=Conversation(tuple(turns), tools, weight),
        budget=budget,
        thinking=thinking,
        stops=_stops(body),
        stream=read.flag(body, "stream"),
        # Of a choice all else is dropped.
        parallel=not read.flag(read.table(body, "tool_choice"), "disable_parallel_tool_use"),
    )


def _thinking(call: Call) -> bool:
    if call.body.get("thinking") is None:
        return thinks_by_default(call)
    kind = read.table(call.body, "thinking").get("type")
    if kind not in ("enabled", "disabled"):
        raise Refusal(wrong_parameter("thinking.type must be one of enabled, disabled"))
    return kind == "enabled"


def _stops(body: Mapping[str, Json]) -> tuple[str, ...]:
    given = read.items(body, "stop_sequences")
    stops = tuple(stop for stop in given if isinstance(stop, str))
    if len(stops) != len(given):
        raise Refusal(wrong_parameter("stop_sequences must be an array of strings"))
    return tuple(stop for stop in stops if stop)


def _tools(entries: list[Json]) -> Iterator[Tool]:
    seen: set[str] = set()
    for entry in entries:
        if not isinstance(entry, dict) or entry.get("type") not in (None, "custom"):
            raise Refusal(wrong_parameter("tools must be of type custom"))
        schema = read.table(entry, "input_schema")
        if schema.get("type") != "object":
            raise Refusal(wrong_parameter("input_schema.type must be object"))
        yield read_function({**entry, "parameters": dict(schema)}, seen)


def _system(body: Mapping[str, Json]) -> str:
    given = body.get("system")
    if given is None:
        return ""
    blocks = _blocks(given)
    if any(block["type"] != "text" for block in blocks):
        raise Refusal(wrong_parameter("system must be a string or an array of text blocks"))
    return _text(blocks)


def _turns(call: Call, message: Json) -> Iterator[Turn]:
    """Read a message; each tool result in it is a turn of its own."""
    if not isinstance(message, dict):
        raise Refusal(wrong_schema())
    blocks = _blocks(message.get("content"))
    match message.get("role"):
        case "system":
            yield Turn(Role.SYSTEM, _text(blocks))
        case "assistant":
            calls = tuple(_tool_call(block) for block in blocks if block["type"] == "tool_use")
            thoughts = [read.text(block, "thinking") for block in blocks if block["type"] == "thinking"]
            yield Turn(Role.ASSISTANT, _text(blocks), calls=calls, reasoning="".join(thoughts))
        case "user":
            results = [block for block in blocks if block["type"] == "tool_result"]
            text, images = _text(blocks), _images(call, blocks)
            # First what is said beside a result: it does not end the turn in which the tool was asked.
            if text or images or not results:
                yield Turn(Role.USER, text, images)
            for result in results:
                inner = _blocks(result.get("content") or "")
                answers = read.text(result, "tool_use_id", required=True)
                yield Turn(Role.TOOL, _text(inner), _images(call, inner), answers=answers)
        case _:
            raise Refusal(wrong_schema())


def _blocks(content: Json) -> list[dict[str, Json]]:
    """Give the blocks that are looked at."""
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    if not isinstance(content, list):
        raise Refusal(wrong_parameter("content must be a string or an array of blocks"))
    blocks: list[dict[str, Json]] = []
    for block in content:
        if not isinstance(block, dict):
            raise Refusal(wrong_schema())
        kind = block.get("type")
        if not isinstance(kind, str) or kind not in _KNOWN | _DROPPED:
            raise Refusal(wrong_parameter(f"unsupported content type {str(kind)[:80]}"))
        if kind in _KNOWN:
            blocks.append(block)
    return blocks


def _text(blocks: list[dict[str, Json]]) -> str:
    texts = [read.text(block, "text", required=True) for block in blocks if block["type"] == "text"]
    return "\n\n".join(texts)


def _tool_call(block: dict[str, Json]) -> ToolCall:
    arguments = json.dumps(read.table(block, "input"), ensure_ascii=False)
    return ToolCall(read.text(block, "id", required=True), read.text(block, "name", required=True), arguments)


def _images(call: Call, blocks: list[dict[str, Json]]) -> tuple[Weight, ...]:
    images = [read_part(call, _as_part(block)) for block in blocks if block["type"] == "image"]
    return tuple(image for image in images if isinstance(image, Weight))


def _as_part(block: dict[str, Json]) -> Json:
    """Give an image as the chat completions have it."""
    source = read.table(block, "source")
    match source.get("type"):
        case "url":
            url = read.text(source, "url", required=True)
        case "base64":
            mime = read.text(source, "media_type", required=True)
            url = f"data:{mime};base64,{read.text(source, 'data', required=True)}"
        case _:
            raise Refusal(wrong_parameter("image.source.type must be one of url, base64"))
    return {"type": "image_url", "image_url": {"url": url}}
