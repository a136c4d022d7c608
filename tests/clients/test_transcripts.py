"""What the packages of others send and receive: we send the same, and understand the very same bytes as they do."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest

from mimo_tui.core.catalogue import load
from mimo_tui.core.chat_body import chat_body
from mimo_tui.core.conversation import Role, ToolCall, Turn
from mimo_tui.core.json_text import Json
from mimo_tui.core.messages_body import messages_body
from mimo_tui.core.model import Modality
from mimo_tui.wire.chat import stream_chat
from mimo_tui.wire.http import Client, Network
from mimo_tui.wire.json_values import tables_of
from mimo_tui.wire.messages import stream_messages
from tests.clients.call import MODEL
from tests.clients.recording import Exchanged, recording, replaying
from tests.clients.talks import PICTURE, RESULT, TALKS, Anthropic, OpenAi, Said, Speaker, Talk
from tests.core.turns import answered, asked, file, path, returned
from tests.wire.listening import Heard, hear_all, request_to

Body = Callable[..., dict[str, Json]]
Make = type[OpenAi] | type[Anthropic]


@pytest.fixture
async def client(origin: str) -> AsyncIterator[Client]:
    """A client of the network, in an environment without proxies."""
    made = Client(load(), Network())
    yield made
    await made.aclose()


@pytest.mark.parametrize("streamed", [True, False], ids=["streamed", "whole"])
@pytest.mark.parametrize("talk", TALKS, ids=lambda talk: talk.title)
async def test_a_talk_of_the_openai_package(client: Client, origin: str, talk: Talk, streamed: bool) -> None:
    await _talk(client, origin, talk, OpenAi, streamed)


@pytest.mark.parametrize("streamed", [True, False], ids=["streamed", "whole"])
@pytest.mark.parametrize("talk", [each for each in TALKS if not each.search], ids=lambda talk: talk.title)
async def test_a_talk_of_the_anthropic_package(
    client: Client, origin: str, talk: Talk, streamed: bool
) -> None:
    await _talk(client, origin, talk, Anthropic, streamed)


async def _talk(client: Client, origin: str, talk: Talk, make: Make, streamed: bool) -> None:
    """Let the package talk, and follow with our own turns, made of what we understood."""
    said: list[Turn] = []
    async with recording(origin) as recorder:
        speaker: Speaker = make(recorder.origin, talk, streamed=streamed)
        for question in talk.questions:
            pictures = [file(Modality.IMAGE, "image/png", PICTURE)] if talk.picture else []
            said.append(asked(question, *pictures))
            theirs = await speaker.ask(question)
            said.append(await _followed(client, talk, make, recorder.exchanged[-1], said, theirs, streamed))
            if calls := said[-1].calls:
                said += [returned(call.id, RESULT) for call in calls]
                theirs = await speaker.give(theirs.calls)
                said.append(
                    await _followed(client, talk, make, recorder.exchanged[-1], said, theirs, streamed)
                )
    roles = [turn.role for turn in said]
    assert roles.count(Role.TOOL) == (2 if talk.tools else 0)
    assert roles[-1] is Role.ASSISTANT


async def _followed(
    client: Client,
    talk: Talk,
    make: Make,
    exchanged: Exchanged,
    said: list[Turn],
    theirs: Said,
    streamed: bool,
) -> Turn:
    """Compare our request with theirs, and give the turn that we make of the bytes that they got."""
    build: Body = chat_body if make is OpenAi else messages_body
    parameters: dict[str, Json] = {"thinking.type": "disabled"} if talk.parameters else {}
    if make is Anthropic:
        parameters["max_tokens"] = 4096
    if talk.search:
        parameters |= {"tools.web_search.force_search": True, "tools.web_search.limit": 3}
    body = build(path(*said), talk.system, parameters, talk.tools)
    ours = {"model": MODEL, **body, **({"stream": True} if streamed else {})}
    assert _what_matters(ours) == _what_matters(exchanged.body)
    stream = stream_chat if make is OpenAi else stream_messages
    async with replaying(exchanged.answer) as server:
        heard = await hear_all(stream(client, request_to(server, streamed=streamed)))
    assert heard.complete
    assert _as_said(heard) == replace(theirs, calls=_plain(theirs.calls))
    return answered(heard.text, heard.reasoning, heard.calls, heard.thoughts)


def _as_said(heard: Heard) -> Said:
    assert heard.usage is not None
    return Said(
        text=heard.text,
        reasoning=heard.reasoning,
        calls=_plain(heard.calls),
        finish=heard.reason,
        prompt=heard.usage.prompt,
        completion=heard.usage.completion,
        cached=heard.usage.cached,
        pages=tuple(page.url for page in heard.citations),
        signatures=tuple(thought.signature for thought in heard.thoughts),
    )


def _plain(calls: tuple[ToolCall, ...]) -> tuple[ToolCall, ...]:
    """Give calls whose arguments are written alike, since one package holds them as an object."""
    return tuple(replace(call, arguments=json.dumps(json.loads(call.arguments))) for call in calls)


def _what_matters(body: dict[str, Json]) -> dict[str, Json]:
    """Give a body without what can be written in two ways: short contents, order of parts, members that say nothing."""
    found = dict(body)
    messages, tools = body["messages"], body.get("tools", [])
    assert isinstance(messages, list)
    assert isinstance(tools, list)
    found["messages"] = list(map(_message, messages))
    found["tools"] = [
        tool if isinstance(tool, dict) and "function" in tool else _with_type(tool) for tool in tools
    ]
    return found


def _with_type(tool: Json) -> Json:
    return {"type": "custom", **tool} if isinstance(tool, dict) else tool


def _message(message: Json) -> Json:
    assert isinstance(message, dict)
    content = message.get("content")
    blocks = tables_of(content if isinstance(content, list) else [{"type": "text", "text": content}])
    calls = bool(message.get("tool_calls")) or any(block["type"] == "tool_use" for block in blocks)
    kept = [_block(block) for block in blocks if calls or block["type"] != "thinking"]
    names = ("role", "tool_calls", "tool_call_id", *(["reasoning_content"] if calls else []))
    return {
        **{name: message[name] for name in names if name in message},
        "content": sorted(kept, key=str) if not calls else kept,
    }


def _block(block: dict[str, Json]) -> Json:
    return {name: value for name, value in block.items() if value is not None}
