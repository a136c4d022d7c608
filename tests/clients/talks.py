"""Conversations that the packages of others have with the platform, as their users write them."""

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Protocol, cast

import anthropic
import openai
from anthropic import omit
from anthropic.types import Message
from openai.types.chat import ChatCompletionMessageParam, ChatCompletionToolParam

from mimo_tui.core.conversation import ToolCall
from mimo_tui.core.json_text import Json
from mimo_tui.simulator.accounts import PAY_AS_YOU_GO, WEB_SEARCH
from tests.clients.call import HOST, MODEL
from tests.simulator import files
from tests.simulator.files import data_url

PICTURE = files.picture(size=(640, 480))
RESULT = "4 degrees"
_SCHEMA: Json = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
_TEMP: Mapping[str, Json] = MappingProxyType(
    {
        "type": "function",
        "function": {"name": "get_temp", "description": "Temperature of a city", "parameters": _SCHEMA},
    }
)
_WIND: Mapping[str, Json] = MappingProxyType(
    {"type": "function", "function": {"name": "get_wind", "parameters": {"type": "object", "properties": {}}}}
)
_SEARCH: Json = {"type": "web_search", "force_search": True, "limit": 3}


@dataclass(frozen=True)
class Talk:
    """What is said. `parameters` by their names in the API, those of the web search aside."""

    title: str
    questions: tuple[str, ...]
    system: str = ""
    tools: tuple[Mapping[str, Json], ...] = ()
    picture: bool = False
    search: bool = False
    parameters: Mapping[str, Json] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def key(self) -> str:
        """The key of an account that may do this."""
        return WEB_SEARCH if self.search else PAY_AS_YOU_GO


TALKS = (
    Talk("text", ("What is a harbour?", "And a pier?"), system="Be brief."),
    Talk("without thinking", ("Hello",), parameters=MappingProxyType({"thinking": {"type": "disabled"}})),
    Talk("two tools", ("Use get_temp and get_wind for Oslo.", "Thank you."), tools=(_TEMP, _WIND)),
    Talk("an image", ("What is it?",), picture=True),
    Talk("a web search", ("Latest harbour news",), search=True),
)


@dataclass(frozen=True)
class Said:
    """What a package holds of an answer. `thoughts` are the blocks of the Anthropic surface."""

    text: str
    reasoning: str
    calls: tuple[ToolCall, ...]
    finish: str
    prompt: int | None
    completion: int | None
    cached: int | None
    pages: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()


class Speaker(Protocol):
    """A package in the midst of a talk."""

    async def ask(self, question: str) -> Said:
        """Say something, and give what the package understood of the answer."""
        ...

    async def give(self, calls: tuple[ToolCall, ...]) -> Said:
        """Answer the calls, and give what the package understood then."""
        ...


class OpenAi:
    """The openai package."""

    def __init__(self, origin: str, talk: Talk, *, streamed: bool) -> None:
        self._talk, self._streamed, self._origin = talk, streamed, origin
        self._history: list[object] = [{"role": "system", "content": talk.system}] if talk.system else []

    async def ask(self, question: str) -> Said:
        content: object = question
        if self._talk.picture:
            shown = {"type": "image_url", "image_url": {"url": data_url("image/png", PICTURE)}}
            content = [{"type": "text", "text": question}, shown]
        self._history.append({"role": "user", "content": content})
        return await self._said()

    async def give(self, calls: tuple[ToolCall, ...]) -> Said:
        self._history += [{"role": "tool", "tool_call_id": call.id, "content": RESULT} for call in calls]
        return await self._said()

    async def _said(self) -> Said:
        extra: dict[str, object] = dict(self._talk.parameters)
        if self._talk.search:
            extra["tools"] = [_SEARCH]
        messages = cast("list[ChatCompletionMessageParam]", self._history)
        tools = cast("list[ChatCompletionToolParam]", list(map(dict, self._talk.tools)))
        async with openai.AsyncOpenAI(
            base_url=f"{self._origin}/{HOST}/v1", api_key=self._talk.key, max_retries=0
        ) as mimo:
            create = mimo.chat.completions.create
            if not self._streamed:
                answer = await create(
                    model=MODEL, messages=messages, tools=tools or openai.omit, extra_body=extra
                )
                message = answer.choices[0].message
                self._history.append(message.model_dump(exclude_none=True))
                parts, finish, usage = [message.model_dump()], answer.choices[0].finish_reason, answer.usage
            else:
                chunks = [
                    chunk
                    async for chunk in await create(
                        model=MODEL,
                        messages=messages,
                        tools=tools or openai.omit,
                        extra_body=extra,
                        stream=True,
                    )
                ]
                choices = [choice for chunk in chunks for choice in chunk.choices]
                parts = [choice.delta.model_dump() for choice in choices]
                finish = next(choice.finish_reason for choice in choices if choice.finish_reason)
                usage = chunks[-1].usage
        said = _joined(parts, str(finish), usage)
        if self._streamed:
            self._history.append(_message(said))
        return said


def _joined(parts: list[dict[str, object]], finish: str, usage: openai.types.CompletionUsage | None) -> Said:
    """Put the parts of an answer together, as every user of the package does."""
    calls: dict[int, list[str]] = {}
    pages: list[str] = []
    for part in parts:
        for position, call in enumerate(cast("list[dict[str, object]]", part.get("tool_calls") or [])):
            function = cast("dict[str, str | None]", call["function"])
            joined = calls.setdefault(cast("int", call.get("index", position)), ["", "", ""])
            for place, text in enumerate((call.get("id"), function.get("name"), function.get("arguments"))):
                joined[place] += cast("str", text or "")
        found = cast("list[dict[str, str]]", part.get("annotations") or [])
        pages += [page["url"] for page in found]
    details = usage.prompt_tokens_details if usage is not None else None
    return Said(
        text="".join(cast("str", part.get("content") or "") for part in parts),
        reasoning="".join(cast("str", part.get("reasoning_content") or "") for part in parts),
        calls=tuple(ToolCall(*call) for call in calls.values()),
        finish=finish,
        prompt=usage.prompt_tokens if usage is not None else None,
        completion=usage.completion_tokens if usage is not None else None,
        cached=details.cached_tokens if details is not None else None,
        pages=tuple(pages),
    )


def _message(said: Said) -> dict[str, object]:
    calls = [
        {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
        for call in said.calls
    ]
    message: dict[str, object] = {
        "role": "assistant",
        "content": said.text,
        "reasoning_content": said.reasoning,
    }
    return {**message, "tool_calls": calls} if calls else message


class Anthropic:
    """The anthropic package."""

    def __init__(self, origin: str, talk: Talk, *, streamed: bool) -> None:
        self._talk, self._streamed, self._origin = talk, streamed, origin
        self._history: list[object] = []

    async def ask(self, question: str) -> Said:
        content: object = question
        if self._talk.picture:
            source = {"type": "base64", "media_type": "image/png", "data": b64encode(PICTURE).decode()}
            content = [{"type": "text", "text": question}, {"type": "image", "source": source}]
        self._history.append({"role": "user", "content": content})
        return await self._said()

    async def give(self, calls: tuple[ToolCall, ...]) -> Said:
        results = [{"type": "tool_result", "tool_use_id": call.id, "content": RESULT} for call in calls]
        self._history.append({"role": "user", "content": results})
        return await self._said()

    async def _said(self) -> Said:
        functions = [cast("dict[str, Json]", tool["function"]) for tool in self._talk.tools]
        tools = [
            {"name": each["name"], "input_schema": each["parameters"]}
            | ({"description": each["description"]} if "description" in each else {})
            for each in functions
        ]
        async with anthropic.AsyncAnthropic(
            base_url=f"{self._origin}/{HOST}/anthropic", api_key=self._talk.key, max_retries=0
        ) as mimo:
            arguments: dict[str, Any] = {
                "model": MODEL,
                "max_tokens": 4096,
                "messages": self._history,
                "system": self._talk.system or omit,
                "tools": tools or omit,
                "extra_body": dict(self._talk.parameters),
            }
            if self._streamed:
                async with mimo.messages.stream(**arguments) as stream:
                    answer: Message = await stream.get_final_message()
            else:
                answer = await mimo.messages.create(**arguments)
        self._history.append({"role": "assistant", "content": answer.content})
        thoughts = [block for block in answer.content if block.type == "thinking"]
        calls = [block for block in answer.content if block.type == "tool_use"]
        cached = answer.usage.cache_read_input_tokens
        return Said(
            text="".join(block.text for block in answer.content if block.type == "text"),
            reasoning="".join(block.thinking for block in thoughts),
            calls=tuple(ToolCall(call.id, call.name, json.dumps(call.input)) for call in calls),
            finish=str(answer.stop_reason),
            prompt=answer.usage.input_tokens + (cached or 0),
            completion=answer.usage.output_tokens,
            cached=cached,
            signatures=tuple(block.signature for block in thoughts),
        )
