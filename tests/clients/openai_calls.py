"""What the openai package does with the platform: chat completions, and the list of models."""

import json
from typing import cast

import openai
from openai.types.chat import ChatCompletionMessageParam, ChatCompletionToolParam

from mimo_tui.simulator.accounts import PAY_AS_YOU_GO, SINGAPORE, WEB_SEARCH
from tests.clients.call import HOST, MODEL
from tests.simulator import files
from tests.simulator.files import data_url

GET_TEMP: ChatCompletionToolParam = {
    "type": "function",
    "function": {
        "name": "get_temp",
        "description": "Current temperature of a city",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    },
}


def client(origin: str, key: str = PAY_AS_YOU_GO, host: str = HOST) -> openai.OpenAI:
    """Give a client as its users make one, which does not try again."""
    return openai.OpenAI(base_url=f"{origin}/{host}/v1", api_key=key, max_retries=0)


def asynchronous(origin: str) -> openai.AsyncOpenAI:
    """Give the asynchronous client."""
    return openai.AsyncOpenAI(base_url=f"{origin}/{HOST}/v1", api_key=PAY_AS_YOU_GO, max_retries=0)


def said(*messages: object) -> list[ChatCompletionMessageParam]:
    """Give messages that have what the package's types do not know."""
    return cast("list[ChatCompletionMessageParam]", list(messages))


def user(content: object) -> list[ChatCompletionMessageParam]:
    """Give one message of the user."""
    return said({"role": "user", "content": content})


def models(origin: str) -> None:
    """List the models."""
    with client(origin) as mimo:
        listed = [model.id for model in mimo.models.list()]
    assert MODEL in listed
    assert len(listed) == len(set(listed)) >= 7


def models_of_a_cluster(origin: str) -> None:
    """List the models that a plan has on its cluster."""
    with client(origin, SINGAPORE, "token-plan-sgp.xiaomimimo.com") as mimo:
        listed = [model.id for model in mimo.models.list()]
    assert MODEL in listed
    assert "mimo-v2.6-pro-ultraspeed" not in listed


def chat(origin: str) -> None:
    """Ask, and read answer, reasoning and usage."""
    with client(origin) as mimo:
        answer = mimo.chat.completions.create(model=MODEL, messages=user("What is a harbour?"))
    message = answer.choices[0].message
    assert answer.choices[0].finish_reason == "stop"
    assert "harbour" in (message.content or "")
    assert "harbour" in getattr(message, "reasoning_content", "")
    assert not message.tool_calls
    assert answer.usage is not None
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
    assert answer.usage.completion_tokens_details is not None
    assert (answer.usage.completion_tokens_details.reasoning_tokens or 0) > 0


def without_thinking(origin: str) -> None:
    """Turn thinking off by `extra_body`."""
    with client(origin) as mimo:
        answer = mimo.chat.completions.create(
            model=MODEL, messages=user("Hello"), extra_body={"thinking": {"type": "disabled"}}
        )
    assert not hasattr(answer.choices[0].message, "reasoning_content")


def streamed(origin: str) -> None:
    """Read a stream chunk by chunk."""
    content, reasoning, finish, usage = "", "", "", None
    with client(origin) as mimo:
        whole = mimo.chat.completions.create(model=MODEL, messages=user("What is a harbour?"))
        for chunk in mimo.chat.completions.create(
            model=MODEL, messages=user("What is a harbour?"), stream=True
        ):
            usage = chunk.usage or usage
            for choice in chunk.choices:
                content += choice.delta.content or ""
                reasoning += getattr(choice.delta, "reasoning_content", None) or ""
                finish = choice.finish_reason or finish
    assert content == whole.choices[0].message.content
    assert reasoning == getattr(whole.choices[0].message, "reasoning_content", "")
    assert finish == "stop"
    assert usage == whole.usage


def accumulated(origin: str) -> None:
    """Read a stream by `chat.completions.stream`, which puts the answer together."""
    with (
        client(origin) as mimo,
        mimo.chat.completions.stream(model=MODEL, messages=user("Hello")) as stream,
    ):
        deltas = "".join(event.delta for event in stream if event.type == "content.delta")
        assert deltas == stream.get_final_completion().choices[0].message.content


def tools(origin: str) -> None:
    """Offer a tool, run it, send its result back with the reasoning, and read the answer."""
    history = user("How warm is it in Oslo?")
    with client(origin) as mimo:
        called = mimo.chat.completions.create(model=MODEL, messages=history, tools=[GET_TEMP])
        message = called.choices[0].message
        assert called.choices[0].finish_reason == "tool_calls"
        assert message.tool_calls is not None
        call = message.tool_calls[0]
        assert call.type == "function"
        assert json.loads(call.function.arguments) == {"city": "Oslo"}
        history += said(
            message.model_dump(exclude_none=True),
            {"role": "tool", "tool_call_id": call.id, "content": "4 degrees"},
        )
        assert "reasoning_content" in history[1]
        answer = mimo.chat.completions.create(model=MODEL, messages=history, tools=[GET_TEMP])
    assert answer.choices[0].finish_reason == "stop"
    assert "4 degrees" in (answer.choices[0].message.content or "")


def tools_streamed(origin: str) -> None:
    """Put two tool calls together from a stream."""
    calls: dict[int, list[str]] = {}
    other: ChatCompletionToolParam = {
        "type": "function",
        "function": {"name": "get_wind", "parameters": {"type": "object", "properties": {}}},
    }
    with client(origin) as mimo:
        for chunk in mimo.chat.completions.create(
            model=MODEL, messages=user("Use get_temp and get_wind."), tools=[GET_TEMP, other], stream=True
        ):
            for choice in chunk.choices:
                for part in choice.delta.tool_calls or []:
                    call = calls.setdefault(part.index, ["", "", ""])
                    assert part.function is not None
                    call[0] += part.id or ""
                    call[1] += part.function.name or ""
                    call[2] += part.function.arguments or ""
    assert [name for _, name, _ in calls.values()] == ["get_temp", "get_wind"]
    assert all(identity.startswith("call_") for identity, _, _ in calls.values())
    assert all(isinstance(json.loads(arguments), dict) for _, _, arguments in calls.values())


def image(origin: str) -> None:
    """Show an image as a data URL."""
    url = data_url("image/png", files.picture(size=(640, 480)))
    shown = [{"type": "text", "text": "What is it?"}, {"type": "image_url", "image_url": {"url": url}}]
    with client(origin) as mimo:
        answer = mimo.chat.completions.create(model=MODEL, messages=user(shown))
    assert "640×480" in (answer.choices[0].message.content or "")
    assert answer.usage is not None
    assert answer.usage.prompt_tokens_details is not None
    assert getattr(answer.usage.prompt_tokens_details, "image_tokens", 0) == 300


def sound_and_film(origin: str) -> None:
    """Play a sound and show a film as data URLs."""
    sound, film = data_url("audio/wav", files.wav(8)), data_url("video/mp4", files.mp4(sound=True))
    parts = [
        {"type": "input_audio", "input_audio": {"data": sound}},
        {"type": "video_url", "video_url": {"url": film}, "fps": 1, "media_resolution": "max"},
        {"type": "text", "text": "What do you hear and see?"},
    ]
    with client(origin) as mimo:
        answer = mimo.chat.completions.create(model=MODEL, messages=user(parts))
    assert answer.usage is not None
    assert answer.usage.prompt_tokens_details is not None
    assert answer.usage.prompt_tokens_details.audio_tokens == 50 + 25 + 2
    assert getattr(answer.usage.prompt_tokens_details, "video_tokens", 0) == 2 * 80 + 2 * 3 + 2 * 2 + 2


def json_object(origin: str) -> None:
    """Ask for JSON."""
    with client(origin) as mimo:
        answer = mimo.chat.completions.create(
            model=MODEL, messages=user("A harbour, as JSON"), response_format={"type": "json_object"}
        )
    assert isinstance(json.loads(answer.choices[0].message.content or ""), dict)


def web_search(origin: str) -> None:
    """Search the web, and read the annotations."""
    tool = {"type": "web_search", "force_search": True, "max_keyword": 2, "limit": 3}
    with client(origin, WEB_SEARCH) as mimo:
        answer = mimo.chat.completions.create(
            model=MODEL, messages=user("Latest harbour news"), extra_body={"tools": [tool]}
        )
    assert answer.choices[0].message.annotations
    assert getattr(answer.usage, "web_search_usage", None)


def budget(origin: str) -> None:
    """Give a budget that thinking eats up."""
    with client(origin) as mimo:
        answer = mimo.chat.completions.create(
            model=MODEL, messages=user("Think long"), max_completion_tokens=20
        )
    assert (answer.choices[0].finish_reason, answer.choices[0].message.content) == ("length", "")


def raw(origin: str) -> None:
    """Read the headers of an answer by `with_raw_response`."""
    with client(origin) as mimo:
        response = mimo.chat.completions.with_raw_response.create(model=MODEL, messages=user("Hello"))
    assert response.headers["x-simulated"] == "mimo-tui"
    assert response.parse().choices


def stopped(origin: str) -> None:
    """Close a long stream after a few chunks, and go on with another call."""
    with client(origin) as mimo:
        with mimo.chat.completions.create(
            model=MODEL, messages=user("write 20000 words"), stream=True
        ) as stream:
            for _, _ in zip(stream, range(5), strict=False):
                pass
        assert mimo.models.list().data


def tried_again(origin: str) -> None:
    """Try again by itself when the platform is overloaded once."""
    with client(origin).with_options(max_retries=1) as mimo:
        answer = mimo.chat.completions.create(
            model=MODEL, messages=user("Hello"), extra_headers={"x-simulate": "status=503*1"}
        )
    assert answer.choices


async def chat_async(origin: str) -> None:
    """Ask by the asynchronous client."""
    async with asynchronous(origin) as mimo:
        answer = await mimo.chat.completions.create(model=MODEL, messages=user("Hello"))
    assert answer.choices[0].message.content


async def streamed_async(origin: str) -> None:
    """Read a stream by the asynchronous client."""
    async with asynchronous(origin) as mimo:
        chunks = [
            chunk
            async for chunk in await mimo.chat.completions.create(
                model=MODEL, messages=user("Hello"), stream=True
            )
        ]
    assert chunks[-1].usage is not None
    assert any(choice.delta.content for chunk in chunks for choice in chunk.choices)
