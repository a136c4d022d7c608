"""Text that is cut anywhere is as clean as the whole."""

from hypothesis import given
from hypothesis import strategies as st

from mimo_tui.core.cleaning import LineCleaner
from mimo_tui.core.text import clean_lines

pieces = st.lists(
    st.text(alphabet="a\t\r\n中é\u0301\x1b\x9b\u202e\u200d👩 ]", max_size=6),
    max_size=12,
)


@given(pieces)
def test_pieces_together_are_as_clean_as_the_whole(parts: list[str]) -> None:
    cleaner = LineCleaner()
    shown = "".join([*map(cleaner.feed, parts), cleaner.close()])
    assert shown == clean_lines("".join(parts))


def test_a_line_end_that_is_cut_in_two_is_one_line_end() -> None:
    cleaner = LineCleaner()
    assert [cleaner.feed("a\r"), cleaner.feed("\nb\r"), cleaner.close()] == ["a", "\nb", "␍"]


def test_a_tab_reaches_as_far_as_it_would_in_the_whole_line() -> None:
    cleaner = LineCleaner()
    assert "".join(map(cleaner.feed, ["ab", "c", "\tx", "\t", "y\n", "\tz"])) == "abc x   y\n    z"
