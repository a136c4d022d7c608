"""The fields of a form: what each shows, and the one edit that makes it hold what a person typed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mimo_tui.core import catalogue, fields, json_text
from mimo_tui.core.fields import (
    CAPABILITY_FIELDS,
    FIELDS,
    Empty,
    Field,
    FieldError,
    Kind,
    capability_fields,
    edit,
    shown,
)
from mimo_tui.core.json_text import Delete, Json, Set
from mimo_tui.simulator.sample_library import lingtai_bytes
from tests.core.rules.builder import GONE, good, judge, spoiled

ALL = (*FIELDS, *(one for form in CAPABILITY_FIELDS.values() for one in form))


def named(identifier: str) -> Field:
    found = fields.field(identifier)
    assert found is not None
    return found


def changed(identifier: str, text: str, document: Json = None) -> Json:
    """Type `text` into the field of a preset, as the editor does, and read the file again."""
    document = document if document is not None else good()
    assert isinstance(document, dict)
    made = edit(named(identifier), document, text)
    before = lingtai_bytes(document).decode()
    return json_text.parse(before if made is None else json_text.apply(before, [made])).value


def test_every_field_has_a_name_of_its_own_and_is_found_by_it() -> None:
    assert len({one.id for one in ALL}) == len(ALL)
    assert all(fields.field(one.id) is one for one in ALL)
    assert fields.field("nothing") is None


@pytest.mark.parametrize("target", ALL, ids=lambda one: one.id)
def test_a_field_that_was_only_looked_at_changes_nothing(target: Field) -> None:
    documents: list[Json] = [good(), {}, {"manifest": 5}, spoiled({"manifest.llm.base_url": None})]
    for document in documents:
        assert edit(target, document, shown(target, document)) is None


@pytest.mark.parametrize(
    ("identifier", "text"),
    [
        ("name", "mimo-2"),
        ("summary", "new words, 新"),
        ("tier", "5"),
        ("model", "mimo-v2.6-flash"),
        ("base_url", "https://token-plan-sgp.xiaomimimo.com/v1"),
        ("api_compat", "anthropic"),
        ("slot", "MIMO_2_API_KEY"),
        ("vision.model", "mimo-v2.6-pro"),
        ("vision.slot", "X"),
        ("web_search.provider", "openai"),
        ("web.provider", "openai"),
    ],
)
def test_what_was_typed_is_what_the_file_holds(identifier: str, text: str) -> None:
    after = changed(identifier, text)
    assert json_text.get(after, named(identifier).path) == text
    assert shown(named(identifier), after) == text


@pytest.mark.parametrize(
    ("identifier", "empty"),
    [
        ("summary", ""),
        ("slot", ""),
        ("base_url", None),
        ("tier", GONE),
        ("api_compat", GONE),
        ("context_limit", GONE),
        ("vision.model", GONE),
        ("vision.slot", GONE),
        ("skills.paths", GONE),
        ("web_search.provider", GONE),
    ],
)
def test_a_field_that_was_emptied_becomes_what_lingtai_takes_for_empty(
    identifier: str, empty: object
) -> None:
    target = named(identifier)
    for blank in ("", "  "):
        after = changed(identifier, blank)
        if empty is GONE:
            with pytest.raises(json_text.MissingPath):
                json_text.get(after, target.path)
        else:
            assert json_text.get(after, target.path) == empty
        assert edit(target, after, "") is None


def test_a_missing_field_that_stays_empty_is_left_missing() -> None:
    document = spoiled({"manifest.llm.api_key_env": GONE})
    assert edit(named("slot"), document, "") is None
    assert edit(named("slot"), document, " ") is None


@pytest.mark.parametrize("text", ["1000000", "1,000,000", "1_000_000", "1 000 000", " 1000000 "])
def test_a_number_may_be_written_as_people_do(text: str) -> None:
    assert json_text.get(changed("context_limit", text), ("manifest", "llm", "context_limit")) == 1_000_000


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "1M", "٣", "1e6", "9" * 19, "x"])
def test_a_number_that_is_none_is_refused_in_words(text: str) -> None:
    with pytest.raises(FieldError, match="whole number above 0"):
        edit(named("context_limit"), good(), text)


def test_a_line_has_no_end_in_it() -> None:
    for text in ("a\nb", "a\rb"):
        with pytest.raises(FieldError, match="one line"):
            edit(named("summary"), good(), text)


def test_paths_are_one_a_line_and_empty_lines_are_none() -> None:
    target = named("skills.paths")
    assert shown(target, good()) == "../.library_shared\n~/.lingtai-tui/utilities"
    after = changed("skills.paths", "~/a\n\n  \n~/b c\n")
    assert json_text.get(after, target.path) == ["~/a", "~/b c"]


def test_a_capability_without_a_form_is_edited_as_json() -> None:
    (target,) = capability_fields("daemon")
    document = spoiled({"manifest.capabilities.daemon": {"max_emanations": 2}})
    assert target.kind is Kind.JSON
    assert shown(target, document) == '{"max_emanations": 2}'
    assert edit(target, document, "null") == Set(target.path, None)
    assert shown(target, spoiled({"manifest.capabilities.daemon": None})) == "null"
    for text in ("{", "", "{,}"):
        with pytest.raises(FieldError, match="no JSON"):
            edit(target, document, text)


def test_a_value_of_a_wrong_type_shows_as_it_is_and_can_be_replaced() -> None:
    document = spoiled({"name": 5, "description.tier": [3], "manifest.capabilities.skills.paths": ["a", 1]})
    assert shown(named("name"), document) == "5"
    assert shown(named("tier"), document) == "[3]"
    assert shown(named("skills.paths"), document) == '["a", 1]'
    assert edit(named("tier"), document, "3") == Set(("description", "tier"), "3")
    assert edit(named("tier"), document, "") == Delete(("description", "tier"))


def test_the_choices_of_a_field_are_all_fine() -> None:
    for target in FIELDS:
        for choice in target.choices:
            after = changed(target.id, choice)
            assert isinstance(after, dict)
            assert not [one for one in judge(after) if one.path == target.path and one.code.endswith("type")]
    assert all(
        target.empty is not Empty.ABSENT for target in FIELDS if target.id in ("summary", "model", "name")
    )


@settings(max_examples=150, deadline=None)
@given(target=st.sampled_from(ALL), text=st.text(max_size=20))
def test_whatever_is_typed_is_held_or_refused(target: Field, text: str) -> None:
    document = good()
    try:
        made = edit(target, document, text)
    except FieldError:
        assert target.kind is not Kind.LINES
        return
    before = lingtai_bytes(document).decode()
    after = json_text.parse(before if made is None else json_text.apply(before, [made])).value
    if target.kind is Kind.TEXT:
        assert shown(target, after) == (text if text.strip() else "")


@pytest.mark.parametrize("target", [*ALL, *capability_fields("unheard of")], ids=lambda target: target.id)
def test_every_field_has_a_page_behind_it_or_says_which_notes_its_rule_comes_from(target: Field) -> None:
    assert bool(target.area) != bool(target.rule)
    assert not target.area or target.area in catalogue.load().areas
    assert not target.rule or "lingtai-presets.md §" in target.rule
