"""A long text is split at ends of sentences, and nothing of it is lost."""

import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mimo_tui.core.speech.splitting import leading_tag, split_text

WORDS = (
    "Hello",
    "wörld",
    "今天",
    "天气很好",
    "3.14",
    "Mr.",
    "e.g.",
    "[sigh]",
    "（轻笑）",
    "Yes!",
    "“Go.”",
    "他说",
)
MARKS = (". ", "! ", "? ", "。", "！", "？", "……", ", ", "，", "; ", " ", "\n", "\n\n", "  ", "\u3000")
TEXTS = st.lists(st.sampled_from([*WORDS, *MARKS]), max_size=60).map("".join) | st.text(max_size=200)

FAMILY = "👨\u200d👩\u200d👧"
SIGNS = ("a", "é", "e\u0301", "各", "🇩🇪", FAMILY, "👍🏽", "1\ufe0f\u20e3", "각", "กำ", "\U0001f600")


@given(text=TEXTS, most=st.integers(1, 60))
@example(text=" " * 70, most=60)
@example(text="a" + " " * 70 + "\n\nb", most=20)
@example(text="x" * 50 + " \u0301y", most=50)
@settings(max_examples=300)
def test_the_parts_are_the_text_but_for_blanks_at_the_cuts(text: str, most: int) -> None:
    parts = split_text(text, most)
    rest = text
    for part in parts:
        at = rest.index(part)
        assert not rest[:at].strip()
        rest = rest[at + len(part) :]
    assert not rest.strip()
    assert all(0 < len(part) <= most and part.strip() for part in parts) or not text.strip()
    assert parts


@given(st.lists(st.sampled_from(SIGNS), min_size=1, max_size=60), st.integers(8, 20))
@settings(max_examples=200)
def test_what_a_reader_sees_as_one_sign_is_never_cut(signs: list[str], most: int) -> None:
    left = list(signs)
    for part in split_text("".join(signs), most):
        whole = ""
        while len(whole) < len(part):
            whole += left.pop(0)
        assert whole == part
    assert not left


def test_two_halves_of_a_sign_that_came_alone_stay_together() -> None:
    sign = "\ud83d\ude00"
    assert split_text(f"a{sign * 3}", 4) == (f"a{sign}", sign * 2)


@given(
    st.lists(
        st.sampled_from(["[sigh]", "[deep breath]", "（轻笑）", "word", "好", ". ", "。", " "]), max_size=60
    )
)
@settings(max_examples=200)
def test_cues_are_never_cut_in_two(pieces: list[str]) -> None:
    text = "".join(pieces)
    cues = re.compile(r"\[[^\]]*\]|（[^）]*）")
    assert [cue for part in split_text(text, 16) for cue in cues.findall(part)] == cues.findall(text)


@pytest.mark.parametrize(
    ("text", "most", "parts"),
    [
        ("One two. Three four. Five.", 22, ("One two. Three four.", "Five.")),
        ("Mr. Smith came. He sat.", 20, ("Mr. Smith came.", "He sat.")),
        ("It is 3.14 or so. Fine.", 20, ("It is 3.14 or so.", "Fine.")),
        ("Nuts, e.g. Brazil nuts, are here. Eat.", 34, ("Nuts, e.g. Brazil nuts, are here.", "Eat.")),
        ("So said J. R. Tolkien once. Yes.", 28, ("So said J. R. Tolkien once.", "Yes.")),
        ("It was no. 5 of all. Good.", 22, ("It was no. 5 of all.", "Good.")),
        ("I said no. Then I left them.", 20, ("I said no.", "Then I left them.")),
        ("Go. 2. Wait here a bit. End.", 24, ("Go. 2. Wait here a bit.", "End.")),
        ("“Really?” he asked. I nodded.", 22, ("“Really?” he asked.", "I nodded.")),
        ('He said "Go." Then he went.', 20, ('He said "Go."', "Then he went.")),
        ("Wait... what is this? Nothing.", 24, ("Wait... what is this?", "Nothing.")),
        ("今天很好。我们走吧！你呢？", 10, ("今天很好。我们走吧！", "你呢？")),
        ("他说：“好。”然后走了。", 8, ("他说：“好。”", "然后走了。")),
        ("真的吗？！是的……也许吧", 9, ("真的吗？！是的……", "也许吧")),
        ("圆周率是3.14，很长。对", 12, ("圆周率是3.14，很长。", "对")),
        ("Hello.你好。再见", 9, ("Hello.你好。", "再见")),
        ("A title\n\nThen the text", 16, ("A title", "Then the text")),
        ("a line\nof a poem\nby me", 17, ("a line\nof a poem", "by me")),
        ("one two, three four five", 18, ("one two,", "three four five")),
        ("没有句号的句子，很长很长", 10, ("没有句号的句子，", "很长很长")),
        ("10,000 people and more", 9, ("10,000", "people", "and more")),
        ("abcdefghij", 4, ("abcd", "efgh", "ij")),
        ("Well done. [sigh] Go on.", 13, ("Well done.", "[sigh] Go on.")),
        ("(She left. He stayed.) End.", 24, ("(She left. He stayed.)", "End.")),
    ],
)
def test_where_a_text_is_split(text: str, most: int, parts: tuple[str, ...]) -> None:
    assert split_text(text, most) == parts


def test_a_text_that_is_short_enough_stays_as_it_is() -> None:
    assert split_text("  One. Two.\n", 12) == ("  One. Two.\n",)


def test_a_cue_that_is_longer_than_a_part_is_cut_all_the_same() -> None:
    assert split_text("[a very long cue that has no end]", 10)[0] == "[a very"


def test_a_part_without_room_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one character"):
        split_text("text", 0)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("(happy) Hello", "(happy) "),
        ("（唱歌）你好", "（唱歌）"),
        ("[sing]\nLa la", "[sing]\n"),
        (" (soft, slow)Hello", " (soft, slow)"),
        ("(sing", ""),
        ("Hello (he said)", ""),
        ("()Hello", ""),
        (f"({'long ' * 40}) Hello", ""),
        ("", ""),
        ("(only a tag)", "(only a tag)"),
    ],
)
def test_the_tag_that_a_text_begins_with(text: str, tag: str) -> None:
    assert leading_tag(text) == (tag, text[len(tag) :])


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000,
        "." * 100_000,
        " \n" * 50_000,
        "[a" * 50_000,
        "👍🏽" * 50_000,
        "🇩" * 100_000,
        "a.好" * 30_000,
    ],
)
def test_a_text_of_one_sign_over_and_over_is_split_in_no_time(text: str) -> None:
    began = time.process_time()
    assert all(len(part) <= 2500 for part in split_text(text, 2500))
    assert time.process_time() - began < 1
