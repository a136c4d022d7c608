"""Promise 23, for the index of the docs and their pages: no text makes a reader fail, and 1 MB takes no time."""

import time
from collections.abc import Callable, Iterable

import pytest
from hypothesis import HealthCheck, given, settings

from mimo_tui.core.docs.dump import split_dump
from mimo_tui.core.docs.index import is_web_page, read_index
from mimo_tui.core.docs.page import as_markdown, read_page
from mimo_tui.simulator.site.contents import shipped
from tests.core.docs.mdx import pages

Reached = Callable[[str, str], None]
MEGABYTE = 1024 * 1024
COUNTS = [500, pytest.param(100_000, marks=pytest.mark.long)]


@pytest.mark.parametrize("count", COUNTS)
def test_no_index_raises(count: int, reached: Reached) -> None:
    seen = 0

    @settings(max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(pages())
    def check(text: str) -> None:
        nonlocal seen
        index = read_index(text)
        assert index is None or index.entries
        assert all(page.url for page in split_dump(text))
        seen += 1

    check()
    reached("23", f"{seen:,} generated llms.txt: 0 uncaught exceptions")


@pytest.mark.parametrize("count", COUNTS)
def test_no_page_raises(count: int, reached: Reached) -> None:
    seen = 0

    @settings(max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(pages())
    def check(text: str) -> None:
        nonlocal seen
        page, written = read_page(text), as_markdown(text)
        assert page.title == written.title
        assert page.updated == written.updated
        assert written.text.replace("\n", "").isprintable() or not written.text.isascii()
        seen += 1

    check()
    reached("23", f"{seen:,} generated MDX pages: 0 uncaught exceptions")


def seconds(function: Callable[[str], object], text: str) -> float:
    began = time.process_time()
    function(text)
    return time.process_time() - began


def megabyte_of(unit: str) -> str:
    return unit * (MEGABYTE // len(unit.encode()) + 1)


def test_a_megabyte_of_the_docs_is_read_quickly(reached: Reached) -> None:
    everything = "\n\n".join(page.text for page in shipped().pages.values())
    chat, models = (
        shipped().page("api/chat/openai-api").text,
        shipped().page("quick-start/summary/model").text,
    )
    slowest = max(
        seconds(function, megabyte_of(text))
        for text in (everything, chat, models)
        for function in (read_page, as_markdown)
    )
    index = shipped().files["/llms.txt"].body.decode()
    dump = shipped().files["/llms-full.txt"].body.decode()
    listed = max(seconds(read_index, megabyte_of(index)), seconds(split_dump, megabyte_of(dump)))
    assert max(slowest, listed) < 1.0
    reached("23", f"1 MB of MDX pages: at most {slowest * 1000:.0f} ms; of llms.txt {listed * 1000:.0f} ms")


WORST = ("<", "{/*", "a|b\n", "-\n")
MARKS = """< [ ` * _ | > \\ { & " ]( [a](b ![ **a a_ `a` <a <div <div> </div> <td> <tr><td> <table> <!-- <pre> <h2> <li>
<code> &amp; <InlineSchemaV2 <TabItem> ={` <b>x</b> <td> </code> ~~ ' <Foo/>"""
LINES = (
    "\n",
    "a\n",
    "a\n\n",
    "# a\n",
    "---\n",
    "``` \n",
    "1. a\n",
    "|-|\n",
    "a|b\n-|-\n",
    ":::a\n",
    "import {\n",
    "# \n<table>",
)


def slowest_of(units: Iterable[str], size: int) -> float:
    return max(
        seconds(function, unit * (size // len(unit.encode()) + 1))
        for unit in units
        for function in (read_page, as_markdown, read_index, split_dump, is_web_page)
    )


def test_one_mark_over_and_over_is_read_quickly() -> None:
    assert slowest_of(WORST, MEGABYTE // 8) < 1.0


@pytest.mark.long
def test_a_megabyte_of_one_mark_takes_linear_time(reached: Reached) -> None:
    units = (*WORST, *MARKS.split(), *LINES)
    slowest = slowest_of(units, MEGABYTE)
    assert slowest < 5.0
    reached(
        "23", f"1 MB of one mark of MDX over and over, {len(units)} kinds: at most {slowest * 1000:.0f} ms"
    )


@pytest.mark.parametrize(
    "text",
    [
        ">" * 10_000 + " a",
        "- " * 10_000 + "a",
        "<div>" * 10_000 + "a" + "</div>" * 10_000,
        "<b>" * 10_000 + "a",
        "<table><tr><td>" * 10_000 + "a",
        "[" * 10_000 + "a" + "](b)" * 10_000,
        "\n".join(" " * depth + "- a" for depth in range(2_000)),
        "<InlineSchemaV2 schema={`" + '[{"name":"a","children":' * 10_000 + "[]" + "}]" * 10_000 + "`} />",
        "<table>" + "<tr><td rowspan=9999 colspan=9999>a</td></tr>" * 500 + "</table>",
        "a|b\n-|-\n" + "|" * 100_000,
    ],
    ids=lambda text: text[:20],
)
def test_ten_thousand_levels_are_read_without_recursion(text: str) -> None:
    assert "a" in repr(read_page(text).blocks)
    assert "a" in as_markdown(text).text
