"""A text that grows looks as it would if it had come as a whole, and costs no more the longer it is."""

import re
from collections.abc import Callable, Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it.token import Token

from mimo_tui.core.text import Clean, clean_lines
from mimo_tui.tui.page import growing
from mimo_tui.tui.page.growing import GrowingMarkdown, GrowingPlain, lay_markdown, lay_plain
from mimo_tui.tui.page.growing_blocks import refitted
from mimo_tui.tui.page.layout import Flow, Laid
from mimo_tui.tui.page.reading import BlockReader
from tests.tui.test_page_layout import FRAGMENTS, SAMPLE
from tests.tui.test_page_layout import lines as lines_of

READER = BlockReader()

texts = st.lists(st.sampled_from(FRAGMENTS), max_size=25).map("\n".join)
cuts = st.lists(st.integers(1, 14), min_size=1, max_size=9)


def lines(laid: Sequence[Laid], width: int) -> list[str]:
    flow = Flow(width)
    flow.add(laid)
    return lines_of(flow)


def cut(text: str, sizes: Sequence[int]) -> Iterator[Clean]:
    """Give a text in pieces of these sizes, over and over."""
    at = number = 0
    while at < len(text):
        size = sizes[number % len(sizes)]
        yield Clean(text[at : at + size])
        at, number = at + size, number + 1


def grown(text: str, sizes: Sequence[int], width: int = 40) -> tuple[list[Laid], GrowingMarkdown]:
    """Let a text grow, and keep what is shown as who shows it does: only what changed is taken over."""
    one, shown = GrowingMarkdown(READER, width), list[Laid]()
    for piece in cut(text, sizes):
        first = one.feed(piece)
        shown[first:] = one.laid[first:]
    return shown, one


@settings(max_examples=80)
@given(texts, cuts, st.integers(12, 90))
def test_a_text_cut_anywhere_looks_like_the_whole(text: str, sizes: list[int], width: int) -> None:
    shown, one = grown(clean_lines(text), sizes, width)
    if not one.is_rough:
        assert lines(shown, width) == lines(lay_markdown(text, READER, width), width)


@settings(max_examples=60)
@given(texts, cuts)
def test_long_blocks_cut_anywhere_lose_no_word(text: str, sizes: list[int]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(growing, "LONG", 20)
        shown, _ = grown(clean_lines(text), sizes)
    whole = lay_markdown(text, READER, 40)

    def letters(laid: Sequence[Laid]) -> list[str]:
        return sorted(re.findall(r"\w", "".join(lines(laid, 40))))

    assert [mark for mark in letters(shown) if mark != "_"] == [
        mark for mark in letters(whole) if mark != "_"
    ]


FENCE = (
    "before\n\n  ```python\n" + "".join(f"  line = {number}\n\n" for number in range(300)) + "  ```\n\nafter"
)
BULLETS = "before\n\n" + "".join(f"- item\n  - inner `{number}`\n" for number in range(300)) + "\nafter"
LOOSE = "before\n\n" + "".join(f"- item\n\n  more {number}\n\n" for number in range(200)) + "after"
TABLE = "|a|b|\n|-|-|\n" + "".join(f"| `x{number % 7}` | some words |\n" for number in range(300)) + "\nafter"


@pytest.mark.parametrize("text", [FENCE, BULLETS, LOOSE, TABLE], ids=["fence", "list", "loose list", "table"])
@pytest.mark.parametrize("size", [7, 64])
def test_a_long_block_looks_like_the_whole_while_it_grows(text: str, size: int) -> None:
    shown, one = grown(text, [size])
    assert one.is_rough
    assert lines(shown, 40) == lines(lay_markdown(text, READER, 40), 40)


def test_a_table_whose_cells_get_longer_is_made_wider_as_a_whole() -> None:
    rows = [f"| {number} | {'word ' * (1 + number // 20)}|\n" for number in range(200)]
    one, shown = GrowingMarkdown(READER, 80), list[Laid]()
    widened = 0
    for piece in ["| n | words |\n|-|-|\n", *rows]:
        first = one.feed(Clean(piece))
        shown[first:] = one.laid[first:]
        if table := one.outgrown:
            refitting = table.refitting()
            one.feed(Clean("| 0 | a row that comes meanwhile |\n"))
            again = one.refit(table, refitting.blocks, *refitted(refitting, READER, 80))
            assert again is not None
            shown[:] = one.laid
            widened += 1
    assert 2 <= widened <= 12
    assert max(map(len, lines(shown, 80))) > 45
    assert sum("a row that comes meanwhile" in line for line in lines(shown, 80)) == widened


def test_a_table_that_ended_is_not_made_wider_any_more() -> None:
    one = GrowingMarkdown(READER, 80)
    one.feed(Clean("|a|b|\n|-|-|\n" + "| x | y |\n" * 200))
    one.feed(Clean(f"| x | {'long ' * 9} |\n" * 200))
    table = one.outgrown
    assert table is not None
    refitting = table.refitting()
    one.feed(Clean("\nafter\n\nand more\n"))
    assert one.refit(table, refitting.blocks, *refitted(refitting, READER, 80)) is None


@settings(max_examples=60)
@given(st.text(alphabet="ab \n中", max_size=80), cuts)
def test_text_without_markdown_grows_line_by_line(text: str, sizes: list[int]) -> None:
    one, shown = GrowingPlain(10, quoted=True), list[Laid]()
    for piece in cut(text, sizes):
        first = one.feed(piece)
        shown[first:] = one.laid[first:]
    assert lines(shown, 10) == lines(lay_plain(text, 10, quoted=True), 10)


class CountingReader(BlockReader):
    """Counts the characters that are parsed."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def parse(self, source: str) -> list[Token]:
        self.count += len(source)
        return super().parse(source)


SHAPES: dict[str, Callable[[int], str]] = {
    "prose": lambda number: f"Sentence {number} of a paragraph with `code` in it. " * 9 + "\n\n",
    "code": lambda number: f"    value = {number}  # line of code\n" if number else "```python\n",
    "list": lambda number: f"- item {number} with **words**\n  - one in it\n",
    "table": lambda number: f"| name {number % 9} | words |\n" if number else "| a | b |\n|---|---|\n",
    "plain lines": lambda number: f"> quoted line {number}\n\n",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_after_a_long_text_more_of_it_takes_no_more_work(shape: str) -> None:
    reader = CountingReader()
    one = GrowingMarkdown(reader, 80)
    text = "".join(SHAPES[shape](number) for number in range(4_500))[:45_000]
    work: list[int] = []
    for piece in cut(text, [30]):
        before = reader.count
        first = one.feed(piece)
        work.append(reader.count - before + 20 * (len(one.laid) - first))
    early, late = sum(work[:400]), sum(work[-400:])
    assert late <= 1.3 * early
    assert max(work) < 40_000


def test_the_sample_grows_letter_by_letter() -> None:
    shown, _ = grown(clean_lines(SAMPLE), [1], 60)
    assert lines(shown, 60) == lines(lay_markdown(SAMPLE, READER, 60), 60)
