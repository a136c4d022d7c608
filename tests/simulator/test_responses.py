"""The Responses form answers as mimo-api.md §11.1 has it."""

import json
from typing import Any

import pytest

from mimo_tui.core.json_text import Json
from tests.simulator import files
from tests.simulator.asking import MODEL, error_of, post

TEMPERATURE: Json = {
    "type": "function",
    "name": "get_temp",
    "description": "Current temperature of a city",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}
PATCH: Json = {"type": "custom", "name": "apply_patch", "description": "Change files"}


def body(given: Json, **fields: Json) -> dict[str, Json]:
    return {"model": MODEL, "input": given, **fields}


async def respond(given: Json, **fields: Json) -> dict[str, Any]:
    response = await post("/responses", body(given, **fields))
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


async def events(given: Json, **fields: Json) -> list[dict[str, Any]]:
    response = await post("/responses", body(given, stream=True, **fields))
    assert response.headers["content-type"].startswith("text/event-stream")
    found: list[dict[str, Any]] = []
    for event in response.text.removesuffix("\n\n").split("\n\n"):
        name, data = event.split("\n")
        found.append(json.loads(data.removeprefix("data: ")))
        assert name == f"event: {found[-1]['type']}"
    return found


async def refused(given: Json, **fields: Json) -> dict[str, Json]:
    response = await post("/responses", body(given, **fields))
    assert response.status_code == 400, response.text
    return error_of(response)


async def test_a_question_is_answered_with_reasoning_and_a_message() -> None:
    response = await respond("How do I sort a list?")
    assert (response["object"], response["status"], response["model"]) == ("response", "completed", MODEL)
    reasoning, said = response["output"]
    assert (reasoning["type"], said["type"], said["role"]) == ("reasoning", "message", "assistant")
    assert reasoning["content"][0]["type"] == "reasoning_text"
    assert said["content"][0]["type"] == "output_text"
    assert "How do I sort a list?" in said["content"][0]["text"]
    usage = response["usage"]
    assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"]
    assert 0 < usage["output_tokens_details"]["reasoning_tokens"] < usage["output_tokens"]


async def test_effort_none_turns_thinking_off() -> None:
    response = await respond("Hello", reasoning={"effort": "none"})
    assert [item["type"] for item in response["output"]] == ["message"]
    for effort in ("low", "medium", "high"):
        assert (await respond("Hello", reasoning={"effort": effort}))["output"][0]["type"] == "reasoning"


async def test_what_it_is_drawn_with_comes_back_as_it_is_used() -> None:
    drawn = {"temperature": 0, "top_p": 0.5}
    thinking = await respond("Hello", **drawn)
    assert (thinking["temperature"], thinking["top_p"]) == (1.0, 0.95)
    plain = await respond("Hello", reasoning={"effort": "none"}, **drawn)
    assert (plain["temperature"], plain["top_p"]) == (0, 0.5)


async def test_an_answer_longer_than_its_budget_is_incomplete() -> None:
    response = await respond("write 500 words", max_output_tokens=100)
    assert response["status"] == "incomplete"
    assert response["incomplete_details"] == {"reason": "max_output_tokens"}
    assert response["usage"]["output_tokens"] == 100
    assert response["output"][-1]["status"] == "incomplete"
    assert (await events("write 500 words", max_output_tokens=100))[-1]["type"] == "response.incomplete"


async def test_a_conversation_is_replayed_whole() -> None:
    first = await respond("How warm is it in Oslo?", tools=[TEMPERATURE])
    reasoning, called = first["output"]
    assert (called["type"], called["name"]) == ("function_call", "get_temp")
    assert json.loads(called["arguments"]) == {"city": "Oslo"}
    given: Json = [
        {"role": "user", "content": [{"type": "input_text", "text": "How warm is it in Oslo?"}]},
        reasoning,
        called,
        {"type": "function_call_output", "call_id": called["call_id"], "output": "-3 °C and snow"},
    ]
    second = await respond(given, tools=[TEMPERATURE], instructions="Be brief.")
    assert "-3 °C and snow" in second["output"][-1]["content"][0]["text"]
    assert "get_temp" in second["output"][-1]["content"][0]["text"]
    assert second["instructions"] == "Be brief."


async def test_a_picture_is_seen_in_either_shape() -> None:
    url = files.data_url("image/png", files.picture(size=(64, 64)))
    shapes: list[Json] = [
        {"type": "input_image", "image_url": url},
        {"type": "image_url", "image_url": {"url": url}},
    ]
    for part in shapes:
        response = await respond([{"type": "message", "role": "user", "content": [part]}])
        assert "64×64" in response["output"][-1]["content"][0]["text"]


async def test_a_custom_tool_is_given_text() -> None:
    response = await respond("Use apply_patch now", tools=[PATCH])
    called = response["output"][-1]
    assert (called["type"], called["name"], called["input"]) == (
        "custom_tool_call",
        "apply_patch",
        "Use apply_patch now",
    )
    names = [event["type"] for event in await events("Use apply_patch now", tools=[PATCH])]
    assert "response.custom_tool_call_input.delta" in names
    assert "response.custom_tool_call_input.done" in names


@pytest.mark.parametrize(
    "name", ["background", "previous_response_id", "context_management", "store", "conversation"]
)
async def test_what_would_have_to_be_kept_is_refused(name: str) -> None:
    error = await refused("Hello", **{name: True})
    assert name in str(error["param"])


@pytest.mark.parametrize("name", ["store", "background", "previous_response_id"])
async def test_asking_to_keep_nothing_is_no_fault(name: str) -> None:
    assert await respond("Hello", **{name: None if name == "previous_response_id" else False})


@pytest.mark.parametrize(
    "fields",
    [
        {"tools": [{"type": "web_search"}]},
        {"tools": [{"type": "local_shell"}]},
        {"tools": [TEMPERATURE, TEMPERATURE]},
        {"tools": [{"type": "function", "name": "has space"}]},
        {"max_output_tokens": 0},
        {"max_output_tokens": 131_073},
        {"reasoning": {"effort": "max"}},
        {"temperature": 2},
        {"text": {"format": {"type": "xml"}}},
        {"stream": 1},
    ],
)
async def test_a_field_that_is_off_is_refused_with_its_reason(fields: dict[str, Json]) -> None:
    error = await refused("Hello", **fields)
    assert error["message"] == "Param Incorrect"
    assert error["param"]


@pytest.mark.parametrize(
    "given",
    [
        None,
        [],
        5,
        ["Hello"],
        [{"role": "narrator", "content": "Hello"}],
        [{"role": "user"}],
        [{"role": "user", "content": [{"type": "input_file"}]}],
        [{"type": "item_reference", "id": "msg_1"}],
        [{"type": "function_call_output", "output": "5"}],
    ],
)
async def test_input_of_no_known_shape_is_refused(given: Json) -> None:
    assert await refused(given)


async def test_what_no_json_can_hold_is_refused() -> None:
    for odd in (float("inf"), "\ud83d"):
        assert (await refused("Hello", metadata={"odd": odd}))["type"] == "Bad Request"


async def test_a_speech_model_does_not_speak_this_form() -> None:
    response = await post("/responses", {"model": "mimo-v2.5-tts", "input": "Hello"})
    assert response.status_code == 400
    assert error_of(response)["message"] == "Unsupported model mimo-v2.5-tts"


async def test_a_stream_has_every_event_in_order_and_numbered() -> None:
    found = await events("say exactly: fine")
    assert [event["sequence_number"] for event in found] == list(range(len(found)))
    names = [event["type"].removeprefix("response.") for event in found]
    seen = list(dict.fromkeys(names))
    assert seen == [
        "created",
        "in_progress",
        "output_item.added",
        "content_part.added",
        "reasoning_text.delta",
        "reasoning_text.done",
        "content_part.done",
        "output_item.done",
        "output_text.delta",
        "output_text.done",
        "completed",
    ]
    assert found[-1]["response"] == await respond("say exactly: fine")


@pytest.mark.parametrize("ask", ["How do I sort a list?", "How warm is it in Oslo?"])
async def test_a_stream_is_the_whole_answer_in_pieces(ask: str) -> None:
    found = await events(ask, tools=[TEMPERATURE])
    for item in found[-1]["response"]["output"]:
        deltas = [event for event in found if event.get("item_id") == item["id"] and "delta" in event]
        text = item.get("arguments") or item["content"][0]["text"]
        assert "".join(event["delta"] for event in deltas) == text
    done = [event["item"] for event in found if event["type"] == "response.output_item.done"]
    assert done == found[-1]["response"]["output"]
