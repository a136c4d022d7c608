"""Markdown as lines of a terminal: whatever the text and the width, nothing is lost and nothing stands outside."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from mimo_tui.core.text import Clean, clean_lines
from mimo_tui.tui.page.blocks import Block, Kind
from mimo_tui.tui.page.layout import Flow, lay
from mimo_tui.tui.page.opened import Opened, lay_all, read_on
from mimo_tui.tui.page.painting import shown
from mimo_tui.tui.page.reading import BlockReader, Progress

SAMPLE = """\
# The title, with `code` and [a link](/docs/x#中文)

Some *words* with **strong _both_** and snake_case_words, see https://example.org/a_(b). More ~~gone~~ text
that goes on in the next line [/foo] [@click=app.bell]x[/] <b>html</b>.

> quoted text that is long enough to be wrapped, at least where there is little room for it
>
> - an item in it
> > and a quotation in it

- one
  - two
    1. three
    2. four

       still four
- [x] five

```python
def answer(question: str) -> str:
    return "a string that is long enough to be broken where there is little room for it"
```

| Model | Price | What it is |
|:-|-:|:-:|
| mimo-v2.5-pro-ultraspeed | 1.50 | [linked](https://example.org) and more words |
| mimo-v2.5 | 0.80 | `code` |

中文段落，这是一个很长的句子，用来测试换行的规则；看看标点（括号）会不会在行首。
第二行 mixed words，好的。

---

![a picture](picture.png)
"""

FRAGMENTS = (
    "# Title", "word", "two words", "中文，句子。", "- item", "  - inner", "1. first", "> quote", ">> deep", "```",
    "~~~~", "    indented", "| a | b |", "|---|---|", "| `x` | y |", "---", "**strong**", "[link](/x)", "", "",
    "\\*", "&#x202e;", "`code`", "  ```json", "x" * 50, "🙂 emoji 👨‍👩‍👧", "[/foo]", "<div>", "* * *", "===",
    "###### six", "end  ",
)  # fmt: skip

texts = st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("\n".join)


def laid_out(text: str, width: int = 80) -> Flow:
    page, flow = Opened(clean_lines(text), {}), Flow(width)
    while not page.is_read:
        flow.add(page.take(read_on(page.text, page.progress, width)))
    return flow


def lines(flow: Flow) -> list[str]:
    return [shown(flow, flow.spot(y)) for y in range(flow.height)]


def words(text: str) -> str:
    """The letters and digits of a text: what must not get lost however it is wrapped."""
    return re.sub(r"\W|_", "", text)


@pytest.mark.parametrize("width", [20, 27, 40, 80, 133, 200])
def test_no_line_is_wider_than_the_page(width: int) -> None:
    flow = laid_out(SAMPLE, width)
    assert max(map(cell_len, lines(flow))) <= width
    for word in ("title", "snake_case_words", "mimo-v2.5-pro-", "four", "picture"):
        assert any(word in line for line in lines(flow)), word


def test_a_page_looks_like_this() -> None:
    assert (
        lines(laid_out(SAMPLE, 40))
        == """\
# The title, with code and a link

Some words with strong both and
snake_case_words, see
https://example.org/a_(b). More gone
text that goes on in the next line
[/foo] [@click=app.bell]x[/]
<b>html</b>.

▌ quoted text that is long enough to be
▌ wrapped, at least where there is
▌ little room for it
▌
▌ • an item in it
▌
▌ ▌ and a quotation in it

• one
  ◦ two

    1. three

    2. four

       still four
• [x] five

  def answer(question: str) -> str:
      return "a string that is long enou
  gh to be broken where there is little\x20
  room for it"

Model: mimo-v2.5-pro-ultraspeed
Price: 1.50
What it is: linked and more words
----------------------------------------
Model: mimo-v2.5
Price: 0.80
What it is: code

中文段落，这是一个很长的句子，用来测试换
行的规则；看看标点（括号）会不会在行首。
第二行 mixed words，好的。

----------------------------------------

▣ a picture""".splitlines()
    )


@settings(max_examples=150)
@given(texts, st.integers(1, 60))
def test_any_text_fits_at_any_width(text: str, width: int) -> None:
    flow = laid_out(text, width)
    # Where not even four cells are left for the text, it is cut off by the screen.
    assert max(map(cell_len, lines(flow)), default=0) <= max(width, 10)
    assert flow.height == len(lines(flow))
    for y in range(flow.height):
        assert flow.y(*flow.spot(y)) == y


@settings(max_examples=150)
@given(texts)
def test_pieces_read_alone_are_the_same_as_the_whole(text: str) -> None:
    cleaned = clean_lines(text)
    whole = BlockReader().read(cleaned)
    pieces, done = list[Block](), Progress(size=1)
    while done.at < len(cleaned):
        more, done = BlockReader().read_on(cleaned, done._replace(size=1))
        pieces += more
    assert [(block.kind, block.text.plain, block.line) for block in pieces] == [
        (block.kind, block.text.plain, block.line) for block in whole
    ]


@settings(max_examples=100)
@given(
    st.lists(
        st.sampled_from(["alpha", "be", "中文字", "，", "。", "“x”", "verylongword" * 3, "é"]), max_size=30
    )
)
def test_a_word_is_broken_only_where_it_is_longer_than_the_line(parts: list[str]) -> None:
    text = " ".join(parts)
    flow = laid_out(text or "x", 12)
    found = lines(flow)
    assert words("".join(found)) == words(text or "x")
    for word in ("alpha", "be", "é"):
        assert sum(line.split().count(word) for line in found) == parts.count(word)


def test_a_chinese_line_begins_with_no_closing_sign() -> None:
    flow = laid_out("这是一个句子，" * 40 + "（括号）。", 30)
    assert not [line for line in lines(flow) if line[0] in "，。）"]
    assert not [line for line in lines(flow) if line.endswith("（")]


@pytest.mark.parametrize(
    ("text", "height"),
    [
        ("```\n" + "line of code\n" * 10_000 + "```", 10_000),
        ("word " * 200_000, None),
        ("x" * 1_000_000, 10_000),
        ("中文" * 100_000, 4_000),
        ("[" * 300_000, 3_000),
        ("|a|b|\n|-|-|\n" + "|one|`two`|\n" * 5_000, 5_002),
        (">" * 5_000 + "deep", None),
        ("\n".join("  " * depth + "- x" for depth in range(300)), None),
        ("- " * 20_000 + "deep", None),
        ("", 0),
        ("\n\n\n", 0),
    ],
    ids=[
        "fence",
        "line",
        "word",
        "chinese",
        "brackets",
        "table",
        "quotes",
        "lists",
        "items",
        "empty",
        "blank",
    ],
)
def test_a_monstrous_text_is_shown_whole(text: str, height: int | None) -> None:
    flow = laid_out(text, 100)
    if height is not None:
        assert flow.height == height
    plain = "".join(laid.text.plain for laid in flow.laid)
    assert words(plain) == words(text) or flow.laid[0].block.kind is Kind.TABLE


def test_time_and_lines_grow_with_the_text_and_no_faster() -> None:
    def seconds(text: str) -> float:
        best = 9.0
        for _ in range(3):
            start = time.process_time()
            laid_out(text)
            best = min(best, time.process_time() - start)
        return best

    text = SAMPLE * 25
    assert seconds(text * 2) / 2 <= seconds(text) * 1.6


def test_a_table_has_columns_where_they_find_room_and_is_read_row_by_row_where_not() -> None:
    table = "| Name | Meaning |\n|-|-:|\n| rpm | requests a minute |\n| tpm | tokens |"
    assert lines(laid_out(table, 60)) == [
        "Name |           Meaning",
        "-----+------------------",
        "rpm  | requests a minute",
        "tpm  |            tokens",
    ]
    assert lines(laid_out(table, 12)) == [
        "Name: rpm",
        "Meaning:",
        "  requests a",
        "  minute",
        "-" * 12,
        "Name: tpm",
        "Meaning:",
        "  tokens",
    ]


def test_links_lie_over_their_words_also_in_the_cells_of_a_table() -> None:
    flow = laid_out("A [b c](/one) and\n\n| x | y |\n|-|-|\n| z | see [the words](/two#三) |", 14)
    found = [
        (laid.text.plain[link.start : link.end], link.href, link.number)
        for laid in flow.laid
        for link in laid.text.links
    ]
    assert found == [("b c", "/one", 0), ("the", "/two#三", 0), ("words", "/two#三", 0)]


def test_an_address_in_the_text_is_a_link_without_the_dot_behind_it() -> None:
    text = (
        laid_out("See https://example.org/a_(b)_c. And (https://example.org/x), 见https://example.org/中。")
        .laid[0]
        .text
    )
    assert [link.href for link in text.links] == [
        "https://example.org/a_(b)_c",
        "https://example.org/x",
        "https://example.org/中",
    ]


def test_what_an_entity_stands_for_is_cleaned_too() -> None:
    flow = laid_out("a &#x202e; b [l](&#x202e;x) `&#x202e;`\n\n    &#x1b;[31m\n\n# &#x9b; c")
    assert not re.search("[\u202e\x1b\x9b]", "".join(lines(flow)))
    assert not any("\u202e" in link.href for laid in flow.laid for link in laid.text.links)


def test_a_text_that_grows_is_read_again_from_its_last_block_only() -> None:
    text, reader, flow, settled = Clean(SAMPLE), BlockReader(), Flow(50), 0
    for end in [*range(0, len(text), 40), len(text)]:
        start = flow.laid[settled].block.line if settled < len(flow.laid) else 0
        tail = "\n".join(text[:end].split("\n")[start:])
        blocks = reader.read(tail, start)
        flow.keep(settled)
        flow.add(lay_all(blocks, 50))
        # All but the last block outside of lists and quotations are as they will stay.
        alone = [
            at for at in range(settled, len(flow.laid)) if not flow.laid[at].block.place.hang.strip("# ")
        ]
        settled = alone[-1] if alone else settled
    assert lines(flow)[:5] == lines(laid_out(SAMPLE, 50))[:5]
    assert flow.height == len(lines(flow))


def test_what_is_copied_has_no_breaks_that_only_the_width_made() -> None:
    flow = laid_out(SAMPLE, 30)
    everything = flow.copied(0, 0, flow.height - 1, None)
    assert (
        "Some words with strong both and snake_case_words, see https://example.org/a_(b). More gone text"
        in everything
    )
    assert (
        '    return "a string that is long enough to be broken where there is little room for it"\n'
        in everything
    )
    assert (
        "中文段落，这是一个很长的句子，用来测试换行的规则；看看标点（括号）会不会在行首。第二行" in everything
    )
    assert "▌" not in everything


def test_the_line_at_the_top_is_found_again_at_another_width() -> None:
    wide, narrow = laid_out(SAMPLE, 120), laid_out(SAMPLE, 30)
    for y in range(narrow.height):
        place = narrow.place(y)
        spot = wide.spot(wide.y_of(place))
        assert spot.block == place.block


def test_every_block_is_laid_out_alone() -> None:
    blocks = BlockReader().read(Clean(SAMPLE))
    together = Flow(60)
    together.add(lay_all(blocks, 60))
    assert [laid.lines for laid in together.laid] == [lay(block, 60).lines for block in blocks]
