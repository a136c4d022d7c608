"""What the anthropic package does with the platform."""

from base64 import b64encode
from typing import cast

import anthropic
from anthropic import beta_tool
from anthropic.types import MessageParam, ToolParam

from mimo_tui.core.catalogue import load
from mimo_tui.simulator.accounts import PAY_AS_YOU_GO, SINGAPORE
from mimo_tui.simulator.samples import addresses
from tests.clients.call import HOST, MODEL
from tests.simulator import files

GET_TEMP: ToolParam = {
    "name": "get_temp",
    "description": "Current temperature of a city",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}


def client(origin: str, key: str = PAY_AS_YOU_GO, host: str = HOST) -> anthropic.Anthropic:
    """Give a client as its users make one, which does not try again. It sends `x-api-key`."""
    return anthropic.Anthropic(base_url=f"{origin}/{host}/anthropic", api_key=key, max_retries=0)


def user(content: object) -> list[MessageParam]:
    """Give one message of the user."""
    return cast("list[MessageParam]", [{"role": "user", "content": content}])


def _text(message: anthropic.types.Message) -> str:
    return "".join(block.text for block in message.content if block.type == "text")


def message(origin: str) -> None:
    """Ask, and read answer, thinking and usage."""
    with client(origin) as mimo:
        answer = mimo.messages.create(
            model=MODEL, max_tokens=4096, messages=user("What is a harbour?"), system="Be brief."
        )
    assert [block.type for block in answer.content] == ["thinking", "text"]
    assert "harbour" in _text(answer)
    assert answer.stop_reason == "end_turn"
    assert answer.usage.input_tokens > 0
    assert answer.usage.output_tokens > 0


def bearer(origin: str) -> None:
    """Ask with `auth_token`, as Claude Code does, on a cluster and with a long-context id."""
    base = f"{origin}/token-plan-sgp.xiaomimimo.com/anthropic"
    with anthropic.Anthropic(base_url=base, auth_token=SINGAPORE, max_retries=0) as mimo:
        answer = mimo.messages.create(model=f"{MODEL}[1m]", max_tokens=512, messages=user("Hello"))
    assert answer.model == MODEL


def without_thinking(origin: str) -> None:
    """Turn thinking off."""
    with client(origin) as mimo:
        answer = mimo.messages.create(
            model=MODEL, max_tokens=4096, messages=user("Hello"), thinking={"type": "disabled"}
        )
    assert [block.type for block in answer.content] == ["text"]


def stop_sequences(origin: str) -> None:
    """End an answer at a stop sequence."""
    with client(origin) as mimo:
        answer = mimo.messages.create(
            model=MODEL, max_tokens=4096, messages=user("say exactly one two three"), stop_sequences=[" two"]
        )
    assert _text(answer) == "one"


def events(origin: str) -> None:
    """Read a stream event by event."""
    with (
        client(origin) as mimo,
        mimo.messages.create(model=MODEL, max_tokens=4096, messages=user("Hello"), stream=True) as stream,
    ):
        kinds = [event.type for event in stream]
    assert (kinds[0], kinds[-1]) == ("message_start", "message_stop")
    assert kinds.count("content_block_start") == kinds.count("content_block_stop") == 2


def streamed(origin: str) -> None:
    """Read the text of a stream, and the message that it puts together."""
    with client(origin) as mimo:
        whole = mimo.messages.create(model=MODEL, max_tokens=4096, messages=user("What is a harbour?"))
        with mimo.messages.stream(
            model=MODEL, max_tokens=4096, messages=user("What is a harbour?")
        ) as stream:
            text = "".join(stream.text_stream)
            final = stream.get_final_message()
    assert text == _text(whole) == _text(final)
    assert final.usage.output_tokens == whole.usage.output_tokens
    assert final.stop_reason == "end_turn"


def thinking_streamed(origin: str) -> None:
    """Read the thinking of a stream."""
    with (
        client(origin) as mimo,
        mimo.messages.stream(
            model=MODEL,
            max_tokens=4096,
            messages=user("Why?"),
            thinking={"type": "enabled", "budget_tokens": 1024},
        ) as stream,
    ):
        thought = "".join(event.thinking for event in stream if event.type == "thinking")
        block = stream.get_final_message().content[0]
    assert block.type == "thinking"
    assert thought == block.thinking != ""


def tools(origin: str) -> None:
    """Offer a tool, run it, send its result back with the thinking, and read the answer."""
    history = user("How warm is it in Oslo?")
    with client(origin) as mimo:
        called = mimo.messages.create(model=MODEL, max_tokens=4096, messages=history, tools=[GET_TEMP])
        assert called.stop_reason == "tool_use"
        call = next(block for block in called.content if block.type == "tool_use")
        assert call.input == {"city": "Oslo"}
        history.append({"role": "assistant", "content": called.content})
        history += user([{"type": "tool_result", "tool_use_id": call.id, "content": "4 degrees"}])
        answer = mimo.messages.create(model=MODEL, max_tokens=4096, messages=history, tools=[GET_TEMP])
    assert answer.stop_reason == "end_turn"
    assert "4 degrees" in _text(answer)


def tools_streamed(origin: str) -> None:
    """Put a tool call together from a stream."""
    with (
        client(origin) as mimo,
        mimo.messages.stream(
            model=MODEL, max_tokens=4096, messages=user("How warm is it in Oslo?"), tools=[GET_TEMP]
        ) as stream,
    ):
        pieces = [event.partial_json for event in stream if event.type == "input_json"]
        call = stream.get_final_message().content[-1]
    assert len(pieces) > 1
    assert call.type == "tool_use"
    assert call.input == {"city": "Oslo"}


def tool_runner(origin: str) -> None:
    """Let `tool_runner` call a Python function and send its result back."""

    @beta_tool
    def get_temp(city: str) -> str:
        """Give the current temperature of a city."""
        return f"4 degrees in {city}"

    with client(origin) as mimo:
        final = mimo.beta.messages.tool_runner(
            model=MODEL,
            max_tokens=4096,
            tools=[get_temp],
            messages=[{"role": "user", "content": "How warm is it in Oslo?"}],
        ).until_done()
    assert "4 degrees in Oslo" in "".join(block.text for block in final.content if block.type == "text")


def image(origin: str) -> None:
    """Show an image as base64, and one by its address."""
    data = b64encode(files.picture(size=(640, 480))).decode()
    given = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": data}}
    linked = {"type": "image", "source": {"type": "url", "url": addresses(load())[0]}}
    with client(origin) as mimo:
        answer = mimo.messages.create(
            model=MODEL,
            max_tokens=4096,
            messages=user([{"type": "text", "text": "What are they?"}, given, linked]),
        )
    assert "640×480" in _text(answer)
    assert "256×256" in _text(answer)


def document(origin: str) -> None:
    """Show a PDF, which the platform drops in silence."""
    source = {"type": "base64", "media_type": "application/pdf", "data": b64encode(files.PDF).decode()}
    with client(origin) as mimo:
        answer = mimo.messages.create(
            model=MODEL,
            max_tokens=4096,
            messages=user([{"type": "text", "text": "Read it."}, {"type": "document", "source": source}]),
        )
        without = mimo.messages.create(model=MODEL, max_tokens=4096, messages=user("Read it."))
    assert answer.usage.input_tokens == without.usage.input_tokens


def stopped(origin: str) -> None:
    """Close a long stream after a few events, and go on with another call."""
    with client(origin) as mimo:
        with mimo.messages.create(
            model=MODEL, max_tokens=100_000, messages=user("write 20000 words"), stream=True
        ) as stream:
            for _, _ in zip(stream, range(5), strict=False):
                pass
        assert mimo.messages.create(model=MODEL, max_tokens=512, messages=user("Hello")).content


async def message_async(origin: str) -> None:
    """Ask by the asynchronous client."""
    async with anthropic.AsyncAnthropic(
        base_url=f"{origin}/{HOST}/anthropic", api_key=PAY_AS_YOU_GO, max_retries=0
    ) as mimo:
        answer = await mimo.messages.create(model=MODEL, max_tokens=4096, messages=user("Hello"))
    assert _text(answer)


async def streamed_async(origin: str) -> None:
    """Read a stream by the asynchronous client."""
    async with (
        anthropic.AsyncAnthropic(
            base_url=f"{origin}/{HOST}/anthropic", api_key=PAY_AS_YOU_GO, max_retries=0
        ) as mimo,
        mimo.messages.stream(model=MODEL, max_tokens=4096, messages=user("Hello")) as stream,
    ):
        text = "".join([piece async for piece in stream.text_stream])
        assert text == _text(await stream.get_final_message())
