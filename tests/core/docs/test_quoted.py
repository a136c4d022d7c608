"""A row that a reader quotes is found on the page as people read it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimo_tui.core.docs.page import as_markdown
from mimo_tui.core.docs.quoted import find_quote

PAGE = as_markdown(
    """# Prices

The model mimo-v2.6-pro is the strong one; mimo_default is a voice.

## In yuan

| Model | Input | Output |
| --- | --- | --- |
| <code>mimo-v2.6-flash</code> | 1 | 2 |
| <code>mimo-v2.6-pro</code> | 3 | 6 |

## In dollars

| Model | Input | Output |
| --- | --- | --- |
| mimo-v2.6-pro | 0.4 | 0.9 |
"""
)


@pytest.mark.parametrize(
    ("quote", "anchor", "word"),
    [
        ("mimo-v2.6-pro | 3 | 6", "in-yuan", "mimo-v2.6-pro"),
        ("mimo-v2.6-pro | 0.4 | 0.9", "in-dollars", "mimo-v2.6-pro"),
        ("mimo-v2.6-flash | 1 | 2 ; mimo-v2.6-pro | 3 | 6", "in-yuan", "mimo-v2.6-flash"),
        ("Model | Input | Output", "in-yuan", "output"),
        ("mimo_default is a voice", "prices", "mimo_default"),
    ],
)
def test_a_quote_is_found_under_its_heading_by_a_word_that_stands_there_first(
    quote: str, anchor: str, word: str
) -> None:
    assert find_quote(PAGE, quote) == (anchor, word)


@pytest.mark.parametrize("quote", ["", " | ; ", "nothing of this stands there"])
def test_what_the_page_does_not_hold_is_not_found(quote: str) -> None:
    assert find_quote(PAGE, quote) is None


@given(st.text(), st.text())
def test_whatever_the_page_and_the_quote_are_nothing_fails(text: str, quote: str) -> None:
    page = as_markdown(text)
    found = find_quote(page, quote)
    assert found is None or found[1] in page.text.replace("\\", "").lower()
