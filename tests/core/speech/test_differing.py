"""What was heard is held against what was to be said."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mimo_tui.core.speech.aligning import Step, align
from mimo_tui.core.speech.differing import Kind, Unit, differ

TEXTS = st.lists(
    st.sampled_from(
        ["the", "The ", "fox", "fox, ", "don't ", "3.14 ", "北京", "走了。", ". ", "\n", "é ", "e\u0301 "]
    ),
    max_size=25,
).map("".join) | st.text(max_size=60).filter(lambda text: not {*"[(（"} & {*text})


def parts(said: str, heard: str) -> list[tuple[str, str]]:
    return [(part.kind.value, part.text) for part in differ(said, heard).parts]


def distance(before: Sequence[str], after: Sequence[str]) -> int:
    """Give the edit distance by the table that textbooks have."""
    row = list(range(len(after) + 1))
    for number, word in enumerate(before, 1):
        last, row = row, [number]
        for at, other in enumerate(after):
            row.append(min(row[at] + 1, last[at + 1] + 1, last[at] + (word != other)))
    return row[-1]


def test_case_punctuation_tags_and_cues_do_not_count() -> None:
    said = "(happy) “Don’t go,” [sigh] she said: it costs 1,000!"
    found = differ(said, "don't go she SAID it costs 1000")
    assert (found.differing, found.units, found.rate) == (0, 7, 0.0)
    assert [(part.kind, part.text) for part in found.parts] == [(Kind.SAME, said)]


def test_words_that_are_missing_and_added_stand_where_they_belong() -> None:
    assert parts("The quick brown fox jumps.", "the quick green fox really jumps") == [
        ("same", "The quick "),
        ("missing", "brown "),
        ("added", "green "),
        ("same", "fox "),
        ("added", "really "),
        ("same", "jumps."),
    ]


def test_a_word_heard_as_another_differs_once() -> None:
    found = differ("one two three four", "one too three four")
    assert (found.differing, found.units, found.rate, found.unit) == (1, 4, 0.25, Unit.WORDS)


def test_chinese_is_compared_character_by_character() -> None:
    found = differ("他去了北京。", "他走了北京")
    assert [(part.kind.value, part.text) for part in found.parts] == [
        ("same", "他"),
        ("missing", "去"),
        ("added", "走"),
        ("same", "了北京。"),
    ]
    assert (found.differing, found.units, found.unit) == (1, 5, Unit.CHARACTERS)


def test_both_languages_in_one_text_are_counted_together() -> None:
    found = differ("我爱 MiMo 模型", "我爱 Mimo 魔型")
    assert (found.differing, found.units, found.unit) == (1, 5, Unit.BOTH)


def test_what_is_added_is_kept_apart_from_what_stands_beside_it() -> None:
    assert parts("It ends.", "It ends. Again") == [("same", "It ends."), ("added", " Again")]
    assert parts("结束。", "结束。再来") == [("same", "结束。"), ("added", "再来")]


@pytest.mark.parametrize(
    ("said", "heard", "differing", "units"),
    [("", "", 0, 0), ("", "two words", 2, 2), ("two words", "", 2, 2), ("...", "", 0, 0), ("…", "one", 1, 1)],
)
def test_a_text_without_words_is_compared_too(said: str, heard: str, differing: int, units: int) -> None:
    found = differ(said, heard)
    assert (found.differing, found.units) == (differing, units)
    assert "".join(part.text for part in found.parts if part.kind is not Kind.ADDED) == said


@given(said=TEXTS, heard=TEXTS)
@settings(max_examples=300)
def test_the_parts_are_what_was_to_be_said_and_both_directions_differ_by_the_same(
    said: str, heard: str
) -> None:
    found, back = differ(said, heard), differ(heard, said)
    assert "".join(part.text for part in found.parts if part.kind is not Kind.ADDED) == said
    assert (found.differing, found.units, found.unit) == (back.differing, back.units, back.unit)
    assert 0 <= found.rate <= 1
    assert all(part.text for part in found.parts)
    assert differ(said, said).differing == 0
    assert (found.differing == 0) == all(part.kind is Kind.SAME for part in found.parts)


@given(st.lists(st.sampled_from("abc"), max_size=30), st.lists(st.sampled_from("abcd"), max_size=30))
@settings(max_examples=300)
def test_the_steps_lead_from_one_row_to_the_other_and_are_the_fewest(
    before: list[str], after: list[str]
) -> None:
    steps = list(align(before, after))
    left, other = iter(before), iter(after)
    for step in steps:
        one = next(left) if step is not Step.PUT_IN else None
        two = next(other) if step is not Step.LEFT_OUT else None
        if one is not None and two is not None:
            assert (one == two) == (step is Step.SAME)
    assert not [*left, *other]
    assert sum(step is not Step.SAME for step in steps) == distance(before, after)


def test_very_long_texts_are_compared_as_well() -> None:
    words = [f"word{number * 7919 % 997}" for number in range(20_000)]
    heard = [word for number, word in enumerate(words) if number % 500]
    found = differ(" ".join(words), " ".join(heard))
    assert (found.differing, found.units) == (40, 20_000)


def test_a_transcript_that_never_ends_is_compared_all_the_same() -> None:
    found = differ("Hello there", "x " * 50_000)
    assert (found.differing, found.units) == (50_000, 50_000)
