"""The body of a chat completion (`mimo-api.md` §6)."""

from collections.abc import Mapping, Sequence

from mimo_tui.core.conversation import Attachment, Role, ToolCall, Turn
from mimo_tui.core.json_text import Json
from mimo_tui.core.media.data_url import data_url
from mimo_tui.core.model import Modality, Wire
from mimo_tui.core.offered_tools import for_chat
from mimo_tui.core.parameters import members
from mimo_tui.core.said_again import needs_reasoning, said_again


def chat_body(
    path: Sequence[Turn],
    system: str,
    parameters: Mapping[str, Json],
    tools: Sequence[Mapping[str, Json]] = (),
) -> dict[str, Json]:
    """Give the body, but for `model` and `stream`. Slow where there are attachments: call it in a thread.

    Files that are not here any more are left out. `parameters` are named with a dot before inner names.
    """
    messages: list[Json] = [{"role": "system", "content": system}] if system else []
    messages += [_message(turn, parameters) for turn in said_again(path)]
    body: dict[str, Json] = {"messages": messages, **members(parameters, Wire.CHAT_COMPLETIONS)}
    search = body.get("tools")
    if offered := [*map(for_chat, tools), *(search if isinstance(search, list) else ())]:
        body["tools"] = list(offered)
    return body


def _message(turn: Turn, parameters: Mapping[str, Json]) -> dict[str, Json]:
    match turn.role:
        case Role.USER:
            return {"role": "user", "content": _content(turn)}
        case Role.TOOL:
            return {"role": "tool", "tool_call_id": turn.answers, "content": turn.text}
        case Role.ASSISTANT:
            # Beside calls the text is "" and never null, which early models refused (`mimo-api.md` §6.1).
            message: dict[str, Json] = {"role": "assistant", "content": turn.text}
            if turn.reasoning and needs_reasoning(turn, parameters):
                message["reasoning_content"] = turn.reasoning
            if turn.calls:
                message["tool_calls"] = list(map(_call, turn.calls))
            return message


def _content(turn: Turn) -> Json:
    if not turn.attachments:
        return turn.text
    parts: list[Json] = list(map(_part, turn.attachments))
    return [*parts, {"type": "text", "text": turn.text}] if turn.text else parts


def _part(attachment: Attachment) -> Json:
    """Write an attachment (`mimo-api.md` §8)."""
    url = data_url(attachment)
    match attachment.modality:
        case Modality.AUDIO:
            return {"type": "input_audio", "input_audio": {"data": url}}
        case Modality.VIDEO:
            part: dict[str, Json] = {"type": "video_url", "video_url": {"url": url}}
            if attachment.frames_a_second is not None:
                part["fps"] = attachment.frames_a_second
            if attachment.detailed:
                part["media_resolution"] = "max"
            return part
        case _:
            return {"type": "image_url", "image_url": {"url": url}}


def _call(call: ToolCall) -> Json:
    function: dict[str, Json] = {"name": call.name, "arguments": call.arguments}
    return {"id": call.id, "type": "function", "function": function}
