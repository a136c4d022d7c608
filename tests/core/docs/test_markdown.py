"""A page as people read it: markdown without HTML that says all that the page says."""

import re
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from mimo_tui.core.docs.page import (
    Block,
    Code,
    Markdown,
    Node,
    Paragraph,
    Schema,
    Table,
    as_markdown,
    read_page,
)
from mimo_tui.core.text import clean_lines
from mimo_tui.simulator.site.contents import shipped
from tests.core.docs.mdx import pages

RENDERER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def html_in(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in {"html_block", "html_inline"}:
            yield token.content
        yield from html_in(token.children or ())


def texts_in(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        yield token.content
        yield from texts_in(token.children or ())


def check(written: Markdown) -> None:
    """Hold what is true of any page."""
    lines = written.text.split("\n")
    tokens = RENDERER.parse(written.text)
    assert all(shown == clean_lines(shown, tab_size=1) for shown in texts_in(tokens))
    assert not list(html_in(tokens))
    for heading in written.headings:
        assert lines[heading.line].lstrip("> ").startswith("#" * heading.level + " ")
    anchors = [heading.anchor for heading in written.headings]
    assert len(set(anchors)) == len(anchors)


@pytest.mark.parametrize(("locale", "path"), shipped().pages)
def test_every_page_of_the_simulated_docs_says_all_it_says_in_markdown(locale: str, path: str) -> None:
    text = shipped().page(path, locale).text
    written, page = as_markdown(text), read_page(text)
    check(written)
    assert (written.title, written.updated, written.dropped) == (page.title, page.updated, ())
    said = set(re.findall(r"\w+", re.sub(r"\]\([^()\s]*\)|[\[*`]", "", written.text)))
    for block in page.blocks:
        if isinstance(block, Code):
            assert block.text in written.text
        assert set(re.findall(r"\w+", " ".join(texts_of(block)))) <= said


def texts_of(block: Block | Node) -> Iterator[str]:
    match block:
        case Paragraph():
            yield block.text
        case Table():
            yield from (*block.columns, *(cell for row in block.rows for cell in row))
        case Schema():
            for node in block.nodes:
                yield from texts_of(node)
        case Node():
            yield from (block.name, *block.types, block.default, block.description)
            for node in block.children:
                yield from texts_of(node)


def test_a_schema_is_a_table_with_its_children_below_it() -> None:
    written = as_markdown(
        """<InlineSchemaV2 schema={`[{"name": "audio", "type": ["object", "null"], "isBold": true, "required": false,
        "description": "See <a href=\\\\"../tts\\\\">TTS</a>.<br />One | two",
        "children": [{"name": "Any *of* them", "type": "string"},
        {"name": "format", "type": "string", "isBold": true, "required": true, "defaultValue": "wav",
        "description": "One<br /><code>wav</code>"}]}]`} />"""
    )
    assert written.text.split("\n") == [
        "| Parameter | Type | Required | Default | Description |",
        "| --- | --- | --- | --- | --- |",
        "| `audio` | object, null | no |  | See [TTS](../tts). One \\| two |",
        "| › Any \\*of\\* them | string |  |  |  |",
        "| › `format` | string | yes | `wav` | One; `wav` |",
    ]


def test_columns_of_a_schema_that_say_nothing_are_left_out() -> None:
    written = as_markdown('<InlineSchemaV2 schema={`[{"name": "id", "type": "string", "isBold": true}]`} />')
    assert written.text.split("\n") == ["| Parameter | Type |", "| --- | --- |", "| `id` | string |"]


PAGE = """import A from 'a'

# Title {#chosen}

<Tab>
      <TabItem label={`C++ *`}>

      ```cpp
      <b>
      ```

      </TabItem>
</Tab>

<div className='mdx-highlight'>

**Mind** <b>this</b>: <code>&lt;a`b&gt;</code>

- one
- two

```
x
```

</div>

|A|
|-|
|`x`<br/>y|

1. one
   more
2. two<br />end <Foo x={1} /> [link](../x#y) ![i](i.png) <img src="a b" alt="[pic]" />

~~~
```
~~~

## Same
## Same!
## 同样 的
<h3 id="own">Own <your key></h3>
"""

WRITTEN = """# Title

**C++ \\***

```cpp
<b>
```

> **Mind** **this**: ``<a`b>``
>
> - one
> - two
>
> ```
> x
> ```

| A |
| --- |
| `x`; y |

1. one
   more
2. two\\
   end  [link](../x#y) ![i](i.png) ![ pic ](a%20b)

````
```
````

## Same

## Same!

## 同样 的

### Own \\<your key>"""


def test_a_page_is_written_as_markdown() -> None:
    written = as_markdown(PAGE)
    check(written)
    assert written.text == WRITTEN
    assert written.dropped == ("import", "Foo")
    assert [heading.anchor for heading in written.headings] == ["chosen", "same", "same-1", "同样-的", "own"]


def test_anchors_are_unique_also_where_a_title_looks_like_one() -> None:
    written = as_markdown("# a\n# a-1\n# a\n# a\n# !\n# ?\n")
    assert [heading.anchor for heading in written.headings] == [
        "a",
        "a-1",
        "a-2",
        "a-3",
        "section",
        "section-1",
    ]


def test_a_broken_schema_stays_as_code() -> None:
    assert as_markdown('<InlineSchemaV2 schema={`[{"a` } />\n\nafter').text == '```json\n[{"a\n```\n\nafter'


HOSTILE = """# \x1b[31m

\u202ea\tb

```&#x202e;
\x9bc
\td &#x202e;
```

&#x202e; &lrm; &#x20<b></b>2e; <code>&#x202e;</code> <sub>&#x20</sub>2e;
"""


def test_markdown_keeps_its_lines_and_no_control_codes() -> None:
    written = as_markdown(HOSTILE)
    check(written)
    assert written.text == (
        "# ␛[31m\n\n⟨U+202E⟩a  b\n\n```#x202e;\n⟨U+009B⟩c\n    d &#x202e;\n```\n\n"
        "⟨U+202E⟩ ⟨U+200E⟩ &#x20****2e; `⟨U+202E⟩` ⟨U+202E⟩"
    )


@settings(max_examples=300, deadline=None)
@given(pages())
def test_no_html_is_left_on_any_page(text: str) -> None:
    check(as_markdown(text))


words = st.text("abcdefgh冰糖éß", min_size=1, max_size=8)
frames = st.sampled_from(
    [
        "{}",
        "**{}**",
        "- {}",
        "> {}",
        "# {}",
        "`{}`",
        "<b>{}</b>",
        "<td>{}</td>",
        "<div className='mdx-highlight'>\n\n{}\n\n</div>",
        "<TabItem label={{`{}`}}>",
        "<table><tr><td>{}</td></tr></table>",
        "|{}|\n|-|\n",
        "```\n{}\n```",
        "<pre>{}</pre>",
        "<details><summary>{}</summary></details>",
        "<Foo>{}</Foo>",
        "[{}](x)",
        "1 < {}",
        "<code>{}</code>",
        "<h2>{}</h2>",
        "<li>{}",
        '<InlineSchemaV2 schema={{`[{{"name": "{}"}}]`}} />',
        "<InlineSchemaV2 schema={{`[{}`}} />",
    ]
)


_NO_BLOCK = {"# {}", "<h2>{}</h2>", "<TabItem label={{`{}`}}>"}


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(frames, words), max_size=6), st.sampled_from(["\n\n", "\n", " "]))
def test_no_word_of_a_page_is_lost(parts: list[tuple[str, str]], between: str) -> None:
    text = between.join(frame.format(word) for frame, word in parts)
    written, page = as_markdown(text), read_page(text)
    check(written)
    for frame, word in parts:
        assert word in written.text or any(name in frame for name in written.dropped)
        assert between == " " or frame in _NO_BLOCK or word in repr(page.blocks)
