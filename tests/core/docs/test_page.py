"""A page as its readers see it: headings, tables, schemas, paragraphs, code and the date at its foot."""

from collections.abc import Iterator
from datetime import date

import pytest

from mimo_tui.core.docs.page import Block, Code, Node, Paragraph, Schema, Table, read_page
from mimo_tui.simulator.site.contents import shipped


def blocks(text: str) -> tuple[Block, ...]:
    return read_page(text).blocks


def table(text: str) -> Table:
    (found,) = (block for block in blocks(text) if isinstance(block, Table))
    return found


def nodes(schema: str) -> tuple[Node, ...]:
    (found,) = (block for block in blocks(schema) if isinstance(block, Schema))
    return found.nodes


def walk(some: tuple[Node, ...]) -> Iterator[Node]:
    for node in some:
        yield node
        yield from walk(node.children)


def texts(text: str) -> list[str]:
    return [block.text for block in blocks(text) if isinstance(block, Paragraph)]


@pytest.mark.parametrize(("locale", "path"), shipped().pages)
def test_every_page_of_the_simulated_docs_is_read_whole(locale: str, path: str) -> None:
    shown = shipped().page(path, locale)
    page = read_page(shown.text)
    assert page.title == shown.title
    assert page.updated == shown.updated.date()
    tables = [block for block in page.blocks if isinstance(block, Table)]
    schemas = [block for block in page.blocks if isinstance(block, Schema)]
    codes = [block for block in page.blocks if isinstance(block, Code)]
    assert len(tables) == shown.text.count("<table>")
    assert sum(len(table.rows) + 1 for table in tables) == shown.text.count("<tr>")
    assert len(schemas) == shown.text.count("<InlineSchemaV2")
    assert sum(1 for one in schemas for _ in walk(one.nodes)) == shown.text.count('"isBold":')
    assert sum(bool(code.tab) for code in codes) == shown.text.count("<TabItem")
    assert not any("<td" in str(block) or "colgroup" in str(block) for block in page.blocks)
    lines = shown.text.split("\n")
    for line in [block.line for block in page.blocks if not isinstance(block, Paragraph)]:
        assert lines[line - 1].startswith(("<table", "<InlineSchemaV2", "```"))


def test_a_table_knows_the_headings_that_it_stands_under() -> None:
    found = table("# A\n\n### C\n\n## B\n\n#### D\n\n#### E `x`\n\n|a|\n|-|\n|1|\n")
    assert (found.headings, found.line) == (("A", "B", "E x"), 11)


@pytest.mark.parametrize(
    "text",
    [
        "| A | B |\n|---|:-:|\n| 1 | 2 |\n| 3 | |\n",
        "A|B\n-|-\n1|2\n3|",
        "> | A | B |\n> |---|---|\n> | 1 | 2 |\n> | 3 | |\n",
        (
            "<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr>"
            "<tr><td>3</td></tr></tbody></table>"
        ),
        "<table>\n<tr>\n<th>A\n<th>B\n<tr>\n<td>1\n<td>2\n<tr>\n<td>3\n</table>",
        (
            "<TABLE width='9'><TR><TD><b>A</b></TD><TD><p>B</p></TD></TR>{/* x */}<TR><TD> 1<!-- y --></TD><TD>2"
            "</TD></TR><TR><TD>3</TD></TR></TABLE>"
        ),
        "text <table><tr><td>A</td><td>B</td></tr><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr>\n\n# Next",
    ],
)
def test_a_table_is_read_however_it_is_written(text: str) -> None:
    found = table(text)
    assert (found.columns, found.rows) == (("A", "B"), (("1", "2"), ("3", "")))


def test_cells_are_plain_text() -> None:
    found = table(
        "|A|B|C|D|\n|-|-|-|-|\n"
        "| `a\\|b` | [**x**](https://h/y_z) | 1<br/>2 &lt;3&gt; | <code>&lt;id&gt;</code> {/* no */}_it_ snake_case |\n"
    )
    assert found.rows == (("a|b", "x", "1 2 <3>", "<id> it snake_case"),)


def test_spans_are_filled_in_and_headings_of_two_rows_are_joined() -> None:
    found = table(
        "<table><thead><tr><th rowspan={2}>Model</th><th colspan='2'>Price</th></tr>"
        "<tr><th>In</th><th>Out</th></tr></thead>"
        "<tr><td rowspan=2>a</td><td>1</td><td>2</td></tr><tr><td colspan=2>free</td></tr><tr><td>b</td></tr></table>"
    )
    assert found.columns == ("Model", "Price / In", "Price / Out")
    assert found.rows == (("a", "1", "2"), ("a", "free", "free"), ("b", "", ""))


def test_a_table_within_a_cell_is_text_of_that_cell() -> None:
    inner = "<table><tr><td>x</td><td>y</td></tr></table>"
    found = table(f"<table><tr><td>A</td></tr><tr><td>{inner}</td></tr></table>")
    assert found.rows == (("x y",),)


def test_text_beside_the_cells_of_a_table_is_a_paragraph() -> None:
    assert texts("<table><caption>Per hour</caption><tr><td>A</td></tr></table>") == ["Per hour"]


def test_a_parameter_has_types_default_and_lines_of_description() -> None:
    (outer,) = nodes(
        """<InlineSchemaV2 schema={`[{"name": "thinking", "type": ["object", "null"], "isBold": true, "required": true,
        "defaultValue": 0.5, "description": "One \\\\"two\\\\" \\`three\\` \\${four}<br />Range: [0, 1]
        <ul><li>a</li></ul>",
        "children": [{"name": "User", "type": "string | array", "description": "&lt;id&gt; \\\\n<code>x</code>"},
        7, null, {"children": [{"name": "deep"}]}]}]`} />"""
    )
    assert (outer.name, outer.types, outer.required, outer.default) == (
        "thinking",
        ("object", "null"),
        True,
        "0.5",
    )
    assert outer.description == 'One "two" three ${four}\nRange: [0, 1]\na'
    assert outer.is_field
    assert [(one.name, one.types, one.description) for one in outer.children] == [
        ("User", ("string", "array"), "<id>\nx"),
        ("deep", (), ""),
    ]


@pytest.mark.parametrize(
    "tag",
    [
        '<InlineSchemaV3 title="x" schema={[{"name": "a"}]} />',
        '<InlineSchemaV2\n  schema={`[{"name": "a"}]`}\n/>',
    ],
)
def test_a_schema_is_read_with_other_attributes_and_as_plain_json(tag: str) -> None:
    assert [node.name for node in nodes(f"before {tag} after")] == ["a"]
    assert texts(f"before {tag} after") == ["before", "after"]


@pytest.mark.parametrize("broken", ["[{", "[]", "", "7", "[[[", "[" * 100_000, "[{\\`}]", '[{"name": ""}]'])
def test_a_schema_that_cannot_be_read_is_code(broken: str) -> None:
    code, after = blocks(f"# T\n\n<InlineSchemaV2 schema={{`{broken}`}} />\n\nafter")
    assert isinstance(code, Code)
    assert code.text == broken
    assert isinstance(after, Paragraph)


@pytest.mark.parametrize("depth", [39, 41, 200])
def test_parameters_many_levels_deep_are_all_kept(depth: int) -> None:
    text = '{"name": "a", "children": [' * depth + "]}" * depth
    assert sum(1 for _ in walk(nodes(f"<InlineSchemaV2 schema={{`[{text}]`}} />"))) == depth


TABS = """
<Tab>
  <TabItem label={`Curl`}>

```bash title='x'
# no heading
<b>&lt;</b> {/* kept */} | a | b |
\tx
```

  </TabItem>
  <TabItem value='py' label="Python">

  ~~~
  if x:
      ```
  ~~~

  </TabItem>
</Tab>

```
loose
"""


def test_code_is_left_alone_and_knows_its_tab() -> None:
    assert [(block.language, block.text, block.tab) for block in blocks(TABS) if isinstance(block, Code)] == [
        ("bash", "# no heading\n<b>&lt;</b> {/* kept */} | a | b |\n    x", "Curl"),
        ("", "if x:\n    ```", "Python"),
        ("", "loose", ""),
    ]


def test_code_in_html_is_decoded() -> None:
    (found,) = blocks('<pre><code class="language-js">a &lt; b\nc</code></pre>')
    assert isinstance(found, Code)
    assert (found.language, found.text) == ("js", "a < b\nc")


PARAGRAPHS = """
one
two **three**

- a
  b
- c
  1. d

     e
> f
> g

<div className='mdx-highlight'>

h

</div>
<p>i</p><p>j <a href='x'>k</a></p>
<ul><li>l</li><li>m</li></ul>
<details><summary>n</summary>o</details>
"""


def test_paragraphs_items_and_quotations_are_one_line_each() -> None:
    assert texts(PARAGRAPHS) == ["one two three", "a b", "c", "d", "e", "f g", *"hi", "j k", *"lmno"]


MODULE = """---
title: 'Front'
tags:
  - x
---
import A, { B } from '@a/b';
import {
  C,
} from "c"
export const d = {
  e: 1,
}

{/* f

g */}
export the key, then
import it. <!-- h -->

<script>
i
</script>
<style>j</style>
"""


def test_comments_imports_scripts_and_front_matter_are_no_text() -> None:
    assert texts(MODULE) == ["export the key, then import it."]
    assert read_page(MODULE).title == "Front"


def test_words_in_angle_brackets_and_sums_stay() -> None:
    assert texts("Send <your key> or `<id>`, 1 < 2, a*b*c of <https://h/x> and {x}, { 'y' }, {\"z\"}.") == [
        "Send <your key> or <id>, 1 < 2, abc of https://h/x and {x}, y, z."
    ]


@pytest.mark.parametrize(
    ("foot", "day"),
    [
        ("Update Time: 2026-10-04", date(2026, 10, 4)),
        ("更新时间：2026-10-04", date(2026, 10, 4)),
        ("更新于 2026年10月4日", date(2026, 10, 4)),
        ("**Last updated:** October 4, 2026", date(2026, 10, 4)),
        ("Updated on 4th Oct. 2026", date(2026, 10, 4)),
        ("_Last updated 2026/10/4 12:30_", date(2026, 10, 4)),
        ("words before\nUpdate time：2026.10.04", date(2026, 10, 4)),
        ("Update Time: 2026-13-04", None),
        ("Updated on October 2026", None),
        ("Update your key before 2026-10-04", None),
        ("", None),
    ],
)
def test_the_date_at_the_foot_is_read_in_any_form(foot: str, day: date | None) -> None:
    assert read_page(f"# T\n\nUpdated by hand.\n\n---\n\n{foot}\n").updated == day


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("## B\n\n# A\n", "A"),
        ("### B ##\n", "B"),
        ("Under\n=====\n", "Under"),
        ("# `a` [b](c) {#d}\n", "a b"),
        ("", ""),
    ],
)
def test_the_title_is_the_first_heading_of_the_highest_level(text: str, title: str) -> None:
    assert read_page(text).title == title


def test_line_ends_of_any_kind_give_the_same_page() -> None:
    text = shipped().page("quick-start/summary/model").text
    assert (
        read_page(text.replace("\n", "\r\n"))
        == read_page(text)
        == read_page("\ufeff" + text.replace("\n", "\r"))
    )


HOSTILE = "\x1b]52;c;x\x07\u202e\u200b[/b][@click=app.bell]x[/]\x9b31m"


@pytest.mark.parametrize(
    "text",
    [
        f"# {HOSTILE}\n\n{HOSTILE}\n\n- {HOSTILE}\n\n```{HOSTILE}\n{HOSTILE}\n```\n",
        f"|{HOSTILE}|\n|-|\n|{HOSTILE}|\n",
        f"<table><tr><td>{HOSTILE}</td></tr><tr><td>&#27;[31m&#x202e;&#155;</td></tr></table>",
        f"<TabItem label='{HOSTILE}'>\n\n```\nx\n```\n",
        (
            '<InlineSchemaV2 schema={`[{"name": "\\\\u001b[31m", "type": "\\\\u202e", "defaultValue": "\\u{1b}", '
            '"description": "&#27;<br/>\\\\u009b", "children": [{"name": "\\\\ud800"}]}]`} />'
        ),
    ],
)
def test_nothing_that_a_terminal_would_obey_is_left(text: str) -> None:
    page = read_page(text)
    assert page.blocks
    shown = repr(page).replace("\\n", "")
    assert not any(code in shown for code in ("\\x1b", "\\x9b", "\\u202e", "\\u200b", "\\x07", "\\ud800"))
