"""The parts of a page that a search looks through."""

from hypothesis import given
from hypothesis import strategies as st

from mimo_tui.core.docs.page import as_markdown
from mimo_tui.core.docs.sections import sections
from mimo_tui.core.text import clean

PAGE = """# Models

Above all.

## Prices & limits

| Model | Price |
| --- | --- |
| `a\\|b` | **1** |

```json
{"## no heading": "\\n"}
```

### Wow

- see [the page](https://x.example/y) &c.
1. > quoted
"""


def parts(text: str) -> list[tuple[str, str]]:
    return [(part.heading, part.text) for part in sections(as_markdown(text))]


def test_a_page_is_cut_at_its_headings_and_its_title_begins_no_part() -> None:
    assert [heading for heading, _ in parts(PAGE)] == ["", "Prices & limits", "Wow"]
    assert parts(PAGE)[0] == ("", "Above all.")


def test_the_words_of_a_part_are_without_marks() -> None:
    _, (_, table), (_, last) = parts(PAGE)
    assert table == 'Model Price a|b 1 {"## no heading": "\\n"}'
    assert last == "see the page &c. quoted"


def test_each_part_has_the_anchor_of_its_heading() -> None:
    found = sections(as_markdown(PAGE))
    assert [part.anchor for part in found] == ["", *(each.anchor for each in as_markdown(PAGE).headings[1:])]


def test_a_page_without_headings_is_one_part() -> None:
    assert parts("only words") == [("", "only words")]
    assert parts("") == [("", "")]


@given(st.text(st.sampled_from("#`|-*> \n[]()\\a密\x00\u202e"), max_size=300))
def test_no_page_breaks_it_and_every_part_is_clean(text: str) -> None:
    found = sections(as_markdown(text))
    assert found
    assert all(clean(each) == each for part in found for each in (part.heading, part.text))
