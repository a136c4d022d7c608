"""What is sent to chat completions for a conversation."""

from dataclasses import replace

import pytest

from mimo_tui.core.chat_body import chat_body
from mimo_tui.core.conversation import ToolCall
from mimo_tui.core.json_text import Json
from mimo_tui.core.model import Modality
from tests.core.turns import answered, asked, file, linked, path, returned

OSLO = ToolCall("call_1", "get_temp", '{"city":"Oslo"}')
WIND = ToolCall("call_2", "get_wind", "")
CALLED = path(
    asked("How warm is it?"),
    answered("", " Need the\ntool. ", [OSLO, WIND]),
    returned("call_1", "4 degrees"),
    returned("call_2", ""),
    answered("4 degrees.", "Easy."),
    asked("Thanks"),
)


def test_a_conversation_is_written_as_messages() -> None:
    said = path(asked("hi"), answered("Hello!", "Greet."), asked("bye"))
    assert chat_body(said, "Be brief.", {}) == {
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "hi"},
            {"role": "assistant", "content": "Hello!"},
            {"role": "user", "content": "bye"},
        ]
    }
    assert chat_body(path(asked("hi")), "", {}) == {"messages": [{"role": "user", "content": "hi"}]}


def test_calls_go_back_with_their_reasoning_verbatim_and_an_empty_text() -> None:
    call: Json = {"name": "get_temp", "arguments": '{"city":"Oslo"}'}
    assert chat_body(CALLED, "", {})["messages"] == [
        {"role": "user", "content": "How warm is it?"},
        {
            "role": "assistant",
            "content": "",
            "reasoning_content": " Need the\ntool. ",
            "tool_calls": [
                {"id": "call_1", "type": "function", "function": call},
                {"id": "call_2", "type": "function", "function": {"name": "get_wind", "arguments": ""}},
            ],
        },
        {"role": "tool", "tool_call_id": "call_1", "content": "4 degrees"},
        {"role": "tool", "tool_call_id": "call_2", "content": ""},
        {"role": "assistant", "content": "4 degrees."},
        {"role": "user", "content": "Thanks"},
    ]


@pytest.mark.parametrize("parameters", [{"thinking.type": "disabled"}, {"reasoning_effort": "none"}])
def test_without_thinking_no_reasoning_goes_back(parameters: dict[str, Json]) -> None:
    assert "reasoning_content" not in repr(chat_body(CALLED, "", parameters))
    assert "reasoning_content" in repr(chat_body(CALLED, "", {"thinking.type": "enabled"}))


def test_what_nobody_answered_and_what_never_came_is_not_sent() -> None:
    said = path(
        asked("hi"),
        answered(),
        asked("again"),
        answered("", "thought until the budget was gone"),
        answered("Let me look.", "r", [OSLO, WIND]),
        returned("call_2", "calm"),
        answered("", "r", [ToolCall("call_3", "get_temp", "{}")]),
        asked("never mind"),
    )
    messages = chat_body(said, "", {})["messages"]
    assert isinstance(messages, list)
    assert [message["role"] for message in messages if isinstance(message, dict)] == [
        "user",
        "user",
        "assistant",
        "tool",
        "user",
    ]
    assert messages[2] == {
        "role": "assistant",
        "content": "Let me look.",
        "reasoning_content": "r",
        "tool_calls": [
            {"id": "call_2", "type": "function", "function": {"name": "get_wind", "arguments": ""}}
        ],
    }


def test_attachments_stand_before_the_text_in_their_own_shapes() -> None:
    said = asked(
        "What is it?",
        file(Modality.IMAGE, "image/png"),
        linked(Modality.IMAGE, "https://example.com/a.png"),
        file(Modality.AUDIO, "audio/wav"),
        file(Modality.VIDEO, "video/mp4"),
        replace(file(Modality.VIDEO, "video/mp4"), frames_a_second=0.5, detailed=True),
    )
    film: Json = {"url": "data:video/mp4;base64,YWJj"}
    assert chat_body(path(said), "", {})["messages"] == [
        {
            "role": "user",
            "content": [
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,YWJj"}},
                {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}},
                {"type": "input_audio", "input_audio": {"data": "data:audio/wav;base64,YWJj"}},
                {"type": "video_url", "video_url": film},
                {"type": "video_url", "video_url": film, "fps": 0.5, "media_resolution": "max"},
                {"type": "text", "text": "What is it?"},
            ],
        }
    ]
    alone = chat_body(path(asked("", file(Modality.IMAGE, "image/png"))), "", {})
    assert "text" not in repr(alone)


def test_a_file_that_is_not_here_any_more_is_left_out_and_its_turn_stays() -> None:
    gone, here = file(Modality.IMAGE, "image/png", None), file(Modality.IMAGE, "image/png")
    said = path(
        asked("What is it?", gone), answered("A cat."), asked("", gone), answered("?"), asked("", gone, here)
    )
    messages = chat_body(said, "", {})["messages"]
    assert isinstance(messages, list)
    part: Json = {"type": "image_url", "image_url": {"url": "data:image/png;base64,YWJj"}}
    assert messages[::2] == [
        {"role": "user", "content": "What is it?"},
        {"role": "user", "content": "[a.png]"},
        {"role": "user", "content": [part]},
    ]


def test_what_a_tool_gave_is_left_out_without_its_call() -> None:
    said = path(returned("call_1", "21 degrees"), asked("And now?"))
    assert chat_body(said, "", {})["messages"] == [{"role": "user", "content": "And now?"}]


def test_parameters_and_tools_stand_beside_the_messages() -> None:
    schema: Json = {"type": "object", "properties": {"city": {"type": "string"}}}
    parameters: dict[str, Json] = {
        "thinking.type": "enabled",
        "max_completion_tokens": 2048,
        "tools.web_search.limit": 3,
    }
    tools: list[dict[str, Json]] = [
        {"type": "function", "function": {"name": "a", "parameters": schema, "strict": True}},
        {"type": "function", "function": {"name": "b"}},
        {"type": "custom", "name": "c", "description": "C", "input_schema": schema},
        {"name": "d"},
    ]
    body = chat_body(path(asked("hi")), "", parameters, tools)
    nothing: Json = {"type": "object", "properties": {}}
    assert {name: value for name, value in body.items() if name != "messages"} == {
        "thinking": {"type": "enabled"},
        "max_completion_tokens": 2048,
        "tools": [
            {"type": "function", "function": {"name": "a", "parameters": schema, "strict": True}},
            {"type": "function", "function": {"name": "b", "parameters": nothing}},
            {"type": "function", "function": {"name": "c", "description": "C", "parameters": schema}},
            {"type": "function", "function": {"name": "d", "parameters": nothing}},
            {"type": "web_search", "limit": 3},
        ],
    }
