"""What may be set for a model: what it takes by the catalogue, within its ranges, and what thinking overrides."""

from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimo_tui.core import catalogue as catalogues
from mimo_tui.core.catalogue import Catalogue, Wire
from mimo_tui.core.json_text import Json
from mimo_tui.core.parameters import (
    Offer,
    ParameterError,
    ValueType,
    members,
    offer_named,
    offers,
    overridden,
    read_value,
    thinks,
)

PRO = "mimo-v2.6-pro"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The shipped catalogue."""
    return catalogues.load()


def offered(
    catalogue: Catalogue, model: str = PRO, wire: Wire = Wire.CHAT_COMPLETIONS, *, is_plan: bool = False
) -> dict[str, Offer]:
    return {offer.name: offer for offer in offers(catalogue, model, wire, is_plan=is_plan)}


def test_a_chat_model_offers_what_is_documented_and_nothing_that_the_conversation_fills(
    catalogue: Catalogue,
) -> None:
    found = offered(catalogue)
    assert set(found) == {
        *("frequency_penalty", "presence_penalty", "thinking.type", "max_completion_tokens", "temperature"),
        *("top_p", "stop", "response_format.type", "reasoning_effort", "prompt_cache_key"),
        *("tools.web_search", "tools.web_search.force_search", "tools.web_search.max_keyword"),
        "tools.web_search.limit",
    }
    assert {name for name, offer in found.items() if not offer.documented} == {
        "reasoning_effort",
        "prompt_cache_key",
    }
    assert found["reasoning_effort"].remark.startswith("not documented")


def test_the_anthropic_surface_offers_its_own_names_and_no_web_search(catalogue: Catalogue) -> None:
    assert set(offered(catalogue, wire=Wire.MESSAGES)) == {
        *("max_tokens", "stop_sequences", "temperature", "top_p", "thinking.type"),
        "tool_choice.disable_parallel_tool_use",
    }


def test_a_plan_says_why_it_has_no_web_search(catalogue: Catalogue) -> None:
    found = offered(catalogue, is_plan=True)
    assert [name for name in found if name.startswith("tools.")] == ["tools.web_search"]
    assert found["tools.web_search"].why_not.startswith("a plan's key has no web search")
    with pytest.raises(ParameterError, match="cannot be set: a plan's key"):
        offer_named(tuple(found.values()), "tools.web_search")


def test_a_model_without_thinking_offers_no_switch_for_it_and_nothing_is_overridden(
    catalogue: Catalogue,
) -> None:
    found = offered(catalogue, "mimo-v2.5-asr")
    assert not {"thinking.type", "reasoning_effort", "response_format.type", "tools.web_search"} & set(found)
    assert found["max_completion_tokens"].highest == Decimal(2048)
    assert found["temperature"].while_thinking is None
    assert not thinks(tuple(found.values()), {})


def test_defaults_are_those_of_the_model(catalogue: Catalogue) -> None:
    assert offered(catalogue)["thinking.type"].default == "enabled"
    old = offered(catalogue, "mimo-v2-flash")
    assert old["thinking.type"].default == "disabled"
    assert old["temperature"].default == Decimal("0.3")
    assert old["max_completion_tokens"].default == 65_536
    assert "stop" not in offered(catalogue, "mimo-v2.5-tts")


def test_a_model_that_nobody_knows_is_offered_all_with_a_remark(catalogue: Catalogue) -> None:
    found = offered(catalogue, "mimo-v9")
    assert "not known whether mimo-v9 can do this" in found["thinking.type"].remark
    assert "tools.web_search" not in found


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("temperature", "0.7", 0.7),
        ("temperature", " 1.50 ", 1.5),
        ("temperature", "1", 1),
        ("max_completion_tokens", "131_072", 131_072),
        ("max_completion_tokens", "8,192", 8192),
        ("thinking.type", "disabled", "disabled"),
        ("tools.web_search.force_search", "Yes", True),
        ("tools.web_search", "off", False),
        ("stop", "END", ["END"]),
        ("stop", '["a", "\\n"]', ["a", "\n"]),
        ("stop", '"\\t"', ["\t"]),
        ("stop", "[1, 2", ["[1, 2"]),
        ("stop", " ", [" "]),
        ("stop", "42", ["42"]),
        ("prompt_cache_key", "mine", "mine"),
    ],
)
def test_values_are_read_as_a_person_types_them(
    catalogue: Catalogue, name: str, text: str, value: Json
) -> None:
    found = read_value(offered(catalogue)[name], text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("temperature", "2", "temperature is a number between 0 and 1.5, not “2” (OpenAI API"),
        ("temperature", "-0.1", "between 0 and 1.5"),
        ("temperature", "nan", "between 0 and 1.5"),
        ("temperature", "1e400", "between 0 and 1.5"),
        ("temperature", "0,7", "between 0 and 1.5"),
        ("max_completion_tokens", "0", "a whole number between 1 and 131072"),
        ("max_completion_tokens", "1.5", "a whole number"),
        ("thinking.type", "maybe", "one of enabled, disabled"),
        ("tools.web_search.force_search", "perhaps", "true or false"),
        ("stop", '["a","b","c","d","e"]', "a JSON list of up to 4 texts"),
        ("stop", "[1]", "texts"),
        ("stop", '[""]', "texts"),
        ("temperature", "", "not “”"),
    ],
)
def test_what_is_out_of_range_is_told_with_the_range_and_who_says_so(
    catalogue: Catalogue, name: str, text: str, says: str
) -> None:
    with pytest.raises(ParameterError) as caught:
        read_value(offered(catalogue)[name], text)
    assert says in str(caught.value)


@given(st.sampled_from(list(ValueType)), st.text(max_size=40))
def test_any_text_is_a_value_within_its_range_or_a_sentence(kind: ValueType, text: str) -> None:
    offer = Offer("x", kind, catalogues.load.__name__, Decimal(0), Decimal(10), 2, choices=("a", "b"))  # type: ignore[arg-type]
    try:
        value = read_value(offer, text)
    except ParameterError:
        return
    if kind in (ValueType.INTEGER, ValueType.NUMBER):
        assert isinstance(value, int | float)
        assert 0 <= value <= 10


def test_a_parameter_is_found_by_its_name_or_its_group_and_a_wrong_name_has_a_hint(
    catalogue: Catalogue,
) -> None:
    found = tuple(offered(catalogue).values())
    assert offer_named(found, "thinking").name == "thinking.type"
    assert offer_named(found, "web_search.limit") is offer_named(found, "tools.web_search.limit")
    assert offer_named(found, "web_search").name == "tools.web_search"
    assert offer_named(found, "response_format").name == "response_format.type"
    with pytest.raises(ParameterError, match="There is temperature"):
        offer_named(found, "temprature")
    with pytest.raises(ParameterError, match="seed is no parameter"):
        offer_named(found, "seed")
    with pytest.raises(ParameterError, match=r"There is web_search, web_search\.force_search"):
        offer_named(found, "tools")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"temperature": 0.5, "top_p": 0.95}, {"temperature": Decimal("1.0")}),
        ({"temperature": 0.5, "thinking.type": "disabled"}, {}),
        ({"temperature": 0.5, "reasoning_effort": "none"}, {}),
        ({"temperature": 1, "thinking.type": "enabled"}, {}),
        ({}, {}),
    ],
)
def test_what_thinking_overrides_is_told_where_it_makes_a_difference(
    catalogue: Catalogue, values: Mapping[str, Json], expected: Mapping[str, Decimal]
) -> None:
    assert overridden(tuple(offered(catalogue).values()), values) == expected


@pytest.mark.parametrize(
    ("values", "wire", "expected"),
    [
        (
            {"thinking.type": "disabled", "top_p": 1},
            Wire.MESSAGES,
            {"thinking": {"type": "disabled"}, "top_p": 1},
        ),
        ({"tools.web_search": True}, Wire.CHAT_COMPLETIONS, {"tools": [{"type": "web_search"}]}),
        (
            {"tools.web_search.limit": 3, "tools.web_search.force_search": True},
            Wire.CHAT_COMPLETIONS,
            {"tools": [{"type": "web_search", "limit": 3, "force_search": True}]},
        ),
        ({"tools.web_search": False, "tools.web_search.limit": 3}, Wire.CHAT_COMPLETIONS, {}),
        ({"tools.web_search": True}, Wire.MESSAGES, {}),
        (
            {"tool_choice.disable_parallel_tool_use": True},
            Wire.MESSAGES,
            {"tool_choice": {"type": "auto", "disable_parallel_tool_use": True}},
        ),
    ],
)
def test_dotted_names_become_the_members_of_the_body(
    values: Mapping[str, Json], wire: Wire, expected: Mapping[str, Json]
) -> None:
    assert members(values, wire) == expected
