"""Chat completions answer as mimo-api.md §6, §7 and §12 have it."""

import asyncio
import json
from datetime import datetime, timedelta, timezone
from threading import Event
from typing import Any

import httpx2
import pytest

from mimo_tui.core.json_text import Json
from mimo_tui.simulator import tokens
from mimo_tui.simulator.accounts import PAY_AS_YOU_GO, SINGAPORE, WEB_SEARCH
from mimo_tui.simulator.platform import Platform
from mimo_tui.simulator.server import serve
from tests.simulator import files
from tests.simulator.asking import MODEL, PAY_AS_YOU_GO_HOST, chat_body, error_of, platform_at, post, user
from tests.simulator.speaking import speak

TEMPERATURE: Json = {
    "type": "function",
    "function": {
        "name": "get_temp",
        "description": "Current temperature of a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
TIME: Json = {
    "type": "function",
    "function": {
        "name": "get_time",
        "description": "The time in a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
SEARCH: Json = {"type": "web_search", "force_search": True, "max_keyword": 2, "limit": 3}
REASONING_MISSING = "The reasoning_content in the thinking mode must be passed back to the API."
SEARCH_DISABLED = "web search tool found in the request body, but webSearchEnabled is false"


async def complete(said: Json, *, key: str = PAY_AS_YOU_GO, **fields: Json) -> dict[str, Any]:
    response = await post("/chat/completions", chat_body(said, **fields), key=key)
    assert response.status_code == 200, response.text
    completion: dict[str, Any] = response.json()
    return completion


async def message(said: Json, **fields: Json) -> dict[str, Any]:
    found: dict[str, Any] = (await complete(said, key=PAY_AS_YOU_GO, **fields))["choices"][0]["message"]
    return found


async def events(said: Json, *, key: str = PAY_AS_YOU_GO, **fields: Json) -> list[str]:
    response = await post("/chat/completions", chat_body(said, stream=True, **fields), key=key)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.text.endswith("\n\n")
    return response.text.removesuffix("\n\n").split("\n\n")


async def chunks(said: Json, *, key: str = PAY_AS_YOU_GO, **fields: Json) -> list[dict[str, Any]]:
    lines = await events(said, key=key, **fields)
    assert lines.pop() == "data: [DONE]"
    return [json.loads(line.removeprefix("data: ")) for line in lines if not line.startswith(":")]


async def refused(**fields: Json) -> dict[str, Json]:
    response = await post("/chat/completions", chat_body("Hello", **fields))
    error = error_of(response)
    assert error["code"] == str(response.status_code) == "400"
    return error


async def test_a_short_question_gets_an_answer_that_says_it_is_simulated() -> None:
    completion = await complete("How do I sort a list?")
    choice = completion["choices"][0]
    assert completion["object"] == "chat.completion"
    assert completion["model"] == MODEL
    assert (choice["index"], choice["finish_reason"]) == (0, "stop")
    assert choice["message"]["role"] == "assistant"
    assert "How do I sort a list?" in choice["message"]["content"]
    assert "simulated" in choice["message"]["content"]
    assert "simulated" in choice["message"]["reasoning_content"]
    assert choice["message"]["tool_calls"] is None


async def test_the_same_question_gets_the_same_answer() -> None:
    assert await complete("How do I sort a list?") == await complete("How do I sort a list?")
    assert (await complete("One"))["id"] != (await complete("Two"))["id"]


@pytest.mark.parametrize("off", [{"thinking": {"type": "disabled"}}, {"reasoning_effort": "none"}])
async def test_without_thinking_there_is_no_reasoning(off: dict[str, Json]) -> None:
    completion = await complete("Hello", key=PAY_AS_YOU_GO, **off)
    assert "reasoning_content" not in completion["choices"][0]["message"]
    assert completion["usage"]["completion_tokens_details"]["reasoning_tokens"] == 0


async def test_usage_adds_up() -> None:
    usage = (await complete("Hello"))["usage"]
    answer = await message("Hello")
    spent = tokens.count(answer["reasoning_content"])
    assert usage["completion_tokens_details"]["reasoning_tokens"] == spent
    assert usage["completion_tokens"] == spent + tokens.count(answer["content"])
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
    assert usage["prompt_tokens_details"]["cached_tokens"] == 0


async def test_reasoning_can_eat_the_whole_budget() -> None:
    completion = await complete("think long", max_completion_tokens=50)
    assert completion["choices"][0]["finish_reason"] == "length"
    assert completion["choices"][0]["message"]["content"] == ""
    assert completion["usage"]["completion_tokens"] == 50


@pytest.mark.parametrize("budget", [1, 7, 25, 35, 5000])
@pytest.mark.parametrize("name", ["max_completion_tokens", "max_tokens"])
async def test_no_answer_is_longer_than_its_budget(name: str, budget: int) -> None:
    limits: dict[str, Json] = {name: budget}
    completion = await complete("get_temp in Oslo", key=PAY_AS_YOU_GO, tools=[TEMPERATURE], **limits)
    assert completion["usage"]["completion_tokens"] <= budget
    assert completion["choices"][0]["finish_reason"] == ("length" if budget < 50 else "tool_calls")


async def test_a_stop_sequence_ends_the_answer_before_it() -> None:
    completion = await complete("say exactly: one two three four", stop=["three", "four"])
    assert completion["choices"][0]["message"]["content"] == "one two "
    assert completion["choices"][0]["finish_reason"] == "stop"


async def test_a_second_turn_finds_the_first_in_the_cache() -> None:
    said: Json = [
        {"role": "system", "content": "Be brief. " * 150},
        user("Hello"),
        {"role": "assistant", "content": "Hi."},
        user("And now?"),
    ]
    usage = (await complete(said))["usage"]
    assert 256 <= usage["prompt_tokens_details"]["cached_tokens"] < usage["prompt_tokens"]


async def test_a_document_is_given_where_json_is_asked_for() -> None:
    for kind in ("json_object", "json_schema"):
        answer = await message("Hello", response_format={"type": kind})
        assert json.loads(answer["content"])["simulated"] is True


# Media.


async def test_a_picture_is_described_and_counted() -> None:
    url = files.data_url("image/png", files.picture(size=(320, 320)))
    parts: Json = [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": url}},
    ]
    completion = await complete([user(parts)])
    assert "320×320" in completion["choices"][0]["message"]["content"]
    assert completion["usage"]["prompt_tokens_details"]["image_tokens"] == 100
    assert completion["usage"]["prompt_tokens"] > 100


async def test_a_sound_is_counted_as_sound() -> None:
    url = files.data_url("audio/wav", files.wav(4))
    completion = await complete([user([{"type": "input_audio", "input_audio": {"data": url}}])])
    details = completion["usage"]["prompt_tokens_details"]
    assert (details["audio_tokens"], details["image_tokens"], details["video_tokens"]) == (25, 0, 0)


async def test_what_the_simulator_spoke_is_understood() -> None:
    part: Json = {
        "type": "input_audio",
        "input_audio": {"data": files.data_url("audio/wav", await speak("Fog."))},
    }
    found = await message([user([{"type": "text", "text": "What is said?"}, part])])
    assert "that says “Fog.”" in found["content"]
    other: Json = {"type": "input_audio", "input_audio": {"data": files.data_url("audio/wav", files.wav())}}
    assert "says" not in (await message([user([other])]))["content"]


async def test_a_picture_for_a_model_without_eyes_is_not_found() -> None:
    before_its_end = datetime(2026, 10, 1, tzinfo=timezone(timedelta(hours=8)))
    url = files.data_url("image/png", files.picture())
    body = chat_body([user([{"type": "image_url", "image_url": {"url": url}}])]) | {"model": "mimo-v2.5-pro"}
    response = await post("/chat/completions", body, platform=platform_at(before_its_end))
    assert response.status_code == 404
    assert error_of(response)["code"] == "404"


# Tools.


async def test_a_tool_that_fits_is_called_with_arguments_that_fit() -> None:
    completion = await complete("How warm is it in Oslo?", tools=[TEMPERATURE])
    choice = completion["choices"][0]
    (called,) = choice["message"]["tool_calls"]
    assert choice["finish_reason"] == "tool_calls"
    assert choice["message"]["content"] == ""
    assert called["type"] == "function"
    assert called["id"].removeprefix("call_").isalnum()
    assert len(called["id"]) == len("call_") + 24
    assert called["function"]["name"] == "get_temp"
    assert json.loads(called["function"]["arguments"]) == {"city": "Oslo"}


async def test_two_tools_that_are_named_are_called_together() -> None:
    answer = await message("Use get_temp and get_time for Oslo", tools=[TEMPERATURE, TIME])
    assert [one["function"]["name"] for one in answer["tool_calls"]] == ["get_temp", "get_time"]
    assert len({one["id"] for one in answer["tool_calls"]}) == 2


async def test_what_a_tool_gave_stands_in_the_next_answer() -> None:
    first = await message("How warm is it in Oslo?", tools=[TEMPERATURE])
    result: Json = {
        "role": "tool",
        "tool_call_id": first["tool_calls"][0]["id"],
        "content": "-3 °C and snow",
    }
    completion = await complete([user("How warm is it in Oslo?"), first, result], tools=[TEMPERATURE])
    assert completion["choices"][0]["finish_reason"] == "stop"
    assert "-3 °C and snow" in completion["choices"][0]["message"]["content"]
    assert "get_temp" in completion["choices"][0]["message"]["content"]


def _history(**assistant: Json) -> list[Json]:
    called: Json = {"id": "call_1", "type": "function", "function": {"name": "get_temp", "arguments": "{}"}}
    return [
        user("How warm is it?"),
        {"role": "assistant", "content": "", "tool_calls": [called], **assistant},
        {"role": "tool", "tool_call_id": "call_1", "content": "warm"},
    ]


async def test_while_thinking_the_reasoning_of_a_call_must_come_back() -> None:
    refusal = await post("/chat/completions", chat_body(_history()))
    assert refusal.status_code == 400
    assert error_of(refusal)["param"] == REASONING_MISSING
    assert (await message(_history(reasoning_content="Need the tool.")))["content"]
    assert (await message(_history(), thinking={"type": "disabled"}))["content"]


async def test_no_content_next_to_tool_calls_is_taken() -> None:
    assert await message(_history(content=None, reasoning_content="Need the tool."))


# The web search.


async def test_a_search_gives_pages_with_all_their_fields() -> None:
    completion = await complete("Oslo weather", key=WEB_SEARCH, tools=[SEARCH])
    pages = completion["choices"][0]["message"]["annotations"]
    fields = {"type", "url", "title", "summary", "site_name", "logo_url", "publish_time"}
    assert [set(page) for page in pages] == [fields] * 6
    assert {page["type"] for page in pages} == {"url_citation"}
    assert completion["usage"]["web_search_usage"] == {"tool_usage": 2, "page_usage": 6}
    assert pages[0]["url"] in completion["choices"][0]["message"]["content"]


async def test_a_search_that_fails_says_why() -> None:
    completion = await complete("search fails", key=WEB_SEARCH, tools=[SEARCH])
    answer = completion["choices"][0]["message"]
    assert "search" in answer["error_message"]
    assert "annotations" not in answer


@pytest.mark.parametrize(
    ("key", "host"),
    [(PAY_AS_YOU_GO, PAY_AS_YOU_GO_HOST), (SINGAPORE, "token-plan-sgp.xiaomimimo.com")],
    ids=["plugin not enabled", "a plan's key"],
)
async def test_a_search_without_the_plugin_is_refused(key: str, host: str) -> None:
    response = await post("/chat/completions", chat_body("Oslo", tools=[SEARCH]), key=key, host=host)
    assert response.status_code == 400
    assert error_of(response)["param"] == SEARCH_DISABLED


# What is refused, and what is not.


def _function(**fields: Json) -> list[Json]:
    return [{"type": "function", "function": {"name": "look", **fields}}]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("max_completion_tokens", 0),
        ("max_completion_tokens", 131_073),
        ("max_completion_tokens", "many"),
        ("max_completion_tokens", True),
        ("temperature", 1.6),
        ("temperature", -0.1),
        ("temperature", "hot"),
        ("top_p", 0),
        ("top_p", 1.01),
        ("frequency_penalty", 2.1),
        ("presence_penalty", -2.1),
        ("stop", ["a", "b", "c", "d", "e"]),
        ("stop", [1]),
        ("stream", "yes"),
        ("stream_options", True),
        ("n", 1),
        ("n", 2),
        ("thinking", {"type": "auto"}),
        ("thinking", {}),
        ("thinking", True),
        ("reasoning_effort", "max"),
        ("response_format", {"type": "xml"}),
        ("response_format", "json_object"),
        ("tools", {}),
        ("tools", [{"type": "retrieval"}]),
        ("tool name", _function(name="has space")),
        ("tool name", _function(name="x" * 65)),
        ("tool name", _function(name="")),
        ("parameters", _function(parameters="none")),
        ("strict", _function(strict="yes")),
    ],
)
async def test_a_field_that_is_off_is_named(name: str, value: Json) -> None:
    inside_a_tool = name in ("tool name", "parameters", "strict")
    error = await refused(**{"tools" if inside_a_tool else name: value})
    assert error["message"] == "Param Incorrect"
    assert error["type"] == ""
    assert name in str(error["param"])


@pytest.mark.parametrize(
    "tool",
    [
        {"max_keyword": 0},
        {"limit": 51},
        {"force_search": "yes"},
        {"user_location": {"type": "exact"}},
    ],
)
async def test_a_search_with_a_field_that_is_off_is_refused(tool: dict[str, Json]) -> None:
    body = chat_body("Oslo", tools=[{"type": "web_search", **tool}])
    response = await post("/chat/completions", body, key=WEB_SEARCH)
    assert response.status_code == 400
    assert next(iter(tool)) in str(error_of(response)["param"])


async def test_two_tools_of_one_name_are_refused() -> None:
    error = await refused(tools=[*_function(), *_function()])
    assert error["param"] == "tools contains duplicate names: look"


@pytest.mark.parametrize(
    "messages",
    [None, [], "Hello", ["Hello"], [{"role": "narrator", "content": "Hello"}], [{"content": "Hello"}]],
)
async def test_messages_of_no_known_shape_are_a_fault_of_schema(messages: Json) -> None:
    response = await post("/chat/completions", {"model": MODEL, "messages": messages})
    assert response.status_code == 400
    error = error_of(response)
    assert (error["message"], error["param"], error["type"]) == (
        "Invalid request parameters",
        "",
        "Bad Request",
    )


@pytest.mark.parametrize(
    "said",
    [
        [{"role": "user"}],
        [{"role": "user", "content": []}],
        [{"role": "user", "content": 5}],
        [{"role": "user", "content": [{"type": "file", "file": {}}]}],
        [{"role": "user", "content": [{"type": "text"}]}],
        [{"role": "user", "content": [{"type": "image_url", "image_url": {}}]}],
        [{"role": "system", "content": [{"type": "input_audio", "input_audio": {"data": "data:"}}]}],
        [{"role": "assistant"}],
        [{"role": "tool", "content": "5"}],
        [{"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "look"}}]}],
    ],
)
async def test_a_message_that_is_off_is_refused(said: Json) -> None:
    response = await post("/chat/completions", chat_body(said))
    assert response.status_code == 400
    assert error_of(response)["param"]


@pytest.mark.parametrize(
    "fields",
    [
        {"tool_choice": "required"},
        {"tool_choice": {"type": "function", "function": {"name": "look"}}},
        {"enable_thinking": False, "thinking_budget": 5, "prompt_cache_key": "k", "seed": "x"},
        {"temperature": 1.5, "top_p": 0.01, "frequency_penalty": -2, "presence_penalty": 2},
        {
            "max_completion_tokens": None,
            "stop": None,
            "stream": None,
            "tools": None,
            "thinking": None,
            "n": None,
        },
        {"stream_options": {"include_usage": True}},
        {"reasoning_effort": "high"},
        {"response_format": {"type": "text"}},
        {"stop": "x"},
        {"tools": _function()},
    ],
)
async def test_what_the_platform_drops_or_takes_changes_nothing(fields: dict[str, Json]) -> None:
    answer = await message("Hello", **fields)
    assert answer["reasoning_content"] == (await message("Hello"))["reasoning_content"]
    assert answer["content"]


async def test_a_developer_is_a_system_and_roles_may_have_names() -> None:
    said: Json = [{"role": "developer", "content": "Be brief.", "name": "d"}, {**user("Hello"), "name": "u"}]
    assert "The system prompt was read." in (await message(said))["content"]


async def test_half_a_character_in_a_message_does_no_harm() -> None:
    assert "?" in (await message("say exactly: \ud83d"))["content"]


async def test_a_prompt_longer_than_the_context_is_refused() -> None:
    response = await post("/chat/completions", chat_body("word " * 1_000_000))
    assert response.status_code == 400
    assert "context" in str(error_of(response)["param"])


# Moderation.


async def test_moderation_refuses_with_421_and_a_stream_with_400() -> None:
    plain = await post("/chat/completions", chat_body("say something forbidden!"))
    streamed = await post("/chat/completions", chat_body("say something forbidden!", stream=True))
    assert (plain.status_code, streamed.status_code) == (421, 400)
    for response in (plain, streamed):
        assert error_of(response)["type"] == "content_filter"


async def test_moderation_can_also_come_as_an_answer() -> None:
    completion = await complete("say something forbidden")
    assert completion["choices"][0]["finish_reason"] == "content_filter"
    assert "high risk" in completion["choices"][0]["message"]["content"]


# Streams.


async def test_a_stream_comes_in_the_documented_order() -> None:
    first, *middle, finish, usage = await chunks("How warm is it in Oslo? Use get_temp", tools=[TEMPERATURE])
    opening = {"role": "assistant", "content": "", "reasoning_content": None, "tool_calls": None}
    assert first["choices"][0]["delta"] == opening
    order = [
        next(name for name in ("reasoning_content", "content", "tool_calls") if delta.get(name))
        for delta in (one["choices"][0]["delta"] for one in middle)
        if any(delta.get(name) for name in ("reasoning_content", "content", "tool_calls"))
    ]
    assert sorted(order, key=["reasoning_content", "content", "tool_calls"].index) == order
    assert finish["choices"][0]["finish_reason"] == "tool_calls"
    assert finish["choices"][0]["delta"] == {"content": None, "reasoning_content": None}
    assert usage["choices"] == []
    assert usage["usage"]["total_tokens"] > 0
    heads = {
        (one["id"], one["object"], one["created"], one["model"]) for one in (first, *middle, finish, usage)
    }
    assert len(heads) == 1
    assert heads.pop()[1] == "chat.completion.chunk"


async def test_a_stream_is_the_whole_answer_in_pieces() -> None:
    whole = await complete("How do I sort a list?")
    streamed = await chunks("How do I sort a list?")
    deltas = [one["choices"][0]["delta"] for one in streamed[:-1]]
    for name in ("content", "reasoning_content"):
        assert "".join(delta.get(name) or "" for delta in deltas) == whole["choices"][0]["message"][name]
    assert len(deltas) > 50
    assert streamed[-1]["usage"] == whole["usage"]


async def test_a_streamed_call_names_itself_once_and_its_arguments_come_in_pieces() -> None:
    ask = "Use get_temp and get_time for Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
    whole = await message(ask, tools=[TEMPERATURE, TIME])
    made: dict[int, dict[str, Any]] = {}
    for one in (await chunks(ask, tools=[TEMPERATURE, TIME]))[:-1]:
        for fragment in one["choices"][0]["delta"].get("tool_calls") or []:
            function = fragment["function"]
            if fragment["index"] not in made:
                made[fragment["index"]] = {
                    "id": fragment["id"],
                    "type": fragment["type"],
                    "function": function,
                }
                continue
            assert function["name"] is None
            made[fragment["index"]]["function"]["arguments"] += function["arguments"]
    assert list(made.values()) == whole["tool_calls"]


async def test_a_stream_says_that_it_is_at_work_and_ends_with_done() -> None:
    lines = await events("Hello")
    assert lines[0] == ": PROCESSING"
    assert lines[-1] == "data: [DONE]"


async def test_the_first_packet_holds_all_pages_of_a_search() -> None:
    first, *rest = await chunks("Oslo weather", key=WEB_SEARCH, tools=[SEARCH])
    assert len(first["choices"][0]["delta"]["annotations"]) == 6
    assert not any("annotations" in one["choices"][0]["delta"] for one in rest if one["choices"])


async def test_a_stream_keeps_the_pace_of_the_platform() -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    platform = platform_at(sleep=sleep, tokens_per_second=100)
    body = chat_body("write 200 words", stream=True, thinking={"type": "disabled"})
    response = await post("/chat/completions", body, platform=platform)
    usage = json.loads(response.text.split("\n\n")[-3].removeprefix("data: "))["usage"]
    assert sum(pauses) >= usage["completion_tokens"] / 100


async def test_a_client_that_goes_away_ends_the_stream() -> None:
    gone = Event()

    async def sleep(seconds: float) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            gone.set()
            raise

    with serve(Platform(sleep=sleep, tokens_per_second=1)) as served:
        url = f"{served.origin}/{PAY_AS_YOU_GO_HOST}/v1/chat/completions"
        headers = {"authorization": f"Bearer {PAY_AS_YOU_GO}"}
        async with (
            httpx2.AsyncClient() as client,
            client.stream(
                "POST", url, json=chat_body("write 9000 words", stream=True), headers=headers
            ) as reply,
        ):
            assert await anext(reply.aiter_lines()) == ": PROCESSING"
        assert await asyncio.to_thread(gone.wait, 5)
