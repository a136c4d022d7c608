"""`llms.txt`, `llms-full.txt`, and what is a web page instead."""

from urllib.parse import unquote

import pytest

from mimo_tui.core.docs.dump import split_dump
from mimo_tui.core.docs.index import Index, is_web_page, read_index
from mimo_tui.simulator.site.contents import shipped
from mimo_tui.simulator.site.shells import shell

FILES = {address: file.body.decode() for address, file in shipped().files.items()}


def index_of(text: str) -> Index:
    found = read_index(text)
    assert found is not None
    return found


def test_the_index_of_the_simulated_docs_is_read_with_its_sections_in_order() -> None:
    index = index_of(FILES["/llms.txt"])
    assert (index.title, index.blurb, index.skipped) == (shipped().title, shipped().blurb, 0)
    assert [(section.title, section.level) for section in index.sections] == [
        (section.title, section.level) for section in shipped().sections
    ]
    assert [entry.url for entry in index.entries] == [
        f"{shipped().hosts.origin}{shipped().page(path).raw_address}"
        for section in shipped().sections
        for path in section.paths
    ]


@pytest.mark.parametrize(
    ("line", "title", "url", "description"),
    [
        ("- [A](https://h/a.md)", "A", "https://h/a.md", ""),
        ("* [A](https://h/a.md): what it is", "A", "https://h/a.md", "what it is"),
        ("+ [A](https://h/a.md) - what it is", "A", "https://h/a.md", "what it is"),
        ("1. [A](https://h/a.md)：说明", "A", "https://h/a.md", "说明"),
        ("   - [A](https://h/a.md)", "A", "https://h/a.md", ""),
        ("[A](https://h/a.md)", "A", "https://h/a.md", ""),
        ("- [A [b] `c`](https://h/a.md)", "A [b] c", "https://h/a.md", ""),
        ("- [A](https://h/a_(b).md)", "A", "https://h/a_(b).md", ""),
        ("- [A](https://h/Token Plan/a.md)", "A", "https://h/Token Plan/a.md", ""),
        ("- [A](<https://h/Token Plan/a.md>)", "A", "https://h/Token Plan/a.md", ""),
        ('- [A](https://h/a.md "a title")', "A", "https://h/a.md", ""),
        ("- [A](/static/docs/a.md)", "A", "/static/docs/a.md", ""),
        ("- https://h/a.md", "https://h/a.md", "https://h/a.md", ""),
        ("- A: <https://h/a.md>", "A", "https://h/a.md", ""),
        ("- [](https://h/a.md)", "https://h/a.md", "https://h/a.md", ""),
        ("- [\x1b[31mA\u202e](https://h/a.md)", "␛[31mA⟨U+202E⟩", "https://h/a.md", ""),
    ],
)
def test_a_link_is_read_however_it_is_written(line: str, title: str, url: str, description: str) -> None:
    (entry,) = index_of(f"# T\n\n## S\n\n{line}\n").entries
    assert (entry.title, entry.url, entry.description) == (title, url, description)


def test_links_without_a_heading_and_deep_headings_are_kept() -> None:
    index = index_of("\ufeff- [A](a.md)\r\n\r\n##### Deep #\r\n- [B](b.md)\r\n## Empty\r\n")
    assert [(section.title, section.level, len(section.entries)) for section in index.sections] == [
        ("", 0, 1),
        ("Deep", 3, 1),
        ("Empty", 2, 0),
    ]


def test_lines_that_look_like_links_and_cannot_be_read_are_counted() -> None:
    index = index_of(
        "# T\n> See [here](x) for\n> more.\n\n- [A](a.md)\n- [B](\n- [C](c d e\n- plain words\nwords\n"
    )
    assert (index.blurb, index.skipped) == ("See here for more.", 2)


@pytest.mark.parametrize(
    "text", ["", "# Title\n\nNo links.", "Not found", shell("Docs", "en-US"), '{"error": "[a](b)"}']
)
def test_what_has_no_links_is_no_index(text: str) -> None:
    assert read_index(text) is None


@pytest.mark.parametrize(
    ("text", "content_type"),
    [
        (shell("Docs", "en-US"), "text/html; charset=utf-8"),
        (shell("Docs", "en-US"), ""),
        ("\n\n  <!doctype HTML><title>Log in</title>", "text/plain"),
        ("<!-- built 1 --><html><body># Not a heading", "text/markdown"),
        ('<div id="root"></div><script src="a.js"></script>', ""),
        ("<head><meta charset=utf-8></head>", ""),
        ('<?xml version="1.0"?><!DOCTYPE html><html></html>', ""),
        ("Please log in.", "text/html"),
        ("", "text/html"),
        ("# Log in\n<body>", "text/html"),
    ],
)
def test_html_for_a_browser_is_a_web_page(text: str, content_type: str) -> None:
    assert is_web_page(text, content_type)


@pytest.mark.parametrize(
    ("text", "content_type"),
    [
        ("# Models\n\n<table><tr><td>a</td></tr></table>", "text/html"),
        ("- [A](https://h/a.md)", "text/html; charset=utf-8"),
        ("<div className='mdx-highlight'>\n\nMind this.\n\n</div>\n\n# Title", "text/markdown"),
        ("<div className='mdx-highlight'>\n\nMind this.\n\n</div>\n\n# Title", "text/html"),
        ("<table><tr><td>a</td></tr></table>", ""),
        ("# How to write HTML\n\n```html\n<!doctype html>\n<html></html>\n```", ""),
        ("<InlineSchemaV2 schema={`[]`} />", ""),
        ("Not found", "text/plain"),
        ("", ""),
    ],
)
def test_text_is_no_web_page(text: str, content_type: str) -> None:
    assert not is_web_page(text, content_type)


def test_no_page_and_no_index_of_the_simulated_docs_is_a_web_page() -> None:
    assert not any(is_web_page(text) for address, text in FILES.items() if not address.endswith(".xml"))


def test_the_dump_gives_every_page_as_its_own_address_does() -> None:
    pages = split_dump(FILES["/llms-full.txt"])
    assert [page.url for page in pages] == [entry.url for entry in index_of(FILES["/llms.txt"]).entries]
    for page in pages:
        assert page.text == FILES[_path(page.url)], page.url
        assert page.text.startswith(f"# {page.title}")


def _path(url: str) -> str:
    return unquote(url.removeprefix(shipped().hosts.origin))


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_rules_within_pages_do_not_split_the_dump(end: str) -> None:
    text = (
        "# T\n\n> b\n\n---\nDOCUMENT: One\n---\n\nURL: https://h/1.md\n\n# One\n\n---\n\nDOCUMENT: no\n\n---\ntext\n\n"
        "----\n\nDOCUMENT:  Two \n\n----\nURL: https://h/2.md\n# Two\n"
    )
    pages = split_dump(text.replace("\n", end))
    assert [(page.title, page.url) for page in pages] == [
        ("One", "https://h/1.md"),
        ("Two", "https://h/2.md"),
    ]
    assert pages[0].text.replace("\r", "") == "# One\n\n---\n\nDOCUMENT: no\n\n---\ntext\n"


@pytest.mark.parametrize(
    "text", ["", "---\n---\n", "DOCUMENT: x\nURL: y", "# T\n", "---\nDOCUMENT: x\n---\nwords"]
)
def test_what_has_no_pages_is_no_dump(text: str) -> None:
    assert split_dump(text) == ()
