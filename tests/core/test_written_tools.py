"""Tools that a person wrote for a model to call."""

import pytest

from mimo_tui.core.written_tools import EXAMPLE, ToolsError, read_tools


def test_the_example_is_one_tool_and_nothing_is_none() -> None:
    assert [tool["name"] for tool in read_tools(EXAMPLE)] == ["get_temp"]
    assert read_tools(" \n") == ()


def test_one_tool_alone_and_either_surfaces_way_of_writing_are_taken() -> None:
    assert len(read_tools('{"type": "function", "function": {"name": "a"}}')) == 1
    assert len(read_tools('[{"name": "a", "input_schema": {}}, {"name": "b"}]')) == 2


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[", "This is no JSON"),
        ("[" * 100_000, "no JSON"),
        ("3", "A tool is an object"),
        ('{"name": "a b"}', "needs a name of letters"),
        ("{}", "needs a name"),
        ('{"type": "web_search"}', "A tool is a function here, not “web_search”"),
        ('[{"name": "a"}, {"name": "a"}]', "Two tools are called a"),
        (" " * 10 + "x" * 300_000, "at most 200,000 characters"),
    ],
)
def test_anything_else_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ToolsError, match=sentence):
        read_tools(text)
