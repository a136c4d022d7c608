"""What the simulated models say: the same each time, steered by the prompt, in the language of the question."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimo_tui.core.json_text import Json
from mimo_tui.simulator import tokens
from mimo_tui.simulator.arguments import fill
from mimo_tui.simulator.fault import Refusal
from mimo_tui.simulator.reply import STEERING, Composed, Finish, Question, compose
from mimo_tui.simulator.searching import Search
from mimo_tui.simulator.tools import Tool, ToolResult, choose

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TEXTS = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("a b\n中文🙂")))


def asked(text: str, **fields: object) -> Composed:
    return compose(replace(Question(text, "a-model", AT), **fields))  # type: ignore[arg-type]


def test_an_answer_has_a_heading_a_list_code_and_a_table_and_says_that_it_is_simulated() -> None:
    content = asked("How do I sort a list in Python?").content
    for wanted in ("## How do I sort a list in Python?", "\n- ", "\n```python\n", "\n| --- |", "simulated"):
        assert wanted in content


def test_who_asks_in_chinese_is_answered_in_chinese() -> None:
    answer = asked("怎么给列表排序？")
    assert "这是模拟的回答" in answer.content
    assert "怎么给列表排序？" in answer.content
    assert "模拟的思考" in answer.reasoning


def test_an_answer_tells_what_came_with_the_question() -> None:
    content = asked(
        "What is this?",
        media=("a PNG image of 64×48 pixels", "2.0 seconds of WAV sound"),
        system="Be brief.",
        results=(ToolResult("look", "a ```cat```"),),
    ).content
    for wanted in ("64×48", "WAV", "system prompt was read", "`look` answered", "````\na ```cat```\n````"):
        assert wanted in content


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [("Say nothing.", ""), ("say exactly: OK", "OK"), ('Please say exactly "a\nb"', "a\nb")],
)
def test_an_answer_can_be_dictated(prompt: str, expected: str) -> None:
    assert asked(prompt).content == expected


@pytest.mark.parametrize("amount", [1, 10, 1234, 20_000])
def test_an_answer_has_as_many_words_as_were_asked_for(amount: int) -> None:
    assert len(asked(f"Write {amount} words about Norway").content.split()) == amount
    assert len(asked(f"Write {amount:,} words").content.split()) == amount
    assert len("".join(asked(f"请写 {amount} 字").content.split())) == amount


def test_no_answer_is_endless() -> None:
    assert len(asked("Write 999999999 words").content.split()) == 100_000


def test_long_things_can_be_asked_for() -> None:
    assert asked("long code").content.count("\n") > 290
    assert asked("a long table please").content.count("\n|") > 200
    assert asked("Long list").content.count("Item ") == 300
    assert len(asked("think long").reasoning.split()) >= 2000


def test_moderation_and_repetition_can_be_asked_for() -> None:
    assert asked("repeat yourself").finish is Finish.REPETITION
    assert asked("say something forbidden").finish is Finish.CONTENT_FILTER
    with pytest.raises(Refusal):
        asked("say something forbidden!")


@pytest.mark.parametrize(
    "text",
    [
        "What does 403 Forbidden mean?",
        "403 forbidden! Why?",
        "Please repeat after me",
        "Explain “don't repeat yourself”",
        "Do not repeat yourself.",
        "Don’t repeat yourself!",
    ],
)
def test_words_that_people_write_anyway_steer_nothing(text: str) -> None:
    answer = asked(text)
    assert answer.finish is Finish.STOP
    assert "You asked about" in answer.content


@pytest.mark.parametrize("words", [words for words, _ in STEERING if not words.endswith("!")])
def test_every_word_that_steers_does(words: str) -> None:
    assert "You asked about" in asked("Hello").content
    search = Search(force=True, most_keywords=1, pages_a_keyword=1) if "search" in words else None
    answer = asked(words.replace("N", "7").replace("WORDS", "this"), search=search)
    assert "You asked about" not in answer.content or answer.search_error or len(answer.reasoning) > 1000


def test_json_is_given_where_it_is_asked_for() -> None:
    document = json.loads(asked('Say "hi"\n中', as_json=True).content)
    assert document["question"] == 'Say "hi"\n中'
    assert document["simulated"] is True


def test_a_search_happens_when_forced_or_when_the_question_is_about_now() -> None:
    search = Search(force=False, most_keywords=2, pages_a_keyword=2)
    assert not asked("How do I sort a list?", search=search).pages
    assert asked("Latest news about Norway", search=search).pages
    assert len(asked("sort lists quickly", search=replace(search, force=True)).pages) == 4
    assert asked("今天的新闻", search=search).pages


# Tools.


def tool(name: str, description: str = "", **properties: Json) -> Tool:
    return Tool(name, description, {"type": "object", "properties": properties, "required": list(properties)})


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("What is the weather in Oslo?", ["get_weather"]),
        ("please send mail to Ann", ["send-mail"]),
        ("Use get weather and then send mail", ["get_weather", "send-mail"]),
        ("look up the price of a stock on the exchange", ["quote"]),
        ("Hello", []),
        ("", []),
    ],
)
def test_the_tool_that_fits_is_called(text: str, called: list[str]) -> None:
    tools = (
        tool("get_weather", "The weather of a place", place={"type": "string"}),
        tool("send-mail", "Sends a message to somebody", to={"type": "string"}),
        tool("quote", "The price of a stock at the exchange", symbol={"type": "string"}),
    )
    assert [call.name for call in choose(tools, text)] == called


def test_a_tool_is_not_called_again_once_it_has_answered() -> None:
    weather = tool("get_weather", "", city={"type": "string"})
    assert asked("The weather in Oslo?", tools=(weather,)).finish is Finish.TOOL_CALLS
    answered = asked("The weather in Oslo?", tools=(weather,), results=(ToolResult("get_weather", "snow"),))
    assert not answered.calls
    assert "snow" in answered.content


def schema(**properties: Json) -> dict[str, Json]:
    return {"type": "object", "properties": properties, "required": list(properties)}


@pytest.mark.parametrize(
    ("text", "wanted", "filled"),
    [
        ("warm in Oslo", schema(city={"type": "string"}), {"city": "Oslo"}),
        ('find "red shoes" by "Ann"', schema(what={}, who={}), {"what": "red shoes", "who": "Ann"}),
        ("3 days, 2.5 hours", schema(d={"type": "integer"}, h={"type": "number"}), {"d": 3, "h": 2.5}),
        ("count=7 for me", schema(count={"type": "integer"}), {"count": 7}),
        ("in kelvin please", schema(unit={"enum": ["celsius", "kelvin"]}), {"unit": "kelvin"}),
        ("whatever", schema(unit={"enum": ["celsius", "kelvin"]}), {"unit": "celsius"}),
        ("on 2026-12-24", schema(day={"type": "string", "format": "date"}), {"day": "2026-12-24"}),
        ("see https://example.com/a b", schema(url={"type": "string"}), {"url": "https://example.com/a"}),
        ("all 500", schema(limit={"type": "integer", "maximum": 10}), {"limit": 10}),
        ("x", schema(on={"type": "boolean"}, none={"type": "null"}), {"on": True, "none": None}),
        (
            "to Oslo and Bergen",
            schema(c={"type": "array", "items": {"type": "string"}}),
            {"c": ["Oslo", "Bergen"]},
        ),
        ("to Oslo", schema(at=schema(city={"type": ["null", "string"]})), {"at": {"city": "Oslo"}}),
        ("to Oslo", schema(city={"anyOf": [{"type": "null"}, {"type": "string"}]}), {"city": "Oslo"}),
        ("x", {"required": ["free"]}, {"free": "x"}),
        ("x", {}, {}),
    ],
)
def test_arguments_fit_the_schema_and_take_what_the_text_has(
    text: str, wanted: dict[str, Json], filled: dict[str, Json]
) -> None:
    assert fill(wanted, text) == filled


def test_a_schema_that_refers_to_itself_comes_to_an_end() -> None:
    node: Json = {"$ref": "#/$defs/node"}
    branches = schema(**{f"branch{number}": node for number in range(9)})
    filled = fill({**schema(root=node), "$defs": {"node": branches}}, "x")
    assert len(json.dumps(filled)) < 200_000


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                (
                    "type",
                    "properties",
                    "required",
                    "items",
                    "enum",
                    "anyOf",
                    "$ref",
                    "minItems",
                    "minimum",
                    "a",
                )
            )
            | st.text(max_size=3),
            inner
            | st.sampled_from(
                ("object", "array", "string", "number", "integer", "#/properties/a", "boolean")
            ),
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(("type", "properties", "required", "$ref", "x")), JSONS), TEXTS)
def test_no_schema_and_no_text_is_too_odd_to_be_filled(schema: dict[str, Json], text: str) -> None:
    (call, *_) = choose((Tool("look", "", schema),), f"look {text}")
    assert isinstance(json.loads(call.arguments), dict)


# Tokens.


def test_tokens_follow_the_script() -> None:
    assert (tokens.count(""), tokens.count("word"), tokens.count("words"), tokens.count("中文字")) == (
        0,
        1,
        2,
        2,
    )


@given(TEXTS)
def test_pieces_are_the_text(text: str) -> None:
    assert "".join(tokens.pieces(text)) == text
    assert all(tokens.pieces(text))


@given(TEXTS, st.integers(min_value=0, max_value=30))
def test_a_cut_is_the_longest_beginning_that_fits(text: str, most: int) -> None:
    kept = tokens.cut(text, most)
    assert text.startswith(kept)
    assert tokens.count(kept) <= most
    assert kept == text or tokens.count(text[: len(kept) + 1]) > most
