"""What a Responses request says, and what is wrong with it (`mimo-api.md` §11.1).

The documented request is known in part only: what is not, is read as other platforms with this form read it.
"""

import json
from collections.abc import Mapping

from mimo_tui.core.json_text import Json
from mimo_tui.simulator import parameters as read
from mimo_tui.simulator import tokens
from mimo_tui.simulator.call import Call
from mimo_tui.simulator.chat_request import check_sampling, read_function, read_part
from mimo_tui.simulator.conversation import Conversation, Role, Turn
from mimo_tui.simulator.fault import Refusal, wrong_parameter, wrong_schema
from mimo_tui.simulator.generation import Prompt, output_limit, thinks_by_default
from mimo_tui.simulator.media import Weight
from mimo_tui.simulator.tools import Tool, ToolCall

UNSUPPORTED = ("background", "previous_response_id", "context_management", "store", "conversation")
"""Fields that ask the platform to keep something: it keeps nothing. False, as some tools send it, asks for nothing."""

ECHOED = ("instructions", "metadata", "reasoning", "text", "tools")
"""Fields that come back in the response."""

_ROLES = {
    "system": Role.SYSTEM,
    "developer": Role.SYSTEM,
    "user": Role.USER,
    "assistant": Role.ASSISTANT,
}
_TEXTS = frozenset({"input_text", "output_text", "text", "reasoning_text", "summary_text"})


def read_response(call: Call) -> Prompt:
    """Read the body. Undocumented fields are ignored; raises Refusal for the rest."""
    body = call.body
    given = body.get("input")
    if not isinstance(given, str | list) or not given:
        raise Refusal(wrong_schema())
    for name in UNSUPPORTED:
        if body.get(name):
            raise Refusal(wrong_parameter(f"{name} is not supported"))
    _check_carriable({name: body.get(name) for name in ECHOED})
    check_sampling(body)
    limit = output_limit(call)
    entries = read.items(body, "tools")
    instructions = read.text(body, "instructions")
    said = [Turn(Role.SYSTEM, instructions)] if instructions else []
    said += [Turn(Role.USER, read.text(body, "input"))] if isinstance(given, str) else _turns(call, given)
    tool_tokens = tokens.count(json.dumps(entries, ensure_ascii=False)) if entries else 0
    form = read.table(read.table(body, "text"), "format")
    if form and form.get("type") not in ("text", "json_object", "json_schema"):
        raise Refusal(wrong_parameter("text.format.type must be one of text, json_object"))
    return Prompt(
        conversation=Conversation(tuple(said), _tools(entries), tool_tokens),
        budget=read.whole(body, "max_output_tokens", 1, limit) or limit,
        thinking=_thinking(call),
        stream=read.flag(body, "stream"),
        as_json=bool(form) and form["type"] != "text",
    )


def _check_carriable(fields: Mapping[str, Json]) -> None:
    """Refuse half a surrogate pair, which JSON can name and no answer could carry."""
    try:
        json.dumps(fields, ensure_ascii=False).encode()
    except ValueError:
        raise Refusal(wrong_schema()) from None


def _thinking(call: Call) -> bool:
    effort = read.one_of(read.table(call.body, "reasoning"), "effort", "none", "low", "medium", "high")
    return effort != "none" if effort else thinks_by_default(call)


def _tools(entries: list[Json]) -> tuple[Tool, ...]:
    seen: set[str] = set()
    tools: list[Tool] = []
    for entry in entries:
        kind = entry.get("type") if isinstance(entry, dict) else None
        if not isinstance(entry, dict) or kind not in ("function", "custom"):
            raise Refusal(wrong_parameter(f"tools of type {str(kind)[:80]} are not supported"))
        # A custom tool takes text in place of arguments; whatever it has of that name is no schema.
        readable = entry if kind == "function" else {**entry, "parameters": None}
        tool = read_function(readable, seen)
        tools.append(Tool(tool.name, tool.description, tool.parameters, free_form=kind == "custom"))
    return tuple(tools)


def _turns(call: Call, items: list[Json]) -> list[Turn]:
    """Read the items. Reasoning belongs to the assistant's turn after it, and calls in a row are one turn."""
    turns: list[Turn] = []
    reasoning = ""
    for item in items:
        if not isinstance(item, dict):
            raise Refusal(wrong_schema())
        kind = item.get("type")
        if kind == "reasoning":
            reasoning = _text_of(item)
            continue
        if kind in ("function_call", "custom_tool_call"):
            called = _called(item)
            before = (
                turns.pop() if turns and turns[-1].calls else Turn(Role.ASSISTANT, "", reasoning=reasoning)
            )
            turns.append(
                Turn(Role.ASSISTANT, before.text, calls=(*before.calls, called), reasoning=before.reasoning)
            )
        elif kind in ("function_call_output", "custom_tool_call_output"):
            turns.append(_result(call, item))
        elif kind in (None, "message"):
            turns.append(_message(call, item, reasoning))
        else:
            raise Refusal(wrong_parameter(f"input items of type {str(kind)[:80]} are not supported"))
        reasoning = ""
    return turns


def _text_of(reasoning: Mapping[str, Json]) -> str:
    parts = [*read.items(reasoning, "summary"), *read.items(reasoning, "content")]
    return "\n".join(read.text(part, "text") for part in parts if isinstance(part, dict))


def _called(item: Mapping[str, Json]) -> ToolCall:
    custom = item.get("type") == "custom_tool_call"
    return ToolCall(
        read.text(item, "call_id", required=True),
        read.text(item, "name", required=True),
        read.text(item, "input" if custom else "arguments"),
        free_form=custom,
    )


def _result(call: Call, item: Mapping[str, Json]) -> Turn:
    text, media = _contents(call, item.get("output"))
    return Turn(Role.TOOL, text, media, answers=read.text(item, "call_id", required=True))


def _message(call: Call, item: Mapping[str, Json], reasoning: str) -> Turn:
    spoken = item.get("role")
    role = _ROLES.get(spoken) if isinstance(spoken, str) else None
    if role is None:
        raise Refusal(wrong_schema())
    text, media = _contents(call, item.get("content"))
    return Turn(role, text, media, reasoning=reasoning if role is Role.ASSISTANT else "")


def _contents(call: Call, content: Json) -> tuple[str, tuple[Weight, ...]]:
    if isinstance(content, str):
        return read.text({"content": content}, "content"), ()
    if not isinstance(content, list):
        raise Refusal(wrong_schema())
    parts = [read_part(call, _as_chat_has_it(part)) for part in content]
    texts = (part for part in parts if isinstance(part, str))
    return "\n".join(texts), tuple(part for part in parts if isinstance(part, Weight))


def _as_chat_has_it(part: Json) -> Json:
    """Give a part in the shape of chat completions, which is taken here too."""
    if not isinstance(part, dict):
        raise Refusal(wrong_schema())
    kind = part.get("type")
    if kind in _TEXTS:
        return {**part, "type": "text"}
    if kind == "refusal":
        return {"type": "text", "text": part.get("refusal")}
    for name, wanted in (("input_image", "image_url"), ("input_video", "video_url")):
        if kind == name:
            address = part.get(wanted)
            holder: Json = {"url": address} if isinstance(address, str) else address
            return {**part, "type": wanted, wanted: holder}
    return part
