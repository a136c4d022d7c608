"""The body of a request to the Anthropic surface (`mimo-api.md` §10)."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from mimo_tui.core.conversation import Attachment, Role, Thought, ToolCall, Turn
from mimo_tui.core.json_text import Json
from mimo_tui.core.media.data_url import data_url
from mimo_tui.core.model import Modality, Wire
from mimo_tui.core.offered_tools import for_messages
from mimo_tui.core.parameters import members
from mimo_tui.core.said_again import needs_reasoning, said_again


def messages_body(
    path: Sequence[Turn],
    system: str,
    parameters: Mapping[str, Json],
    tools: Sequence[Mapping[str, Json]] = (),
) -> dict[str, Json]:
    """Give the body, but for `model` and `stream`. Slow where there are attachments: call it in a thread.

    Files that are not here any more are left out, and so are sound and films, since this surface drops them in silence
    (`mimo-api.md` §8). `parameters` are named with a dot before inner names.
    """
    body: dict[str, Json] = {"system": system} if system else {}
    body |= {"messages": list(_messages(path, parameters)), **members(parameters, Wire.MESSAGES)}
    if offered := [written for tool in tools if (written := for_messages(tool)) is not None]:
        body["tools"] = list(offered)
    return body


def _messages(path: Sequence[Turn], parameters: Mapping[str, Json]) -> Iterator[Json]:
    for role, turns in groupby(said_again(path), lambda turn: turn.role):
        if role is Role.TOOL:
            # The answers to calls that were made together come together.
            yield {"role": "user", "content": list(map(_result, turns))}
        elif role is Role.USER:
            yield from ({"role": "user", "content": _content(turn)} for turn in turns)
        else:
            yield from ({"role": "assistant", "content": _spoken(turn, parameters)} for turn in turns)


def _result(turn: Turn) -> Json:
    return {"type": "tool_result", "tool_use_id": turn.answers, "content": turn.text}


def _content(turn: Turn) -> Json:
    images: list[Json] = [_image(each) for each in turn.attachments if each.modality is Modality.IMAGE]
    if not images:
        return turn.text
    return [*images, _text(turn.text)] if turn.text else images


def _image(attachment: Attachment) -> Json:
    url = data_url(attachment)
    if attachment.is_url:
        return {"type": "image", "source": {"type": "url", "url": url}}
    data = url.partition(",")[2]
    return {
        "type": "image",
        "source": {"type": "base64", "media_type": attachment.media_type, "data": data},
    }


def _spoken(turn: Turn, parameters: Mapping[str, Json]) -> Json:
    thoughts = _thoughts(turn) if needs_reasoning(turn, parameters) else ()
    if not thoughts and not turn.calls:
        return turn.text
    blocks: list[Json] = [
        {"type": "thinking", "thinking": thought.text, "signature": thought.signature} for thought in thoughts
    ]
    if turn.text:
        blocks.append(_text(turn.text))
    return [*blocks, *map(_call, turn.calls)]


def _thoughts(turn: Turn) -> tuple[Thought, ...]:
    """Give the blocks as they came; an answer of the other surface has none, and a signature may be empty."""
    return turn.thoughts or ((Thought(turn.reasoning),) if turn.reasoning else ())


def _text(text: str) -> Json:
    return {"type": "text", "text": text}


def _call(call: ToolCall) -> Json:
    return {"type": "tool_use", "id": call.id, "name": call.name, "input": _arguments(call)}


def _arguments(call: ToolCall) -> Json:
    """Give the arguments as the object that they have to be here; what is none is not sent."""
    try:
        arguments = json.loads(call.arguments)
        json.dumps(arguments, allow_nan=False)
    except (ValueError, RecursionError):
        return {}
    return arguments if isinstance(arguments, dict) else {}
