"""The Responses form, whole and streamed (`mimo-api.md` §11.1)."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

from starlette.responses import JSONResponse, Response

from mimo_tui.core.catalogue import ModelKind
from mimo_tui.core.json_text import Json
from mimo_tui.simulator import sse, tokens
from mimo_tui.simulator.call import Call
from mimo_tui.simulator.fault import Refusal, unsupported_model
from mimo_tui.simulator.generation import Generated, Paced, Prompt, generate, stream_of
from mimo_tui.simulator.reply import Finish
from mimo_tui.simulator.responses_request import read_response
from mimo_tui.simulator.tools import ToolCall

_INCOMPLETE = {
    Finish.LENGTH: "max_output_tokens",
    Finish.CONTENT_FILTER: "content_filter",
    Finish.REPETITION: "repetition_truncation",
}

_Unnumbered: TypeAlias = tuple[str, dict[str, Json], int]
"""An event without its number: its name, its fields, and how many tokens it carries."""


@dataclass(frozen=True, slots=True)
class _Item:
    """A piece of output. `text` is what streams, `events` the name of its events, `part` the type of its content.

    A call of a tool has no `part`: its text lies in the field `holder` of the item itself.
    """

    head: dict[str, Json]
    text: str
    events: str
    part: str = ""
    holder: str = ""

    def whole(self, status: str) -> dict[str, Json]:
        """Give the item with all of its text."""
        return self._with(self.text, [self.content()] if self.part else [], status)

    def started(self) -> dict[str, Json]:
        """Give the item before any text."""
        return self._with("", [], "in_progress")

    def content(self, text: str | None = None) -> dict[str, Json]:
        """Give its content."""
        content: dict[str, Json] = {"type": self.part, "text": self.text if text is None else text}
        return content | ({"annotations": []} if self.part == "output_text" else {})

    def _with(self, text: str, content: list[Json], status: str) -> dict[str, Json]:
        inside: dict[str, Json] = {"content": content} if self.part else {self.holder: text}
        return self.head | inside | {"status": status}


async def answer(call: Call) -> Response:
    """Answer a Responses request. Raises Refusal with the fault of the platform."""
    if call.model.kind.value is not ModelKind.CHAT:
        raise Refusal(unsupported_model(call.model.id))
    # Media may take long to decode, and a long answer long to write: other calls go on meanwhile.
    prompt, generated = await asyncio.to_thread(_generated, call)
    if prompt.stream:
        return stream_of(call, _events(call, prompt, generated))
    return JSONResponse(_ended(call, prompt, generated))


def _generated(call: Call) -> tuple[Prompt, Generated]:
    prompt = read_response(call)
    return prompt, generate(call, prompt)


def _items(generated: Generated) -> list[_Item]:
    composed, number = generated.composed, generated.id
    items: list[_Item] = []
    if composed.reasoning:
        head: dict[str, Json] = {"type": "reasoning", "id": f"rs_{number}", "summary": []}
        items.append(_Item(head, composed.reasoning, "reasoning_text", part="reasoning_text"))
    if composed.content or not composed.calls:
        head = {"type": "message", "id": f"msg_{number}", "role": "assistant"}
        items.append(_Item(head, composed.content, "output_text", part="output_text"))
    return items + [_call_item(one) for one in composed.calls]


def _call_item(one: ToolCall) -> _Item:
    number = one.id.removeprefix("call_")
    named: dict[str, Json] = {"call_id": one.id, "name": one.name}
    if one.free_form:
        head: dict[str, Json] = {"type": "custom_tool_call", "id": f"ctc_{number}"}
        return _Item(head | named, one.arguments, "custom_tool_call_input", holder="input")
    head = {"type": "function_call", "id": f"fc_{number}"}
    return _Item(head | named, one.arguments, "function_call_arguments", holder="arguments")


def _response(call: Call, prompt: Prompt, generated: Generated, status: str) -> dict[str, Json]:
    """Give the response without its output; the fields of the request come back as they were sent."""
    body = call.body
    # While it thinks the platform draws in its own way, whatever was asked for (§6.2).
    drawn: Mapping[str, Json] = {} if prompt.thinking else body
    return {
        "id": f"resp_{generated.id}",
        "object": "response",
        "created_at": int(call.at.timestamp()),
        "status": status,
        "error": None,
        "incomplete_details": None,
        "instructions": body.get("instructions"),
        "max_output_tokens": body.get("max_output_tokens"),
        "metadata": body.get("metadata") or {},
        "model": call.model.id,
        "output": [],
        "parallel_tool_calls": True,
        "reasoning": body.get("reasoning"),
        "temperature": _set(drawn, "temperature", 1.0),
        "text": body.get("text") or {"format": {"type": "text"}},
        "tool_choice": "auto",
        "tools": body.get("tools") or [],
        "top_p": _set(drawn, "top_p", 0.95),
        "usage": None,
    }


def _set(body: Mapping[str, Json], name: str, otherwise: float) -> Json:
    value = body.get(name)
    return otherwise if value is None else value


def _ended(call: Call, prompt: Prompt, generated: Generated) -> dict[str, Json]:
    items, usage = _items(generated), generated.usage
    reason = _INCOMPLETE.get(generated.composed.finish)
    status = "completed" if reason is None else "incomplete"
    output: list[Json] = [item.whole("completed") for item in items[:-1]]
    output.append(items[-1].whole(status))
    ended: dict[str, Json] = {
        "incomplete_details": None if reason is None else {"reason": reason},
        "output": output,
        "usage": {
            "input_tokens": usage.prompt,
            "input_tokens_details": {"cached_tokens": usage.cached},
            "output_tokens": usage.completion,
            "output_tokens_details": {"reasoning_tokens": usage.reasoning},
            "total_tokens": usage.total,
        },
    }
    return _response(call, prompt, generated, status) | ended


def _events(call: Call, prompt: Prompt, generated: Generated) -> Iterator[Paced]:
    """Give the events, each with its number."""
    ended = _ended(call, prompt, generated)
    begun = _response(call, prompt, generated, "in_progress")
    opening: list[_Unnumbered] = [
        ("response.created", {"response": begun}, 0),
        ("response.in_progress", {"response": begun}, 0),
    ]
    closing: list[_Unnumbered] = [(f"response.{ended['status']}", {"response": ended}, 0)]
    unnumbered = chain(opening, _output(generated, str(ended["status"])), closing)
    for number, (name, fields, carried) in enumerate(unnumbered):
        yield sse.event({"type": name, "sequence_number": number, **fields}, name), carried


def _output(generated: Generated, status: str) -> Iterator[_Unnumbered]:
    items = _items(generated)
    for index, item in enumerate(items):
        at: dict[str, Json] = {"item_id": item.head["id"], "output_index": index}
        if item.part:
            at["content_index"] = 0
        yield "response.output_item.added", {"output_index": index, "item": item.started()}, 0
        if item.part:
            yield "response.content_part.added", at | {"part": item.content("")}, 0
        for piece in tokens.pieces(item.text):
            logged: dict[str, Json] = {"logprobs": []} if item.part == "output_text" else {}
            yield f"response.{item.events}.delta", at | {"delta": piece} | logged, tokens.count(piece)
        yield f"response.{item.events}.done", at | _done(item), 0
        if item.part:
            yield "response.content_part.done", at | {"part": item.content()}, 0
        last = status if index == len(items) - 1 else "completed"
        yield "response.output_item.done", {"output_index": index, "item": item.whole(last)}, 0


def _done(item: _Item) -> dict[str, Json]:
    if item.part:
        return {"text": item.text} | ({"logprobs": []} if item.part == "output_text" else {})
    named: dict[str, Json] = {"name": item.head["name"]} if item.holder == "arguments" else {}
    return {item.holder: item.text} | named
