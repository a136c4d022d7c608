"""The Anthropic surface answers as §10 has it: blocks, events, limits, and errors in the flat envelope."""

import json
from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from itertools import groupby

import httpx2
import pytest

from mimo_tui.core.json_text import Json
from mimo_tui.simulator.accounts import PAY_AS_YOU_GO
from mimo_tui.simulator.app import application
from mimo_tui.simulator.platform import Platform
from mimo_tui.simulator.samples import addresses
from tests.simulator import files

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MODEL = "mimo-v2.6-flash"
WEATHER: Json = {
    "name": "get_weather",
    "description": "The weather in a city",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}


class Asking:
    """Asks the simulated platform on its pay-as-you-go host."""

    def __init__(self, client: httpx2.AsyncClient, platform: Platform) -> None:
        self._client = client
        self.platform = platform

    async def post(self, body: object) -> httpx2.Response:
        return await self._client.post(
            "https://api.xiaomimimo.com/anthropic/v1/messages",
            json=body,
            headers={"x-api-key": PAY_AS_YOU_GO},
        )

    async def message(self, said: Json, **fields: Json) -> dict[str, Json]:
        response = await self.post(_body(said, **fields))
        assert response.status_code == 200, response.text
        message: dict[str, Json] = response.json()
        return message

    async def events(self, said: Json, **fields: Json) -> list[dict[str, Json]]:
        response = await self.post(_body(said, stream=True, **fields))
        assert response.headers["content-type"].startswith("text/event-stream")
        found: list[dict[str, Json]] = []
        for event in response.text.removesuffix("\n\n").split("\n\n"):
            name, data = event.split("\n")
            found.append(json.loads(data.removeprefix("data: ")))
            assert name == f"event: {found[-1]['type']}"
        return found

    async def refused(self, body: object) -> dict[str, Json]:
        response = await self.post(body)
        assert set(response.json()) == {"error"}
        error: dict[str, Json] = response.json()["error"]
        assert error["code"] == str(response.status_code)
        return error


def _body(said: Json, **fields: Json) -> dict[str, Json]:
    messages: Json = said if isinstance(said, list) else [{"role": "user", "content": said}]
    return {"model": MODEL, "messages": messages, **fields}


def blocks(message: dict[str, Json]) -> dict[str, dict[str, Json]]:
    content = message["content"]
    assert isinstance(content, list)
    return {str(block["type"]): block for block in content if isinstance(block, dict)}


def shown(*parts: Json) -> Json:
    return [{"role": "user", "content": list(parts)}]


def image(mime: str, data: bytes) -> dict[str, Json]:
    source: Json = {"type": "base64", "media_type": mime, "data": b64encode(data).decode()}
    return {"type": "image", "source": source}


@pytest.fixture
async def ask() -> AsyncIterator[Asking]:
    platform = Platform(clock=lambda: NOW)
    transport = httpx2.ASGITransport(app=application(platform))
    async with httpx2.AsyncClient(transport=transport) as client:
        yield Asking(client, platform)


async def test_an_answer_thinks_first_and_tells_its_tokens(ask: Asking) -> None:
    message = await ask.message("What is a harbour?")
    assert (message["type"], message["role"], message["model"]) == ("message", "assistant", MODEL)
    assert list(blocks(message)) == ["thinking", "text"]
    assert blocks(message)["thinking"]["signature"] == ""
    assert "harbour" in str(blocks(message)["text"]["text"])
    assert message["stop_reason"] == "end_turn"
    usage = message["usage"]
    assert isinstance(usage, dict)
    assert set(usage) == {"input_tokens", "output_tokens", "cache_read_input_tokens"}


async def test_the_same_question_at_the_same_time_has_the_same_answer(ask: Asking) -> None:
    assert await ask.message("What is a harbour?") == await ask.message("What is a harbour?")


async def test_thinking_can_be_turned_off(ask: Asking) -> None:
    assert list(blocks(await ask.message("Hello", thinking={"type": "disabled"}))) == ["text"]


@pytest.mark.parametrize("name", ["mimo-v2.6-pro", "mimo-v2.6-flash[1m]"])
async def test_a_long_context_suffix_is_taken(ask: Asking, name: str) -> None:
    assert (await ask.message("Hello", model=name))["model"] == name.removesuffix("[1m]")


async def test_a_stream_has_its_events_in_order_and_the_same_words(ask: Asking) -> None:
    events = await ask.events("What is a harbour?")
    assert [kind for kind, _ in groupby(str(event["type"]) for event in events)] == [
        "message_start", "ping",
        "content_block_start", "content_block_delta", "content_block_stop",
        "content_block_start", "content_block_delta", "content_block_stop",
        "message_delta", "message_stop",
    ]  # fmt: skip
    start = events[0]["message"]
    assert isinstance(start, dict)
    assert start["content"] == []
    assert start["usage"] == {"input_tokens": 0, "output_tokens": 0}
    whole = await ask.message("What is a harbour?")
    for index, (kind, block) in enumerate(blocks(whole).items()):
        deltas = [
            event["delta"]
            for event in events
            if event["type"] == "content_block_delta" and event["index"] == index
        ]
        assert {delta["type"] for delta in deltas if isinstance(delta, dict)} == {f"{kind}_delta"}
        assert "".join(str(delta[kind]) for delta in deltas if isinstance(delta, dict)) == block[kind]
    assert events[-2]["delta"] == {"stop_reason": "end_turn"}
    assert events[-2]["usage"] == whole["usage"]


async def test_a_tool_is_called_in_a_stream_with_its_input_in_pieces(ask: Asking) -> None:
    events = await ask.events("What is the weather in Oslo?", tools=[WEATHER])
    starts = [event["content_block"] for event in events if event["type"] == "content_block_start"]
    call = starts[-1]
    assert isinstance(call, dict)
    assert (call["type"], call["name"], call["input"]) == ("tool_use", "get_weather", {})
    deltas = [event["delta"] for event in events if event["type"] == "content_block_delta"]
    pieces = [
        str(delta["partial_json"])
        for delta in deltas
        if isinstance(delta, dict) and delta["type"] == "input_json_delta"
    ]
    assert json.loads("".join(pieces)) == {"city": "Oslo"}
    assert events[-2]["delta"] == {"stop_reason": "tool_use"}


async def test_a_choice_may_ask_for_one_call_at_a_time(ask: Asking) -> None:
    second: Json = {"name": "get_time", "input_schema": {"type": "object"}}
    together: Json = {"type": "any"}
    alone: Json = {"type": "auto", "disable_parallel_tool_use": True}
    for choice, calls in ((together, 2), (alone, 1)):
        message = await ask.message(
            "Use get_weather and get_time for Oslo", tools=[WEATHER, second], tool_choice=choice
        )
        content = message["content"]
        assert isinstance(content, list)
        assert sum(isinstance(block, dict) and block["type"] == "tool_use" for block in content) == calls


async def test_a_tools_result_is_used_in_the_answer(ask: Asking) -> None:
    asked: dict[str, Json] = {"role": "user", "content": "What is the weather in Oslo?"}
    called = await ask.message([asked], tools=[WEATHER])
    result: Json = {
        "type": "tool_result",
        "tool_use_id": blocks(called)["tool_use"]["id"],
        "content": "4 °C, fog",
    }
    beside: Json = {"type": "text", "text": "Be brief."}
    history: Json = [
        asked,
        {"role": "assistant", "content": called["content"]},
        {"role": "user", "content": [result, beside]},
    ]
    answered = await ask.message(history, tools=[WEATHER])
    assert answered["stop_reason"] == "end_turn"
    assert "4 °C, fog" in str(blocks(answered)["text"]["text"])


async def test_thinking_that_led_to_a_call_must_come_back(ask: Asking) -> None:
    call: Json = {"type": "tool_use", "id": "call_1", "name": "get_weather", "input": {"city": "Oslo"}}
    result: Json = {
        "type": "tool_result",
        "tool_use_id": "call_1",
        "content": [{"type": "text", "text": "4 °C"}],
    }
    history: Json = [
        {"role": "user", "content": "Weather?"},
        {"role": "assistant", "content": [call]},
        {"role": "user", "content": [result]},
    ]
    error = await ask.refused(_body(history))
    assert error["param"] == "The reasoning_content in the thinking mode must be passed back to the API."
    assert await ask.message(history, thinking={"type": "disabled"})
    kept: Json = {"type": "thinking", "thinking": "I need the tool.", "signature": ""}
    assert isinstance(history, list)
    assert await ask.message([history[0], {"role": "assistant", "content": [kept, call]}, history[2]])


async def test_the_system_is_a_text_or_blocks_of_text(ask: Asking) -> None:
    plain = await ask.message("Hello", system="Speak like a sailor.")
    parted = await ask.message("Hello", system=[{"type": "text", "text": "Speak like a sailor."}])
    assert plain == parted
    assert plain != await ask.message("Hello")


async def test_an_image_is_seen_and_costs_tokens(ask: Asking) -> None:
    seen = image("image/png", files.picture(size=(640, 320)))
    message = await ask.message(shown({"type": "text", "text": "What is this?"}, seen))
    assert "PNG image of 640×320 pixels, all blue" in str(message["content"])
    without = await ask.message("What is this?")
    assert _input(message) == _input(without) + 200
    by_address: Json = {
        "type": "image",
        "source": {"type": "url", "url": addresses(ask.platform.catalogue)[0]},
    }
    assert "256×256 pixels" in str((await ask.message(shown(by_address)))["content"])


def _input(message: dict[str, Json]) -> int:
    usage = message["usage"]
    assert isinstance(usage, dict)
    assert isinstance(usage["input_tokens"], int)
    return usage["input_tokens"]


@pytest.mark.parametrize("kind", ["document", "audio", "input_audio", "video", "video_url"])
async def test_sound_films_and_pdfs_are_dropped_in_silence(ask: Asking, kind: str) -> None:
    dropped: Json = {
        "type": kind,
        "source": {"type": "base64", "media_type": "application/pdf", "data": "JVBERi0="},
    }
    text: Json = {"type": "text", "text": "What is in it?"}
    assert await ask.message(shown(text, dropped)) == await ask.message("What is in it?")


async def test_an_answer_ends_at_a_stop_sequence(ask: Asking) -> None:
    message = await ask.message("say exactly one two three", stop_sequences=[" two"])
    assert blocks(message)["text"]["text"] == "one"
    assert message["stop_reason"] == "end_turn"


async def test_thinking_can_eat_the_whole_budget(ask: Asking) -> None:
    message = await ask.message("What is a harbour?", max_tokens=5)
    assert list(blocks(message)) == ["thinking"]
    assert message["stop_reason"] == "max_tokens"
    usage = message["usage"]
    assert isinstance(usage, dict)
    assert usage["output_tokens"] == 5


async def test_a_budget_that_ends_within_a_call_gives_no_broken_json(ask: Asking) -> None:
    off: Json = {"type": "disabled"}
    asked = "What is the weather in Oslo?"
    full = await ask.message(asked, tools=[WEATHER], thinking=off)
    usage = full["usage"]
    assert isinstance(usage, dict)
    assert isinstance(usage["output_tokens"], int)
    cut = await ask.message(asked, tools=[WEATHER], thinking=off, max_tokens=usage["output_tokens"] - 1)
    assert cut["stop_reason"] == "max_tokens"
    assert blocks(cut)["tool_use"]["input"] == {}


@pytest.mark.parametrize(
    ("words", "reason"),
    [("say something forbidden", "content_filter"), ("repeat yourself", "repetition_truncation")],
)
async def test_an_answer_may_end_for_other_reasons(ask: Asking, words: str, reason: str) -> None:
    assert (await ask.message(words))["stop_reason"] == reason


async def test_what_was_said_before_comes_from_the_cache(ask: Asking) -> None:
    long = "harbour " * 400
    history: Json = [{"role": "user", "content": long}, {"role": "assistant", "content": "Yes."},
                     {"role": "user", "content": "And?"}]  # fmt: skip
    usage = (await ask.message(history))["usage"]
    assert isinstance(usage, dict)
    assert isinstance(usage["cache_read_input_tokens"], int)
    assert usage["cache_read_input_tokens"] > 500
    assert isinstance(usage["input_tokens"], int)
    assert usage["input_tokens"] < 400


async def test_a_beginning_of_the_answer_may_be_given(ask: Asking) -> None:
    history: Json = [{"role": "user", "content": "Name a city."}, {"role": "assistant", "content": "Os"}]
    assert (await ask.message(history))["stop_reason"] == "end_turn"


@pytest.mark.parametrize(
    "fields",
    [{"max_tokens": 0}, {"max_tokens": 131_073}, {"max_tokens": "9"}, {"temperature": 2}, {"top_p": 0},
     {"thinking": {"type": "sometimes"}}, {"stop_sequences": "x"}, {"stop_sequences": [1]}, {"stream": "yes"},
     {"system": 3}, {"system": [{"type": "image"}]}, {"tools": {}}, {"tools": [{"name": "x"}]},
     {"tools": [{"type": "web_search_20250305", "name": "web_search"}]}, {"tools": [WEATHER, WEATHER]},
     {"tools": [{"name": "not a name", "input_schema": {"type": "object"}}]}],
)  # fmt: skip
async def test_a_field_that_is_off_is_named(ask: Asking, fields: dict[str, Json]) -> None:
    error = await ask.refused(_body("Hello", **fields))
    assert (error["message"], error["type"]) == ("Param Incorrect", "")
    assert error["param"]


@pytest.mark.parametrize(
    "messages",
    [[], ["Hello"], [{"role": "tool", "content": "x"}], [{"role": "user"}], [{"role": "user", "content": [3]}],
     [{"role": "user", "content": [{"type": "text"}]}], [{"role": "user", "content": [{"type": "hologram"}]}],
     [{"role": "user", "content": [{"type": "tool_result", "content": "4"}]}],
     [{"role": "assistant", "content": [{"type": "tool_use", "id": "1", "name": "x", "input": "{}"}]}],
     [{"role": "user", "content": [{"type": "image", "source": {"type": "file", "file_id": "1"}}]}],
     [{"role": "user", "content": [{"type": "image", "source": {"type": "base64", "data": "QQ=="}}]}]],
)  # fmt: skip
async def test_messages_of_another_shape_are_refused(ask: Asking, messages: Json) -> None:
    error = await ask.refused({"model": MODEL, "messages": messages})
    assert error["message"] in ("Param Incorrect", "Invalid request parameters")


@pytest.mark.parametrize(
    ("given", "message"),
    [(image("application/pdf", files.PDF), "file type is not supported"),
     (image("image/png", files.PDF), "Multimodal data is corrupted or cannot be processed.")],
)  # fmt: skip
async def test_an_image_that_is_none_is_refused(ask: Asking, given: dict[str, Json], message: str) -> None:
    assert (await ask.refused(_body(shown(given))))["message"] == message


async def test_a_model_that_sees_nothing_does_not_find_an_image(ask: Asking) -> None:
    ask.platform.set_time(datetime(2026, 9, 1, tzinfo=UTC))
    seen = shown(image("image/png", files.picture()))
    response = await ask.post({"model": "mimo-v2.5-pro", "messages": seen})
    assert response.status_code == 404


@pytest.mark.parametrize("name", ["mimo-v2.5-tts", "mimo-v2.5-asr", "mimo-v2-flash", "nobody"])
async def test_only_chat_models_speak_here(ask: Asking, name: str) -> None:
    assert (await ask.refused(_body("Hello", model=name)))["message"] == f"Unsupported model {name}"


async def test_a_stream_is_refused_by_moderation_with_400(ask: Asking) -> None:
    response = await ask.post(_body("say something forbidden!", stream=True))
    assert (response.status_code, response.json()["error"]["code"]) == (400, "421")
