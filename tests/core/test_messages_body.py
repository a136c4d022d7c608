"""What is sent to the Anthropic surface for a conversation."""

from collections.abc import Sequence

import pytest

from mimo_tui.core.conversation import Thought, ToolCall, Turn
from mimo_tui.core.json_text import Json
from mimo_tui.core.messages_body import messages_body
from mimo_tui.core.model import Modality
from tests.core.turns import answered, asked, file, linked, path, returned

OSLO = ToolCall("call_1", "get_temp", '{"city":"Oslo"}')
WIND = ToolCall("call_2", "get_wind", "")
CALLED = path(
    asked("How warm is it?"),
    answered("I look.", "Need the tool.", [OSLO, WIND], [Thought("Need ", "c2ln"), Thought("the tool.")]),
    returned("call_1", "4 degrees"),
    returned("call_2", "calm"),
    answered("4 degrees.", "Easy.", thoughts=[Thought("Easy.")]),
    asked("Thanks"),
)


def test_a_conversation_is_written_with_its_system_prompt_at_the_top() -> None:
    said = path(asked("hi"), answered("Hello!", "Greet."), asked("bye"))
    assert messages_body(said, "Be brief.", {"max_tokens": 99, "thinking.type": "disabled"}) == {
        "system": "Be brief.",
        "messages": [
            {"role": "user", "content": "hi"},
            {"role": "assistant", "content": "Hello!"},
            {"role": "user", "content": "bye"},
        ],
        "max_tokens": 99,
        "thinking": {"type": "disabled"},
    }
    assert "system" not in messages_body(path(asked("hi")), "", {})


def test_calls_go_back_with_their_thinking_and_their_answers_in_one_message() -> None:
    assert messages_body(CALLED, "", {})["messages"] == [
        {"role": "user", "content": "How warm is it?"},
        {
            "role": "assistant",
            "content": [
                {"type": "thinking", "thinking": "Need ", "signature": "c2ln"},
                {"type": "thinking", "thinking": "the tool.", "signature": ""},
                {"type": "text", "text": "I look."},
                {"type": "tool_use", "id": "call_1", "name": "get_temp", "input": {"city": "Oslo"}},
                {"type": "tool_use", "id": "call_2", "name": "get_wind", "input": {}},
            ],
        },
        {
            "role": "user",
            "content": [
                {"type": "tool_result", "tool_use_id": "call_1", "content": "4 degrees"},
                {"type": "tool_result", "tool_use_id": "call_2", "content": "calm"},
            ],
        },
        {"role": "assistant", "content": "4 degrees."},
        {"role": "user", "content": "Thanks"},
    ]


def test_reasoning_of_the_other_surface_goes_back_as_thinking() -> None:
    said = path(asked("hi"), answered("", " Hm. ", [OSLO]), returned("call_1", "4"))
    assert {"type": "thinking", "thinking": " Hm. ", "signature": ""} in _content(said, 1)
    assert "thinking" not in repr(messages_body(said, "", {"thinking.type": "disabled"})["messages"])


@pytest.mark.parametrize("arguments", ["", "{", "[1]", '"x"', '{"a":NaN}', '{"a":1e999}', "[" * 5000])
def test_arguments_that_are_no_object_are_left_out(arguments: str) -> None:
    said = path(asked("hi"), answered("", "", [ToolCall("c", "f", arguments)]), returned("c", "x"))
    assert _content(said, 1) == [{"type": "tool_use", "id": "c", "name": "f", "input": {}}]


def test_a_call_that_nobody_answered_is_not_sent() -> None:
    said = path(asked("hi"), answered("", "r", [OSLO]), asked("never mind"))
    assert messages_body(said, "", {})["messages"] == [
        {"role": "user", "content": "hi"},
        {"role": "user", "content": "never mind"},
    ]


def test_images_are_sent_and_sound_and_films_are_not() -> None:
    said = asked(
        "What is it?",
        file(Modality.IMAGE, "image/png"),
        linked(Modality.IMAGE, "https://example.com/a.png"),
        file(Modality.AUDIO, "audio/wav"),
        file(Modality.VIDEO, "video/mp4"),
    )
    source: Json = {"type": "base64", "media_type": "image/png", "data": "YWJj"}
    assert messages_body(path(said), "", {})["messages"] == [
        {
            "role": "user",
            "content": [
                {"type": "image", "source": source},
                {"type": "image", "source": {"type": "url", "url": "https://example.com/a.png"}},
                {"type": "text", "text": "What is it?"},
            ],
        }
    ]
    sound = messages_body(path(asked("Listen", file(Modality.AUDIO, "audio/wav", None))), "", {})
    assert sound["messages"] == [{"role": "user", "content": "Listen"}]
    gone = messages_body(path(asked("Look", file(Modality.IMAGE, "image/png", None))), "", {})
    assert gone["messages"] == [{"role": "user", "content": "Look"}]


def test_tools_are_written_with_a_schema_and_the_web_search_is_left_out() -> None:
    schema: Json = {"type": "object", "properties": {"city": {"type": "string"}}}
    tools: list[dict[str, Json]] = [
        {"type": "function", "function": {"name": "a", "description": "A", "parameters": schema}},
        {"name": "b", "input_schema": schema},
        {"type": "function", "function": {"name": "c", "description": None}},
        {"type": "web_search"},
    ]
    nothing: Json = {"type": "object", "properties": {}}
    assert messages_body(path(asked("hi")), "", {"tools.web_search.limit": 3}, tools)["tools"] == [
        {"name": "a", "description": "A", "type": "custom", "input_schema": schema},
        {"name": "b", "type": "custom", "input_schema": schema},
        {"name": "c", "type": "custom", "input_schema": nothing},
    ]
    assert "tools" not in messages_body(path(asked("hi")), "", {}, tools[3:])


def _content(said: Sequence[Turn], number: int) -> list[Json]:
    messages = messages_body(said, "", {})["messages"]
    assert isinstance(messages, list)
    message = messages[number]
    assert isinstance(message, dict)
    content = message["content"]
    assert isinstance(content, list)
    return content
