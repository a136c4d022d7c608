"""What a chat completion's request says, and all that is wrong with it (`mimo-api.md` §6)."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from mimo_tui.core.catalogue import Feature, Modality
from mimo_tui.core.json_text import Json
from mimo_tui.simulator import parameters as read
from mimo_tui.simulator import tokens
from mimo_tui.simulator.call import Call
from mimo_tui.simulator.conversation import Conversation, Role, Turn
from mimo_tui.simulator.fault import NOT_FOUND, Refusal, wrong_parameter, wrong_schema
from mimo_tui.simulator.generation import Prompt, output_limit, thinks_by_default
from mimo_tui.simulator.media import Weight, weigh
from mimo_tui.simulator.searching import Search
from mimo_tui.simulator.tools import Tool, ToolCall

REASONING_MISSING = "The reasoning_content in the thinking mode must be passed back to the API."
SEARCH_DISABLED = "web search tool found in the request body, but webSearchEnabled is false"

MOST_STOPS = 4
_TOOL_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ROLES = {
    "system": Role.SYSTEM,
    "developer": Role.SYSTEM,
    "user": Role.USER,
    "assistant": Role.ASSISTANT,
    "tool": Role.TOOL,
}
_MEDIA = {"image_url": Modality.IMAGE, "input_audio": Modality.AUDIO, "video_url": Modality.VIDEO}


def read_chat(call: Call) -> Prompt:
    """Read the body. Fields that the platform does not document are ignored; raises Refusal for the rest.

    `max_tokens` is honoured as one probe saw it, though another saw it refused (`mimo-api.md` §6.2).
    """
    body = call.body
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        raise Refusal(wrong_schema())
    thinking = _thinking(call)
    limit = output_limit(call)
    budget = read.whole(body, "max_completion_tokens", 1, limit) or read.whole(body, "max_tokens", 1, limit)
    check_sampling(body)
    for name in ("frequency_penalty", "presence_penalty"):
        read.number(body, name, -2, 2)
    check_single(body)
    read.table(body, "stream_options")
    entries = read.items(body, "tools")
    tools = tuple(read_tools(call, (tool for tool in entries if not _is_search(tool))))
    turns = tuple(_turn(call, message) for message in messages)
    if thinking and any(turn.calls and not turn.reasoning for turn in turns):
        raise Refusal(wrong_parameter(REASONING_MISSING))
    weight = tokens.count(json.dumps(entries, ensure_ascii=False)) if entries else 0
    return Prompt(
        conversation=Conversation(turns, tools, weight),
        budget=budget or limit,
        thinking=thinking,
        stops=_stops(body),
        stream=read.flag(body, "stream"),
        as_json=_as_json(body),
        search=_search(call, entries),
    )


def check_sampling(body: Mapping[str, Json]) -> None:
    """Check what the answer would be drawn with. Nothing is drawn here, and while thinking both are fixed anyway."""
    read.number(body, "temperature", 0, 1.5)
    read.number(body, "top_p", 0.01, 1)


def check_single(body: Mapping[str, Json]) -> None:
    """Refuse to give more answers than one, and even to be told that it is one."""
    if body.get("n") is not None:
        raise Refusal(wrong_parameter("n is not supported"))


def read_tools(call: Call, functions: Iterable[Json]) -> Iterator[Tool]:
    """Read the functions on offer (`mimo-api.md` §6.3)."""
    seen: set[str] = set()
    for entry in functions:
        if not isinstance(entry, dict) or entry.get("type") != "function":
            raise Refusal(wrong_parameter("tools must be of type function or web_search"))
        if not _can(call, Feature.FUNCTION_CALLING):
            raise Refusal(wrong_parameter(f"{call.model.id} does not support function calling"))
        yield read_function(read.table(entry, "function"), seen)


def read_function(function: Mapping[str, Json], seen: set[str]) -> Tool:
    """Read one function; its name is added to those seen."""
    name = read.text(function, "name", required=True)
    if not _TOOL_NAME.fullmatch(name):
        raise Refusal(wrong_parameter(f"tool name {name[:80]} does not match [A-Za-z0-9_-]{{1,64}}"))
    if name in seen:
        raise Refusal(wrong_parameter(f"tools contains duplicate names: {name}"))
    seen.add(name)
    read.flag(function, "strict")
    return Tool(name, read.text(function, "description"), read.table(function, "parameters"))


def read_part(call: Call, part: Json) -> str | Weight:
    """Read a part of a message: its text, or what a picture, a sound or a film weighs (`mimo-api.md` §8)."""
    if not isinstance(part, dict):
        raise Refusal(wrong_schema())
    kind = part.get("type")
    if kind == "text":
        return read.text(part, "text", required=True)
    modality = _MEDIA.get(kind) if isinstance(kind, str) else None
    if modality is None:
        raise Refusal(wrong_parameter(f"unsupported content type {str(kind)[:80]}"))
    if not call.model.takes(modality):
        raise Refusal(NOT_FOUND)
    return weigh(part, call.catalogue)


def _thinking(call: Call) -> bool:
    thinking = read.table(call.body, "thinking")
    effort = read.text(call.body, "reasoning_effort")
    if effort == "max":
        raise Refusal(wrong_parameter("reasoning_effort max is not supported"))
    if call.body.get("thinking") is not None and thinking.get("type") not in ("enabled", "disabled"):
        raise Refusal(wrong_parameter("thinking.type must be one of enabled, disabled"))
    if effort == "none":
        return False
    return thinking["type"] == "enabled" if thinking else thinks_by_default(call)


def _stops(body: Mapping[str, Json]) -> tuple[str, ...]:
    stop = body.get("stop")
    stops = [stop] if isinstance(stop, str) else read.items(body, "stop")
    texts = tuple(one for one in stops if isinstance(one, str))
    if len(texts) != len(stops):
        raise Refusal(wrong_parameter("stop must be a string or an array of strings"))
    if len(texts) > MOST_STOPS:
        raise Refusal(wrong_parameter(f"stop must have at most {MOST_STOPS} sequences"))
    return tuple(one for one in texts if one)


def _as_json(body: Mapping[str, Json]) -> bool:
    """Tell whether a JSON document is wanted; that of a schema is not enforced (`mimo-api.md` §6.2)."""
    form = read.table(body, "response_format")
    if form and form.get("type") not in ("text", "json_object", "json_schema"):
        raise Refusal(wrong_parameter("response_format.type must be one of text, json_object"))
    return bool(form) and form["type"] != "text"


def _is_search(tool: Json) -> bool:
    return isinstance(tool, dict) and tool.get("type") == "web_search"


def _search(call: Call, tools: list[Json]) -> Search | None:
    """Read the web search tool (`mimo-api.md` §6.4), which no plan's key may use."""
    tool = next((one for one in tools if isinstance(one, dict) and _is_search(one)), None)
    if tool is None:
        return None
    allowed = call.account.web_search and not call.account.plan and not call.host.plan
    if not allowed or not _can(call, Feature.WEB_SEARCH):
        raise Refusal(wrong_parameter(SEARCH_DISABLED))
    location = read.table(tool, "user_location")
    if location and location.get("type") != "approximate":
        raise Refusal(wrong_parameter("user_location.type must be approximate"))
    # The guide writes force_search, the FAQ forced_search.
    force = read.flag(tool, "force_search") or read.flag(tool, "forced_search")
    words, pages = read.whole(tool, "max_keyword", 1, 50), read.whole(tool, "limit", 1, 50)
    return Search(force, words or 5, pages or 5)


def _can(call: Call, feature: Feature) -> bool:
    known = call.model.features.get(feature)
    return known is None or known.value


def _turn(call: Call, message: Json) -> Turn:
    if not isinstance(message, dict):
        raise Refusal(wrong_schema())
    spoken = message.get("role")
    role = _ROLES.get(spoken) if isinstance(spoken, str) else None
    if role is None:
        raise Refusal(wrong_schema())
    calls = tuple(map(_tool_call, read.items(message, "tool_calls"))) if role is Role.ASSISTANT else ()
    content = message.get("content")
    if content is None and calls:
        # Early models refused this; of those that answer now, none was seen to (`mimo-api.md` §6.1).
        content = ""
    parts: list[Json] = content if isinstance(content, list) else [{"type": "text", "text": content}]
    if content is None or not parts:
        raise Refusal(wrong_parameter("`text` is not present"))
    contents = [read_part(call, part) for part in parts]
    if role in (Role.SYSTEM, Role.ASSISTANT) and not all(isinstance(one, str) for one in contents):
        raise Refusal(wrong_parameter(f"a message of role {spoken} takes text only"))
    return Turn(
        role,
        "\n".join(one for one in contents if isinstance(one, str)),
        tuple(one for one in contents if isinstance(one, Weight)),
        calls,
        read.text(message, "reasoning_content") if role is Role.ASSISTANT else "",
        read.text(message, "tool_call_id", required=True) if role is Role.TOOL else "",
    )


def _tool_call(entry: Json) -> ToolCall:
    if not isinstance(entry, dict):
        raise Refusal(wrong_schema())
    function = read.table(entry, "function")
    return ToolCall(
        read.text(entry, "id", required=True),
        read.text(function, "name", required=True),
        read.text(function, "arguments"),
    )
